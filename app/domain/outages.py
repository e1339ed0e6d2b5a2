"""Outages: the stretches in which the line to the centre was not as it should be. Pure.

Invariant: the log of turns is taken in the order it was written (a clock may be set back); a stretch nobody saw the end
of (the program was killed, the power failed) says so and ends where the program was opened again. Source: design 7,
the daily report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

CLOSED = "closed"  # the engine was closed in order
STARTING = "starting"
HERE = "here"
WORKS = frozenset({"ok", STARTING, CLOSED, "no_server"})
BRIEF_S = 60.0  # shorter ones are counted, not listed: a line that flickers would fill pages


class End(StrEnum):
    """How an outage ended."""

    OVER = "over"
    OTHER = "other"  # it became one of another kind
    CLOSED = "closed"  # the program was closed meanwhile
    UNSEEN = "unseen"  # the program ended without a word; the end is when it was opened again
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True)
class Turn:
    """The line became `state` at a moment (wall seconds); `code` and `text` say why, where a reason is known."""

    at: float
    state: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """One stretch of one kind, cut to the period asked for."""

    state: str
    text: str
    began: float
    ended: float
    end: End

    @property
    def lasted_s(self) -> float:
        return self.ended - self.began


def outages(turns: Sequence[Turn], start: float, end: float) -> list[Outage]:
    """What touches [start, end), oldest first. `turns` are all before `end`, in the order they were written."""
    found: list[Outage] = []
    for place, turn in enumerate(turns):
        following = turns[place + 1] if place + 1 < len(turns) else None
        ended = end if following is None else following.at
        if turn.state in WORKS or ended <= start:
            continue
        began = max(start, turn.at)
        last = max(began, min(end, ended))  # a clock that was set back makes nothing last less than no time
        one = Outage(turn.state, turn.text, began, last, _how_it_ended(turn, following))
        if found and found[-1].state == one.state and one.began <= found[-1].ended:
            # A full disk still takes a row now and then: the same trouble, told anew with the moment it began.
            one = replace(one, began=found.pop().began)
        found.append(one)
    return found


def _how_it_ended(turn: Turn, following: Turn | None) -> End:
    if following is None:
        return End.GOES_ON
    if following.state == STARTING:
        # After trouble on this PC the engine begins anew by itself; after anything else it was ended without a word.
        return End.OVER if turn.state == HERE else End.UNSEEN
    if following.state == CLOSED:
        return End.CLOSED
    return End.OVER if following.state in WORKS else End.OTHER
