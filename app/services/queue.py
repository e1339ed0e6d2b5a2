"""The queue as a whole: what is left, and what a person may do to it: try again, send one TPS first. Thread: any."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.lifecycle import VersionEvent
from app.domain.sending import Left
from app.domain.wilayah import TpsId
from app.ports import Lane
from app.services.workplace import Workplace
from app.store import facts, journal, outbox, versions
from app.store import queue as queue_reads
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


def left(wp: Workplace) -> Left:
    """What still has to reach the centre."""
    totals = queue_reads.totals(wp.db.reader)
    open_items = {lane: one.waiting + one.in_flight for lane, one in totals.items()}
    return Left(
        open_items[Lane.RECORDS] + open_items[Lane.VERDICTS],
        open_items[Lane.SCANS],
        totals[Lane.SCANS].bytes_left,
    )


def send_first(wp: Workplace, tps: TpsId) -> int:
    """Everything of one TPS goes now: before all others, whatever the night schedule says; returns how many items.

    A pause by a person and the centre's own wishes hold all the same; what stopped stays stopped.
    """
    return wp.db.write(lambda connection: outbox.send_first(connection, tps))
