"""One signed verdict: the row, the version's state, the outbox row, facts and journal line. Runs inside a
transaction."""

from __future__ import annotations

import secrets

from app.domain.attestation import sign
from app.domain.lifecycle import VersionEvent
from app.domain.times import iso
from app.ports import ItemKind, Json
from app.services.engine_store import verdict_statement
from app.services.people import Session, check_session
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, outbox, pages, versions
from app.store.driver import Connection


def give(
    connection: Connection, wp: Workplace, session: Session, form: c1_rows.C1Row, verdict: str, reason: str
) -> exchange.VerdictRow:
    """Sign and queue a verdict on the form's head; an earlier one that never left is cancelled."""
    check_session(connection, session)
    assert form.head is not None  # noqa: S101 - the caller compared the head with what came back
    head = versions.by_id(connection, form.head)
    now = wp.now()
    outbox.replace_verdicts(connection, head.id, now)
    unsigned = exchange.VerdictRow(
        id=uuid7(now),
        c1=form.id,
        version=head.id,
        values_hash=head.values_hash,
        pages=tuple(row.scan for row in pages.of_form(connection, form.id)),
        verdict=verdict,
        previous=exchange.previous_of(connection, form.id, session.person.id),
        by=session.person.id,
        at=iso(now),
        reason=reason.strip(),
        signature="",
    )
    body: Json = verdict_statement(connection, unsigned)
    row = exchange.signed(unsigned, sign(session.private_key, "verdict", wp.realm, body))
    exchange.add_verdict(connection, row)
    versions.move(connection, head.id, VersionEvent.CONFIRM if verdict == "ok" else VersionEvent.DISPUTE, now)
    outbox.put(connection, ItemKind.VERDICT, row.id, form.id, head.id, outbox.REQUEST_BYTES, now)
    facts.refresh(connection, form.id)
    journal.add(connection, now, "verdict", session.person.id, form.key.text(), body)
    return row


def uuid7(now: float) -> str:
    """RFC 9562 version 7: milliseconds first, then randomness."""
    number = (int(now * 1000) & (1 << 48) - 1) << 80 | 7 << 76 | secrets.randbits(12) << 64
    number |= 0b10 << 62 | secrets.randbits(62)
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
