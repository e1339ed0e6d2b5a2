"""The constants of the model, and the cells of the tables: one cell is one centre under one load."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from tests.benchmarks.fleet.world import Calendar, calendar

DISTRICTS = 514
DESKS = 4  # clients of one district
RECORDS = 25  # of one client at t = 0
RTT_S = 0.15
SMALL_S = 0.05  # worker seconds of a poll, a sign-in, a wholly replayed request
OUTAGE_S = (300.0, 420.0)
PAUSE_S = (720.0, 900.0)
RETURNED_AFTER_S = (60.0, 300.0)  # with verdicts: from storing to the feed's event
LIMIT_BATCH, LIMIT_IN_FLIGHT = 50, 8  # what our centre's `hello` welcomes


@dataclass(frozen=True, slots=True)
class Cost:
    """Worker seconds of a request with n new records: `request_s + record_s * n`."""

    name: str
    request_s: float
    record_s: float

    def of(self, new: int) -> float:
        return self.request_s + self.record_s * new


HEAVY = Cost("heavy", 0.3, 0.02)
RECORD = Cost("record", 0.1, 0.1)
LEGACY = Cost("legacy", 0.0, 0.5)
COSTS = (HEAVY, RECORD, LEGACY)


class Refusal(StrEnum):
    """How the centre says that it is full."""

    NEVER = "plain"  # an unbounded queue; work of a client that left is done all the same
    SAME = "same"  # 429, Retry-After = the expected wait, the same for all
    MUTE = "mute"  # 503 without Retry-After
    SPREAD = "ours"  # `sync.central.admission`, and work of a client that left is dropped


@dataclass(frozen=True, slots=True)
class Cell:
    """One centre, one load."""

    cost: Cost
    workers: int
    refusal: Refusal = Refusal.SPREAD
    districts: int = DISTRICTS
    desks: int = DESKS
    records: int = RECORDS
    outage: tuple[float, float] | None = OUTAGE_S
    is_silent: bool = False  # in the outage: hangs and swallows instead of refusing
    pause: tuple[float, float] | None = PAUSE_S
    slow: tuple[float, float] | None = None  # (from second, factor)
    is_unequal: bool = False  # districts hold 1/4 to 4 times the usual, log-uniform
    has_poison: bool = False  # one record of each district makes every request it is in end with 500
    has_verdicts: bool = False
    batch: int = LIMIT_BATCH
    horizon_s: float = 3600.0

    @property
    def name(self) -> str:
        return f"{self.cost.name} {self.workers}"

    def calendar(self) -> Calendar:
        return calendar([times for times in (self.outage, self.pause) if times], self.slow)

    def loads(self) -> list[int]:
        """Records of each client, district by district. The same for every seed, as is the ideal."""
        rng = random.Random(514)
        loads = []
        for _ in range(self.districts):
            share = 4 ** rng.uniform(-1, 1) if self.is_unequal else 1.0
            loads += [max(1, round(self.records * share))] * self.desks
        return loads
