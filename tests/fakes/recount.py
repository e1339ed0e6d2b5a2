"""The facts of every form computed again from the raw rows, by other code than `app.store.facts`."""

from __future__ import annotations

import json
from typing import Any

from app.domain.cell import cells_from_json
from app.domain.readings import Order, Reading, settle
from app.forms import load
from app.store.driver import Connection

NAMES = (
    "received_at",
    "scanned_at",
    "keyed_at",
    "second_at",
    "sent_at",
    "at_centre_at",
    "verified_at",
    "public_at",
)
Facts = dict[str, Any]


def kept(connection: Connection) -> dict[int, Facts]:
    """What the c1 rows say."""
    names = (*NAMES, "outcome", "head", "head_state", "pages_in")
    return {row["id"]: {name: row[name] for name in names} for row in connection.execute("SELECT * FROM c1")}


def recounted(connection: Connection) -> dict[int, Facts]:
    """What the raw rows say."""
    return {
        row["id"]: _one(connection, dict(row)) for row in connection.execute("SELECT * FROM c1").fetchall()
    }


def _all(connection: Connection, sql: str, *values: object) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sql, values)]


def _one(connection: Connection, c1: dict[str, Any]) -> Facts:
    readings = _all(
        connection,
        "SELECT * FROM reading WHERE c1 = ? AND generation = ? AND signature IS NOT NULL",
        c1["id"],
        c1["generation"],
    )
    pages = _all(connection, "SELECT n, at FROM page WHERE c1 = ? AND state = 'assigned'", c1["id"])
    arrivals = _all(connection, "SELECT at FROM arrival WHERE c1 = ?", c1["id"])
    open_ones = _all(
        connection,
        "SELECT * FROM version WHERE c1 = ? AND state NOT IN ('superseded', 'withdrawn')",
        c1["id"],
    )
    assert len(open_ones) <= 1, "a form has one head"
    head = open_ones[0] if open_ones else {}
    boxes = load(c1["form"]).profile(c1["profile"]).fields
    firsts, is_keyed = _times_of(readings, 1, boxes)
    seconds, is_read_twice = _times_of(readings, 2, boxes)
    centre = _earliest([head.get(name) for name in ("at_centre_at", "returned_at", "public_at")])
    shown = {row["n"] for row in pages}
    settled = settle(
        [
            Reading(Order(row["ordinal"]), row["by"], cells_from_json(json.loads(row["cells"])))
            for row in readings
        ],
        c1["readings_needed"],
        boxes,
    )
    verdict = _verified(head)
    counted = head if is_keyed else {}
    centre = centre if is_keyed else None
    return {
        "received_at": _earliest([*(row["at"] for row in (*arrivals, *pages)), *firsts]),
        "scanned_at": max(row["at"] for row in pages)
        if shown == set(range(1, c1["page_count"] + 1))
        else None,
        "keyed_at": max(firsts) if is_keyed else None,
        "second_at": max(seconds) if is_read_twice else None,
        "sent_at": counted.get("sent_at") if counted.get("sent_at") is not None else centre,
        "at_centre_at": centre,
        "verified_at": verdict if is_keyed and verdict is not None else counted.get("public_at"),
        "public_at": counted.get("public_at"),
        "outcome": settled.outcome.value,
        "head": head.get("id"),
        "head_state": head.get("state"),
        "pages_in": len(shown),
    }


def _times_of(
    readings: list[dict[str, Any]], ordinal: int, boxes: tuple[str, ...]
) -> tuple[list[float], bool]:
    """When the parts of this order were finished, and whether they are the whole of it."""
    parts = [row for row in readings if row["ordinal"] == ordinal]
    keyed = {box for row in parts for box in json.loads(row["cells"])}
    return [row["finished_at"] for row in parts], keyed >= set(boxes)


def _verified(head: dict[str, Any]) -> float | None:
    if head.get("state") not in ("verified", "verdict_at_centre", "public"):
        return None
    at: float | None = head["verified_at"]
    return at


def _earliest(times: list[Any]) -> Any:
    return min((one for one in times if one is not None), default=None)
