"""Readings: drafts kept per keystroke, finished readings with their values and signature, acceptances.

Invariants: the finished parts of one order and generation of a form share no box; a draft's cells stand in `draft_cell`
until it is finished, then as one JSON text on the reading; an acceptance whose cell changed is lapsed for good.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.cell import Cell, cell_from_json, cells_from_json, cells_to_json
from app.domain.lifecycle import READING, IllegalTransition, ReadingEvent, ReadingState, sources, target
from app.domain.readings import Order, Reading
from app.domain.times import iso
from app.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A part of a reading as stored; most have one. `cells` are the last finished ones (None: never finished)."""

    id: int
    c1: int
    generation: int
    order: Order
    part: int
    by: str
    state: ReadingState
    started: str
    finished: str | None
    taken_over_from: tuple[str, ...]
    fields: tuple[str, ...]
    cells: dict[str, Cell] | None
    values_hash: str | None
    signature: str | None
    current: str | None
    typed: str
    updated_at: float

    @property
    def people(self) -> frozenset[str]:
        return frozenset((self.by, *self.taken_over_from))

    def as_reading(self) -> Reading:
        """The domain's view of a finished reading."""
        return Reading(self.order, self.by, self.cells or {}, self.taken_over_from)


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """A finding accepted with its reason."""

    id: int
    reading: int
    code: str
    fingerprint: str
    depends_on: tuple[str, ...]
    reason: str
    note: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What finishing adds to a reading."""

    cells: Mapping[str, Cell]
    values_hash: str
    signature: str
    finished: str
    finished_at: float


# A condition on `c1 c`: :person had no hand in the first reading, and so may verify the form (`people.may_verify`).
NO_FIRST_HAND = (
    "NOT EXISTS (SELECT 1 FROM reading h WHERE h.c1 = c.id AND h.generation = c.generation AND h.ordinal = 1 "
    "AND (h.by = :person OR EXISTS (SELECT 1 FROM json_each(h.taken_over_from) t WHERE t.value = :person)))"
)
_SELECT = (
    "SELECT id, c1, generation, ordinal, part, by, state, started, finished, taken_over_from, fields, cells, "
    "values_hash, signature, current, typed, updated_at FROM reading"
)


def of_form(connection: Connection, c1: int, generation: int) -> list[ReadingRow]:
    """Readings of the form's present generation, first to coordinator, their parts as they were begun."""
    rows = connection.execute(
        f"{_SELECT} WHERE c1 = ? AND generation = ? ORDER BY ordinal, part", (c1, generation)
    )
    return [_row(row) for row in rows]


def hands(connection: Connection, c1: int, generation: int, order: Order) -> frozenset[str]:
    """Everybody who had a hand in a reading, whatever its parts."""
    rows = of_form(connection, c1, generation)
    return frozenset[str]().union(*(row.people for row in rows if row.order is order))


def given(connection: Connection, row: ReadingRow) -> dict[str, Cell]:
    """What the other parts of the same reading hold, as they were last finished."""
    rows = of_form(connection, row.c1, row.generation)
    parts = [one.cells for one in rows if one.order is row.order and one.id != row.id and one.cells]
    return {field: cell for cells in parts for field, cell in cells.items()}


def by_id(connection: Connection, reading: int) -> ReadingRow | None:
    """One reading."""
    row = connection.execute(f"{_SELECT} WHERE id = ?", (reading,)).fetchone()
    return _row(row) if row else None


def drafts_of(connection: Connection, person: str) -> list[ReadingRow]:
    """A person's unfinished readings, newest first."""
    rows = connection.execute(
        f"{_SELECT} WHERE by = ? AND state = 'draft' "  # noqa: S608 - constant text
        "AND id IN (SELECT draft FROM c1) ORDER BY updated_at DESC",
        (person,),
    )
    return [_row(row) for row in rows]


def newest_finished(connection: Connection, person: str, c1: int, generation: int) -> ReadingRow | None:
    """The person's last finished reading of the form."""
    row = connection.execute(
        f"{_SELECT} WHERE c1 = ? AND generation = ? AND by = ? AND state <> 'draft' "
        "ORDER BY ordinal DESC, part DESC LIMIT 1",
        (c1, generation, person),
    ).fetchone()
    return _row(row) if row else None


def last_finished(connection: Connection, person: str, orders: Iterable[Order]) -> int | None:
    """The form (c1) this person finished last, in one of the orders; withdrawn or corrected ones do not count."""
    wanted = ", ".join(str(int(one)) for one in orders)
    row = connection.execute(
        "SELECT reading.c1 FROM reading JOIN c1 ON c1.id = reading.c1 AND c1.generation = reading.generation "  # noqa: S608 - numbers of an enum
        f"WHERE reading.by = ? AND reading.state <> 'draft' AND reading.ordinal IN ({wanted}) "
        "ORDER BY reading.finished_at DESC, reading.id DESC LIMIT 1",
        (person,),
    ).fetchone()
    return int(row["c1"]) if row else None


def start(
    connection: Connection, c1: int, generation: int, order: Order, by: str, fields: Iterable[str], now: float
) -> int:
    """A new draft, the next part of its order; returns its id."""
    place = (c1, generation, int(order))
    cursor = connection.execute(
        "INSERT INTO reading (c1, generation, ordinal, part, by, state, started, fields, updated_at) VALUES (?, ?, ?, "
        "(SELECT coalesce(max(part), 0) + 1 FROM reading WHERE c1 = ? AND generation = ? AND ordinal = ?), "
        "?, ?, ?, ?, ?)",
        (*place, *place, by, ReadingState.DRAFT.value, iso(now), json.dumps(list(fields)), now),
    )
    return int(cursor.lastrowid or 0)


def hand_over(connection: Connection, reading: int, to: str, now: float) -> None:
    """The draft goes to somebody else; whoever had it stays named."""
    row = connection.execute("SELECT by, taken_over_from FROM reading WHERE id = ?", (reading,)).fetchone()
    before = [*json.loads(row["taken_over_from"]), str(row["by"])]
    names = [name for name in dict.fromkeys(before) if name != to]
    connection.execute(
        "UPDATE reading SET by = ?, taken_over_from = ?, updated_at = ? WHERE id = ? AND state = 'draft'",
        (to, json.dumps(names), now, reading),
    )


def ask(connection: Connection, reading: int, fields: Iterable[str]) -> None:
    """The draft asks these boxes from now on; what was typed stays."""
    connection.execute(
        "UPDATE reading SET fields = ? WHERE id = ? AND state = 'draft'", (json.dumps(list(fields)), reading)
    )


def rehome(connection: Connection, reading: int, c1: int, generation: int) -> None:
    """A draft goes to another form with what was typed."""
    connection.execute(
        "UPDATE reading SET c1 = ?, generation = ? WHERE id = ? AND state = 'draft'",
        (c1, generation, reading),
    )


def drop_untouched(connection: Connection, reading: int) -> bool:
    """Delete a draft in which nobody typed anything; False (and nothing changed) for any other reading.

    A later part shows sums with what was read before: whoever pressed a key in it has had a hand in that reading, also
    when nothing of it was left.
    """
    cursor = connection.execute(
        "DELETE FROM reading WHERE id = ? AND state = ? AND cells IS NULL AND typed = '' AND taken_over_from = '[]' "
        "AND (part = 1 OR current IS NULL) AND NOT EXISTS "
        "(SELECT 1 FROM draft_cell WHERE draft_cell.reading = reading.id)",
        (reading, ReadingState.DRAFT.value),
    )
    return bool(cursor.rowcount)


def draft_cells(connection: Connection, reading: int) -> dict[str, Cell]:
    """What has been keyed into a draft so far."""
    rows = connection.execute("SELECT field, cell FROM draft_cell WHERE reading = ?", (reading,))
    return {str(row["field"]): cell_from_json(json.loads(row["cell"])) for row in rows}


def save_cell(
    connection: Connection, reading: int, field: str, cell: Cell | None, current: str, typed: str, now: float
) -> bool:
    """Keep one keystroke; None takes the cell out. False when it is no draft's field; lapses what depended on it."""
    kept = connection.execute(
        "UPDATE reading SET current = ?, typed = ?, updated_at = ? WHERE id = ? AND state = 'draft' "
        "AND EXISTS (SELECT 1 FROM json_each(reading.fields) WHERE json_each.value = ?)",
        (current, typed, now, reading, field),
    ).rowcount
    if not kept:
        return False
    old = connection.execute(
        "SELECT cell FROM draft_cell WHERE reading = ? AND field = ?", (reading, field)
    ).fetchone()
    new = None if cell is None else json.dumps(cells_to_json({field: cell})[field])
    if (old["cell"] if old else None) == new:
        return True
    if new is None:
        connection.execute("DELETE FROM draft_cell WHERE reading = ? AND field = ?", (reading, field))
    else:
        connection.execute(
            "INSERT INTO draft_cell (reading, field, cell) VALUES (?, ?, ?) "
            "ON CONFLICT (reading, field) DO UPDATE SET cell = excluded.cell",
            (reading, field, new),
        )
    connection.execute(
        "UPDATE acceptance SET lapsed_at = ? WHERE reading = ? AND lapsed_at IS NULL AND EXISTS "
        "(SELECT 1 FROM json_each(acceptance.depends_on) WHERE json_each.value = ?)",
        (now, reading, field),
    )
    return True


def finish(connection: Connection, reading: int, signed: Signed, fields: Iterable[str]) -> None:
    """Draft -> Finished, with values and signature; `fields`: what was read, which may be pages of what was asked."""
    _move(connection, reading, ReadingEvent.FINISH)
    connection.execute(
        "UPDATE reading SET fields = ?, cells = ?, values_hash = ?, signature = ?, finished = ?, finished_at = ?, "
        "current = NULL, typed = '', updated_at = ? WHERE id = ?",
        (
            json.dumps(list(fields)),
            json.dumps(cells_to_json(signed.cells)),
            signed.values_hash,
            signed.signature,
            signed.finished,
            signed.finished_at,
            signed.finished_at,
            reading,
        ),
    )
    connection.execute("DELETE FROM draft_cell WHERE reading = ?", (reading,))


def reopen(connection: Connection, reading: int, cells: Mapping[str, Cell], now: float) -> None:
    """Finished -> Draft with its values; the signed ones stay until it is finished again."""
    _move(connection, reading, ReadingEvent.REOPEN)
    connection.executemany(
        "INSERT INTO draft_cell (reading, field, cell) VALUES (?, ?, ?)",
        ((reading, field, json.dumps(value)) for field, value in cells_to_json(cells).items()),
    )
    connection.execute("UPDATE reading SET updated_at = ? WHERE id = ?", (now, reading))


def move_all(connection: Connection, c1: int, generation: int, event: ReadingEvent) -> None:
    """Apply an event to every reading of the form that stands where it is legal."""
    states = sources(READING, event)
    marks = ", ".join("?" * len(states))
    connection.execute(
        f"UPDATE reading SET state = ? WHERE c1 = ? AND generation = ? AND state IN ({marks})",  # noqa: S608 - marks only
        (target(READING, event).value, c1, generation, *states),
    )


def _move(connection: Connection, reading: int, event: ReadingEvent) -> None:
    states = sources(READING, event)
    marks = ", ".join("?" * len(states))
    changed = connection.execute(
        f"UPDATE reading SET state = ? WHERE id = ? AND state IN ({marks})",  # noqa: S608 - marks only
        (target(READING, event).value, reading, *states),
    ).rowcount
    if changed != 1:
        raise IllegalTransition(f"{event} of reading {reading}")


def accept(connection: Connection, row: AcceptanceRow, now: float) -> None:
    """A new acceptance; an earlier one of the same check by this reading is replaced (lapses)."""
    connection.execute(
        "UPDATE acceptance SET lapsed_at = ? WHERE reading = ? AND code = ? AND lapsed_at IS NULL",
        (now, row.reading, row.code),
    )
    connection.execute(
        "INSERT INTO acceptance (reading, code, fingerprint, depends_on, reason, note, by, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.reading,
            row.code,
            row.fingerprint,
            json.dumps(list(row.depends_on)),
            row.reason,
            row.note,
            row.by,
            row.at,
        ),
    )


_ACCEPTANCE = (
    "SELECT a.id, a.reading, a.code, a.fingerprint, a.depends_on, a.reason, a.note, a.by, a.at "
    "FROM acceptance a"
)


def acceptances(connection: Connection, reading: int) -> list[AcceptanceRow]:
    """What stands accepted in one reading."""
    rows = connection.execute(
        f"{_ACCEPTANCE} WHERE a.reading = ? AND a.lapsed_at IS NULL ORDER BY a.id", (reading,)
    )
    return [_acceptance(row) for row in rows]


def acceptances_of_form(connection: Connection, c1: int, generation: int) -> list[AcceptanceRow]:
    """What stands accepted in any reading of the form's generation."""
    rows = connection.execute(
        f"{_ACCEPTANCE} JOIN reading r ON r.id = a.reading "
        "WHERE r.c1 = ? AND r.generation = ? AND a.lapsed_at IS NULL ORDER BY r.ordinal, r.part, a.id",
        (c1, generation),
    )
    return [_acceptance(row) for row in rows]


def _acceptance(row: Row) -> AcceptanceRow:
    return AcceptanceRow(
        int(row["id"]),
        int(row["reading"]),
        str(row["code"]),
        str(row["fingerprint"]),
        tuple(json.loads(row["depends_on"])),
        str(row["reason"]),
        str(row["note"]),
        str(row["by"]),
        str(row["at"]),
    )


def _row(row: Row) -> ReadingRow:
    return ReadingRow(
        id=int(row["id"]),
        c1=int(row["c1"]),
        generation=int(row["generation"]),
        order=Order(row["ordinal"]),
        part=int(row["part"]),
        by=str(row["by"]),
        state=ReadingState(row["state"]),
        started=str(row["started"]),
        finished=row["finished"],
        taken_over_from=tuple(json.loads(row["taken_over_from"])),
        fields=tuple(json.loads(row["fields"])),
        cells=None if row["cells"] is None else cells_from_json(json.loads(row["cells"])),
        values_hash=row["values_hash"],
        signature=row["signature"],
        current=row["current"],
        typed=str(row["typed"]),
        updated_at=float(row["updated_at"]),
    )
