"""The bandwidth limit a person sets for images: one bucket for all bodies, which wait for their turn slice by slice.

It cannot hang, which is what people complain of in others: nothing is locked while a body waits; a limit that is
changed or lifted wakes every waiter at once; a slice is a tenth of a second of the limit, so the line always moves; a
waiter that is cancelled holds up nobody. What a body spends waiting here is its own fact (`held_s`), so that deadlines,
the silence rule and the measured rate see the line and not the limiter. Thread: the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

SLICE_S = 0.1  # of the limit: how long a slice takes, and the largest burst
SLICE_LEAST = 256
SLICE_MOST = 256 * 1024  # of an unlimited line: few slices cost nothing, and a new limit is soon felt


class Limiter:
    """One per engine run; `limit` in bytes per second, None = unlimited."""

    def __init__(self, monotonic: Callable[[], float], limit: float | None = None) -> None:
        self._monotonic = monotonic
        self.limit = limit
        self._free_at = 0.0  # when all slices handed out so far will have passed
        self._changed = asyncio.Event()

    def set_limit(self, limit: float | None) -> None:
        """Holds from now on: whoever waits asks for its turn again."""
        if limit == self.limit:
            return
        self.limit, self._free_at = limit, 0.0
        self._changed.set()
        self._changed = asyncio.Event()

    def slice_bytes(self) -> int:
        """How much of a body goes at once."""
        wanted = SLICE_MOST if self.limit is None else int(self.limit * SLICE_S)
        return max(SLICE_LEAST, min(wanted, SLICE_MOST))

    def reserve(self, size: int, now: float) -> float:
        """Hand out the next turn to `size` bytes: seconds from now until they may go."""
        if self.limit is None:
            return 0.0
        starts = max(self._free_at, now)
        self._free_at = starts + size / self.limit
        return starts - now

    async def turn(self, size: int) -> None:
        """Wait until `size` bytes may go."""
        while True:
            changed = self._changed
            wait_s = self.reserve(size, self._monotonic())
            if wait_s <= 0:
                return
            try:
                async with asyncio.timeout(wait_s):
                    await changed.wait()
            except TimeoutError:
                return


class PacedBody:
    """A body that leaves in slices, each in its turn (`app.http.SlowBody`)."""

    def __init__(self, data: bytes, limiter: Limiter, monotonic: Callable[[], float]) -> None:
        self._data, self._limiter, self._monotonic = data, limiter, monotonic
        self._held_s = 0.0
        self._waits_since: float | None = None

    def __len__(self) -> int:
        return len(self._data)

    @property
    def held_s(self) -> float:
        """Seconds this body has waited for its turns, the present wait included."""
        since = self._waits_since
        return self._held_s + (0.0 if since is None else self._monotonic() - since)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        start = 0
        while start < len(self._data):
            part = self._data[start : start + self._limiter.slice_bytes()]
            self._waits_since = self._monotonic()
            try:
                await self._limiter.turn(len(part))
            finally:
                self._held_s += self._monotonic() - self._waits_since
                self._waits_since = None
            yield part
            start += len(part)
