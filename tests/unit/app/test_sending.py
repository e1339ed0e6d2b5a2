from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sending import DAY_MIN, NIGHT, Hours, checked_limit, hours_of, opens_at
from app.errors import BadInput

WIB, WIT = timezone(timedelta(hours=7)), timezone(timedelta(hours=9))


def at(hour: int, minute: int, second: int = 0, day: int = 17) -> float:
    return datetime(2019, 4, day, hour, minute, second, tzinfo=WIB).timestamp()


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(21, 59, 59), at(22, 0)),
        (at(22, 0), None),
        (at(23, 59, 59), None),
        (at(0, 0), None),
        (at(5, 59, 59), None),
        (at(6, 0), at(22, 0)),
        (at(12, 30, 15), at(22, 0)),
    ],
)
def test_the_night_crosses_midnight(now: float, opening: float | None) -> None:
    assert opens_at(NIGHT, now, WIB) == opening


def test_hours_are_those_of_the_office() -> None:
    """22.00 in Bandung is midnight in Jayapura: each office opens by its own clock."""
    assert opens_at(NIGHT, at(20, 0), WIT) is None
    assert opens_at(NIGHT, at(20, 0), WIB) == at(22, 0)


def test_no_hours_are_always_open() -> None:
    assert opens_at(None, at(12, 0), WIB) is None


minutes = st.integers(0, DAY_MIN - 1)


@given(minutes, minutes, st.floats(at(0, 0), at(0, 0, day=20)))
def test_what_is_closed_opens_within_a_day_and_is_then_open(start: int, end: int, now: float) -> None:
    if start == end:
        return
    hours = Hours(start, end)
    opening = opens_at(hours, now, WIB)
    if opening is not None:
        assert now < opening <= now + DAY_MIN * 60
        assert opens_at(hours, opening, WIB) is None
        assert opens_at(hours, opening - 1, WIB) == opening


@given(minutes, minutes)
def test_hours_are_read_as_they_are_written(start: int, end: int) -> None:
    if start != end:
        assert hours_of(str(Hours(start, end))) == Hours(start, end)


@pytest.mark.parametrize("text", ["", "22", "22.00", "24.00-06.00", "22.00-06.60", "22.00-22.00", "a-b"])
def test_unreadable_hours_are_refused_with_a_hint(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        hours_of(text)
    assert refusal.value.hint


@pytest.mark.parametrize("kbit_s", [0, 63, 1_000_001])
def test_a_limit_that_cannot_be_kept_is_refused(kbit_s: int) -> None:
    with pytest.raises(BadInput):
        checked_limit(kbit_s)
    assert checked_limit(64) == 64
