"""Where blocks stand on the pages of a printed sheet. Pure, any thread.

Invariants: the order is kept; a block is never split, and one that is too high for a page stands alone on its own; wide
blocks take the whole width, narrow ones fill the columns from the left, each as low as it fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flowing:
    """A block's height, and whether it needs the whole width."""

    height: float
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Page and column from 0, and how far below the page's first line."""

    page: int
    column: int
    y: float


def flow(blocks: Sequence[Flowing], high: float, columns: int) -> list[Standing]:
    """Where each block stands on pages of this height."""
    found: list[Standing] = []
    page, column, y, top, lowest = 0, 0, 0.0, 0.0, 0.0  # `top`: where the present columns begin
    for block in blocks:
        if block.is_wide:
            column, y = 0, lowest
            if y > 0 and y + block.height > high:
                page, y = page + 1, 0.0
            found.append(Standing(page, 0, y))
            y = top = lowest = y + block.height
            continue
        if y > top and y + block.height > high:
            column, y = column + 1, top
        if column == columns or (y == top and top > 0 and y + block.height > high):
            page, column, y, top, lowest = page + 1, 0, 0.0, 0.0, 0.0
        found.append(Standing(page, column, y))
        y += block.height
        lowest = max(lowest, y)
    return found
