"""The connections to one server: opened through what stands between, kept for the next request, distrusted together.

Invariant: what stands between is asked for at every dial, so that a corrected setting or another network needs no
restart; a connection through the proxy of before is never used again.

Thread: the event loop that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import weakref
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from app.http.answer import AnswerReader
from app.http.connection import Connection, options
from app.http.faults import Broken, connect_fault
from app.http.reply import LinkFault

KEPT_OPEN = 16
KEPT_OPEN_S = 30.0  # below the idle limit of common servers and proxies
_EYEBALLS_S = 0.25  # before the other address family is tried beside (RFC 8305)


@dataclass(frozen=True, slots=True)
class Proxy:
    """What stands between us and the server; `name` empty: it asks for none."""

    scheme: str
    host: str
    port: int
    name: str = ""
    password: str = field(default="", repr=False)

    def opening(self, place: str) -> bytes:
        """Asks for a tunnel to `place` (host:port)."""
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if self.name:
            word = b64encode(f"{self.name}:{self.password}".encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {word}")
        return "\r\n".join([*lines, "", ""]).encode()


class Connections:
    """To `host`:`port`. `trust`: how TLS is spoken there; None: in plain.

    `proxy` tells the proxy of now, or None; it may block, and may raise Broken. Itself None: there never is one.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        trust: ssl.SSLContext | None,
        proxy: Callable[[], Proxy | None] | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._host, self._port, self._trust = host, port, trust
        self._look_for_proxy, self._monotonic = proxy, monotonic
        self._proxy: Proxy | None = None  # as found last
        self._idle: list[tuple[float, Connection]] = []  # until when; the newest last
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()  # through the proxy found last
        self._is_closed = False

    async def take(self, connect_s: float, *, is_fresh: bool) -> Connection:
        """For one exchange; then `give` it back. `is_fresh`: opened for it. Raises Broken."""
        connection = None if is_fresh else await self._kept()
        return connection or await self._opened(connect_s)

    def give(self, connection: Connection) -> None:
        """Kept for the next request when it is fit for one."""
        now = self._monotonic()
        while self._idle and self._idle[0][0] <= now:
            self._idle.pop(0)[1].close()
        is_fit = connection.is_usable and connection in self._all
        if is_fit and len(self._idle) < KEPT_OPEN and not self._is_closed:
            self._idle.append((now + KEPT_OPEN_S, connection))
        else:
            connection.close()

    def distrust(self) -> None:
        """One was found dead: no connection of before is used again, unless it speaks after all."""
        for connection in self._all:
            connection.is_doubted = True

    def close(self) -> None:
        """Those under way are closed when they are given back."""
        self._is_closed = True
        self._leave()

    def _leave(self) -> None:
        """None of now is used again."""
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()
        self._all.clear()

    async def _kept(self) -> Connection | None:
        while self._idle:
            until, connection = self._idle.pop()
            try:
                is_fit = until > self._monotonic() and await connection.is_quiet()
            except BaseException:
                connection.close()
                raise
            if is_fit:
                return connection
            connection.close()
        return None

    async def _opened(self, connect_s: float) -> Connection:
        proxy = connection = None
        try:
            async with asyncio.timeout(connect_s):
                proxy = await self._proxy_of_now()
                connection = await self._dialled(proxy)
                try:
                    await self._prepared(connection, proxy)
                except BaseException:
                    connection.close()
                    raise
        except OSError as error:  # a time-out is one
            is_proxys = proxy is not None and connection is None
            fault = LinkFault.PROXY_DOWN if is_proxys else connect_fault(error)
            raise Broken(fault, f"{type(error).__name__}: {error}") from error
        if proxy == self._proxy:
            self._all.add(connection)
        return connection

    async def _proxy_of_now(self) -> Proxy | None:
        """Raises Broken."""
        if self._look_for_proxy is None:
            return None
        proxy = await asyncio.to_thread(self._look_for_proxy)
        if proxy != self._proxy:
            self._proxy = proxy
            self._leave()
        return proxy

    async def _dialled(self, proxy: Proxy | None) -> Connection:
        host, port = (self._host, self._port) if proxy is None else (proxy.host, proxy.port)
        transport, connection = await asyncio.get_running_loop().create_connection(
            Connection, host, port, happy_eyeballs_delay=_EYEBALLS_S if _is_name(host) else None
        )
        sock = transport.get_extra_info("socket")
        for level, option, value in options():
            with contextlib.suppress(
                OSError
            ):  # the other end is gone already, or this system knows no such thing
                sock.setsockopt(level, option, value)
        return connection

    async def _prepared(self, connection: Connection, proxy: Proxy | None) -> None:
        """Through the proxy, under TLS."""
        if proxy is not None:
            await self._tunnelled(connection, proxy)
        if self._trust is not None:
            await connection.start_tls(self._trust, self._host)

    async def _tunnelled(self, connection: Connection, proxy: Proxy) -> None:
        if proxy.scheme == "https":
            assert self._trust is not None  # noqa: S101 - only https goes by a proxy
            await connection.start_tls(self._trust, proxy.host)
        reader = AnswerReader("CONNECT", 0)
        place = f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"
        await connection.exchange(proxy.opening(place), b"", reader, lambda: None)
        if not 200 <= reader.status < 300:
            fault = LinkFault.PROXY_LOGIN if reader.status == 407 else LinkFault.PROXY_REFUSED
            raise Broken(fault, f"the proxy answers {reader.status}")


def _is_name(host: str) -> bool:
    """Of a host that may have several addresses; asyncio's race among them loses a socket when it is cancelled."""
    return not (":" in host or host.replace(".", "").isdigit())
