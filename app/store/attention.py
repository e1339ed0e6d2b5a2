"""Forms that wait for a decision about what the centre holds, and what is still to be seen there in its older state."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.lifecycle import VersionState
from app.store.c1 import key_of
from app.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class Standing:
    """A form whose head stands in a state; `since` = seconds since 1970, `reason` = what was said of it."""

    key: C1Key
    desa_name: str
    since: float
    reason: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A form whose older values are still to be seen. `ours` 0: withdrawn, with nothing in its place here yet."""

    key: C1Key
    desa_name: str
    ours: int  # number of the version that counts here
    theirs: int  # number of the version that is to be seen there
    is_public: bool  # on the public site; else at KPU RI only
    since: float  # when ours was made
    second_at: float | None
    sent_at: float | None
    at_centre_at: float | None
    verified_at: float | None


def standing(connection: Connection, state: VersionState, limit: int, offset: int) -> list[Standing]:
    """Forms whose head stands there, the longest first."""
    rows = connection.execute(
        "SELECT c.tps, c.form, c.round, s.desa_name, v.state_at, "
        "coalesce((SELECT reason FROM verdict d WHERE d.version = v.id ORDER BY d.rowid DESC LIMIT 1), '') AS said, "
        "coalesce((SELECT reason_text FROM outbox o WHERE o.kind = 'record' AND o.version = v.id "
        "ORDER BY o.id DESC LIMIT 1), '') AS stopped "
        "FROM c1 c JOIN version v ON v.id = c.head JOIN station s ON s.id = c.station "
        "WHERE c.head_state = ? ORDER BY v.state_at, c.tps, c.ballot LIMIT ? OFFSET ?",
        (state.value, limit, offset),
    )
    said = "stopped" if state is VersionState.REJECTED else "said"
    return [
        Standing(key_of(row), str(row["desa_name"]), float(row["state_at"]), str(row[said])) for row in rows
    ]


# `again`: forms that were corrected or withdrawn, out of an index and few rows; the joins are CROSS so that the planner
# begins with them and not with all 75,000 forms (70 ms). Of those: the newest version before the head (or the withdrawn
# one) that the centre has, unless a withdrawal behind it has arrived there, or a page was read since that came later
# (then its successor is a first reading like itself). A head that is public is seen already.
_BEHIND = """
WITH again AS (SELECT DISTINCT c1 FROM version WHERE number > 1 AND cause <> 'first' UNION SELECT c1 FROM withdrawal),
older AS (
    SELECT c.id AS c1, max(o.number) AS number FROM again a CROSS JOIN c1 c ON c.id = a.c1
    CROSS JOIN version o ON o.c1 = c.id AND o.id IS NOT c.head
    WHERE c.public_at IS NULL AND coalesce(o.at_centre_at, o.returned_at, o.public_at) IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM version n WHERE n.c1 = o.c1 AND n.generation = o.generation AND n.number > o.number
        AND n.cause = 'first'
    )
    AND NOT EXISTS (
        SELECT 1 FROM version w WHERE w.c1 = c.id AND w.state = 'withdrawn' AND w.number >= o.number
        AND NOT EXISTS (SELECT 1 FROM outbox i WHERE i.c1 = c.id AND i.kind = 'withdrawal' AND i.state <> 'done')
    ) GROUP BY c.id
),
behind AS (
    SELECT c.*, older.number AS theirs,
    EXISTS (
        SELECT 1 FROM version p WHERE p.c1 = c.id AND p.number <= older.number AND p.public_at IS NOT NULL
        AND coalesce(
            (SELECT d.verdict FROM verdict d WHERE d.version = p.id ORDER BY d.rowid DESC LIMIT 1), 'ok'
        ) = 'ok'
    ) AS is_public FROM older CROSS JOIN c1 c ON c.id = older.c1
)
"""
# Where something older is public, ours counts as seen when it is public; where nothing is, when the centre has it.
_UNSEEN = "CASE WHEN b.is_public THEN b.public_at ELSE b.at_centre_at END IS NULL"


def behind(connection: Connection, limit: int, offset: int) -> list[Behind]:
    """What was corrected, moved or withdrawn here and is not yet to be seen, the oldest first."""
    rows = connection.execute(
        f"{_BEHIND} SELECT b.*, s.desa_name, v.number AS ours, "  # noqa: S608 - constant text
        "coalesce(v.created_at, (SELECT max(w.state_at) FROM version w WHERE w.c1 = b.id)) AS since "
        "FROM behind b JOIN station s ON s.id = b.station LEFT JOIN version v ON v.id = b.head "
        f"WHERE {_UNSEEN} ORDER BY since, b.tps, b.ballot LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [_behind(row) for row in rows]


def count_behind(connection: Connection) -> int:
    """How long that list is."""
    row = connection.execute(f"{_BEHIND} SELECT count(*) FROM behind b WHERE {_UNSEEN}").fetchone()  # noqa: S608 - constant text
    return int(row[0])


def _behind(row: Row) -> Behind:
    return Behind(
        key_of(row),
        str(row["desa_name"]),
        int(row["ours"] or 0),
        int(row["theirs"]),
        bool(row["is_public"]),
        float(row["since"]),
        row["second_at"] if row["ours"] else None,
        row["sent_at"],
        row["at_centre_at"],
        row["verified_at"],
    )
