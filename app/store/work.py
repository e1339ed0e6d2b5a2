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

DESA_DIGITS = 10  # of a desa's code; a kecamatan's has six

# A hand in any other reading of the present generation bars from this one, takeovers included.
_NOT_MINE = (
    "NOT EXISTS (SELECT 1 FROM reading r WHERE r.c1 = c.id AND r.generation = c.generation "
    "AND r.ordinal <> c.needs AND (r.by = :person OR EXISTS "
    "(SELECT 1 FROM json_each(r.taken_over_from) t WHERE t.value = :person)))"
)


# PPWP of every TPS before the first of the other ballots: those are the numbers the public waits for.
WORK_ORDER = "c.work_rank, c.ballot, c.tps, c.form, c.round"


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


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A part of a work list: search words, code of a kecamatan or desa, ballot; empty = all of it."""

    text: str = ""
    area: str = ""
    form: str = ""

    def sql(self) -> tuple[str, dict[str, str]]:
        """Conditions on `c1 c`, each with its `AND`, and their values."""
        parts, values = [], {"area": self.area, "form": self.form}
        query = match_query(self.text)
        if query:
            parts.append("c.station IN (SELECT rowid FROM station_search WHERE station_search MATCH :query)")
            values["query"] = query
        if self.area:
            parts.append("c.desa = :area" if len(self.area) >= DESA_DIGITS else "c.kecamatan = :area")
        if self.form:
            parts.append("c.form = :form")
        return "".join(f"AND {one} " for one in parts), values


def next_key(connection: Connection, order: Order, person: str) -> C1Key | None:
    """The best next form nobody has open: begun and scanned, scanned, PPWP first; none whose page is absent."""
    row = connection.execute(
        "SELECT c.tps, c.form, c.round FROM c1 c WHERE c.needs = :needs AND c.draft IS NULL "  # noqa: S608 - constants
        f"AND c.work_rank < {RANK_ABSENT} AND {_NOT_MINE} ORDER BY {WORK_ORDER} LIMIT 1",
        {"needs": int(order), "person": person},
    ).fetchone()
    return key_of(row) if row else None


def waiting(
    connection: Connection, order: Order, person: str, wanted: Narrowed, limit: int, offset: int
) -> list[Waiting]:
    """The list behind `next_key`."""
    match, values = wanted.sql()
    rows = connection.execute(
        "SELECT c.tps, c.form, c.round, s.desa_name, s.kecamatan_name, c.pages_in, c.page_count, c.outcome_since, "  # noqa: S608 - constants
        "c.received_at, c.lacking, c.work_rank FROM c1 c JOIN station s ON s.id = c.station "
        "WHERE c.needs = :needs AND c.draft IS NULL "
        f"{match}AND {_NOT_MINE} ORDER BY {WORK_ORDER} LIMIT :limit OFFSET :offset",
        {**values, "needs": int(order), "person": person, "limit": limit, "offset": offset},
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


def count(
    connection: Connection,
    order: Order,
    person: str,
    wanted: Narrowed | None = None,
    *,
    only_received: bool = False,
) -> int:
    """How many forms this person could read now; `only_received`: those with paper or pages here, and none that only
    waits for its page."""
    match, values = (wanted or Narrowed()).sql()
    received = f"AND c.work_rank < {RANK_UNKNOWN} " if only_received else ""
    row = connection.execute(
        f"SELECT count(*) FROM c1 c WHERE c.needs = :needs AND c.draft IS NULL "  # noqa: S608 - constants
        f"{received}{match}AND {_NOT_MINE}",
        {**values, "needs": int(order), "person": person},
    ).fetchone()
    return int(row[0])


def drafts(connection: Connection, person: str) -> int:
    """How many readings this person left open."""
    row = connection.execute(
        "SELECT count(*) FROM reading WHERE by = ? AND state = 'draft' AND id IN (SELECT draft FROM c1)",
        (person,),
    ).fetchone()
    return int(row[0])
