"""Calls of an API: httpx's client, whose requests leave by a carrier: its connections, deadlines and faults.

httpx's own transport is not used: its sockets hide what a transfer must know (`app.http.connection`), and bodies pay
nothing for its client (`app.http.carrier`). Thread: the event loop that made it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import httpx

from app.http.carrier import REPLY_CAP, Carrier
from app.http.reply import LinkError, LinkFault, Reply

_LIMITS = "situng.limits"  # request extension: the total deadline in seconds, the cap in bytes
_REPLY = "situng.reply"  # response extension: what it was made of
# The carrier's to say; httpx adds its own to every request.
_CARRIERS = frozenset({"host", "user-agent", "accept-encoding", "connection", "content-length"})


class Http:
    """Calls to one server. Make and close it inside the event loop that uses it; `carrier` is for bodies."""

    def __init__(self, base_url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.carrier = Carrier(base_url, monotonic=monotonic)
        self.base_url = self.carrier.base_url
        self._client = httpx.AsyncClient(transport=_Transport(self.carrier), trust_env=False)

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        total_s: float,
        cap: int = REPLY_CAP,
        is_fresh: bool = False,
    ) -> Reply | LinkError:
        """One request, as `Carrier.send`."""
        url = path if "://" in path else self.base_url + path
        limits = {_LIMITS: (total_s, cap, is_fresh)}
        try:
            request = self._client.build_request(
                method, url, headers=dict(headers or {}), content=body, extensions=limits
            )
            answer = await self._client.send(request)
        except _NoReplyError as none:
            return none.error
        except (httpx.InvalidURL, httpx.HTTPError, ValueError) as error:
            return LinkError(LinkFault.NOT_HTTP, str(error), 0.0)
        reply: Reply = answer.extensions[_REPLY]
        return reply

    async def close(self) -> None:
        await self._client.aclose()
        await self.carrier.close()


class _NoReplyError(httpx.TransportError):
    def __init__(self, error: LinkError) -> None:
        super().__init__(error.text)
        self.error = error


class _Transport(httpx.AsyncBaseTransport):
    """httpx's seam."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        total_s, cap, is_fresh = request.extensions[_LIMITS]
        reply = await self._carrier.send(
            request.method,
            str(request.url),
            headers={name: value for name, value in request.headers.items() if name not in _CARRIERS},
            body=request.content,
            total_s=total_s,
            cap=cap,
            is_fresh=is_fresh,
        )
        if isinstance(reply, LinkError):
            raise _NoReplyError(reply)
        return httpx.Response(reply.status, extensions={_REPLY: reply})
