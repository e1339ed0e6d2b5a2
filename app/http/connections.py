"""The connections to one server: opened through what stands between, kept for the next request, distrusted together.

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
    """To `host`:`port`. `trust`: how TLS is spoken there; None: in plain."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        trust: ssl.SSLContext | None,
        proxy: Proxy | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._host, self._port, self._trust, self._proxy = host, port, trust, proxy
        self._monotonic = monotonic
        self._idle: list[tuple[float, Connection]] = []  # until when; the newest last
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()
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
        if connection.is_usable and len(self._idle) < KEPT_OPEN and not self._is_closed:
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
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()

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
        try:
            async with asyncio.timeout(connect_s):
                connection = await self._dialled()
                try:
                    await self._prepared(connection)
                except BaseException:
                    connection.close()
                    raise
        except OSError as error:  # a time-out is one
            raise Broken(connect_fault(error), f"{type(error).__name__}: {error}") from error
        self._all.add(connection)
        return connection

    async def _dialled(self) -> Connection:
        host, port = (self._host, self._port) if self._proxy is None else (self._proxy.host, self._proxy.port)
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

    async def _prepared(self, connection: Connection) -> None:
        """Through the proxy, under TLS."""
        if self._proxy is not None:
            await self._tunnelled(connection, self._proxy)
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
            raise Broken(LinkFault.REFUSED, f"the proxy answers {reader.status}")


def _is_name(host: str) -> bool:
    """Of a host that may have several addresses; asyncio's race among them loses a socket when it is cancelled."""
    return not (":" in host or host.replace(".", "").isdigit())
