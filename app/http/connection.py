"""One connection: asyncio's socket, with little between a body and the line.

A write ends when the kernel has taken its bytes, and the kernel takes only a little more than the line carries (a
killed process leaves little behind, silence is noticed at once); an answer that comes before its body is whole ends the
writing; a body cut short takes its buffers with it, so that a pause is felt within milliseconds; a connection the
caller doubts is never used again unless it spoke since. Under TLS the socket beneath is watched, too: TLS takes
whatever it is given, and the line has carried none of it yet. Thread: the event loop that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import select
import socket
import ssl
import struct
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

from app.http.answer import AnswerReader
from app.http.faults import Broken, line_fault

if TYPE_CHECKING:
    from typing_extensions import Buffer

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
        self._transport: asyncio.Transport  # what is written to: the socket's, or TLS over it
        self._raw: asyncio.Transport
        self._poll: select.poll | None = None  # of the socket; None: this system has none
        self._reader: AnswerReader | None = None
        self._broken: Broken | None = None
        self._is_full = self._is_line_full = False  # what is written to; the socket beneath TLS
        self._is_ended = self._is_writing = self._is_spoilt = False
        self._news = asyncio.Event()
        self._unsent = UNSENT_LEAST
        self.wrote_at = math.inf  # monotonic: when the kernel had the whole request; inf: it never had
        self.is_doubted = False

    # ---- asyncio's side ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream protocol is given
        self._transport = self._raw = transport
        transport.set_write_buffer_limits(high=0)  # bytes wait here, where they can be counted and dropped
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(transport.get_extra_info("socket"), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        self.is_doubted = False
        if self._reader is None or self._broken is not None:
            self._is_spoilt = True  # nobody asked: whatever this is, it is not read on
            self._raw.abort()
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
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._news.set()

    def line_is_full(self, is_full: bool) -> None:
        """Of the socket beneath TLS."""
        self._is_line_full = is_full
        self._news.set()

    # ---- the caller's side ----

    @property
    def is_usable(self) -> bool:
        """For another request, as far as the loop has read."""
        return not (self._is_ended or self._is_spoilt or self.is_doubted)

    async def is_quiet(self) -> bool:
        """Nothing has come that the loop has not read yet: it would be taken for the answer to the next request."""
        if self._poll is not None:
            return self.is_usable and not self._poll.poll(0)
        for _ in range(2):  # what Windows has received already comes out in the next round
            await asyncio.sleep(0)
        return self.is_usable

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
        loop, raw = asyncio.get_running_loop(), self._transport
        transport = await loop.start_tls(raw, self, context, server_hostname=server_hostname)
        if transport is None:
            raise ConnectionResetError("the connection ended before TLS began")
        # asyncio's TLS calls itself full at its limit, its sockets only beyond it: with 0 it would be full for ever.
        transport.set_write_buffer_limits(high=1, low=0)
        self._transport = transport
        raw.set_protocol(_BeneathTls(raw.get_protocol(), self))

    def close(self) -> None:
        """At once: TLS would wait for the other end's goodbye. A body that was cut short takes its buffers with it."""
        if self._is_writing:
            with contextlib.suppress(OSError):
                sock = self._raw.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        self._raw.abort()

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
            while self._is_held and not self._is_answered:
                await self._next()
            if body:
                on_moved()
            size = max(PIECE, self._unsent)
            data, rest = rest[:size], rest[size:]
        self._is_writing = self._is_held
        if self._is_writing:
            return
        self.wrote_at = time.monotonic()
        if len(body) >= MEASURED_LEAST:
            self._keep_unsent(len(body) / max(self.wrote_at - started, 1e-4) * UNSENT_S)

    @property
    def _is_held(self) -> bool:
        """The kernel has not taken all yet."""
        return self._is_full or self._is_line_full

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
            sock = self._raw.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, self._unsent)

    async def _next(self) -> None:
        self._news.clear()
        await self._news.wait()


class _BeneathTls(asyncio.BufferedProtocol):
    """Stands between a socket and asyncio's TLS, and tells the connection when the kernel takes no more."""

    def __init__(self, tls: asyncio.BaseProtocol, connection: Connection) -> None:
        assert isinstance(tls, asyncio.BufferedProtocol)  # noqa: S101 - what asyncio's TLS is
        self._tls, self._connection = tls, connection

    def get_buffer(self, sizehint: int) -> Buffer:
        return self._tls.get_buffer(sizehint)

    def buffer_updated(self, nbytes: int) -> None:
        self._tls.buffer_updated(nbytes)

    def eof_received(self) -> bool | None:
        return self._tls.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tls.connection_lost(exc)

    def pause_writing(self) -> None:
        self._tls.pause_writing()
        self._connection.line_is_full(True)

    def resume_writing(self) -> None:
        self._tls.resume_writing()
        self._connection.line_is_full(False)
