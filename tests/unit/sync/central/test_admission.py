from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.central.admission import MAX_WAIT_S, UNKNOWN_PER_WORKER, Admission


def measured(workers: int, took_s: float) -> Admission:
    """A door that has seen one batch of fifty records."""
    door = Admission(workers)
    assert door.ask("records", 50, now=0.0) is None
    door.done("records", 50, took_s)
    return door


def test_lets_in_until_the_wait_is_ten_seconds() -> None:
    door = measured(workers=2, took_s=1.5)
    let_in = 0
    while door.ask("records", 50, now=0.0) is None:
        let_in += 1
    assert (
        (let_in - 1 - 1) * 1.5 / 2 <= MAX_WAIT_S < (let_in - 1) * 1.5 / 2
    )  # of the two at work one half is done


def test_a_free_worker_is_never_kept_waiting_by_long_work() -> None:
    door = measured(workers=4, took_s=120.0)
    assert [door.ask("records", 50, now=0.0) for _ in range(4)] == [None] * 4
    assert door.ask("records", 50, now=0.0) is not None


def test_a_kind_never_measured_is_learnt_from_a_few() -> None:
    """A nation's first batches, all taken for quick, once filled a queue of a quarter of an hour."""
    door = Admission(workers=3)
    answers = [door.ask("records", 25, now=0.0) for _ in range(100)]
    assert answers.count(None) == 3 * UNKNOWN_PER_WORKER
    assert door.ask("feed", 1, now=0.0) is None  # another kind has its own few
    door.done("records", 25, 0.2)
    assert door.ask("records", 25, now=0.0) is None


def test_the_first_measurement_corrects_what_is_inside_already() -> None:
    door = Admission(workers=1)
    assert [door.ask("records", 25, now=0.0) for _ in range(2)] == [None, None]
    door.done("records", 25, 12.5)
    assert door.wait_s() == 6.25
    assert door.ask("records", 25, now=12.5) is None
    assert door.ask("records", 25, now=12.5) == 23.0  # 18.75 s of wait and a third of 12.5 s


def test_a_size_never_measured_is_valued_as_the_nearest_known() -> None:
    door = measured(workers=1, took_s=30.0)
    assert door.expected_work_s("records", 1) == door.expected_work_s("records", 500) == 30.0
    assert door.expected_work_s("verdicts", 50) < 1.0


def test_a_standstill_of_all_workers_does_not_change_what_a_batch_is_worth() -> None:
    door = Admission(workers=4)
    for took_s in [2.0] * 5 + [180.0] * 4:
        door.done("records", 25, took_s)
    assert door.expected_work_s("records", 25) == 2.0
    for _ in range(8):
        door.done("records", 25, 8.0)  # a slower centre is noticed all the same
    assert door.expected_work_s("records", 25) == 8.0


def test_a_refusal_moves_the_virtual_queue_by_a_third_of_the_work() -> None:
    door = measured(workers=1, took_s=30.0)
    assert door.ask("records", 50, now=0.0) is None
    assert [door.ask("records", 50, now=0.0) for _ in range(3)] == [25.0, 35.0, 45.0]


def test_the_virtual_queue_is_never_in_the_past() -> None:
    door = measured(workers=1, took_s=30.0)
    door.ask("records", 50, now=0.0)
    door.ask("records", 50, now=0.0)
    assert door.ask("records", 50, now=1000.0) == 25.0


def test_work_that_ended_makes_room() -> None:
    door = measured(workers=1, took_s=30.0)
    assert door.ask("records", 50, now=0.0) is None
    assert door.ask("records", 50, now=0.0) is not None
    door.done("records", 50, None)
    assert door.ask("records", 50, now=0.0) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 500), st.floats(0, 100)), max_size=60))
def test_the_wait_is_never_negative_and_retry_after_at_least_a_second(
    steps: list[tuple[bool, int, float]],
) -> None:
    door, now, inside = Admission(workers=3), 0.0, []
    for is_asking, items, seconds in steps:
        now += seconds
        if is_asking:
            after = door.ask("records", items, now)
            if after is None:
                inside.append(items)
            else:
                assert after >= 1.0
        elif inside:
            door.done("records", inside.pop(0), seconds)
        assert door.wait_s() >= 0.0
    for items in inside:
        door.done("records", items, None)
    assert door.wait_s() == 0.0
    assert door.ask("records", 1, now) is None
