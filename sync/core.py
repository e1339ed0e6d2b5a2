"""The engine's loop: look, plan, act, record. Everything it decides is decided in `plan`, `gate`, `line`, `transfer`.

Invariants: every item it claims ends delivered, deferred with a reason and a time, stopped with a reason, or released;
cancelling a task releases its items. Thread: one event loop of its own; the store is called in a few worker threads.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from app.domain.sending import Left
from app.errors import Unavailable
from app.http.api import Http
from app.ports import ChannelState, Clock, EngineStore, Item, ItemKind, Lane, Reason, Secrets, SyncStatus
from sync import consequence, gate
from sync import policy as p
from sync.account import Account
from sync.classify import Action
from sync.client import CentreClient
from sync.consequence import Consequence, Fate
from sync.control import ControlCalls
from sync.deliver import Deliverer
from sync.lane_book import LaneBook
from sync.line import LineBook
from sync.outcome import Answer, Failed
from sync.patience import patiently
from sync.plan import (
    LANE_OF,
    Compare,
    CompareScans,
    Hello,
    Login,
    PullFeed,
    SendOperators,
    SendRecords,
    SendScan,
    SendVerdicts,
    SendWithdrawals,
    Step,
    View,
    WaitUntil,
    items_of,
    plan,
)
from sync.policy import Policy
from sync.scanlane import ScanLane
from sync.sentences import BUG, Trouble
from sync.teller import Teller
from sync.watching import Watcher

log = logging.getLogger(__name__)
T = TypeVar("T")
STORE_THREADS = 2  # two callers share one fsync; four made a key in the window wait 18 ms (p99) instead of 11
LOOK_MOST_S = 60.0  # sleep no longer: a clock that jumped is noticed within this
BUG_WAIT_S = 60.0


class Core:
    """One engine run, from start to close."""

    def __init__(
        self,
        store: EngineStore,
        account: Account,
        *,
        clock: Clock,
        rng: random.Random,
        policy: Policy,
        secrets: Secrets | None,
        on_status: Callable[[SyncStatus], None],
        on_idle: Callable[[bool], None],
    ) -> None:
        self.store, self.account, self.clock, self.rng, self.policy = store, account, clock, rng, policy
        self._secrets, self._on_idle = secrets, on_idle
        self._teller = Teller(clock, on_status)
        self._pool = ThreadPoolExecutor(STORE_THREADS, "engine-store")
        self._lanes = LaneBook(clock, rng, policy)
        self._tasks: dict[asyncio.Task[None], Lane | None] = {}
        self._kick = asyncio.Event()
        self._closing = False
        self._store_failed: Unavailable | None = None  # under a delivery
        self._changes = 0
        self.alone: set[int] = set()
        self._excused: set[int] = set()  # nobody's failure: their next sending is no resend
        self.stopped_items = 0
        self._saved_trouble: Trouble | str | None = "unknown"
        self._skew = clock.now() - clock.monotonic()
        self.watcher = Watcher(self, None)  # the engine may give it a site to look at

    # ---- the loop ----

    @property
    def channels(self) -> Mapping[Lane, ChannelState]:
        return self._lanes.channels

    async def run_until_closed(self) -> None:
        """Loop, and leave nothing in flight. Raises Unavailable when the store cannot keep what the centre answers."""
        try:
            while not self._closing:
                await self._turn()
        finally:
            await self._end()

    async def prepare(self) -> None:
        """Load what was kept; whatever an earlier run left in flight goes back to the queue."""
        await self.run((store := self.store).release_in_flight)
        await self.run(store.rebase_waits)
        newest = self._lanes.load(await self.run(lambda: [store.channel(lane) for lane in Lane]))
        if newest > self.clock.now() + p.CLOCK_JUMP_S:
            self._skew = (
                newest - self.clock.monotonic()
            )  # set back while no engine ran: the first turn notices
        cursor = await self.run(store.feed_cursor)
        self.line = LineBook(self.clock, self.rng, self.policy, cursor)
        self._http = self.connect()
        self._control = ControlCalls(self, self._secrets)
        self.client = CentreClient(
            self._http,
            clock=self.clock,
            call_s=self.policy.call_s,
            on_feed_head=self.line.on_feed_head,
            on_anchor=self._control.on_anchor,
            on_epoch=self.line.on_epoch,
        )
        if token := self._secrets.get(self.account.token_name) if self._secrets is not None else None:
            self.client.token, self.line.needs_login = token, False
        self._deliver = Deliverer(store, self.client, self, self.run, self.clock.now)
        self._scans = ScanLane(self, self._http.carrier)
        await self._scans.thrift.load()
        await self._control.look_for_debts()
        self._lanes.rebase()
        self._tell()

    def connect(self) -> Http:
        """The line to the centre, made inside the loop; a simulation has a line of its own."""
        return Http(self.account.server_url, monotonic=self.clock.monotonic)

    async def _turn(self) -> None:
        if self._store_failed is not None:
            raise self._store_failed
        await self._notice_clock()
        await self._control.check_anchor()
        changes_before = self._changes
        view, may_go = await self._look()
        steps = plan(view)
        sending = [step for step in steps if not isinstance(step, WaitUntil)]
        self.watcher.tend(self.channels, self.line, is_busy=bool(sending or self._tasks or may_go))
        await self._start(sending)
        is_owed = await self._is_answer_near()
        # Nothing ended and nobody called meanwhile: the view is still true.
        is_quiet = not sending and not self._tasks and changes_before == self._changes
        self._on_idle(is_quiet and self.line.is_settled and not may_go and not is_owed)
        self._tell()
        await self._save_channels()
        await self._save_line()
        wait = steps[-1]
        assert isinstance(wait, WaitUntil)  # noqa: S101 - a plan always ends with one
        if not sending:
            await self._sleep_until(min(wait.at, view.now + self.watcher.due_in_s))

    async def _is_answer_near(self) -> bool:
        """The centre owes an answer and it is not yet time to stop waiting: `sync --until-idle` stays for it."""
        return self.clock.now() < self.line.patient_until and await self.run(self.store.answers_owed) > 0

    async def _look(self) -> tuple[View, bool]:
        """The facts, and whether anything is left that people do not hold back. Lanes without room are not asked."""
        now, store = self.clock.now(), self.store
        in_flight = {lane: sum(one is lane for one in self._tasks.values()) for lane in Lane}
        in_flight[Lane.SCANS] = self._scans.places_taken(in_flight[Lane.SCANS])
        wanted: list[tuple[ItemKind, float, int]] = []
        for kind in ItemKind:
            lane = LANE_OF[kind]
            room = gate.room(self.channels[lane], now, in_flight[lane])
            size = 2 if kind is ItemKind.SCAN else gate.batch_size(self.channels[lane], p.BATCH_MOST)
            if room and not (self.line.needs_hello or self.line.needs_login):
                wanted.append((kind, self._lanes.ahead.until(lane, now), room * size))
        free = self._lanes.unpaused()
        unhurried = [
            kind for kind in free if LANE_OF[kind] is not Lane.SCANS or self._scans.open_at() is None
        ]
        due, next_due, is_open, may_go, sending, left = await self.run(
            lambda: (
                {kind: self._scans.thrift.due(kind, until, limit) for kind, until, limit in wanted},
                store.next_due_at(now),
                store.has_open(tuple(ItemKind)),
                store.has_open(unhurried, free),
                store.sending(),
                store.left() if self._teller.wants_count else None,
            )
        )
        self._teller.counted(left if is_open or self._tasks else Left())
        self._scans.choose(sending)
        if await self._scans.weigh(self._teller.left, self._teller.rate):
            self._teller.count_anew()
        view = View(
            now,
            dict(self.channels),
            self._lanes.ahead.still(due, now),
            in_flight,
            self.line.facts(),
            self.line.welcome_batch,
            frozenset(self.alone),
            frozenset(self._scans.started),
            next_due,
            self._scans.open_at(),
        )
        return view, may_go

    async def _start(self, steps: Sequence[Step]) -> None:
        """Claim what the steps carry, then let them run."""
        ids = [item.id for step in steps for item in items_of(step)]
        claimed = set(await self.run(lambda: self.store.claim(ids))) if ids else set()
        for step in steps:
            items = tuple(item for item in items_of(step) if item.id in claimed)
            match step:
                case SendRecords() if items:
                    self._send(items, self._deliver.records(items))
                case SendVerdicts() if items:
                    self._send(items, self._deliver.verdicts(items))
                case SendWithdrawals() if items:
                    self._send(items, self._deliver.withdrawals(items))
                case SendScan() if items:
                    self._send(items, self._scans.send(items[0]))
                case Hello() | Login() | SendOperators() | Compare() | CompareScans() | PullFeed():
                    self.line.is_busy = True
                    self._spawn(None, (), self._control.perform(step))
                case _:
                    pass  # somebody else took the items meanwhile

    def _send(self, items: Sequence[Item], work: Coroutine[Any, Any, None]) -> None:
        lane = LANE_OF[items[0].kind]
        if self.channels[lane].is_paused:  # since they were claimed
            work.close()
            self._spawn(None, items, self.give_back(items))
            return
        is_resend = any(
            item.attempts and item.id not in self._excused and not self._scans.owes_a_receipt(item)
            for item in items
        )
        self._excused -= {item.id for item in items}
        self.react(lane, gate.Sent(is_resend))
        self._spawn(lane, items, work)

    def _spawn(self, lane: Lane | None, items: Sequence[Item], work: Coroutine[Any, Any, None]) -> None:
        if self._closing:  # a cut task may want a successor; the queue is given back as a whole
            work.close()
            return
        task = asyncio.create_task(self._guarded(lane, items, work))
        self._tasks[task] = lane
        task.add_done_callback(partial(self._ended, lane, items, work))

    def spawn_beside(self, items: Sequence[Item], work: Coroutine[Any, Any, None]) -> None:
        """Work that takes no place in a lane (asking for scans' receipts)."""
        self._spawn(None, items, work)

    def _ended(
        self,
        lane: Lane | None,
        items: Sequence[Item],
        work: Coroutine[Any, Any, None],
        task: asyncio.Task[None],
    ) -> None:
        """Also for a task that was cancelled before it began: its items go back all the same."""
        self._tasks.pop(task, None)
        work.close()
        self._changes += 1
        if task.cancelled() and items and not self._closing:  # at close the queue is given back as a whole
            self._spawn(None, items, self.give_back(items))
        if lane is None and not items:
            self.line.is_busy = False
        self._kick.set()

    async def _guarded(
        self, lane: Lane | None, items: Sequence[Item], work: Coroutine[Any, Any, None]
    ) -> None:
        """No item is left in flight, whatever happens; what cannot be written down is given back at the next start."""
        try:
            try:
                await work
            except Unavailable:
                raise
            except Exception:
                log.exception("bug while sending on %s", lane)
                if items:
                    await self.defer(items, BUG_WAIT_S, BUG)
                else:
                    self.line.failed(Failed(Action.RETRY_ITEM, BUG))
        except Unavailable as error:
            self._store_failed = error

    async def _sleep_until(self, at: float) -> None:
        wait_s = min(max(0.0, at - self.clock.now()), LOOK_MOST_S)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._kick.wait()
        self._kick.clear()

    async def _end(self) -> None:
        """Cancel what runs, release it, save what was learnt."""
        self._closing = True  # also when a bug ended the loop: nothing new begins
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=0.5)
        await self.watcher.close()
        await self._http.close()
        await self._save_channels(is_last=True)
        await self._save_line(is_last=True)
        await self.run(self.store.release_in_flight)

    def dispose(self) -> None:
        """After the end, however it came."""
        self._pool.shutdown(wait=False)

    # ---- what deliveries ask for (deliver.Host) ----

    async def run(self, work: Callable[[], T], /) -> T:
        """Blocking store work, off the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def react(self, lane: Lane, event: gate.Event) -> None:
        if self._lanes.react(lane, event):
            self._tell()

    async def batch_failed(self, lane: Lane, items: Sequence[Item], failure: Failed) -> None:
        """What became of a whole batch (or one scan) that did not get through."""
        was_alone = all(item.id in self.alone for item in items)
        outcome = consequence.of_batch(failure, len(items), self.policy, was_alone=was_alone)
        await self._conclude(lane, items, failure, outcome)

    async def lane_failed(self, lane: Lane, items: Sequence[Item], failure: Failed) -> None:
        """Trouble that is the whole lane's or the whole line's."""
        await self._conclude(lane, items, failure, consequence.of_lane(failure, self.policy))

    async def _conclude(
        self, lane: Lane, items: Sequence[Item], failure: Failed, outcome: Consequence
    ) -> None:
        """Tell the lane and the line, then write down what becomes of the items."""
        ids = {item.id for item in items}
        if outcome.event is not None:
            self.react(lane, outcome.event)
        if outcome.is_alone:
            self.alone |= ids
        if outcome.is_excused:
            self._excused |= ids
        match outcome.fate:
            case Fate.QUEUED:
                await self.release(items)
                return
            case Fate.STOPPED:
                await self.stop(items, failure.reason)
                return
            case Fate.WAITS_FOR_LINE:
                self.line.failed(failure)
                if self.line.needs_login:
                    self.client.token = ""
            case Fate.WAITS_ITS_TURN | Fate.WAITS_LONGER | Fate.WAITS_FOR_GATE:
                pass
        now, retry_at, channel = self.clock.now(), self.line.retry_at, self.channels[lane]
        attempts = max(item.attempts for item in items)
        wait_s = consequence.wait_s(
            outcome.fate, failure, channel, retry_at, attempts, now, self.rng, self.policy
        )
        await self.defer(items, wait_s, failure.reason)

    def pause_there(self, lane: Lane, for_s: float, reason: Reason) -> None:
        """`hello` told of a national pause."""
        self.react(lane, consequence.pause(for_s, reason, self.policy))

    async def patiently(self, call: Awaitable[Answer[T] | Failed]) -> Answer[T] | Failed:
        return await patiently(call, self.client.hello, self.policy)

    async def defer(self, items: Sequence[Item], wait_s: float, reason: Reason) -> None:
        ids, next_at = [item.id for item in items], self.clock.now() + max(0.0, wait_s)
        self._lanes.ahead.deferred(items)
        await self.run(lambda: self.store.defer(ids, next_at, reason))

    async def defer_to_gate(self, lane: Lane, items: Sequence[Item], reason: Reason) -> None:
        await self.defer(items, self.channels[lane].gate_until - self.clock.now(), reason)

    async def give_back(self, items: Sequence[Item]) -> None:
        """Released by a pause or a closed gate: nobody's failure, so their next sending is no resend."""
        self._excused |= {item.id for item in items}
        await self.release(items)

    async def release(self, items: Sequence[Item]) -> None:
        await self.run(partial(self.store.release, [item.id for item in items]))

    async def stop(self, items: Sequence[Item], reason: Reason) -> None:
        ids = [item.id for item in items if not item.stands_for]
        self.stopped_items += len(ids)
        await self.run(lambda: self.store.stop(ids, reason))
        for copy in (item for item in items if item.stands_for):  # its scan does without
            await self.run(partial(self.store.give_up_thrifty, copy, reason))

    def mistrust(self, reason: Reason) -> None:
        log.warning("receipt with a wrong signature")
        self.line.mistrust(reason)
        self._tell()

    def delivered(self, took_s: float) -> None:
        self.line.answered(0.0, was_let_in=True)
        self.line.expect_news(took_s)

    def doubt_operators(self) -> None:
        self._control.doubt_operators()

    def later_wait_s(self, attempts: int) -> float:
        low, high = self.policy.later_wait_s
        return min(high, low * 2.0 ** min(attempts, 10)) * (0.5 + self.rng.random() / 2)

    def welcomed(self, chunk: int) -> None:
        self._scans.welcomed(chunk)

    def accepted(self, size: int) -> None:
        """Bytes of scans the centre confirmed."""
        self._teller.accepted(size)

    # ---- commands (called in the loop) ----

    def look_again(self) -> None:
        """A transfer gave its place away."""
        self._kick.set()

    def wake(self) -> None:
        self._changes += 1
        self._on_idle(False)
        self._kick.set()

    def close(self) -> None:
        self._closing = True
        self._kick.set()

    def retry_now(self) -> None:
        """*Coba sekarang*: see `LaneBook.retry`."""
        self._lanes.retry()
        self.line.try_now()
        self.wake()

    def set_paused(self, lanes: Iterable[Lane], is_paused: bool) -> None:
        """Takes effect at once: running requests of these lanes are cut and their items released."""
        chosen = set(lanes)
        self._lanes.pause(chosen, is_paused)
        if is_paused:
            for task, lane_of_task in list(self._tasks.items()):
                if lane_of_task in chosen:
                    task.cancel()
        self._tell()
        self.wake()

    # ---- small things ----

    async def _notice_clock(self) -> None:
        """Sleep or a changed clock shows as wall and monotonic time drifting apart: waits are re-reckoned and tried."""
        skew = self.clock.now() - self.clock.monotonic()
        if abs(skew - self._skew) < p.CLOCK_JUMP_S:
            return
        log.info("clock jumped by %.0f s", skew - self._skew)
        self._skew = skew
        self._lanes.rebase()
        await self.run(self.store.rebase_waits)
        self.retry_now()

    async def _save_channels(self, *, is_last: bool = False) -> None:
        for state in self._lanes.to_save(is_last=is_last):
            await self.run(partial(self.store.save_channel, state))

    async def _save_line(self, *, is_last: bool = False) -> None:
        """The whole line's trouble, for `status` and Antrean; what an earlier run learnt holds until an answer.

        And how the line turned, for the reports: one write a turn, none while it stays as it is.
        """
        if turns := self._teller.turns(is_last=is_last):
            await self.run(lambda: self.store.note_line(turns))
        trouble = self.line.trouble
        if trouble == self._saved_trouble or (trouble is None and not self.line.has_met):
            return
        self._saved_trouble = trouble
        reason, next_try_at = (trouble.reason, trouble.next_try_at) if trouble else (None, None)
        await self.run(lambda: self.store.save_line(reason, next_try_at))

    def _tell(self) -> None:
        """Status to whoever listens, when it changed."""
        in_flight = sum(lane is not None for lane in self._tasks.values())
        self._teller.tell(self.channels, self.line, in_flight, self._scans.open_at())
