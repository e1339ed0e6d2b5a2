"""Versions: what was read, as it goes to the centre. At most one open version a form, its head.

State changes are guarded by the lifecycle table in SQL: an UPDATE that finds the row elsewhere changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import Cell, cell_from_json, cells_from_json, cells_to_json
from app.domain.lifecycle import VERSION, IllegalTransition, VersionEvent, VersionState, sources, target
from app.domain.readings import Order, Outcome
from app.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as stored; `number` counts the form's versions from 1."""

    id: int
    c1: int
    generation: int
    values_hash: str
    repeat: int
    parent: str | None
    cause: str
    cells: dict[str, Cell]
    state: VersionState
    number: int
    state_at: float
    sent_at: float | None
    at_centre_at: float | None
    returned_at: float | None


_SELECT = (
    "SELECT id, c1, generation, values_hash, repeat, parent, cause, cells, state, number, state_at, sent_at, "
    "at_centre_at, returned_at FROM version"
)
_TIMES = {  # the fact a state change brings
    VersionEvent.RECEIVE: "at_centre_at",
    VersionEvent.RETURN: "returned_at",
    VersionEvent.CONFIRM: "verified_at",
    VersionEvent.PUBLISH: "public_at",
}


def by_id(connection: Connection, version: int) -> VersionRow:
    """A version that is known to exist."""
    return _row(connection.execute(f"{_SELECT} WHERE id = ?", (version,)).fetchone())


def find(connection: Connection, c1: int, values_hash: str, repeat: int | None = None) -> VersionRow | None:
    """The version of the form with these values: that repeat of them, or the newest."""
    row = connection.execute(
        f"{_SELECT} WHERE c1 = ? AND values_hash = ? AND repeat = coalesce(?, repeat) ORDER BY number DESC LIMIT 1",
        (c1, values_hash, repeat),
    ).fetchone()
    return _row(row) if row else None


def of_form(connection: Connection, c1: int) -> list[VersionRow]:
    """All versions, oldest first."""
    return [_row(row) for row in connection.execute(f"{_SELECT} WHERE c1 = ? ORDER BY number", (c1,))]


def beside(connection: Connection, key: C1Key, reader: str) -> dict[str, dict[str, Cell]]:
    """Form id -> what this reader may see of the station's other forms of the same round.

    That is the head of a settled form, and of any other what this person read of it first or second, all parts of it.
    """
    rows = connection.execute(
        "SELECT c1.form, coalesce(version.cells, reading.cells) AS cells FROM c1 "
        "LEFT JOIN version ON version.id = c1.head AND c1.outcome = ? AND c1.head_state <> ? "
        "LEFT JOIN reading ON reading.c1 = c1.id AND reading.generation = c1.generation "
        "AND reading.by = ? AND reading.ordinal IN (?, ?) "
        "WHERE c1.tps = ? AND c1.round = ? AND c1.form <> ?",
        (
            Outcome.SETTLED,
            VersionState.WITHDRAWN,
            reader,
            Order.FIRST,
            Order.SECOND,
            key.tps,
            key.round,
            key.form,
        ),
    )
    found: dict[str, dict[str, Cell]] = {}
    for row in rows:
        if row["cells"]:
            found.setdefault(row["form"], {}).update(cells_from_json(json.loads(row["cells"])))
    return found


def settled_around(connection: Connection, key: C1Key, boxes: Sequence[str]) -> list[dict[str, Cell]]:
    """These boxes of the same form at the desa's other stations, of settled forms alone; boxes not read are missing."""
    columns = ", ".join("json_extract(version.cells, ?)" for _ in boxes)
    rows = connection.execute(
        f"SELECT {columns} FROM c1 JOIN version ON version.id = c1.head "  # noqa: S608 - marks only
        "WHERE c1.tps BETWEEN ? || '000' AND ? || '999' AND c1.form = ? AND c1.round = ? AND c1.tps <> ? "
        "AND c1.outcome = ? AND c1.head_state <> ?",
        (
            *(f'$."{box}"' for box in boxes),
            key.tps.desa,
            key.tps.desa,
            key.form,
            key.round,
            key.tps,
            Outcome.SETTLED,
            VersionState.WITHDRAWN,
        ),
    )
    return [
        {box: cell_from_json(value) for box, value in zip(boxes, row, strict=True) if value is not None}
        for row in rows
    ]


def add(
    connection: Connection,
    c1: int,
    generation: int,
    values_hash: str,
    cells: Mapping[str, Cell],
    parent: str | None,
    cause: str,
    now: float,
) -> int:
    """A new version, Ready; returns its id."""
    number, repeat = connection.execute(
        "SELECT count(*) + 1, count(*) FILTER (WHERE values_hash = ?) FROM version WHERE c1 = ?",
        (values_hash, c1),
    ).fetchone()
    cursor = connection.execute(
        "INSERT INTO version (c1, generation, values_hash, repeat, parent, cause, cells, state, number, "
        "created_at, state_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            c1,
            generation,
            values_hash,
            repeat,
            parent,
            cause,
            json.dumps(cells_to_json(cells)),
            VersionState.READY.value,
            number,
            now,
            now,
        ),
    )
    return int(cursor.lastrowid or 0)


def try_move(connection: Connection, version: int, event: VersionEvent, now: float) -> bool:
    """Apply an event where it is legal; False when the version stands elsewhere (news that came late or twice)."""
    states = sources(VERSION, event)
    marks = ", ".join("?" * len(states))
    changed = connection.execute(
        f"UPDATE version SET state = ?, state_at = ? WHERE id = ? AND state IN ({marks})",  # noqa: S608 - marks only
        (target(VERSION, event).value, now, version, *states),
    ).rowcount
    if changed and event in (VersionEvent.DISPUTE, VersionEvent.RIVAL):  # the ok verdict no longer stands
        connection.execute("UPDATE version SET verified_at = NULL WHERE id = ?", (version,))
    elif changed and event in _TIMES:
        note_time(connection, version, _TIMES[event], now)
    return bool(changed)


def move(connection: Connection, version: int, event: VersionEvent, now: float) -> None:
    """Apply an event that must be legal. Raises IllegalTransition."""
    if not try_move(connection, version, event, now):
        raise IllegalTransition(f"{event} of version {version}")


def note_time(connection: Connection, version: int, column: str, now: float) -> None:
    """Keep when something first happened; `column` is one of the version's times."""
    if column not in {"sent_at", "at_centre_at", "returned_at", "verified_at", "public_at"}:
        raise ValueError(column)
    connection.execute(
        f"UPDATE version SET {column} = coalesce({column}, ?) WHERE id = ?",  # noqa: S608 - checked above
        (now, version),
    )


def unsend(connection: Connection, version: int) -> None:
    """What was tried did not arrive: it is not sent, unless the centre said it has it."""
    connection.execute(
        "UPDATE version SET sent_at = NULL WHERE id = ? AND at_centre_at IS NULL AND returned_at IS NULL",
        (version,),
    )


def forget_centre(connection: Connection, version: int) -> None:
    """The centre lost it: nothing it said about this version counts any more."""
    connection.execute(
        "UPDATE version SET sent_at = NULL, at_centre_at = NULL, returned_at = NULL, verified_at = NULL, "
        "public_at = NULL WHERE id = ?",
        (version,),
    )
    connection.execute("DELETE FROM returned WHERE version = ?", (version,))


def _row(row: Row) -> VersionRow:
    return VersionRow(
        id=int(row["id"]),
        c1=int(row["c1"]),
        generation=int(row["generation"]),
        values_hash=str(row["values_hash"]),
        repeat=int(row["repeat"]),
        parent=row["parent"],
        cause=str(row["cause"]),
        cells=cells_from_json(json.loads(row["cells"])),
        state=VersionState(row["state"]),
        number=int(row["number"]),
        state_at=float(row["state_at"]),
        sent_at=row["sent_at"],
        at_centre_at=row["at_centre_at"],
        returned_at=row["returned_at"],
    )


def freeze(connection: Connection, version: int, body: str | None) -> None:
    """Keep the record as it was sent, while the reading behind it is open again; None to forget it."""
    connection.execute("UPDATE version SET frozen = ? WHERE id = ?", (body, version))


def frozen(connection: Connection, version: int) -> str | None:
    """The record kept by `freeze`."""
    row = connection.execute("SELECT frozen FROM version WHERE id = ?", (version,)).fetchone()
    return None if row["frozen"] is None else str(row["frozen"])
