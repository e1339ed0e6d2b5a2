"""How long the rest of a form takes at the pace of the last boxes. The clock comes in; there is no timer. Pure.

Invariants: a rest counts as no more than `REST_S`, so that a telephone call makes nobody slow; nothing is said before
enough boxes were keyed, nor of a form whose end is in sight.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

REST_S = 15.0  # of one gap between boxes: a hard-to-read number takes ten seconds
BOXES = 60  # the pace of so many last boxes: page 1 is slower than a list of candidates
LEAST_BOXES = 20  # before that the figure jumps
LEAST_LEFT_S = 60.0  # less is no news


class Pace:
    """Of one form. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._done: deque[tuple[float, int]] = deque()
        self._last = clock()

    def begin(self) -> None:
        """A form was opened."""
        self._done.clear()
        self._last = self._clock()

    def done(self, boxes: int = 1) -> None:
        """So many boxes were keyed since the last time."""
        now = self._clock()
        self._done.append((min(now - self._last, REST_S), boxes))
        self._last = now
        while self._boxes() - self._done[0][1] >= BOXES:
            self._done.popleft()

    def left_s(self, boxes: int) -> float | None:
        """Seconds for so many boxes; None while it cannot be said, or need not."""
        keyed = self._boxes()
        if keyed < LEAST_BOXES:
            return None
        left = sum(seconds for seconds, _ in self._done) / keyed * boxes
        return left if left >= LEAST_LEFT_S else None

    def _boxes(self) -> int:
        return sum(boxes for _, boxes in self._done)
