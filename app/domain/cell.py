"""One cell of a C1 form: a number, blank on the paper, or unreadable. Not keyed yet = absent from the mapping.

Invariant: blank is never zero, and nothing here guesses. Source: design section 4 ("Cells").
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

MAX_DIGITS = 3  # C1-PPWP prints three digit boxes; a form definition may say more per field
MAX_NUMBER = 999_999


class Mark(StrEnum):
    """What a box can hold instead of a number; the value is the wire's own word."""

    BLANK = "blank"
    UNREADABLE = "unreadable"


Cell: TypeAlias = int | Mark
Cells: TypeAlias = Mapping[str, Cell]


def cell_from_json(value: object) -> Cell:
    """Decode one wire value. Raises ValueError for anything but 0..999999, "blank", "unreadable"."""
    # JSON true is an int to Python, but never a count of votes
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER:
        return value
    if value in tuple(Mark):
        return Mark(str(value))
    raise ValueError(f"not a cell: {value!r}")


def cells_from_json(values: Mapping[str, object]) -> dict[str, Cell]:
    """Decode a whole mapping; raises ValueError naming the field."""
    cells: dict[str, Cell] = {}
    for field, value in values.items():
        try:
            cells[field] = cell_from_json(value)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from None
    return cells


def cells_to_json(cells: Cells) -> dict[str, int | str]:
    """Plain JSON values, fields in sorted order."""
    return {field: (cell.value if isinstance(cell, Mark) else cell) for field, cell in sorted(cells.items())}
