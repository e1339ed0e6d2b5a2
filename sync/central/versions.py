"""Forms and their versions: which version is the head, and what is returned for verification.

Invariant: a form has at most one head (the database's unique index says so too). The head moves only to a version
whose parent is the head, or to the first one of a form that has none; an ancestor that comes late takes its place
in the past; anything else is a rival. When the head leaves or moves, a rival waiting for exactly that is taken up.
Runs inside the caller's transaction.
"""

from __future__ import annotations

import json

from app.domain.c1form import C1Key
from app.domain.wilayah import TpsId
from sync.central import feed, shelf
from sync.central.centre import Centre
from sync.central.database import one
from sync.central.driver import Connection, Row
from sync.wire import EventKind, PageRef


def by_hash(con: Connection, key: str, values_hash: str, repeat: int | None = None) -> Row | None:
    """The version with these values; the newest repeat unless one is named."""
    if repeat is None:
        return one(
            con,
            "SELECT * FROM version WHERE key = ? AND values_hash = ? ORDER BY repeat DESC LIMIT 1",
            key,
            values_hash,
        )
    return one(
        con,
        "SELECT * FROM version WHERE key = ? AND values_hash = ? AND repeat = ?",
        key,
        values_hash,
        repeat,
    )


def head_of(con: Connection, key: str) -> Row | None:
    """The version that counts, or None."""
    return one(con, "SELECT * FROM version WHERE key = ? AND state = 'head'", key)


def district_of(con: Connection, key: str) -> str:
    row = one(con, "SELECT district FROM form WHERE key = ?", key)
    return str(row["district"]) if row else key[:4]


def state_for(con: Connection, key: str, values_hash: str, parent: str | None, repeat: int) -> str:
    """What a new version of this form will be: `head`, `superseded` (an ancestor come late) or `rival`."""
    head = head_of(con, key)
    if head is None:
        return "head"  # nothing to compete with: an office that worked offline sends only its newest version
    if parent == head["values_hash"]:
        return "head"
    if repeat == 0 and _is_ancestor(con, key, head, values_hash):
        return "superseded"
    return "rival"


def is_before_head(con: Connection, key: str, values_hash: str) -> bool:
    """True when the form has a head and these values are what it corrects."""
    head = head_of(con, key)
    return head is not None and _is_ancestor(con, key, head, values_hash)


def _is_ancestor(con: Connection, key: str, head: Row, values_hash: str) -> bool:
    """True when the head's chain of parents names this hash."""
    seen: set[str] = set()
    row: Row | None = head
    while row is not None and row["parent"] is not None and row["parent"] not in seen:
        if row["parent"] == values_hash:
            return True
        seen.add(row["parent"])
        row = by_hash(con, key, row["parent"])
    return False


def place_ancestors(con: Connection, key: str) -> None:
    """Rivals that turn out to be ancestors of the head (the link between came late) take their place in the past."""
    head = head_of(con, key)
    if head is None:
        return
    for rival in con.execute(
        "SELECT id, values_hash FROM version WHERE key = ? AND state = 'rival' AND repeat = 0", (key,)
    ).fetchall():
        if _is_ancestor(con, key, head, rival["values_hash"]):
            con.execute("UPDATE version SET state = 'superseded' WHERE id = ?", (rival["id"],))


def put_head(con: Connection, centre: Centre, key: str, version: int) -> None:
    """Make this version the head, return it, and take up a rival that continues it."""
    con.execute("UPDATE version SET state = 'superseded' WHERE key = ? AND state = 'head'", (key,))
    con.execute("UPDATE version SET state = 'head' WHERE id = ?", (version,))
    con.execute("UPDATE form SET head = ? WHERE key = ?", (version, key))
    if centre.switches.auto_return:
        give_back(con, centre, key)
    consider(con, key)
    values_hash = one(con, "SELECT values_hash FROM version WHERE id = ?", version)
    waiting = one(
        con,
        "SELECT id FROM version WHERE key = ? AND state = 'rival' AND parent = ? ORDER BY id LIMIT 1",
        key,
        values_hash["values_hash"] if values_hash else None,
    )
    if waiting is not None:
        put_head(con, centre, key, waiting["id"])


def take_up(con: Connection, centre: Centre, version: Row, parent: str | None) -> Row:
    """A rival that somebody names as what follows the head becomes the head; returns the version as it stands then."""
    head = head_of(con, version["key"])
    if version["state"] != "rival" or head is None or parent != head["values_hash"]:
        return version
    con.execute("UPDATE version SET parent = ? WHERE id = ?", (parent, version["id"]))
    put_head(con, centre, version["key"], version["id"])
    place_ancestors(con, version["key"])
    return by_hash(con, version["key"], version["values_hash"], version["repeat"]) or version


def drop_head(con: Connection, centre: Centre, key: str, head: int) -> None:
    """This head was withdrawn: the oldest rival that competed with it takes its place, or the form has none.

    A rival older than the head competed with an earlier one, and the head was the answer to that.
    """
    con.execute("UPDATE form SET head = NULL WHERE key = ?", (key,))
    rival = one(
        con,
        "SELECT id FROM version WHERE key = ? AND state = 'rival' AND id > ? ORDER BY id LIMIT 1",
        key,
        head,
    )
    if rival is not None:
        put_head(con, centre, key, rival["id"])


def pages_of(con: Connection, version: int) -> list[PageRef]:
    """The pages this version names, by number."""
    rows = con.execute("SELECT n, sha256, bytes FROM page WHERE version = ? ORDER BY n", (version,))
    return [PageRef(n=row["n"], sha256=row["sha256"], bytes=row["bytes"]) for row in rows]


def held_pages(con: Connection, centre: Centre, district: str, version: int) -> list[PageRef]:
    """Of these, the ones whose scan this district has delivered and that are still here."""
    rows = con.execute(
        "SELECT n, page.sha256, page.bytes, scan.bytes AS size FROM page"
        " JOIN scan ON scan.sha256 = page.sha256 AND scan.district = ? WHERE version = ? ORDER BY n",
        (district, version),
    )
    return [
        PageRef(n=row["n"], sha256=row["sha256"], bytes=row["bytes"])
        for row in rows
        if shelf.has(centre.settings.scans, row["sha256"], row["size"])
    ]


def give_back(con: Connection, centre: Centre, key: str) -> bool:
    """Return the head for verification: the centre's own cells and the pages it holds. False when nothing is new."""
    head = head_of(con, key)
    if head is None:
        return False
    district = district_of(con, key)
    pages = held_pages(con, centre, district, head["id"])
    told = " ".join(f"{page.n}:{page.sha256}" for page in pages)
    if head["returned_n"] is not None and head["returned_pages"] == told:
        return False
    number = feed.add(con, centre, district, EventKind.RETURNED, **facts(head), pages=pages)
    con.execute(
        "UPDATE version SET returned_n = ?, returned_pages = ? WHERE id = ?", (number, told, head["id"])
    )
    return True


def facts(version: Row) -> dict[str, object]:
    """What every event about a version says."""
    key = key_of(version["key"])
    repeat = {"repeat": version["repeat"]} if version["repeat"] else {}
    return {
        **repeat,
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "values_hash": version["values_hash"],
        "cells": json.loads(version["cells"]),
    }


def pages_came(con: Connection, centre: Centre, district: str, sha256: str) -> None:
    """A scan arrived: forms it completes are returned again with their pages, and considered for publication."""
    rows = con.execute(
        "SELECT DISTINCT version.id, version.key, version.returned_n"
        " FROM page JOIN version ON version.id = page.version JOIN form ON form.key = version.key"
        " WHERE page.sha256 = ? AND version.state = 'head' AND form.district = ?",
        (sha256, district),
    ).fetchall()
    for row in rows:
        pages_changed(con, centre, district, row)


def pages_changed(con: Connection, centre: Centre, district: str, version: Row) -> None:
    """The head's pages are other than before; return it again once they are complete."""
    consider(con, version["key"])
    if version["returned_n"] is None or not centre.switches.auto_return:
        return
    needed = {page.n for page in centre.forms[key_of(version["key"]).form].pages}
    if needed <= {page.n for page in held_pages(con, centre, district, version["id"])}:
        give_back(con, centre, version["key"])


def consider(con: Connection, key: str) -> None:
    """Ask the publisher to look at this form again."""
    con.execute("INSERT OR IGNORE INTO to_consider VALUES (?)", (key,))


def key_of(text: str) -> C1Key:
    """`C1Key.text()` back to a key; raises ValueError."""
    tps, form, number = text.split("/")
    return C1Key(TpsId.parse(tps), form, int(number))
