"""The queue as a whole: what is left, and what a person may do to it: try again, send one TPS first. Thread: any."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.lifecycle import VersionEvent
from app.domain.sending import Left
from app.domain.times import iso
from app.domain.wilayah import TpsId
from app.ports import Json, Lane
from app.services import sending, words
from app.services.workplace import Workplace
from app.store import facts, journal, outbox, thrifty, versions
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
    with wp.db.reading() as connection:
        totals = queue_reads.totals(connection)
        is_poor = sending.poor_line(connection) is not None
        copies, copy_bytes = thrifty.left(connection) if is_poor else (0, 0)
    open_items = {lane: one.waiting + one.in_flight for lane, one in totals.items()}
    return Left(
        open_items[Lane.RECORDS] + open_items[Lane.VERDICTS],
        open_items[Lane.SCANS],
        totals[Lane.SCANS].bytes_left + copy_bytes,
        copies,
        copy_bytes,
        is_poor,
    )


def thrifty_facts(wp: Workplace, left: Left) -> Json:
    """Of `status --json`: do thrifty copies go first, how many are left, what they have cost beside the images."""
    with wp.db.reading() as connection:
        poor, (sent, sent_bytes) = sending.poor_line(connection), thrifty.sent(connection)
    return {
        "is_first": poor is not None,
        "since": iso(poor.since) if poor else None,
        "rate_bytes_s": poor.rate_bytes_s if poor else None,
        "waiting": left.thrifty,
        "waiting_bytes": left.thrifty_bytes,
        "sent": sent,
        "sent_bytes": sent_bytes,
        "text": words.thrifty(left, sent, sent_bytes),
    }


def send_first(wp: Workplace, tps: TpsId) -> int:
    """Everything of one TPS goes now: before all others, whatever the night schedule says; returns how many items.

    A pause by a person and the centre's own wishes hold all the same; what stopped stays stopped.
    """
    return wp.db.write(lambda connection: outbox.send_first(connection, tps, wp.now()))
