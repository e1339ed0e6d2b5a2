"""Numbers over a thin line: `python -m tests.benchmarks.bench_records [COUNT ...]` (100 and 1,000 unless told).

A real workplace, the real engine and `python -m app central` in a process of its own, with 2 Mbit/s and 150 ms round
trip between them. The clock runs from the engine's start (connection, hello and sign-in included; only the random wait
of up to ten seconds before them is left out) until the last record has its receipt. Targets (design section 8):
100 records <= 1.2 s, 1,000 <= 10 s, < 0.1 requests a record.
"""

from __future__ import annotations

import logging
import sys
from typing import NamedTuple

from app.ports import ItemKind
from app.services import keying
from app.services.workplace import Workplace
from tests.benchmarks.link import MBIT, Line, Link
from tests.benchmarks.office_line import on_line, until_delivered
from tests.fakes.office import AS_WRITTEN, hire
from tests.fakes.room import CELLS

LINE = Line(rate=2 * MBIT, delay_s=0.075)
TARGET_S = {100: 1.2, 1_000: 10.0}
TARGET_REQUESTS = 0.1  # a record
GIVE_UP_S = 60.0


class Figures(NamedTuple):
    seconds: float
    requests: int
    bytes_up: int


class RequestCount(logging.Handler):
    """Counts what httpx says of itself: one line a request that was answered."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.getMessage().startswith("HTTP Request:")


def send(wp: Workplace, link: Link) -> Figures:
    """Until every record has its receipt."""
    requests = RequestCount()
    logging.getLogger("httpx").addHandler(requests)
    logging.getLogger("httpx").setLevel(logging.INFO)
    try:
        sent = until_delivered(wp, link, ItemKind.RECORD, GIVE_UP_S)
    finally:
        logging.getLogger("httpx").removeHandler(requests)
    assert sent.left == 0, "not all records have a receipt"
    return Figures(sent.seconds, requests.count, sent.bytes_up)


def measure(count: int) -> Figures:
    """`count` forms keyed once by one person: each waits to be sent."""
    with on_line(LINE, count) as (wp, link):
        rina = hire(wp)["rina"]
        for row in keying.work_list(wp, rina, "first", limit=count):
            keying.key_whole(wp, rina, row.key, CELLS, accept=[AS_WRITTEN])
        return send(wp, link)


def main(counts: list[int]) -> int:
    """Print one line a count; 1 when a target was missed."""
    is_good = True
    for count in counts:
        seconds, requests, size = measure(count)
        limit_s = LINE.limit_s(size)
        target_s = TARGET_S.get(count, 0.01 * count)
        passes = seconds <= target_s and requests / count < TARGET_REQUESTS
        is_good &= passes
        print(
            f"{count:5d} records: {seconds:6.2f} s (target {target_s:.1f}; the line alone {limit_s:.2f} s for"
            f" {size / 1000:.0f} kB up), {requests} requests = {requests / count:.3f} a record"
            f"  {'pass' if passes else 'MISSED'}",
            flush=True,
        )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or list(TARGET_S)))
