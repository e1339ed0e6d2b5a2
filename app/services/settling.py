"""What follows when a reading is finished: does it agree, is the form settled, which version goes out. One
transaction."""

from __future__ import annotations

from app.domain.lifecycle import ReadingEvent
from app.domain.readings import Order, Outcome, Settlement, settle
from app.services import records
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
