"""Calls of an API: httpx's client over a carrier's connections, with the carrier's deadlines and faults.

httpx's own transport is not used: its sockets hide what a transfer must know (`app.http.network`), and bodies pay
nothing for its client (`app.http.carrier`). Thread: the event loop that made it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpcore
import httpx

from app.http.carrier import REPLY_CAP, USER_AGENT, Carrier, Opened
from app.http.reply import LinkError, Reply

_POOL = "situng.pool"  # request extension: the pool the request leaves by


class Http:
    """Calls to one server. Make and close it inside the event loop that uses it; `carrier` is for bodies."""

    def __init__(self, base_url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.carrier = Carrier(base_url, monotonic=monotonic)
        self.base_url = self.carrier.base_url
        headers = {"User-Agent": USER_AGENT}
        self._client = httpx.AsyncClient(transport=_Transport(), trust_env=False, headers=headers)

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        total_s: float,
        cap: int = REPLY_CAP,
    ) -> Reply | LinkError:
        """One request, as `Carrier.send`."""
        return await self.carrier.send(
            method, path, headers=headers, body=body, total_s=total_s, cap=cap, opened=self._opened
        )

    async def close(self) -> None:
        await self._client.aclose()
        await self.carrier.close()

    @asynccontextmanager
    async def _opened(
        self,
        pool: httpcore.AsyncConnectionPool,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterator[bytes],
        connect_s: float,
    ) -> AsyncIterator[Opened]:
        extensions = {_POOL: pool, "timeout": {"connect": connect_s}}
        try:
            request = self._client.build_request(
                method, url, headers=dict(headers), content=content, extensions=extensions
            )
            answer = await self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ValueError(str(error)) from error  # of the address: what the line does is httpcore's to say
        try:
            yield _Answer(answer.status_code, answer.headers.raw, answer, answer.extensions)
        finally:
            await answer.aclose()


class _Answer(NamedTuple):
    status: int
    headers: Iterable[tuple[bytes, bytes]]
    answer: httpx.Response
    extensions: Mapping[str, Any]

    def aiter_stream(self) -> AsyncIterator[bytes]:
        return self.answer.aiter_raw()


class _Transport(httpx.AsyncBaseTransport):
    """httpx's seam: its requests leave by the pool they name."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pool: httpcore.AsyncConnectionPool = request.extensions[_POOL]
        url = request.url
        answer = await pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer))


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()
