"""One connection: asyncio's socket, with little between a body and the line.

A write ends when the kernel has taken its bytes, and the kernel takes only a little more than the line carries (a
killed process leaves little behind, silence is noticed at once); an answer that comes before its body is whole ends the
writing; a body cut short takes its buffers with it, so that a pause is felt within milliseconds; a connection the
caller doubts is never used again unless it spoke since. Thread: the event loop that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
import ssl
import struct
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator

from app.http.answer import AnswerReader
from app.http.faults import Broken, line_fault

DEAD_AFTER_S = 5  # an idle peer that leaves keepalive unanswered
# Sent data nobody acknowledges: the kernel's backstop behind `sync.silence`, which notices in 5 s. Not shorter: a proxy
# with a full buffer keeps its window shut as long as its own line needs, and Linux counts that as silence, too.
ABANDONED_AFTER_S = 20
# What the kernel keeps beyond what is on the line: little on a thin one, where a watched body must show how the line
# goes and a killed process must leave little behind; as much as leaves at once on a fast one.
UNSENT_LEAST = 16 * 1024
UNSENT_MOST = 1024 * 1024
UNSENT_S = 0.02  # of what this connection was seen to carry
MEASURED_LEAST = 128 * 1024  # bytes of one writing that tell the rate: less may lie in buffers
PIECE = 32 * 1024  # of a body between two looks at what the other end says
_LINGER_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing drops what is unsent

Content = bytes | AsyncIterator[bytes]


def options() -> Iterator[tuple[int, int, int]]:
    """Small requests leave at once, the kernel hides little, dead peers are noticed in seconds; where they exist."""
    yield socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    yield socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1
    for name, value in (("TCP_KEEPIDLE", DEAD_AFTER_S), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            yield socket.IPPROTO_TCP, getattr(socket, name), value
    if sys.platform == "linux":
        yield socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, ABANDONED_AFTER_S * 1000
        yield socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_LEAST
    elif sys.platform == "win32":
        yield socket.IPPROTO_TCP, 5, ABANDONED_AFTER_S  # TCP_MAXRT in seconds; Python does not name it


class Connection(asyncio.Protocol):
    """One exchange at a time. `is_doubted`: not to be used again unless it speaks."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._reader: AnswerReader | None = None
        self._broken: Broken | None = None
        self._is_paused = self._is_ended = self._is_writing = self._is_spoilt = False
        self._news = asyncio.Event()
        self._unsent = UNSENT_LEAST
        self.wrote_at = math.inf  # monotonic: when the kernel had the whole request; inf: it never had
        self.is_doubted = False

    # ---- asyncio's side ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream protocol is given
        self._transport = transport
        transport.set_write_buffer_limits(high=0)  # bytes wait here, where they can be counted and dropped

    def data_received(self, data: bytes) -> None:
        self.is_doubted = False
        if self._reader is None or self._broken is not None:
            self._is_spoilt = True  # nobody asked: whatever this is, it is not read on
            self._transport.abort()
            return
        try:
            self._reader.feed(data)
        except Broken as broken:
            self._broken = broken
        if self._broken is not None or self._reader.is_final:
            self._news.set()

    def eof_received(self) -> None:
        self._is_ended = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_ended = True
        if exc is not None and self._broken is None:
            self._broken = Broken(line_fault(exc), f"{type(exc).__name__}: {exc}")
        self._news.set()

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        self._news.set()

    # ---- the caller's side ----

    @property
    def is_usable(self) -> bool:
        """For another request."""
        return not (self._is_ended or self._is_spoilt or self.is_doubted)

    async def exchange(
        self, head: bytes, body: Content, reader: AnswerReader, on_moved: Callable[[], None]
    ) -> None:
        """Until the reader has its answer whole; `on_moved` whenever the kernel took a piece. Raises Broken."""
        self._reader = reader
        self._is_spoilt, self.wrote_at = True, math.inf  # unless it ends well
        await self._send(head, body, on_moved)
        while not reader.is_whole:
            if self._broken is not None:
                raise self._broken
            if self._is_ended:
                reader.end()
                break
            await self._next()
        self._reader = None
        self._is_spoilt = self._is_writing or not reader.may_keep

    async def start_tls(self, context: ssl.SSLContext, server_hostname: str) -> None:
        """Raises OSError."""
        loop = asyncio.get_running_loop()
        transport = await loop.start_tls(self._transport, self, context, server_hostname=server_hostname)
        if transport is None:
            raise ConnectionResetError("the connection ended before TLS began")
        self.connection_made(transport)

    def close(self) -> None:
        """A body that was cut short takes its buffers with it."""
        if not self._is_writing:
            self._transport.close()
            return
        with contextlib.suppress(OSError):
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        self._transport.abort()

    async def _send(self, head: bytes, body: Content, on_moved: Callable[[], None]) -> None:
        """The request, or as much of it as the other end wants."""
        if isinstance(body, bytes):
            await self._write(head, body, on_moved)
            return
        await self._write(head, b"", on_moved)
        async for part in body:
            self._is_writing = True
            if self._is_answered:
                break
            await self._write(b"", part, on_moved)

    async def _write(self, head: bytes, body: bytes, on_moved: Callable[[], None]) -> None:
        """Until the kernel has all of it, or the other end ended or answered meanwhile."""
        started, rest = time.monotonic(), memoryview(body)
        size = PIECE if head else max(PIECE, self._unsent)  # with its head a first piece is copied
        data, rest = head + rest[:size] if head else rest[:size], rest[size:]
        self._is_writing = True
        while data:
            if self._is_answered:
                return
            self._transport.write(data)
            while self._is_paused and not self._is_answered:
                await self._next()
            if body:
                on_moved()
            size = max(PIECE, self._unsent)
            data, rest = rest[:size], rest[size:]
        self._is_writing = self._is_paused
        if self._is_writing:
            return
        self.wrote_at = time.monotonic()
        if len(body) >= MEASURED_LEAST:
            self._keep_unsent(len(body) / max(self.wrote_at - started, 1e-4) * UNSENT_S)

    @property
    def _is_answered(self) -> bool:
        has_answer = self._reader is not None and self._reader.is_final
        return self._is_ended or has_answer or self._broken is not None

    def _keep_unsent(self, wanted: float) -> None:
        """How much the kernel may keep from now on; only a change by half is worth a call."""
        wanted = min(max(UNSENT_LEAST, wanted), UNSENT_MOST)
        if sys.platform != "linux" or 0.5 * self._unsent < wanted < 2 * self._unsent:
            return
        self._unsent = int(wanted)
        with contextlib.suppress(OSError):  # the other end is gone: the next write says so
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, self._unsent)

    async def _next(self) -> None:
        self._news.clear()
        await self._news.wait()
