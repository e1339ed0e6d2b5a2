"""Three tables from many runs, as Markdown; and the page that holds them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.fleet import cells as c
from tests.benchmarks.fleet.cells import Cell, Refusal
from tests.benchmarks.fleet.ideal import ideal
from tests.benchmarks.fleet.run import OURS, POLICIES, Figures, run

BEGIN, END = "<!-- begin: bench_fleet -->", "<!-- end: bench_fleet -->"
SIZES = (25, 10)
RANKING_HORIZON_S = 1200.0
COLUMNS = (
    "r90",
    "r100",
    "record requests / record",
    "all requests / record",
    "duplicates",
    "waste %",
    "fairness",
    "peak queue",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its runs differ in the seed alone."""

    table: int
    name: str
    policy: str
    cell: Cell


def rows(scale: Callable[[Cell], Cell]) -> list[Row]:
    """Everything that is measured; `scale` may make the fleet smaller."""
    found = [
        Row(1, f"{refusal.value}: {cost.name}, {workers} workers", OURS, Cell(cost, workers, refusal))
        for refusal in (Refusal.SPREAD, Refusal.NEVER)
        for cost in c.COSTS
        for workers in SIZES
    ]
    found += [
        Row(2, f"{refusal.value}, {workers} workers: {policy}", policy, cell)
        for refusal in (Refusal.NEVER, Refusal.SPREAD)
        for workers in SIZES
        for cell in [Cell(c.HEAVY, workers, refusal, horizon_s=RANKING_HORIZON_S)]
        for policy in POLICIES
    ]
    found += [Row(3, name, OURS, cell) for name, cell in _stress()]
    return [replace(row, cell=scale(row.cell)) for row in found]


def _stress() -> list[tuple[str, Cell]]:
    heavy, legacy = Cell(c.HEAVY, 25), Cell(c.LEGACY, 25)
    before_both = [
        ("200 records each, x 4 slower from minute 1", replace(heavy, records=200, slow=(60.0, 4.0))),
        ("outage from second 30", replace(heavy, outage=(30.0, 150.0))),
        ("silent outage, legacy", replace(legacy, is_silent=True)),
        ("unequal districts, record, 10 workers", Cell(c.RECORD, 10, is_unequal=True)),
        ("a poisoned record per district, 10 workers", Cell(c.HEAVY, 10, has_poison=True)),
        ("verdicts on, record", Cell(c.RECORD, 25, has_verdicts=True)),
    ]
    return [
        *(
            (f"{refusal.value}: {name}", replace(cell, refusal=refusal))
            for name, cell in before_both
            for refusal in (Refusal.SPREAD, Refusal.NEVER)
        ),
        ("same: Retry-After the same for all, 10 workers", Cell(c.HEAVY, 10, Refusal.SAME)),
        ("mute: 503 without Retry-After", replace(heavy, refusal=Refusal.MUTE)),
        ("mute: the same, legacy", replace(legacy, refusal=Refusal.MUTE)),
        ("ours: one record a request, 10 workers", Cell(c.HEAVY, 10, batch=1)),
    ]


def measure(plan: Sequence[Row], seeds: Sequence[int], jobs: int) -> list[list[Figures]]:
    """Every row for every seed (stress rows for the first alone), in `jobs` processes."""
    with ProcessPoolExecutor(jobs) as pool:
        pending = [
            [
                pool.submit(run, row.policy, row.cell, seed)
                for seed in (seeds[:1] if row.table == 3 else seeds)
            ]
            for row in plan
        ]
        return [[one.result() for one in futures] for futures in pending]


def tables(plan: Sequence[Row], found: Sequence[Sequence[Figures]], seeds: Sequence[int]) -> str:
    """The three tables under the constants they were made with."""
    titles = {
        1: ("Our policy", "centre: cost, size"),
        2: ("The ranking (heavy cost)", "centre, size: policy"),
        3: (
            f"Stress (seed {seeds[0]}; heavy cost, 25 workers where nothing else is said)",
            "centre: what differs",
        ),
    }
    parts = [constants(plan, seeds)]
    for table, (title, first) in titles.items():
        lines = [line(row.name, runs) for row, runs in zip(plan, found, strict=True) if row.table == table]
        head = f"| {' | '.join((first, *COLUMNS))} |"
        parts.append("\n".join([f"### {title}", "", head, "|---" * (1 + len(COLUMNS)) + "|", *lines]))
    return "\n\n".join(parts)


def constants(plan: Sequence[Row], seeds: Sequence[int]) -> str:
    """What the figures rest on."""
    cell = plan[0].cell
    costs = ", ".join(f"{one.name} {one.request_s} + {one.record_s} n s" for one in c.COSTS)
    bounds = "; ".join(
        f"{row.cell.name}: {times[int(len(times) * 0.9) - 1] / 60:.1f} / {times[-1] / 60:.1f}"
        for row in plan[: len(c.COSTS) * len(SIZES)]
        for times in [ideal(row.cell)]
    )
    return (
        f"{cell.districts} districts x {cell.desks} clients x {cell.records} records = {sum(cell.loads()):,} at t = 0;"
        f" {costs} for n new records; poll, sign-in, replay {c.SMALL_S} s; RTT {c.RTT_S} s;"
        f" outage at {c.OUTAGE_S[0]:.0f}-{c.OUTAGE_S[1]:.0f} s, pause at {c.PAUSE_S[0]:.0f}-{c.PAUSE_S[1]:.0f} s;"
        f" at most {c.LIMIT_BATCH} records a request, {c.LIMIT_IN_FLIGHT} in flight;"
        f" seeds {', '.join(map(str, seeds))}.\n\n"
        f"Ideal (cost workers: minutes to 90 % / to all): {bounds}."
    )


def line(name: str, runs: Sequence[Figures]) -> str:
    """Means over the seeds, in brackets a worst that is over 3 % off; what was not reached says how far it came."""
    share = statistics.mean(one.share for one in runs)
    came = f"{share * 100:.1f} % came"
    cells = [
        name,
        _mean([one.r90 for one in runs], came),
        _mean([one.r100 for one in runs], came),
        f"{statistics.mean(one.record_requests for one in runs):.2f}",
        f"{statistics.mean(one.requests for one in runs):.2f}",
        f"{statistics.mean(one.duplicates for one in runs):,.0f}",
        f"{statistics.mean(one.waste for one in runs) * 100:.0f}",
        _mean([one.fairness for one in runs], "-"),
        f"{statistics.mean(one.peak_queue for one in runs):,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _mean(values: Sequence[float | None], missing: str) -> str:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return missing
    mean, worst = statistics.mean(known), max(known)
    return f"{mean:.2f}" + (f" ({worst:.2f})" if worst > mean * 1.03 else "")


def misses(plan: Sequence[Row], found: Sequence[Sequence[Figures]]) -> list[str]:
    """Where our policy misses what issue and design ask, in any seed; and where anybody ranks before it."""
    pairs = list(zip(plan, found, strict=True))
    wrong = [
        line(f"{row.name}, one seed", [one])
        for row, runs in pairs
        if row.table == 1
        for one in runs
        if not _is_good(one, row.cell)
    ]
    for row, runs in pairs:
        if row.table != 2 or row.policy.startswith(OURS):
            continue
        ours = next(best for other, best in pairs if other.cell == row.cell and other.policy == OURS)
        ahead = [one for one, best in zip(runs, ours, strict=True) if _time(one.r90) <= _time(best.r90)]
        wrong += [f"{row.name}: before ours in {len(ahead)} seeds"] if ahead else []
    return wrong


def _is_good(one: Figures, cell: Cell) -> bool:
    """Design section 8, and acceptance line 6 of the engine."""
    most_r90, most_r100, most_requests = (
        (1.1, 1.3, 0.3) if cell.refusal is Refusal.SPREAD else (1.3, 2.0, 1.0)
    )
    is_quick = _time(one.r90) <= most_r90 and _time(one.r100) <= most_r100
    return is_quick and one.record_requests <= most_requests and not one.duplicates


def _time(ratio: float | None) -> float:
    return float("inf") if ratio is None else ratio


def write(page: Path, text: str) -> None:
    """Renew what stands between the markers. Raises ValueError where there are none."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page.name} has no markers")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8", newline="\n")
