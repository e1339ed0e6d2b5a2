"""The sheet's own edges, where it lies on a dark ground: a scanner's black lid, or the table under a phone's photo.

Invariant: only a ground clearly darker than the paper is cut away; a white lid leaves the frame whole. Pure.
"""

from __future__ import annotations

from PIL import Image

from app.domain.geometry import PixelRect
from scanner.affine import Affine, chain, stretch

WORK_WIDTH = 300
CONTRAST = 70  # grey levels between paper and ground
FILLED = 0.55  # share of a row or column that must be paper to count as inside the sheet
LEAST_SHARE = 0.35  # a "sheet" smaller than this share of the frame's sides is not believed


def paper_on_dark(source: Image.Image, level: Affine) -> PixelRect | None:
    """The sheet in the deskewed frame (pixels of the source's size), or None when there is no dark ground."""
    factor = max(1, source.width // WORK_WIDTH)
    small = source.reduce(factor)
    ground, paper = _edge_level(small), _bright_level(small)
    if paper - ground < CONTRAST:
        return None
    to_small = chain(stretch(factor, factor), level, stretch(1 / factor, 1 / factor))
    straight = small.transform(
        small.size, Image.Transform.AFFINE, to_small, Image.Resampling.BILINEAR, fillcolor=ground
    )
    threshold = (ground + paper) // 2
    mask = straight.point([255 if value > threshold else 0 for value in range(256)])
    rows = _span(mask.resize((1, mask.height), Image.Resampling.BOX).tobytes())
    columns = _span(mask.resize((mask.width, 1), Image.Resampling.BOX).tobytes())
    if rows is None or columns is None:
        return None
    width, height = columns[1] - columns[0], rows[1] - rows[0]
    if width < small.width * LEAST_SHARE or height < small.height * LEAST_SHARE:
        return None
    return PixelRect(columns[0] * factor, rows[0] * factor, width * factor, height * factor)


def _edge_level(small: Image.Image) -> int:
    """The median grey of the frame's outermost pixels."""
    width, height = small.size
    strips = (
        (0, 0, width, 1),
        (0, height - 1, width, height),
        (0, 0, 1, height),
        (width - 1, 0, width, height),
    )
    values = sorted(value for box in strips for value in small.crop(box).tobytes())
    return values[len(values) // 2]


def _bright_level(small: Image.Image) -> int:
    """The grey that a tenth of all pixels exceed: paper, wherever it lies."""
    seen, wanted, histogram = 0, small.width * small.height // 10, small.histogram()
    for level in range(255, -1, -1):
        seen += histogram[level]
        if seen >= wanted:
            return level
    return 0


def _span(shares: bytes) -> tuple[int, int] | None:
    inside = [n for n, value in enumerate(shares) if value > FILLED * 255]
    return (inside[0], inside[-1] + 1) if inside else None
