"""The one place that imports httpx: requests out, replies or named faults back, never an exception for the expected.

Invariants: HTTPS everywhere but on loopback; the system's trust store (offices have proxy CAs); no redirects; every
request has a total deadline (httpx has none); a reply's decompressed size is capped. A dead connection is noticed by
the kernel: unacknowledged data within seconds, idle peers by keepalive. Thread: the event loop that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
import ssl
import sys
import time
import urllib.request
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import httpx

from app.errors import BadInput

CONNECT_S = 10.0
DEAD_AFTER_S = 5  # an idle peer that leaves keepalive unanswered
# Sent data nobody acknowledges: the kernel's backstop behind `sync.silence`, which notices in 5 s. Not shorter: a proxy
# with a full buffer keeps its window shut as long as its own line needs, and Linux counts that as silence, too.
ABANDONED_AFTER_S = 20
UNSENT_MOST = (
    16 * 1024
)  # bytes the kernel takes beyond what is on the line: a watched body shows how the line goes
SLICE = 32 * 1024  # of a watched body: the kernel takes it, then `on_moved` is told
REPLY_CAP = 8 * 1024 * 1024  # decompressed bytes
KEPT_OPEN = 16
KEPT_OPEN_S = 30.0  # below the idle limit of common servers and proxies


class LinkFault(StrEnum):
    """Why there was no reply."""

    NO_NAME = "no_name"
    REFUSED = "refused"
    RESET = "reset"
    SILENT = "silent"  # connecting, sending or reading stood still
    DEADLINE = "deadline"  # the total deadline passed
    CERTIFICATE = "certificate"
    NOT_HTTP = "not_http"
    TOO_BIG = "too_big"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took_s: float
    url: str


@dataclass(frozen=True, slots=True)
class LinkError:
    """No whole answer came; whether the other end took the request is unknown unless nothing was connected."""

    fault: LinkFault
    text: str
    took_s: float


class SlowBody(Protocol):
    """A body that leaves in parts when it may; what it waits for on purpose is no time of the line's."""

    def __len__(self) -> int: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    @property
    def held_s(self) -> float:
        """Seconds waited on purpose so far."""
        ...


Body = bytes | SlowBody


def held_s(body: Body) -> float:
    """Seconds a body was held back on purpose."""
    return 0.0 if isinstance(body, bytes) else body.held_s


def is_loopback(host: str) -> bool:
    """True for localhost and 127.0.0.0/8, ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(url: str) -> str:
    """The address without a trailing slash. Raises BadInput unless it is https, or plain http to this PC itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not host or not is_allowed or parts.username is not None or parts.query or parts.fragment:
        raise BadInput(
            f"Alamat server tidak dapat dipakai: {url!r}.",
            hint="Alamat harus dimulai dengan https:// (http:// hanya untuk PC ini sendiri).",
            code="bad_address",
        )
    return url.rstrip("/")


def same_place(url: str, location: str, under: str) -> str | None:
    """`location` resolved against `url` when it has the same origin and lies under the path of `under`, else None."""
    target = urljoin(url, location)
    home, there = urlsplit(under), urlsplit(target)
    try:
        is_same = (home.scheme, home.hostname, home.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        return None
    folder = home.path if home.path.endswith("/") else f"{home.path}/"
    is_below = there.path.startswith(folder) and len(there.path) > len(folder) and "/../" not in there.path
    return target if is_same and is_below and there.username is None and not there.fragment else None


class Http:
    """Requests to one server. Make and close it inside the event loop that uses it."""

    def __init__(self, base_url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.base_url = check_address(base_url)
        self._monotonic = monotonic
        parts = urlsplit(self.base_url)
        is_tls = parts.scheme == "https"
        proxy = None if is_loopback(parts.hostname or "") else _system_proxy(self.base_url)
        # An empty context costs nothing and trusts nobody: right for loopback, where no TLS is spoken.
        trust = _system_trust() if is_tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._trust, self._proxy = trust, proxy
        self._kept = _Pool(trust, proxy, KEPT_OPEN)
        self._fresh = _Pool(trust, proxy, 0)

    async def send(
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
    ) -> Reply | LinkError:
        """One request. `path` is below the base address, or a whole URL of the same server.

        `is_fresh`: on a connection of its own. `on_moved` is told whenever the kernel has taken a piece of the body.
        What a body is held back on purpose counts neither to the deadline nor to `took_s`.
        """
        url = path if "://" in path else self.base_url + path
        started = self._monotonic()
        timeout = httpx.Timeout(total_s, connect=min(CONNECT_S, total_s))
        sent = {"Accept-Encoding": "gzip", **(headers or {})}
        held_before_s = held_s(body)
        is_plain = isinstance(body, bytes) and on_moved is None
        if not is_plain:
            sent["Content-Length"] = str(len(body))  # or httpx would send chunks, which tus servers refuse
        pool = self._fresh if is_fresh else self._kept
        try:
            async with asyncio.timeout(total_s) as deadline, pool.lent() as client:
                data = body if is_plain else _parts(body, deadline, on_moved or (lambda: None))
                async with client.stream(method, url, headers=sent, content=data, timeout=timeout) as answer:
                    content = await _read(answer, cap)
        except TimeoutError:
            return self._error(LinkFault.DEADLINE, "total deadline", started)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return self._error(_fault_of(error), f"{type(error).__name__}: {error}", started)
        if content is None:
            return self._error(LinkFault.TOO_BIG, f"more than {cap} bytes", started)
        lower = {name.lower(): value for name, value in answer.headers.items()}
        took_s = self._monotonic() - started - (held_s(body) - held_before_s)
        return Reply(answer.status_code, lower, content, took_s, url)

    async def distrust(self) -> None:
        """A kept connection was found dead: the others are no better. Running requests keep theirs to their end."""
        old, self._kept = self._kept, _Pool(self._trust, self._proxy, KEPT_OPEN)
        await old.retire()

    async def close(self) -> None:
        await self._kept.close()
        await self._fresh.close()

    def _error(self, fault: LinkFault, text: str, started: float) -> LinkError:
        return LinkError(fault, text, self._monotonic() - started)


class _Pool:
    """Connections to one server; retired, it is closed by its last borrower."""

    def __init__(self, trust: ssl.SSLContext, proxy: str | None, kept: int) -> None:
        transport = httpx.AsyncHTTPTransport(
            verify=trust,
            trust_env=False,
            proxy=proxy,
            limits=httpx.Limits(max_keepalive_connections=kept, keepalive_expiry=KEPT_OPEN_S),
            socket_options=list(_socket_options()),
        )
        self._client = httpx.AsyncClient(
            transport=transport, follow_redirects=False, headers={"User-Agent": "situng-luring/1"}
        )
        self._borrowers = 0
        self._is_retired = False

    @contextlib.asynccontextmanager
    async def lent(self) -> AsyncIterator[httpx.AsyncClient]:
        self._borrowers += 1
        try:
            yield self._client
        finally:
            self._borrowers -= 1
            if self._is_retired and not self._borrowers:
                await self.close()

    async def retire(self) -> None:
        self._is_retired = True
        if not self._borrowers:
            await self.close()

    async def close(self) -> None:
        await self._client.aclose()


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


async def _read(answer: httpx.Response, cap: int) -> bytes | None:
    """The decompressed body; None when it grows past `cap`. Raises httpx.DecodingError.

    httpx unpacks a whole network packet at once: 64 kB of a bomb would become 64 MB before anybody counts.
    """
    is_packed = answer.headers.get("content-encoding", "").lower() == "gzip"  # nothing else was asked for
    unpacker = zlib.decompressobj(wbits=31) if is_packed else None
    body = bytearray()
    async for part in answer.aiter_raw():
        try:
            body += part if unpacker is None else unpacker.decompress(part, cap + 1 - len(body))
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error
        if len(body) > cap:
            return None
    if unpacker is not None and body and not unpacker.eof:
        raise httpx.DecodingError("the packed body ends too early")
    return bytes(body)


def _system_trust() -> ssl.SSLContext:
    import truststore  # noqa: PLC0415 - 20 ms that a loopback run need not pay

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _system_proxy(url: str) -> str | None:
    """The proxy this PC's settings name for `url` (environment, or the registry on Windows)."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxy = urllib.request.getproxies().get(parts.scheme)
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _socket_options() -> Iterator[tuple[int, int, int]]:
    """Small requests leave at once; dead peers are noticed in seconds where the system has the option."""
    yield socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    yield socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1
    for name, value in (("TCP_KEEPIDLE", DEAD_AFTER_S), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            yield socket.IPPROTO_TCP, getattr(socket, name), value
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        yield socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_MOST
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        yield socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, ABANDONED_AFTER_S * 1000
    elif sys.platform == "win32":
        yield socket.IPPROTO_TCP, 5, ABANDONED_AFTER_S  # TCP_MAXRT in seconds; Python does not name it


def _fault_of(error: BaseException) -> LinkFault:
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return LinkFault.CERTIFICATE
        if isinstance(cause, socket.gaierror):
            return LinkFault.NO_NAME
    if isinstance(error, httpx.TimeoutException) or _has_errno(chain, errno.ETIMEDOUT):
        return LinkFault.SILENT
    if any(isinstance(cause, ssl.SSLError) for cause in chain) and isinstance(error, httpx.ConnectError):
        return LinkFault.NOT_HTTP  # plain text where TLS was expected: a portal, not our server
    if isinstance(error, httpx.ConnectError):
        return LinkFault.REFUSED
    is_cut = "disconnected" in str(error) or "closed" in str(error)
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError | httpx.InvalidURL) and not is_cut:
        return LinkFault.NOT_HTTP
    return LinkFault.RESET


def _has_errno(chain: list[BaseException], number: int) -> bool:
    return any(isinstance(cause, OSError) and cause.errno == number for cause in chain)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything behind it; the event loop hides the system's own error one or two levels down."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend((one.__cause__, one.__context__))
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
