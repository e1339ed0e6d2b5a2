"""Numbers over a thin line: `python -m tests.benchmarks.bench_records [COUNT ...]` (100 and 1,000 unless told).

A real workplace, the real engine and `python -m app central` in a process of its own, with 2 Mbit/s and 150 ms round
trip between them. The clock runs from the engine's start (connection, hello and sign-in included; only the random wait
of up to ten seconds before them is left out) until the last record has its receipt. Targets (design section 8):
100 records <= 1.2 s, 1,000 <= 10 s, < 0.1 requests a record.
"""

from __future__ import annotations

import logging
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from app import bootstrap
from app.ports import ItemKind
from app.services import engine_store, keying, status, workplace
from app.services.workplace import Workplace
from sync.engine import Engine
from sync.policy import DEFAULT
from tests.benchmarks.link import MBIT, Line, Link
from tests.fakes import big_district
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.district import WEAK
from tests.fakes.office import AS_WRITTEN, hire
from tests.fakes.program import Centre, Program, start_centre
from tests.fakes.room import CELLS

LINE = Line(rate=2 * MBIT, delay_s=0.075)
TARGET_S = {100: 1.2, 1_000: 10.0}
TARGET_REQUESTS = 0.1  # a record
GIVE_UP_S = 60.0
LOOK_EVERY_S = 0.01
REALM = "latihan-angka"


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


def make_workplace(folder: Path, count: int) -> Workplace:
    """`count` forms keyed once by one person: each waits to be sent."""
    wp = workplace.create(
        folder,
        realm=REALM,
        district="3204",
        region=big_district.region(count),
        clock=RealClock(),
        secrets=MemorySecrets(),
        profile="ringkas",
        pin_cost=WEAK,
    )
    rina = hire(wp)["rina"]
    for row in keying.work_list(wp, rina, "first", limit=count):
        keying.key_whole(wp, rina, row.key, CELLS, accept=[AS_WRITTEN])
    return wp


def connect(wp: Workplace, centre: Centre, url: str, folder: Path) -> None:
    """The account at the centre, reached over the line."""
    setup = folder / "setup.json"
    made = Program().run(
        "central-setup", "--data", centre.folder, "--district", wp.district, "--server", url, "--realm", REALM,
        "--out", setup,
    )  # fmt: skip
    bootstrap.connect(wp, bootstrap.read_setup(setup, wp.district), made.out.strip())


def send(wp: Workplace, link: Link) -> Figures:
    """Until every record has its receipt."""
    account = bootstrap.account_of(wp)
    assert account is not None
    requests = RequestCount()
    logging.getLogger("httpx").addHandler(requests)
    logging.getLogger("httpx").setLevel(logging.INFO)
    before = link.bytes_up
    arrived = threading.Event()
    engine = Engine(
        engine_store.engine_store(wp),
        account,
        wp.clock,
        random.Random(1),
        policy=replace(DEFAULT, start_spread_s=0.0),
        secrets=wp.secrets,
    )
    started = time.monotonic()
    engine.start()
    try:
        while status.queue_count(wp, kind=ItemKind.RECORD):
            assert time.monotonic() - started < GIVE_UP_S, engine.status()
            arrived.wait(LOOK_EVERY_S)
        return Figures(time.monotonic() - started, requests.count, link.bytes_up - before)
    finally:
        engine.close()
        logging.getLogger("httpx").removeHandler(requests)


def measure(count: int) -> Figures:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wp = make_workplace(folder / "data", count)
        centre = start_centre(Program(), folder / "pusat", "--realm", REALM)
        try:
            with Link(LINE, int(centre.url.rsplit(":", 1)[1])) as link:
                connect(wp, centre, f"http://127.0.0.1:{link.port}", folder)
                return send(wp, link)
        finally:
            centre.stop()
            wp.close()


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
