"""Outbox, engine and centre as one state machine on virtual time: exactly once, nothing forgotten, nothing without a
reason. 10,000 examples with `test --all`, a seeded sample by default; the same ones on any number of cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.domain.sending import LIMIT_LEAST_KBIT_S
from app.ports import Lane
from app.services import feeding
from sync.central import keys
from tests.fakes.machine import OutboxMachine, Stage, drop_template, run_all
from tests.fakes.machine_line import Fault
from tests.fakes.machine_world import REALM

SEED = 2019


@pytest.mark.sweep
def test_no_order_of_events_breaks_the_promise(
    sweep_size: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    examples = sweep_size(100, 10_000)
    finished = run_all(examples, SEED)
    with capsys.disabled():
        print(f"\noutbox machine: {finished} examples finished, no violation (seeds from {SEED})")
    assert finished >= examples


@pytest.fixture
def machine() -> Iterator[OutboxMachine]:
    """One example told by hand; its end is checked like any other's."""
    made = OutboxMachine()
    try:
        yield made
        made.teardown()
    finally:
        drop_template()


def test_what_the_centre_cannot_take_yet_is_asked_once_by_coba_sekarang(machine: OutboxMachine) -> None:
    """The restored centre does not know the verifier: her verdict was sent ten times a second until it did."""
    machine.begin(number=0, stage=Stage.NEW)
    machine.is_backed_up()
    machine.reads_whole(n=1, variant=0, pages=2)
    machine.time_passes(20.0)
    machine.pauses([Lane.VERDICTS], is_paused=True)
    machine.judges(n=1, verdict="ok")
    machine.time_passes(3.0)
    machine.is_restored()
    machine.pauses([Lane.VERDICTS], is_paused=False)
    machine.tries_again(is_by_item=False)
    before = machine.world.line.requests
    machine.time_passes(90.0)
    assert machine.world.line.requests - before < 40


def test_a_verdict_under_way_arrives_before_the_last_word(machine: OutboxMachine) -> None:
    """*Ok* is under way when its verifier changes her mind three times: it came last, and the form was public."""
    machine.begin(number=0, stage=Stage.JUDGED)

    def changes_her_mind() -> None:
        for verdict in ("wrong", "ok", "wrong"):
            machine.judges(1, verdict)

    machine.world.at_call(15, changes_her_mind, is_before=False)
    machine.time_passes(20.0)
    machine.publishes()
    with machine.world.parts.centre.db.read() as there:
        arrived = [row["verdict"] for row in there.execute("SELECT verdict FROM verdict ORDER BY place")]
        public = there.execute("SELECT count(*) FROM published").fetchone()[0]
    assert (arrived, public) == (["ok", "wrong"], 0)


def test_images_that_came_before_their_numbers_come_again_to_a_restored_centre(
    machine: OutboxMachine,
) -> None:
    """They lay at the centre under no form yet; restored, it was asked about the forms that had numbers, only."""
    machine.begin(number=0, stage=Stage.NEW)
    machine.is_backed_up()
    machine.scans(n=1, page=1, size=2_000)
    machine.scans(n=2, page=1, size=90_000)
    machine.time_passes(20.0)
    machine.is_restored()
    machine.time_passes(700.0)
    assert machine.world.differences() == []


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_correction_of_what_the_restored_centre_lost_is_no_rival(
    machine: OutboxMachine, is_answered: bool
) -> None:
    """The first numbers are in the backup, their correction is lost, and the correction of that goes out before the
    running engine knows of it: a rival for ever, at both ends, while nobody else had keyed the form."""
    machine.begin(number=0, stage=Stage.RETURNED)
    machine.is_backed_up()
    machine.corrects(n=1, variant=1, is_read_again=True)
    machine.time_passes(20.0)
    machine.is_restored()
    if not is_answered:
        machine.line_fails([Fault.CUT_AFTER])
    machine.corrects(n=1, variant=2, is_read_again=True)
    machine.time_passes(90.0)
    machine.publishes()
    machine.time_passes(20.0)
    assert machine.world.differences() == []


def test_a_correction_that_never_left_brings_what_the_restored_centre_lost_before_it(
    machine: OutboxMachine,
) -> None:
    """Its form has neither a head there nor an image: nobody asked about it."""
    machine.begin(number=0, stage=Stage.NEW)
    machine.reads_whole(n=1, variant=0, pages=0)
    machine.time_passes(20.0)
    machine.is_backed_up()
    machine.corrects(n=1, variant=1, is_read_again=True)
    machine.time_passes(20.0)
    machine.closes()
    machine.is_restored()
    machine.corrects(n=1, variant=2, is_read_again=True)
    machine.starts()
    machine.time_passes(90.0)
    assert machine.world.differences() == []


def test_a_running_engine_learns_of_the_restored_centre_in_mid_queue(machine: OutboxMachine) -> None:
    """While anything travels the feed is asked for news only: a night of images would have told at its end."""
    machine.begin(number=0, stage=Stage.RETURNED)
    machine.chooses_when_images_go(hours=None, limit=LIMIT_LEAST_KBIT_S)
    for page, size in ((1, 2_000), (2, 90_000)):
        machine.scans(n=2, page=page, size=size)
    machine.is_backed_up()
    machine.is_restored()
    machine.time_passes(3.0)
    world = machine.world
    assert feeding.cursor_of(world.wp.db.reader).epoch == world.parts.centre.db.epoch
    assert "scan" in [one.kind for one in world.undone()], "and the images still travel"


@pytest.mark.parametrize("is_running", [True, False])
def test_a_centre_that_does_not_know_that_it_was_restored_is_shown_what_it_signed(
    machine: OutboxMachine, is_running: bool
) -> None:
    """The snapshot of a virtual machine came back, witness and all: what was lost counted as public here for ever."""
    machine.begin(number=0, stage=Stage.RETURNED)
    machine.is_backed_up()
    machine.reads_whole(n=2, variant=0, pages=2)
    machine.time_passes(20.0)
    world = machine.world
    epoch = world.parts.centre.db.epoch
    if not is_running:
        machine.closes()
    world.restart_centre(from_backup=True, is_told=False)
    assert world.parts.centre.db.epoch == epoch
    if is_running:
        machine.scans(n=1, page=1, size=2_000)
    else:
        machine.starts()
    machine.time_passes(90.0)
    assert world.parts.centre.db.epoch != epoch
    assert world.differences() == []


@pytest.mark.parametrize(
    ("met", "is_trusted"),
    [(Fault.CUT_AFTER, True), (Fault.S503, True), (Fault.TORN, True), (Fault.S404, False)],
)
def test_a_new_key_whose_story_was_cut_off_is_asked_about_again(
    machine: OutboxMachine, met: Fault, is_trusted: bool
) -> None:
    """*Wrong centre*, it said for five minutes. Only where there is no such story is it one."""
    machine.begin(number=0, stage=Stage.NEW)
    machine.closes()
    world = machine.world
    keys.rotate(world.parts.centre.settings.folder, REALM, world.clock.now())
    machine.centre_starts_again()
    machine.line_fails([Fault.GOOD, met])
    machine.starts()
    machine.time_passes(20.0)
    assert world.core is not None
    assert (world.core.line.trouble is None) is is_trusted
    assert (world.parts.centre.key.key_id in world.core.account.keys) is is_trusted
    machine.time_passes(700.0)
    assert world.core.line.trouble is None
