"""Who is let in while the centre is busy. Pure: no clock of its own, no waiting.

Admits while the expected wait is at most 10 s; else says when to come back, spread out by a *virtual* queue that
moves a third of the work on for each refusal. The third is deliberate: a full place with little jitter looked
better but fell to 1.6-3.2 x ideal when the centre misjudged its work twofold; the third holds from x 0.25 to x 2
(sync notes, section 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

MAX_WAIT_S = 10.0  # 3-60 s worked alike in the simulation
SPREAD = 3.0
FIRST_GUESS_S = 0.05  # of a request nobody has measured yet
PER_ITEM_S = 0.005
LEARN = 0.2  # weight of the newest measurement


@dataclass(slots=True)
class Admission:
    """The expected work of what was let in and has not ended. `now` is any monotonic clock in seconds."""

    workers: int
    _backlog_s: float = 0.0
    _virtual: float = 0.0
    _measured: dict[tuple[str, int], float] = field(default_factory=dict)

    def expected_work_s(self, kind: str, items: int) -> float:
        """Measured seconds of a request of this kind and about this size."""
        return self._measured.get((kind, items.bit_length()), FIRST_GUESS_S + PER_ITEM_S * items)

    def ask(self, kind: str, items: int, now: float) -> float | None:
        """None: come in (and call `done` at the end). Else: seconds to come back after."""
        work = self.expected_work_s(kind, items)
        wait = self._backlog_s / self.workers
        if wait <= MAX_WAIT_S:
            self._backlog_s += work
            return None
        self._virtual = max(self._virtual, now + wait) + work / self.workers / SPREAD
        return float(max(1, math.ceil(self._virtual - now)))

    def done(self, kind: str, items: int, expected_s: float, took_s: float | None) -> None:
        """A request that was let in has ended. `took_s` None: it was dropped, which teaches nothing."""
        self._backlog_s = max(0.0, self._backlog_s - expected_s)
        if took_s is not None:
            place = (kind, items.bit_length())
            old = self._measured.get(place, took_s)
            self._measured[place] = old + LEARN * (took_s - old)
