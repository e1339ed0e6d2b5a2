"""A workplace whose real engine speaks to a real centre over the line simulator."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace as with_changes

from app import bootstrap
from app.ports import ItemKind
from app.services import engine_store, status, workplace
from app.services.workplace import Workplace
from sync.engine import Engine
from sync.policy import DEFAULT
from tests.benchmarks.link import Line, Link
from tests.fakes import big_district
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.district import WEAK
from tests.fakes.program import Centre, Program, start_centre

REALM = "latihan-angka"
LOOK_EVERY_S = 0.01


class Sent(NamedTuple):
    """`left`: items without a receipt when the time was up."""

    seconds: float
    bytes_up: int
    left: int


@contextmanager
def on_line(line: Line, stations: int) -> Iterator[tuple[Workplace, Link]]:
    """The workplace of a district of so many TPS, enrolled at a centre of its own; the line is not born yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wp = workplace.create(
            folder / "data",
            realm=REALM,
            district="3204",
            region=big_district.region(stations),
            clock=RealClock(),
            secrets=MemorySecrets(),
            profile="ringkas",
            pin_cost=WEAK,
        )
        centre = start_centre(Program(), folder / "pusat", "--realm", REALM)
        try:
            _enrol(wp, centre, folder)
            with Link(line, int(centre.url.rsplit(":", 1)[1])) as link:
                yield wp, link
        finally:
            centre.stop()
            wp.close()


def _enrol(wp: Workplace, centre: Centre, folder: Path) -> None:
    setup = folder / "setup.json"
    made = Program().run(
        "central-setup", "--data", centre.folder, "--district", wp.district, "--server", centre.url, "--realm", REALM,
        "--out", setup,
    )  # fmt: skip
    bootstrap.connect(wp, bootstrap.read_setup(setup, wp.district), made.out.strip())


def until_delivered(wp: Workplace, link: Link, kind: ItemKind, most_s: float) -> Sent:
    """The engine in its only configuration, without the random wait at the start, until all of a kind are there."""
    account = bootstrap.account_of(wp)
    assert account is not None
    engine = Engine(
        engine_store.engine_store(wp),
        replace(account, server_url=f"http://127.0.0.1:{link.port}"),
        wp.clock,
        random.Random(1),
        policy=with_changes(DEFAULT, start_spread_s=0.0),
        secrets=wp.secrets,
    )
    pause = threading.Event()
    started = time.monotonic()
    engine.start()
    try:
        while (left := status.queue_count(wp, kind=kind)) and time.monotonic() - started < most_s:
            pause.wait(LOOK_EVERY_S)
        return Sent(time.monotonic() - started, link.bytes_up, left)
    finally:
        engine.close()
