from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.outages import End, Outage, Turn, outages

DAY = (1_000.0, 2_000.0)


def told(*turns: tuple[float, str]) -> list[Outage]:
    return outages([Turn(at, state, text=f"sebab {state}") for at, state in turns], *DAY)


@pytest.mark.parametrize(
    ("following", "end"),
    [
        ("ok", End.OVER),
        ("slow", End.OTHER),
        ("closed", End.CLOSED),
        ("starting", End.UNSEEN),  # the program was killed: nobody saw when the line came back
    ],
)
def test_an_outage_says_how_it_ended(following: str, end: End) -> None:
    first, *_ = told((1_100.0, "ok"), (1_200.0, "down"), (1_500.0, following))
    assert first == Outage("down", "sebab down", 1_200.0, 1_500.0, end)
    assert first.lasted_s == 300.0


def test_trouble_on_this_pc_is_over_when_the_engine_begins_anew() -> None:
    (one,) = told((1_200.0, "here"), (1_260.0, "starting"), (1_261.0, "ok"))
    assert (one.state, one.end) == ("here", End.OVER)


def test_the_same_trouble_told_twice_is_one() -> None:
    turns = [
        (1_200.0, "here"),
        (1_260.0, "starting"),
        (1_200.0, "here"),
        (1_380.0, "starting"),
        (1_381.0, "ok"),
    ]
    (one,) = told(*turns)
    assert (one.began, one.ended, one.end) == (1_200.0, 1_380.0, End.OVER)


def test_what_began_before_or_goes_on_is_cut_to_the_period() -> None:
    one, two = told((500.0, "down"), (1_100.0, "ok"), (1_900.0, "portal"))
    assert (one.began, one.ended, one.end) == (1_000.0, 1_100.0, End.OVER)
    assert (two.began, two.ended, two.end) == (1_900.0, 2_000.0, End.GOES_ON)


def test_what_ended_before_the_period_is_not_told() -> None:
    assert told((100.0, "down"), (1_000.0, "ok")) == []
    assert outages([], *DAY) == []


def test_a_clock_that_was_set_back_lasts_no_less_than_nothing() -> None:
    (one,) = told((1_800.0, "down"), (1_200.0, "ok"))
    assert one.lasted_s == 0.0


@given(
    st.lists(
        st.tuples(st.floats(0, 3_000), st.sampled_from(["ok", "down", "slow", "closed", "starting", "here"]))
    )
)
def test_outages_lie_in_the_period_and_are_no_more_than_the_turns(turns: list[tuple[float, str]]) -> None:
    ordered = sorted(turns, key=lambda turn: turn[0])
    found = outages([Turn(*one) for one in ordered if one[0] < DAY[1]], *DAY)
    assert len(found) <= len(turns)
    assert all(DAY[0] <= one.began <= one.ended <= DAY[1] for one in found)
    assert sum(one.lasted_s for one in found) <= DAY[1] - DAY[0]
