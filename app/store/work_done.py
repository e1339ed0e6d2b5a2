"""Reads for the reports: what was done in a stretch of time, by whom, and what is open. Times in seconds since 1970."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import Cell, cells_from_json
from app.domain.readings import Order
from app.domain.times import iso
from app.store.c1 import key_of
from app.store.driver import Connection
from app.store.reports import COLUMN_OF, COUNTED, FACTS, Counts, counts_of

# A first reading that nobody keyed: whoever moved the form here, or corrected it, signed what others had read. After a
# withdrawal another paper is keyed anew.
_CARRIED = (
    "(r.ordinal = 1 AND (EXISTS (SELECT 1 FROM version m WHERE m.c1 = r.c1 AND m.generation = r.generation "
    "AND m.cause = 'moved') OR r.generation > 1 AND NOT EXISTS (SELECT 1 FROM version w WHERE w.c1 = r.c1 "
    "AND w.generation = r.generation - 1 AND w.state = 'withdrawn')))"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reading that is not finished, as it stands."""

    key: C1Key
    order: Order
    by: str
    started: str  # ISO
    boxes: int
    keyed: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A finished reading beside what was settled; `cells` are None where every box agreed."""

    by: str
    boxes: int
    cells: dict[str, Cell] | None
    settled: dict[str, Cell]


def readings_by(connection: Connection, start: float, end: float) -> dict[tuple[str, Order], int]:
    """Forms read in [start, end): (person, which reading) -> how many. Of several pages read apart, one form.

    Whoever corrected a form, or moved it to its TPS, signed what others had keyed: that is no reading of theirs.
    """
    rows = connection.execute(
        "SELECT by, ordinal, count(DISTINCT c1 || '/' || generation) AS n FROM reading r "  # noqa: S608 - constant text
        f"WHERE finished_at >= ? AND finished_at < ? AND cells IS NOT NULL AND NOT {_CARRIED} GROUP BY by, ordinal",
        (start, end),
    )
    return {(str(row["by"]), Order(row["ordinal"])): int(row["n"]) for row in rows}


def verdicts_by(connection: Connection, start: float, end: float) -> dict[str, int]:
    """Forms compared with what the centre returned: person -> how many. A second verdict on a version is one form."""
    rows = connection.execute(
        "SELECT by, count(DISTINCT version) AS n FROM verdict WHERE at >= ? AND at < ? GROUP BY by",
        (iso(start), iso(end)),
    )
    return {str(row["by"]): int(row["n"]) for row in rows}


def pages_by(connection: Connection, start: float, end: float) -> dict[str, int]:
    """Pages taken in: person ("" for the watched folder) -> how many."""
    rows = connection.execute(
        "SELECT by, count(*) AS n FROM page WHERE at >= ? AND at < ? GROUP BY by", (start, end)
    )
    return {str(row["by"]): int(row["n"]) for row in rows}


def reached(connection: Connection, start: float, end: float) -> dict[str, int]:
    """Fact of the funnel -> how many forms came to it in [start, end)."""
    sums = ", ".join(
        f"coalesce(sum({COLUMN_OF[one]} >= :start AND {COLUMN_OF[one]} < :end), 0)" for one in FACTS
    )
    row = connection.execute(f"SELECT {sums} FROM c1", {"start": start, "end": end}).fetchone()  # noqa: S608 - constants
    return {fact: int(n) for fact, n in zip(FACTS, row, strict=True)}


def funnel_by_form(connection: Connection) -> dict[str, Counts]:
    """The funnel of each ballot: form id -> numbers."""
    rows = connection.execute(f"SELECT form, {COUNTED} FROM c1 GROUP BY form")  # noqa: S608 - constant text
    return {str(row["form"]): counts_of(row) for row in rows}


def drafts(connection: Connection) -> list[Draft]:
    """Every reading that is open, oldest first."""
    rows = connection.execute(
        "SELECT c.tps, c.form, c.round, r.ordinal, r.by, r.started, json_array_length(r.fields) AS boxes, "
        "(SELECT count(*) FROM draft_cell d WHERE d.reading = r.id) AS keyed "
        "FROM c1 c JOIN reading r ON r.id = c.draft WHERE c.draft IS NOT NULL ORDER BY r.started, c.tps"
    )
    return [
        Draft(key_of(row), Order(row["ordinal"]), row["by"], row["started"], row["boxes"], row["keyed"])
        for row in rows
    ]


def forms_to_look_at(connection: Connection) -> list[int]:
    """Forms that may have a broken sum: a reason was given in a reading that stands, boxes were settled singly, or what
    was corrected or moved waits for its reason at verification."""
    rows = connection.execute(
        "SELECT DISTINCT c.id, c.tps, c.form, c.round FROM c1 c "
        "JOIN reading r ON r.c1 = c.id AND r.generation = c.generation WHERE c.head IS NOT NULL "
        "AND (r.ordinal >= 3 OR c.generation > 1 OR EXISTS "
        "(SELECT 1 FROM acceptance a WHERE a.reading = r.id AND a.lapsed_at IS NULL)) "
        "ORDER BY c.tps, c.form, c.round"
    )
    return [int(row["id"]) for row in rows]


def compared(connection: Connection) -> Iterator[Compared]:
    """Every reading of a settled form beside what was settled. Only those that differ somewhere are decoded.

    A first and a second reading of whole forms carry the hash of their values: the settled one's means all agree.
    Only boxes that were asked count: a second reading after a correction holds more, as its reader read them before;
    and a first reading by whoever corrected or moved the form is made of what others keyed.
    """
    rows = connection.execute(
        "SELECT r.by, r.values_hash = v.values_hash AS agrees, r.cells, r.fields, "  # noqa: S608 - constant text
        "json_array_length(r.fields) AS boxes, "
        "v.cells AS settled FROM c1 c JOIN version v ON v.id = c.head "
        "JOIN reading r ON r.c1 = c.id AND r.generation = v.generation "
        "WHERE c.outcome = 'settled' AND c.readings_needed > 1 AND r.cells IS NOT NULL AND r.ordinal < ? "
        f"AND NOT {_CARRIED}",
        (int(Order.COORDINATOR),),
    )
    for row in rows:
        if row["agrees"]:
            yield Compared(str(row["by"]), int(row["boxes"]), None, {})
        else:
            cells, settled = (
                cells_from_json(json.loads(row["cells"])),
                cells_from_json(json.loads(row["settled"])),
            )
            asked = {box: cells[box] for box in json.loads(row["fields"]) if box in cells}
            yield Compared(str(row["by"]), len(asked), asked, settled)
