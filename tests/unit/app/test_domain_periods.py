from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date

import pytest

from app.domain.periods import (
    Period,
    day_at,
    day_of,
    day_period,
    day_words,
    moment_of,
    moment_words,
    shift_before,
    shift_period,
    typed_words,
)

NOON = 1_555_563_600.0  # 18 April 2019, 12.00 WIB


@pytest.fixture(autouse=True)
def jakarta() -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("only there a process can be given another time zone")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Jakarta"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def test_a_day_goes_from_midnight_to_midnight_of_this_pc() -> None:
    day = day_at(NOON)
    assert day == date(2019, 4, 18)
    assert day_words(day) == "18 April 2019"
    period = day_period(day)
    assert (period.end - period.start, NOON - period.start) == (86_400, 43_200)
    assert moment_words(NOON) == "18/4 12.00"


@pytest.mark.parametrize(
    ("clock", "start", "end"),
    [
        ("2019-04-18 07:00", "2019-04-18 07:00", "2019-04-18 19:00"),
        ("2019-04-18 18:59", "2019-04-18 07:00", "2019-04-18 19:00"),
        ("2019-04-18 19:00", "2019-04-18 19:00", "2019-04-19 07:00"),
        ("2019-04-19 03:00", "2019-04-18 19:00", "2019-04-19 07:00"),
    ],
)
def test_shifts_change_at_seven(clock: str, start: str, end: str) -> None:
    assert shift_period(moment_of(clock)) == Period(moment_of(start), moment_of(end))


def test_whoever_takes_over_asks_for_the_shift_before() -> None:
    just_after = moment_of("2019-04-18 07:05")
    assert shift_before(just_after) == Period(moment_of("2019-04-17 19:00"), moment_of("2019-04-18 07:00"))


def test_a_period_names_its_days_once_or_twice_and_goes_no_further_than_now() -> None:
    assert shift_period(NOON).words() == "18 April 2019 07.00–19.00"
    assert shift_before(NOON).words() == "17 April 2019 19.00 – 18 April 2019 07.00"
    cut = day_period(date(2019, 4, 18)).until(NOON)
    assert NOON < cut.end < NOON + 0.01, "what happens in this very millisecond belongs to it"
    assert day_period(date(2019, 4, 17)).until(NOON) == day_period(date(2019, 4, 17))
    assert day_period(date(2019, 4, 19)).until(NOON).end == day_period(date(2019, 4, 19)).start
    assert moment_of("2019-04-18T12:00+07:00") == NOON


def test_a_moment_is_typed_as_it_is_shown() -> None:
    assert typed_words(NOON) == "18/4/2019 12.00"
    assert moment_of(" 18/4/2019 12:00") == moment_of(typed_words(NOON)) == NOON


@pytest.mark.parametrize(
    "text",
    [
        *("", "kemarin", "18/4/2019", "31/2/2019 07.00", "18/4/2019 25.00"),
        *("1/1/0001 00.00", "31/12/9999 23.59", "18/4/1919 07.00", "0001-01-01T00:00+23:00"),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|range|must be in|outside"):
        moment_of(text)


@pytest.mark.parametrize("text", ["", "18/4/2019", "0001-01-01", "1919-04-18", "9999-12-31"])
def test_what_is_no_day_or_one_no_clock_can_tell_is_refused(text: str) -> None:
    """The last ones are dates, but where their days begin is said by no clock, or not on every system."""
    with pytest.raises(ValueError, match=r"isoformat|outside"):
        day_of(text)
    assert day_of(" 2019-04-18") == date(2019, 4, 18)
