"""Scans on their way to our own centre: transfer, then the signed receipt, asked for many at once.

Invariants: a scan is delivered only with a good receipt for its hash; a thrifty copy goes the same way under its own
hash and receipt, and a copy that cannot go is given up and stops no scan. Thread: the engine's event loop.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from app.domain.sending import Left, Sending
from app.http.carrier import Carrier
from app.ports import ChannelState, Clock, EngineStore, Item, Lane, Reason
from sync import gate, receipts
from sync import policy as p
from sync.account import Account
from sync.bandwidth import Limiter
from sync.classify import Action
from sync.client import CentreClient
from sync.night import Night
from sync.outcome import Failed
from sync.plan import is_open
from sync.policy import Policy
from sync.scan_seams import Arrived, Deferred, GateShut, ScanSeams, Stopped
from sync.scans import ScanSender
from sync.thrift_book import ThriftBook
from sync.tus import Tus
from sync.wire import THRIFTY

T = TypeVar("T")
_NO_RECEIPT = Reason("no_receipt", "KPU RI belum memberi tanda terima untuk pindaian ini.")


class ScanHost(Protocol):
    """What this lane uses of the engine around it."""

    store: EngineStore
    account: Account
    clock: Clock
    rng: random.Random
    policy: Policy
    client: CentreClient

    @property
    def channels(self) -> Mapping[Lane, ChannelState]: ...

    async def run(self, work: Callable[[], T], /) -> T: ...

    def react(self, lane: Lane, event: gate.Event) -> None: ...

    async def batch_failed(self, lane: Lane, items: Sequence[Item], failure: Failed) -> None: ...

    async def lane_failed(self, lane: Lane, items: Sequence[Item], failure: Failed) -> None: ...

    async def defer(self, items: Sequence[Item], wait_s: float, reason: Reason) -> None: ...

    async def defer_to_gate(self, lane: Lane, items: Sequence[Item], reason: Reason) -> None: ...

    async def give_back(self, items: Sequence[Item]) -> None: ...

    def look_again(self) -> None: ...

    async def stop(self, items: Sequence[Item], reason: Reason) -> None: ...

    def mistrust(self, reason: Reason) -> None: ...

    def delivered(self, took_s: float) -> None: ...

    def accepted(self, size: int) -> None: ...

    def later_wait_s(self, attempts: int) -> float: ...

    def spawn_beside(self, items: Sequence[Item], work: Coroutine[Any, Any, None]) -> None: ...


class ScanLane:
    """One per engine run."""

    def __init__(self, host: ScanHost, carrier: Carrier) -> None:
        self._host = host
        self._limiter = Limiter(host.clock.monotonic)
        tus = Tus(
            carrier,
            host.client.scans_url,
            clock=host.clock,
            headers=host.client.credentials,
            on_headers=host.client.note_headers,
            policy=host.policy,
            limiter=self._limiter,
        )
        self._sender = ScanSender(
            tus,
            ScanSeams(
                host.store,
                host.run,
                host.clock,
                host.rng,
                host.policy,
                on_event=self._on_event,
                failures=lambda: host.channels[Lane.SCANS].failures,
                may_go_on=self._may_go_on,
                on_room=host.look_again,
                bodies_most=lambda: int(host.channels[Lane.SCANS].limit),
                on_accepted=host.accepted,
                holds=lambda item, is_fresh: host.client.holds_scan(
                    item.what, item.stands_for, is_fresh=is_fresh
                ),
            ),
        )
        self.started: set[str] = set()
        self._chosen = Sending()
        self._night = Night(host.rng, host.policy)
        self.thrift = ThriftBook(host)
        self._arrived: list[Item] = []
        self._is_asking = False
        self._forbidden: dict[int, int] = {}
        self._whole: set[str] = set()  # every byte is there, only the receipt is still owed
        self._asked: set[str] = set()  # of those: asked for before

    def _on_event(self, event: gate.Event) -> None:
        self.thrift.note(event)
        self._host.react(Lane.SCANS, event)

    def welcomed(self, chunk: int) -> None:
        """`hello` said how many bytes the centre takes at once."""
        self._sender.welcomed(chunk)

    def places_taken(self, transfers: int) -> int:
        """How many of the lane's places so many transfers take."""
        return self._sender.places.taken(transfers, self._host.channels[Lane.SCANS], self._host.clock.now())

    def owes_a_receipt(self, item: Item) -> bool:
        """True when sending it sends nothing: it only joins the next question for receipts."""
        return item.what in self._whole

    async def send(self, item: Item) -> None:
        """One scan until it is whole, waits or stops."""
        ended = Arrived(was_held=True) if self.owes_a_receipt(item) else await self._sender.send(item)
        host = self._host
        match ended:
            case Arrived():
                self.started.discard(item.what)
                self._forbidden.pop(item.id, None)
                self._whole.add(item.what)
                self._ask_receipt(item)
            case GateShut():
                await host.give_back([item])
            case Stopped(reason):
                await host.stop([item], reason)
            case Deferred(failure, wait_s):
                self.started.add(item.what)
                if failure.action is Action.ASK_PERSON:
                    await self._forbid(item, failure)
                elif failure.action is Action.CLOSE_GATE:
                    await host.defer_to_gate(Lane.SCANS, [item], failure.reason)
                elif wait_s is not None:
                    await host.defer([item], wait_s, failure.reason)
                else:
                    await host.lane_failed(Lane.SCANS, [item], failure)

    async def _forbid(self, item: Item, failure: Failed) -> None:
        """403: sign in afresh once; again on the same upload it counts as gone."""
        count = self._forbidden[item.id] = self._forbidden.get(item.id, 0) + 1
        if failure.reason.status == 403 and count == 1:
            again = Failed(Action.SIGN_IN, failure.reason, took_s=failure.took_s)
            await self._host.lane_failed(Lane.SCANS, [item], again)
            return
        if failure.reason.status == 403 and count == 2:
            endpoint = self._host.client.scans_url
            await self._host.run(lambda: self._host.store.forget_upload(item.what, endpoint))
        await self._host.lane_failed(Lane.SCANS, [item], failure)

    def choose(self, sending: Sending) -> None:
        """What people chose last; a new limit holds at once, in mid-chunk."""
        self._chosen = sending
        self._night.choose(sending.hours)
        self._limiter.set_limit(sending.limit_bytes_s)
        self._sender.limited(sending.limit_bytes_s)

    async def weigh(self, left: Left, rate: float) -> bool:
        """Do thrifty copies go first? By what is left and the rate it goes at; True when that has just turned."""
        return await self.thrift.weigh(left, rate, self._chosen.limit_bytes_s)

    def open_at(self) -> float | None:
        """When the night schedule lets images go again; None: now."""
        return self._night.opens_at(self._host.clock.now())

    def _may_go_on(self, item: Item) -> bool:
        if not is_open(item, self.open_at()):
            return False
        state = self._host.channels[Lane.SCANS]
        return gate.phase(state, self._host.clock.now()) is not gate.Phase.CLOSED and not state.is_paused

    # ---- receipts ----

    def _ask_receipt(self, item: Item) -> None:
        """Whatever arrives while a question is under way goes into the next one."""
        self._arrived.append(item)
        if not self._is_asking:
            self._is_asking = True
            self._next_question()

    def _next_question(self) -> None:
        items, self._arrived = self._arrived[: p.BATCH_MOST], self._arrived[p.BATCH_MOST :]
        self._host.spawn_beside(items, self._ask(items))

    async def _ask(self, items: Sequence[Item]) -> None:
        try:
            await self._take_receipts(items)
        finally:
            if self._arrived:
                self._next_question()
            else:
                self._is_asking = False

    async def _take_receipts(self, items: Sequence[Item]) -> None:
        host, hashes = self._host, {item.what for item in items}
        # One request, one resend of the budget, however many scans it is about.
        host.react(Lane.SCANS, gate.Sent(is_resend=not self._asked.isdisjoint(hashes)))
        self._asked |= hashes
        wanted = [item.what for item in items]
        answer = await self._sender.ask(lambda is_fresh: host.client.scan_receipts(wanted, is_fresh=is_fresh))
        if isinstance(answer, Failed):
            await host.batch_failed(Lane.SCANS, items, answer)
            return
        host.react(Lane.SCANS, gate.Succeeded(answer.took_s))
        given = {(one.kind, one.what, one.values_hash): one for one in answer.value.receipts}
        for item in items:
            kind = THRIFTY if item.stands_for else item.kind.value
            receipt = given.get((kind, item.what, item.stands_for))
            self._whole.discard(item.what)
            self._asked.discard(item.what)
            if receipt is None:  # whole, it said, but not kept: by hash first, then from the start
                await host.run(partial(host.store.forget_upload, item.what, host.client.scans_url))
                await host.defer([item], host.later_wait_s(item.attempts), _NO_RECEIPT)
                continue
            good = receipts.checked(
                receipt,
                keys=host.account.keys,
                realm=host.account.realm,
                kind=kind,
                what=item.what,
                values_hash=item.stands_for,
            )
            if good is None:
                host.mistrust(receipts.WRONG_KEY)
                await host.defer([item], host.later_wait_s(item.attempts), receipts.WRONG_KEY)
                continue
            write = host.store.thrifty_delivered if item.stands_for else host.store.scan_delivered
            await host.run(partial(write, item, good))
            host.delivered(answer.took_s)
