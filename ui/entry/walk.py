"""The way through one form: TPS number, boxes in paper order, findings, finished. Which key leads where.

Invariants: Enter alone moves on, never from an empty or unfinished box and never on its own repeat; Up and Down walk
over filled boxes only; a finding is never accepted by Enter. Pure; the page acts on the `Step` it gets back.

    Station -> Boxes <-> Review -> Done
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from app.domain.cell import Cell, Mark


class Stage(Enum):
    """Where the person is."""

    STATION = auto()
    BOXES = auto()
    REVIEW = auto()


class Step(Enum):
    """What the page does after a key."""

    STAY = auto()
    MOVE = auto()  # the focus is on `Walk.current` now
    REVIEW = auto()  # every box is filled: look at the findings


@dataclass(slots=True)
class Walk:
    """A form's boxes and where the focus stands. `cells` holds committed boxes only, in no particular order."""

    fields: tuple[str, ...]
    cells: dict[str, Cell] = field(default_factory=dict)
    current: str = ""
    stage: Stage = Stage.STATION
    was_reviewed: bool = False

    def __post_init__(self) -> None:
        if self.current not in self.fields:
            self.current = self.first_open() or self.fields[-1]

    @property
    def filled(self) -> int:
        """Boxes of this walk that are keyed."""
        return sum(1 for one in self.fields if one in self.cells)

    @property
    def is_complete(self) -> bool:
        return self.filled == len(self.fields)

    def first_open(self) -> str | None:
        """The first box not keyed yet, in paper order."""
        return next((one for one in self.fields if one not in self.cells), None)

    @property
    def last_filled(self) -> str | None:
        """The last keyed box on the way: where somebody goes back to from the findings."""
        return next((one for one in reversed(self.fields) if one in self.cells), None)

    def enter(self, cell: Cell | None, *, is_repeat: bool = False) -> Step:
        """Enter in the current box with `cell` typed in it."""
        if is_repeat or cell is None or self.stage is not Stage.BOXES:
            return Step.STAY
        self.cells[self.current] = cell
        following = self._beside(+1)
        if self.is_complete and (following is None or self.was_reviewed):
            return Step.REVIEW
        self.current = following or self.first_open() or self.current
        return Step.MOVE

    def call_blank(self, boxes: Sequence[str]) -> Step:
        """These boxes, open until now, are blank on the paper; on to the first that is open still."""
        self.cells |= dict.fromkeys(boxes, Mark.BLANK)
        following = self.first_open()
        if following is None:
            return Step.REVIEW
        self.current = following
        return Step.MOVE

    def open_again(self, boxes: Sequence[str]) -> tuple[str, ...]:
        """Takes `call_blank` back for those still blank, and leads to the first of them."""
        opened = tuple(one for one in boxes if self.cells.get(one) is Mark.BLANK)
        for one in opened:
            del self.cells[one]
        self.current = opened[0] if opened else self.current
        return opened

    def review(self) -> None:
        """Look at the findings; from now on Enter in a corrected box leads back to them."""
        self.was_reviewed = True
        self.stage = Stage.REVIEW

    def edited(self) -> None:
        """The current box holds something unfinished: it counts as not keyed until Enter."""
        self.cells.pop(self.current, None)

    def up(self) -> Step:
        """Back one box; stays on the first. An unfinished box is left as it is."""
        return self._go(self._beside(-1))

    def down(self) -> Step:
        """Forward one box, only over a filled one: nothing is skipped by accident."""
        if self.current not in self.cells:
            return Step.STAY
        return self._go(self._beside(+1))

    def jump(self, box: str) -> Step:
        """To a named box (a finding's, or a click): any filled box, or the first open one."""
        if box in self.fields and (box in self.cells or box == self.first_open()):
            self.stage = Stage.BOXES
            return self._go(box)
        return Step.STAY

    def leap(self, box: str) -> Step:
        """By a key that means it: to any box. What is passed stays open; Enter in the last box leads back to it."""
        return self._go(box if box in self.fields and self.stage is Stage.BOXES else None)

    def _go(self, box: str | None) -> Step:
        if box is None:
            return Step.STAY
        self.current = box
        return Step.MOVE

    def _beside(self, offset: int) -> str | None:
        place = self.fields.index(self.current) + offset
        return self.fields[place] if 0 <= place < len(self.fields) else None


def station_number(text: str) -> int | None:
    """`1`, `001`: the polling station's number as typed; None when it is none (0, empty, more than 999)."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 999:
        return None
    return int(text)


def accept_key(text: str, reasons: Sequence[str]) -> str | None:
    """The reason behind the keys 1-4, in the order shown; None for any other key."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(reasons):
        return reasons[int(text) - 1]
    return None
