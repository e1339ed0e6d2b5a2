"""Reads for lists and counts: SQL with LIMIT and OFFSET over indexes, because a district has up to 75,000 forms."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.lifecycle import VersionState
from app.store.c1 import key_of
from app.store.driver import Connection, Row
from app.store.readings import NO_FIRST_HAND

FACTS = ("received", "scanned", "keyed", "second_read", "sent", "at_centre", "verified", "public")
COLUMN_OF = {fact: "second_at" if fact == "second_read" else f"{fact}_at" for fact in FACTS}


@dataclass(frozen=True, slots=True)
class Counts:
    """The funnel's numbers. `forms` are in the office's hands, `expected` are all of the district."""

    expected: int = 0
    forms: int = 0
    received: int = 0
    scanned: int = 0
    keyed: int = 0
    second_read: int = 0
    sent: int = 0
    at_centre: int = 0
    verified: int = 0
    public: int = 0


@dataclass(frozen=True, slots=True)
class MissingLine:
    key: C1Key
    page_count: int
    pages: frozenset[int]
    desa_name: str
    kecamatan_name: str


@dataclass(frozen=True, slots=True)
class SentForm:
    key: C1Key
    values_hash: str


_COUNT_NAMES = ("expected", "forms", *FACTS)
COUNTED = "count(*) AS expected, count(received_at) AS forms, " + ", ".join(
    f"count({COLUMN_OF[fact]}) AS {fact}" for fact in FACTS
)


def answers_owed(connection: Connection) -> int:
    """Forms whose head the centre has and has not answered: to be returned, or to be published."""
    states = (VersionState.AT_CENTRE.value, VersionState.VERDICT_AT_CENTRE.value)
    row = connection.execute("SELECT count(*) FROM c1 WHERE head_state IN (?, ?)", states).fetchone()
    return int(row[0])


def funnel(connection: Connection, form: str = "") -> Counts:
    """The whole district; `form` = of one ballot."""
    if form:
        row = connection.execute(f"SELECT {COUNTED} FROM c1 WHERE form = ?", (form,)).fetchone()  # noqa: S608 - constant
    else:
        row = connection.execute("SELECT * FROM funnel").fetchone()
    return counts_of(row)


def funnel_by(connection: Connection, parent: str, form: str = "") -> dict[str, Counts]:
    """Kecamatan of a kabupaten, or desa of a kecamatan: code -> numbers; `form` = of one ballot."""
    column, view = ("desa", "funnel_by_desa") if len(parent) >= 6 else ("kecamatan", "funnel_by_kecamatan")
    inside = "kecamatan = :parent" if len(parent) >= 6 else "TRUE"
    select = (
        f"SELECT {column} AS code, {COUNTED} FROM c1 WHERE {inside} AND form = :form GROUP BY {column}"  # noqa: S608 - constants
        if form
        else f"SELECT * FROM {view} WHERE {inside}"  # noqa: S608 - constants
    )
    rows = connection.execute(select, {"parent": parent, "form": form})
    return {str(row["code"]): counts_of(row) for row in rows}


def stations_by(connection: Connection, parent: str) -> dict[str, int]:
    """How many stations each of those areas has."""
    if len(parent) >= 6:
        rows = connection.execute(
            "SELECT desa AS code, count(*) AS n FROM station WHERE kecamatan = ? GROUP BY kecamatan, desa",
            (parent,),
        )
    else:
        rows = connection.execute("SELECT kecamatan AS code, count(*) AS n FROM station GROUP BY kecamatan")
    return {str(row["code"]): int(row["n"]) for row in rows}


def forms_missing_pages(connection: Connection, limit: int, tps: str = "") -> list[MissingLine]:
    """Forms whose paper is here and of which a sheet was not scanned; of one TPS, when it is named."""
    wanted = "AND c.tps = :tps " if tps else ""
    rows = connection.execute(
        "SELECT c.tps, c.form, c.round, c.page_count, s.desa_name, s.kecamatan_name, "  # noqa: S608 - constants
        "(SELECT json_group_array(p.n) FROM page p WHERE p.c1 = c.id AND p.state = 'assigned') AS pages "
        "FROM c1 c JOIN station s ON s.id = c.station WHERE c.received_at IS NOT NULL AND c.scanned_at IS NULL "
        f"{wanted}ORDER BY c.tps, c.ballot, c.form, c.round LIMIT :limit",
        {"limit": limit, "tps": tps},
    )
    return [
        MissingLine(
            key_of(row),
            int(row["page_count"]),
            frozenset(json.loads(row["pages"])),
            str(row["desa_name"]),
            str(row["kecamatan_name"]),
        )
        for row in rows
    ]


def sent_forms(connection: Connection, behind: C1Key | None, limit: int) -> list[SentForm]:
    """Forms of which the centre said it has a version, past a key, and those of which something was withdrawn there.
    What is on its way for the first time, and corrects nothing that came before it, needs no question: it goes anyway.
    """
    tps, form, round_ = (str(behind.tps), behind.form, behind.round) if behind else ("", "", 0)
    rows = connection.execute(
        "SELECT c.tps, c.form, c.round, coalesce(v.values_hash, '') AS values_hash "
        "FROM c1 c LEFT JOIN version v ON v.id = c.head WHERE (c.tps, c.form, c.round) > (?, ?, ?) "
        "AND (v.id IS NOT NULL AND EXISTS (SELECT 1 FROM version e WHERE e.c1 = c.id "
        "AND coalesce(e.at_centre_at, e.returned_at, e.public_at) IS NOT NULL) "
        "OR c.id IN (SELECT c1 FROM withdrawal)) "
        "ORDER BY c.tps, c.form, c.round LIMIT ?",
        (tps, form, round_, limit),
    )
    return [SentForm(key_of(row), str(row["values_hash"])) for row in rows]


def held_scans(connection: Connection, behind: str, limit: int) -> list[str]:
    """Images of which the centre said it has them, by their hashes, past one of these."""
    rows = connection.execute(
        "SELECT sha256 FROM scan WHERE sha256 > ? AND held_at IS NOT NULL ORDER BY sha256 LIMIT ?",
        (behind, limit),
    )
    return [str(row["sha256"]) for row in rows]


def returned_forms(connection: Connection, identical: bool | None, limit: int, offset: int) -> list[int]:
    """Forms that wait for a verdict, by TPS; none that was read in part."""
    rows = connection.execute(
        "SELECT c.id FROM c1 c JOIN returned r ON r.version = c.head WHERE c.head_state = ? AND c.keyed_at IS NOT NULL "
        "AND (? IS NULL OR r.is_identical = ?) ORDER BY c.tps, c.id LIMIT ? OFFSET ?",
        (VersionState.RETURNED.value, _bit(identical), _bit(identical), limit, offset),
    )
    return [int(row["id"]) for row in rows]


def returned_count(connection: Connection, identical: bool | None, person: str = "") -> int:
    """How many forms wait for a verdict; those of which `person` read the first reading do not wait for them."""
    row = connection.execute(
        "SELECT count(*) FROM c1 c JOIN returned r ON r.version = c.head WHERE c.head_state = :state "  # noqa: S608 - constants
        f"AND c.keyed_at IS NOT NULL AND (:bit IS NULL OR r.is_identical = :bit) AND {NO_FIRST_HAND}",
        {"state": VersionState.RETURNED.value, "bit": _bit(identical), "person": person},
    ).fetchone()
    return int(row[0])


def count_in_state(connection: Connection, state: VersionState) -> int:
    """Forms whose head stands there."""
    row = connection.execute("SELECT count(*) FROM c1 WHERE head_state = ?", (state.value,)).fetchone()
    return int(row[0])


def count_inbox(connection: Connection) -> int:
    """Pages nobody has placed."""
    return int(connection.execute("SELECT count(*) FROM page WHERE state = 'inbox'").fetchone()[0])


def count_missing(connection: Connection) -> int:
    """Forms whose paper is here and of which a sheet was not scanned."""
    row = connection.execute(
        "SELECT count(*) FROM c1 WHERE received_at IS NOT NULL AND scanned_at IS NULL"
    ).fetchone()
    return int(row[0])


def counts_of(row: Row) -> Counts:
    """A row of one of the funnel's views."""
    return Counts(*(int(row[name]) for name in _COUNT_NAMES))


def _bit(value: bool | None) -> int | None:
    return None if value is None else int(value)
