"""A nation's images do not begin in one second."""

from __future__ import annotations

import random
from datetime import datetime

from app.domain.sending import NIGHT, Hours
from sync.night import Night
from sync.policy import DEFAULT, OPENING_SPREAD_S

NOON = datetime(2019, 4, 18, 12, 0).astimezone().timestamp()
TEN = datetime(2019, 4, 18, 22, 0).astimezone().timestamp()


def test_the_opening_is_spread_out_and_drawn_once_a_night() -> None:
    openings = []
    for seed in range(20):
        night = Night(random.Random(seed), DEFAULT)
        night.choose(NIGHT)
        at = night.opens_at(NOON)
        assert at is not None
        assert TEN <= at <= TEN + OPENING_SPREAD_S
        assert night.opens_at(NOON + 3600) == at
        assert night.opens_at(at - 0.001) == at, "by the wall clock it is open, and its turn has not come"
        assert night.opens_at(at) is None
        openings.append(at)
    assert len(set(openings)) == 20


def test_who_begins_within_the_hours_does_not_wait() -> None:
    night = Night(random.Random(1), DEFAULT)
    night.choose(NIGHT)
    assert night.opens_at(TEN + 1) is None


def test_other_hours_hold_at_once() -> None:
    night = Night(random.Random(1), DEFAULT)
    night.choose(NIGHT)
    night.opens_at(NOON)
    night.choose(None)
    assert night.opens_at(NOON) is None
    night.choose(Hours(13 * 60, 14 * 60))
    at = night.opens_at(NOON)
    assert at is not None
    assert 0 <= at - (NOON + 3600) <= OPENING_SPREAD_S


def test_a_clock_that_was_put_right_does_not_cost_a_night() -> None:
    night = Night(random.Random(1), DEFAULT)
    night.choose(NIGHT)
    ahead = night.opens_at(NOON)
    assert ahead is not None
    assert night.opens_at(ahead - 23 * 3600) is None, "an hour into the night before"
