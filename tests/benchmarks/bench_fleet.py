"""A nation's backlog by virtual time: `python -m tests.benchmarks.bench_fleet [--quick] [--write docs/fleet.md]`.

514 districts x 4 clients run the real policy (`sync.plan`, `gate`, `line`, `consequence`, `patience`, `outcome`) before
a modelled centre with the real `sync.central.admission`; others' policies stand beside it. Targets (design section 8):
before our centre 90 % within 1.1 x ideal, all within 1.3 x, at most 0.3 requests per record, no duplicate; before any
other 1.3 x, 2 x and less than 1. `--quick`: a tenth of the nation, two seeds.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.fleet import report
from tests.benchmarks.fleet.cells import Cell

SEEDS = (1, 2, 3, 4, 5)
TENTH = 10


def _tenth(cell: Cell) -> Cell:
    """Districts and workers alike, so that the load on each worker stays the same (3 and 1 of 25 and 10)."""
    return replace(cell, districts=cell.districts // TENTH, workers=max(1, round(cell.workers / TENTH)))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the nation, two seeds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--write", type=Path, help="renew the tables of this page")
    args = parser.parse_args()
    if args.write and not args.write.is_file():
        parser.error(f"{args.write} is no page to renew")  # before a quarter of an hour of work, not after it
    began = time.perf_counter()
    seeds = SEEDS[:2] if args.quick else SEEDS
    plan = report.rows(_tenth if args.quick else lambda cell: cell)
    found = report.measure(plan, seeds, args.jobs)
    text = report.tables(plan, found, seeds)
    print(text)
    if args.write:
        report.write(args.write, text)
    cpu = [one.cpu_s for runs in found for one in runs]
    print(
        f"\n{len(cpu)} runs, {sum(cpu):.0f} CPU s (longest {max(cpu):.0f} s), {time.perf_counter() - began:.0f} s"
    )
    wrong = report.misses(plan, found)
    print("\n".join(["missed:", *wrong]) if wrong else "every target is met in every seed")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
