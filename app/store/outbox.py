"""The outbox: one row for everything that has to reach the centre, with its attempts, next try and reason.

Invariants: one row a version, a scan, a verdict, a withdrawal, for ever; state changes are guarded by the lifecycle
table; what changes while it is on its way (`again`) is sent once more after its outcome; a form's versions go out in
order, a version's verdicts each after the outcome of the one before. Round-robin over TPS: `turn` is the item's place
among its own TPS's open items, and what failed goes behind what was never tried.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.lifecycle import OUTBOX, OutboxEvent, OutboxState, sources, target
from app.domain.sending import PRIORITY_FIRST
from app.domain.wilayah import TpsId
from app.ports import Item, ItemKind, Reason
from app.store.driver import Connection, Row

PRIORITY = {ItemKind.WITHDRAWAL: 10, ItemKind.VERDICT: 20, ItemKind.RECORD: 30, ItemKind.SCAN: 40}
CHUNK = 500  # ids in one statement
REQUEST_BYTES = 2_000  # a record or verdict in JSON, for the estimate of what is left


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: int
    kind: ItemKind
    what: str
    c1: int
    version: int | None
    state: OutboxState
    again: bool
    attempts: int


def put(
    connection: Connection,
    kind: ItemKind,
    what: str,
    c1: int,
    version: int | None,
    size_bytes: int,
    now: float,
) -> None:
    """Queue something, or queue it again when it was sent before (same row)."""
    known = find(connection, kind, what, version)
    if known is not None:
        _again(connection, known, now)
        return
    tps = connection.execute("SELECT tps FROM c1 WHERE id = ?", (c1,)).fetchone()["tps"]
    turn = connection.execute(
        "SELECT count(*) FROM outbox WHERE tps = ? AND kind = ? AND state <> 'done'", (tps, kind.value)
    ).fetchone()[0]
    connection.execute(
        "INSERT INTO outbox (kind, what, c1, version, tps, priority, turn, state, size_bytes, since, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            kind.value,
            what,
            c1,
            version,
            tps,
            PRIORITY[kind],
            turn,
            OutboxState.QUEUED.value,
            size_bytes,
            now,
            now,
        ),
    )


def find(connection: Connection, kind: ItemKind, what: str, version: int | None = None) -> OutboxRow | None:
    """A row by what it carries (a record by its version's row)."""
    if kind is ItemKind.RECORD:
        row = connection.execute(f"{_ROW} WHERE kind = 'record' AND version = ?", (version,)).fetchone()
    else:
        row = connection.execute(
            f"{_ROW} WHERE kind = ? AND what = ? AND kind <> 'record'", (kind.value, what)
        ).fetchone()
    return _outbox_row(row) if row else None


def by_id(connection: Connection, item: int) -> OutboxRow | None:
    """A row by its id."""
    row = connection.execute(f"{_ROW} WHERE id = ?", (item,)).fetchone()
    return _outbox_row(row) if row else None


def move(connection: Connection, ids: Sequence[int], event: OutboxEvent, now: float) -> list[int]:
    """Apply an event to the rows where it is legal; returns those that moved. A wait ends with the state it was for."""
    states = sources(OUTBOX, event)
    moved: list[int] = []
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        marks, state_marks = ", ".join("?" * len(part)), ", ".join("?" * len(states))
        rows = connection.execute(
            "UPDATE outbox SET state = ?, next_at = 0, updated_at = ? "  # noqa: S608 - marks only
            f"WHERE id IN ({marks}) AND state IN ({state_marks}) RETURNING id",
            (target(OUTBOX, event).value, now, *part, *states),
        ).fetchall()
        moved += [int(row["id"]) for row in rows]
    wanted = set(moved)
    return [one for one in ids if one in wanted]


def deliver(connection: Connection, item: int, now: float, status: int | None = None) -> None:
    """The centre has it. Queued once more when it changed on the way."""
    move(connection, [item], OutboxEvent.DELIVER, now)
    connection.execute(
        "UPDATE outbox SET reason_code = '', reason_text = '', last_status = ?, next_at = 0 WHERE id = ?",
        (status, item),
    )
    row = by_id(connection, item)
    if row is not None and row.again and row.state is OutboxState.DONE:
        _again(connection, row, now)


def settle_as(
    connection: Connection, ids: Sequence[int], event: OutboxEvent, reason: Reason, next_at: float, now: float
) -> list[int]:
    """DEFER or STOP with a reason; returns those that moved."""
    moved = move(connection, ids, event, now)
    connection.executemany(
        "UPDATE outbox SET reason_code = ?, reason_text = ?, last_status = ?, next_at = ?, attempts = attempts + ? "
        "WHERE id = ?",
        ((reason.code, reason.text, reason.status, next_at, 1, item) for item in moved),
    )
    return moved


def cancel(connection: Connection, item: int, now: float) -> None:
    """A newer version took its place, or it is not to be sent at all."""
    connection.execute("UPDATE outbox SET again = 0 WHERE id = ?", (item,))
    move(connection, [item], OutboxEvent.CANCEL, now)


def cancel_of_version(
    connection: Connection, version: int, kinds: Sequence[ItemKind], now: float
) -> list[str]:
    """Cancel what is still open for a version; returns what was cancelled."""
    cancelled = []
    for kind in kinds:
        rows = connection.execute(
            "SELECT id, what FROM outbox WHERE version = ? AND kind = ? AND state <> 'done'",
            (version, kind.value),
        ).fetchall()
        for row in rows:
            cancel(connection, int(row["id"]), now)
            cancelled.append(str(row["what"]))
    return cancelled


def replace_verdicts(connection: Connection, version: int, now: float) -> None:
    """A newer verdict was given: what never left is not sent any more.

    What may have left goes first (see `due`): cancelled, it could arrive behind its successor and be the last word.
    """
    rows = connection.execute(
        "SELECT id FROM outbox WHERE version = ? AND kind = 'verdict' "
        "AND (state = 'stopped' OR state IN ('queued', 'waiting') AND attempts = 0)",
        (version,),
    ).fetchall()
    for row in rows:
        cancel(connection, int(row["id"]), now)


def is_replaced_verdict(connection: Connection, row: OutboxRow) -> bool:
    """A newer verdict on the same version was given."""
    later = connection.execute(
        "SELECT 1 FROM outbox WHERE version = ? AND kind = 'verdict' AND id > ?", (row.version, row.id)
    )
    return row.kind is ItemKind.VERDICT and later.fetchone() is not None


def note_left(connection: Connection, ids: Sequence[int]) -> None:
    """What was on its way, nobody knows how far, counts as tried: a scan is asked for by hash before it goes again."""
    connection.executemany(
        "UPDATE outbox SET attempts = max(attempts, 1) WHERE id = ? AND kind IN ('record', 'verdict', 'scan')",
        ((one,) for one in ids),
    )


def release_in_flight(connection: Connection, now: float) -> list[int]:
    """At start: what was on its way goes back."""
    rows = connection.execute("SELECT id FROM outbox WHERE state = 'in_flight'").fetchall()
    return move(connection, [int(row["id"]) for row in rows], OutboxEvent.RELEASE, now)


def rebase_waits(connection: Connection, now: float) -> int:
    """What was put off by a clock ahead of this one waits from now on as long as was meant; returns how many.

    A wait is decided when the row is (`updated_at`); how much of it has passed since then nobody knows.
    """
    return connection.execute(
        "UPDATE outbox SET next_at = ? + (next_at - updated_at), updated_at = ? "
        "WHERE state IN ('queued', 'waiting') AND next_at > ? AND updated_at > ?",
        (now, now, now, now),
    ).rowcount


_ITEM = (
    "SELECT o.id, o.kind, o.what, o.priority, o.attempts, o.next_at, o.size_bytes, c.tps, c.form, c.round "
    "FROM outbox o JOIN c1 c ON c.id = o.c1"
)
BEGUN_TRIES = 3  # so often a scan that was begun goes before fresh ones
# From the few uploads to their rows: SQLite, left alone, walks the whole queue (13 ms of 75,000 images at every turn).
BEGUN = (
    f"{_ITEM} WHERE o.id IN (SELECT b.id FROM upload u CROSS JOIN outbox b "  # noqa: S608 - constants only
    "ON b.kind = 'scan' AND b.kind <> 'record' AND b.what = u.sha256) "
    "AND o.state IN ('queued', 'waiting') AND +o.kind = 'scan' AND o.next_at <= ? AND o.attempts <= ? "
    "ORDER BY o.priority, o.attempts, o.turn, o.id LIMIT ?"
)
# Of a row `o`: something else of its form goes first, so that the centre never hears the later word before the earlier.
IS_BEHIND = (
    "((o.kind = 'record' AND EXISTS (SELECT 1 FROM outbox e WHERE e.c1 = o.c1 "
    "AND e.kind IN ('record', 'withdrawal') AND e.id < o.id AND e.state IN ('queued', 'waiting', 'in_flight'))) "
    "OR (o.kind = 'withdrawal' AND EXISTS (SELECT 1 FROM outbox e WHERE e.version = o.version "
    "AND e.kind = 'record' AND e.state IN ('queued', 'waiting', 'in_flight'))) "
    "OR (o.kind = 'verdict' AND EXISTS (SELECT 1 FROM outbox e WHERE e.c1 = o.c1 AND e.version = o.version "
    "AND e.kind = 'verdict' AND e.id < o.id AND e.state IN ('queued', 'waiting', 'in_flight'))))"
)


def due(connection: Connection, kind: ItemKind, now: float, limit: int) -> list[Item]:
    """What may be sent now, best first; of scans of one priority those that were begun, or each that was cut once would
    stand behind thousands of fresh ones. Not for ever: one that fails again and again must not keep others waiting."""
    rows = connection.execute(
        f"{_ITEM} WHERE o.kind = ? AND o.state IN ('queued', 'waiting') AND o.next_at <= ? "
        f"AND NOT {IS_BEHIND} ORDER BY o.priority, o.attempts, o.turn, o.id LIMIT ?",
        (kind.value, now, limit),
    )
    found = [item_of(row) for row in rows]
    if kind is not ItemKind.SCAN or len(found) < limit:
        return found
    begun = [item_of(row) for row in connection.execute(BEGUN, (now, BEGUN_TRIES, limit - 1))]
    known = {item.id for item in begun}
    return sorted(
        [*begun, *(item for item in found if item.id not in known)], key=lambda item: item.priority
    )[:limit]


def open_items(
    connection: Connection, kinds: Sequence[ItemKind], areas: Sequence[str], after: int, limit: int
) -> list[Item]:
    """What is not done, in the order it was queued; `areas`: prefixes of TPS (none = all)."""
    marks = ", ".join("?" * len(kinds))
    where = " OR ".join(["o.tps LIKE ? || '%'"] * len(areas)) or "1"
    rows = connection.execute(
        f"{_ITEM} WHERE o.id > ? AND o.state <> 'done' AND o.kind IN ({marks}) AND ({where}) ORDER BY o.id LIMIT ?",
        (after, *(kind.value for kind in kinds), *areas, limit),
    ).fetchall()
    return [item_of(row) for row in rows]


def open_item(connection: Connection, item: int) -> Item | None:
    """A row that is not done, as the engine sees it."""
    row = connection.execute(f"{_ITEM} WHERE o.id = ? AND o.state <> 'done'", (item,)).fetchone()
    return item_of(row) if row else None


def count_try(connection: Connection, ids: Sequence[int], reason: Reason) -> None:
    """They left by another way than the line: tried once more, and whatever had no reason to wait has this one."""
    connection.executemany(
        "UPDATE outbox SET attempts = attempts + 1, "
        "reason_text = CASE reason_code WHEN '' THEN ? ELSE reason_text END, "
        "reason_code = CASE reason_code WHEN '' THEN ? ELSE reason_code END WHERE id = ? AND state <> 'done'",
        ((reason.text, reason.code, item) for item in ids),
    )


def send_again(connection: Connection, item: int) -> None:
    """Once more after its outcome, which is about an older body."""
    connection.execute("UPDATE outbox SET again = 1 WHERE id = ? AND state <> 'done'", (item,))


def next_due_at(connection: Connection, now: float) -> float | None:
    """See `ports.ScanQueue`."""
    row = connection.execute(
        "SELECT min(next_at) FROM outbox WHERE state IN ('queued', 'waiting') AND next_at > ?", (now,)
    ).fetchone()
    return None if row[0] is None else float(row[0])


def has_open(connection: Connection, kinds: Collection[ItemKind], hurried: Collection[ItemKind]) -> bool:
    """See `ports.EngineStore`."""
    ask = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state IN ('queued', 'waiting') AND kind = ? AND priority <= ?)"
    asked = [(kind.value, max(PRIORITY.values())) for kind in kinds]
    asked += [(kind.value, PRIORITY_FIRST) for kind in hurried]
    return any(connection.execute(ask, one).fetchone()[0] for one in asked)


def retry(connection: Connection, ids: Sequence[int] | None, now: float) -> list[int]:
    """The person says try again: waiting and stopped items become due at once."""
    if ids is None:
        rows = connection.execute("SELECT id FROM outbox WHERE state IN ('waiting', 'stopped')").fetchall()
    else:
        marks = ", ".join("?" * len(ids))
        rows = connection.execute(
            f"SELECT id FROM outbox WHERE state IN ('waiting', 'stopped') AND id IN ({marks})",  # noqa: S608 - marks only
            tuple(ids),
        ).fetchall()
    moved = move(connection, [int(row["id"]) for row in rows], OutboxEvent.RETRY, now)
    connection.executemany("UPDATE outbox SET next_at = 0 WHERE id = ?", ((item,) for item in moved))
    return moved


def waiting(connection: Connection) -> list[int]:
    """Everything that waits for a time."""
    return [int(row["id"]) for row in connection.execute("SELECT id FROM outbox WHERE state = 'waiting'")]


def send_first(connection: Connection, tps: TpsId, now: float) -> int:
    """Everything of one TPS goes before all others, what waited its time as well: due now; returns how many rows.

    What is under way goes first, too, should it come back.
    """
    return connection.execute(
        "UPDATE outbox SET priority = ?, next_at = min(next_at, ?) WHERE tps = ? "
        "AND state IN ('queued', 'waiting', 'in_flight')",
        (PRIORITY_FIRST, now, str(tps)),
    ).rowcount


def _again(connection: Connection, row: OutboxRow, now: float) -> None:
    if row.state is OutboxState.IN_FLIGHT:
        connection.execute("UPDATE outbox SET again = 1 WHERE id = ?", (row.id,))
        return
    # What may have left counts as tried still: nothing is built on its never having arrived. A scan that was delivered
    # before does so, too: the centre is asked by hash before any byte travels again.
    was_tried = row.attempts > 0 and row.state is not OutboxState.DONE
    attempts = int(row.kind is ItemKind.SCAN or was_tried)
    if move(connection, [row.id], OutboxEvent.RETRY, now):
        connection.execute(
            "UPDATE outbox SET again = 0, attempts = ?, next_at = 0, reason_code = '', reason_text = '', since = ? "
            "WHERE id = ?",
            (attempts, now, row.id),
        )


_ROW = "SELECT id, kind, what, c1, version, state, again, attempts FROM outbox"


def _outbox_row(row: Row) -> OutboxRow:
    return OutboxRow(
        int(row["id"]),
        ItemKind(row["kind"]),
        str(row["what"]),
        int(row["c1"]),
        row["version"],
        OutboxState(row["state"]),
        bool(row["again"]),
        int(row["attempts"]),
    )


def item_of(row: Row) -> Item:
    """A row of the queue as the engine sees it."""
    return Item(
        id=int(row["id"]),
        kind=ItemKind(row["kind"]),
        what=str(row["what"]),
        key=C1Key(TpsId(row["tps"]), str(row["form"]), int(row["round"])),
        priority=int(row["priority"]),
        attempts=int(row["attempts"]),
        next_at=float(row["next_at"]),
        size_bytes=int(row["size_bytes"]),
    )


def rehome(connection: Connection, scan: str, c1: int) -> None:
    """A scan was moved to another form: it is listed there."""
    connection.execute(
        "UPDATE outbox SET c1 = ?, tps = (SELECT tps FROM c1 WHERE id = ?) WHERE kind = 'scan' AND what = ?",
        (c1, c1, scan),
    )


def records_among(connection: Connection, ids: Sequence[int]) -> list[tuple[int, int]]:
    """(version, form) of those ids that carry records."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        rows = connection.execute(
            f"SELECT version, c1 FROM outbox WHERE kind = 'record' AND id IN ({', '.join('?' * len(part))})",  # noqa: S608 - marks only
            part,
        )
        found += [(int(row["version"]), int(row["c1"])) for row in rows]
    return found
