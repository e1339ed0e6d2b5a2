"""Where a field lies on the image of its page: millimetres of the form definition to pixels of the upload copy.

Invariant: the upload copy is deskewed and cropped to the page, so millimetres map linearly on it, whatever its size
in pixels; every rectangle returned lies inside the image and is at least one pixel wide and high. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.form import Box, Field, FormDefinition, Page

CROP_MARGIN_MM = (
    5.0  # so that a page registered 3 mm off still shows the whole row, with its neighbours' rules
)
MM_PER_INCH = 25.4


class PixelRect(NamedTuple):
    """A rectangle in whole pixels, origin top left; unpacks as `(x, y, w, h)`."""

    x: int
    y: int
    w: int
    h: int


def page_of(form: FormDefinition, number: int) -> Page:
    """The form's page `number`. Raises KeyError for a page the form does not have."""
    for page in form.pages:
        if page.n == number:
            return page
    raise KeyError(f"{form.id} has no page {number}")


def to_pixels(box: Box, page: Page, width_px: int, height_px: int) -> PixelRect:
    """`box` (mm) on an image of the whole page; clipped to the image, never empty."""
    left = _clip(box.x / page.width_mm * width_px, width_px - 1)
    top = _clip(box.y / page.height_mm * height_px, height_px - 1)
    right = _clip((box.x + box.w) / page.width_mm * width_px, width_px)
    bottom = _clip((box.y + box.h) / page.height_mm * height_px, height_px)
    return PixelRect(left, top, max(1, right - left), max(1, bottom - top))


def crop_rect(
    form: FormDefinition, field: Field, width_px: int, height_px: int, *, margin_mm: float = CROP_MARGIN_MM
) -> PixelRect:
    """The field's whole row with a margin: what the entry page shows on its left."""
    row = field.row_box
    grown = Box(row.x - margin_mm, row.y - margin_mm, row.w + 2 * margin_mm, row.h + 2 * margin_mm)
    return to_pixels(grown, page_of(form, field.page), width_px, height_px)


def box_rect(form: FormDefinition, field: Field, width_px: int, height_px: int) -> PixelRect:
    """The field's digit boxes alone: what is highlighted inside the crop."""
    return to_pixels(field.box, page_of(form, field.page), width_px, height_px)


def digit_boxes(field: Field) -> tuple[Box, ...]:
    """The single digit boxes of a field, left to right, in millimetres: `field.box` divided evenly."""
    width = field.box.w / field.digits
    return tuple(Box(field.box.x + n * width, field.box.y, width, field.box.h) for n in range(field.digits))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of `boxes`. Raises ValueError when there is none."""
    every = tuple(boxes)
    if not every:
        raise ValueError("no boxes to go around")
    left, top = min(one.x for one in every), min(one.y for one in every)
    right, bottom = max(one.x + one.w for one in every), max(one.y + one.h for one in every)
    return Box(left, top, right - left, bottom - top)


def _clip(value: float, upper: int) -> int:
    return max(0, min(upper, round(value)))
