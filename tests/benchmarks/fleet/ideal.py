"""The bound: the same work on the same centre in full batches under perfect scheduling, standstills added."""

from __future__ import annotations

import heapq

from tests.benchmarks.fleet.cells import RTT_S, Cell


def ideal(cell: Cell) -> list[float]:
    """Seconds at which each record would be known as delivered, ascending.

    One batch of all a client has (at most what the centre welcomes), the cheapest per record first, no worker idle
    while work is there, one round trip; no poll, sign-in, refusal or repeat.
    """
    batches = []
    for load in cell.loads():
        whole, rest = divmod(load, cell.batch)
        batches += [cell.batch] * whole + ([rest] if rest else [])
    batches.sort(reverse=True)  # a batch's cost per record falls with its size
    calendar, free = cell.calendar(), [0.0] * cell.workers
    times: list[float] = []
    for size in batches:
        end = calendar.end_of(heapq.heappop(free), cell.cost.of(size))
        heapq.heappush(free, end)
        times += [end + RTT_S] * size
    return sorted(times)
