"""Whose page is it? The code on a cover sheet or sticker: written, checked, read.

Text of the code: `SL1|3204052001017|c1-ppwp-2019|7` = version, TPS, form, check digit; never votes. The check digit
(Damm) notices every single wrong digit and every swap of two neighbours, also when the code is typed by hand.
Pure functions; thread: any (reading runs in the workers).
"""

from __future__ import annotations

from dataclasses import dataclass

import zxingcpp
from PIL import Image

from app.domain.wilayah import TpsId

VERSION = "SL1"
READ_WIDTH = 1700  # 200 dpi: larger scans gain nothing, and cost time

# H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004), the table of order 10 in common use.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


@dataclass(frozen=True, slots=True)
class Code:
    """A cover sheet's code as read. `is_upside_down`: the sheet lies the wrong way round on the glass."""

    tps: TpsId
    form: str
    is_upside_down: bool = False


def check_digit(tps: str, form: str) -> int:
    """Damm's check digit over the TPS digits and the form's characters (as two digits each)."""
    digits = tps + "".join(f"{ord(character) % 100:02d}" for character in form)
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state


def code_text(tps: TpsId, form: str) -> str:
    """What the QR holds."""
    return f"{VERSION}|{tps}|{form}|{check_digit(tps, form)}"


def parse_code(text: str) -> Code | None:
    """None for anything that is not exactly one of our codes: other programs' QRs are common on election papers."""
    parts = text.strip().split("|")
    if len(parts) != 4 or parts[0] != VERSION or not parts[1].isascii():
        return None
    try:
        tps = TpsId.parse(parts[1])
    except ValueError:
        return None
    if tps != parts[1] or not parts[2] or parts[3] != str(check_digit(tps, parts[2])):
        return None
    return Code(tps, parts[2])


def read_code(page: Image.Image) -> Code | None:
    """The first code of ours on the grey page, in any direction; None when there is none."""
    if page.width > READ_WIDTH * 1.2:
        height = round(page.height * READ_WIDTH / page.width)
        page = page.resize((READ_WIDTH, height), Image.Resampling.BOX, reducing_gap=2.0)
    for found in zxingcpp.read_barcodes(
        page, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    ):
        code = parse_code(found.text)
        if code is not None:
            return Code(code.tps, code.form, is_upside_down=abs(found.orientation) > 135)
    return None
