"""The sockets beneath the HTTP library: asyncio's, with little between a body and the line.

httpcore's own backend hides what a transfer must know. Here a write ends when the kernel has taken its bytes, and the
kernel takes only a little more than the line carries (a killed process leaves little behind, silence is noticed at
once); an answer that comes before its body is whole ends the writing; a body cut short takes its buffers with it, so
that a pause is felt within milliseconds; a connection the caller doubts is never used again unless it spoke since.
Thread: the event loop that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import ssl
import struct
import sys
import time
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore

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
PIECE = 64 * 1024  # of a body between two looks at what the other end says
_EYEBALLS_S = 0.25  # before the other address family is tried beside (RFC 8305)
_LINGER_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing drops what is unsent

if importlib.util.find_spec("sniffio") is None:
    # httpcore looks for it at every lock; what is known to be missing is not searched again (a third of a request).
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # the language's own mark for "not there"


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


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. httpcore reads or writes, never both at once."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._received = bytearray()
        self._is_paused = self._is_ended = self._is_writing = False
        self._error: Exception | None = None
        self._news = asyncio.Event()
        self._unsent = UNSENT_LEAST
        self.wrote_at = 0.0  # monotonic: the end of the last writing
        self.is_doubted = False

    # ---- asyncio's side ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream protocol is given
        self._transport = transport
        transport.set_write_buffer_limits(high=0)  # bytes wait here, where they can be counted and dropped

    def data_received(self, data: bytes) -> None:
        self._received += data
        self.is_doubted = False
        self._news.set()

    def eof_received(self) -> None:
        self._is_ended = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_ended, self._error = True, exc
        self._news.set()

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        self._news.set()

    # ---- httpcore's side; its time-outs are not needed: every request has a total one ----

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - above
        while not self._received and not self._is_ended:
            await self._next()
        if not self._received and self._error is not None:
            raise httpcore.ReadError(str(self._error)) from self._error
        data = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - above
        """Until the kernel has all of it. WriteError when the other end ends or answers meanwhile."""
        rest, piece, started = memoryview(buffer), max(PIECE, self._unsent), time.monotonic()
        self._is_writing = True
        while rest:
            if self._received or self._is_ended:
                raise httpcore.WriteError("the other end spoke first") from self._error
            self._transport.write(rest[:piece])
            rest = rest[piece:]
            while self._is_paused and not self._received and not self._is_ended:
                await self._next()
        self._is_writing, self.wrote_at = self._is_paused, time.monotonic()
        if len(buffer) >= MEASURED_LEAST:
            self._keep_unsent(len(buffer) / max(self.wrote_at - started, 1e-4) * UNSENT_S)

    async def aclose(self) -> None:
        if self._is_writing:
            with contextlib.suppress(OSError):
                sock = self._transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
            self._transport.abort()
        else:
            self._transport.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                loop = asyncio.get_running_loop()
                transport = await loop.start_tls(
                    self._transport, self, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if transport is None:
            raise httpcore.ConnectError("the connection ended before TLS began")
        self.connection_made(transport)
        return self

    def get_extra_info(self, info: str) -> Any:
        """httpcore drops an idle connection that says it is readable."""
        if info == "is_readable":
            return bool(self._received) or self._is_ended or self.is_doubted
        return self._transport.get_extra_info(
            {"ssl_object": "ssl_object", "socket": "socket"}.get(info, info)
        )

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


def _is_name(host: str) -> bool:
    """Of a host that may have several addresses; asyncio's race among them loses a socket when it is cancelled."""
    return not (":" in host or host.replace(".", "").isdigit())


class Network(httpcore.AsyncNetworkBackend):
    """Opens the connections of one client, and may distrust them all."""

    def __init__(self) -> None:
        self._streams: weakref.WeakSet[Stream] = weakref.WeakSet()

    def distrust(self) -> None:
        """One was found dead: no connection of before is used again, unless it speaks after all."""
        for stream in self._streams:
            stream.is_doubted = True

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002 - the same
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - the same; ours are always the same
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                transport, stream = await asyncio.get_running_loop().create_connection(
                    Stream, host, port, happy_eyeballs_delay=_EYEBALLS_S if _is_name(host) else None
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        sock = transport.get_extra_info("socket")
        for level, option, value in options():
            sock.setsockopt(level, option, value)
        self._streams.add(stream)
        return stream
