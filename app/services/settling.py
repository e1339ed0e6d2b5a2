"""What follows when a reading is finished: does it agree, is the form settled, which version goes out. One
transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from app.domain.attestation import sign
from app.domain.c1form import C1Key, values_hash
from app.domain.cell import Cell, cells_to_json
from app.domain.lifecycle import ReadingEvent
from app.domain.readings import Order, Outcome, Settlement, cut, settle
from app.domain.times import iso
from app.ports import Json
from app.services import records
from app.services.people import Session, check_session
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import facts, journal, readings, versions
from app.store.driver import Connection


def settlement_of(connection: Connection, form: c1_rows.C1Row) -> Settlement:
    """What the finished readings of the form's present generation amount to."""
    rows = readings.of_form(connection, form.id, form.generation)
    fields = [one.id for one in definition(form.key.form).fields_of(form.profile)]
    return settle([row.as_reading() for row in rows if row.cells is not None], form.readings_needed, fields)


def lacking_pages(connection: Connection, form: c1_rows.C1Row, settlement: Settlement) -> dict[int, int]:
    """Page -> boxes that a reading under way lacks; empty while the next reading was not begun."""
    order = {Outcome.PARTLY_READ: Order.FIRST, Outcome.NEEDS_SECOND: Order.SECOND}.get(settlement.outcome)
    rows = readings.of_form(connection, form.id, form.generation)
    if not any(row.order is order and row.cells is not None for row in rows):
        return {}
    page_of = definition(form.key.form).page_of
    return dict(Counter(page_of[field] for field in settlement.open))


def after_reading(
    connection: Connection, wp: Workplace, c1: int, cause: str, by: str
) -> versions.VersionRow | None:
    """Bring outcome, reading states, version, outbox and facts up to date; returns the head."""
    form = c1_rows.by_id(connection, c1)
    settlement = settlement_of(connection, form)
    _tell_readings(connection, form, settlement)
    lacking = lacking_pages(connection, form, settlement)
    facts.set_outcome(connection, form.id, settlement.outcome, wp.now(), lacking)
    head = None
    if settlement.outcome in (Outcome.PARTLY_READ, Outcome.NEEDS_SECOND, Outcome.SETTLED):
        has_more = any(
            row.order is not Order.FIRST for row in readings.of_form(connection, form.id, form.generation)
        )
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
    is_read_twice = settlement.outcome not in (Outcome.PARTLY_READ, Outcome.NEEDS_SECOND)
    if orders == {Order.FIRST, Order.SECOND} and is_read_twice and form.readings_needed > 1:
        event = ReadingEvent.MATCH if settlement.is_settled else ReadingEvent.MISMATCH
        readings.move_all(connection, form.id, form.generation, event)
    if settlement.is_settled:
        readings.move_all(connection, form.id, form.generation, ReadingEvent.SETTLE)


def fields_read(form_id: str, row: readings.ReadingRow, keyed: Collection[str]) -> tuple[str, ...]:
    """Of a draft that ends page by page: the boxes of the pages begun; all it asks for while no page was."""
    if row.order not in (Order.FIRST, Order.SECOND):
        return row.fields
    pages = cut(row.fields, definition(form_id).page_of, keyed)
    return tuple(one for one in row.fields if one not in pages.untouched) or row.fields


def end_reading(
    connection: Connection,
    wp: Workplace,
    session: Session,
    form: c1_rows.C1Row,
    row: readings.ReadingRow,
    fields: Sequence[str],
    cells: Mapping[str, Cell],
    cause: str = "",
) -> None:
    """Sign and keep a part of a reading, with its journal line.

    `cause` says why where it is no plain reading. Of more `cells` than the `fields` that were asked, the others stand
    as the same person read them before (`app.services.rereading`).
    """
    signed = _signed(connection, wp, session, form.key, row, cells)
    readings.finish(connection, row.id, signed, fields)
    body: Json = {
        "order": int(row.order),
        "cells": cells_to_json(cells),
        "values_hash": signed.values_hash,
        "taken_over_from": list(row.taken_over_from),
    }
    paper = definition(form.key.form)
    if cells.keys() - set(fields):
        body["asked"] = list(fields)
    elif row.order in (Order.FIRST, Order.SECOND) and len(fields) < len(paper.fields_of(form.profile)):
        body["pages"] = sorted({paper.page_of[one] for one in fields})
    if cause:
        body["cause"] = cause
    journal.add(connection, wp.now(), "reading", session.person.id, form.key.text(), body)


def _signed(
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
