"""What a form's version looks like on the wire (RECORD without `sent_at`), and how a version comes to be sent.

Invariants: a form has one head; a version changes only when cells change; a new version supersedes the head and cancels
its queued verdicts in the same transaction; anything new about the head (a reading, a page) sends its record again
under the same values_hash, so the centre merges and replays. Everything here runs inside the writer's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.domain.c1form import values_hash
from app.domain.cell import Cell, cells_to_json
from app.domain.checks import Beside, Finding, evaluate
from app.domain.form import Severity
from app.domain.lifecycle import OutboxState, ReadingState, VersionEvent, VersionState
from app.domain.readings import Outcome
from app.ports import ItemKind, Json
from app.services import beside
from app.services.workplace import Workplace, definition, send_when
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, outbox, pages, readings, versions
from app.store.driver import Connection

SENDABLE = frozenset(VersionState) - {VersionState.WITHDRAWN, VersionState.RIVAL, VersionState.READY}


def findings_on(
    connection: Connection, form: c1_rows.C1Row, cells: Mapping[str, Cell], known: Beside | None = None
) -> list[Finding]:
    """What the checks say about these values of this form, beside what is `known` (see `app.services.beside`).

    By default that is the register alone: enough for what asks for a reason.
    """
    known = beside.for_nobody(connection, form) if known is None else known
    return evaluate(definition(form.key.form), cells, known, form.profile)


def to_accept(findings: list[Finding]) -> list[Finding]:
    """Those that need a reason: a note is said once and needs none."""
    return [one for one in findings if one.severity is not Severity.NOTE]


def as_text(body: Json) -> str:
    """A record body as `versions.freeze` keeps it."""
    return json.dumps(body, sort_keys=True)


def record_body(connection: Connection, version: versions.VersionRow) -> Json:
    """RECORD as the contract says: readings carry cells only where they are not the record's.

    Read in one transaction, so that `as_of` is the journal line the pages stand at: each change of them writes one.
    """
    kept = versions.frozen(connection, version.id)
    if kept is not None:
        return dict(json.loads(kept))
    form = c1_rows.by_id(connection, version.c1)
    # A part that was read since says nothing about a version that has none of its boxes; one that is open again may be
    # in other hands than those that signed it (what the head rests on was frozen before).
    signed = [
        one
        for one in readings.of_form(connection, form.id, version.generation)
        if one.signature
        and one.state is not ReadingState.DRAFT
        and (one.cells or {}).keys() <= version.cells.keys()
    ]
    body: Json = {
        "tps": str(form.key.tps),
        "form": form.key.form,
        "round": form.key.round,
        "cells": cells_to_json(version.cells),
        "parent": version.parent,
        "cause": version.cause,
        "readings": [_reading(one, version.values_hash) for one in signed],
        "accepted": _accepted(connection, form, version),
        "pages": [
            {"n": page.n, "sha256": page.scan, "bytes": page.size_bytes}
            for page in pages.of_form(connection, form.id)
        ],
    }
    if version.repeat:
        body["repeat"] = version.repeat
    body["as_of"], _ = journal.head(connection)
    return body


def _reading(one: readings.ReadingRow, record_hash: str) -> Json:
    body: Json = {
        "order": int(one.order),
        "by": one.by,
        "values_hash": one.values_hash,
        "started": one.started,
        "finished": one.finished,
        "taken_over_from": list(one.taken_over_from),
        "signature": one.signature,
    }
    if one.values_hash != record_hash:
        body["cells"] = cells_to_json(one.cells or {})
    return body


def _accepted(connection: Connection, form: c1_rows.C1Row, version: versions.VersionRow) -> list[Json]:
    standing = {one.fingerprint for one in findings_on(connection, form, version.cells)}
    seen: set[tuple[str, str]] = set()
    found: list[Json] = []
    for one in readings.acceptances_of_form(connection, form.id, version.generation):
        if one.fingerprint in standing and (one.code, one.by) not in seen:
            seen.add((one.code, one.by))
            found.append(
                {"check": one.code, "reason": one.reason, "note": one.note, "by": one.by, "at": one.at}
            )
    return found


def put_version(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, cells: Mapping[str, Cell], cause: str, by: str
) -> versions.VersionRow:
    """Make these values the form's head and see that they are sent when they should be; returns the head."""
    name = values_hash(wp.realm, form.key, cells)
    head = versions.by_id(connection, form.head) if form.head is not None else None
    is_insisted = head is not None and head.state is VersionState.RIVAL and head.generation < form.generation
    if head is not None and head.values_hash == name and not is_insisted:
        versions.freeze(connection, head.id, None)
        send_head(connection, wp, form, head)
        return versions.by_id(connection, head.id)
    parent = None if head is None else _replace(connection, wp, form, head)
    number = versions.add(connection, form.id, form.generation, name, cells, parent, cause, wp.now())
    c1_rows.set_head(connection, form.id, number)
    head = versions.by_id(connection, number)
    body = {
        "values_hash": name,
        "number": head.number,
        "parent": parent,
        "cause": cause,
        "cells": cells_to_json(cells),
    }
    journal.add(connection, wp.now(), "version", by, form.key.text(), body)
    send_head(connection, wp, form, head)
    return versions.by_id(connection, number)


def send_head(connection: Connection, wp: Workplace, form: c1_rows.C1Row, head: versions.VersionRow) -> None:
    """Queue the head's record, again if it was sent before."""
    if head.state is VersionState.READY:
        settled = c1_rows.by_id(connection, form.id).outcome is Outcome.SETTLED
        if send_when(connection) == "settled" and not settled:
            return
    elif head.state not in SENDABLE:
        return
    versions.try_move(connection, head.id, VersionEvent.QUEUE, wp.now())
    outbox.put(
        connection, ItemKind.RECORD, head.values_hash, form.id, head.id, outbox.REQUEST_BYTES, wp.now()
    )


def send_again(connection: Connection, wp: Workplace, c1: int) -> None:
    """The form changed beside its values (a page came or went): facts again, and its head goes out once more."""
    form = c1_rows.by_id(connection, c1)
    if form.head is not None:
        head = versions.by_id(connection, form.head)
        if head.state is not VersionState.READY:
            send_head(connection, wp, form, head)
    facts.refresh(connection, c1)  # after sending: a rejected version that is tried again changes its state


def _replace(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, head: versions.VersionRow
) -> str | None:
    """Supersede the head; returns the parent the centre will expect of its successor."""
    versions.move(connection, head.id, VersionEvent.SUPERSEDE, wp.now())
    cancelled = outbox.cancel_of_version(connection, head.id, [ItemKind.VERDICT], wp.now())
    for verdict in cancelled:
        journal.add(connection, wp.now(), "verdict_cancelled", "", form.key.text(), {"id": verdict})
    if head.state is VersionState.RIVAL:
        return exchange.centre_head(connection, form.id) or head.values_hash
    item = outbox.find(connection, ItemKind.RECORD, head.values_hash, head.id)
    never_left = item is None or (
        item.state in (OutboxState.QUEUED, OutboxState.WAITING) and not item.attempts and head.sent_at is None
    )
    if never_left or head.state is VersionState.REJECTED:
        # The centre does not know it, so it cannot be anybody's parent.
        if item is not None:
            outbox.cancel(connection, item.id, wp.now())
        return head.parent
    # It may have arrived: what is still open of it goes first (see outbox.due), then its successor names it.
    return head.values_hash
