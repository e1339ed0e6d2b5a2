"""The one list over all forms: which, in which order, cut in SQL, because a district has up to 75,000 of them.

Where a form stands and since when are columns SQLite computes from the facts (`c1.stop`, `c1.stop_since`): a filter or
an order by them is an index's. No value of any form is read here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.c1form import C1Key
from app.domain.readings import Order
from app.store import public_looks
from app.store.c1 import key_of
from app.store.driver import Connection, Row
from app.store.facts import RANK_ABSENT, RANK_UNKNOWN
from app.store.register import match_query
from app.store.reports import COLUMN_OF

NOT_VISIBLE = "not_visible"
MANY_STATIONS = 1_000  # found by a search: beyond that it is quicker to walk the list and look each one up

# Forms of whose present readings somebody had a hand in one, takeovers included: it bars from the next.
_NOW = "r.generation = (SELECT f.generation FROM c1 f WHERE f.id = r.c1)"
_HAND = (
    f"SELECT r.c1 FROM reading r WHERE r.by = :{{who}} AND {_NOW}{{more}} UNION ALL SELECT r.c1 FROM reading r, "  # noqa: S608 - constants
    "json_each(r.taken_over_from) t WHERE r.taken_over_from <> '[]' AND t.value = :{who} "
    f"AND {_NOW}{{more}}"
)
AGE_ORDER = "c.stop_since IS NULL, c.stop_since, c.tps, c.ballot, c.form, c.round"
TPS_ORDER = "c.tps, c.ballot, c.form, c.round"


@dataclass(frozen=True, slots=True)
class Mine:
    """What a person may act on now, by what they may do (`app.services.forms_list.mine_of` says who may)."""

    person: str
    keys: bool = False  # first readings
    corrects: bool = False  # what was disputed, refused, or stands otherwise at the centre
    reads: bool = False  # later readings of what others keyed
    verifies: bool = False
    decides: bool = False
    scans: bool = False


@dataclass(frozen=True, slots=True)
class FormFilter:
    """Which forms. Empty = any. `area` = code of a kecamatan or desa; `has` and `lacks` = a fact of `reports.FACTS`;
    `stop` = one of `c1.stop`, or NOT_VISIBLE; `person` had a hand in its present readings;
    `before` = it has stood where it stands since before (seconds)."""

    text: str = ""
    area: str | None = None
    form: str = ""
    has: str = ""
    lacks: str = ""
    stop: str = ""
    person: str = ""
    before: float | None = None
    mine: Mine | None = None
    is_by_age: bool = False
    published_before: float = 0.0  # for NOT_VISIBLE: what was published since may still be on its way


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form with its facts (seconds since 1970). `hands` = the present readings the viewer had a hand in; `lacking` =
    page -> boxes that a reading begun lacks; `draft_order` = which reading is open, 0 = none."""

    id: int
    key: C1Key
    desa_name: str
    kecamatan_name: str
    outcome: str
    head_state: str | None
    stop: str | None
    since: float | None
    pages: frozenset[int]
    page_count: int
    facts: dict[str, float | None]
    draft_by: str = ""
    draft_name: str = ""
    draft_order: int = 0
    hands: frozenset[int] = frozenset()
    lacking: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.draft_order > 0


def lines(
    connection: Connection, wanted: FormFilter, limit: int, offset: int, viewer: str = ""
) -> list[FormLine]:
    """Forms in order of TPS, form and round, or the longest stop first (those that stop nowhere last)."""
    where, values = _where(connection, wanted)
    order = AGE_ORDER if wanted.is_by_age else TPS_ORDER
    rows = connection.execute(
        f"SELECT c.*, s.desa_name, s.kecamatan_name, d.by AS draft_by, d.ordinal AS draft_order, "  # noqa: S608 - conditions from constants
        "p.name AS draft_name, "
        "(SELECT json_group_array(g.n) FROM page g WHERE g.c1 = c.id AND g.state = 'assigned') AS pages, "
        "(SELECT json_group_array(DISTINCT r.ordinal) FROM reading r WHERE r.c1 = c.id "
        "AND r.generation = c.generation AND (r.by = :viewer "
        "OR EXISTS (SELECT 1 FROM json_each(r.taken_over_from) t WHERE t.value = :viewer))) AS hands "
        f"FROM (SELECT c.id FROM c1 c {where} ORDER BY {order} LIMIT :limit OFFSET :offset) l "
        "JOIN c1 c ON c.id = l.id JOIN station s ON s.id = c.station LEFT JOIN reading d ON d.id = c.draft "
        f"LEFT JOIN person p ON p.id = d.by ORDER BY {order}",
        {**values, "limit": limit, "offset": offset, "viewer": viewer},
    )
    return [_line(row) for row in rows]


def count(connection: Connection, wanted: FormFilter) -> int:
    """How long that list is."""
    where, values = _where(connection, wanted)
    return int(connection.execute(f"SELECT count(*) FROM c1 c {where}", values).fetchone()[0])  # noqa: S608 - as above


Values = dict[str, str | float]


def _where(connection: Connection, wanted: FormFilter) -> tuple[str, Values]:
    parts, values = [], Values(published_before=wanted.published_before)
    query = match_query(wanted.text)
    if query:
        parts.append(_search(connection, query))
        values["query"] = query
    for condition, name, value in (
        ("c.form = :form", "form", wanted.form),
        (_stop(wanted.stop), "stop", wanted.stop),
        (f"c.id IN ({_HAND.format(who='person', more='')})", "person", wanted.person),
        (
            "(c.stop_since IS NULL) = 0 AND c.stop_since < :before",
            "before",
            wanted.before,
        ),  # as the index has it
    ):
        if value:
            parts.append(condition)
            values[name] = value
    if wanted.area:
        parts.append(_area(wanted.area))
        values["area"] = wanted.area
    if wanted.has:
        parts.append(f"c.{COLUMN_OF[wanted.has]} IS NOT NULL")
    if wanted.lacks:
        parts.append(f"c.{COLUMN_OF[wanted.lacks]} IS NULL")
    if wanted.mine:
        parts.append(f"({_mine(wanted.mine)})")
        values["me"] = wanted.mine.person
    return ("WHERE " + " AND ".join(parts) if parts else ""), values


def _stop(stop: str) -> str:
    return f"c.id IN ({public_looks.NOT_VISIBLE})" if stop == NOT_VISIBLE else "c.stop = :stop"


def _search(connection: Connection, query: str) -> str:
    found = "SELECT rowid FROM station_search WHERE station_search MATCH :query"
    many = connection.execute(
        f"SELECT count(*) FROM ({found} LIMIT {MANY_STATIONS})",  # noqa: S608 - constants
        {"query": query},
    ).fetchone()[0]
    # `+` keeps SQLite from starting with the stations: sorting what all of them bring took 90 ms.
    return f"{'+' if many >= MANY_STATIONS else ''}c.station IN ({found})"


def _area(code: str) -> str:
    # A desa's code is the beginning of its stations' codes: a range of the key, which is the order asked for.
    return "c.tps BETWEEN :area || '000' AND :area || '999'" if len(code) >= 10 else "c.kecamatan = :area"


def _mine(mine: Mine) -> str:
    """One's own drafts, then what each thing one may do allows; never what four eyes forbid."""
    first = _HAND.format(who="me", more=" AND r.ordinal = 1")
    free = f"c.draft IS NULL AND c.work_rank < {RANK_ABSENT} AND "
    parts = ["c.draft IN (SELECT id FROM reading WHERE by = :me AND state = 'draft')"]
    if mine.keys:
        parts.append(f"{free}c.needs = 1 AND c.work_rank < {RANK_UNKNOWN}")
    later = [Order.SECOND, Order.THIRD] if mine.reads else []
    later += [Order.COORDINATOR] if mine.decides else []
    for order in later:
        others = _HAND.format(who="me", more=f" AND r.ordinal <> {order:d}")
        parts.append(f"{free}c.needs = {order:d} AND c.id NOT IN ({others})")
    if mine.corrects:
        parts.append("c.head_state IN ('disputed', 'rival', 'rejected')")
    if mine.verifies:
        parts.append(f"c.head_state = 'returned' AND c.keyed_at IS NOT NULL AND c.id NOT IN ({first})")
        parts.append(f"c.head_state IN ('disputed', 'rival') AND c.id NOT IN ({first})")
        parts.append(f"c.differs_since IS NOT NULL AND c.id NOT IN ({first})")
        parts.append("c.head_state = 'rejected'")
    if mine.decides:
        parts.append("c.id IN (SELECT o.c1 FROM outbox o WHERE o.state = 'stopped' AND o.state <> 'done')")
    if mine.scans:
        parts.append("c.received_at IS NOT NULL AND c.scanned_at IS NULL")
    return " OR ".join(f"({one})" for one in parts)


def _line(row: Row) -> FormLine:
    return FormLine(
        id=int(row["id"]),
        key=key_of(row),
        desa_name=str(row["desa_name"]),
        kecamatan_name=str(row["kecamatan_name"]),
        outcome=str(row["outcome"]),
        head_state=row["head_state"],
        stop=row["stop"],
        since=row["stop_since"],
        pages=frozenset(json.loads(row["pages"])),
        page_count=int(row["page_count"]),
        facts={fact: row[column] for fact, column in COLUMN_OF.items()},
        draft_by=str(row["draft_by"] or ""),
        draft_name=str(row["draft_name"] or ""),
        draft_order=int(row["draft_order"] or 0),
        hands=frozenset(json.loads(row["hands"])),
        lacking={int(page): boxes for page, boxes in json.loads(row["lacking"]).items()},
    )
