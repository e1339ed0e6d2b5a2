"""A limited body over a real socket: framed by its length, unhurried by deadlines, freed and cancelled at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from app.http.carrier import Carrier
from app.http.reply import LinkError, LinkFault, Reply
from sync.bandwidth import Limiter, PacedBody


class Sink:
    """Takes one request a connection, counts its body, answers 204."""

    def __init__(self) -> None:
        self.head = b""
        self.took = 0
        self.moved = asyncio.Event()
        self.answers = True
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await self._take(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self.ended.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.head = await reader.readuntil(b"\r\n\r\n")
        while self.took < self.length and (part := await reader.read(65_536)):
            self.took += len(part)
            self.moved.set()
        if self.answers and self.took == self.length:
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()
        elif not self.answers:
            await reader.read()  # silent until the other end gives up

    @property
    def length(self) -> int:
        lines = self.head.decode().lower().split("\r\n")
        return next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))


@asynccontextmanager
async def sink() -> AsyncIterator[tuple[Sink, Carrier]]:
    taker = Sink()
    server = await asyncio.start_server(taker.serve, "127.0.0.1", 0)
    http = Carrier(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield taker, http
    finally:
        await http.close()
        await taker.ended.wait()
        server.close()


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


def limited(size: int, limit: float | None) -> tuple[Limiter, PacedBody]:
    limiter = Limiter(time.monotonic, limit)
    return limiter, PacedBody(bytes(size), limiter, time.monotonic)


def test_the_limit_is_kept_and_neither_deadline_nor_rate_takes_it_for_the_line() -> None:
    async def story() -> None:
        async with sink() as (taker, http):
            _, body = limited(100_000, 100_000.0)
            started = time.monotonic()
            reply = await http.send("PATCH", "/x", body=body, total_s=0.5)
            elapsed = time.monotonic() - started
            assert isinstance(reply, Reply)
            assert reply.status == 204
            assert taker.took == 100_000
            assert b"transfer-encoding" not in taker.head.lower()
            assert elapsed >= 0.85
            assert reply.took_s < elapsed / 2

    run(story)


def test_silence_is_still_silence_after_a_limited_body() -> None:
    async def story() -> None:
        async with sink() as (taker, http):
            taker.answers = False
            _, body = limited(20_000, 100_000.0)
            reply = await http.send("PATCH", "/x", body=body, total_s=0.3)
            assert isinstance(reply, LinkError)
            assert reply.fault is LinkFault.DEADLINE

    run(story)


def test_a_lifted_limit_frees_a_body_in_the_middle() -> None:
    async def story() -> None:
        async with sink() as (taker, http):
            limiter, body = limited(2_000_000, 8_000.0)  # four minutes of it
            task = asyncio.create_task(http.send("PATCH", "/x", body=body, total_s=5.0))
            await taker.moved.wait()
            started = time.monotonic()
            limiter.set_limit(None)
            assert isinstance(await task, Reply)
            assert time.monotonic() - started < 2.0

    run(story)


def test_a_body_that_waits_is_cancelled_at_once() -> None:
    async def story() -> None:
        async with sink() as (taker, http):
            _, body = limited(2_000_000, 8_000.0)
            task = asyncio.create_task(http.send("PATCH", "/x", body=body, total_s=5.0))
            await taker.moved.wait()
            started = time.monotonic()
            task.cancel()
            await asyncio.wait({task})
            took_s = time.monotonic() - started
            print(f"cancelled in {took_s * 1000:.1f} ms")
            assert task.cancelled()
            assert took_s < 0.1

    run(story)
