"""How ill the centre plays: profiles for practice and tests, and the national pause.

Invariant: `hello` is never touched (always 200 and quick), and nothing here changes what is stored - an answer may
be lost after the work was done, as on the real night. Randomness and clock come in. Thread: any (one lock).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.errors import BadInput
from sync.wire import Pause

CLASSES = ("records", "scans", "verdicts")


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares are of 1; delays in seconds; `pause_within_s` counts from the first request."""

    name: str
    busy: float = 0.0  # answered 503 before any work
    ill: float = 0.0  # answered 500, half of them after the work was done
    delay_s: tuple[float, float] = (0.0, 0.0)
    pause_within_s: float = 0.0
    pause_s: float = 0.0


PROFILES = {
    one.name: one
    for one in (
        Profile("calm"),
        Profile("slow", busy=0.05, delay_s=(0.5, 2.0)),
        Profile("election-day", busy=0.30, ill=0.05, delay_s=(0.5, 5.0), pause_within_s=60.0, pause_s=30.0),
    )
}


class Illness(StrEnum):
    """What happens to one request."""

    NONE = "none"
    BUSY = "busy"
    ILL_BEFORE = "ill_before"
    ILL_AFTER = "ill_after"


@dataclass(frozen=True, slots=True)
class Fate:
    """One request's illness and how long its answer takes."""

    illness: Illness
    delay_s: float


class Overload:
    """The centre's state of health."""

    def __init__(self, profile: str | None, rng: random.Random, clock: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._rng = rng
        self._clock = clock
        self._planned: tuple[float, float] | None = None  # begin and end of the profile's own pause
        self._pause: tuple[float, Sequence[str], str] | None = None
        self.profile = PROFILES["calm"]
        self.choose(profile or "calm")

    def choose(self, name: str) -> None:
        """Another profile from now on. Raises BadInput for an unknown one."""
        if name not in PROFILES:
            raise BadInput(
                f"Profil server {name!r} tidak dikenal.", hint=f"Pilih salah satu: {', '.join(PROFILES)}."
            )
        with self._lock:
            self.profile = PROFILES[name]
            self._planned = None

    def fate(self) -> Fate:
        """Draw the fate of one request."""
        with self._lock:
            profile = self.profile
            self._plan_pause()
            if profile.delay_s == (0.0, 0.0) and not profile.busy and not profile.ill:
                return Fate(Illness.NONE, 0.0)
            delay_s = self._rng.uniform(*profile.delay_s)
            draw = self._rng.random()
            if draw < profile.busy:
                return Fate(Illness.BUSY, 0.0)
            if draw < profile.busy + profile.ill:
                return Fate(self._rng.choice((Illness.ILL_BEFORE, Illness.ILL_AFTER)), delay_s)
            return Fate(Illness.NONE, delay_s)

    def retry_after_s(self) -> float:
        """What a 503 of the profile says."""
        with self._lock:
            return float(self._rng.randint(1, 3))

    def _plan_pause(self) -> None:
        """The profile's pause begins at a drawn moment and ends within `pause_within_s` of the first request."""
        if self._planned is None and self.profile.pause_s:
            latest = max(0.0, self.profile.pause_within_s - self.profile.pause_s)
            begin = self._clock() + self._rng.uniform(min(5.0, latest), latest)
            self._planned = (begin, begin + self.profile.pause_s)

    def set_pause(self, for_s: float, classes: Sequence[str], reason: str) -> None:
        """Pause the nation from now on."""
        chosen = [one for one in CLASSES if one in classes] or list(CLASSES)
        with self._lock:
            self._pause = (self._clock() + min(max(for_s, 0.0), 86_400.0), chosen, reason[:300])

    def lift(self) -> None:
        """End every pause now."""
        with self._lock:
            self._pause = None
            if self._planned is not None and self._planned[0] <= self._clock():
                self._planned = (0.0, 0.0)

    def pause(self) -> Pause | None:
        """The pause in force, as `hello` says it."""
        now = self._clock()
        with self._lock:
            if self._pause is not None and self._pause[0] > now:
                until, classes, reason = self._pause
                return Pause(for_s=round(until - now, 3), classes=list(classes), reason=reason)
            if self._planned is not None and self._planned[0] <= now < self._planned[1]:
                return Pause(
                    for_s=round(self._planned[1] - now, 3),
                    classes=list(CLASSES),
                    reason="Pemeliharaan server pusat (latihan).",
                )
        return None
