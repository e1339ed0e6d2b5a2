"""Thrifty copies: small pictures of scans that go ahead of them on a poor line.

Invariants: `outbox.thrifty_bytes` is above 0 exactly while a scan's thrifty copy may still be worth sending: there is
one, and the centre has neither it nor the scan. Nothing else is queued for it, so on a good line nothing waits. The
scan's own row ends with the scan alone.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.lifecycle import OutboxEvent
from app.ports import Item
from app.store import outbox
from app.store.driver import Connection


def expect(connection: Connection, scan: str) -> None:
    """The scan is queued (again): its thrifty copy may go ahead, unless the centre has that one."""
    connection.execute(
        "UPDATE outbox SET thrifty_bytes = coalesce((SELECT s.thrifty_bytes FROM scan s WHERE s.sha256 = outbox.what "
        "AND s.thrifty_held_at IS NULL), 0) WHERE kind = 'scan' AND what = ?",
        (scan,),
    )


def due(connection: Connection, now: float, limit: int) -> list[Item]:
    """Thrifty copies that may be sent now, best first: each as an item of its scan's row."""
    rows = connection.execute(
        "SELECT o.id, o.kind, s.thrifty_sha256 AS what, o.what AS scan, o.priority, o.attempts, o.next_at, "
        "o.thrifty_bytes AS size_bytes, c.tps, c.form, c.round FROM outbox o JOIN scan s ON s.sha256 = o.what "
        "JOIN c1 c ON c.id = o.c1 WHERE o.thrifty_bytes > 0 AND o.state <> 'done' "
        "AND o.state IN ('queued', 'waiting') AND o.next_at <= ? "
        "ORDER BY o.priority, o.attempts, o.turn, o.id LIMIT ?",
        (now, limit),
    )
    return [replace(outbox.item_of(row), stands_for=str(row["scan"])) for row in rows]


def arrived(connection: Connection, item: Item, now: float) -> None:
    """The centre has the copy: the scan itself is next."""
    connection.execute(
        "UPDATE scan SET thrifty_held_at = coalesce(thrifty_held_at, ?) WHERE sha256 = ?",
        (now, item.stands_for),
    )
    drop(connection, item.stands_for)
    outbox.move(connection, [item.id], OutboxEvent.THRIFTY_ARRIVES, now)


def drop(connection: Connection, scan: str) -> None:
    """No longer wanted: the copy is there, or the scan itself."""
    connection.execute("UPDATE outbox SET thrifty_bytes = 0 WHERE kind = 'scan' AND what = ?", (scan,))


def give_up(connection: Connection, item: Item, now: float) -> None:
    """This copy cannot go as it is; the scan does without."""
    connection.execute(
        "UPDATE scan SET thrifty_sha256 = NULL, thrifty_bytes = NULL WHERE sha256 = ?", (item.stands_for,)
    )
    drop(connection, item.stands_for)
    outbox.move(connection, [item.id], OutboxEvent.RELEASE, now)


def mark_lost(connection: Connection, scan: str) -> None:
    """The centre may no longer have the copy; it is asked by hash before a byte travels again."""
    connection.execute("UPDATE scan SET thrifty_held_at = NULL WHERE sha256 = ?", (scan,))
    expect(connection, scan)


def doubt_all(connection: Connection) -> None:
    """The centre was restored, or does not know this PC: of copies whose scan has not followed yet nothing is known."""
    rows = connection.execute(
        "SELECT s.sha256, o.id FROM scan s JOIN outbox o ON o.kind = 'scan' AND o.what = s.sha256 "
        "WHERE s.thrifty_held_at IS NOT NULL AND o.state <> 'done'"
    ).fetchall()
    for row in rows:
        mark_lost(connection, str(row["sha256"]))
        connection.execute("UPDATE outbox SET attempts = max(attempts, 1) WHERE id = ?", (row["id"],))


def copy_of(connection: Connection, scan: str) -> str:
    """The hash of a scan's thrifty copy; empty: there is none."""
    row = connection.execute("SELECT thrifty_sha256 FROM scan WHERE sha256 = ?", (scan,)).fetchone()
    return str(row[0]) if row and row[0] else ""


def left(connection: Connection) -> tuple[int, int]:
    """How many copies could go ahead, and the bytes of them that the centre has not."""
    count, size = connection.execute(
        "SELECT count(*), coalesce(sum(thrifty_bytes), 0) FROM outbox "
        "WHERE thrifty_bytes > 0 AND state <> 'done' AND state <> 'stopped'"
    ).fetchone()
    (reached,) = connection.execute(
        'SELECT coalesce(sum(min(u."offset", o.thrifty_bytes)), 0) FROM upload u '
        "JOIN scan s ON s.thrifty_sha256 = u.sha256 JOIN outbox o ON o.kind = 'scan' AND o.what = s.sha256 "
        "WHERE o.thrifty_bytes > 0 AND o.state <> 'done' AND o.state <> 'stopped'"
    ).fetchone()
    return int(count), int(size) - int(reached)


def sent(connection: Connection) -> tuple[int, int]:
    """How many copies the centre has or had, and their bytes: what was sent on purpose beside the scans."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(thrifty_bytes), 0) FROM scan WHERE thrifty_held_at IS NOT NULL"
    ).fetchone()
    return int(row[0]), int(row[1])
