"""Who may be shown what was read of a form: one rule for Verifikasi and Koreksi, one for what anybody may pick up.
Runs inside a transaction.

Whoever may still read a form blind sees nothing of it, whoever is in the midst of a later reading least of all: a page
of it finished, or a draft laid aside, is no reading that is over. Decision 093.
"""

from __future__ import annotations

from app.domain.c1form import C1Key
from app.domain.journal import Line
from app.domain.lifecycle import ReadingState, VersionState
from app.domain.readings import Order, Outcome
from app.services.drafts import NEXT_ORDER
from app.services.rereading import MOVED_HERE
from app.services.settling import settlement_of
from app.store import c1 as c1_rows
from app.store import journal, pages, readings
from app.store.driver import Connection

ANSWERED_OTHERWISE = (VersionState.RIVAL, VersionState.REJECTED)  # somebody has to look, read twice or not
_REOPENS = (VersionState.DISPUTED, *ANSWERED_OTHERWISE)


def may_see(connection: Connection, form: c1_rows.C1Row, person: str) -> bool:
    """Whether this person can be no blind reader of the form any more; or is none yet, where somebody has to look."""
    rows = readings.of_form(connection, form.id, form.generation)
    draft = next((row for row in rows if row.state is ReadingState.DRAFT), None)
    now = draft.order if draft is not None else NEXT_ORDER.get(settlement_of(connection, form).outcome)
    if now is None:  # read to the end
        return True
    hands = {row.order for row in rows if person in row.people}
    if now in hands and now is not Order.FIRST:
        return False
    return bool(hands) or form.head_state in ANSWERED_OTHERWISE


def is_read(form: c1_rows.C1Row) -> bool:
    """To the end, and nothing reopens it."""
    return form.outcome is Outcome.SETTLED and form.draft is None and form.head_state not in _REOPENS


def may_tell(connection: Connection, line: Line) -> bool:
    """Whether just anybody may be told what a journal line says of values: nobody will read that paper blind any more.

    For reports, which lie about. Of a paper that was withdrawn and left nothing here nothing will be read.
    """
    about = journal.lines_about(connection, line.what)
    if left := [one for one in about if one.kind == "moved" and one.seq >= line.seq]:
        places = [c1_rows.find(connection, place_now(connection, one)) for one in left]
        return all(form is not None and is_read(form) for form in places)
    form = c1_rows.find(connection, C1Key.of_text(line.what))
    return form is not None and (is_read(form) or (line.kind == "withdrawn" and _is_empty(connection, form)))


def place_now(connection: Connection, moved: Line) -> C1Key:
    """Where the paper lies that left its form with this line: it may have been moved on, or back."""
    place, has_come = C1Key.of_text(str(moved.body["to"])), False
    for line in journal.lines_about(connection, place.text()):
        if line.seq > moved.seq and line.kind == MOVED_HERE:
            has_come = has_come or line.body.get("from") == moved.what
        elif has_come and line.kind == "moved":  # of two that change places both leave before one comes
            return place_now(connection, line)
    return place


def _is_empty(connection: Connection, form: c1_rows.C1Row) -> bool:
    return form.outcome is Outcome.UNREAD and form.draft is None and not pages.of_form(connection, form.id)
