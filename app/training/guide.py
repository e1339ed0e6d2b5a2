"""The first ten minutes of practice as a path: what is next, and what has been done, by the workplace's own facts.

    clean -> blank rows -> wrong sum -> unreadable -> pause -> another person -> second reading -> hold -> go on -> done

Invariants: a step is done when the store says so, however it came about, and stays done; nothing here exists in a real
workplace; what was keyed wrongly is compared with the practice paper only at the end. Thread: any, `facts` reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.lifecycle import ReadingState
from app.domain.readings import Order
from app.ports import Lane
from app.services.workplace import Workplace, preference, set_preference
from app.store import c1 as c1_rows
from app.store import channels, people, readings
from app.training.scenario import Paper, PaperKind
from app.training.story import Part, part_of

PREFERENCE = "guide"


class Step(StrEnum):
    """The steps, in their order."""

    CLEAN = "clean"
    BLANK_ROWS = "blank_rows"
    WRONG_SUM = "wrong_sum"
    UNREADABLE = "unreadable"
    PAUSE = "pause"
    CHANGE = "change"
    SECOND = "second"
    HOLD = "hold"
    GO_ON = "go_on"


KINDS = {
    Step.CLEAN: PaperKind.CLEAN,
    Step.BLANK_ROWS: PaperKind.BLANK_ROWS,
    Step.WRONG_SUM: PaperKind.WRONG_SUM,
    Step.UNREADABLE: PaperKind.UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the window shows now: the only facts that are not in the store."""

    person: str = ""  # at work; empty: nobody
    form: C1Key | None = None  # being keyed on the screen


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so. `first` and `second`: guide forms with that reading finished, and by whom."""

    seen: Seen
    first: Mapping[C1Key, str]
    second: Mapping[C1Key, str]
    begun: frozenset[C1Key]  # forms with a draft that holds something
    is_paused: bool  # every lane, by the person here


@dataclass(frozen=True, slots=True)
class Progress:
    """Kept with the practice workplace. `is_hidden`: the person wants to be left alone."""

    done: tuple[str, ...] = ()
    is_hidden: bool = False

    def has(self, step: Step) -> bool:
        return step.value in self.done


@dataclass(frozen=True, slots=True)
class Slip:
    """A box keyed otherwise than it stands on the practice paper."""

    key: C1Key
    field: str
    keyed: Cell | None
    written: Cell | None
    by: str  # a name


@dataclass(frozen=True)
class Guide:
    """The path for one practice district. `forms`: the paper each of the first steps is about."""

    papers: tuple[Paper, ...]
    forms: Mapping[Step, C1Key] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """A small practice has no paper of some kind: then there is no such step."""
        return tuple(one for one in Step if one not in KINDS or one in self.forms)


def guide_for(papers: Sequence[Paper]) -> Guide:
    """Of the papers nobody else keys, the first of each kind."""
    to_key = tuple(one for place, one in enumerate(papers) if part_of(place) is Part.OPEN)
    forms: dict[Step, C1Key] = {}
    for step, kind in KINDS.items():
        found = next((one for one in to_key if one.kind is kind), None)
        if found is not None:
            forms[step] = found.key
    return Guide(to_key, forms)


def facts(wp: Workplace, guide: Guide, seen: Seen) -> Facts:
    """Read what is so. Only forms nobody else keys are looked at: their readings are this room's own."""
    first: dict[C1Key, str] = {}
    second: dict[C1Key, str] = {}
    begun: set[C1Key] = set()
    with wp.db.reading() as connection:
        for paper in guide.papers:
            row = c1_rows.find(connection, paper.key)
            for reading in readings.of_form(connection, row.id, row.generation) if row else ():
                if reading.cells is not None and reading.order is Order.FIRST:
                    first[paper.key] = reading.by
                elif reading.cells is not None and reading.order is Order.SECOND:
                    second[paper.key] = reading.by
                if reading.state is ReadingState.DRAFT and readings.draft_cells(connection, reading.id):
                    begun.add(paper.key)
        is_paused = all(channels.channel(connection, lane).is_paused for lane in Lane)
    return Facts(seen, first, second, frozenset(begun), is_paused)


def _is_keyed(step: Step) -> Callable[[Guide, Facts, Progress], bool]:
    return lambda guide, now, _progress: guide.forms[step] in now.first


_DONE: Mapping[Step, Callable[[Guide, Facts, Progress], bool]] = {
    **{step: _is_keyed(step) for step in KINDS},
    Step.PAUSE: lambda _guide, now, _progress: any(one != now.seen.form for one in now.begun),
    Step.CHANGE: lambda _guide, now, _progress: bool(
        now.seen.person and now.first and now.seen.person not in now.first.values()
    ),
    Step.SECOND: lambda _guide, now, _progress: bool(now.second),
    Step.HOLD: lambda _guide, now, _progress: now.is_paused,
    Step.GO_ON: lambda _guide, now, progress: progress.has(Step.HOLD) and not now.is_paused,
}


def next_step(guide: Guide, progress: Progress) -> Step | None:
    """The first step that was not done; None at the end."""
    return next((one for one in guide.steps if not progress.has(one)), None)


def advance(guide: Guide, progress: Progress, now: Facts) -> Progress:
    """What the facts prove besides: one step after the other, as far as they reach."""
    while (step := next_step(guide, progress)) is not None and _DONE[step](guide, now, progress):
        progress = replace(progress, done=(*progress.done, step.value))
    return progress


def slips(wp: Workplace, guide: Guide) -> tuple[int, list[Slip]]:
    """How many boxes were keyed, and which of them differ from the practice paper; of finished readings."""
    keyed, found = 0, []
    with wp.db.reading() as connection:
        names = people.names(connection)
        for paper in guide.papers:
            row = c1_rows.find(connection, paper.key)
            for reading in readings.of_form(connection, row.id, row.generation) if row else ():
                for box, cell in (reading.cells or {}).items():
                    keyed += 1
                    written = paper.cells.get(box)
                    if cell != written:
                        name = names.get(reading.by, reading.by)
                        found.append(Slip(paper.key, box, cell, written, name))
    return keyed, found


def load(wp: Workplace) -> Progress:
    """As it was left."""
    kept = preference(wp, PREFERENCE)
    if not kept:
        return Progress()
    values = json.loads(kept)
    return Progress(tuple(values["done"]), bool(values["hidden"]))


def save(wp: Workplace, progress: Progress) -> None:
    """Kept with the practice folder."""
    set_preference(wp, PREFERENCE, json.dumps({"done": progress.done, "hidden": progress.is_hidden}))
