"""Forms that stop somewhere, for `app.services.waits`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.lifecycle import VersionState
from app.store.driver import Connection


@dataclass(frozen=True, slots=True)
class Stop:
    """`code` = outcome or head state; `draft_by` = who has it open."""

    tps: str
    form: str
    code: str
    since: float
    draft_by: str = ""
    lacking: Mapping[int, int] = field(default_factory=dict)  # page -> boxes that the reading under way lacks
    pages: frozenset[int] = frozenset()  # of the form, scanned


@dataclass(frozen=True, slots=True)
class Unscanned:
    tps: str
    form: str
    page_count: int
    pages: frozenset[int]
    since: float


def unread(connection: Connection, limit: int) -> list[Stop]:
    """Received forms that need a reading."""
    rows = connection.execute(
        "SELECT c.tps, c.form, c.outcome, "
        "coalesce(CASE c.outcome WHEN 'unread' THEN c.received_at END, c.outcome_since, c.received_at) AS since, "
        "coalesce(p.name, '') AS name, c.lacking, CASE c.lacking WHEN '{}' THEN '[]' ELSE "
        "(SELECT json_group_array(g.n) FROM page g WHERE g.c1 = c.id AND g.state = 'assigned') END AS pages "
        "FROM c1 c LEFT JOIN reading r ON r.id = c.draft "
        "LEFT JOIN person p ON p.id = r.by WHERE c.needs IS NOT NULL AND c.received_at IS NOT NULL "
        "ORDER BY since, c.tps LIMIT ?",
        (limit,),
    )
    return [
        Stop(
            str(row["tps"]),
            str(row["form"]),
            str(row["outcome"]),
            float(row["since"]),
            str(row["name"]),
            {int(page): int(count) for page, count in json.loads(row["lacking"]).items()},
            frozenset(json.loads(row["pages"])),
        )
        for row in rows
    ]


def unscanned(connection: Connection, limit: int) -> list[Unscanned]:
    """Received forms with sheets missing, longest first."""
    rows = connection.execute(
        "SELECT c.tps, c.form, c.page_count, c.received_at, "
        "(SELECT json_group_array(p.n) FROM page p WHERE p.c1 = c.id AND p.state = 'assigned') AS pages FROM c1 c "
        "WHERE c.received_at IS NOT NULL AND c.scanned_at IS NULL ORDER BY c.received_at, c.tps LIMIT ?",
        (limit,),
    )
    return [
        Unscanned(
            str(row["tps"]),
            str(row["form"]),
            int(row["page_count"]),
            frozenset(json.loads(row["pages"])),
            float(row["received_at"]),
        )
        for row in rows
    ]


def by_head_state(connection: Connection, states: Sequence[str], limit: int) -> list[Stop]:
    """Forms whose head stands in one of the states, longest first. What was read in part waits for its pages: of its
    head only a refusal is told."""
    rows = connection.execute(
        "SELECT c.tps, c.form, c.head_state, v.state_at FROM c1 c JOIN version v ON v.id = c.head "  # noqa: S608 - marks only
        f"WHERE c.head_state IN ({', '.join('?' * len(states))}) "
        "AND (c.keyed_at IS NOT NULL OR c.head_state IN (?, ?)) ORDER BY v.state_at, c.tps LIMIT ?",
        (*states, VersionState.REJECTED.value, VersionState.RIVAL.value, limit),
    )
    return [Stop(*row) for row in rows]
