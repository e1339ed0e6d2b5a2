"""What every API call passes: token, pause, health, admission, a worker. Long work never runs on the event loop.

`hello` and refusals do not queue. Work whose client has left is dropped before it begins. Thread: the event loop;
`work` runs in the door's own worker threads (each keeps its database connection).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from sync.central import accounts, anchor, feed
from sync.central.accounts import Caller
from sync.central.admission import Admission
from sync.central.centre import Centre
from sync.central.database import newest_receipt
from sync.central.driver import Connection
from sync.central.overload import Illness, Overload
from sync.central.refusal import Refused
from sync.wire import ANCHOR, EPOCH, FEED_HEAD

T = TypeVar("T")
EXTRA_THREADS = 8  # for tokens, pages of the site and the console, beside the workers


class Door:
    """One per centre."""

    def __init__(self, centre: Centre, overload: Overload) -> None:
        self.centre = centre
        self.overload = overload
        workers = max(1, centre.settings.workers)
        self._admission = Admission(workers)
        self._slots = asyncio.Semaphore(workers)
        self._threads = ThreadPoolExecutor(workers + EXTRA_THREADS, "centre")

    async def run(self, work: Callable[[], T]) -> T:
        """Blocking work in a worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def caller(self, request: Request) -> tuple[Caller, dict[str, str]]:
        """The device behind the token and the headers every answer to it carries. Raises Refused (401, 403)."""
        authorization = request.headers.get("authorization", "")

        def look() -> tuple[Caller, dict[str, str]]:
            with self.centre.db.read() as con:
                who = accounts.caller(con, self.centre, authorization)
                return who, news(con, self.centre, who)

        return await self.run(look)

    def check_pause(self, lane: str) -> None:
        """Raises Refused (503) while the nation is paused for this class."""
        pause = self.overload.pause()
        if pause is not None and lane in pause.classes:
            raise Refused(
                503,
                "paused",
                f"KPU RI menghentikan sementara penerimaan. {pause.reason}".strip(),
                retryable=True,
                retry_after_s=max(1.0, pause.for_s),
            )

    async def through(self, request: Request, kind: str, items: int, work: Callable[[], T]) -> T:
        """Queue for a worker and do `work`. Raises Refused (429, 500, 503) or ClientDisconnect."""
        fate = self.overload.fate()
        if fate.illness is Illness.BUSY:
            raise self._busy()
        after_s = self._admission.ask(kind, items, monotonic())
        if after_s is not None:
            raise Refused(429, "busy", "Server pusat penuh.", retryable=True, retry_after_s=after_s)
        took_s: float | None = None
        try:
            async with self._slots:
                if await request.is_disconnected():
                    raise ClientDisconnect
                began = monotonic()
                result = await self._work(fate.illness, fate.delay_s, work)
                took_s = monotonic() - began
                return result
        finally:
            self._admission.done(kind, items, took_s)

    async def beside(self, work: Callable[[], T]) -> T:
        """The same ill health without a place in the queue: scans come at the speed of their line, not of a worker."""
        fate = self.overload.fate()
        if fate.illness is Illness.BUSY:
            raise self._busy()
        return await self._work(fate.illness, fate.delay_s, work)

    async def _work(self, illness: Illness, delay_s: float, work: Callable[[], T]) -> T:
        if delay_s:
            await asyncio.sleep(delay_s)
        if illness is Illness.ILL_BEFORE:
            raise _ill()
        result = await self.run(work)
        if illness is Illness.ILL_AFTER:
            raise _ill()
        return result

    def _busy(self) -> Refused:
        return Refused(
            503,
            "overloaded",
            "Server pusat kelebihan beban.",
            retryable=True,
            retry_after_s=self.overload.retry_after_s(),
        )

    def close(self) -> None:
        """Wait for the workers and end them."""
        self._threads.shutdown(wait=True)


def news(con: Connection, centre: Centre, who: Caller) -> dict[str, str]:
    """What a device is told with every answer: its district's newest event, its own journal's anchor, and whether this
    is still the centre it was (a restored one has another epoch, or gives numbers once more)."""
    anchored = anchor.told(con, who.device)
    told = {FEED_HEAD: str(feed.head(con, who.district))} | standing(con, centre)
    return told | ({ANCHOR: anchored} if anchored else {})


def standing(con: Connection, centre: Centre) -> dict[str, str]:
    """The epoch and the number of the newest receipt."""
    return {EPOCH: f"{centre.db.epoch} {newest_receipt(con)}"}


def _ill() -> Refused:
    return Refused(500, "ill", "Server pusat gagal menjawab.", retryable=True)
