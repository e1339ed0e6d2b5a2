"""Cover sheets: one page per TPS that opens its set in the feeder, as a PDF per desa.

QR of 45 mm, level M (read at 150-300 dpi under skew, blur and noise; smaller than 25 mm is not), TPS and desa in
letters that are read across the room, the pages to expect. A cover sheet says on its face that it is no form.
Thread: any; the PDF is written beside its place and renamed, so a half-written one is never printed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from PIL import Image, ImageDraw

from app.domain.form import FormDefinition
from app.domain.geometry import MM_PER_INCH
from app.domain.wilayah import TpsId
from app.errors import BadInput
from scanner.blank_forms import font
from scanner.identify import code_text
from scanner.take_over import disk_trouble

DPI = 200
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
QR_MM = 45.0
QUIET_MODULES = 4


@dataclass(frozen=True, slots=True)
class CoverStation:
    """A TPS as printed."""

    tps: TpsId
    desa: str
    kecamatan: str


def write_cover_sheets(stations: Sequence[CoverStation], forms: Sequence[FormDefinition], out: Path) -> int:
    """Write one PDF, a page per TPS and form, in the order given; returns the pages. Raises BadInput, Unavailable."""
    sheets = [(station, form) for station in stations for form in forms]
    if not sheets:
        raise BadInput("Tidak ada TPS untuk dicetak.", hint="Pilih desa yang mempunyai TPS.")
    temporary = out.with_name(f"{out.name}.part")
    images = (draw_cover(station, form).convert("1") for station, form in sheets)
    try:
        with temporary.open("wb") as file:
            next(images).save(file, "PDF", save_all=True, append_images=images, resolution=DPI)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk_trouble(error, out.parent) from error
    return len(sheets)


def draw_cover(station: CoverStation, form: FormDefinition, dpi: int = DPI) -> Image.Image:
    """One cover sheet, grey, A4."""
    scale = dpi / MM_PER_INCH
    page = Image.new("L", (round(WIDTH_MM * scale), round(HEIGHT_MM * scale)), 255)
    draw = ImageDraw.Draw(page)

    def text(words: str, y_mm: float, size_mm: float, *, bold: bool = False) -> None:
        size = size_mm
        while size > 3 and font(round(size * scale)).getlength(words) > (WIDTH_MM - 24) * scale:
            size *= 0.93
        stroke = size * scale / 24 if bold else 0
        draw.text(
            (page.width / 2, y_mm * scale),
            words,
            fill=0,
            font=font(round(size * scale)),
            anchor="mm",
            stroke_width=stroke,
        )

    text("LEMBAR PENGANTAR - bukan bagian formulir", 18, 5)
    text(station.tps.label, 58, 46, bold=True)
    text(station.desa.upper(), 100, 17, bold=True)
    text(f"Kecamatan {station.kecamatan}", 118, 8)
    code = code_text(station.tps, form.id)
    picture = qr_image(code, round(QR_MM * scale))
    page.paste(picture, ((page.width - picture.width) // 2, round(132 * scale)))
    text(code, 132 + QR_MM + 8, 4.2)
    text(form.title.id, 203, 12, bold=True)
    text(form.ballot.id, 214, 6)
    text(f"Letakkan di atas berkas TPS ini. Lembar yang harus ada: {len(form.pages)}", 230, 6)
    for n, one in enumerate(form.pages):
        text(f"{one.n}.  {one.title.id}", 241 + n * 7, 4.6)
    text("Dapat dipakai ulang. Tidak memuat suara.", 285, 4)
    return page


def qr_image(text: str, side_px: int) -> Image.Image:
    """A QR, level M, in whole pixels per module, its quiet zone included."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]
    count = len(rows) + 2 * QUIET_MODULES
    small = Image.new("L", (count, count), 255)
    dark = Image.frombytes(
        "L", (len(rows), len(rows)), bytes(0 if one else 255 for row in rows for one in row)
    )
    small.paste(dark, (QUIET_MODULES, QUIET_MODULES))
    module = max(1, side_px // len(rows))  # the code itself, without its quiet zone, is as large as asked
    return small.resize((count * module, count * module), Image.Resampling.NEAREST)
