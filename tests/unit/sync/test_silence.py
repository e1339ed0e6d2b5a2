"""A silent request is doubted after a while without progress, and asked again elsewhere; a slow one keeps its place."""

from __future__ import annotations

import asyncio

import pytest

from app.ports import Reason
from sync import policy as p
from sync.classify import Action
from sync.outcome import Answer, Failed
from sync.silence import Quiet, Watch, insist

YES = Answer("yes", 0.0)
NO = Failed(Action.RETRY_ITEM, Reason("busy", "Sibuk.", 503))
DEAD = Failed(Action.CLOSE_GATE, Reason("deadline", "Tidak menjawab."), fault="deadline")
AT_ONCE = Quiet(least_s=0.01)  # the event loop's own clock runs in these tests, for hundredths of a second


class Hand:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_silence_is_five_seconds_until_longer_ones_are_usual() -> None:
    quiet = Quiet(p.SILENCE_LEAST_S)
    assert quiet.limit_s() == 5
    assert quiet.limit_s(size=10**9, rate=32 * 1024) == 16  # no more than a kernel hides is waited for
    quiet.note(YES, 4.0)
    assert quiet.limit_s() == 8
    for _ in range(p.LATENCIES_KEPT):
        quiet.note(YES, 0.1)
    assert quiet.limit_s() == 5
    quiet.note(NO, 6.0)
    assert quiet.limit_s() == 12, "a refusal is an answer, as slow as any"
    quiet.note(DEAD, 300.0)
    assert quiet.limit_s() == 12, "what never came says nothing of answers"


def test_a_doubt_is_no_movement() -> None:
    hand = Hand()
    watch = Watch(hand)
    hand.at += 7
    watch.doubted()
    assert watch.silent_s == 7


def test_movement_ends_silence() -> None:
    hand = Hand()
    watch = Watch(hand)
    hand.at += 7
    assert watch.silent_s == 7
    watch.moved()
    assert watch.silent_s == 0


def test_a_body_that_waits_for_its_turn_is_not_silent() -> None:
    hand, held = Hand(), Hand()
    watch = Watch(hand, held)
    hand.at, held.at = hand.at + 30, held.at + 30
    assert watch.silent_s == 0
    hand.at += 6
    assert watch.silent_s == 6, "but what it does not wait for on purpose counts"
    watch.moved()
    hand.at, held.at = hand.at + 4, held.at + 3
    assert watch.silent_s == 1
    assert watch.took_s == 7


@pytest.mark.parametrize(
    ("moving_s", "silent_s", "is_the_lines"), [(7, 3, True), (7, 8, False), (0, 1, False)]
)
def test_the_longer_part_says_whose_time_it_was(moving_s: float, silent_s: float, is_the_lines: bool) -> None:
    hand = Hand()
    watch = Watch(hand)
    hand.at += moving_s
    watch.moved()
    hand.at += silent_s
    assert watch.is_line_bound is is_the_lines


async def _never() -> Answer[str]:
    await asyncio.Event().wait()
    raise AssertionError


def test_a_dead_connection_is_asked_again_elsewhere() -> None:
    asked: list[bool] = []

    async def call(is_fresh: bool) -> Answer[str] | Failed:
        asked.append(is_fresh)
        return Answer("here", 0.0) if len(asked) == 3 else await _never()

    async def story() -> tuple[Answer[str] | Failed, bool]:
        loop = asyncio.get_running_loop()
        return await insist(call, loop.time, AT_ONCE)

    answer, was_dead = asyncio.run(story())
    assert isinstance(answer, Answer)
    assert was_dead
    assert asked == [False, True, True]


def test_the_first_answer_counts_also_a_late_or_a_bad_one() -> None:
    late = asyncio.Event()

    async def call(is_fresh: bool) -> Answer[str] | Failed:
        if is_fresh:
            late.set()
            return await _never()
        await late.wait()
        return NO

    async def story() -> tuple[Answer[str] | Failed, bool]:
        loop = asyncio.get_running_loop()
        return await insist(call, loop.time, AT_ONCE)

    assert asyncio.run(story()) == (NO, False)


def test_leaving_takes_every_try_along() -> None:
    left: list[bool] = []
    asked_anew = asyncio.Event()

    async def call(is_fresh: bool) -> Answer[str] | Failed:
        if is_fresh:
            asked_anew.set()
        try:
            return await _never()
        finally:
            left.append(is_fresh)

    async def story() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(insist(call, loop.time, AT_ONCE))
        await asyncio.wait_for(asked_anew.wait(), 10)
        task.cancel()
        await asyncio.wait({task})
        await asyncio.sleep(0)

    asyncio.run(story())
    assert len(left) >= 2
    assert left[0] is False
