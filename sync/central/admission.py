"""Who is let in while the centre is busy. Pure: no clock of its own, no waiting.

Admits while the expected wait is at most 10 s; else says when to come back, spread out by a *virtual* queue that
moves a third of the work on for each refusal. The third is deliberate: a full place with little jitter looked
better but fell to 1.6-3.2 x ideal when the centre misjudged its work twofold; the third holds from x 0.25 to x 2
(sync notes, section 1).

What is inside is counted by kind and size, and valued by what is known *now*: the first measured answer corrects the
whole queue. Until there is one, few of a kind are let in: after a start a nation's first batches, taken for quick,
filled a queue of a quarter of an hour. A measurement is the median of the last ones: after a standstill of three
minutes their mean sent a nation away for half an hour, and the workers had nothing to do (docs/fleet.md).
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, deque
from dataclasses import dataclass, field

MAX_WAIT_S = 10.0  # 3-60 s worked alike in the simulation
SPREAD = 3.0
FIRST_GUESS_S = 0.05  # of a request nobody has measured yet
PER_ITEM_S = 0.005
UNKNOWN_PER_WORKER = 2  # requests of a kind never measured: one at work, one behind it
KEPT_PER_WORKER = (
    3  # measurements of a kind and size: a stall shows in one of each worker, and must not move the median
)

Place = tuple[str, int]  # kind, and the size to a power of two


@dataclass(slots=True)
class Admission:
    """What was let in and has not ended. `now` is any monotonic clock in seconds."""

    workers: int
    _inside: Counter[Place] = field(default_factory=Counter)
    _virtual: float = 0.0
    _took_s: dict[Place, deque[float]] = field(default_factory=dict)
    _measured: dict[Place, float] = field(default_factory=dict)  # their medians

    def expected_work_s(self, kind: str, items: int) -> float:
        """Seconds of a request of this kind: measured at about this size, or at the nearest known one."""
        return self._work_s((kind, items.bit_length()))

    def wait_s(self) -> float:
        """What a newcomer would wait: nothing beside a free worker; of what is at work, half is done on average."""
        inside = sum(self._inside.values())
        if inside < self.workers:
            return 0.0
        work = sum(self._work_s(place) * count for place, count in self._inside.items())
        return work / inside * (inside - self.workers / 2) / self.workers

    def ask(self, kind: str, items: int, now: float) -> float | None:
        """None: come in (and call `done` at the end). Else: seconds to come back after."""
        place, wait = (kind, items.bit_length()), self.wait_s()
        if wait <= MAX_WAIT_S and (self._is_known(kind) or self._has_room_to_learn(kind)):
            self._inside[place] += 1
            return None
        self._virtual = max(self._virtual, now + wait) + self._work_s(place) / self.workers / SPREAD
        return float(max(1, math.ceil(self._virtual - now)))

    def done(self, kind: str, items: int, took_s: float | None) -> None:
        """A request that was let in has ended. `took_s` None: it was dropped, which teaches nothing."""
        place = (kind, items.bit_length())
        self._inside[place] -= 1
        if took_s is not None:
            kept = self._took_s.setdefault(place, deque(maxlen=KEPT_PER_WORKER * self.workers))
            kept.append(took_s)
            self._measured[place] = statistics.median(kept)

    def _work_s(self, place: Place) -> float:
        kind, size = place
        known = [one for one in self._measured if one[0] == kind]
        if not known:
            return FIRST_GUESS_S + PER_ITEM_S * 2.0**size
        return self._measured[min(known, key=lambda one: abs(one[1] - size))]

    def _is_known(self, kind: str) -> bool:
        return any(one == kind for one, _ in self._measured)

    def _has_room_to_learn(self, kind: str) -> bool:
        inside = sum(count for (one, _), count in self._inside.items() if one == kind)
        return inside < UNKNOWN_PER_WORKER * self.workers
