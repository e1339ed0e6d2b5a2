"""Verdicts and withdrawals in, each alone: stored, replayed, stale, later or rejected.

A verdict counts only on the head, and only from somebody who had no part in the first reading. A stale one is not
kept: the same verdict would count should its version become the head again, and the client asks anew. One
transaction per batch.
"""

from __future__ import annotations

import json
from typing import TypeVar

import msgspec

from app.domain.c1form import C1Key
from app.domain.people import OWN_VERIFY, Role, may_verify
from app.domain.wilayah import TpsId
from sync.central import feed, people, receipts, versions
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.database import one
from sync.central.driver import Connection, Row
from sync.central.refusal import Refused, problem
from sync.wire import (
    EventKind,
    Verdict,
    VerdictResult,
    VerdictStatus,
    Withdrawal,
    as_body,
    convert,
)

Statement = TypeVar("Statement", Verdict, Withdrawal)


def accept(con: Connection, centre: Centre, who: Caller, raw: object) -> VerdictResult:
    """Take one verdict of a batch. Never raises for a bad one."""
    try:
        verdict = _read(con, centre, who, raw, Verdict, "verdict", (Role.VERIFY,))
        known = one(con, "SELECT body, receipt FROM verdict WHERE id = ?", verdict.id)
        if known is not None:
            return _replay(con, centre, known, verdict)
        version = _version(con, verdict)
        if version is None:
            return VerdictResult(id=verdict.id, status=VerdictStatus.LATER)
        if version["state"] != "head":
            return VerdictResult(id=verdict.id, status=VerdictStatus.STALE)
        if not may_verify(verdict.by, first_readers(con, version["id"])):
            raise Refused(403, "own_form", OWN_VERIFY)
    except (msgspec.ValidationError, ValueError) as error:
        return _rejected(raw, Refused(400, "malformed", f"Putusan tidak dapat dibaca: {str(error)[:300]}"))
    except Refused as refused:
        return _rejected(raw, refused)
    receipt = receipts.give(con, centre, "verdict", verdict.id, verdict.values_hash)
    (place,) = con.execute("SELECT count(*) FROM verdict WHERE version = ?", (version["id"],)).fetchone()
    con.execute(
        "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?)",
        (verdict.id, version["id"], verdict.by, verdict.verdict, place, _text(verdict), receipt.sequence),
    )
    versions.consider(con, version["key"])
    return VerdictResult(id=verdict.id, status=VerdictStatus.STORED, receipt=receipt)


def withdraw(con: Connection, centre: Centre, who: Caller, raw: object) -> VerdictResult:
    """Take one withdrawal: this version leaves its form (it was filed at the wrong TPS)."""
    try:
        ask = _read(con, centre, who, raw, Withdrawal, "withdrawal", (Role.KEY, Role.VERIFY, Role.SCAN))
        known = one(con, "SELECT body, receipt FROM withdrawal WHERE id = ?", ask.id)
        if known is not None:
            return _replay(con, centre, known, ask)
        version = _version(con, ask)
        if version is None:
            return VerdictResult(id=ask.id, status=VerdictStatus.LATER)
    except (msgspec.ValidationError, ValueError) as error:
        return _rejected(raw, Refused(400, "malformed", f"Penarikan tidak dapat dibaca: {str(error)[:300]}"))
    except Refused as refused:
        return _rejected(raw, refused)
    receipt = receipts.give(con, centre, "withdrawal", ask.id, ask.values_hash)
    con.execute(
        "INSERT INTO withdrawal VALUES (?, ?, ?, ?)", (ask.id, version["id"], _text(ask), receipt.sequence)
    )
    con.execute("UPDATE version SET state = 'withdrawn' WHERE id = ?", (version["id"],))
    told = {**versions.facts(version), "cells": None, "text": ask.reason}
    feed.add(con, centre, who.district, EventKind.WITHDRAWN, **told)
    versions.consider(con, version["key"])  # what is not the head any more may still be public
    if version["state"] == "head":
        versions.drop_head(con, centre, version["key"], version["id"])
    return VerdictResult(id=ask.id, status=VerdictStatus.STORED, receipt=receipt)


def first_readers(con: Connection, version: int) -> set[str]:
    """Everybody who had a hand in a first reading of this version."""
    readers: set[str] = set()
    for person, body in con.execute(
        "SELECT person, body FROM reading WHERE version = ? AND ord = 1", (version,)
    ):
        readers |= {person, *json.loads(body)["taken_over_from"]}
    return readers


def last_counting(con: Connection, version: int) -> Row | None:
    """The newest verdict on a version; one that its own author has replaced stays replaced, however late it comes."""
    return one(
        con,
        "SELECT * FROM verdict AS said WHERE version = ? AND NOT EXISTS (SELECT 1 FROM verdict AS later"
        " WHERE later.version = said.version AND later.person = said.person"
        " AND json_extract(later.body, '$.previous') = said.id) ORDER BY place DESC LIMIT 1",
        version,
    )


def _read(
    con: Connection,
    centre: Centre,
    who: Caller,
    raw: object,
    shape: type[Statement],
    kind: str,
    roles: tuple[Role, ...],
) -> Statement:
    said = convert(raw, shape)
    tps = TpsId.parse(said.tps)
    if tps.kabupaten != who.district:
        raise Refused(403, "other_district", f"{tps.label} bukan milik kabupaten/kota ini.")
    fault = people.has_signed(con, centre.realm, who.district, kind, said.by, as_body(said), said.at)
    if fault is None and not people.has_role(con, who.district, said.by, *roles):
        fault = "role"
    if fault is not None:
        raise Refused(
            403, fault, people.SENTENCES[fault].format(said.by), retryable=fault in people.RETRYABLE
        )
    return said


def _version(con: Connection, said: Verdict | Withdrawal) -> Row | None:
    key = C1Key(TpsId.parse(said.tps), said.form, said.round)
    return versions.by_hash(con, key.text(), said.values_hash)


def _replay(con: Connection, centre: Centre, known: Row, said: Verdict | Withdrawal) -> VerdictResult:
    if known["body"] != _text(said):
        raise Refused(409, "id_reused", "Nomor ini sudah dipakai untuk pernyataan lain.")
    receipt = receipts.stored(con, centre, known["receipt"])
    return VerdictResult(id=said.id, status=VerdictStatus.REPLAYED, receipt=receipt)


def _text(said: Verdict | Withdrawal) -> str:
    return json.dumps(as_body(said), sort_keys=True)


def _rejected(raw: object, refused: Refused) -> VerdictResult:
    name = raw.get("id") if isinstance(raw, dict) else None
    found = problem(refused.status, refused.code, str(refused), retryable=refused.retryable)
    return VerdictResult(
        id=name[:64] if isinstance(name, str) else "?", status=VerdictStatus.REJECTED, problem=found
    )
