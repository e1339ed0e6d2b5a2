"""Virtual time: a heap of actions, the clock everybody reads, and the calendar of what ails the centre."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

BEGIN = 1_555_500_000.0  # wall seconds at t = 0: the evening of 17 April 2019
Action = Callable[[], None]


class World:
    """Discrete events in order of time, ties in order of scheduling; so a run is a function of its seed."""

    def __init__(self) -> None:
        self.t = 0.0
        self.events = 0
        self._numbers = itertools.count()
        self._heap: list[tuple[float, int, Action]] = []

    def now(self) -> float:
        """Wall seconds (`app.ports.Clock`)."""
        return BEGIN + self.t

    def monotonic(self) -> float:
        return self.t

    def at(self, t: float, action: Action) -> None:
        heapq.heappush(self._heap, (t, next(self._numbers), action))

    def run(self, until: float, is_done: Callable[[], bool]) -> None:
        """Act until everything is done, nothing is left to do, or the horizon is reached."""
        while self._heap and not is_done():
            t, _, action = heapq.heappop(self._heap)
            if t > until:
                self.t = until
                return
            self.t = t
            self.events += 1
            action()


@dataclass(frozen=True, slots=True)
class Calendar:
    """How fast workers work, piece by piece: `((from_s, speed), ...)`, the first from 0; speed 0 is a standstill."""

    pieces: tuple[tuple[float, float], ...] = ((0.0, 1.0),)

    def end_of(self, t: float, work_s: float) -> float:
        """When work begun at `t` is done. The last piece must move."""
        for (begin, speed), (end, _) in itertools.pairwise((*self.pieces, (float("inf"), 1.0))):
            if end <= t:
                continue
            start = max(t, begin)
            if speed and start + work_s / speed <= end:
                return start + work_s / speed
            work_s -= (end - start) * speed if speed else 0.0
        raise AssertionError("a calendar that ends in a standstill")


def calendar(standstills: list[tuple[float, float]], slow: tuple[float, float] | None) -> Calendar:
    """Standstills as (begin, end); `slow` = (from second, factor). They must not overlap one another."""
    times = {0.0, *itertools.chain.from_iterable(standstills), *([slow[0]] if slow else [])}

    def speed(t: float) -> float:
        if any(begin <= t < end for begin, end in standstills):
            return 0.0
        return 1.0 / slow[1] if slow and t >= slow[0] else 1.0

    return Calendar(tuple((t, speed(t)) for t in sorted(times)))
