"""Thrifty copies from the real engine to the real centre, over slow lines: what goes first, what never goes."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from app.domain.lifecycle import OutboxState
from app.domain.sending import PRIORITY_FIRST, PoorLine, Sending
from app.ports import ItemKind
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from sync.engine import run_until_idle
from sync.policy import Bounds
from sync.wire import Limits
from tests.benchmarks.link import Line, Link
from tests.fakes.engine_desk import QUICKLY, Desk
from tests.fakes.fault_bench import fault_bench
from tests.fakes.memory_store import Row
from tests.unit.sync.central.office import REALM, small_region

STATIONS = [str(one.tps) for one in small_region().stations]
POOR = PoorLine(1.0, 10_000.0)
ALWAYS = Bounds(night_s=0.0, worth_s=0.0, hold_s=0.0)  # whatever is left is too much


@contextmanager
def running(folder: Path, in_flight: int = 8, profile: str | None = None) -> Iterator[RunningCentre]:
    limits = Limits(in_flight=in_flight)
    settings = CentralSettings(
        folder / "centre", realm=REALM, register=(small_region(),), seed=1, limits=limits, profile=profile
    )
    centre = RunningCentre(settings, rng=random.Random(1))
    centre.start()
    try:
        yield centre
    finally:
        centre.stop()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with running(tmp_path) as one:
        yield one


@pytest.fixture
def desk(centre: RunningCentre, tmp_path: Path) -> Desk:
    desk = Desk(centre, tmp_path)
    desk.policy = replace(QUICKLY, thrift=ALWAYS)
    return desk


def watched(desk: Desk) -> list[str]:
    """What arrives, in order: `record`, `copy N`, `scan N` (N: the row)."""
    came: list[str] = []

    def delivered(row: Row) -> None:
        came.append("record" if row.item.kind is ItemKind.RECORD else f"scan {row.item.id}")

    desk.store.on_delivered = delivered
    desk.store.on_thrifty = lambda row: came.append(f"copy {row.item.id}")
    return came


def over(desk: Desk, link: Link) -> None:
    """From now on the desk speaks to the centre over this line."""
    desk.account = dataclasses.replace(desk.account, server_url=f"http://127.0.0.1:{link.port}")


def at_centre(centre: RunningCentre, question: str) -> list[tuple[Any, ...]]:
    with centre.parts.centre.db.read() as con:
        return [tuple(row) for row in con.execute(question)]


def test_numbers_then_copies_then_images(desk: Desk, centre: RunningCentre) -> None:
    for tps in STATIONS[:3]:
        desk.add_record(tps)
    copies = {desk.add_pair(n, 40_000, 8_000, STATIONS[n % 3]) for n in range(6)}
    desk.store.poor = POOR
    came = watched(desk)
    port = urlsplit(centre.url).port
    assert port is not None
    with Link(Line(rate=60_000, delay_s=0.02), port) as link:
        over(desk, link)
        assert desk.sync(60).is_idle
    kinds = [one.split()[0] for one in came]
    assert kinds[:9] == ["record"] * 3 + ["copy"] * 6
    assert kinds[9:] == ["scan"] * 6
    assert {row[0] for row in at_centre(centre, "SELECT sha256 FROM thrifty")} == copies
    assert at_centre(centre, "SELECT count(*) FROM scan") == [(6,)]
    assert at_centre(centre, "SELECT count(*) FROM upload") == [(12,)], "each went once"
    assert set(desk.store.states()) == {OutboxState.DONE}
    receipts = [row.thrifty_receipt for row in desk.store.rows.values() if row.item.kind is ItemKind.SCAN]
    assert [(one["kind"], one["values_hash"]) for one in receipts if one] == [
        ("thrifty", row.item.what) for row in desk.store.rows.values() if row.item.kind is ItemKind.SCAN
    ]


def test_a_measured_poor_line_begins_it_and_its_end_ends_it(tmp_path: Path) -> None:
    """360 kB/s and 3.5 MB of images: ten seconds, where half a second is a night."""
    with running(tmp_path) as centre:
        desk = Desk(centre, tmp_path)
        desk.policy = replace(QUICKLY, thrift=Bounds(night_s=0.5, slow_rate=0.0, worth_s=0.0, hold_s=0.1))
        for n in range(32):
            desk.add_pair(n, 110_000, 2_000)
        came, sentences = watched(desk), list[str]()
        port = urlsplit(centre.url).port
        assert port is not None
        with Link(Line(rate=360_000, delay_s=0.02), port) as link:
            over(desk, link)
            engine = desk.engine()
            engine.subscribe(lambda status: sentences.append(status.sentence))
            assert run_until_idle(engine, desk.clock, seconds=60).is_idle
    first = next(place for place, one in enumerate(came) if one.startswith("copy"))
    assert first > 0, "nothing was known of the line before the first images"
    copied = {one.split()[1] for one in came if one.startswith("copy")}
    assert len(copied) >= 3
    last = max(place for place, one in enumerate(came) if one.startswith("copy"))
    assert not [one for one in came[:last] if one.startswith("scan") and one.split()[1] in copied]
    assert [one for one in sentences if "Salinan hemat dulu: jalur lambat" in one]
    assert desk.store.poor is None, "little was left and it went: images as they are again"


def test_a_persons_limit_is_a_poor_line_from_the_first_image_on(desk: Desk, centre: RunningCentre) -> None:
    desk.policy = replace(QUICKLY, thrift=Bounds(night_s=0.5, slow_rate=0.0, worth_s=0.0))
    desk.store.sending_choice = Sending(limit_kbit_s=512)
    for n in range(3):
        desk.add_pair(n, 30_000, 3_000)
    came = watched(desk)
    assert desk.sync(60).is_idle
    assert [one.split()[0] for one in came] == ["copy"] * 3 + ["scan"] * 3


def test_on_a_good_line_no_copy_ever_goes(desk: Desk, centre: RunningCentre) -> None:
    desk.policy = QUICKLY
    for n in range(6):
        desk.add_pair(n, 30_000, 3_000)
    came = watched(desk)
    assert desk.sync(60).is_idle
    assert [one.split()[0] for one in came] == ["scan"] * 6
    assert at_centre(centre, "SELECT count(*) FROM thrifty") == [(0,)]
    assert desk.store.poor is None


@pytest.mark.whole
def test_a_slow_centre_is_no_poor_line(tmp_path: Path) -> None:
    """Every answer takes up to two seconds: no office may send more because of it."""
    with running(tmp_path, in_flight=4, profile="slow") as centre:
        desk = Desk(centre, tmp_path)
        desk.policy = replace(QUICKLY, thrift=ALWAYS)
        for n in range(20):
            desk.add_pair(n, 30_000, 3_000)
        assert desk.sync(90).is_idle
        assert at_centre(centre, "SELECT count(*) FROM thrifty") == [(0,)]


def test_scans_of_before_have_no_copy_and_go_as_ever(desk: Desk) -> None:
    desk.store.poor = POOR
    for n in range(3):
        desk.add_scan(n)
    assert desk.sync(60).is_idle
    assert set(desk.store.states()) == {OutboxState.DONE}


def test_a_wanted_tps_goes_whole_before_the_copies_of_the_others(tmp_path: Path) -> None:
    """At a centre that welcomes one request at a time, so that what goes first is what arrives first."""
    with running(tmp_path, in_flight=1) as centre:
        desk = Desk(centre, tmp_path)
        desk.policy = replace(QUICKLY, thrift=ALWAYS)
        desk.store.poor = POOR
        for n in range(1, 21):
            desk.add_pair(n, 30_000, 3_000, STATIONS[1])
        desk.add_pair(21, 30_000, 3_000, STATIONS[0])
        wanted = desk.store.rows[21]
        wanted.item = replace(wanted.item, priority=PRIORITY_FIRST)
        came = watched(desk)
        assert desk.sync(60).is_idle
    last_copy = max(place for place, one in enumerate(came) if one.startswith("copy"))
    assert came.index("copy 21") < came.index("scan 21") < last_copy
    assert came.index("scan 21") < min(came.index(f"scan {n}") for n in range(1, 21))


def test_a_copy_that_changed_on_the_disk_is_given_up_and_its_scan_goes(
    desk: Desk, centre: RunningCentre
) -> None:
    desk.store.poor = POOR
    sha256 = desk.add_pair(1, 20_000, 3_000)
    (desk.folder / f"{sha256}.webp").write_bytes(b"torn")
    assert desk.sync(60).is_idle
    assert [one.code for one in desk.store.given_up] == ["local_changed"]
    assert desk.store.states() == [OutboxState.DONE]
    assert at_centre(centre, "SELECT count(*) FROM thrifty") == [(0,)]


def test_a_copy_whose_answer_was_lost_is_asked_for_by_hash(desk: Desk, centre: RunningCentre) -> None:
    """As after a kill between the centre's commit and ours, or a restored centre: no byte travels twice."""
    desk.store.poor = POOR
    desk.add_pair(1, 20_000, 3_000)
    row = desk.store.rows[1]
    copy, path = row.thrifty, row.thrifty_path
    assert copy is not None
    assert path is not None
    assert desk.sync(60).is_idle
    desk.store.add_thrifty(1, copy.what, path)
    row.state, row.item = OutboxState.QUEUED, replace(row.item, attempts=1)
    desk.store.poor = POOR
    came = watched(desk)
    assert desk.sync(60).is_idle
    assert came == ["copy 1", "scan 1"]
    assert at_centre(centre, "SELECT count(*) FROM upload") == [(2,)]


def test_a_centre_of_before_gets_nothing_that_it_does_not_know(tmp_path: Path) -> None:
    with fault_bench(tmp_path) as bench:
        path = bench.store.rows[2].path
        assert path is not None
        bench.store.add_thrifty(2, "1" * 64, path)
        bench.store.poor = POOR
        engine = bench.engine()
        engine.start()
        try:
            assert engine.wait_idle(10)
        finally:
            engine.close()
        bench.check()
        assert [one for one in bench.server.records.values() if "as_of" in one] == []
        assert bench.server.records
        assert bench.store.rows[2].thrifty_receipt is None
        assert bench.store.poor is None
