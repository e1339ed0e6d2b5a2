"""The policy of thrifty copies: a table, two bounds, reluctance both ways."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.c1form import C1Key
from app.domain.lifecycle import IllegalTransition, advance
from app.domain.sending import PRIORITY_FIRST
from app.domain.wilayah import TpsId
from app.ports import Item, ItemKind
from sync import policy as p
from sync.policy import Bounds
from sync.thrift import COURSES, Course, Load, Sign, Thrift, judge, order, sign

BOUNDS = Bounds()
RATE = 100_000.0  # bytes/s
NIGHT = int(RATE * p.THRIFT_NIGHT_S)


def after(thrift: Thrift, loads: list[Load], every_s: float = 20.0) -> list[Course]:
    """The course after each look, one every `every_s`."""
    courses, now = [], 0.0
    for load in loads:
        thrift = judge(thrift, load, now, BOUNDS)
        courses.append(thrift.course)
        now += every_s
    return courses


def test_what_the_line_says_is_legal_everywhere_and_time_only_where_something_is_held() -> None:
    before = dict(COURSES)
    for course, seen in itertools.product(Course, Sign):
        if seen is Sign.HELD and course in (Course.FULL, Course.THRIFTY):
            with pytest.raises(IllegalTransition):
                advance(COURSES, course, seen)
        else:
            assert isinstance(advance(COURSES, course, seen), Course)
    assert dict(COURSES) == before


def test_a_night_is_the_bound_of_a_line_and_ten_minutes_that_of_a_slow_one() -> None:
    assert sign(Load(NIGHT, RATE), BOUNDS, is_first=False) is Sign.FAIR
    assert sign(Load(NIGHT + 100_000, RATE), BOUNDS, is_first=False) is Sign.POOR
    slow = p.THRIFT_SLOW_RATE - 1
    assert sign(Load(int(slow * 599), slow), BOUNDS, is_first=False) is Sign.FAIR
    assert sign(Load(int(slow * 602), slow), BOUNDS, is_first=False) is Sign.POOR
    assert sign(Load(int(slow * 602), p.THRIFT_SLOW_RATE), BOUNDS, is_first=False) is Sign.FAIR


def test_nothing_left_is_fair_and_an_outage_says_nothing() -> None:
    assert sign(Load(0, 1_000.0), BOUNDS, is_first=True) is Sign.FAIR
    assert sign(Load(10**9, 0.0), BOUNDS, is_first=False) is Sign.UNKNOWN
    assert sign(Load(10**9, 50.0), BOUNDS, is_first=False) is Sign.UNKNOWN, "standing still"


def test_a_poor_minute_begins_it_and_a_poor_moment_does_not() -> None:
    poor, fair = Load(2 * NIGHT, RATE), Load(NIGHT // 3, RATE)
    assert after(Thrift(), [poor, poor, fair, poor, poor, poor, poor]) == [
        Course.SLOWING, Course.SLOWING, Course.FULL, Course.SLOWING, Course.SLOWING, Course.SLOWING, Course.THRIFTY,
    ]  # fmt: skip


def test_an_outage_begins_nothing_and_ends_nothing() -> None:
    poor, fair, nothing = Load(2 * NIGHT, RATE), Load(NIGHT // 3, RATE), Load(2 * NIGHT, 0.0)
    assert after(Thrift(), [poor, nothing, nothing, nothing, nothing])[-1] is Course.FULL
    first = Thrift(Course.THRIFTY)
    assert after(first, [fair, nothing, nothing, nothing, nothing])[-1] is Course.THRIFTY


def test_it_ends_only_when_the_line_is_clearly_better_for_a_minute() -> None:
    first, a_little, clearly = Thrift(Course.THRIFTY), Load(NIGHT * 3 // 4, RATE), Load(NIGHT // 3, RATE)
    assert set(after(first, [a_little] * 20)) == {Course.THRIFTY}
    assert after(first, [clearly] * 4) == [Course.RECOVERING] * 3 + [Course.FULL]
    assert after(first, [Load(0, 0.0)]) == [Course.FULL], "all images are there"


def test_a_slow_server_is_no_poor_line() -> None:
    """Or every office of the nation would send its pages twice to a centre that is overloaded."""
    slow = Load(2 * NIGHT, RATE, is_line=False)
    assert set(after(Thrift(), [slow] * 20)) == {Course.FULL}
    assert set(after(Thrift(Course.THRIFTY), [slow] * 20)) == {Course.THRIFTY}, "nothing is known of the line"
    fast = Load(2 * NIGHT, 10 * RATE, is_line=False)
    assert after(Thrift(Course.THRIFTY), [fast] * 4)[-1] is Course.FULL, "a fast answer is a fast line"
    limited = Load(2 * NIGHT, 10 * RATE, limit=RATE, is_line=False)
    assert judge(Thrift(), limited, 0.0, BOUNDS).course is Course.THRIFTY, "what a person said holds"


def test_a_limit_is_a_line_of_that_rate_known_at_once() -> None:
    load = Load(2 * NIGHT, 0.0, limit=RATE)
    assert judge(Thrift(), load, 0.0, BOUNDS).course is Course.THRIFTY
    measured = Load(2 * NIGHT, 10 * RATE, limit=RATE)
    assert judge(Thrift(), measured, 0.0, BOUNDS).course is Course.THRIFTY, "never faster than the limit"
    generous = Load(2 * NIGHT, 0.0, limit=100 * RATE)
    assert judge(Thrift(), generous, 0.0, BOUNDS).course is Course.FULL
    lifted = after(Thrift(Course.THRIFTY), [Load(2 * NIGHT, 10 * RATE)] * 4)
    assert lifted == [Course.RECOVERING] * 3 + [Course.FULL]


@given(
    st.lists(st.tuples(st.integers(1, 3 * NIGHT), st.sampled_from([0.0, 5e3, 6e4, 1e5, 1e6])), max_size=60),
    st.floats(0.5, 59.0),
)
def test_it_never_turns_more_than_once_a_minute(looks: list[tuple[int, float]], every_s: float) -> None:
    thrift, now, turned_at, was_first = Thrift(), 0.0, None, False
    for size, rate in looks:
        thrift = judge(thrift, Load(size, rate), now, BOUNDS)
        if thrift.is_first is not was_first:
            assert turned_at is None or now - turned_at >= p.THRIFT_HOLD_S
            turned_at, was_first = now, thrift.is_first
        now += every_s


def item(number: int, priority: int = 40, *, is_copy: bool = False) -> Item:
    key = C1Key(TpsId("3204052001001"), "c1-ppwp-2019", 1)
    of = f"image {number}" if is_copy else ""
    return Item(number, ItemKind.SCAN, f"{number}", key, priority, 0, 0.0, 1, of)


def test_no_image_goes_before_a_copy_that_is_due() -> None:
    copies, images = [item(1, is_copy=True), item(2, is_copy=True)], [item(1), item(2), item(3)]
    assert order(copies, images) == copies
    assert order([], images) == images


def test_a_tps_that_is_wanted_now_goes_whole_before_the_others_copies() -> None:
    wanted = [item(7, PRIORITY_FIRST, is_copy=True), item(8, PRIORITY_FIRST)]
    copies = [wanted[0], item(1, is_copy=True)]
    images = [item(7, PRIORITY_FIRST), wanted[1], item(1), item(2)]
    assert order(copies, images) == [*wanted, copies[1]]
