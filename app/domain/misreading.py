"""Slips of the keyboard: in what way a keyed value differs from what was settled in the end. Pure.

The kinds are those counted in 344 real slips of 2019 (domain notes 5): most are a misread units digit, which no sum of
the form need notice. A slip says nothing of who is a poor reader before enough boxes were read: see `Tally`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.cell import Cell, Mark

ENOUGH_BOXES = (
    1_000  # at the 0.55 % of practised readers that is five slips: fewer boxes tell of chance alone
)


class SlipKind(StrEnum):
    """What became of the digits."""

    UNITS = "units"
    TENS = "tens"
    HUNDREDS = "hundreds"
    LENGTH = "length"  # a digit dropped or added
    SWAPPED = "swapped"
    SEVERAL = "several"
    EMPTY = "empty"  # a number for a blank box, or the other way round; zero for blank
    UNREADABLE = "unreadable"  # one could read what the other could not


def slip_kind(keyed: Cell, settled: Cell) -> SlipKind | None:
    """The kind of difference; None when there is none."""
    if keyed == settled:
        return None
    if isinstance(keyed, Mark) or isinstance(settled, Mark):
        return SlipKind.UNREADABLE if Mark.UNREADABLE in (keyed, settled) else SlipKind.EMPTY
    typed, right = str(keyed), str(settled)
    if len(typed) != len(right):
        return SlipKind.LENGTH
    differ = [place for place in range(len(right)) if typed[place] != right[place]]
    if len(differ) == 1:
        places = (SlipKind.UNITS, SlipKind.TENS, SlipKind.HUNDREDS)
        from_right = len(right) - 1 - differ[0]
        return places[from_right] if from_right < len(places) else SlipKind.SEVERAL
    return SlipKind.SWAPPED if sorted(typed) == sorted(right) and len(differ) == 2 else SlipKind.SEVERAL


@dataclass(slots=True)
class Tally:
    """One person's boxes and slips, counted up."""

    boxes: int = 0
    kinds: dict[SlipKind, int] = field(default_factory=dict)

    @property
    def slips(self) -> int:
        return sum(self.kinds.values())

    @property
    def per_thousand(self) -> float | None:
        """Slips in a thousand boxes; None while too few were read to say."""
        return None if self.boxes < ENOUGH_BOXES else 1_000 * self.slips / self.boxes

    def add(self, keyed: Mapping[str, Cell], settled: Mapping[str, Cell]) -> None:
        """One reading against what was settled. Boxes that are not settled do not count."""
        for box, cell in keyed.items():
            if box in settled:
                self.boxes += 1
                kind = slip_kind(cell, settled[box])
                if kind is not None:
                    self.kinds[kind] = self.kinds.get(kind, 0) + 1
