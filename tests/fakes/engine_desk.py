"""A district PC without a workplace: an office's keys, a store in memory, the real engine, for a real centre."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import msgspec
from msgspec.structs import replace

from app.ports import ItemKind
from sync.account import Account, enrol
from sync.central.server import RunningCentre
from sync.engine import Engine, IdleReport, run_until_idle
from sync.policy import Policy
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.memory_store import MemoryStore
from tests.unit.sync.central.office import JPEG, QUICK, REALM, TPS, Office

QUICKLY = replace(
    Policy.practice(), scale=0.05, idle_poll_s=(0.5, 1.0), expecting_poll_s=0.05, later_wait_s=(0.02, 0.1)
)


class Desk:
    """A district PC: an office's keys, a store in memory, and its account."""

    def __init__(self, centre: RunningCentre, folder: Path) -> None:
        self.setup, self.code = centre.setup_for("3204")
        self.office, self.store, self.secrets = Office(), MemoryStore(), MemorySecrets()
        self.clock, self.folder, self.policy = RealClock(), folder, QUICKLY
        self.store.operators = self.office.operators()
        self.account = Account(
            self.setup.server, REALM, "3204", self.setup.keys, self.office.device, self.office.device_key
        )
        plain = msgspec.to_builtins(self.setup)
        token = enrol(plain, self.code, self.office.device, self.office.device_key, clock=self.clock)
        assert isinstance(token, str)

    def engine(self, account: Account | None = None, seed: int = 1) -> Engine:
        return Engine(
            self.store,
            account or self.account,
            self.clock,
            random.Random(seed),
            policy=self.policy,
            secrets=self.secrets,
        )

    def sync(self, seconds: float = 20.0) -> IdleReport:
        return run_until_idle(self.engine(), self.clock, seconds=seconds)

    def add_record(self, tps: str, p1: int = 71) -> int:
        cells = {**QUICK, "P1": p1}
        body = self.office.settled(cells, tps=tps)
        return self.store.add(ItemKind.RECORD, self.office.hash_of(cells, tps), tps, body=body)

    def add_scan(self, number: int, tps: str = TPS, size: int = 20_000) -> str:
        data = JPEG + random.Random(number).randbytes(size)
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.folder / f"{sha256}.jpg"
        path.write_bytes(data)
        self.store.add(ItemKind.SCAN, sha256, tps, path=path)
        return sha256

    def add_pair(self, number: int, size: int, copy_size: int, tps: str = TPS) -> str:
        """A scan with its thrifty copy; returns the copy's hash."""
        self.add_scan(number, tps, size)
        data = JPEG + random.Random(-number).randbytes(copy_size)
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.folder / f"{sha256}.webp"
        path.write_bytes(data)
        self.store.add_thrifty(len(self.store.rows), sha256, path)
        return sha256
