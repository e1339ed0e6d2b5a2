"""Sheets of paper and rows in memory for the scanner's tests."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

import app.forms
from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.form import FormDefinition
from app.domain.wilayah import TpsId
from app.ports import IntakeResult, IntakeState, NewScan
from scanner.layout import Layout, layouts_of
from scanner.practice_forms import practice_page

HEADER = {"desa": "CILEUNYI KULON", "kecamatan": "CILEUNYI", "kabupaten": "BANDUNG", "provinsi": "JAWA BARAT"}


@cache
def ppwp() -> FormDefinition:
    return app.forms.load("c1-ppwp-2019")


@cache
def layouts() -> tuple[Layout, ...]:
    return layouts_of([ppwp()])


def key_of(number: int) -> C1Key:
    return C1Key(TpsId(f"3204052001{number:03d}"), ppwp().id)


def numbers(seed: int) -> dict[str, Cell]:
    return {one.id: (seed * 37 + n * 53) % 300 for n, one in enumerate(ppwp().fields)}


@cache
def page_jpeg(number: int = 1, page: int = 1, dpi: int = 150, rough: bool = True) -> bytes:
    """A filled page of TPS `number`; the same arguments, the same bytes."""
    return practice_page(ppwp(), page, key_of(number), HEADER, numbers(number), number, dpi=dpi, rough=rough)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


class FakeRows:
    """`PageRows` in memory; refuses what `refuse` says."""

    def __init__(self) -> None:
        self.added: list[tuple[NewScan, C1Key | None, int | None, IntakeState, str]] = []
        self.refuse: Exception | None = None

    def is_known_original(self, original_sha256: str) -> bool:
        return any(scan.original_sha256 == original_sha256 for scan, *_ in self.added)

    def add_page(
        self, scan: NewScan, key: C1Key | None, page: int | None, state: IntakeState, by: str
    ) -> IntakeResult:
        if self.refuse is not None:
            raise self.refuse
        self.added.append((scan, key, page, state, by))
        return IntakeResult(scan.original_name, state, scan.sha256, key, page, "", scan.warnings)
