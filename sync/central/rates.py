"""How often somebody may try: a sliding window per name. For log-ins and codes, so that guessing takes for ever.

Thread: any (one lock). Memory is bounded: the least recent names are forgotten.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable

MAX_NAMES = 10_000


class Rate:
    """At most `most` within `window_s` for each name."""

    def __init__(self, most: int, window_s: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._window_s = window_s
        self._clock = clock
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def is_exceeded(self, name: str) -> bool:
        """True when this name has used up its window."""
        with self._lock:
            return len(self._recent(name)) >= self._most

    def count(self, name: str) -> None:
        """One more for this name."""
        with self._lock:
            self._recent(name).append(self._clock())

    def _recent(self, name: str) -> deque[float]:
        times = self._times.setdefault(name, deque(maxlen=self._most))
        self._times.move_to_end(name)
        while len(self._times) > MAX_NAMES:
            self._times.popitem(last=False)
        while times and times[0] <= self._clock() - self._window_s:
            times.popleft()
        return times
