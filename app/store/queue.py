"""The outbox as people see it: lines, counts, totals by lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.c1form import C1Key
from app.domain.lifecycle import OutboxState
from app.domain.sending import PRIORITY_FIRST
from app.ports import ItemKind, Lane
from app.store.c1 import key_of
from app.store.driver import Connection, Row
from app.store.outbox import IS_BEHIND
from app.store.register import match_query

LANES: Mapping[ItemKind, Lane] = {
    ItemKind.WITHDRAWAL: Lane.RECORDS,
    ItemKind.RECORD: Lane.RECORDS,
    ItemKind.VERDICT: Lane.VERDICTS,
    ItemKind.SCAN: Lane.SCANS,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines: search words, kinds (none = all), only what a person must look at."""

    text: str = ""
    kinds: tuple[ItemKind, ...] = ()
    only_action: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    kind: ItemKind
    what: str
    key: C1Key
    desa_name: str
    state: OutboxState
    reason_code: str
    reason_text: str
    since: float
    next_at: float
    attempts: int
    size_bytes: int
    number: int  # of the version or the page; 0 = neither
    is_first: bool = False  # a person asked for this TPS now
    is_copy_there: bool = False  # of an image: the centre has its thrifty copy
    is_behind: bool = False  # something else of its form goes first

    @property
    def needs_action(self) -> bool:
        """Nothing happens until a person acts."""
        return self.state is OutboxState.STOPPED


@dataclass(frozen=True, slots=True)
class Total:
    waiting: int = 0
    in_flight: int = 0
    stopped: int = 0
    bytes_left: int = 0


_SELECT = (
    "SELECT o.id, o.kind, o.what, o.state, o.reason_code, o.reason_text, o.since, o.next_at, o.attempts, "  # noqa: S608 - a constant
    "o.size_bytes, "
    "o.priority, c.tps, c.form, c.round, s.desa_name, coalesce(v.number, p.n, 0) AS number, "
    f"k.thrifty_held_at IS NOT NULL AS is_copy_there, {IS_BEHIND} AS is_behind FROM outbox o "
    "JOIN c1 c ON c.id = o.c1 JOIN station s ON s.id = c.station LEFT JOIN version v ON v.id = o.version "
    "LEFT JOIN page p ON o.kind = 'scan' AND p.scan = o.what AND p.state = 'assigned' "
    "LEFT JOIN scan k ON o.kind = 'scan' AND k.sha256 = o.what"
)


def lines(connection: Connection, wanted: Filter, limit: int, offset: int) -> list[Line]:
    """What needs a person first, then the oldest."""
    where, values = _where(wanted)
    rows = connection.execute(
        f"{_SELECT} WHERE o.id IN (SELECT o.id FROM outbox o {where} "  # noqa: S608 - conditions from constants
        "ORDER BY o.state <> 'stopped', o.since, o.id LIMIT :limit OFFSET :offset) "
        "GROUP BY o.id ORDER BY o.state <> 'stopped', o.since, o.id",
        {**values, "limit": limit, "offset": offset},
    )
    return [_line(row) for row in rows]


def lines_of(connection: Connection, forms: Sequence[int]) -> dict[int, Line]:
    """Of each form the line that says why it is not sent: what stopped, else what goes first; images aside."""
    marks = ", ".join("?" * len(forms))
    rows = connection.execute(
        f"{_SELECT.replace('SELECT ', 'SELECT o.c1, ', 1)} WHERE o.c1 IN ({marks}) AND o.state <> 'done' "
        "AND (o.kind <> 'scan' OR o.state = 'stopped') GROUP BY o.id "
        "ORDER BY o.state <> 'stopped' DESC, o.since DESC, o.id DESC",
        tuple(forms),
    )
    return {int(row["c1"]): _line(row) for row in rows}  # the last one of a form stays


def count(connection: Connection, wanted: Filter) -> int:
    """How many lines."""
    where, values = _where(wanted)
    return int(connection.execute(f"SELECT count(*) FROM outbox o {where}", values).fetchone()[0])  # noqa: S608 - as above


def totals(connection: Connection) -> dict[Lane, Total]:
    """What is left, by lane."""
    found = {lane: Total() for lane in Lane}
    rows = connection.execute(
        "SELECT kind, state, count(*) AS n, sum(size_bytes) AS bytes FROM outbox WHERE state <> 'done' "
        "GROUP BY kind, state"
    ).fetchall()
    for row in rows:
        lane, n = LANES[ItemKind(row["kind"])], int(row["n"])
        old = found[lane]
        is_stopped, is_moving = row["state"] == OutboxState.STOPPED, row["state"] == OutboxState.IN_FLIGHT
        found[lane] = Total(
            old.waiting + (0 if is_stopped or is_moving else n),
            old.in_flight + (n if is_moving else 0),
            old.stopped + (n if is_stopped else 0),
            old.bytes_left + (0 if is_stopped else int(row["bytes"])),
        )
    scans = found[Lane.SCANS]
    found[Lane.SCANS] = replace(scans, bytes_left=scans.bytes_left - _reached(connection))
    return found


def _reached(connection: Connection) -> int:
    """Bytes of half-sent scans that the centre has already."""
    row = connection.execute(
        'SELECT coalesce(sum(reached), 0) FROM (SELECT max(min(u."offset", o.size_bytes)) AS reached '
        "FROM upload u JOIN outbox o ON o.kind = 'scan' AND o.what = u.sha256 "
        "WHERE o.state NOT IN ('done', 'stopped') GROUP BY o.id)"
    ).fetchone()
    return int(row[0])


def _where(wanted: Filter) -> tuple[str, dict[str, str]]:
    parts, values = ["o.state = 'stopped'" if wanted.only_action else "o.state <> 'done'"], dict[str, str]()
    if wanted.only_action:
        parts.append("o.state <> 'done'")  # names the partial index
    if wanted.kinds:
        parts.append(f"o.kind IN ({', '.join(repr(kind.value) for kind in wanted.kinds)})")
    query = match_query(wanted.text)
    if query:
        parts.append(
            "o.tps IN (SELECT tps FROM station WHERE id IN "
            "(SELECT rowid FROM station_search WHERE station_search MATCH :query))"
        )
        values["query"] = query
    return "WHERE " + " AND ".join(parts), values


def _line(row: Row) -> Line:
    return Line(
        int(row["id"]),
        ItemKind(row["kind"]),
        str(row["what"]),
        key_of(row),
        str(row["desa_name"]),
        OutboxState(row["state"]),
        str(row["reason_code"]),
        str(row["reason_text"]),
        float(row["since"]),
        float(row["next_at"]),
        int(row["attempts"]),
        int(row["size_bytes"]),
        int(row["number"]),
        row["priority"] == PRIORITY_FIRST,
        bool(row["is_copy_there"]),
        bool(row["is_behind"]),
    )
