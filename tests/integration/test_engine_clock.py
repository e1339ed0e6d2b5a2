"""The PC's clock is wrong, is set right, stands a day ahead or behind, or jumps while it sleeps.

The real engine over a real workplace and the real centre behind a relay (`tests/fakes/cut_world.py`). Whatever the
clock does, nothing waits longer than it was meant to, and in the end all of it is at the centre exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app import bootstrap
from app.services import keying
from sync.central.server import RunningCentre
from sync.wire import API, SCANS
from tests.fakes import office
from tests.fakes.cut_cases import answer
from tests.fakes.cut_world import PATIENCE_S, STATIONS, Bench, World, building
from tests.fakes.district import key, own
from tests.fakes.http_bytes import Head
from tests.fakes.relay import Fault, Instead

DAY_S, HOUR_S = 86_400.0, 3_600.0
RETRY_AFTER_S = 2
LONGEST_S = 2.0 * RETRY_AFTER_S + 1.0  # an item's wait is spread over twice what was asked for
JUMPS = {
    "a day ahead": DAY_S,
    "a day behind": -DAY_S,
    "an hour behind": -HOUR_S,
    "20 minutes behind": -1200.0,
    "40 seconds behind": -40.0,
}
WORK = (f"{API}/records", f"{API}/verdicts", f"{API}/withdrawals", SCANS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with building(tmp_path_factory.mktemp("clock")) as made:
        yield made


@pytest.fixture
def world(bench: Bench) -> Iterator[World]:
    with bench.world("case") as made:
        yield made


@dataclass
class Busy:
    """All work is refused for now, the centre says for how long; kept connections see the end of it, too."""

    is_over: bool = False

    def __call__(self, request: Head) -> Fault | None:
        if self.is_over or not request.words[1].startswith(WORK):
            return None
        head, _, body = answer(503, "busy", body=b"{}").partition(b"\r\n\r\n")
        return Instead(head + f"\r\nRetry-After: {RETRY_AFTER_S}\r\n\r\n".encode() + body)


def put_off(world: World) -> None:
    """Run against the busy centre until at least one item of every lane waits."""
    world.relay.script = busy = Busy()
    engine = world.engine()
    engine.start()
    try:
        while len(world.here("SELECT DISTINCT kind FROM outbox WHERE state = 'waiting'")) < 2:
            engine.wait_idle(0.02)
    finally:
        engine.close()
    busy.is_over = True


def expire_tokens(centre: RunningCentre) -> None:
    """The shift is over."""
    with centre.parts.centre.db.write() as connection:
        assert connection.execute("DELETE FROM token").rowcount


def key_the_last(world: World) -> None:
    """Numbers of the one station that had none."""
    keying.key_whole(world.wp, office.sign_in(world.wp, "rina")["rina"], key(STATIONS), own(STATIONS))


def check(world: World) -> None:
    assert world.unexplained() == []
    assert world.differences() == []


@pytest.mark.parametrize("by_s", JUMPS.values(), ids=JUMPS)
def test_the_clock_is_set_between_two_runs(by_s: float, world: World) -> None:
    """A wait of seconds, written by a clock that was an hour ahead, held an item for an hour once."""
    put_off(world)
    world.clock.jump_s = by_s
    began = world.clock.monotonic()
    report = world.sync()
    assert report.is_idle, report
    assert world.clock.monotonic() - began < LONGEST_S + PATIENCE_S / 4
    check(world)


@pytest.mark.parametrize("by_s", JUMPS.values(), ids=JUMPS)
def test_the_clock_is_set_while_items_wait(by_s: float, world: World) -> None:
    world.relay.script = busy = Busy()
    engine = world.engine()
    engine.start()
    try:
        while not world.here("SELECT 1 FROM outbox WHERE state = 'waiting'"):
            engine.wait_idle(0.02)
        world.clock.jump_s = by_s
        engine.wake()
        assert not engine.wait_idle(0.2)
        busy.is_over = True
        assert engine.wait_idle(PATIENCE_S), engine.status()
    finally:
        engine.close()
    check(world)


@pytest.mark.parametrize("by_s", [DAY_S, -DAY_S], ids=["ahead", "behind"])
def test_a_token_that_ran_out_is_renewed_with_a_clock_a_day_off(by_s: float, world: World) -> None:
    """Whose clock is right is the centre's business: signing in compares no times."""
    world.clock.jump_s = by_s
    assert world.sync().is_idle
    expire_tokens(world.centre)
    key_the_last(world)
    assert world.sync().is_idle
    check(world)


@pytest.mark.parametrize("counts", [True, False], ids=["monotonic counts it", "monotonic does not"])
def test_after_eight_hours_of_sleep_it_goes_on(counts: bool, world: World) -> None:
    """The token ran out overnight, connections died, and a rest that was to last seconds is long over."""
    world.relay.script = busy = Busy()
    engine = world.engine()
    engine.start()
    try:
        while not world.here("SELECT 1 FROM outbox WHERE state = 'waiting'"):
            engine.wait_idle(0.02)
        world.clock.jump_s = 8 * HOUR_S
        world.clock.steady_jump_s = 8 * HOUR_S if counts else 0.0
        expire_tokens(world.centre)
        busy.is_over = True
        world.relay.cut_all()
        assert engine.wait_idle(PATIENCE_S), engine.status()
    finally:
        engine.close()
    check(world)


def test_the_program_itself_recovers_from_a_clock_that_was_ahead(world: World) -> None:
    """`sync --until-idle` as the command runs it, after the clock was set back by an hour and a half."""
    world.clock.jump_s = 1.5 * HOUR_S
    put_off(world)
    world.clock.jump_s = 0.0
    ended = bootstrap.run_sync(world.wp, until_idle=True, seconds=PATIENCE_S)
    assert [one for one in ended.waiting if one.is_for_engine] == []
    check(world)
