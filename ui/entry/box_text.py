"""What a typed character means in one box: digits, `-` blank on the paper, `*` or `/` unreadable, `X` a filler.

Invariant: nothing is guessed. `0` is zero, an empty text is "not keyed yet", and no key ever fills in a value. The
fillers KPPS writes into unused digit boxes (`X12`, `-12`) are dropped with a hint. Pure, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.domain.cell import Cell, Mark

BLANK_KEY = "-"
UNREADABLE_KEY = "*"
UNREADABLE_KEYS = ("*", "/")
FILLER_KEYS = ("x", "X")
REST_KEY = "+"  # not a text of the box: all that is left of its list is blank
DIGITS = "0123456789"


class Hint(Enum):
    """What the person is told about the last key; the page owns the sentences."""

    NONE = auto()
    FILLER_DROPPED = auto()  # X12 or -12 is taken as 12
    FILLER_ALONE = auto()  # X, and no digit behind it yet
    FULL = auto()  # one digit more than the box can hold
    MARK_OVER_DIGITS = auto()  # - or * behind digits
    NOT_A_KEY = auto()
    PASTE_REFUSED = auto()
    EMPTY_ENTER = auto()
    NUM_LOCK = auto()  # a key of the numpad that is no digit now
    NO_LIST = auto()  # + outside a list of names, or on its total


@dataclass(frozen=True, slots=True)
class Typed:
    """The box after one key."""

    text: str
    hint: Hint = Hint.NONE


def press(text: str, key: str, limit: int) -> Typed:
    """The text after `key` is typed at its end; `limit` is the most digits the box takes."""
    if key in DIGITS and key:
        return _digit(text, key, limit)
    if key in FILLER_KEYS:
        return Typed(text, Hint.NOT_A_KEY) if text else Typed("X", Hint.FILLER_ALONE)
    if key == BLANK_KEY:
        return Typed(text, Hint.MARK_OVER_DIGITS) if text.isdigit() else Typed(BLANK_KEY)
    if key in UNREADABLE_KEYS:
        return Typed(text, Hint.MARK_OVER_DIGITS) if text.isdigit() else Typed(UNREADABLE_KEY)
    return Typed(text, Hint.NOT_A_KEY)


def _digit(text: str, key: str, limit: int) -> Typed:
    if text and not text.isdigit():
        return Typed(key, Hint.FILLER_DROPPED)
    if len(text) >= limit:
        return Typed(text, Hint.FULL)
    return Typed(text + key)


def paste(text: str, pasted: str, limit: int) -> Typed:
    """Only plain digits may be pasted, and only as many as fit; anything else changes nothing."""
    digits = pasted.strip()
    if not digits.isascii() or not digits.isdigit() or len(text) + len(digits) > limit:
        return Typed(text, Hint.PASTE_REFUSED)
    return Typed(digits if not text.isdigit() else text + digits)


def cell_of(text: str) -> Cell | None:
    """The cell a finished text stands for; None for an empty or unfinished one (`X` alone)."""
    if text == BLANK_KEY:
        return Mark.BLANK
    if text == UNREADABLE_KEY:
        return Mark.UNREADABLE
    return int(text) if text.isascii() and text.isdigit() else None


def text_of(cell: Cell | None) -> str:
    """What stands in the box while it has the focus: as typed, without thousands."""
    if cell is None:
        return ""
    if cell is Mark.BLANK:
        return BLANK_KEY
    return UNREADABLE_KEY if cell is Mark.UNREADABLE else str(cell)


def shown(cell: Cell | None) -> str:
    """What stands in the box without the focus: `1.234`, a dash for blank, an asterisk for unreadable."""
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".")
    return {None: "", Mark.BLANK: "–", Mark.UNREADABLE: "∗"}[cell]
