"""Files as a source of pages: images, multi-page TIFF, PDF.

A page comes out as bytes of its own: an image file as it is; a PDF page as the very JPEG the scanner put in it when
that is all the page holds, else drawn at 300 dpi; a TIFF frame as PNG (lossless). Deterministic, so that the same file
taken in twice gives the same page hashes. Pure; runs in a worker process, because PDF and TIFF parsers can crash.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
from PIL import Image

from app.errors import BadInput, NotFound
from scanner.decode import (
    MAGIC_BYTES,
    MAX_PIXELS,
    Kind,
    broken,
    kind_of,
    open_image,
    quiet,
    refuse,
    too_large,
)

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_PAGES = 400
RENDER_DPI = 300
POINTS_PER_INCH = 72
COVERS = 0.9  # share of the page's width and height a scan fills


def expand(paths: Iterable[Path]) -> list[Path]:
    """Files as given; a folder stands for the visible files in it, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        else:
            found.append(path)
    return found


def read(path: Path) -> bytes:
    """The whole file. Raises NotFound or BadInput with a sentence."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise refuse(
                "file_too_large", "Berkas ini lebih dari 512 MiB.", "Pisahkan menjadi beberapa berkas."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(
            f"Berkas {path.name} tidak ditemukan.", hint="Periksa nama dan foldernya.", code="no_file"
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refuse(
            "cannot_read",
            f"Berkas tidak dapat dibaca ({reason}).",
            "Tutup program yang memakainya, lalu ulangi.",
        ) from error


def page_count(data: bytes) -> int:
    """Pages in the file; 0 for a plain image (its bytes are the page). Raises BadInput."""
    kind = kind_of(data[:MAGIC_BYTES])
    if kind is Kind.PDF:
        with _pdf(data) as document:
            count = len(document)
    elif kind is Kind.TIFF:
        count = _frame_count(data)
    else:
        return 0
    if kind is Kind.PDF and count == 0:
        raise broken()
    if count > MAX_PAGES:
        raise refuse(
            "too_many_pages",
            f"Berkas ini berisi {count} halaman.",
            f"Pisahkan, paling banyak {MAX_PAGES} halaman.",
        )
    return count


def page_bytes(data: bytes, index: int) -> bytes:
    """Page `index` (from 0) of a PDF or multi-page TIFF as an image file of its own. Raises BadInput."""
    return _pdf_page(data, index) if kind_of(data[:MAGIC_BYTES]) is Kind.PDF else _tiff_frame(data, index)


def _frame_count(data: bytes) -> int:
    try:
        with quiet(), open_image(data) as image:
            frames = int(getattr(image, "n_frames", 1))
    except BadInput:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder raises on hostile bytes means the same: not decodable
        raise broken() from None
    return 0 if frames == 1 else frames


def _tiff_frame(data: bytes, index: int) -> bytes:
    try:
        with quiet(), open_image(data) as image:
            image.seek(index)
            if image.width * image.height > MAX_PIXELS:
                raise too_large()
            dpi = image.info.get("dpi")
            frame = image.convert("RGB" if image.mode in {"RGB", "RGBA", "CMYK", "YCbCr", "P"} else "L")
        return _png(frame, dpi)
    except BadInput:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder raises on hostile bytes means the same: not decodable
        raise broken() from None


def _pdf(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise refuse(
                "encrypted_pdf",
                "PDF ini dikunci kata sandi.",
                "Matikan penguncian pada pemindai, lalu pindai ulang.",
            ) from None
        raise refuse(
            "broken_pdf", "PDF ini rusak atau terpotong.", "Salin ulang dari pemindai, atau pindai ulang."
        ) from None


def _pdf_page(data: bytes, index: int) -> bytes:
    with _pdf(data) as document:
        try:
            page = document[index]
            return _only_scan(page) or _drawn(page)
        except (pypdfium2.PdfiumError, ValueError, IndexError, MemoryError):
            raise refuse(
                "broken_pdf", f"Halaman {index + 1} PDF ini rusak.", "Pindai ulang lembar itu saja."
            ) from None


def _only_scan(page: pypdfium2.PdfPage) -> bytes | None:
    """The JPEG that fills the page, when it is the page's only visible content and lies upright; else None."""
    if page.get_rotation() != 0:
        return None
    objects = list(page.get_objects(max_depth=1))
    images = [one for one in objects if isinstance(one, pypdfium2.PdfImage)]
    if len(images) != 1 or len(objects) != 1 or images[0].get_filters() != ["DCTDecode"]:
        return None
    matrix, (width, height) = images[0].get_matrix(), page.get_size()
    if matrix.b or matrix.c or matrix.a < width * COVERS or matrix.d < height * COVERS:
        return None
    raw = bytes(images[0].get_data(decode_simple=False))
    return raw if kind_of(raw[:MAGIC_BYTES]) is Kind.JPEG else None


def _drawn(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = RENDER_DPI / POINTS_PER_INCH
    if width * scale * height * scale > MAX_PIXELS:
        raise too_large()
    image = page.render(scale=scale, grayscale=True).to_pil()
    return _png(image.convert("L"), (RENDER_DPI, RENDER_DPI))


def _png(image: Image.Image, dpi: object) -> bytes:
    buffer = io.BytesIO()
    stated = {"dpi": dpi} if isinstance(dpi, tuple) else {}
    image.save(buffer, "PNG", compress_level=1, **stated)
    return buffer.getvalue()
