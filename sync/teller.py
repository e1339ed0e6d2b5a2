"""Tells whoever listens how the line is, whenever that changed; counts what the centre accepted. Thread: event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from app.ports import ChannelState, Clock, Lane, LineState, SyncStatus
from sync.sentences import Facts, Trouble, describe

RATE_WINDOW_S = 10.0


class Teller:
    """One per engine run."""

    def __init__(self, clock: Clock, on_status: Callable[[SyncStatus], None]) -> None:
        self._clock, self._on_status = clock, on_status
        self._accepted: deque[tuple[float, int]] = deque()
        self._sent_bytes = 0
        self._line: LineState | None = None
        self._since = clock.now()
        self._status: SyncStatus | None = None

    def accepted(self, size: int) -> None:
        """Bytes of scans the centre confirmed."""
        self._sent_bytes += size
        self._accepted.append((self._clock.monotonic(), size))

    def tell(
        self,
        channels: Mapping[Lane, ChannelState],
        trouble: Trouble | None,
        has_met: bool,
        in_flight: int,
        *,
        is_comparing: bool = False,
    ) -> None:
        """Status to the listener, when it is another one than the last."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        while self._accepted and self._accepted[0][0] < monotonic - RATE_WINDOW_S:
            self._accepted.popleft()
        rate_bytes_s = sum(size for _, size in self._accepted) / RATE_WINDOW_S
        facts = Facts(
            now,
            channels,
            trouble,
            has_met,
            is_comparing,
            self._since,
            in_flight,
            self._sent_bytes,
            rate_bytes_s,
        )
        status = describe(facts)
        if status.line is not self._line:
            self._line, self._since = status.line, now
            status = describe(replace(facts, since=now))
        if status != self._status:
            self._status = status
            self._on_status(status)
