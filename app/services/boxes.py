"""Third readings and decisions as a stream of single boxes: one after the other, across forms.

Invariants: a box is handed out with nothing of what anybody read in it; the reading behind it is the form's ordinary
draft (`app.services.drafts`), signed as soon as its last open box is answered; the earlier values of a box are fetched
for the coordinator alone, and only once the decision on it is on the disk. Why: docs/decisions/060-keying.md.
Thread: any; waits for the disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.people import Role
from app.domain.readings import Order, Outcome
from app.services import keying
from app.services.drafts import DraftTaken
from app.services.keying import Draft
from app.services.people import Session
from app.services.register import known
from app.services.workplace import Workplace
from app.store import people, readings
from app.store.driver import Connection

STREAMS = (Order.COORDINATOR, Order.THIRD)  # what only few people may do comes first
_TRIES = 20  # forms that somebody else opened in the same moment


@dataclass(frozen=True, slots=True)
class Box:
    """One box to read; nothing of what stands in it. `place`, `total`: of this form's open boxes, from 1."""

    reading_id: int
    key: C1Key
    order: Order
    field: str
    place: int
    total: int


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody read in a box."""

    order: Order
    name: str
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class Answered:
    """`asks_again`: nobody read this value yet, so the coordinator types it once more; nothing is kept so far.

    `outcome`: of the form, when this was its last open box. `others`: after a coordinator's decision, who read what.
    """

    asks_again: bool = False
    outcome: Outcome | None = None
    others: tuple[Read, ...] = ()


def count(wp: Workplace, session: Session) -> int:
    """Forms with differing boxes that this person may read, their own open ones included."""
    waiting = sum(keying.work_count(wp, session, keying.WorkKind[order.name]) for order in _orders(session))
    return waiting + len(_own(wp, session))


def next_box(wp: Workplace, session: Session, first: C1Key | None = None) -> Box | None:
    """The next open box: of `first`, of a form this person has begun, else of the next one; None when nothing is left.

    Opening it reserves its form. Raises NotAllowed, NotFound, DraftTaken for `first`.
    """
    for key in [*([first] if first is not None else []), *_own(wp, session)]:
        found = _open_box(wp, session, keying.open_draft(wp, session, key))
        if found is not None:
            return found
    for order in _orders(session):
        for _ in range(_TRIES):
            following = keying.next_key(wp, session, order)
            if following is None:
                break
            try:
                found = _open_box(wp, session, keying.open_draft(wp, session, following))
            except DraftTaken:
                continue  # it is no longer among those that wait
            if found is not None:
                return found
    return None


def answer(
    wp: Workplace, session: Session, box: Box, cell: Cell, *, typed_before: Cell | None = None
) -> Answered:
    """Keep what was read; the form's last open box signs the reading. Raises NotAllowed, NotFound.

    A coordinator's value that nobody else read is asked for twice before it counts: `typed_before` is the first.
    """
    is_decision = box.order is Order.COORDINATOR
    if is_decision and cell != typed_before and not _was_read(wp.db.reader, box, cell):
        return Answered(asks_again=True)
    keying.save_cell(wp, box.reading_id, box.field, cell, box.field).result()
    draft = keying.draft(wp, box.reading_id)
    outcome = None
    if _first_open(draft) is None:
        outcome = keying.finish(wp, session, box.reading_id).outcome
    return Answered(outcome=outcome, others=_others(wp, session, box) if is_decision else ())


def leave(wp: Workplace, session: Session, box: Box) -> None:
    """The person stops: what was answered stays, and a form without an answer is free again."""
    keying.put_back(wp, session, box.reading_id).result()


def _orders(session: Session) -> tuple[Order, ...]:
    may_decide, may_read = Role.COORDINATE in session.person.roles, session.person.has(Role.KEY, Role.VERIFY)
    may = {Order.COORDINATOR: may_decide, Order.THIRD: may_read}
    return tuple(order for order in STREAMS if may[order])


def _own(wp: Workplace, session: Session) -> list[C1Key]:
    """Forms this person left unfinished, oldest first."""
    found = [one.key for one in keying.drafts_of(wp, session.person.id) if one.order in STREAMS]
    return found[::-1]


def _open_box(wp: Workplace, session: Session, draft: Draft) -> Box | None:
    """None: every box was answered before the power went; then the reading is signed now."""
    field = _first_open(draft)
    if field is None:
        keying.finish(wp, session, draft.reading_id)
        return None
    place = draft.fields.index(field) + 1
    return Box(draft.reading_id, draft.key, draft.order, field, place, len(draft.fields))


def _first_open(draft: Draft) -> str | None:
    return next((one for one in draft.fields if one not in draft.cells), None)


def _earlier(connection: Connection, box: Box) -> list[readings.ReadingRow]:
    form = known(connection, box.key)
    rows = readings.of_form(connection, form.id, form.generation)
    return [row for row in rows if row.cells is not None and row.order < box.order]


def _was_read(connection: Connection, box: Box, cell: Cell) -> bool:
    """Whether anybody before read this in the box; says nothing of who."""
    return any((row.cells or {}).get(box.field) == cell for row in _earlier(connection, box))


def _others(wp: Workplace, session: Session, box: Box) -> tuple[Read, ...]:
    """Only behind a decision of this very person that is on the disk."""
    with wp.db.reading() as connection:
        row = readings.by_id(connection, box.reading_id)
        kept = {} if row is None else {**readings.draft_cells(connection, row.id), **(row.cells or {})}
        if row is None or row.by != session.person.id or box.field not in kept:
            return ()
        names = people.names(connection)
        return tuple(
            Read(one.order, names.get(one.by, one.by), (one.cells or {}).get(box.field))
            for one in _earlier(connection, box)
            if box.field in (one.cells or {})  # of a reading in parts: whoever read this box's page
        )
