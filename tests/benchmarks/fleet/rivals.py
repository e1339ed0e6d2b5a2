"""What others do, for comparison. Each is given more than it has: none polls, all obey Retry-After, none must sign in.

- `PerItem`: every record is a request of its own with its own back-off (rclone, curl loops, most upload queues).
- `WholeGate`: one gate, batches and AIMD as textbooks and our first design had them, untuned.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.http.reply import LinkError, LinkFault, Reply
from tests.benchmarks.fleet.centre import Centre, Request
from tests.benchmarks.fleet.client import Delivered
from tests.benchmarks.fleet.world import World

START_SPREAD_S = 10.0  # as ours
IN_FLIGHT = 4
DEADLINE_S = 30.0
Backoff = Callable[[int, random.Random], float]


def fixed(_: int, rng: random.Random) -> float:
    """Fifteen seconds, as most queues ship."""
    return 15.0 * (0.9 + 0.2 * rng.random())


def full_jitter(attempts: int, rng: random.Random) -> float:
    """U(0, min(300 s, 2^k)): the textbook."""
    return rng.uniform(0, min(300.0, 2.0**attempts))


@dataclass(frozen=True, slots=True)
class Manners:
    """How a per-item client waits, and whether the centre can know a repeat."""

    backoff: Backoff
    has_key: bool


class PerItem:
    """Four records at a time, each with its own wait."""

    def __init__(
        self,
        world: World,
        centre: Centre,
        district: int,
        records: Sequence[int],
        rng: random.Random,
        delivered: Delivered,
        manners: Manners,
    ) -> None:
        self._world, self._centre, self._district = world, centre, district
        self._rng, self._delivered, self._manners = rng, delivered, manners
        self._ready = list(reversed(records))
        self._attempts = dict.fromkeys(records, 0)
        self._in_flight = 0
        world.at(rng.uniform(0, START_SPREAD_S), self._fill)

    def _fill(self) -> None:
        while self._ready and self._in_flight < IN_FLIGHT:
            self._in_flight += 1
            item = self._ready.pop()
            request = Request(
                "records", self._district, (item,), self._answered, self._world.t, self._manners.has_key
            )
            self._centre.submit(request)
            _give_up_after(self._world, request, DEADLINE_S)

    def _answered(self, request: Request, result: Reply | LinkError) -> None:
        self._in_flight -= 1
        (item,) = request.items
        if isinstance(result, Reply) and result.status == 200:
            self._delivered("records", item)
        else:
            self._attempts[item] += 1
            wait_s = max(self._manners.backoff(self._attempts[item], self._rng), _asked_s(result))
            self._world.at(self._world.t + wait_s, lambda: self._again(item))
        self._fill()

    def _again(self, item: int) -> None:
        self._ready.insert(0, item)
        self._fill()


class WholeGate:
    """Opens at four requests of ten records; any failure halves both; more than half of ten failed: shut, 5 s x 2^k."""

    def __init__(
        self,
        world: World,
        centre: Centre,
        district: int,
        records: Sequence[int],
        rng: random.Random,
        delivered: Delivered,
    ) -> None:
        self._world, self._centre, self._district = world, centre, district
        self._rng, self._delivered = rng, delivered
        self._waiting = dict.fromkeys(records, 0.0)  # due at
        self._limit, self._batch = 4.0, 10
        self._recent: list[bool] = []
        self._failures, self._in_flight = 0, 0
        self._shut_until = 0.0
        self._is_shut = False
        world.at(rng.uniform(0, START_SPREAD_S), self._fill)

    def _fill(self) -> None:
        t = self._world.t
        if t < self._shut_until:
            return
        most = 1 if self._is_shut else int(self._limit)
        while self._in_flight < most:
            due = [item for item, at in self._waiting.items() if at <= t][: self._batch]
            if not due:
                return
            for item in due:
                del self._waiting[item]
            self._in_flight += 1
            request = Request("records", self._district, tuple(due), self._answered, t)
            self._centre.submit(request)
            _give_up_after(self._world, request, DEADLINE_S + len(due))

    def _answered(self, request: Request, result: Reply | LinkError) -> None:
        self._in_flight -= 1
        is_good = isinstance(result, Reply) and result.status == 200
        self._recent = [*self._recent, is_good][-10:]
        if is_good:
            self._limit = min(8.0, self._limit + 1 / self._limit)
            self._batch = min(50, self._batch * 2)
            self._failures, self._is_shut = 0, False
            for item in request.items:
                self._delivered("records", item)
        else:
            self._fail(request, result)
        self._fill()

    def _fail(self, request: Request, result: Reply | LinkError) -> None:
        self._limit, self._batch = max(1.0, self._limit / 2), max(1, self._batch // 2)
        self._failures += 1
        wait_s = max(_asked_s(result), self._rng.uniform(0, min(300.0, 5.0 * 2 ** min(self._failures, 9))))
        is_ill = len(self._recent) == 10 and self._recent.count(False) > 5
        if isinstance(result, LinkError) or self._is_shut or is_ill:
            self._is_shut, self._shut_until = True, max(self._shut_until, self._world.t + wait_s)
        for item in request.items:
            self._waiting[item] = self._world.t + wait_s
        self._world.at(self._world.t + wait_s, self._fill)


def _asked_s(result: Reply | LinkError) -> float:
    return float(result.headers.get("retry-after", 0)) if isinstance(result, Reply) else 0.0


def _give_up_after(world: World, request: Request, deadline_s: float) -> None:
    def give_up() -> None:
        if request.is_open:
            request.is_open = False
            request.answered(request, LinkError(LinkFault.DEADLINE, "", deadline_s))

    world.at(world.t + deadline_s, give_up)
