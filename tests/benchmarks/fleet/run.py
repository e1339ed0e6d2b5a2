"""One run: a policy, a cell, a seed -> figures."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any

from sync.policy import Policy
from tests.benchmarks.fleet.cells import Cell
from tests.benchmarks.fleet.centre import LANES, Centre
from tests.benchmarks.fleet.client import Client, Delivered
from tests.benchmarks.fleet.ideal import ideal
from tests.benchmarks.fleet.rivals import Manners, PerItem, WholeGate, fixed, full_jitter
from tests.benchmarks.fleet.world import World

Make = Callable[[World, Centre, int, Sequence[int], random.Random, Delivered], Any]

OURS = "ours"
POLICIES: Mapping[str, Make] = {
    "item, fixed 15 s": partial(PerItem, manners=Manners(fixed, has_key=False)),
    "item, full jitter": partial(PerItem, manners=Manners(full_jitter, has_key=False)),
    "item, jitter, key": partial(PerItem, manners=Manners(full_jitter, has_key=True)),
    "gate, untuned": WholeGate,
    "ours, 30 s deadline": partial(Client, policy=Policy(deadline_most_s=30.0)),
    OURS: Client,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run came to. Times are seconds, ratios are to the ideal of the same cell."""

    share: float  # of the records, delivered before the horizon
    r90: float | None  # None: not reached
    r100: float | None
    record_requests: float  # POSTs of records per record
    requests: float  # all requests per record
    duplicates: int
    waste: float  # of the workers' time on records and verdicts
    fairness: float | None  # slowest district's end over the median one's
    peak_queue: int
    last_verdict_s: float | None
    cpu_s: float


def run(policy: str, cell: Cell, seed: int) -> Figures:
    """Simulate until every record (and verdict) is delivered or the cell's horizon is reached."""
    began = time.process_time()
    world = World()
    loads = cell.loads()
    first = list(accumulate(loads, initial=0))
    poison = (
        frozenset(first[d * cell.desks] for d in range(cell.districts)) if cell.has_poison else frozenset()
    )
    centre = Centre(world, cell, random.Random(f"{seed} centre"), poison)
    came: dict[str, dict[int, float]] = {kind: {} for kind in LANES}
    owed = {"records": sum(loads) - len(poison)}
    owed["verdicts"] = owed["records"] if cell.has_verdicts else 0

    def delivered(kind: str, item: int) -> None:
        came[kind].setdefault(item, world.t)

    for number, load in enumerate(loads):
        records = range(first[number], first[number] + load)
        rng = random.Random(f"{seed} {number}")
        POLICIES[policy](world, centre, number // cell.desks, records, rng, delivered)
    world.run(cell.horizon_s, lambda: all(len(came[kind]) >= owed[kind] for kind in LANES))
    ends = _district_ends(came["records"], loads, cell, poison)
    return _figures(cell, centre, came, owed, ends, time.process_time() - began)


def _figures(
    cell: Cell,
    centre: Centre,
    came: Mapping[str, Mapping[int, float]],
    owed: Mapping[str, int],
    ends: Sequence[float],
    cpu_s: float,
) -> Figures:
    total = owed["records"]
    times, bound = sorted(came["records"].values()), ideal(cell)
    counts = centre.counts

    def ratio(part: float) -> float | None:
        place = int(total * part) - 1
        return times[place] / bound[place] if len(times) > place else None

    return Figures(
        share=len(times) / total,
        r90=ratio(0.9),
        r100=ratio(1.0),
        record_requests=counts.requests["records"] / total,
        requests=sum(counts.requests.values()) / total,
        duplicates=counts.duplicates,
        waste=counts.wasted_s / max(counts.work_s, 1e-9),
        fairness=max(ends) / statistics.median(ends) if len(times) == total else None,
        peak_queue=counts.peak_queue,
        last_verdict_s=max(came["verdicts"].values(), default=None) if cell.has_verdicts else None,
        cpu_s=cpu_s,
    )


def _district_ends(
    came: Mapping[int, float], loads: Sequence[int], cell: Cell, poison: frozenset[int]
) -> list[float]:
    ends, begin = [], 0
    for district in range(cell.districts):
        size = sum(loads[district * cell.desks : (district + 1) * cell.desks])
        own = [came.get(item, cell.horizon_s) for item in range(begin, begin + size) if item not in poison]
        ends.append(max(own))
        begin += size
    return ends
