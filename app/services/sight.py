"""Who may be shown what was read of a form: one rule for Verifikasi and Koreksi. Runs inside a transaction.

Whoever may still read a form blind sees nothing of it, whoever is in the midst of a later reading least of all: a page
of it finished, or a draft laid aside, is no reading that is over. Decision 093.
"""

from __future__ import annotations

from app.domain.lifecycle import ReadingState, VersionState
from app.domain.readings import Order
from app.services.drafts import NEXT_ORDER
from app.services.settling import settlement_of
from app.store import c1 as c1_rows
from app.store import readings
from app.store.driver import Connection

ANSWERED_OTHERWISE = (VersionState.RIVAL, VersionState.REJECTED)  # somebody has to look, read twice or not


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
