"""One sender before an honest tus server, on virtual time: a line of a given rate, answers as late as a test wants.

`app.http.carrier` without sockets, so that minutes of a slow server, a lock or a firewall pass at once. Thread: one
`VirtualLoop`.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeVar

from app.http.carrier import REPLY_CAP, Carrier
from app.http.reply import Body, LinkError, LinkFault, Reply
from app.ports import Item, ItemKind
from sync import gate
from sync.outcome import Answer as Known
from sync.policy import DEFAULT
from sync.scan_seams import Ended, ScanSeams
from sync.scans import ScanSender
from sync.tus import Tus
from tests.fakes.honest_centre import Answer, HonestCentre, Request
from tests.fakes.memory_store import MemoryStore

R = TypeVar("R")
SLICE = 16 * 1024  # bytes of a body between two movements
MBIT_2 = 250_000.0  # bytes per second
BASE = "http://127.0.0.1:1"
ENDPOINT = f"{BASE}/api/v1/scans/"


class Lost(Enum):
    """What may become of an answer."""

    ANSWER = "the work is done, and nothing is heard of it"
    ALL = "nothing arrives, and nothing is heard"


Fault = Answer | LinkFault | Lost
Script = Callable[[Request], Fault | None]


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    is_fresh: bool
    size: int

    @property
    def is_creation(self) -> bool:
        return self.method == "POST"


class VirtualClock:
    """The loop's time, as both clocks."""

    def now(self) -> float:
        return 1_555_500_000.0 + self.monotonic()

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass
class TusLine(Carrier):
    """`script` says what a request meets instead of honest work; `late_s` how much longer than a trip it takes."""

    rate: float = MBIT_2
    trip_s: float = 0.15
    script: Script = lambda _: None
    late_s: Callable[[Request], float] = lambda _: 0.0
    centre: HonestCentre = field(default_factory=HonestCentre)
    seen: list[Asked] = field(default_factory=list)
    base_url: str = BASE

    def count(self, method: str) -> int:
        return sum(one.method == method for one in self.seen)

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
        assert isinstance(body, bytes)
        assert cap == REPLY_CAP
        loop = asyncio.get_running_loop()
        began = sent_at = loop.time()
        where = path.removeprefix(BASE)
        self.seen.append(Asked(method, where, is_fresh, len(body)))
        small = {name.lower(): text for name, text in (headers or {}).items()}
        request = Request(method, where, small, body, len(self.seen))
        try:
            async with asyncio.timeout(total_s):
                for start in range(0, len(body), SLICE):
                    await asyncio.sleep(min(SLICE, len(body) - start) / self.rate)
                    on_moved()
                sent_at = loop.time()
                result = await self._answer(request)
        except TimeoutError:
            result = LinkFault.DEADLINE
        took_s = loop.time() - began
        if isinstance(result, LinkFault):
            return LinkError(result, "fault", took_s)
        answered = {name.lower(): text for name, text in result.headers.items()}
        return Reply(result.status, answered, result.body, took_s, BASE + where, sent_at - began)

    async def _answer(self, request: Request) -> Answer | LinkFault:
        fault = self.script(request)
        if fault is Lost.ALL:
            await asyncio.Event().wait()
        answer = fault if isinstance(fault, Answer | LinkFault) else self.centre.work(request)
        if fault is Lost.ANSWER:
            await asyncio.Event().wait()
        await asyncio.sleep(self.trip_s + self.late_s(request))
        return answer

    def distrust(self) -> None:
        """No connection is kept."""

    async def close(self) -> None:
        """Nothing is open."""


class Desk:
    """The files to send, and a sender over `line`. Make it inside the loop."""

    def __init__(self, line: TusLine, folder: Path, *, is_ours: bool = True) -> None:
        self.line, self._folder = line, folder
        clock = VirtualClock()
        self.store = MemoryStore(clock=clock)
        self.told: list[gate.Event] = []
        seams = ScanSeams(
            self.store,
            _at_once,
            clock,
            random.Random(1),
            DEFAULT,
            on_event=self.told.append,
            failures=lambda: 0,
            may_go_on=lambda _: True,
            holds=self._holds if is_ours else None,
        )
        self.sender = ScanSender(Tus(line, ENDPOINT, clock=clock), seams)

    def scan(self, size: int) -> Item:
        """One more file of so many bytes."""
        number = len(self.store.rows) + 1
        data = random.Random(number).randbytes(size)
        path = self._folder / f"{number}.jpg"
        path.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        return self.store.rows[self.store.add(ItemKind.SCAN, sha256, path=path)].item

    async def send(self, item: Item) -> Ended:
        return await self.sender.send(item)

    async def _holds(self, item: Item, is_fresh: bool) -> Known[bool]:
        self.line.seen.append(Asked("by-hash", item.what, is_fresh=False, size=0))
        return Known(item.what in self.line.centre.scans, 0.1)


async def _at_once(work: Callable[[], R], /) -> R:
    return work()


__all__ = [
    "Answer",
    "Desk",
    "Fault",
    "LinkFault",
    "Lost",
    "TusLine",
]
