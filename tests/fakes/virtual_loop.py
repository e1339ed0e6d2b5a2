"""An event loop whose clock jumps to the next thing that is due: hours pass in no time, in the right order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Nothing outside it may be waited for: no sockets, no threads."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]  # of asyncio.BaseEventLoop
        due = [one.when() for one in scheduled if not one.cancelled()]
        if not ready and due:
            self.now = max(self.now, min(due))
        super()._run_once()  # type: ignore[misc]  # as above


async def passes(seconds: float) -> None:
    """So much virtual time."""
    await asyncio.sleep(seconds)


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result; no real time passes."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
