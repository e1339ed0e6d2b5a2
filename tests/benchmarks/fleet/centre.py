"""The modelled centre: workers, one FIFO queue, an outage, a pause, and the real admission where the cell asks for it.

`hello` and refusals cost no worker. A request is wholly done or not at all; the answer may find nobody.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from app.http.reply import LinkError, LinkFault, Reply
from sync.central.admission import Admission
from tests.benchmarks.fleet.cells import RETURNED_AFTER_S, RTT_S, SMALL_S, Cell, Refusal
from tests.benchmarks.fleet.world import World

FEED_HEAD = "situng-feed-head"
LANES = ("records", "verdicts")
_PROBLEM = {"content-type": "application/problem+json"}


@dataclass(slots=True, eq=False)
class Request:
    """One call. `answered` is called once at most, and never after `is_open` was taken back."""

    kind: str  # records, verdicts, feed, token
    district: int
    items: tuple[int, ...]
    answered: Callable[[Request, Reply | LinkError], None]
    sent_at: float
    has_key: bool = True  # without an idempotency key the centre cannot know a repeat
    is_open: bool = True


class SameForAll(Admission):
    """The usual manner: everybody is told the present wait."""

    def ask(self, kind: str, items: int, now: float) -> float | None:
        refused = super().ask(kind, items, now)
        return None if refused is None else float(max(1, math.ceil(self.wait_s())))


@dataclass(slots=True)
class Counts:
    """What the centre saw."""

    requests: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((*LANES, "feed", "token", "hello"), 0)
    )
    refused: int = 0
    duplicates: int = 0
    work_s: float = 0.0
    wasted_s: float = 0.0  # work on records and verdicts that stored nothing new
    peak_queue: int = 0


class Centre:
    """See the module's docstring."""

    def __init__(
        self, world: World, cell: Cell, rng: random.Random, poison: frozenset[int] = frozenset()
    ) -> None:
        self.world, self.cell, self.counts = world, cell, Counts()
        self.feed: list[list[int]] = [[] for _ in range(cell.districts)]  # returned records, in order
        self._rng, self._poison, self._calendar = rng, poison, cell.calendar()
        self._stored: dict[str, set[int]] = {kind: set() for kind in LANES}
        self._queue: deque[Request] = deque()
        self._at_work: set[Request] = set()
        self._admission = self._new_admission()
        if cell.outage is not None and not cell.is_silent:
            world.at(cell.outage[0], self._die)
        for standstill in (cell.outage, cell.pause):
            if standstill is not None:
                world.at(standstill[1], self._feed_workers)

    # ---- what clients see ----

    def submit(self, request: Request) -> None:
        self.counts.requests[request.kind] += 1
        self.world.at(self.world.t + RTT_S / 2, lambda: self._arrive(request))

    def is_out(self) -> bool:
        return _is_within(self.world.t, self.cell.outage)

    def pause_left_s(self) -> float:
        """0 when there is none."""
        is_now = self.cell.pause is not None and _is_within(self.world.t, self.cell.pause)
        return self.cell.pause[1] - self.world.t if is_now and self.cell.pause else 0.0

    # ---- the door ----

    def _arrive(self, request: Request) -> None:
        if self.is_out():
            if not self.cell.is_silent:
                self._answer(request, LinkError(LinkFault.REFUSED, "", 0.0))
            return
        if request.kind in LANES and self.pause_left_s():
            self._refuse(request, 503, "paused", self.pause_left_s())
            return
        if self._admission is not None:
            size = max(1, len(request.items))
            after_s = self._admission.ask(request.kind, size, self.world.t)
            if after_s is not None:
                is_mute = self.cell.refusal is Refusal.MUTE
                self._refuse(request, 503 if is_mute else 429, "busy", None if is_mute else after_s)
                return
        self._queue.append(request)
        self._feed_workers()
        self.counts.peak_queue = max(self.counts.peak_queue, len(self._queue))

    def _refuse(self, request: Request, status: int, code: str, after_s: float | None) -> None:
        self.counts.refused += 1
        self._answer(request, self._reply(request, status, code, after_s))

    def _reply(self, request: Request, status: int, code: str = "", after_s: float | None = None) -> Reply:
        headers = {FEED_HEAD: str(len(self.feed[request.district]))}
        if status == 200:
            return Reply(status, headers, b"", 0.0, "")
        if after_s is not None:
            headers["retry-after"] = str(math.ceil(after_s))
        return Reply(status, headers | _PROBLEM, msgspec.json.encode({"code": code}), 0.0, "")

    def _answer(self, request: Request, result: Reply | LinkError) -> None:
        def arrive() -> None:
            if request.is_open:
                request.is_open = False
                request.answered(request, result)

        self.world.at(self.world.t + RTT_S / 2, arrive)

    # ---- the workers ----

    def _feed_workers(self) -> None:
        if self.is_out() or self.pause_left_s():
            return
        while self._queue and len(self._at_work) < self.cell.workers:
            request = self._queue.popleft()
            if not request.is_open and self.cell.refusal is Refusal.SPREAD:
                self._done(request, None)
                continue
            self._at_work.add(request)
            self._begin(request)

    def _begin(self, request: Request) -> None:
        new = len(request.items)
        if request.kind in LANES and request.has_key:
            new = sum(item not in self._stored[request.kind] for item in request.items)
        work_s = self.cell.cost.of(new) if new and request.kind in LANES else SMALL_S
        begun_at = self.world.t
        end = self._calendar.end_of(begun_at, work_s)
        self.world.at(end, lambda: self._finish(request, work_s, end - begun_at))

    def _finish(self, request: Request, work_s: float, took_s: float) -> None:
        if request not in self._at_work:
            return  # the process died under it
        self._at_work.remove(request)
        self._done(request, took_s)
        self.counts.work_s += work_s
        status = 200
        if request.kind in LANES:
            is_ill = request.kind == "records" and not self._poison.isdisjoint(request.items)
            stored = 0 if is_ill else self._store(request)
            status = 500 if is_ill else 200
            self.counts.wasted_s += 0.0 if stored else work_s
        self._answer(request, self._reply(request, status, "ill"))
        self._feed_workers()

    def _store(self, request: Request) -> int:
        """How many records are new. One that is stored a second time under no key is a duplicate."""
        stored = self._stored[request.kind]
        new = [item for item in request.items if item not in stored]
        if not request.has_key:
            self.counts.duplicates += len(request.items) - len(new)
        stored.update(new)
        if self.cell.has_verdicts and request.kind == "records":
            for item in new:
                self._return_later(request.district, item)
        return len(new)

    def _return_later(self, district: int, item: int) -> None:
        after_s = self._rng.uniform(*RETURNED_AFTER_S)
        self.world.at(self.world.t + after_s, lambda: self.feed[district].append(item))

    def _done(self, request: Request, took_s: float | None) -> None:
        if self._admission is not None:
            self._admission.done(request.kind, max(1, len(request.items)), took_s)

    def _die(self) -> None:
        """The process ends: queue, work under way and everything learnt are lost, every connection is reset."""
        lost = [*self._queue, *self._at_work]
        self._queue.clear()
        self._at_work.clear()
        self._admission = self._new_admission()
        for request in lost:
            self._answer(request, LinkError(LinkFault.RESET, "", 0.0))

    def _new_admission(self) -> Admission | None:
        match self.cell.refusal:
            case Refusal.NEVER:
                return None
            case Refusal.SAME:
                return SameForAll(self.cell.workers)
            case _:
                return Admission(self.cell.workers)


def _is_within(t: float, times: tuple[float, float] | None) -> bool:
    return times is not None and times[0] <= t < times[1]
