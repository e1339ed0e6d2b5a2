"""Images of an office over bad lines, by the engine: `python -m tests.benchmarks.bench_images [CASE ...]`.

The lines of `bench_transfer`, but a real workplace, the real engine and `python -m app central` at the far end: TLS
apart, what an office has. The clock runs from the engine's start (hello and sign-in included) until the last image has
its receipt. `limit` is payload over rate, plus outages. The targets are those of `sync.send`, less what hello, sign-in
and the receipts of the last images cost on a line of 150 ms.
"""

from __future__ import annotations

import random
import sys

from msgspec.structs import replace

from app.domain.c1form import C1Key
from app.ports import IntakeState, ItemKind
from app.services import pages, workplace
from app.services.workplace import Workplace
from tests.benchmarks.bench_transfer import CASES, PATIENCE, SENT_MOST, SIZES
from tests.benchmarks.office_line import on_line, until_delivered
from tests.fakes import big_district
from tests.fakes.cut_world import keep_file
from tests.fakes.district import new_scan

COUNT, SEED = 32, 20190417
LEAST = {"clean": 0.96, "reset": 0.95, "thawing": 0.96}
MOST_S = {"dead": 55.0}
JPEG = b"\xff\xd8\xff\xe0"


def fill(wp: Workplace) -> int:
    """Images that do not compress, as the scanner leaves them; the bytes of all."""
    rng, total = random.Random(SEED), 0
    stations = big_district.region(COUNT).stations
    for number in range(COUNT):
        data = JPEG + rng.randbytes(rng.randint(*SIZES))[len(JPEG) :]  # the sizes of `bench_transfer`
        row = replace(new_scan(keep_file(wp, data)), size_bytes=len(data))
        at = C1Key(stations[number // 2].tps, workplace.DEFAULT_FORM, 1)
        pages.page_rows(wp).add_page(row, at, number % 2 + 1, IntakeState.ASSIGNED, "rina")
        total += len(data)
    return total


def main(names: list[str]) -> int:
    """Print one line a case; 1 when a target was missed."""
    is_good = True
    for name in names:
        case = CASES[name]
        with on_line(case.line, COUNT) as (wp, link):
            payload = fill(wp)
            limit_s = case.line.limit_s(payload)
            sent = until_delivered(wp, link, ItemKind.SCAN, PATIENCE * limit_s)
        ratio, share = limit_s / sent.seconds, sent.bytes_up / payload
        in_time = sent.seconds <= MOST_S[name] if name in MOST_S else ratio >= LEAST[name]
        passes = sent.left == 0 and in_time and share <= SENT_MOST
        is_good &= passes
        target = f"<= {MOST_S[name]:.0f} s" if name in MOST_S else f">= {LEAST[name]}"
        print(
            f"{name:8s} engine {sent.seconds:6.1f} s, limit {limit_s:5.1f} s, {ratio:.3f}, sent {share:.3f},"
            f" {COUNT - sent.left}/{COUNT}; target {target}, sent <= {SENT_MOST}: {'pass' if passes else 'MISSED'}",
            flush=True,
        )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*LEAST, *MOST_S]))
