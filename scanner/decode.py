"""Bytes of unknown origin to one grey image, or a sentence that says what is wrong with them.

Invariant: the kind is judged by magic bytes, never by the file's name; size is checked before a pixel is decoded;
an image comes back only when it decoded to its end. Pure; called in a worker process, because decoders can crash.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from PIL import Image, ImageOps

from app.errors import BadInput

MAX_PIXELS = 64_000_000  # design section 5; an A3 page at 600 dpi has 70 million and is no C1 form
DRAFT_SIZE = (1300, 1800)  # JPEG decodes straight to half size when the page is far larger than 200 dpi needs
MAGIC_BYTES = 16


class Kind(StrEnum):
    """What a file is by its first bytes."""

    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    BMP = "bmp"
    WEBP = "webp"
    PDF = "pdf"
    UNKNOWN = "unknown"


_MAGIC = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"BM", Kind.BMP),
    (b"%PDF-", Kind.PDF),
)
_PILLOW_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")  # many phones' MPO opens as JPEG


def kind_of(start: bytes) -> Kind:
    """The kind by the first 16 bytes."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return Kind.WEBP
    return next((kind for magic, kind in _MAGIC if start.startswith(magic)), Kind.UNKNOWN)


def refuse(code: str, what: str, hint: str) -> BadInput:
    """A refusal with the sentence every one of them shares: nothing was lost."""
    return BadInput(f"{what} Berkas aslinya tidak diubah.", hint=hint, code=code)


def open_image(data: bytes) -> Image.Image:
    """The image in `data`, header read, size checked, pixels not decoded yet. Raises BadInput."""
    if not data:
        raise refuse("empty_file", "Berkas kosong (0 bita).", "Pindai ulang lembar ini, lalu masukkan lagi.")
    if kind_of(data[:MAGIC_BYTES]) is Kind.UNKNOWN:
        raise refuse(
            "not_an_image",
            "Berkas ini bukan gambar atau PDF.",
            "Pakai JPEG, PNG, TIFF, BMP, WebP atau PDF dari pemindai.",
        )
    try:
        with quiet():
            image = Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS)
    except Image.DecompressionBombError:
        raise too_large() from None
    except Exception:  # noqa: BLE001 - as below: header parsers raise many kinds on hostile bytes
        raise broken() from None
    if image.width * image.height > MAX_PIXELS:
        raise too_large()
    return image


def decode_grey(data: bytes) -> tuple[Image.Image, float | None]:
    """Upright (by EXIF) grey pixels and the scan's dots per inch, when the file states them. Raises BadInput."""
    image = open_image(data)
    dpi = _stated_dpi(image)
    full_width = image.width
    try:
        with quiet():
            image.draft("L", DRAFT_SIZE)
            image.load()
            grey = on_white(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError:
        raise too_large() from None
    except Exception:  # noqa: BLE001 - whatever a decoder raises on hostile bytes means the same: not decodable
        raise broken() from None
    if dpi is not None:
        dpi *= image.width / full_width
    return grey, dpi


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow warns about odd metadata and large sizes; here a file is either used or refused with a sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def on_white(image: Image.Image) -> Image.Image:
    """Grey; transparent pixels become white paper, 16-bit greys are scaled, not clipped."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("L")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode == "L" else image.convert("L")


def broken() -> BadInput:
    """The file begins as an image but cannot be decoded to its end."""
    return refuse(
        "broken_image",
        "Gambar ini rusak atau terpotong.",
        "Salin ulang dari pemindai, atau pindai ulang lembarnya.",
    )


def too_large() -> BadInput:
    """More pixels than any C1 page needs: a mistake, or an attack on memory."""
    return refuse(
        "too_large",
        "Gambar ini lebih dari 64 juta piksel.",
        "Pindai dengan 200 atau 300 dpi, ukuran A4.",
    )


def _stated_dpi(image: Image.Image) -> float | None:
    stated = image.info.get("dpi")
    try:
        value = float(stated[0]) if stated else 0.0
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return value if 90 <= value <= 1250 else None
