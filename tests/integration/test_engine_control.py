"""Close, pause, *Coba sekarang* and clocks that jump, at any moment of a run: nothing stranded, nothing in flight."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.lifecycle import OutboxState
from app.domain.sending import Sending
from app.ports import ItemKind, Lane, LineState
from tests.fakes.clock import outside_now
from tests.fakes.fault_bench import RECORDS, Bench, fault_bench
from tests.fakes.fault_server import (
    Answer,
    NeverAnswer,
    once,
    problem,
)
from tests.unit.sync.central.office import JPEG, TPS


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with fault_bench(tmp_path) as made:
        yield made


def test_closing_leaves_nothing_in_flight_and_takes_a_moment(bench: Bench) -> None:
    bench.server.script = lambda r: NeverAnswer() if r.path == RECORDS or r.method == "PATCH" else None
    engine = bench.engine()
    engine.start()
    assert not engine.wait_idle(0.15)
    started = bench.clock.monotonic()
    engine.close()
    assert bench.clock.monotonic() - started < 1.0
    assert OutboxState.IN_FLIGHT not in bench.store.states()


def test_a_pause_here_takes_effect_while_a_request_is_under_way(bench: Bench) -> None:
    bench.server.script = lambda r: NeverAnswer() if r.path == RECORDS else None
    arrived = threading.Event()
    engine = bench.engine()
    engine.subscribe(lambda status: arrived.set() if status.in_flight else None)
    engine.start()
    try:
        assert arrived.wait(5)
        paused = threading.Event()
        engine.subscribe(lambda status: paused.set() if status.line is LineState.PAUSED_HERE else None)
        engine.pause()
        assert paused.wait(5)
        assert engine.wait_idle(5), "what is left is held back by the person"
        assert OutboxState.IN_FLIGHT not in bench.store.states()
        bench.server.script = lambda _: None
        engine.resume()
        assert engine.wait_idle(5)
    finally:
        engine.close()
    bench.check()


def test_the_person_need_not_wait_for_the_gate(bench: Bench) -> None:
    answers = iter((problem(503, "busy", {"Retry-After": "3000"}),))
    bench.server.script = lambda r: next(answers, None) if r.path == RECORDS else None
    engine = bench.engine()
    engine.start()
    try:
        assert not engine.wait_idle(0.5)
        assert bench.store.rows[1].state is OutboxState.WAITING
        engine.retry_now()
        assert engine.wait_idle(5)
    finally:
        engine.close()
    bench.check()


def test_a_clock_set_back_locks_nothing(bench: Bench) -> None:
    bench.clock.jump_s = 86_400.0
    bench.server.script = lambda r: problem(503, "busy", {"Retry-After": "60"}) if r.path == RECORDS else None
    engine = bench.engine()
    engine.start()
    try:
        assert not engine.wait_idle(0.3)
        bench.server.script = lambda _: None
        bench.clock.jump_s = 0.0
        engine.wake()
        assert engine.wait_idle(5)
    finally:
        engine.close()
    bench.check()


def test_a_clock_set_back_while_no_engine_ran_locks_nothing(bench: Bench) -> None:
    """A PC whose clock was seven hours ahead, closed with a busy centre and put right: it sent nothing for as long."""
    bench.clock.jump_s = 7 * 3600.0
    bench.server.script = lambda r: problem(503, "busy", {"Retry-After": "60"}) if r.path == RECORDS else None
    engine = bench.engine()
    engine.start()
    assert not engine.wait_idle(0.3)
    engine.close()
    assert bench.store.rows[1].state is OutboxState.WAITING
    bench.server.script = lambda _: None
    bench.clock.jump_s = 0.0
    assert bench.sync(5.0).is_idle
    bench.check()


def test_pausing_at_any_moment_strands_nothing(bench: Bench) -> None:
    engine = bench.engine()
    engine.start()
    try:
        for _ in range(200):  # no waiting: tasks are cut before they begin, and in the middle
            engine.pause()
            engine.resume()
            engine.wait_idle(0.001)
        assert engine.wait_idle(10)
    finally:
        engine.close()
    bench.check()
    assert set(bench.store.states()) == {OutboxState.DONE}


def test_closing_begins_nothing_new(bench: Bench, tmp_path: Path) -> None:
    """A cut question for receipts once began the next one, which found the store's threads gone."""
    for number in range(3):
        data = JPEG + random.Random(number).randbytes(2_000)
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        bench.store.add(ItemKind.SCAN, hashlib.sha256(data).hexdigest(), TPS, path=path)
    bench.server.script = lambda r: NeverAnswer() if "receipts" in r.path else None
    engine = bench.engine()
    engine.start()
    while len(bench.server.scans) < 4 or not bench.server.count("POST", "receipts"):
        engine.wait_idle(0.01)
    engine.close()
    assert OutboxState.IN_FLIGHT not in bench.store.states()
    assert bench.server.count("POST", "receipts") == 1


def test_images_that_wait_for_the_night_do_not_put_off_a_number(bench: Bench) -> None:
    """Its second try is due in a moment; the loop slept for a minute, for an image was *due* all the time."""
    bench.store.sending_choice = Sending(outside_now(bench.clock))
    answers = iter((problem(503, "busy", {"Retry-After": "1"}),) * 2)
    bench.server.script = lambda r: next(answers, None) if r.path == RECORDS else None
    began = bench.clock.monotonic()
    report = bench.sync(30.0)
    assert bench.store.states(ItemKind.RECORD) == [OutboxState.DONE]
    assert bench.store.states(ItemKind.SCAN) == [OutboxState.QUEUED]
    assert not report.is_idle
    assert report.waiting == 1, "held back by people: the run ends, and says that something waits"
    assert bench.clock.monotonic() - began < 20, "twice 1-2 s were asked for; it neither slept nor stayed"


def test_what_is_paused_here_does_not_keep_a_technicians_run_from_ending(bench: Bench) -> None:
    bench.store.save_channel(replace(bench.store.channel(Lane.SCANS), is_paused=True))
    report = bench.sync(30.0)
    assert (report.is_idle, report.waiting) == (False, 1)
    assert bench.store.states(ItemKind.RECORD) == [OutboxState.DONE]


def test_a_proxy_that_refuses_the_method_both_ways_rests_the_lane(bench: Bench, tmp_path: Path) -> None:
    """Each scan made an upload of its own, and was refused twice."""
    for number in range(6):
        data = JPEG + random.Random(number).randbytes(2_000_000)
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        bench.store.add(ItemKind.SCAN, hashlib.sha256(data).hexdigest(), TPS, path=path)
    hidden = "x-http-method-override"
    bench.server.script = lambda r: Answer(405) if r.method == "PATCH" or hidden in r.headers else None
    report = bench.sync(2.0)
    assert not report.is_idle
    (state,) = [one for one in bench.store.channels.values() if one.lane is Lane.SCANS]
    assert state.reason is not None
    assert state.reason.code == "other_method"
    assert state.gate_until > 0
    # Four at once at the start, then one probe in every 0.3 s; each of them refused openly and hidden.
    assert bench.server.count("PATCH") <= 2 * (4 + 2.0 / 0.3)


def test_a_question_for_receipts_on_a_dead_connection_is_asked_again_at_once(bench: Bench) -> None:
    """It waited its whole deadline and shut the gate: where connections die, images took twice as long."""
    bench.server.script = once("POST", "/scans/receipts", NeverAnswer())
    assert bench.sync().is_idle
    bench.check()
    assert bench.server.count("POST", "/scans/receipts") == 2
    assert [row.item.attempts for row in bench.store.rows.values()] == [0, 0], "nobody was put off"
