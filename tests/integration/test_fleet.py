"""A small nation by virtual time: a change of policy that would drown the centre is noticed here, not on the night."""

from __future__ import annotations

import pytest

from tests.benchmarks.fleet.cells import HEAVY, LEGACY, RECORD, Cell, Cost, Refusal
from tests.benchmarks.fleet.ideal import ideal
from tests.benchmarks.fleet.run import OURS, run
from tests.benchmarks.fleet.world import Calendar, calendar

SEED = 20190417


def small(cost: Cost, refusal: Refusal, *, has_poison: bool = False) -> Cell:
    """Forty districts on two workers: the load of 514 on 25."""
    return Cell(cost, 2, refusal, districts=40, has_poison=has_poison)


@pytest.mark.parametrize("refusal", [Refusal.SPREAD, Refusal.NEVER])
@pytest.mark.parametrize("cost", [HEAVY, RECORD, LEGACY], ids=lambda cost: cost.name)
def test_a_backlog_drains_near_the_ideal(cost: Cost, refusal: Refusal) -> None:
    print(f"seed {SEED}")
    figures = run(OURS, small(cost, refusal), SEED)
    assert figures.share == 1.0
    assert figures.r90 is not None
    assert figures.r90 <= 1.3
    assert figures.r100 is not None
    assert figures.r100 <= 2.0
    assert figures.record_requests < 1.0
    assert figures.duplicates == 0


def test_the_same_seed_is_the_same_night() -> None:
    one, two = (run(OURS, small(HEAVY, Refusal.SPREAD), SEED) for _ in range(2))
    assert (one.r90, one.r100, one.requests) == (two.r90, two.r100, two.requests)


def test_queues_that_retry_each_record_collapse_where_ours_does_not() -> None:
    cell = small(HEAVY, Refusal.NEVER)
    ours, theirs = run(OURS, cell, SEED), run("item, fixed 15 s", cell, SEED)
    assert ours.share == 1.0
    assert theirs.share < 0.5
    assert theirs.duplicates > 0


def test_a_poisoned_record_keeps_nobody_elses_back() -> None:
    assert run(OURS, small(HEAVY, Refusal.SPREAD, has_poison=True), SEED).share == 1.0


def test_no_policy_beats_the_ideal_and_standstills_are_in_it() -> None:
    cell = small(LEGACY, Refusal.NEVER)
    times = ideal(cell)
    assert len(times) == sum(cell.loads())
    assert times[-1] == pytest.approx(sum(cell.loads()) * 0.5 / 2 + 120 + 180 + 0.15)


def test_work_stands_still_and_slows_down_by_the_calendar() -> None:
    days = calendar([(10.0, 20.0)], slow=(30.0, 4.0))
    assert days.end_of(0.0, 5.0) == 5.0
    assert days.end_of(8.0, 5.0) == 23.0
    assert days.end_of(12.0, 1.0) == 21.0
    assert days.end_of(28.0, 3.0) == 34.0
    assert Calendar().end_of(3.0, 4.0) == 7.0
