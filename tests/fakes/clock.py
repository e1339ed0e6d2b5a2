"""Clocks and secrets for tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from app.domain.sending import DAY_MIN, Hours


class RealClock:
    """The system's clock, plus jumps a test may make: of the wall clock, and of the one that counts on."""

    def __init__(self) -> None:
        self.jump_s = 0.0
        self.steady_jump_s = 0.0

    def now(self) -> float:
        return time.time() + self.jump_s

    def monotonic(self) -> float:
        return time.monotonic() + self.steady_jump_s


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self, now: float = 1_555_500_000.0) -> None:
        self.wall = now
        self.steady = 1000.0

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def forward(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


class MemorySecrets:
    """A keyring that forgets."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    @property
    def is_lasting(self) -> bool:
        return False

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def outside_now(clock: RealClock) -> Hours:
    """Hours that begin in an hour or two: closed for the whole of this test."""
    now = datetime.fromtimestamp(clock.now(), UTC).astimezone()
    start = (now.hour * 60 + now.minute + 90) % DAY_MIN
    return Hours(start, (start + 60) % DAY_MIN)
