from __future__ import annotations

import random
from collections import Counter

import pytest

from app.errors import BadInput
from sync.central.overload import CLASSES, PROFILES, Illness, Overload


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_calm_touches_nothing() -> None:
    overload = Overload("calm", random.Random(1), Clock())
    assert {overload.fate().illness for _ in range(200)} == {Illness.NONE}
    assert overload.fate().delay_s == 0.0
    assert overload.pause() is None


def test_election_day_is_as_ill_as_it_says() -> None:
    overload = Overload("election-day", random.Random(7), Clock())
    fates = [overload.fate() for _ in range(4000)]
    counts = Counter(fate.illness for fate in fates)
    assert 0.27 < counts[Illness.BUSY] / 4000 < 0.33
    assert 0.035 < (counts[Illness.ILL_BEFORE] + counts[Illness.ILL_AFTER]) / 4000 < 0.065
    assert counts[Illness.ILL_AFTER] > 0  # the answer is lost after the work was done
    assert all(0.5 <= fate.delay_s <= 5.0 for fate in fates if fate.illness is not Illness.BUSY)


def test_election_day_pauses_the_nation_for_half_a_minute_within_the_first() -> None:
    clock = Clock()
    overload = Overload("election-day", random.Random(3), clock)
    overload.fate()
    paused = []
    for _ in range(600):
        clock.now += 0.1
        pause = overload.pause()
        if pause is not None:
            assert pause.classes == list(CLASSES)
            paused.append(clock.now)
    assert 29.5 <= paused[-1] - paused[0] <= 30.5
    clock.now += 3600
    assert overload.pause() is None


def test_the_same_seed_draws_the_same_fates() -> None:
    one = Overload("slow", random.Random(5), Clock())
    other = Overload("slow", random.Random(5), Clock())
    assert [one.fate() for _ in range(50)] == [other.fate() for _ in range(50)]


def test_a_pause_of_the_console_ends_by_itself_and_by_hand() -> None:
    clock = Clock()
    overload = Overload(None, random.Random(1), clock)
    overload.set_pause(60, ["scans"], "disk penuh")
    pause = overload.pause()
    assert pause is not None
    assert (pause.for_s, pause.classes, pause.reason) == (60.0, ["scans"], "disk penuh")
    clock.now += 61
    assert overload.pause() is None
    overload.set_pause(60, [], "")
    overload.lift()
    assert overload.pause() is None


def test_an_unknown_profile_is_said_so() -> None:
    with pytest.raises(BadInput, match="tidak dikenal") as caught:
        Overload("hantu", random.Random(1), Clock())
    assert all(name in caught.value.hint for name in PROFILES)
