"""What the public site was seen to show of each form: one row a form, for the version it was compared with.

Invariant: a row counts only while its version is the form's head; the next look at another head begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.c1form import C1Key
from app.domain.cell import Cell, cells_from_json
from app.domain.lifecycle import VersionState
from app.domain.publication import CONFIRMED, Shown, Sight
from app.store.c1 import key_of
from app.store.driver import Connection, Row
from app.store.readings import NO_FIRST_HAND

WATCHED = (VersionState.PUBLIC, VersionState.VERIFIED, VersionState.VERDICT_AT_CENTRE)
_STATES = ", ".join(f"'{state}'" for state in WATCHED)
# Of a repeated vote the site shows the newest round alone.
_NEWEST = "NOT EXISTS (SELECT 1 FROM c1 o WHERE o.tps = c.tps AND o.form = c.form AND o.round > c.round)"
_DUE = (
    "coalesce(l.next_at, v.state_at + CASE c.head_state WHEN 'public' THEN :published_s ELSE :verified_s END)"
)
# A difference counts from the second look on, and in every state that is watched; nothing to see only once the centre
# has published it.
_HEADS = "FROM public_look l JOIN c1 c ON c.id = l.c1 AND c.head = l.version JOIN version v ON v.id = c.head"
# CROSS JOIN: from the few odd looks to their forms. The planner would go through every public form, 55 ms of 52,000.
_ODD = (
    f"{_HEADS.replace(' JOIN ', ' CROSS JOIN ')} WHERE l.sight NOT IN ('', 'equal') AND "
    f"(l.sight = '{Sight.DIFFERS}' AND l.times >= {CONFIRMED} AND c.head_state IN ({_STATES}) "
    f"OR l.sight IN ('{Sight.EMPTY}', '{Sight.EARLIER}') AND c.head_state = '{VersionState.PUBLIC}' "
    f"AND v.public_at <= :published_before) AND {_NEWEST}"
)
_OPEN = f"l.sight = '{Sight.DIFFERS}' AND l.checked_at IS NULL"


@dataclass(frozen=True, slots=True)
class DueLook:
    """A form to look for: its head's values and where its leaf lies (KPU's ids, from the provinsi to the TPS)."""

    c1: int
    key: C1Key
    version: int
    cells: dict[str, Cell]
    ids: tuple[str, ...]
    validator: str
    sight: str  # "" = never seen
    times: int
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class LookRow:
    """What was seen last. `since`: of this sight; `equal_at`: when it was last as it should be."""

    c1: int
    key: C1Key
    version: int
    number: int
    sight: str
    times: int
    shown: Shown
    since: float
    seen_at: float
    equal_at: float | None
    next_at: float
    public_at: float | None
    checked_by: str | None
    checked_at: float | None

    @property
    def is_confirmed_difference(self) -> bool:
        return self.sight == Sight.DIFFERS and self.times >= CONFIRMED


def due(
    connection: Connection, now: float, published_s: float, verified_s: float, limit: int
) -> list[DueLook]:
    """Forms to look for now, longest due first. Those of a list without KPU's ids have no place on the site."""
    rows = connection.execute(
        "SELECT c.id, c.tps, c.form, c.round, c.head, v.cells, coalesce(l.validator, '') AS validator, "  # noqa: S608 - constants
        "coalesce(l.sight, '') AS sight, coalesce(l.times, 0) AS times, l.shown, p.kpu_id AS p, k.kpu_id AS k, "
        "e.kpu_id AS e, d.kpu_id AS d, s.kpu_id AS s FROM c1 c JOIN version v ON v.id = c.head "
        "JOIN station s ON s.id = c.station JOIN area d ON d.code = c.desa JOIN area e ON e.code = c.kecamatan "
        "JOIN area k ON k.code = e.parent JOIN area p ON p.code = k.parent "
        "LEFT JOIN public_look l ON l.c1 = c.id AND l.version = c.head "
        f"WHERE c.head_state IN ({_STATES}) AND {_DUE} <= :now AND {_NEWEST} "
        "AND '' NOT IN (p.kpu_id, k.kpu_id, e.kpu_id, d.kpu_id, s.kpu_id) "
        f"ORDER BY {_DUE}, c.ballot, c.tps, c.form LIMIT :limit",
        {"now": now, "published_s": published_s, "verified_s": verified_s, "limit": limit},
    )
    return [
        DueLook(
            int(row["id"]),
            key_of(row),
            int(row["head"]),
            cells_from_json(json.loads(row["cells"])),
            tuple(str(row[name]) for name in ("p", "k", "e", "d", "s")),
            str(row["validator"]),
            str(row["sight"]),
            int(row["times"]),
            _shown(json.loads(row["shown"])) if row["sight"] else None,
        )
        for row in rows
    ]


def other_values(connection: Connection, key: C1Key, version: int) -> list[dict[str, Cell]]:
    """Everything else that ever stood here of this TPS and form, whatever the round."""
    rows = connection.execute(
        "SELECT v.cells FROM version v JOIN c1 c ON c.id = v.c1 WHERE c.tps = ? AND c.form = ? AND v.id <> ?",
        (str(key.tps), key.form, version),
    )
    return [cells_from_json(json.loads(row["cells"])) for row in rows]


def of_form(connection: Connection, c1: int) -> LookRow | None:
    """What was seen of the form's head; None while nobody looked."""
    row = connection.execute(f"{_SELECT} WHERE l.c1 = ?", (c1,)).fetchone()
    return _row(row) if row else None


def put(
    connection: Connection,
    c1: int,
    version: int,
    sight: str,
    shown: Shown,
    validator: str,
    now: float,
    next_at: float,
) -> LookRow | None:
    """Keep a look; the count goes on and the check stands while the site shows the same. Returns what it was before."""
    before = of_form(connection, c1)
    is_same = before is not None and before.sight == sight and before.shown == shown
    kept = before if before is not None and is_same else None
    equal_at = now if sight == Sight.EQUAL else before.equal_at if before is not None else None
    connection.execute(
        "INSERT OR REPLACE INTO public_look (c1, version, sight, times, shown, validator, since, seen_at, equal_at, "
        "next_at, checked_by, checked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            c1,
            version,
            sight,
            kept.times + 1 if kept else 1,
            json.dumps({"fields": shown.fields, "votes": shown.votes}, sort_keys=True),
            validator,
            kept.since if kept else now,
            now,
            equal_at,
            next_at,
            kept.checked_by if kept else None,
            kept.checked_at if kept else None,
        ),
    )
    return before


def put_off(connection: Connection, c1: int, version: int, next_at: float, now: float) -> None:
    """Nothing readable was there; what was seen before of this version stands."""
    kept = connection.execute(
        "UPDATE public_look SET next_at = ? WHERE c1 = ? AND version = ?", (next_at, c1, version)
    ).rowcount
    if not kept:  # never seen, or as an earlier version
        connection.execute(
            "INSERT OR REPLACE INTO public_look (c1, version, sight, times, shown, validator, since, seen_at, next_at) "
            "VALUES (?, ?, '', 0, '{\"fields\": {}, \"votes\": null}', '', ?, ?, ?)",
            (c1, version, now, now, next_at),
        )


def forget_validators(connection: Connection) -> None:
    """Another site is looked at from now on: what the first one answered with says nothing to it."""
    connection.execute("UPDATE public_look SET validator = '' WHERE validator <> ''")


def odd(
    connection: Connection,
    published_before: float,
    limit: int,
    *,
    only_open: bool = False,
    forms: Sequence[int] | None = None,
    person: str = "",
) -> list[LookRow]:
    """Forms the site does not show as it should, oldest first; `only_open`: differences nobody has looked into;
    `forms`: of these rows of `c1` alone; `person`: only what they may verify."""
    wanted = f" AND {_OPEN}" if only_open else ""
    wanted += "" if forms is None else " AND l.c1 IN (SELECT value FROM json_each(:forms))"
    wanted += f" AND {NO_FIRST_HAND}" if person else ""
    rows = connection.execute(
        f"{_COLUMNS} {_ODD}{wanted} ORDER BY l.since, c.tps LIMIT :limit",
        {"published_before": published_before, "limit": limit, "forms": json.dumps(forms), "person": person},
    )
    return [_row(row) for row in rows]


# For a list over forms: those that the site does not show yet, or not any more. They wait for KPU RI, for no person.
NOT_VISIBLE = f"SELECT l.c1 {_ODD} AND l.sight <> '{Sight.DIFFERS}'"


def differs_since(connection: Connection, c1: int, head_state: str | None) -> float | None:
    """Since when the site shows other numbers than the form's head and nobody has looked into it."""
    if head_state not in WATCHED:
        return None
    row = connection.execute(
        f"SELECT l.since {_HEADS} WHERE l.c1 = ? AND {_OPEN} AND l.times >= {CONFIRMED} AND {_NEWEST}", (c1,)
    ).fetchone()
    return float(row[0]) if row else None


def check(connection: Connection, c1: int, by: str, now: float) -> bool:
    """Somebody compared with the paper again and found our numbers right; False when there is nothing to check."""
    changed = connection.execute(
        "UPDATE public_look SET checked_by = ?, checked_at = ? WHERE c1 = ? AND sight = ? AND times >= ? "
        "AND checked_at IS NULL AND version = (SELECT head FROM c1 WHERE id = public_look.c1)",
        (by, now, c1, Sight.DIFFERS.value, CONFIRMED),
    ).rowcount
    return bool(changed)


_COLUMNS = (
    "SELECT l.c1, l.version, l.sight, l.times, l.shown, l.since, l.seen_at, l.equal_at, l.next_at, l.checked_by, "
    "l.checked_at, c.tps, c.form, c.round, v.number, v.public_at"
)
_SELECT = f"{_COLUMNS} {_HEADS}"


def _row(row: Row) -> LookRow:
    return LookRow(
        c1=int(row["c1"]),
        key=key_of(row),
        version=int(row["version"]),
        number=int(row["number"]),
        sight=str(row["sight"]),
        times=int(row["times"]),
        shown=_shown(json.loads(row["shown"])),
        since=float(row["since"]),
        seen_at=float(row["seen_at"]),
        equal_at=row["equal_at"],
        next_at=float(row["next_at"]),
        public_at=row["public_at"],
        checked_by=row["checked_by"],
        checked_at=row["checked_at"],
    )


def _shown(kept: Mapping[str, Any]) -> Shown:
    return Shown(kept["fields"], kept["votes"])
