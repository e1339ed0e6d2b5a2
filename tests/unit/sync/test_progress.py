from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sending import Left
from sync import progress as pr


def test_the_first_bytes_only_start_the_clock() -> None:
    meter = pr.Meter()
    assert meter.rate(0.0) == 0.0
    meter.accepted(1_000_000, 10.0)
    assert meter.rate(10.0) == meter.rate(11.0) == 0.0, "nothing is known yet"
    meter.accepted(50_000, 20.0)
    assert meter.rate(20.0) == 5_000.0
    assert meter.total == 1_050_000


def test_a_line_that_stands_still_has_no_rate_and_no_estimate() -> None:
    meter = pr.Meter()
    for second in range(10):
        meter.accepted(30_000, float(second))
    assert pr.time_left_s(300_000, meter.rate(9.0)) == pytest.approx(10.0)
    assert meter.rate(9.0 + pr.WINDOW_S) == 0.0
    assert pr.time_left_s(300_000, 0.0) is None
    assert pr.time_left_s(0, 1e6) is None


@given(st.floats(1e3, 1e7), st.floats(0.5, 15))
def test_a_steady_line_is_measured_as_it_is(rate: float, every_s: float) -> None:
    meter = pr.Meter()
    times = [every_s * n for n in range(1, 40)]
    for at in times:
        meter.accepted(round(rate * every_s), at)
    assert meter.rate(times[-1]) == pytest.approx(rate, rel=0.01)


def test_what_is_left_shrinks_by_what_was_accepted() -> None:
    assert pr.after_accepting(Left(3, 2, 500), 200) == Left(3, 2, 300)
    assert pr.after_accepting(Left(3, 2, 500), 900) == Left(3, 2, 0)
    poor = Left(3, 2, 500, 2, 150, is_line_poor=True)
    assert pr.after_accepting(poor, 100) == Left(3, 2, 400, 2, 50, is_line_poor=True), "copies go first"


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 kB"), (999_000, "999 kB"), (312_000_000, "312 MB"), (1_240_000_000, "1,2 GB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert pr.size_words(size) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10, "kurang dari satu menit"),
        (40 * 60, "40 menit"),
        (3600, "1 jam"),
        (7800, "2 jam 10 menit"),
        (13.4 * 3600, "13 jam"),
    ],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert pr.duration_words(seconds) == words
