from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.central.admission import MAX_WAIT_S, Admission


def test_lets_in_until_the_wait_is_ten_seconds() -> None:
    door = Admission(workers=2)
    expected = door.expected_work_s("records", 50)
    let_in = 0
    while door.ask("records", 50, now=0.0) is None:
        let_in += 1
    assert (let_in - 1) * expected / 2 <= MAX_WAIT_S < let_in * expected / 2


def test_a_refusal_moves_the_virtual_queue_by_a_third_of_the_work() -> None:
    door = Admission(workers=1)
    door.done("records", 50, 0.0, 30.0)  # measured: half a minute
    assert door.ask("records", 50, now=0.0) is None
    assert [door.ask("records", 50, now=0.0) for _ in range(3)] == [40.0, 50.0, 60.0]


def test_the_virtual_queue_is_never_in_the_past() -> None:
    door = Admission(workers=1)
    door.done("records", 50, 0.0, 30.0)
    door.ask("records", 50, now=0.0)
    door.ask("records", 50, now=0.0)
    assert door.ask("records", 50, now=1000.0) == 40.0


def test_work_that_ended_makes_room() -> None:
    door = Admission(workers=1)
    door.done("records", 50, 0.0, 30.0)
    expected = door.expected_work_s("records", 50)
    assert door.ask("records", 50, now=0.0) is None
    assert door.ask("records", 50, now=0.0) is not None
    door.done("records", 50, expected, None)
    assert door.ask("records", 50, now=0.0) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 500), st.floats(0, 100)), max_size=60))
def test_the_backlog_is_never_negative_and_retry_after_at_least_a_second(
    steps: list[tuple[bool, int, float]],
) -> None:
    door, now, inside = Admission(workers=3), 0.0, []
    for is_asking, items, seconds in steps:
        now += seconds
        if is_asking:
            expected = door.expected_work_s("records", items)
            after = door.ask("records", items, now)
            if after is None:
                inside.append((items, expected))
            else:
                assert after >= 1.0
        elif inside:
            done, expected = inside.pop(0)
            door.done("records", done, expected, seconds)
    for done, expected in inside:
        door.done("records", done, expected, None)
    assert door.ask("records", 1, now) is None
