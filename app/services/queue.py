"""What a person may do to the queue: try again, send one form first. Thread: any."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.c1form import C1Key
from app.domain.lifecycle import VersionEvent
from app.services.register import known
from app.services.workplace import Workplace
from app.store import facts, journal, outbox, versions
from app.store.driver import Connection


def retry(wp: Workplace, ids: Sequence[int] | None = None) -> int:
    """Try again at once what waits or stopped (all, or these); returns how many. A rejected version is queued again."""

    def work(connection: Connection) -> int:
        moved = outbox.retry(connection, ids, wp.now())
        for version, c1 in outbox.records_among(connection, moved):
            versions.try_move(connection, version, VersionEvent.QUEUE, wp.now())
            facts.refresh(connection, c1)
        if moved:
            journal.add(connection, wp.now(), "retry", "", "", {"items": len(moved)})
        return len(moved)

    return wp.db.write(work)


def send_first(wp: Workplace, key: C1Key) -> int:
    """Everything of one TPS's form goes before all others; returns how many rows. Raises NotFound."""

    def work(connection: Connection) -> int:
        form = known(connection, key)
        return outbox.send_first(connection, form.id)

    return wp.db.write(work)
