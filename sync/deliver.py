"""Carries a batch of records, verdicts or withdrawals to the centre and writes down what became of each one.

Invariants: nothing is done without a good receipt; one bad element never decides about its neighbours; every one that
did not arrive gets a reason and a next time. Thread: the engine's event loop; the store is called through `run`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from app.domain.c1form import body_digest
from app.ports import EngineStore, Item, ItemKind, Json, Lane, Reason
from sync import gate, receipts, wire
from sync import policy as p
from sync.account import Account
from sync.classify import Action
from sync.client import CentreClient
from sync.outcome import Answer, Failed, iso
from sync.plan import LANE_OF
from sync.scan_seams import Run

_WAITING_TEXT = "Menunggu versinya sampai dulu di KPU RI."
_UNREADABLE = Reason("malformed", "Jawaban KPU RI tidak dapat dibaca.")
T = TypeVar("T")
Result = wire.RecordResult | wire.VerdictResult


class Host(Protocol):
    """What a delivery asks of the engine around it."""

    account: Account

    def react(self, lane: Lane, event: gate.Event) -> None: ...

    async def batch_failed(self, lane: Lane, items: Sequence[Item], failure: Failed) -> None: ...

    async def patiently(self, call: Awaitable[Answer[T] | Failed]) -> Answer[T] | Failed: ...

    async def defer(self, items: Sequence[Item], wait_s: float, reason: Reason) -> None: ...

    def mistrust(self, reason: Reason) -> None: ...

    def delivered(self, took_s: float) -> None:
        """Something arrived, in `took_s`, that the feed will answer."""
        ...

    def doubt_operators(self) -> None:
        """The centre did not know a signer: look whether the list must be sent again."""
        ...

    def later_wait_s(self, attempts: int) -> float: ...


@dataclass(slots=True)
class _Batch:
    """Items that still have something to send, their bodies, and of records the digests of these."""

    items: list[Item]
    bodies: list[Json]
    digests: Sequence[str] = ()


class Deliverer:
    """One per engine run."""

    def __init__(
        self,
        store: EngineStore,
        client: CentreClient,
        host: Host,
        run: Run,
        now: Callable[[], float],
    ) -> None:
        self._store, self._client, self._host = store, client, host
        self._run, self._now = run, now
        self._heads_in_use = 0
        self._head: asyncio.Future[Json] | None = None
        self._is_fresh = True  # nothing of this run was answered yet

    async def records(self, items: Sequence[Item]) -> None:
        batch = await self._bodies(items, self._store.record_body)
        if not batch.items:
            return
        batch.digests = await self._run(lambda: [body_digest(body) for body in batch.bodies])
        for body in batch.bodies:
            body["sent_at"] = iso(self._now())
            if wire.AS_OF not in (self._client.features or ()):
                body.pop(wire.AS_OF, None)  # a centre of before refuses what it does not know
        device, bodies = self._host.account.device_id, batch.bodies
        answer = await self._anchored(
            lambda head: self._client.records(device, head, bodies, total_s=p.DEADLINE_MOST_S)
        )
        if isinstance(answer, Answer) and isinstance(answer.value, wire.RecordResults):
            anchor = answer.value.anchor_seq
            if anchor:
                await self._run(lambda: self._store.save_anchor(anchor))
        await self._settle(ItemKind.RECORD, batch, answer)

    async def verdicts(self, items: Sequence[Item]) -> None:
        batch = await self._bodies(items, self._store.verdict_body)
        if batch.items:
            answer = await self._anchored(
                lambda head: self._client.verdicts(head, batch.bodies, total_s=p.DEADLINE_MOST_S)
            )
            await self._settle(ItemKind.VERDICT, batch, answer)

    async def withdrawals(self, items: Sequence[Item]) -> None:
        batch = await self._bodies(items, self._store.withdrawal_body)
        if batch.items:
            answer = await self._anchored(
                lambda head: self._client.withdrawals(head, batch.bodies, total_s=p.DEADLINE_MOST_S)
            )
            await self._settle(ItemKind.WITHDRAWAL, batch, answer)

    async def _bodies(self, items: Sequence[Item], read: Callable[[Item], Json | None]) -> _Batch:
        """One trip to the store for all of them; what is no longer to be sent was cancelled there."""
        found = await self._run(lambda: [read(item) for item in items])
        pairs = [(item, body) for item, body in zip(items, found, strict=True) if body is not None]
        return _Batch([item for item, _ in pairs], [body for _, body in pairs])

    async def _anchored(self, send: Callable[[Json], Awaitable[Answer[T] | Failed]]) -> Answer[T] | Failed:
        """Every batch shows the journal's head."""
        try:
            answer = await self._host.patiently(send(await self._take_head()))
        finally:
            self._heads_in_use -= 1
        if isinstance(answer, Answer):
            self._is_fresh = False
        return answer

    async def _take_head(self) -> Json:
        """The journal's head. While a batch is under way the same head is shown again, so that batches which
        overtake one another never look like a journal that went back: those that begin together wait for one reading
        of it (two readings differed by a line once, and the older of two fresh ones counts as a fork)."""
        self._heads_in_use += 1
        if self._heads_in_use == 1 or self._head is None:
            self._head = asyncio.ensure_future(self._read_head())
        return await asyncio.shield(self._head)

    async def _read_head(self) -> Json:
        store = self._store
        head = await self._run(lambda: store.journal_head(store.anchored_seq()))
        return head | {"fresh": True} if self._is_fresh else head

    async def _settle(
        self,
        kind: ItemKind,
        batch: _Batch,
        answer: Answer[wire.RecordResults | wire.VerdictResults] | Failed,
    ) -> None:
        lane, items = LANE_OF[kind], batch.items
        if isinstance(answer, Failed):
            await self._host.batch_failed(lane, items, answer)
            return
        results: Sequence[Result] = answer.value.results
        if not _fits(items, results):
            await self._host.batch_failed(lane, items, Failed(Action.RETRY_ITEM, _UNREADABLE))
            return
        self._host.react(lane, gate.Succeeded(answer.took_s, is_full=len(items) >= p.BATCH_LEAST))
        sent: Sequence[str | None] = batch.digests or [None] * len(items)
        told = zip(items, results, sent, strict=True)
        outcomes = await asyncio.gather(*(self._one(kind, *one) for one in told))
        if any(outcomes):
            self._host.delivered(answer.took_s)

    async def _one(self, kind: ItemKind, item: Item, result: Result, sent: str | None) -> bool:
        """Write down one outcome; True when it arrived. `sent`: the digest of the record it is about."""
        reason = None
        if result.problem is not None:
            reason = Reason(result.problem.code, result.problem.detail, result.problem.status)
        status = str(result.status)
        if status == "later":
            wait_s = self._host.later_wait_s(item.attempts)
            await self._host.defer([item], wait_s, Reason("later", _WAITING_TEXT))
            return False
        if status == "rejected" and result.problem is not None and result.problem.retryable:
            self._host.doubt_operators()
            assert reason is not None  # noqa: S101 - made from the problem just above
            await self._host.defer([item], self._host.later_wait_s(item.attempts), reason)
            return False
        receipt = self._checked(kind, item, result)
        if status in {"stored", "replayed", "rival"} and receipt is None:
            self._host.mistrust(receipts.WRONG_KEY)
            await self._host.defer([item], self._host.later_wait_s(item.attempts), receipts.WRONG_KEY)
            return False
        store = self._store
        match kind:
            case ItemKind.RECORD:
                write = partial(store.record_result, item, status, receipt, reason, sent)
            case ItemKind.VERDICT:
                write = partial(store.verdict_result, item, status, receipt, reason)
            case _:
                write = partial(store.withdrawal_result, item, status, receipt, reason)
        await self._run(write)
        return receipt is not None

    def _checked(self, kind: ItemKind, item: Item, result: Result) -> Json | None:
        """The receipt, when it is genuine and for this very thing."""
        what, values_hash = item.what, ""
        if isinstance(result, wire.RecordResult):
            what, values_hash = result.key, item.what
        elif result.receipt is not None:
            values_hash = result.receipt.values_hash  # the statement's id says which values it is about
        return receipts.checked(
            result.receipt,
            keys=self._host.account.keys,
            realm=self._host.account.realm,
            kind=kind.value,
            what=what,
            values_hash=values_hash,
        )


def _fits(items: Sequence[Item], results: Sequence[wire.RecordResult | wire.VerdictResult]) -> bool:
    """As many results as items, in the order asked, each naming its own."""
    if len(items) != len(results):
        return False
    for item, result in zip(items, results, strict=True):
        if isinstance(result, wire.RecordResult):
            is_own = item.key is not None and result.key == item.key.text()
        else:
            is_own = result.id == item.what
        if not is_own and str(result.status) != "rejected":
            return False
    return True
