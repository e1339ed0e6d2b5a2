"""A line to the real centre without sockets: `app.http.carrier` over its ASGI application, in one event loop, with
whatever may go wrong between the two. The centre works on in its own tasks when a client gave up.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from app.http.api import Http
from app.http.carrier import REPLY_CAP, Carrier
from app.http.reply import Body, LinkError, LinkFault, Reply

AGES_S = 400.0  # longer than any deadline
SLOW_S = 20.0
LATENCY_S = (
    0.05  # each way: people and power cuts come between a request's end at the centre and its answer here
)


class Dead(BaseException):
    """The process is gone: nothing it would do happens any more. No `Exception`, so that no handler saves it."""


class Fault(StrEnum):
    """What becomes of one request."""

    GOOD = "good"
    SLOW = "slow"
    REFUSED = "refused"
    CUT_BEFORE = "cut before the work"
    CUT_BODY = "cut in the body"
    CUT_AFTER = "cut after the work"
    SILENT_BEFORE = "silent, no work"
    SILENT_AFTER = "silent after the work"
    LATE = "worked on after we gave up"
    PORTAL = "200 HTML"
    ELSEWHERE = "302"
    TORN = "half an answer"
    FORGED = "a wrong signature"
    FOREIGN = "another centre's key"
    ILL_AFTER = "500 after the work"
    S400 = "400"
    S401 = "401"
    S403 = "403"
    S404 = "404"
    S408 = "408"
    S409 = "409"
    S410 = "410"
    S413 = "413"
    S423 = "423"
    S429 = "429"
    S429_LONG = "429 for a quarter of an hour"
    S460 = "460"
    S500 = "500"
    S503 = "503"
    S503_BARE = "503 without a word"
    S503_DATE = "503 until a date"
    S507 = "507"

    @property
    def status(self) -> int:
        """Of an answer that a proxy or an ill centre gives without any work; 0: none."""
        return int(self.value[:3]) if self.name.startswith("S") and self.value[:3].isdigit() else 0


_BEFORE: Mapping[Fault, LinkFault] = {
    Fault.REFUSED: LinkFault.REFUSED,
    Fault.CUT_BEFORE: LinkFault.RESET,
}
_DELAYS: Mapping[Fault, float] = {Fault.SLOW: SLOW_S, Fault.LATE: AGES_S}
_ASKED_WAIT_S: Mapping[Fault, int] = {Fault.S429: 7, Fault.S503: 7, Fault.S429_LONG: 900}


@dataclass
class Line:
    """The world between: `weather` is what the next requests meet, in order; then all is good."""

    now: Callable[[], float]  # wall seconds at the centre
    app: Any = None  # an ASGI application; None: nobody listens
    weather: deque[Fault] = field(default_factory=deque)
    requests: int = 0
    at_work: set[asyncio.Task[Any]] = field(default_factory=set)
    is_dead: Callable[[], bool] = lambda: False

    def http(self, base_url: str) -> Http:
        return _LineHttp(_LineCarrier(self, base_url))

    def next_fault(self) -> Fault:
        if self.is_dead():
            raise Dead
        self.requests += 1
        return self.weather.popleft() if self.weather else Fault.GOOD

    async def served(
        self, request: _Request, after_s: float = 0.0, *, is_torn: bool = False
    ) -> _Answer | LinkFault:
        """The centre's own task: it ends when the centre is done, not when the client is."""
        task = asyncio.get_running_loop().create_task(_served(self.app, request, after_s, is_torn))
        self.at_work.add(task)
        task.add_done_callback(self.at_work.discard)
        await asyncio.wait({task})
        return LinkFault.RESET if task.cancelled() else task.result()


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class _LineHttp(Http):
    """The centre's calls, on the same line as the bodies."""

    def __init__(self, carrier: _LineCarrier) -> None:
        self.base_url, self.carrier = carrier.base_url, carrier

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
        return await self.carrier.send(
            method, path, headers=headers, body=body, total_s=total_s, cap=cap, is_fresh=is_fresh
        )

    async def close(self) -> None:
        """Nothing is open."""


class _LineCarrier(Carrier):
    """Replies and named faults like the real one; a connection is never made."""

    def __init__(self, line: Line, base_url: str) -> None:
        self.base_url = base_url
        self._line = line

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
        whole = body if isinstance(body, bytes) else b"".join([part async for part in body])
        on_moved()  # the kernel takes it all at once
        url = path if "://" in path else self.base_url + path
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(total_s):
                result = await self._meet(
                    self._line.next_fault(), _Request(method, url, headers or {}, whole)
                )
        except TimeoutError:
            result = LinkFault.DEADLINE
        took_s = loop.time() - began
        if self._line.is_dead():
            raise Dead
        if isinstance(result, LinkFault):
            return LinkError(result, "fault", took_s)
        assert len(result.body) <= cap
        return Reply(result.status, result.headers, result.body, took_s, url)

    def distrust(self) -> None:
        """No connection is kept."""

    async def close(self) -> None:
        """Nothing is open."""

    async def _meet(self, fault: Fault, request: _Request) -> _Answer | LinkFault:
        line = self._line
        await asyncio.sleep(LATENCY_S)
        if line.app is None:
            return LinkFault.REFUSED
        if fault in _BEFORE:
            return _BEFORE[fault]
        if fault.status:
            return _refusal(fault, line.now())
        match fault:
            case Fault.PORTAL:
                return _Answer(200, {"content-type": "text/html"}, b"<html>Selamat datang</html>")
            case Fault.ELSEWHERE:
                return _Answer(302, {"location": "https://hotel.example/login"})
            case Fault.SILENT_BEFORE:
                await asyncio.sleep(AGES_S)
                return LinkFault.SILENT
            case Fault.CUT_BODY:
                await line.served(request, is_torn=True)
                return LinkFault.RESET
            case _:
                answer = await line.served(request, _DELAYS.get(fault, 0.0))
        await asyncio.sleep(LATENCY_S)
        return answer if isinstance(answer, LinkFault) else await _spoilt(fault, answer)


async def _spoilt(fault: Fault, answer: _Answer) -> _Answer | LinkFault:
    """What arrives of an answer to work that was done."""
    match fault:
        case Fault.CUT_AFTER:
            return LinkFault.RESET
        case Fault.SILENT_AFTER:
            await asyncio.sleep(AGES_S)
            return LinkFault.SILENT
        case Fault.ILL_AFTER:
            return _Answer(500, {"content-type": "text/plain"}, b"no")
        case Fault.TORN:
            answer.body = answer.body[: len(answer.body) // 2]
        case Fault.FORGED:
            answer.body = re.sub(rb'(?<="signature":").', _another, answer.body)
        case Fault.FOREIGN:
            answer.body = answer.body.replace(b'"key_id":"', b'"key_id":"x')
        case _:
            pass
    return answer


def _another(letter: re.Match[bytes]) -> bytes:
    return b"A" if letter[0] == b"B" else b"B"


def _refusal(fault: Fault, now: float) -> _Answer:
    headers = {"content-type": "text/plain", "tus-resumable": "1.0.0"}
    if fault in _ASKED_WAIT_S:
        headers["retry-after"] = str(_ASKED_WAIT_S[fault])
    if fault is Fault.S503_DATE:
        headers |= {"date": formatdate(now, usegmt=True), "retry-after": formatdate(now + 60, usegmt=True)}
    return _Answer(fault.status, headers, b"no")


async def _served(app: Any, request: _Request, after_s: float, is_torn: bool) -> _Answer:
    """One exchange with an ASGI application; a torn one ends with half the body and a line that is gone."""
    if after_s:
        await asyncio.sleep(after_s)
    body = request.body[: len(request.body) // 2] if is_torn else request.body
    messages = [{"type": "http.request", "body": body, "more_body": is_torn}]
    if is_torn:
        messages.append({"type": "http.disconnect"})
    answer = _Answer()

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.get_running_loop().create_future()  # a client that waits says nothing more
        return messages.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(_scope(request, len(request.body)), receive, send)
    return answer


def _scope(request: _Request, size: int) -> dict[str, Any]:
    parts = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers |= {"host": parts.netloc, "content-length": str(size)}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": (parts.hostname, parts.port),
    }
