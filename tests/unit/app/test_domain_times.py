from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import iso, iso_or_none, moment_words, seconds_of

WIRE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")


@given(st.integers(0, 4_000_000_000_000))
def test_times_survive_the_wire_to_the_millisecond(milliseconds: int) -> None:
    text = iso(milliseconds / 1000)
    assert WIRE_TIME.match(text)
    assert abs(seconds_of(text) - milliseconds / 1000) <= 0.001


def test_a_fact_that_has_not_happened_has_no_time() -> None:
    assert iso_or_none(None) is None
    assert iso_or_none(0.25) == "1970-01-01T00:00:00.250Z"
    with pytest.raises(ValueError, match="format"):
        seconds_of("kemarin")


def test_moments_are_said_as_people_here_say_them() -> None:
    assert re.fullmatch(r"1[678]/4/2019 pukul \d\d\.\d\d", moment_words(1_555_500_000.0))
