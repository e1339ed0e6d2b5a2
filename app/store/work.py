"""What there is to read: the next form and the lists, by reading and rank, without the person's own forms."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.readings import Order
from app.store.c1 import key_of
from app.store.driver import Connection
from app.store.facts import RANK_ABSENT, RANK_UNKNOWN
from app.store.register import match_query

# A hand in any other reading of the present generation bars from this one, takeovers included.
_NOT_MINE = (
    "NOT EXISTS (SELECT 1 FROM reading r WHERE r.c1 = c.id AND r.generation = c.generation "
    "AND r.ordinal <> c.needs AND (r.by = :person OR EXISTS "
    "(SELECT 1 FROM json_each(r.taken_over_from) t WHERE t.value = :person)))"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form that needs a reading; nothing of what was read."""

    key: C1Key
    desa_name: str
    kecamatan_name: str
    pages_in: int
    page_count: int
    since: float | None
    lacking: tuple[int, ...]  # pages that a reading begun lacks
    is_absent: bool  # and none of them is here


def next_key(connection: Connection, order: Order, person: str) -> C1Key | None:
    """The best next form nobody has open: begun and scanned, scanned, in paper order; none whose page is absent."""
    row = connection.execute(
        "SELECT c.tps, c.form, c.round FROM c1 c WHERE c.needs = :needs AND c.draft IS NULL "  # noqa: S608 - constants
        f"AND c.work_rank < {RANK_ABSENT} AND {_NOT_MINE} ORDER BY c.work_rank, c.tps, c.form, c.round LIMIT 1",
        {"needs": int(order), "person": person},
    ).fetchone()
    return key_of(row) if row else None


def waiting(
    connection: Connection, order: Order, person: str, text: str, limit: int, offset: int
) -> list[Waiting]:
    """The list behind `next_key`."""
    query = match_query(text)
    match = (
        "AND c.station IN (SELECT rowid FROM station_search WHERE station_search MATCH :query) "
        if query
        else ""
    )
    rows = connection.execute(
        "SELECT c.tps, c.form, c.round, s.desa_name, s.kecamatan_name, c.pages_in, c.page_count, c.outcome_since, "  # noqa: S608 - constants
        "c.received_at, c.lacking, c.work_rank FROM c1 c JOIN station s ON s.id = c.station "
        "WHERE c.needs = :needs AND c.draft IS NULL "
        f"{match}AND {_NOT_MINE} ORDER BY c.work_rank, c.tps, c.form, c.round LIMIT :limit OFFSET :offset",
        {"needs": int(order), "person": person, "query": query, "limit": limit, "offset": offset},
    )
    return [
        Waiting(
            key_of(row),
            str(row["desa_name"]),
            str(row["kecamatan_name"]),
            int(row["pages_in"]),
            int(row["page_count"]),
            row["outcome_since"] if row["outcome_since"] is not None else row["received_at"],
            tuple(int(page) for page in json.loads(row["lacking"])),
            row["work_rank"] == RANK_ABSENT,
        )
        for row in rows
    ]


def count(connection: Connection, order: Order, person: str, *, only_received: bool = False) -> int:
    """How many forms this person could read now; `only_received`: those with paper or pages here, and none that only
    waits for its page."""
    received = f"AND c.work_rank < {RANK_UNKNOWN} " if only_received else ""
    row = connection.execute(
        f"SELECT count(*) FROM c1 c WHERE c.needs = :needs AND c.draft IS NULL {received}AND {_NOT_MINE}",  # noqa: S608 - constants
        {"needs": int(order), "person": person},
    ).fetchone()
    return int(row[0])


def drafts(connection: Connection, person: str) -> int:
    """How many readings this person left open."""
    row = connection.execute(
        "SELECT count(*) FROM reading WHERE by = ? AND state = 'draft' AND id IN (SELECT draft FROM c1)",
        (person,),
    ).fetchone()
    return int(row[0])
