"""Thrifty copies: small pictures of scans that are still to come, under their own hash with the scan they stand for.

Invariants: a copy is never a scan: it fills no page of a record, is in no verdict and in no `returned`; it is only what
is shown of a page until its scan is here. That it shows the same sheet is the sending PC's word, which the receipt
repeats; the scan that follows is held against the record's hash as ever. Rows are never removed: what was public stays
provable. Runs inside the caller's transaction.
"""

from __future__ import annotations

from sync.central import receipts, shelf, versions
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.database import one
from sync.central.driver import Connection, Row
from sync.wire import Receipt

KIND = "thrifty"  # of receipts


def keep(con: Connection, centre: Centre, who: Caller, sha256: str, scan: str, length: int) -> Receipt:
    """Its bytes are on the disk under `sha256`; a copy that is known gets its first receipt."""
    known = _row(con, who.district, sha256, scan)
    if known is not None:
        receipt = receipts.stored(con, centre, known["receipt"])
    else:
        receipt = receipts.give(con, centre, KIND, sha256, scan)
        con.execute(
            "INSERT INTO thrifty VALUES (?, ?, ?, ?, ?, ?, ?)",
            (scan, who.district, sha256, length, who.device, centre.clock(), receipt.sequence),
        )
    for (key,) in con.execute(
        "SELECT version.key FROM page JOIN version ON version.id = page.version JOIN form ON form.key = version.key"
        " WHERE page.sha256 = ? AND version.state = 'head' AND form.district = ?",
        (scan, who.district),
    ).fetchall():
        versions.consider(con, key)
    return receipt


def is_held(con: Connection, centre: Centre, district: str, sha256: str, scan: str) -> bool:
    """Has this district delivered this copy of this scan, and is it still here?"""
    row = _row(con, district, sha256, scan)
    return row is not None and shelf.has(centre.settings.scans, sha256, row["bytes"])


def receipts_of(con: Connection, centre: Centre, district: str, sha256: str) -> list[Receipt]:
    """One for each scan these bytes stand for; hardly ever more than one."""
    rows = con.execute(
        "SELECT receipt, bytes FROM thrifty WHERE sha256 = ? AND district = ? ORDER BY receipt",
        (sha256, district),
    ).fetchall()
    return [
        receipts.stored(con, centre, row["receipt"])
        for row in rows
        if shelf.has(centre.settings.scans, sha256, row["bytes"])
    ]


def shown_for(con: Connection, centre: Centre, district: str, version: int) -> dict[str, str]:
    """Of the pages this version names, those we have only a copy of: the page's hash -> the newest copy's."""
    rows = con.execute(
        "SELECT page.sha256 AS page, thrifty.sha256 AS copy, thrifty.bytes FROM page"
        " JOIN thrifty ON thrifty.scan = page.sha256 AND thrifty.district = ?1"
        " WHERE page.version = ?2 AND NOT EXISTS"
        " (SELECT 1 FROM scan WHERE scan.sha256 = page.sha256 AND scan.district = ?1) ORDER BY thrifty.receipt",
        (district, version),
    )
    scans = centre.settings.scans
    return {row["page"]: row["copy"] for row in rows if shelf.has(scans, row["copy"], row["bytes"])}


def _row(con: Connection, district: str, sha256: str, scan: str) -> Row | None:
    return one(
        con,
        "SELECT receipt, bytes FROM thrifty WHERE scan = ? AND district = ? AND sha256 = ?",
        scan,
        district,
        sha256,
    )
