"""One record and one scan to deliver, an impatient engine, and a server that makes it hard."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from app.domain.lifecycle import OutboxState
from app.ports import ItemKind
from sync.account import Account
from sync.engine import Engine, IdleReport, run_until_idle
from sync.policy import Policy
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.fault_server import FaultServer
from tests.fakes.memory_store import MemoryStore
from tests.unit.sync.central.office import JPEG, QUICK, REALM, TPS, Office

RECORDS = "/api/v1/records"
SIZE = 200_000
IMPATIENT = replace(
    Policy.practice(),
    scale=0.01,
    pause_spread_s=0.05,
    idle_poll_s=(0.2, 0.4),
    expecting_poll_s=0.05,
    later_wait_s=(0.01, 0.05),
    person_wait_s=0.3,
    call_s=0.5,
    silence_least_s=0.2,
    deadline_most_s=0.6,
    hello_beside_s=(0.2,),
    hello_answer_s=0.3,
    body_deadline_s=0.5,
)


@dataclass
class Bench:
    """One record and one scan to deliver, and the server that makes it hard."""

    server: FaultServer
    store: MemoryStore
    clock: RealClock
    account: Account

    def engine(self) -> Engine:
        return Engine(
            self.store,
            self.account,
            self.clock,
            random.Random(1),
            policy=IMPATIENT,
            secrets=MemorySecrets(),
        )

    def sync(self, seconds: float = 10.0) -> IdleReport:
        return run_until_idle(self.engine(), self.clock, seconds=seconds)

    def check(self) -> None:
        """The one property."""
        assert self.store.unexplained(self.clock.now()) == []
        by_key = [key for key, _ in self.server.records]
        assert len(by_key) == len(set(by_key)), "a form twice at the centre"
        for sha256, data in self.server.scans.items():
            assert hashlib.sha256(data).hexdigest() == sha256
        sent = {row.item.what for row in self.store.rows.values() if row.state is OutboxState.DONE}
        held = {values_hash for _, values_hash in self.server.records} | set(self.server.scans)
        assert sent <= held, "done without being at the centre"


@contextmanager
def fault_bench(folder: Path) -> Iterator[Bench]:
    """The scan lies in `folder`; the server runs until the end."""
    office, clock = Office(), RealClock()
    store = MemoryStore(clock=clock)
    store.add(ItemKind.RECORD, office.hash_of(QUICK), TPS, body=office.settled())
    data = JPEG + random.Random(7).randbytes(SIZE)
    path = folder / "scan.jpg"
    path.write_bytes(data)
    store.add(ItemKind.SCAN, hashlib.sha256(data).hexdigest(), TPS, path=path)
    with FaultServer() as server:
        account = Account(server.url, REALM, "3204", server.keys, office.device, office.device_key)
        yield Bench(server, store, clock, account)
