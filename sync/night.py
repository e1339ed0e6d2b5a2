"""When the images' night begins for this PC: many offices take the suggested hours, and not all begin in one second.

Thread: the engine's event loop.
"""

from __future__ import annotations

import random

from app.domain.sending import Hours, opens_at
from sync import policy as p
from sync.policy import Policy


class Night:
    """One per engine run; the spread is drawn once for each night that is waited for."""

    def __init__(self, rng: random.Random, policy: Policy) -> None:
        self._rng, self._spread_s = rng, p.OPENING_SPREAD_S * policy.scale
        self._hours: Hours | None = None
        self._opening = 0.0

    def choose(self, hours: Hours | None) -> None:
        """What people chose last; other hours hold at once."""
        if hours != self._hours:
            self._hours, self._opening = hours, 0.0

    def opens_at(self, now: float) -> float | None:
        """When images go again (wall seconds); None: now. Nobody who begins within the hours has to wait."""
        opens = opens_at(self._hours, now)
        if opens is None:  # a clock that was put right must not keep us waiting for another night
            return self._opening if now < self._opening <= now + self._spread_s else None
        if not opens <= self._opening <= opens + self._spread_s:
            self._opening = opens + self._rng.uniform(0, self._spread_s)
        return self._opening
