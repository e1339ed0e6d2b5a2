"""Requests and bodies over connections of our own: what transfers use directly, and API calls beneath httpx.

Invariants: HTTPS everywhere but on loopback; the system's trust store (offices have proxy CAs); no redirects; every
request has a total deadline; a reply's decompressed size is capped; nothing of a header or an address can begin another
line. Thread: the event loop that made it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from urllib.parse import SplitResult, urlsplit

from app.http.address import check_address, is_loopback, system_proxy, system_trust
from app.http.answer import AnswerReader
from app.http.connections import Connections
from app.http.faults import Broken
from app.http.reply import Body, LinkError, LinkFault, Reply, SlowBody, held_s

CONNECT_S = 10.0
REPLY_CAP = 8 * 1024 * 1024  # decompressed bytes
USER_AGENT = "situng-luring/1"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})  # an empty one says so
_NO_TARGET = re.compile(r"[^!-~]")
_NO_HEADER = re.compile(r"[^\t -~\x80-\xff]")


class Carrier:
    """Requests to one server. Make and close it inside the event loop that uses it."""

    def __init__(self, base_url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.base_url = check_address(base_url)
        self._monotonic = monotonic
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._place = (parts.scheme, host, _port(parts))
        self._about = f"Host: {parts.netloc}\r\nUser-Agent: {USER_AGENT}\r\nAccept-Encoding: gzip\r\n"
        self._connections = Connections(
            host,
            _port(parts),
            trust=system_trust() if parts.scheme == "https" else None,
            proxy=None if is_loopback(host) else partial(system_proxy, self.base_url),
            monotonic=monotonic,
        )

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
        on_moved: Callable[[], None] = lambda: None,
    ) -> Reply | LinkError:
        """One request. `path` is below the base address, or a whole URL of the same server.

        `is_fresh`: on a connection of its own. `on_moved` is told whenever the kernel has taken a piece of the body.
        What a body is held back on purpose counts neither to the deadline nor to `took_s`.
        """
        url = path if "://" in path else self.base_url + path
        started, written_from = self._monotonic(), time.monotonic()
        held_before_s = held_s(body)
        try:
            head = self._head(method, url, headers or {}, len(body))
            async with asyncio.timeout(total_s) as deadline:
                reader = AnswerReader(method, cap)
                content = body if isinstance(body, bytes) else _parts(body, deadline)
                connection = await self._connections.take(min(CONNECT_S, total_s), is_fresh=is_fresh)
                try:
                    await connection.exchange(head, content, reader, on_moved)
                finally:
                    self._connections.give(connection)
        except TimeoutError:
            return self._error(LinkFault.DEADLINE, "total deadline", started)
        except Broken as broken:
            return self._error(broken.fault, str(broken), started)
        except ValueError as error:
            return self._error(LinkFault.NOT_HTTP, str(error), started)
        took_s = self._monotonic() - started - (held_s(body) - held_before_s)
        sent_s = connection.wrote_at - written_from
        return Reply(reader.status, reader.headers, bytes(reader.body), took_s, url, sent_s)

    def distrust(self) -> None:
        """A kept connection was found dead: the others are no better. Running requests keep theirs to their end."""
        self._connections.distrust()

    async def close(self) -> None:
        self._connections.close()

    def _head(self, method: str, url: str, headers: Mapping[str, str], length: int) -> bytes:
        """Raises ValueError for an address or a header that is none."""
        target = self._target(url)
        if _NO_TARGET.search(target):
            raise ValueError(f"no address: {url!r}")
        lines = [f"{name}: {value}" for name, value in headers.items()]
        if _NO_HEADER.search("".join(lines)):
            raise ValueError("no header")  # never its value: it may be a token
        if length or method in _WITH_BODY:
            lines.append(f"Content-Length: {length}")
        more = "\r\n".join([*lines, ""]) if lines else ""
        return f"{method} {target} HTTP/1.1\r\n{self._about}{more}\r\n".encode("latin-1")

    def _target(self, url: str) -> str:
        """What stands behind the server's name. Raises ValueError for another server's address."""
        target = url[len(self._origin) :]
        if not url.startswith(f"{self._origin}/"):  # or the same place in other words
            parts = urlsplit(url)
            if (parts.scheme, parts.hostname, _port(parts)) != self._place:
                raise ValueError(f"not this server: {url!r}")
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return target

    def _error(self, fault: LinkFault, text: str, started: float) -> LinkError:
        return LinkError(fault, text, self._monotonic() - started)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


async def _parts(body: SlowBody, deadline: asyncio.Timeout) -> AsyncIterator[bytes]:
    """Each wait on purpose moves the deadline."""
    known_s = body.held_s
    async for part in body:
        more_s, known_s = body.held_s - known_s, body.held_s
        ends_at = deadline.when()
        if more_s > 0 and ends_at is not None:
            deadline.reschedule(ends_at + more_s)
        yield part
