"""When a request has been silent too long: progress is what the kernel took, doubt is asked for on another connection.

A dead connection says nothing, and its kernel goes on taking bytes for a while; every peer we know waits for minutes.
Here a request that moved nothing for a few seconds is doubted, and only an answer on a *new* connection decides: a
server that is merely slow keeps its connection. Thread: one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from sync import policy as p
from sync.outcome import Answer, Failed

T = TypeVar("T")
STILL_S = 1.0  # an offset that does not move for so long after the doubt: nothing is on its way any more
_TICK_S = 0.001
_HIDDEN = 256 * 1024  # bytes a kernel may hold that the line has not carried


class Quiet:
    """How long this server's answers usually let us wait after the last byte moved. Shared by all transfers."""

    def __init__(self, least_s: float) -> None:
        self._least_s = least_s
        self._gaps: deque[float] = deque(maxlen=p.LATENCIES_KEPT)

    def note(self, answer: Answer[T] | Failed, gap_s: float) -> None:
        """What a request came to, so long after its last byte moved. A refusal is an answer; a dead line gives none."""
        if isinstance(answer, Answer) or not answer.fault:
            self._gaps.append(gap_s)

    def limit_s(self, size: int = 0, rate: float = 1.0) -> float:
        """Silence beyond which a request with `size` bytes of body, at `rate` bytes/s, is doubted."""
        slowest = max(self._gaps, default=min(size, _HIDDEN) / rate)  # of twenty: about their 95th percentile
        return max(self._least_s, 2 * slowest)


class Watch:
    """One request's movement: bytes of its body into the kernel, and then nothing until the answer.

    `held_s`: seconds the body was held back on purpose so far. Waiting for its turn under a limit is no silence.
    """

    def __init__(self, monotonic: Callable[[], float], held_s: Callable[[], float] = lambda: 0.0) -> None:
        self._monotonic, self._held_s = monotonic, held_s
        self._started_at = self._moved_at = self._doubted_at = monotonic()
        self._held_first_s = self._held_before_s = held_s()

    def moved(self) -> None:
        self._moved_at, self._held_before_s = self._monotonic(), self._held_s()

    def doubted(self) -> None:
        """Somebody asked beside: the next doubt is as far away again. What was silent has been silent all the same."""
        self._doubted_at = self._monotonic()

    @property
    def silent_s(self) -> float:
        """Since the last byte moved."""
        held_s = self._held_s() - self._held_before_s
        return max(0.0, self._monotonic() - self._moved_at - held_s)

    @property
    def took_s(self) -> float:
        """So far, with nothing of what the body was held back."""
        return self._monotonic() - self._started_at - (self._held_s() - self._held_first_s)

    @property
    def is_line_bound(self) -> bool:
        """The body took longer to leave than its answer to come: more requests at once would carry no more."""
        return self._moved_at - self._started_at > self.silent_s

    async def wait(self, tasks: Collection[asyncio.Future[T]], limit_s: float) -> bool:
        """Until one of the tasks ends (True), or nothing has moved for `limit_s` since the last doubt (False)."""
        while not any(task.done() for task in tasks):
            left_s = limit_s - min(self.silent_s, self._monotonic() - self._doubted_at)
            if left_s <= 0:
                return False
            # Never less than a clock can tell: a wait that moves no time would be repeated for ever.
            await asyncio.wait(tasks, timeout=max(left_s, _TICK_S), return_when=asyncio.FIRST_COMPLETED)
        return True


async def insist(
    call: Callable[[bool], Awaitable[Answer[T] | Failed]],
    monotonic: Callable[[], float],
    quiet: Quiet,
    *,
    is_fresh: bool = False,
) -> tuple[Answer[T] | Failed, bool]:
    """A request without a body, asked again on a new connection whenever all before were silent too long.

    The first one that ends counts; True when it was not the first: that connection is dead. What is learnt is the whole
    time of the one that was answered: counted from the last repeat, a server that takes twelve seconds would look like
    one that takes two, and be asked three times for ever.
    """
    newest = Watch(monotonic)
    tries = {asyncio.ensure_future(call(is_fresh)): newest}
    try:
        while not await newest.wait(tries, quiet.limit_s()):
            newest = Watch(monotonic)
            tries[asyncio.ensure_future(call(True))] = newest
        at, ended = next((at, task) for at, task in enumerate(tries) if task.done())
        quiet.note(ended.result(), tries[ended].silent_s)
        return ended.result(), at > 0
    finally:
        for task in tries:
            task.cancel()
