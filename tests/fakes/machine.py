"""The state machine over outbox, engine and centre: people, faults, power cuts and clocks in any order.

After each step `World.wrong` must be empty; at the end all faults stop, and then everything that waits must arrive
without a person, and what stopped after one *Coba lagi*: exactly once, all equal, a receipt for each.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.cell import Cell
from app.domain.sending import LIMIT_LEAST_KBIT_S, NIGHT, Hours, Sending
from app.ports import Lane
from app.services import corrections, keying, moving, queue, verify
from tests.fakes.district import key, own
from tests.fakes.machine_line import Fault
from tests.fakes.machine_world import HOUR_S, STATIONS, Template, World, build_template
from tests.fakes.office import AS_WRITTEN

STEPS = 20
SHARE = 50  # examples of one seed: the same examples whatever the number of cores
DAY_S = 24 * HOUR_S
QUIET_MOST_S = (
    6 * HOUR_S
)  # Retry-After is believed up to an hour, spread over two; a pause here lasts an hour
BURST = 150  # requests of an engine that has a dozen things to send and meets a dozen faults
RATE = 1.0  # a second beyond that: an engine that asks again and again what was answered is wrong, too


class Act(StrEnum):
    """What a person may do while the engine is at work."""

    READ = "reads"
    READ_AGAIN = "reads again"
    CORRECT = "corrects"
    WITHDRAW = "withdraws"
    MOVE = "moves"
    SCAN = "scans"
    JUDGE = "judges"
    RETRY = "tries again"


stations = st.integers(1, STATIONS)
variants = st.integers(0, 2)
readers = st.sampled_from(("rina", "dedi", "asep"))
faults = st.lists(st.sampled_from(Fault), min_size=1, max_size=5)
lanes = st.lists(st.sampled_from(Lane), min_size=1, unique=True)
store_calls = st.integers(0, 25)  # of the engine, until something happens to it


def paper(n: int, variant: int) -> dict[str, Cell]:
    """What somebody reads on station n's form."""
    return {**own(n), "P1": 71 - variant, "P2": 110 + variant}


@cache
def template() -> Template:
    """One a process."""
    return build_template(Path(tempfile.mkdtemp(prefix="situng-machine-template-")))


def drop_template() -> None:
    """This process has no more examples."""
    shutil.rmtree(template().folder, ignore_errors=True)
    template.cache_clear()


class Stage(IntEnum):
    """How far the first form has come when the example begins."""

    NEW = 0
    KEYED = 1
    RETURNED = 2
    JUDGED = 3


class OutboxMachine(RuleBasedStateMachine):
    """One example."""

    finished = 0  # examples of this process that came to their quiet end, all checks passed

    @initialize(number=st.integers(0, 2**16), stage=st.sampled_from(Stage))
    def begin(self, number: int, stage: Stage) -> None:
        """The first form may have come some way already."""
        self.bugs = Bugs()
        self.world = world = World(template(), number)
        world.start()
        if stage >= Stage.KEYED:
            self.reads_whole(1, 0, pages=2)
        if stage >= Stage.RETURNED:
            world.passes(20.0)
        if stage >= Stage.JUDGED:
            self.judges(1, "ok")

    # ---- people --------------------------------------------------------------------------------------------------

    @rule(n=stations, variant=variants, pages=st.integers(0, 2))
    def reads_whole(self, n: int, variant: int, pages: int) -> None:
        for page in range(1, pages + 1):
            self.scans(n, page, 2_000)
        for who in ("rina", "dedi"):
            self.reads(n, variant, who)

    @rule(n=stations, variant=variants, who=readers)
    def reads(self, n: int, variant: int, who: str) -> None:
        wp, reader = self.world.wp, self.world.crew[who]
        self.world.try_to(lambda: keying.key_whole(wp, reader, key(n), paper(n, variant), [AS_WRITTEN]))

    @rule(n=stations, variant=variants, is_read_again=st.booleans())
    def corrects(self, n: int, variant: int, is_read_again: bool) -> None:
        wp, crew = self.world.wp, self.world.crew
        self.world.try_to(
            lambda: corrections.correct(wp, crew["rina"], key(n), paper(n, variant), "salah baca")
        )
        if is_read_again:
            self.reads(n, variant, "dedi")

    @rule(n=stations)
    def withdraws(self, n: int) -> None:
        wp, crew = self.world.wp, self.world.crew
        self.world.try_to(lambda: corrections.withdraw(wp, crew["rina"], key(n), "Salah TPS."))

    @rule(n=stations, m=stations)
    def moves(self, n: int, m: int) -> None:
        wp, crew = self.world.wp, self.world.crew
        self.world.try_to(lambda: moving.move_form(wp, crew["rina"], key(n), key(m), "Salah TPS."))

    @rule(n=stations, page=st.integers(1, 2), size=st.sampled_from((2_000, 90_000)))
    def scans(self, n: int, page: int, size: int) -> None:
        self.world.try_to(lambda: self.world.scan(n, page, size))

    @rule(n=stations, verdict=st.sampled_from(("identical", "ok", "wrong")))
    def judges(self, n: int, verdict: str) -> None:
        wp, verifier = self.world.wp, self.world.crew["sari"]
        if verdict == "identical":
            self.world.try_to(lambda: verify.confirm_identical(wp, verifier))
        else:
            self.world.try_to(lambda: verify.give_verdict(wp, verifier, key(n), verdict, "Dilihat."))

    @rule(act=st.sampled_from(Act), n=stations, variant=variants, calls=store_calls, is_before=st.booleans())
    @precondition(lambda self: self.world.can_hear)
    def acts_meanwhile(self, act: Act, n: int, variant: int, calls: int, is_before: bool) -> None:
        """Between two transactions of the engine."""
        self.world.at_call(calls, lambda: self._act(act, n, variant), is_before=is_before)
        self.world.passes(3.0)

    def _act(self, act: Act, n: int, variant: int) -> None:
        match act:
            case Act.READ:
                self.reads(n, variant, "rina")
            case Act.READ_AGAIN:
                self.reads(n, variant, "dedi")
            case Act.CORRECT:
                self.corrects(n, variant, is_read_again=True)
            case Act.WITHDRAW:
                self.withdraws(n)
            case Act.MOVE:
                self.moves(n, STATIONS + 1 - n)
            case Act.SCAN:
                self.scans(n, 1, 2_000)
            case Act.JUDGE:
                self.judges(n, "wrong" if variant else "ok")
            case Act.RETRY:
                self.tries_again(is_by_item=True)

    @rule(chosen=lanes, is_paused=st.booleans())
    @precondition(lambda self: self.world.can_hear)
    def pauses(self, chosen: list[Lane], is_paused: bool) -> None:
        self.world.set_paused(chosen, is_paused)

    @rule(is_by_item=st.booleans())
    @precondition(lambda self: self.world.can_hear)
    def tries_again(self, is_by_item: bool) -> None:
        if is_by_item:
            self.world.try_to(lambda: queue.retry(self.world.wp))
        else:
            self.world.retry_now()

    @rule(n=stations)
    def sends_first(self, n: int) -> None:
        self.world.try_to(lambda: queue.send_first(self.world.wp, key(n).tps))

    @rule(hours=st.sampled_from((None, NIGHT)), limit=st.sampled_from((None, LIMIT_LEAST_KBIT_S)))
    def chooses_when_images_go(self, hours: Hours | None, limit: int | None) -> None:
        self.world.choose_sending(Sending(hours, limit))

    # ---- the line, the clocks, the power -----------------------------------------------------------------------------

    @rule(kinds=faults)
    def line_fails(self, kinds: list[Fault]) -> None:
        self.world.line.weather.extend(kinds)

    @rule(seconds=st.sampled_from((0.0, 0.07, 0.5, 3.0, 20.0, 90.0, 700.0, 4000.0)))
    def time_passes(self, seconds: float) -> None:
        before = self.world.line.requests
        self.world.passes(seconds)
        asked = self.world.line.requests - before
        assert asked <= BURST + seconds * RATE, f"{asked} requests in {seconds} s"

    @rule(seconds=st.sampled_from((-DAY_S, -HOUR_S, -40.0, 40.0, HOUR_S, 8 * HOUR_S, DAY_S)))
    def clock_is_set(self, seconds: float) -> None:
        """Also a sleep: the wall clock goes on, the other one stands."""
        self.world.clock.set_by_s += seconds

    @rule(calls=store_calls, is_before=st.booleans(), kinds=st.one_of(st.just([]), faults))
    @precondition(lambda self: self.world.can_hear)
    def is_killed(self, calls: int, is_before: bool, kinds: list[Fault]) -> None:
        """Right before or right after that many more transactions and questions of the engine to its store."""
        self.line_fails(kinds)
        self.world.dies_at_call(calls, is_before=is_before)
        self.world.passes(20.0)
        self.world.crash()

    @rule(n=stations)
    def disk_spoils_scans(self, n: int) -> None:
        self.world.damage_scans(n)

    @rule()
    @precondition(lambda self: self.world.can_hear)
    def closes(self) -> None:
        self.world.stop()

    @rule()
    @precondition(lambda self: not self.world.is_running)
    def starts(self) -> None:
        self.world.start()

    # ---- the centre --------------------------------------------------------------------------------------------------

    @rule()
    def publishes(self) -> None:
        self.world.publish()

    @rule()
    def is_backed_up(self) -> None:
        self.world.back_up_centre()

    @rule()
    @precondition(lambda self: self.world.has_backup)
    def is_restored(self) -> None:
        self.world.restart_centre(from_backup=True)

    @rule()
    def centre_starts_again(self) -> None:
        self.world.restart_centre(from_backup=False)

    @rule(seconds=st.sampled_from((30.0, HOUR_S)), chosen=lanes)
    def pauses_the_nation(self, seconds: float, chosen: list[Lane]) -> None:
        self.world.parts.overload.set_pause(seconds, [lane.value for lane in chosen], "Pemeliharaan.")

    # ---- what must be true -------------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_wrong(self) -> None:
        none(self.world.wrong())
        none(self.bugs.found)

    def teardown(self) -> None:
        """Also called when a step failed, or when hypothesis breaks an example off; then there is nothing to add."""
        try:
            if sys.exc_info()[0] is None:
                self._all_is_quiet()
                OutboxMachine.finished += 1
        finally:
            if hasattr(self, "world"):
                self.world.close()
            self.bugs.close()

    def _all_is_quiet(self) -> None:
        """No more faults: nothing needs a person but what stopped, and that only one look."""
        world = self.world
        world.line.weather.clear()
        world.parts.overload.lift()
        world.forget_calls()
        world.mend_scans()
        world.choose_sending(Sending())
        if not world.is_running:
            world.start()
        world.set_paused(list(Lane), False)
        before = world.line.requests
        is_idle = world.until_idle(QUIET_MOST_S)
        none([one for one in world.undone() if not (one.is_stopped or one.waits_for_a_stopped_one)])
        assert is_idle or world.undone(), ("never idle", world.core and world.core.line.trouble)
        for _ in range(2):  # the publisher's news, and a second look at it
            world.publish()
            world.try_to(lambda: queue.retry(world.wp))
            world.retry_now()
            world.passes(1.0)
            assert world.until_idle(QUIET_MOST_S), ("not idle again", world.undone())
        none(world.undone())
        none(world.wrong())
        none(world.differences())
        none(self.bugs.found)
        assert world.line.requests - before <= BURST + 2 * HOUR_S * RATE


def none(found: Sequence[object]) -> None:
    """Nothing of this kind may be there."""
    if found:
        raise AssertionError("\n".join(map(str, found)))


class Bugs(logging.Handler):
    """What engine or centre log as a bug meanwhile."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []
        logging.getLogger("sync").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))

    def close(self) -> None:
        logging.getLogger("sync").removeHandler(self)
        super().close()


@dataclass(frozen=True)
class Share:
    """So many examples, drawn from one seed."""

    examples: int
    seed: int


def run_share(share: Share) -> int:
    """How many examples came to their end. Raises what a failing one raises, with its steps."""
    before = OutboxMachine.finished
    chosen = settings(
        max_examples=share.examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(share.seed)(OutboxMachine), settings=chosen)
    return OutboxMachine.finished - before


def run_shares(shares: Sequence[Share]) -> int:
    """One process's; its template goes with it."""
    try:
        return sum(run_share(share) for share in shares)
    finally:
        drop_template()


def run_all(examples: int, first_seed: int) -> int:
    """On every core; returns how many examples came to their end."""
    cores = os.cpu_count() or 1
    shares = [Share(SHARE, first_seed + n) for n in range(-(-examples // SHARE))]
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        return sum(pool.map(run_shares, [shares[core::cores] for core in range(cores)]))
