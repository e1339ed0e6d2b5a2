"""The engine's look at the public site: one small request at a time, when the loop has nothing else to do.

Invariants: the loop says in each turn how it stands; a look under way when something is to be sent is cut, and nothing
of it counts; what goes wrong here never reaches the line, the lanes or an item. Thread: the engine's event loop.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, TypeVar

from app.domain.publication import judge
from app.errors import ExpectedError, Unavailable
from app.http.api import Http
from app.ports import ChannelState, Clock, Lane, PublicLook, PublicWatch, Reason
from sync import watch
from sync.line import LineBook
from sync.policy import Policy

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOKS = 30  # asked of the store at once: finding them reads every public form of the district
NOTHING_DUE = 20.0  # x the time between two looks: then the store is asked again
LOOK_S = 20.0  # deadline of one look
BLIND_AFTER = 3  # answers in a row that say nothing


class WatchHost(Protocol):
    """What it uses of the engine around it."""

    clock: Clock
    rng: random.Random
    policy: Policy

    async def run(self, work: Callable[[], T], /) -> T: ...

    def look_again(self) -> None: ...


class Watcher:
    """One per engine run. Without a `PublicWatch` it never looks."""

    def __init__(self, host: WatchHost, store: PublicWatch | None) -> None:
        self._host, self._store = host, store
        self._looks: deque[PublicLook] = deque()
        self._site = ""
        self._task: asyncio.Task[None] | None = None
        self._http: Http | None = None
        self._failures = 0
        self._may_look = False
        self._is_blind: bool | None = None  # as told to the store; None: not yet in this run
        self._due = math.inf if store is None else host.clock.monotonic() + self._between_s()

    @property
    def due_in_s(self) -> float:
        """Until it would look; forever while it may not, because only what is told again ends that."""
        is_free = self._may_look and self._task is None
        return max(0.0, self._due - self._host.clock.monotonic()) if is_free else math.inf

    def tend(self, channels: Mapping[Lane, ChannelState], line: LineBook, *, is_busy: bool) -> None:
        """Begin a look that is due, or cut the one under way: something is to be sent."""
        self._may_look = watch.may_look(
            channels,
            self._host.clock.now(),
            is_quiet=not is_busy,
            is_settled=line.is_settled,
            is_troubled=line.trouble is not None,
        )
        if not self._may_look:
            self.stop()
        elif self._task is None and self.due_in_s == 0.0:
            self._task = asyncio.create_task(self._look())
            self._task.add_done_callback(self._ended)

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        self._due = math.inf
        self.stop()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=0.5)
        await self._leave_site()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("the look at the public site ended by a bug", exc_info=error)
            self._due = self._host.clock.monotonic() + self._host.policy.watch.blind_s[1]
        self._host.look_again()

    async def _look(self) -> None:
        """One form, or what is due next. What cannot be written down now is looked at again."""
        store, pace = self._store, self._host.policy.watch
        assert store is not None  # noqa: S101 - without one it is never due
        self._rest(self._between_s())
        try:
            site = await self._host.run(store.site)
            if site != self._site:
                self._site = site
                self._looks.clear()  # they name what the other site answered with
            if site and not self._looks:
                found = await self._host.run(partial(store.looks, pace.published_s, pace.verified_s, LOOKS))
                self._looks.extend(found)
            if not self._looks:
                self._rest(self._between_s() * NOTHING_DUE)
                return
            await self._ask(store, site, self._looks.popleft())
        except Unavailable:
            self._rest(pace.blind_s[0])

    async def _ask(self, store: PublicWatch, site: str, look: PublicLook) -> None:
        http = await self._at(site)
        if http is None:
            self._rest(self._host.policy.watch.blind_s[1])
            return
        answer = await http.send(
            "GET", f"/{look.path}", headers=watch.asking(look.validator), total_s=LOOK_S, cap=watch.LEAF_MOST
        )
        found = watch.read(look, answer)
        if isinstance(found, watch.Blind):
            await self._saw_nothing(store, look, found)
        else:
            await self._saw(store, look, found)

    async def _saw(self, store: PublicWatch, look: PublicLook, found: watch.Seen) -> None:
        host = self._host
        sight = look.sight if found.shown is None else judge(found.shown, look.ours, look.earlier)
        assert sight is not None  # noqa: S101 - a 304 is believed only of what was seen before
        is_same = found.shown is None or (sight is look.sight and found.shown == look.shown)
        times = look.times + 1 if is_same else 1
        wait_s = watch.wait_s(sight, times, host.policy.watch, host.rng)
        await host.run(partial(store.seen, look, found.shown, found.validator, wait_s))
        self._failures = 0
        await self._tell(store, None)

    async def _saw_nothing(self, store: PublicWatch, look: PublicLook, blind: watch.Blind) -> None:
        host, pace = self._host, self._host.policy.watch
        self._failures += 1
        self._rest(watch.rest_s(blind, self._failures, pace, host.rng))
        if blind.of_form:
            await host.run(partial(store.put_off, look, pace.again_s))
        else:
            self._looks.appendleft(look)  # asked for first when the site answers again
        if self._failures >= BLIND_AFTER:
            await self._tell(store, blind.reason)

    async def _tell(self, store: PublicWatch, reason: Reason | None) -> None:
        """Only when it changes."""
        if self._is_blind != (reason is not None):
            await self._host.run(partial(store.blind, reason))
            self._is_blind = reason is not None

    async def _at(self, site: str) -> Http | None:
        """The line to the site of now; None for an address that is none."""
        if self._http is None or self._http.base_url != site:
            await self._leave_site()
            try:
                self._http = Http(site, monotonic=self._host.clock.monotonic)
            except ExpectedError:
                log.warning("the public site's address cannot be used")
        return self._http

    async def _leave_site(self) -> None:
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    def _between_s(self) -> float:
        return self._host.rng.uniform(*self._host.policy.watch.between_s)

    def _rest(self, wait_s: float) -> None:
        self._due = self._host.clock.monotonic() + wait_s
