"""Pictures of single fields from an upload copy: for reports, tests and the command line.

The window cuts its own crops (`app.domain.geometry` over the image it already shows); both use the same rectangles.
Pure, any thread.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from app.domain.form import FormDefinition
from app.domain.geometry import CROP_MARGIN_MM, crop_rect
from scanner.decode import decode_grey


def page_image(source: bytes | Path) -> Image.Image:
    """The grey pixels of an upload copy. Raises BadInput for what is no image."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    return decode_grey(data)[0]


def field_crop(
    source: bytes | Path, form: FormDefinition, field_id: str, *, margin_mm: float = CROP_MARGIN_MM
) -> bytes:
    """PNG of the field's row with a margin. Raises KeyError for an unknown field, BadInput for no image."""
    field = form.by_id[field_id]
    image = page_image(source)
    x, y, w, h = crop_rect(form, field, image.width, image.height, margin_mm=margin_mm)
    buffer = io.BytesIO()
    image.crop((x, y, x + w, y + h)).save(buffer, "PNG")
    return buffer.getvalue()
