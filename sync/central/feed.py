"""The feed of each district: numbered from 1 without gaps, in the same transaction as what it tells.

An event's body is stored as sent: what a district was told never changes afterwards.
"""

from __future__ import annotations

from typing import Any

from sync.central.centre import Centre
from sync.central.clock import iso
from sync.central.driver import Connection
from sync.wire import EventKind, Feed, FeedEvent, decode, encode

MAX_EVENTS = 500  # of one answer; about 200 kB of returned records


def head(con: Connection, district: str) -> int:
    """Number of the newest event, 0 when there is none."""
    row = con.execute("SELECT feed_head FROM district WHERE code = ?", (district,)).fetchone()
    return int(row[0]) if row else 0


def add(con: Connection, centre: Centre, district: str, kind: EventKind, **facts: Any) -> int:
    """Append an event and return its number."""
    number = head(con, district) + 1
    event = FeedEvent(n=number, kind=kind, at=iso(centre.clock()), **facts)
    con.execute(
        "INSERT INTO district (code, feed_head) VALUES (?, 1)"
        " ON CONFLICT (code) DO UPDATE SET feed_head = feed_head + 1",
        (district,),
    )
    con.execute(
        "INSERT INTO feed_event (district, n, body) VALUES (?, ?, ?)",
        (district, number, encode(event).decode("utf-8")),
    )
    return number


def after(con: Connection, centre: Centre, district: str, cursor: int, limit: int) -> Feed:
    """Events with a number above `cursor`, oldest first."""
    rows = con.execute(
        "SELECT body FROM feed_event WHERE district = ? AND n > ? ORDER BY n LIMIT ?",
        (district, max(cursor, 0), max(1, min(limit, MAX_EVENTS))),
    )
    events = [decode(body.encode("utf-8"), FeedEvent) for (body,) in rows]
    return Feed(events=events, feed_head=head(con, district), epoch=centre.db.epoch)
