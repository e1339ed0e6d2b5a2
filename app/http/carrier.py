"""Requests and bodies over connections of our own: what transfers use directly, and API calls through httpx.

Invariants: HTTPS everywhere but on loopback; the system's trust store (offices have proxy CAs); no redirects; every
request has a total deadline (the library has none); a reply's decompressed size is capped. Thread: the event loop that
made it.
"""

from __future__ import annotations

import asyncio
import math
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpcore

from app.http.address import check_address, is_loopback, system_proxy, system_trust
from app.http.faults import EXPECTED, fault_of
from app.http.network import Network, Stream
from app.http.reply import Body, LinkError, LinkFault, Reply, held_s

CONNECT_S = 10.0
SLICE = 32 * 1024  # of a watched body: the kernel takes it, then `on_moved` is told
REPLY_CAP = 8 * 1024 * 1024  # decompressed bytes
KEPT_OPEN = 16
KEPT_OPEN_S = 30.0  # below the idle limit of common servers and proxies
USER_AGENT = "situng-luring/1"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})  # an empty one says so


class Opened(Protocol):
    """An answer whose head has come."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Iterable[tuple[bytes, bytes]]: ...

    @property
    def extensions(self) -> Mapping[str, Any]:
        """httpcore's; `network_stream` is the connection."""
        ...

    def aiter_stream(self) -> AsyncIterator[bytes]: ...


class Open(Protocol):
    """Sends a request over one of the carrier's pools; the answer is open while entered."""

    def __call__(
        self,
        pool: httpcore.AsyncConnectionPool,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterator[bytes],
        connect_s: float,
    ) -> AbstractAsyncContextManager[Opened]: ...


def bare(
    pool: httpcore.AsyncConnectionPool,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | AsyncIterator[bytes],
    connect_s: float,
) -> AbstractAsyncContextManager[Opened]:
    """Nothing between the caller and the connection."""
    connecting = {"timeout": {"connect": connect_s}}
    return pool.stream(method, url, headers=list(headers.items()), content=content, extensions=connecting)


class Carrier:
    """Requests to one server. Make and close it inside the event loop that uses it."""

    def __init__(self, base_url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.base_url = check_address(base_url)
        self._monotonic = monotonic
        parts = urlsplit(self.base_url)
        proxy = None if is_loopback(parts.hostname or "") else system_proxy(self.base_url)
        # An empty context costs nothing and trusts nobody: right for loopback, where no TLS is spoken.
        trust = system_trust() if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._network = Network()
        self._kept, self._fresh = (
            httpcore.AsyncConnectionPool(
                ssl_context=trust,
                proxy=proxy,
                max_connections=None,
                max_keepalive_connections=kept,
                keepalive_expiry=KEPT_OPEN_S,
                network_backend=self._network,
            )
            for kept in (KEPT_OPEN, 0)
        )

    async def send(  # noqa: PLR0913 - a request has so many sides
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body = b"",
        total_s: float,
        cap: int = REPLY_CAP,
        is_fresh: bool = False,
        on_moved: Callable[[], None] | None = None,
        opened: Open = bare,
    ) -> Reply | LinkError:
        """One request. `path` is below the base address, or a whole URL of the same server.

        `is_fresh`: on a connection of its own. `on_moved` is told whenever the kernel has taken a piece of the body.
        What a body is held back on purpose counts neither to the deadline nor to `took_s`.
        """
        url = path if "://" in path else self.base_url + path
        started, written_from = self._monotonic(), time.monotonic()
        sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **(headers or {})}
        if body or method in _WITH_BODY:
            # Without it the library would send chunks, which tus servers refuse.
            sent["Content-Length"] = str(len(body))
        held_before_s = held_s(body)
        pool = self._fresh if is_fresh else self._kept
        try:
            async with asyncio.timeout(total_s) as deadline:
                plain = body if isinstance(body, bytes) and on_moved is None else None
                data = plain if plain is not None else _parts(body, deadline, on_moved or (lambda: None))
                async with opened(pool, method, url, sent, data, min(CONNECT_S, total_s)) as answer:
                    lower = _lower(answer.headers)
                    content = await _read(answer, lower.get("content-encoding", ""), cap)
        except TimeoutError:
            return self._error(LinkFault.DEADLINE, "total deadline", started)
        except EXPECTED as error:
            return self._error(fault_of(error), f"{type(error).__name__}: {error}", started)
        if content is None:
            return self._error(LinkFault.TOO_BIG, f"more than {cap} bytes", started)
        took_s = self._monotonic() - started - (held_s(body) - held_before_s)
        return Reply(answer.status, lower, content, took_s, url, _sent_s(answer, written_from))

    def distrust(self) -> None:
        """A kept connection was found dead: the others are no better. Running requests keep theirs to their end."""
        self._network.distrust()

    async def close(self) -> None:
        await self._kept.aclose()
        await self._fresh.aclose()

    def _error(self, fault: LinkFault, text: str, started: float) -> LinkError:
        return LinkError(fault, text, self._monotonic() - started)


async def _parts(body: Body, deadline: asyncio.Timeout, on_moved: Callable[[], None]) -> AsyncIterator[bytes]:
    """The body in pieces; each wait on purpose moves the deadline, each piece the kernel took is told."""
    known_s = held_s(body)
    async for part in _slices(body) if isinstance(body, bytes) else body:
        more_s, known_s = held_s(body) - known_s, held_s(body)
        ends_at = deadline.when()
        if more_s > 0 and ends_at is not None:
            deadline.reschedule(ends_at + more_s)
        yield part
        on_moved()


async def _slices(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), SLICE):
        yield body[start : start + SLICE]


def _sent_s(answer: Opened, started: float) -> float:
    stream = answer.extensions.get("network_stream")
    return stream.wrote_at - started if isinstance(stream, Stream) else math.inf


def _lower(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case; what came twice is joined, as RFC 9110 allows."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _read(answer: Opened, encoding: str, cap: int) -> bytes | None:
    """The decompressed body; None when it grows past `cap`. Raises RemoteProtocolError."""
    is_packed = encoding.lower() == "gzip"  # nothing else was asked for
    unpacker = zlib.decompressobj(wbits=31) if is_packed else None
    body = bytearray()
    async for part in answer.aiter_stream():
        try:
            body += part if unpacker is None else unpacker.decompress(part, cap + 1 - len(body))
        except zlib.error as error:
            raise httpcore.RemoteProtocolError(str(error)) from error
        if len(body) > cap:
            return None
    if unpacker is not None and body and not unpacker.eof:
        raise httpcore.RemoteProtocolError("the packed body ends too early")
    return bytes(body)
