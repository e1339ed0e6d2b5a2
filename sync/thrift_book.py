"""What the engine keeps of the policy of thrifty copies: the course, what the centre can take, what comes next.

Invariants: a centre that does not say it takes copies never gets one; the course outlives a restart, so a killed engine
neither forgets a poor line nor sends a second round. Thread: the engine's event loop, `due` from the store's threads.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from app.domain.sending import Left, PoorLine
from app.ports import Clock, EngineStore, Item, ItemKind
from sync import gate, wire
from sync import policy as p
from sync.client import CentreClient
from sync.policy import Policy
from sync.thrift import Course, Load, Thrift, judge, order

log = logging.getLogger(__name__)
T = TypeVar("T")


class ThriftHost(Protocol):
    """What the book uses of the engine around it."""

    store: EngineStore
    clock: Clock
    policy: Policy
    client: CentreClient

    async def run(self, work: Callable[[], T], /) -> T: ...


class ThriftBook:
    """One per engine run."""

    def __init__(self, host: ThriftHost) -> None:
        self._host = host
        self._thrift = Thrift()
        self._bodies: deque[bool] = deque(
            maxlen=p.THRIFT_BODIES
        )  # True: it took longer to leave than its answer

    def note(self, event: gate.Event) -> None:
        """An answer of the lane: did the line set its pace, or the server?"""
        match event:
            case gate.Succeeded(None, is_line_bound=is_line_bound):
                self._bodies.append(is_line_bound)
            case gate.Failed():
                self._bodies.append(False)
            case _:
                pass

    @property
    def _is_line(self) -> bool:
        enough = max(p.THRIFT_BODIES_LEAST, len(self._bodies))
        return 2 * sum(self._bodies) >= enough

    async def load(self) -> None:
        """Go on as the run before did."""
        if await self._host.run(self._host.store.poor_line) is not None:
            self._thrift = Thrift(Course.THRIFTY, self._host.clock.monotonic())

    @property
    def is_first(self) -> bool:
        """Thrifty copies go before images now."""
        return self._thrift.is_first and wire.THRIFTY in (self._host.client.features or ())

    async def weigh(self, left: Left, rate: float, limit: float | None) -> bool:
        """Look at the line again; True when the course turned, which is committed before anything goes by it."""
        host, features = self._host, self._host.client.features
        if features is None:
            return False  # not met yet
        load = Load(left.image_bytes - left.thrifty_bytes, rate, limit, self._is_line)
        thrift = Thrift()
        if wire.THRIFTY in features:
            thrift = judge(self._thrift, load, host.clock.monotonic(), host.policy.thrift)
        is_turned = thrift.is_first is not self._thrift.is_first
        if is_turned:
            poor = PoorLine(host.clock.now(), load.pace) if thrift.is_first else None
            log.info("thrifty copies first: %s", poor)
            await host.run(lambda: host.store.save_poor_line(poor))
        self._thrift = thrift
        return is_turned

    def due(self, kind: ItemKind, now: float, limit: int) -> Sequence[Item]:
        """What may go now; thrifty copies ahead of images while the line is poor. Waits for the disk."""
        store = self._host.store
        if kind is not ItemKind.SCAN or not self.is_first:
            return store.due(kind, now, limit)
        return order(store.thrifty_due(now, limit), store.due(kind, now, limit))
