import time

import pytest

from ui import format as fmt


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (999, "999"), (9870, "9.870"), (1_234_567, "1.234.567")]
)
def test_numbers_have_points(value: int, words: str) -> None:
    assert fmt.number(value) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(9870, 10338, "95,5 %"), (0, 10, "0,0 %"), (10, 10, "100 %"), (9999, 10000, "99,9 %"), (0, 0, "–")],
)
def test_only_all_is_a_hundred_per_cent(part: int, whole: int, words: str) -> None:
    assert fmt.percent(part, whole) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (12, "12 B"),
        (14_000, "14 kB"),
        (1_100_000, "1,1 MB"),
        (3_900_000_000, "3,9 GB"),
        (240_000_000, "240 MB"),
    ],
)
def test_sizes(value: int, words: str) -> None:
    assert fmt.size(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0 detik"), (5, "5 detik"), (240, "4 mnt"), (7860, "2 jam 11 mnt"), (273_600, "3 hari 4 jam")],
)
def test_durations(seconds: float, words: str) -> None:
    assert fmt.duration(seconds) == words


def test_next_try_counts_down_then_names_the_clock() -> None:
    now = fmt.from_iso("2019-04-19T07:00:00+00:00")
    assert now is not None
    assert fmt.countdown("2019-04-19T07:00:12+00:00", now) == "dalam 12 detik"
    assert fmt.countdown("2019-04-19T06:59:00Z", now) == "sekarang"
    assert fmt.countdown("", now) == ""
    assert fmt.countdown("2019-04-19T07:30:00Z", now) == time.strftime("%H.%M", time.localtime(now + 1800))


def test_nonsense_times_are_no_times() -> None:
    assert fmt.from_iso("kemarin") is None
    assert fmt.age(None, 0.0) == ""
