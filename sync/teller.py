"""Tells whoever listens how the line is, whenever that changed; counts what the centre accepted. Thread: event loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from app.domain.sending import Left
from app.ports import ChannelState, Clock, Lane, LineState, LineTurn, SyncStatus
from sync.line import LineBook
from sync.progress import Meter, after_accepting
from sync.sentences import Facts, describe, line_of

COUNT_EVERY_S = 5.0  # of what is left: the whole queue is read for it


class Teller:
    """One per engine run."""

    def __init__(self, clock: Clock, on_status: Callable[[SyncStatus], None]) -> None:
        self._clock, self._on_status = clock, on_status
        self._meter = Meter()
        self._left, self._counted_at = Left(), -math.inf
        self._line: LineState | None = None
        self._since = clock.now()
        self._status: SyncStatus | None = None
        self._turns: list[LineTurn] = []

    def accepted(self, size: int) -> None:
        """Bytes of scans the centre confirmed."""
        self._meter.accepted(size, self._clock.monotonic())
        self._left = after_accepting(self._left, size)

    @property
    def left(self) -> Left:
        """As counted last, less what was accepted since."""
        return self._left

    @property
    def rate(self) -> float:
        """Accepted bytes per second; 0 = not known."""
        return self._meter.rate(self._clock.monotonic())

    @property
    def wants_count(self) -> bool:
        """Time to count again what is left."""
        return self._clock.monotonic() - self._counted_at >= COUNT_EVERY_S

    def count_anew(self) -> None:
        """What is left is another sum from now on."""
        self._counted_at = -math.inf

    def counted(self, left: Left | None) -> None:
        """What the store says is left; None = not counted this time."""
        if left is None:
            return
        self._left, self._counted_at = left, self._clock.monotonic()

    def turns(self, *, is_last: bool = False) -> list[LineTurn]:
        """How the line turned since this was asked last, to be written down; `is_last`: the engine ends now."""
        turns, self._turns = self._turns, []
        return [*turns, LineTurn(self._clock.now(), None)] if is_last else turns

    def tell(
        self,
        channels: Mapping[Lane, ChannelState],
        line: LineBook,
        in_flight: int,
        images_open_at: float | None,
    ) -> None:
        """Status to the listener, when it is another one than the last."""
        now = self._clock.now()
        facts = Facts(
            now,
            channels,
            line.trouble,
            line.has_met,
            line.is_comparing,
            self._since,
            in_flight,
            self._meter.total,
            self.rate,
            self._left,
            images_open_at,
        )
        status = describe(facts)
        if status.line is not self._line:
            self._line, self._since = status.line, now
            self._turns.append(LineTurn(now, status.line, line_of(facts)[1]))
            status = describe(replace(facts, since=now))
        if status != self._status:
            self._status = status
            self._on_status(status)
