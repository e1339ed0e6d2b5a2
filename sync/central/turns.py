"""Turns at an upload: one request at a time works on it, and a newer one of the same device ends an older one.

A PC that lost power or a line that died says nothing any more, and its request would hold the upload until the socket
dies. So whoever comes later tells it to end; it keeps what came and leaves, and only then the newcomer begins. An older
one that still waits for its turn does not get it. Thread: the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sync.central.refusal import Refused

# How long a newcomer waits for the older one to write what it has and leave, or to check a whole file. Below the five
# seconds after which our client would ask once more.
YIELD_S = 3.0
_CLOSE = {"Connection": "close"}  # what still comes of a body nobody waits for must not be read as a request


class Turn:
    """One request's turn."""

    def __init__(self) -> None:
        self.is_over = False
        self._waiting: asyncio.Timeout | None = None

    def end(self) -> None:
        """A newer request has come: nothing more is taken from this one's body, and its wait ends now."""
        self.is_over = True
        if self._waiting is not None and not self._waiting.expired():
            self._waiting.reschedule(0.0)

    async def next_of(self, body: AsyncIterator[bytes], idle_s: float) -> bytes | None:
        """The next piece of the body, None at its end.

        Raises Refused: 423 when the turn is over, 408 when nothing came for `idle_s`.
        """
        if self.is_over:
            raise locked()
        try:
            async with asyncio.timeout(idle_s) as self._waiting:
                return await anext(body, None)
        except TimeoutError:
            raise self._why_it_ended() from None
        finally:
            self._waiting = None

    def _why_it_ended(self) -> Refused:
        return locked() if self.is_over else _silent()


@dataclass(slots=True)
class _Line:
    """Those who want one upload; the lock lets them in one by one, in the order they came."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: Turn = field(default_factory=Turn)
    requests: int = 0


class Turns:
    """All uploads' turns."""

    def __init__(self, yield_s: float = YIELD_S) -> None:
        self._yield_s = yield_s
        self._lines: dict[Hashable, _Line] = {}

    @asynccontextmanager
    async def take(self, upload: Hashable) -> AsyncIterator[Turn]:
        """This upload is ours alone until the block ends.

        Raises Refused (423) when the older request did not leave in time, or a newer one came while we waited.
        """
        line = self._lines.setdefault(upload, _Line())
        line.newest.end()
        turn = line.newest = Turn()
        line.requests += 1
        try:
            try:
                async with asyncio.timeout(self._yield_s):
                    await line.lock.acquire()
            except TimeoutError:
                raise locked() from None
            try:
                if turn.is_over:
                    raise locked()
                yield turn
            finally:
                line.lock.release()
        finally:
            line.requests -= 1
            if not line.requests:
                del self._lines[upload]


def locked() -> Refused:
    return Refused(
        423,
        "locked",
        "Unggahan ini dipegang permintaan lain dari perangkat ini.",
        retryable=True,
        retry_after_s=2,
        headers=_CLOSE,
    )


def _silent() -> Refused:
    return Refused(
        408,
        "silent",
        "Kiriman terhenti di tengah jalan; yang sudah sampai disimpan.",
        retryable=True,
        headers=_CLOSE,
    )
