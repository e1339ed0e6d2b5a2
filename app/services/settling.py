"""What follows when a reading is finished: does it agree, is the form settled, which version goes out. One
transaction."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.attestation import sign
from app.domain.c1form import C1Key, values_hash
from app.domain.cell import Cell
from app.domain.lifecycle import ReadingEvent
from app.domain.readings import Order, Outcome, Settlement, settle
from app.domain.times import iso
from app.ports import Json
from app.services import records
from app.services.people import Session, check_session
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import facts, readings, versions
from app.store.driver import Connection


def settlement_of(connection: Connection, form: c1_rows.C1Row) -> Settlement:
    """What the finished readings of the form's present generation amount to."""
    rows = readings.of_form(connection, form.id, form.generation)
    return settle([row.as_reading() for row in rows if row.cells is not None], form.readings_needed)


def after_reading(
    connection: Connection, wp: Workplace, c1: int, cause: str, by: str
) -> versions.VersionRow | None:
    """Bring outcome, reading states, version, outbox and facts up to date; returns the head."""
    form = c1_rows.by_id(connection, c1)
    settlement = settlement_of(connection, form)
    _tell_readings(connection, form, settlement)
    facts.set_outcome(connection, form.id, settlement.outcome, wp.now())
    head = None
    if settlement.outcome in (Outcome.NEEDS_SECOND, Outcome.SETTLED):
        has_more = len(readings.of_form(connection, form.id, form.generation)) > 1
        why = "settled" if settlement.is_settled and has_more else cause
        head = records.put_version(connection, wp, form, settlement.cells, why, by)
    elif form.head is not None:
        head = versions.by_id(connection, form.head)
    facts.refresh(connection, form.id)
    return head


def _tell_readings(connection: Connection, form: c1_rows.C1Row, settlement: Settlement) -> None:
    orders = {
        row.order for row in readings.of_form(connection, form.id, form.generation) if row.cells is not None
    }
    if orders == {Order.FIRST, Order.SECOND} and form.readings_needed > 1:
        event = ReadingEvent.MATCH if settlement.is_settled else ReadingEvent.MISMATCH
        readings.move_all(connection, form.id, form.generation, event)
    if settlement.is_settled:
        readings.move_all(connection, form.id, form.generation, ReadingEvent.SETTLE)


def sign_reading(
    connection: Connection,
    wp: Workplace,
    session: Session,
    key: C1Key,
    row: readings.ReadingRow,
    cells: Mapping[str, Cell],
) -> readings.Signed:
    """Values, hash and signature of a reading that ends now (design section 5: what a reading's signature covers).

    Raises NotAllowed when the session is no longer good.
    """
    check_session(connection, session)
    name, now = values_hash(wp.realm, key, cells), wp.now()
    body: Json = {
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "order": int(row.order),
        "by": session.person.id,
        "values_hash": name,
        "started": row.started,
        "finished": iso(now),
        "taken_over_from": list(row.taken_over_from),
    }
    return readings.Signed(cells, name, sign(session.private_key, "reading", wp.realm, body), iso(now), now)
