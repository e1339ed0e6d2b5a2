from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from app.ports import Lane, Reason
from sync import consequence, gate
from sync import policy as p
from sync.classify import Action
from sync.consequence import Fate
from sync.outcome import Failed

NOW = 1_000_000.0
RNG = random.Random(5)
SORRY = Reason("busy", "Sibuk.", 503)


def failed(action: Action, retry_after_s: float | None = None, fault: str = "") -> Failed:
    return Failed(action, SORRY, retry_after_s, fault=fault)


FATES = {
    Action.CLOSE_GATE: Fate.WAITS_FOR_GATE,
    Action.RETRY_ITEM: Fate.WAITS_ITS_TURN,
    Action.HEAD_FIRST: Fate.WAITS_ITS_TURN,
    Action.GHOST: Fate.WAITS_ITS_TURN,
    Action.NEW_UPLOAD: Fate.WAITS_ITS_TURN,
    Action.RESEND: Fate.WAITS_ITS_TURN,
    Action.SIGN_IN: Fate.WAITS_FOR_LINE,
    Action.ASK_PERSON: Fate.WAITS_FOR_GATE,
    Action.STOP_ITEM: Fate.STOPPED,
    Action.SMALLER: Fate.STOPPED,
    Action.PAUSE_CHANNEL: Fate.WAITS_FOR_GATE,
    Action.PAUSED_THERE: Fate.WAITS_FOR_GATE,
    Action.PORTAL: Fate.WAITS_FOR_LINE,
    Action.OTHER_METHOD: Fate.WAITS_FOR_GATE,
    Action.FORKED: Fate.WAITS_FOR_LINE,
    Action.REVOKED: Fate.WAITS_FOR_LINE,
}


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_fate_and_a_gate_that_items_wait_for_is_shut(action: Action) -> None:
    outcome = consequence.of_batch(failed(action), 1, p.DEFAULT)
    assert outcome.fate is FATES[action]
    if outcome.fate is Fate.WAITS_FOR_GATE:
        assert outcome.event is not None
        state = gate.react(gate.fresh(Lane.RECORDS), outcome.event, NOW, RNG)
        assert gate.phase(state, NOW) is gate.Phase.CLOSED


@pytest.mark.parametrize("action", [Action.STOP_ITEM, Action.SMALLER])
def test_a_refused_batch_is_taken_apart_before_anything_is_stopped(action: Action) -> None:
    outcome = consequence.of_batch(failed(action), 2, p.DEFAULT)
    assert (outcome.fate, outcome.is_alone) == (Fate.QUEUED, True)


def test_only_a_pause_is_nobodys_failure() -> None:
    excused = {action for action in Action if consequence.of_batch(failed(action), 1, p.DEFAULT).is_excused}
    assert excused == {Action.PAUSED_THERE}


def test_a_missed_deadline_is_told_as_one() -> None:
    event = consequence.of_batch(failed(Action.CLOSE_GATE, fault="deadline"), 9, p.DEFAULT).event
    assert event == gate.Silent(SORRY, is_deadline=True)


def test_waits_are_their_own_the_gates_or_the_lines() -> None:
    lane = replace(gate.fresh(Lane.RECORDS), gate_until=NOW + 40, failures=3)

    def wait_s(fate: Fate, retry_after_s: float | None = None) -> float:
        answer = failed(Action.RETRY_ITEM, retry_after_s)
        return consequence.wait_s(fate, answer, lane, NOW + 7, 8, NOW, RNG, p.DEFAULT)

    assert wait_s(Fate.WAITS_FOR_GATE) == 40
    assert wait_s(Fate.WAITS_FOR_LINE) == 7
    assert 12 <= wait_s(Fate.WAITS_ITS_TURN, 12) <= 24
    assert 0 <= wait_s(Fate.WAITS_ITS_TURN) <= 8
    longer = [wait_s(Fate.WAITS_LONGER) for _ in range(200)]
    assert p.ITEM_WAIT_MOST_S < max(longer) <= 256


def test_an_item_the_centre_dies_on_is_parted_from_its_neighbours() -> None:
    """Halved to the floor and never parted, four good records shared the fate of one bad one for ever."""
    ill = Failed(Action.RETRY_ITEM, Reason("ill", "Sakit.", 500))

    def after(count: int, *, was_alone: bool = False) -> tuple[Fate, bool]:
        outcome = consequence.of_batch(ill, count, p.DEFAULT, was_alone=was_alone)
        assert outcome.event == gate.Failed(ill.reason)
        return outcome.fate, outcome.is_alone

    assert after(50) == (Fate.WAITS_ITS_TURN, False)  # halved first: most 500s are nobody's fault
    assert after(p.BATCH_LEAST) == (Fate.WAITS_ITS_TURN, True)
    assert after(1) == (Fate.WAITS_ITS_TURN, False)
    assert after(1, was_alone=True) == (Fate.WAITS_LONGER, True)


def test_the_spread_of_a_short_pause_is_no_longer_than_the_pause() -> None:
    assert consequence.pause(30, SORRY, p.DEFAULT).spread_s == 30
    assert consequence.pause(3000, SORRY, p.DEFAULT).spread_s == p.PAUSE_SPREAD_S
