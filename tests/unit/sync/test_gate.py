from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.ports import ChannelState, Lane, Reason
from sync import gate
from sync import policy as p
from sync.gate import Phase

BUSY = Reason("busy", "Sibuk.", 503)
ILL = Reason("ill", "Sakit.", 500)
LOST = Reason("silence", "Diam.")
NOW = 1_000_000.0
RNG = random.Random(5)


class Highest(random.Random):
    """Draws the longest wait every time."""

    def random(self) -> float:
        return 1.0

    def uniform(self, a: float, b: float) -> float:
        return b


def after(state: ChannelState, *events: gate.Event, now: float = NOW) -> ChannelState:
    for event in events:
        state = gate.react(state, event, now, Highest())
    return state


FRESH = gate.fresh(Lane.RECORDS)
OK = gate.Succeeded(0.2)
NO = gate.Failed(BUSY)
QUIET = gate.Silent(LOST)


def test_a_fresh_lane_is_open_with_four_places_and_fifty_records() -> None:
    assert gate.phase(FRESH, NOW) is Phase.OPEN
    assert gate.room(FRESH, NOW, 0) == p.IN_FLIGHT_UNKNOWN
    assert gate.room(FRESH, NOW, 9) == 0
    assert gate.batch_size(FRESH, 500) == 50
    assert gate.batch_size(FRESH, 7) == 7


def test_hello_says_how_many_places_but_not_to_a_lane_that_learnt_better() -> None:
    assert after(FRESH, gate.Welcomed(8)).limit == 8
    assert after(FRESH, gate.Welcomed(64)).limit == p.IN_FLIGHT_MOST
    learnt = after(FRESH, QUIET)
    assert after(learnt, gate.Welcomed(8)).limit == learnt.limit == 2


def test_silence_closes_at_once_and_one_probe_opens() -> None:
    shut = after(FRESH, QUIET)
    assert gate.phase(shut, NOW) is Phase.CLOSED
    assert gate.room(shut, NOW, 0) == 0
    due = shut.gate_until
    assert due == NOW + 2.0  # 1 s x 2^1, the longest draw
    assert gate.phase(shut, due) is Phase.HALF_OPEN
    assert gate.room(shut, due, 0) == 1
    assert gate.room(shut, due, 1) == 0
    opened = after(shut, OK, now=due)
    assert gate.phase(opened, due) is Phase.OPEN
    assert (opened.failures, opened.reason) == (0, None)


def test_waits_double_up_to_two_minutes_of_silence_and_one_of_answers() -> None:
    state, waits = FRESH, []
    for _ in range(9):
        now = max(NOW, state.gate_until)
        state = after(state, QUIET, now=now)
        waits.append(state.gate_until - now)
    assert waits == pytest.approx([2, 4, 8, 16, 32, 64, 120, 120, 120])
    answered = after(replace(FRESH, failures=9, gate_until=NOW), NO)
    assert answered.gate_until == NOW + p.GATE_WAIT_MOST_S


def test_stragglers_of_one_outage_count_once() -> None:
    one = after(FRESH, QUIET)
    many = after(FRESH, *[QUIET] * 8)
    assert (many.failures, many.gate_until, many.limit) == (one.failures, one.gate_until, one.limit)


def test_a_straggler_may_know_better_how_long() -> None:
    shut = after(FRESH, QUIET, gate.Failed(BUSY, retry_after_s=300))
    assert NOW + 300 <= shut.gate_until <= NOW + 600, "spread out like every other"
    assert NOW + 2 <= after(FRESH, QUIET, NO).gate_until <= NOW + 4


def test_a_lone_failure_neither_halves_nor_spoils_the_round() -> None:
    state = after(replace(FRESH, limit=4.0, recent="|"), OK, NO, OK, OK)
    assert gate.phase(state, NOW) is Phase.OPEN
    assert state.limit == 5


def test_nine_failures_of_ten_close_with_the_wait_asked_for() -> None:
    state = after(FRESH, OK, *[NO] * 8)
    assert gate.phase(state, NOW) is Phase.OPEN
    state = after(state, gate.Failed(BUSY, retry_after_s=40))
    assert gate.phase(state, NOW) is Phase.CLOSED
    assert state.gate_until == NOW + 80  # twice Retry-After is the longest draw
    assert state.reason == BUSY


def test_half_open_closes_on_any_failure() -> None:
    due = after(FRESH, QUIET).gate_until
    again = after(after(FRESH, QUIET), NO, now=due)
    assert gate.phase(again, due) is Phase.CLOSED
    assert again.failures == 2


def test_the_limit_is_halved_once_a_round() -> None:
    due = after(replace(FRESH, limit=8.0), QUIET)
    assert due.limit == 4
    state = replace(due, gate_until=0.0)
    slow = after(replace(state, latencies_s=(0.1,) * 10), gate.Succeeded(5.0))
    assert slow.limit == 4, "the same round already halved"


def test_a_very_slow_answer_halves_once_enough_are_known_to_say_so() -> None:
    few = replace(FRESH, latencies_s=(0.1,) * (p.LATENCIES_NEEDED - 1), limit=8.0)
    assert after(few, gate.Succeeded(9.0)).limit == 8
    enough = replace(few, latencies_s=(0.1,) * p.LATENCIES_NEEDED)
    assert after(enough, gate.Succeeded(0.29)).limit == 8
    assert after(enough, gate.Succeeded(0.31)).limit == 4
    assert gate.median_s(few) == 0
    assert gate.median_s(enough) == 0.1
    body = after(enough, gate.Succeeded(None))
    assert (body.limit, body.latencies_s) == (8, enough.latencies_s)


def limits_over(state: ChannelState, answers: int) -> list[float]:
    """The limit after each of so many good answers, where it changed."""
    found = [state.limit]
    for _ in range(answers):
        state = after(state, OK)
        assert len(state.recent) <= 2 * (p.RECENT_KEPT + p.IN_FLIGHT_MOST)
        if state.limit != found[-1]:
            found.append(state.limit)
    return found


def test_until_the_first_trouble_a_clean_round_doubles_the_limit() -> None:
    assert limits_over(after(FRESH, gate.Welcomed(2)), 6) == [2, 4, 8]


@pytest.mark.parametrize(
    "trouble",
    [QUIET, gate.Shut(BUSY, 30.0, 10.0), gate.Succeeded(5.0)],
    ids=["silence", "shut", "a very slow answer"],
)
def test_after_trouble_clean_rounds_add_one(trouble: gate.Event) -> None:
    state = after(replace(FRESH, latencies_s=(0.1,) * p.LATENCIES_NEEDED), trouble, OK, OK, OK)
    state = replace(state, gate_until=0.0, limit=4.0, recent=state.recent + "|")
    assert limits_over(state, 60) == [4, 5, 6, 7, 8]


def test_only_500_and_deadlines_make_batches_smaller_and_full_success_doubles() -> None:
    assert after(FRESH, NO).batch == 50
    assert after(FRESH, QUIET).batch == 50
    assert after(FRESH, gate.Failed(ILL)).batch == 25
    assert after(FRESH, gate.Silent(LOST, is_deadline=True)).batch == 25
    small = after(FRESH, *[gate.Failed(ILL)] * 5)
    assert small.batch == p.BATCH_LEAST
    assert after(small, gate.Succeeded(0.1)).batch == 5
    assert after(small, gate.Succeeded(0.1, is_full=True)).batch == 10


def test_resends_spend_the_budget_and_an_empty_one_closes() -> None:
    state = FRESH
    for _ in range(int(p.TOKENS_MOST) - 1):
        state = after(state, gate.Sent(is_resend=True))
    assert gate.phase(state, NOW) is Phase.OPEN
    state = after(state, gate.Sent(is_resend=True))
    assert gate.phase(state, NOW) is Phase.CLOSED
    assert state.reason is not None
    assert state.reason.code == "budget"
    probe = after(state, gate.Sent(is_resend=True), now=state.gate_until)
    assert probe.tokens == 0, "the probe is free"
    assert after(probe, OK, now=state.gate_until).tokens == 1
    assert after(FRESH, gate.Sent(is_resend=False)).tokens == p.TOKENS_MOST


def test_shut_is_at_least_as_long_as_asked_and_never_shortens() -> None:
    state = after(FRESH, gate.Shut(BUSY, 30.0, 10.0))
    assert state.gate_until == NOW + 40
    assert after(state, gate.Shut(BUSY, 1.0, 0.0)).gate_until == NOW + 40


PAUSE = gate.Shut(BUSY, 30.0, 10.0, is_pause=True)


def test_eight_refusals_of_one_pause_draw_its_spread_once() -> None:
    once = after(FRESH, PAUSE)
    assert after(FRESH, PAUSE, gate.Shut(BUSY, 29.0, 10.0, is_pause=True)).gate_until == once.gate_until
    longer = after(FRESH, PAUSE, gate.Shut(BUSY, 300.0, 0.0, is_pause=True))
    assert longer.gate_until == NOW + 300


def test_what_was_under_way_cannot_open_a_lane_that_was_told_to_rest() -> None:
    for shut in (PAUSE, gate.Shut(BUSY, 30.0, 10.0)):
        state = after(FRESH, shut, OK)
        assert gate.phase(state, NOW + 39) is Phase.CLOSED


def test_a_pause_is_over_when_it_is_over_a_full_disk_wants_a_probe() -> None:
    over = after(FRESH, PAUSE)
    assert gate.phase(over, NOW + 40) is Phase.OPEN
    assert gate.room(over, NOW + 40, 0) == p.IN_FLIGHT_UNKNOWN
    assert after(over, OK, now=NOW + 40).gate_until == 0
    lone = after(over, NO, now=NOW + 40)
    assert (gate.phase(lone, NOW + 40), lone.reason) == (Phase.OPEN, None)
    assert gate.phase(after(over, QUIET, now=NOW + 40), NOW + 40) is Phase.CLOSED
    assert gate.phase(after(FRESH, gate.Shut(BUSY, 30.0, 10.0)), NOW + 40) is Phase.HALF_OPEN


def test_the_person_gets_one_probe_now() -> None:
    shut = after(FRESH, gate.Shut(BUSY, 600.0, 0.0), gate.Retried())
    assert gate.phase(shut, NOW) is Phase.HALF_OPEN
    assert after(FRESH, gate.Retried()).gate_until == 0


@pytest.mark.parametrize("ahead_s", [1, 3600, 86_400, 1e9])
def test_a_rest_written_by_a_clock_that_was_ahead_lasts_as_long_as_was_meant(ahead_s: float) -> None:
    shut = after(FRESH, gate.Shut(BUSY, 600.0, 0.0), now=NOW + ahead_s)
    again = after(shut, gate.ClockJumped())
    assert again.gate_until == pytest.approx(NOW + 600)
    assert again.updated_at == NOW
    assert after(again, gate.ClockJumped(), now=NOW + 300) == again
    assert after(after(FRESH, OK, now=NOW + ahead_s), gate.ClockJumped()).gate_until == 0
    due = replace(shut, updated_at=NOW + ahead_s + 601)
    assert gate.phase(after(due, gate.ClockJumped()), NOW) is Phase.HALF_OPEN


def test_a_rest_of_this_clock_is_left_alone() -> None:
    shut = after(FRESH, gate.Shut(BUSY, 600.0, 0.0))
    assert after(shut, gate.ClockJumped(), now=NOW + 1) == shut


def test_a_paused_lane_has_no_room() -> None:
    assert gate.room(replace(FRESH, is_paused=True), NOW, 0) == 0


def test_item_waits() -> None:
    assert gate.item_wait_s(1, 10.0, Highest()) == 20.0
    assert gate.item_wait_s(1, 10.0, random.Random(1)) >= 10.0
    assert [gate.item_wait_s(k, None, Highest()) for k in range(6)] == [1, 2, 4, 8, 10, 10]
    assert gate.item_wait_s(3, None, Highest(), replace(p.DEFAULT, scale=0.5)) == 4


EVENTS = st.one_of(
    st.builds(gate.Sent, st.booleans()),
    st.builds(gate.Succeeded, st.floats(0, 100), st.booleans()),
    st.builds(gate.Failed, st.sampled_from([BUSY, ILL]), st.none() | st.floats(0, 3600)),
    st.builds(gate.Silent, st.just(LOST), st.booleans()),
    st.builds(gate.Shut, st.just(BUSY), st.floats(0, 3600), st.floats(0, 60)),
    st.builds(gate.Welcomed, st.integers(1, 64)),
    st.just(gate.Retried()),
    st.just(gate.ClockJumped()),
)


@given(st.lists(st.tuples(EVENTS, st.floats(0, 200)), max_size=60), st.integers(0, 2**32))
def test_whatever_happens_a_lane_stays_within_its_manners(
    story: list[tuple[gate.Event, float]], seed: int
) -> None:
    rng, state, now = random.Random(seed), FRESH, NOW
    for event, pause_s in story:
        now += pause_s
        before = state
        state = gate.react(state, event, now, rng)
        assert 1 <= state.limit <= p.IN_FLIGHT_MOST
        assert p.BATCH_LEAST <= state.batch <= p.BATCH_MOST
        assert 0 <= state.tokens <= p.TOKENS_MOST
        assert len(state.recent) <= 2 * (p.RECENT_KEPT + p.IN_FLIGHT_MOST)
        assert len(state.latencies_s) <= p.LATENCIES_KEPT
        assert 0 <= gate.room(state, now, 0) <= p.IN_FLIGHT_MOST
        opened = gate.phase(state, now) is Phase.OPEN and gate.phase(before, now) is not Phase.OPEN
        is_asked_for = "p" in state.recent and isinstance(event, gate.Retried)
        assert not opened or is_asked_for or isinstance(event, gate.Succeeded), "only real work opens a gate"
        if isinstance(event, gate.Silent):
            assert gate.phase(state, now) is not Phase.OPEN
        assert state.gate_until <= now + 2 * 3600 + 60


def test_a_busy_line_earns_no_more_requests_at_once() -> None:
    state = replace(FRESH, limit=4.0)
    for _ in range(40):
        state = after(state, gate.Succeeded(None, is_line_bound=True))
    assert state.limit == 4
    assert gate.phase(state, NOW) is gate.Phase.OPEN
    for _ in range(8):
        state = after(state, gate.Succeeded(None))
    assert state.limit == 5


def test_a_lane_is_bound_by_the_line_while_it_is_open_and_bodies_said_so() -> None:
    carried = gate.Succeeded(None, is_line_bound=True)
    assert not gate.is_line_bound(after(FRESH, OK, OK), NOW)
    assert gate.is_line_bound(after(FRESH, OK, carried), NOW)
    assert not gate.is_line_bound(after(FRESH, carried, QUIET), NOW), "a closed lane is bound by nothing"
