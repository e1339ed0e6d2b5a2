"""Places on the line: how many bodies travel at once, and whose turn it is. Thread: one event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

from app.ports import ChannelState
from sync import gate


class Places:
    """`async with` it around one body: entered when a place is free.

    `most`: bodies at once, at least one goes. `on_room`: another transfer may begin.
    """

    def __init__(self, most: Callable[[], int], on_room: Callable[[], None]) -> None:
        self._most, self._on_room = most, on_room
        self._ended = asyncio.Event()
        self.bodies = 0  # under way
        self.in_doubt = 0  # of them, those whose connection is doubted: others may use the line meanwhile

    async def __aenter__(self) -> None:
        while self.bodies - self.in_doubt >= max(1, self._most()):
            self._ended.clear()
            await self._ended.wait()
        self.bodies += 1
        if self.bodies >= self._most():
            self._on_room()  # the next creation may go ahead

    async def __aexit__(self, *_: object) -> None:
        self.bodies -= 1
        self._ended.set()

    def taken(self, transfers: int, lane: ChannelState, now: float) -> int:
        """Of the lane's places. Half of the transfers may be in doubt; and while bodies keep a thin line busy in every
        place, one more may create its upload, so that the line never waits for an answer."""
        ahead = gate.is_line_bound(lane, now) and self.bodies >= int(lane.limit)
        return max(0, transfers - min(self.in_doubt, transfers // 2) - ahead)

    @contextlib.contextmanager
    def doubt(self) -> Iterator[None]:
        """A connection is silent: its place is free for another transfer until the question is answered."""
        self.in_doubt += 1
        self._ended.set()
        self._on_room()
        try:
            yield
        finally:
            self.in_doubt -= 1
