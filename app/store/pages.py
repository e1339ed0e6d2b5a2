"""Scans and pages: which file shows which sheet of which form.

Invariants: a scan's bytes are on the disk before its row is; a page number of a form has at most one assigned page, an
older one becomes `replaced`; a scan is queued for sending at most once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.wilayah import TpsId
from app.ports import NewScan
from app.store.driver import Connection, Row

REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page with its scan."""

    id: int
    scan: str
    c1: int | None
    n: int | None
    state: str
    reason: str
    at: float
    by: str
    size_bytes: int
    thumbnail: str
    name: str
    warnings: tuple[str, ...]
    quality: Mapping[str, float | str]
    held_at: float | None
    thrifty_held_at: float | None
    suggested: C1Key | None
    suggested_n: int | None


_SELECT = (
    "SELECT p.id, p.scan, p.c1, p.n, p.state, p.reason, p.at, p.by, p.suggested_tps, p.suggested_form, "
    "p.suggested_round, p.suggested_n, s.size_bytes, s.thumbnail_sha256, s.original_name, s.warnings, s.quality, "
    "s.held_at, s.thrifty_held_at "
    "FROM page p JOIN scan s ON s.sha256 = p.scan"
)


def is_known_original(connection: Connection, original_sha256: str) -> bool:
    """Was this very file taken in before?"""
    row = connection.execute(
        "SELECT 1 FROM scan WHERE original_sha256 = ? LIMIT 1", (original_sha256,)
    ).fetchone()
    return row is not None


def has_scan(connection: Connection, sha256: str) -> bool:
    """Is there a row for this upload copy?"""
    return connection.execute("SELECT 1 FROM scan WHERE sha256 = ?", (sha256,)).fetchone() is not None


def add_scan(connection: Connection, scan: NewScan, by: str, now: float) -> None:
    """The scan's row. Raises driver.IntegrityError when it exists."""
    connection.execute(
        "INSERT INTO scan (sha256, size_bytes, original_sha256, original_name, original_bytes, thumbnail_sha256, "
        "width_px, height_px, quality, warnings, at, by, thrifty_sha256, thrifty_bytes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            scan.sha256,
            scan.size_bytes,
            scan.original_sha256,
            scan.original_name,
            scan.original_bytes,
            scan.thumbnail_sha256,
            scan.width_px,
            scan.height_px,
            json.dumps(dict(scan.quality), sort_keys=True),
            json.dumps(list(scan.warnings)),
            now,
            by,
            scan.thrifty_sha256 or None,
            scan.thrifty_bytes or None,
        ),
    )


def add_page(connection: Connection, scan: str, state: str, by: str, now: float, *, reason: str = "") -> int:
    """A page that is not assigned yet; returns its id."""
    cursor = connection.execute(
        "INSERT INTO page (scan, state, reason, at, by) VALUES (?, ?, ?, ?, ?)",
        (scan, state, reason, now, by),
    )
    return int(cursor.lastrowid or 0)


def suggest(connection: Connection, page: int, key: C1Key | None, n: int | None) -> None:
    """What the scanner thinks an inbox page is."""
    connection.execute(
        "UPDATE page SET suggested_tps = ?, suggested_form = ?, suggested_round = ?, suggested_n = ? WHERE id = ?",
        (str(key.tps), key.form, key.round, n, page) if key else (None, None, None, n, page),
    )


def assign(connection: Connection, page: int, c1: int, n: int, by: str, now: float) -> int | None:
    """Put a page in its place; returns the page it replaced."""
    old = connection.execute(
        "SELECT id FROM page WHERE c1 = ? AND n = ? AND state = 'assigned' AND id <> ?", (c1, n, page)
    ).fetchone()
    if old:
        connection.execute("UPDATE page SET state = ? WHERE id = ?", (REPLACED, old["id"]))
    connection.execute(
        "UPDATE page SET c1 = ?, n = ?, state = 'assigned', reason = '', at = ?, by = ? WHERE id = ?",
        (c1, n, now, by, page),
    )
    return int(old["id"]) if old else None


def set_state(connection: Connection, page: int, state: str, reason: str = "") -> None:
    """Inbox, set aside, replaced ... (assigning goes through `assign`); the page leaves its form."""
    connection.execute(
        "UPDATE page SET state = ?, reason = ?, c1 = NULL, n = NULL WHERE id = ?", (state, reason, page)
    )


def by_id(connection: Connection, page: int) -> PageRow | None:
    """One page."""
    row = connection.execute(f"{_SELECT} WHERE p.id = ?", (page,)).fetchone()
    return _row(row) if row else None


def of_form(connection: Connection, c1: int) -> list[PageRow]:
    """The form's pages in order."""
    rows = connection.execute(f"{_SELECT} WHERE p.c1 = ? AND p.state = 'assigned' ORDER BY p.n", (c1,))
    return [_row(row) for row in rows]


def of_scan(connection: Connection, sha256: str) -> list[PageRow]:
    """Pages a scan is used for."""
    return [_row(row) for row in connection.execute(f"{_SELECT} WHERE p.scan = ? ORDER BY p.id", (sha256,))]


def inbox(connection: Connection, limit: int) -> list[PageRow]:
    """Pages that wait for a person, oldest first."""
    rows = connection.execute(f"{_SELECT} WHERE p.state = 'inbox' ORDER BY p.id LIMIT ?", (limit,))
    return [_row(row) for row in rows]


def mark_held(connection: Connection, sha256: str, now: float) -> None:
    """The centre has the image."""
    connection.execute("UPDATE scan SET held_at = coalesce(held_at, ?) WHERE sha256 = ?", (now, sha256))


def held_at(connection: Connection, sha256: str) -> float | None:
    """Since when the centre has the image; None: it has not."""
    row = connection.execute("SELECT held_at FROM scan WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else row["held_at"]


def mark_lost(connection: Connection, sha256: str) -> None:
    """The centre no longer has the image."""
    connection.execute("UPDATE scan SET held_at = NULL WHERE sha256 = ?", (sha256,))


def _row(row: Row) -> PageRow:
    suggested = None
    if row["suggested_tps"]:
        suggested = C1Key(
            TpsId(row["suggested_tps"]), str(row["suggested_form"]), int(row["suggested_round"])
        )
    return PageRow(
        id=int(row["id"]),
        scan=str(row["scan"]),
        c1=row["c1"],
        n=row["n"],
        state=str(row["state"]),
        reason=str(row["reason"]),
        at=float(row["at"]),
        by=str(row["by"]),
        size_bytes=int(row["size_bytes"]),
        thumbnail=str(row["thumbnail_sha256"]),
        name=str(row["original_name"]),
        warnings=tuple(json.loads(row["warnings"])),
        quality=json.loads(row["quality"]),
        held_at=row["held_at"],
        thrifty_held_at=row["thrifty_held_at"],
        suggested=suggested,
        suggested_n=row["suggested_n"],
    )
