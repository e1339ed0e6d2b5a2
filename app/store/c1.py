"""Rows of `c1`: one a form. Looks them up; the facts on them are `app.store.facts`' alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.lifecycle import VersionState
from app.domain.readings import Outcome
from app.domain.wilayah import TpsId
from app.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class C1Row:
    """A form as stored. `generation` counts fresh starts (corrections, withdrawals); `head` is a version's row."""

    id: int
    key: C1Key
    generation: int
    outcome: Outcome
    draft: int | None
    head: int | None
    head_state: VersionState | None
    page_count: int
    readings_needed: int
    profile: str


_SELECT = (
    "SELECT id, tps, form, round, generation, outcome, draft, head, head_state, page_count, readings_needed, profile "
    "FROM c1"
)


def find(connection: Connection, key: C1Key) -> C1Row | None:
    """The form's row, if this district expects it."""
    row = connection.execute(
        f"{_SELECT} WHERE tps = ? AND form = ? AND round = ?", (key.tps, key.form, key.round)
    ).fetchone()
    return _row(row) if row else None


def by_id(connection: Connection, c1: int) -> C1Row:
    """A row that is known to exist."""
    return _row(connection.execute(f"{_SELECT} WHERE id = ?", (c1,)).fetchone())


def rounds(connection: Connection, key: C1Key) -> list[int]:
    """Rounds known for this station and form."""
    rows = connection.execute(
        "SELECT round FROM c1 WHERE tps = ? AND form = ? ORDER BY round", (key.tps, key.form)
    )
    return [int(row[0]) for row in rows]


def next_generation(connection: Connection, c1: int) -> None:
    """Start the readings afresh; the earlier ones stay for the history."""
    connection.execute("UPDATE c1 SET generation = generation + 1, draft = NULL WHERE id = ?", (c1,))


def set_draft(connection: Connection, c1: int, reading: int | None) -> None:
    """Reserve the form for a draft, or free it."""
    connection.execute("UPDATE c1 SET draft = ? WHERE id = ?", (reading, c1))


def set_head(connection: Connection, c1: int, version: int | None) -> None:
    """The version that counts now; None after a withdrawal."""
    connection.execute("UPDATE c1 SET head = ? WHERE id = ?", (version, c1))


def key_of(row: Row) -> C1Key:
    """The key from a row with tps, form and round."""
    return C1Key(TpsId(row["tps"]), str(row["form"]), int(row["round"]))


def _row(row: Row) -> C1Row:
    return C1Row(
        id=int(row["id"]),
        key=key_of(row),
        generation=int(row["generation"]),
        outcome=Outcome(row["outcome"]),
        draft=row["draft"],
        head=row["head"],
        head_state=None if row["head_state"] is None else VersionState(row["head_state"]),
        page_count=int(row["page_count"]),
        readings_needed=int(row["readings_needed"]),
        profile=str(row["profile"]),
    )
