"""The engine against the real centre on loopback: numbers, verdicts, scans, feed, receipts."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.lifecycle import OutboxState
from app.domain.sending import PRIORITY_FIRST, Sending
from app.domain.wilayah import TpsId
from app.forms.wilayah import Region, Station
from app.ports import ItemKind, Lane, LineState, Reason, SyncStatus
from sync.account import enrol
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from sync.engine import IdleReport, NoServer, run_until_idle
from tests.fakes.clock import RealClock, outside_now
from tests.fakes.engine_desk import QUICKLY, Desk
from tests.fakes.http_bytes import Head
from tests.fakes.relay import CutRequest, End, Fault, Point, Relay
from tests.unit.sync.central.office import REALM, TPS, Office, small_region

STATIONS = [str(one.tps) for one in small_region().stations]


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(
        CentralSettings(tmp_path / "centre", realm=REALM, register=(small_region(),), seed=1)
    )
    running.start()
    yield running
    running.stop()


def many_stations(count: int) -> Region:
    """The small region with more TPS in its first desa."""
    region = small_region()
    extra = [Station(TpsId(f"3204052001{n:03}"), 97, 101, f"927409{n:03}") for n in range(3, count + 3)]
    return Region(region.areas, (*region.stations, *extra))


@pytest.fixture
def desk(centre: RunningCentre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path)


def test_a_code_serves_one_device(desk: Desk) -> None:
    other = Office(device="pc-2")
    refused = enrol(
        msgspec.to_builtins(desk.setup), desk.code, other.device, other.device_key, clock=desk.clock
    )
    assert isinstance(refused, Reason)
    assert refused.code == "code_used"


def test_enrols_and_delivers_numbers_and_scans_with_receipts(desk: Desk) -> None:
    for tps in STATIONS:
        desk.add_record(tps)
    hashes = [desk.add_scan(number) for number in range(20)]
    report = desk.sync()
    assert report == IdleReport(True, 0, 0, "Terhubung ke KPU RI.")
    assert set(desk.store.states()) == {OutboxState.DONE}
    assert all(row.receipt is not None for row in desk.store.rows.values())
    assert len(hashes) == 20
    assert desk.store.operators_done
    assert desk.secrets.get(desk.account.token_name)
    returned = [event for event in desk.store.events if event["kind"] == "returned"]
    assert len(returned) == len(STATIONS)


def test_a_line_that_died_without_a_word_does_not_hold_the_upload(centre: RunningCentre, desk: Desk) -> None:
    """The silence rule before our own centre: it asks on a new connection, and goes on from the offset it hears."""
    with Relay() as relay:
        relay.target = centre.url
        asked: list[tuple[str, int]] = []

        def dies_once(head: Head) -> Fault | None:
            """In its second PATCH: by the first one the client knows how soon this line is silent too long."""
            offset = int(head.headers.get("upload-offset", "0"))
            asked.append((head.words[0], offset))
            has_died = any(method == "HEAD" for method, _ in asked)
            return CutRequest(Point.MIDDLE, End.LOST) if offset and not has_died else None

        relay.script = dies_once
        desk.policy = replace(QUICKLY, silence_least_s=0.3)
        desk.add_scan(1, size=3_000_000)
        over = dataclasses.replace(desk.account, server_url=relay.url)
        assert run_until_idle(desk.engine(over), desk.clock, seconds=20).is_idle
    (row,) = desk.store.rows.values()
    assert row.state is OutboxState.DONE
    offsets = [offset for method, offset in asked if method == "PATCH"]
    assert ("HEAD", 0) in asked
    assert offsets[0] < offsets[1] < offsets[2]  # the half that had come did not come again


def test_a_verdict_comes_home_as_published(desk: Desk) -> None:
    desk.add_record(TPS)
    desk.sync()
    verdict = desk.office.verdict()
    desk.store.add(ItemKind.VERDICT, verdict["id"], TPS, body=verdict)
    engine = desk.engine()
    engine.start()
    try:
        assert engine.wait_idle(10)
    finally:
        engine.close()
    assert desk.sync().is_idle
    assert [row.status for row in desk.store.rows.values()] == ["stored", "stored"]


def test_sending_again_gets_the_first_receipt(desk: Desk) -> None:
    first = desk.add_record(TPS)
    desk.sync()
    again = desk.add_record(TPS)
    assert desk.sync().is_idle
    assert desk.store.rows[again].status == "replayed"
    assert desk.store.rows[again].receipt == desk.store.rows[first].receipt


def test_a_receipt_by_another_key_is_no_success(desk: Desk) -> None:
    number = desk.add_record(TPS)
    key_id = next(iter(desk.setup.keys))
    other = Office()
    stranger = other.operator("siti")["public_key"]
    account = dataclasses.replace(desk.account, keys={key_id: str(stranger)})
    report = run_until_idle(desk.engine(account), desk.clock, seconds=10)
    assert not report.is_idle
    assert "tidak ditandatangani" in report.sentence
    row = desk.store.rows[number]
    assert row.state is OutboxState.WAITING
    assert row.reason is not None
    assert row.reason.code == "wrong_key"


def test_another_realm_gets_nothing(desk: Desk) -> None:
    number = desk.add_record(TPS)
    report = run_until_idle(
        desk.engine(dataclasses.replace(desk.account, realm="pemilu-2019")), desk.clock, seconds=10
    )
    assert not report.is_idle
    assert "pemilu lain" in report.sentence
    assert desk.store.rows[number].state is OutboxState.QUEUED


def test_paused_lanes_send_nothing_and_resume(desk: Desk) -> None:
    number = desk.add_record(TPS)
    seen: list[SyncStatus] = []
    engine = desk.engine()
    engine.pause()
    engine.subscribe(seen.append)
    engine.start()
    engine.pause()
    try:
        assert engine.wait_idle(5), "what is left is held back by the person"
        assert engine.status().line is LineState.PAUSED_HERE
        assert desk.store.rows[number].state is OutboxState.QUEUED
        engine.resume((Lane.RECORDS,))
        assert engine.wait_idle(10)
    finally:
        engine.close()
    assert desk.store.rows[number].state is OutboxState.DONE
    assert seen


def test_without_a_server_everything_stays_here() -> None:
    assert NoServer().status().line is LineState.NO_SERVER
    assert not run_until_idle(NoServer(), RealClock()).is_idle


def deliver_all(count: int, profile: str, tmp_path: Path) -> None:
    """`count` numbers and twice as many images reach a centre of this profile; each has its receipt."""
    region = many_stations(count)
    settings = CentralSettings(tmp_path / "centre", realm=REALM, register=(region,), seed=3, profile=profile)
    running = RunningCentre(settings, rng=random.Random(3))
    running.start()
    try:
        desk = Desk(running, tmp_path)
        for number, station in enumerate(region.stations[:count]):
            desk.add_record(str(station.tps), p1=number)
            desk.add_scan(2 * number, str(station.tps), size=150_000)
            desk.add_scan(2 * number + 1, str(station.tps), size=250_000)
        report = desk.sync(seconds=150.0)
        assert report.is_idle, report
        assert len(desk.store.rows) == 3 * count
        assert all(row.receipt is not None for row in desk.store.rows.values())
        assert sum(event["kind"] == "returned" for event in desk.store.events) >= count
    finally:
        running.stop()


def test_thirty_numbers_and_sixty_images(tmp_path: Path) -> None:
    deliver_all(30, "calm", tmp_path)


@pytest.mark.sweep
def test_a_centre_under_load_gets_them_all(tmp_path: Path, sweep_size: Callable[[int, int], int]) -> None:
    """On election day a third of the requests fail and the nation pauses for half a minute."""
    is_whole = sweep_size(0, 1)
    deliver_all(30 if is_whole else 3, "election-day" if is_whole else "slow", tmp_path)


def test_outside_their_hours_images_wait_but_numbers_and_a_wanted_tps_go(desk: Desk) -> None:
    for tps in STATIONS:
        desk.add_record(tps)
    waits, wanted = desk.add_scan(1), desk.add_scan(2)
    for row in desk.store.rows.values():
        if row.item.what == wanted:
            row.item = replace(row.item, priority=PRIORITY_FIRST)
    desk.store.sending_choice = Sending(outside_now(desk.clock))
    delivered: SimpleQueue[str] = SimpleQueue()
    desk.store.on_delivered = lambda row: delivered.put(row.item.what)
    engine = desk.engine()
    engine.start()
    try:
        came = {delivered.get(timeout=20) for _ in range(len(STATIONS) + 1)}
        assert wanted in came
        assert waits not in came
        desk.store.sending_choice = Sending()
        engine.wake()
        assert delivered.get(timeout=20) == waits
    finally:
        engine.close()


def test_a_pause_cuts_a_limited_image_in_mid_chunk_and_it_goes_on_from_there(desk: Desk) -> None:
    """At 64 kbit/s this image takes half a minute; the pause and the lifted limit do not wait for it."""
    what = desk.add_scan(1, size=240_000)
    desk.store.sending_choice = Sending(limit_kbit_s=64)
    delivered: SimpleQueue[str] = SimpleQueue()
    in_flight: SimpleQueue[tuple[int, float]] = SimpleQueue()
    desk.store.on_delivered = lambda row: delivered.put(row.item.what)
    engine = desk.engine()
    engine.subscribe(lambda status: in_flight.put((status.in_flight, desk.clock.monotonic())))
    engine.start()
    try:
        while in_flight.get(timeout=20)[0] == 0:
            pass
        asked = desk.clock.monotonic()
        engine.pause([Lane.SCANS])
        while (seen := in_flight.get(timeout=20))[0] != 0:
            pass
        print(f"paused in {(seen[1] - asked) * 1000:.1f} ms")
        assert seen[1] - asked < 0.1
        desk.store.sending_choice = Sending()
        engine.resume([Lane.SCANS])
        assert delivered.get(timeout=20) == what
    finally:
        engine.close()
