"""tus 1.0 over `app.http`: creation, HEAD, PATCH, as typed outcomes. Knows nothing of queues.

Invariants: a `Location` of another origin or path is hostile; a success without `Tus-Resumable` is a portal; a proxy
that refuses PATCH or HEAD is remembered and the method travels in a header. Thread: the event loop of its `Carrier`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from app.http.address import same_place
from app.http.carrier import Carrier
from app.http.reply import Body, LinkError, Reply
from app.ports import Clock
from sync.bandwidth import Limiter, PacedBody
from sync.classify import Action, Call
from sync.outcome import Answer, Failed, failure, odd, whole_number
from sync.pace import body_time_s
from sync.policy import DEFAULT, Policy

TUS_VERSION = (
    "1.0.0"  # the same as sync.wire.TUS_VERSION; importing the wire would cost `sync.send` its blink
)
OFFSET_STREAM = "application/offset+octet-stream"


class CreatedAt(Struct, frozen=True):
    url: str
    offset: int
    expires: str


class At(Struct, frozen=True):
    offset: int
    length: int | None


def metadata(values: Mapping[str, str]) -> str:
    """`Upload-Metadata`: ASCII names, base64 values."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode('utf-8', 'replace')).decode('ascii')}"
        for name, value in values.items()
    )


class Tus:
    """One endpoint. `headers` is asked at every request (the token changes)."""

    def __init__(
        self,
        carrier: Carrier,
        endpoint: str,
        *,
        clock: Clock,
        headers: Callable[[], Mapping[str, str]] = dict,
        on_headers: Callable[[Mapping[str, str]], None] = lambda _: None,
        policy: Policy = DEFAULT,
        limiter: Limiter | None = None,
    ) -> None:
        self.endpoint = endpoint  # whole URL
        self._carrier = carrier
        self._clock = clock
        self._headers = headers
        self._on_headers = on_headers
        self._policy = policy
        self._limiter = limiter
        self._overridden: set[str] = set()

    def body(self, data: bytes) -> Body:
        """Bytes of a file as they are to be sent: under a limiter, in its turns."""
        return data if self._limiter is None else PacedBody(data, self._limiter, self._clock.monotonic)

    async def ping(self) -> Answer[None] | Failed:
        """Whether anything answers at this endpoint, asked on a new connection: the line works."""
        result = await self._send("OPTIONS", self.endpoint, {}, b"", is_fresh=True)
        if isinstance(result, LinkError):
            return self._failure(Call.API, result)
        return Answer(None, result.took_s)

    def distrust(self) -> None:
        """A connection was found dead: no other kept one is used again."""
        self._carrier.distrust()

    async def create(
        self, length: int, about: Mapping[str, str], body: Body | None, *, is_fresh: bool = False
    ) -> Answer[CreatedAt] | Failed:
        """POST; with `body`, creation-with-upload."""
        headers = {"Upload-Length": str(length), "Upload-Metadata": metadata(about)}
        if body is not None:
            headers["Content-Type"] = OFFSET_STREAM
        result = await self._send("POST", self.endpoint, headers, body or b"", is_fresh=is_fresh)
        if isinstance(result, LinkError) or result.status != 201 or "tus-resumable" not in result.headers:
            return self._failure(Call.CREATE, result)
        url = same_place(result.url, result.headers.get("location", ""), self.endpoint)
        if url is None:
            return odd(Action.PORTAL, "location", "Server mengarahkan kiriman ke tempat lain.", result)
        offset = _size(result.headers, "upload-offset")
        return Answer(
            CreatedAt(url, offset or 0, result.headers.get("upload-expires", "")),
            result.took_s,
            result.sent_s,
        )

    async def head(self, url: str, *, is_fresh: bool = False) -> Answer[At] | Failed:
        result = await self._override("HEAD", url, {}, b"", is_fresh=is_fresh)
        if isinstance(result, LinkError) or not 200 <= result.status < 300:
            return self._failure(Call.HEAD, result)
        offset = _size(result.headers, "upload-offset")
        if "tus-resumable" not in result.headers or offset is None:
            return self._failure(Call.HEAD, result)
        return Answer(At(offset, _size(result.headers, "upload-length")), result.took_s)

    async def patch(
        self, url: str, offset: int, body: Body, *, on_moved: Callable[[], None] = lambda: None
    ) -> Answer[At] | Failed:
        headers = {"Upload-Offset": str(offset), "Content-Type": OFFSET_STREAM}
        result = await self._override("PATCH", url, headers, body, on_moved=on_moved)
        if isinstance(result, LinkError) or not 200 <= result.status < 300:
            return self._failure(Call.PATCH, result)
        reached = _size(result.headers, "upload-offset")
        if "tus-resumable" not in result.headers or reached is None:
            return self._failure(Call.PATCH, result)
        return Answer(At(reached, None), result.took_s, result.sent_s)

    async def _override(
        self, method: str, url: str, headers: Mapping[str, str], body: Body, **how: Any
    ) -> Reply | LinkError:
        """The method itself, or behind POST where a proxy refused it once."""
        if method not in self._overridden:
            result = await self._send(method, url, headers, body, **how)
            call = Call.HEAD if method == "HEAD" else Call.PATCH
            if isinstance(result, LinkError) or (
                self._failure(call, result).action is not Action.OTHER_METHOD
            ):
                return result
        hidden = await self._send("POST", url, {**headers, "X-HTTP-Method-Override": method}, body, **how)
        if isinstance(hidden, Reply) and hidden.status < 500 and hidden.status not in (403, 405):
            self._overridden.add(method)
        return hidden

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: Body, **how: Any
    ) -> Reply | LinkError:
        every = {**self._headers(), "Tus-Resumable": TUS_VERSION, **headers}
        total_s = self._policy.body_deadline_s + body_time_s(len(body))
        result = await self._carrier.send(method, url, headers=every, body=body, total_s=total_s, **how)
        if isinstance(result, Reply):
            self._on_headers(result.headers)
        return result

    def _failure(self, call: Call, result: Reply | LinkError) -> Failed:
        return failure(call, result, self._clock.now())


def _size(headers: Mapping[str, str], name: str) -> int | None:
    """Bytes."""
    return whole_number(headers.get(name), 17)
