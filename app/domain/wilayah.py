"""Codes of places: provinsi 2 digits, kabupaten 4, kecamatan 6, desa/kelurahan 10, TPS 13 (desa + 3).

The codes are Kemendagri's (domain notes section 6); KPU's flat counters of 2019 are aliases kept in the region files.
"""

from __future__ import annotations

import re

_TPS = re.compile(r"[0-9]{13}")
_AREA_LENGTHS = (2, 4, 6, 10)


class TpsId(str):
    """A polling station's code, e.g. `3204052001001` = TPS 001 of Cileunyi Kulon. Compares and sorts as text."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> TpsId:
        """Read a code; spaces and dots are dropped. Raises ValueError when it is not 13 digits ending 001..999."""
        digits = re.sub(r"[ .\-/]", "", text)
        if not _TPS.fullmatch(digits) or digits.endswith("000"):
            raise ValueError(
                f"kode TPS harus 13 angka (kode desa 10 angka + nomor TPS 3 angka), bukan {text!r}"
            )
        return cls(digits)

    @property
    def provinsi(self) -> str:
        return self[:2]

    @property
    def kabupaten(self) -> str:
        return self[:4]

    @property
    def kecamatan(self) -> str:
        return self[:6]

    @property
    def desa(self) -> str:
        return self[:10]

    @property
    def number(self) -> int:
        return int(self[10:])

    @property
    def label(self) -> str:
        """As operators say it: `TPS 001`."""
        return f"TPS {self[10:]}"


def is_area_code(code: str) -> bool:
    """True for a provinsi, kabupaten, kecamatan or desa/kelurahan code."""
    return code.isascii() and code.isdigit() and len(code) in _AREA_LENGTHS


def parent_of(code: str) -> str | None:
    """The area above: TPS -> desa -> kecamatan -> kabupaten -> provinsi -> None."""
    lengths = (*_AREA_LENGTHS, 13)
    place = lengths.index(len(code))
    return code[: lengths[place - 1]] if place else None
