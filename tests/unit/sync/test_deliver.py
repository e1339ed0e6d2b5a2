"""What every batch shows of the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from app.domain.c1form import body_digest
from app.ports import Item, ItemKind, Json, Lane, Reason
from sync.classify import Action
from sync.client import CentreClient
from sync.deliver import Deliverer, Host
from sync.outcome import Answer, Failed
from sync.receipts import WRONG_KEY
from sync.wire import Problem, RecordResult, RecordResults, RecordStatus
from tests.fakes.memory_store import MemoryStore
from tests.unit.sync.central.office import TPS, TPS_2

T = TypeVar("T")


class GrowingJournal(MemoryStore):
    """Between two looks at the journal there is always one more line."""

    seq = 0

    def journal_head(self, anchored_seq: int) -> Json:
        self.seq += 1
        return {"seq": self.seq, "hash": "x", "earlier": {}}


class Line:
    """Takes batches, answers none; also the host, who has nothing to do."""

    def __init__(self) -> None:
        self.account = SimpleNamespace(device_id="pc-1", keys={}, realm="latihan-uji")
        self.heads: list[Json] = []
        self.features: frozenset[str] | None = None

    async def records(self, device: str, head: Json, records: Sequence[Json], total_s: float) -> Failed:
        self.heads.append(head)
        return Failed(Action.CLOSE_GATE, WRONG_KEY)

    async def patiently(self, call: Awaitable[T]) -> T:
        return await call

    async def batch_failed(self, lane: Lane, items: Sequence[Item], failure: Failed) -> None:
        """Not the matter here."""


async def in_turn(work: Callable[[], T], /) -> T:
    found = work()
    await asyncio.sleep(0)
    return found


def test_batches_that_begin_together_show_the_same_head() -> None:
    """Each read its own once; the journal grew in between, the older one came second, and the centre saw a fork."""
    store, line = GrowingJournal(), Line()
    for tps in (TPS, TPS_2):
        store.add(ItemKind.RECORD, tps, tps, body={})
    items = store.due(ItemKind.RECORD, 1e11, 2)
    host: Any = line
    deliverer = Deliverer(store, cast("CentreClient", host), cast("Host", host), in_turn, lambda: 0.0)

    async def both() -> None:
        await asyncio.gather(*(deliverer.records([item]) for item in items))

    asyncio.run(both())
    first, second = line.heads
    assert first == second
    asyncio.run(deliverer.records(items[:1]))
    assert line.heads[-1]["seq"] > first["seq"], "what begins later shows what is new"


class Refusing(Line):
    """Refuses every record, and the store hears which body that was about."""

    async def records(self, device: str, head: Json, records: Sequence[Json], total_s: float) -> Any:
        problem = Problem(title="x", status=422, code="signature")
        results = [RecordResult(key=TPS, status=RecordStatus.REJECTED, problem=problem) for _ in records]
        return Answer(RecordResults(results=results, feed_head=0), 0.1)

    def react(self, lane: Lane, event: object) -> None:
        """No gate here."""


class Hearing(MemoryStore):
    sent: str | None = None

    def record_result(
        self, item: Item, status: str, receipt: Json | None, reason: Reason | None, sent: str | None = None
    ) -> None:
        self.sent = sent


def test_an_outcome_names_the_body_it_is_about() -> None:
    """What grew meanwhile, whoever noticed it first, is then not taken for what was sent."""
    store, host = Hearing(), cast("Any", Refusing())
    store.add(ItemKind.RECORD, TPS, TPS, body={"tps": TPS})
    (item,) = store.due(ItemKind.RECORD, 1e11, 1)
    deliverer = Deliverer(store, host, host, in_turn, lambda: 0.0)
    asyncio.run(deliverer.records([item]))
    assert store.sent == body_digest({"tps": TPS})
