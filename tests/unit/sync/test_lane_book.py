"""What the lanes learnt, and when it is due to be kept."""

from __future__ import annotations

import random

from app.ports import ItemKind, Lane, Reason
from sync import gate
from sync.lane_book import SAVE_EVERY_S, LaneBook
from sync.policy import DEFAULT
from tests.fakes.clock import HandClock

BUSY = Reason("busy", "KPU RI sibuk.", 503)


def book(clock: HandClock) -> LaneBook:
    made = LaneBook(clock, random.Random(1), DEFAULT)
    assert made.load([gate.fresh(lane) for lane in Lane]) == 0.0
    assert made.to_save() == []
    return made


def test_what_a_lane_merely_learnt_is_kept_every_few_seconds() -> None:
    clock = HandClock()
    lanes = book(clock)
    assert not lanes.react(Lane.RECORDS, gate.Succeeded(0.1))
    assert lanes.to_save() == []
    clock.forward(SAVE_EVERY_S)
    assert [state.lane for state in lanes.to_save()] == [Lane.RECORDS]
    clock.forward(SAVE_EVERY_S)
    assert lanes.to_save() == [], "it counts as written"
    assert {state.lane for state in lanes.to_save(is_last=True)} == set(Lane)


def test_a_gate_that_moved_and_a_pause_are_kept_at_once() -> None:
    clock = HandClock()
    lanes = book(clock)
    assert lanes.react(Lane.SCANS, gate.Silent(BUSY))
    assert [state.lane for state in lanes.to_save()] == [Lane.SCANS]
    lanes.pause([Lane.VERDICTS], True)
    assert [(state.lane, state.is_paused) for state in lanes.to_save()] == [(Lane.VERDICTS, True)]
    assert lanes.unpaused() == [kind for kind in ItemKind if kind is not ItemKind.VERDICT]


def test_when_the_person_asks_every_gate_gets_its_probe_and_a_failure_ends_that() -> None:
    clock = HandClock()
    lanes = book(clock)
    lanes.react(Lane.SCANS, gate.Silent(BUSY))
    lanes.retry()
    now = clock.now()
    assert gate.room(lanes.channels[Lane.SCANS], now, 0) == 1
    assert lanes.ahead.until(Lane.SCANS, now) > now
    lanes.react(Lane.SCANS, gate.Silent(BUSY))
    assert lanes.ahead.until(Lane.SCANS, now) == now
