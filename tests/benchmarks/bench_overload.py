"""An ill server beside an ideal client: `python -m tests.benchmarks.bench_overload [FILES ...]` (64, 400 unless told).

The server works on eight requests at once, each for 0.5-5 s; 30 % are answered 503 (half of them with Retry-After 2),
5 % 500. `python -m sync.send` with its only configuration sends files of 60 kB to it. The ideal client sends one
request a file, tries again at once, and never leaves one of the eight places empty; it meets the very same draws of
work and illness in the same order. Target: <= 1.1 x ideal with 400 files, as the mean of eight series of draws run side
by side (all of them mostly wait): which files are ill again and again at the very end of a run, where they wait for
their Retry-After while places stand empty, is luck worth 0.05 either way. With few files the end decides still more: 64
are printed for comparison.
"""

from __future__ import annotations

import heapq
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fakes.fault_server import Answer, FaultServer, Request

PLACES = 8
WORK_S = (0.5, 5.0)
BUSY, ILL = 0.30, 0.05  # shares of the answers
RETRY_AFTER_S = "2"
SIZE = 60_000
TARGET, TARGET_FILES = 1.1, 400
SERIES = 8
ROOT = Path(__file__).parents[2]


def illness(rng: random.Random) -> Answer | None:
    """What one request meets; None: it is taken."""
    draw = rng.random()
    if draw < BUSY:
        says_when = rng.random() < 0.5
        return Answer(503, {"Retry-After": RETRY_AFTER_S} if says_when else {})
    return Answer(500) if draw < BUSY + ILL else None


def fate(rng: random.Random) -> tuple[float, Answer | None]:
    """Of one request: seconds of work, and what it meets."""
    return rng.uniform(*WORK_S), illness(rng)


def ideal_s(files: int, rng: random.Random) -> float:
    """Seconds the ideal client needs for as many files."""
    places = [0.0] * PLACES
    while files:
        work_s, ill = fate(rng)
        heapq.heapreplace(places, places[0] + work_s)
        files -= ill is None
    return max(places)


class IllServer(FaultServer):
    """Honest beneath the illness."""

    def __init__(self, seed: int) -> None:
        super().__init__(self._meet)
        self._rng, self._dealing = random.Random(seed), threading.Lock()
        self._places = threading.Semaphore(PLACES)

    def _meet(self, _: Request) -> Answer | None:
        with self._places:
            with self._dealing:
                work_s, ill = fate(self._rng)
            time.sleep(work_s)
        return ill


def measure(files: int, seed: int) -> tuple[float, int]:
    """Seconds and requests until the server has them all."""
    with tempfile.TemporaryDirectory() as name, IllServer(seed) as server:
        scans = Path(name) / "scans"
        scans.mkdir()
        for number in range(files):
            (scans / f"{number:04}.jpg").write_bytes(random.Random(number).randbytes(SIZE))
        command = [sys.executable, "-m", "sync.send", f"{server.url}/api/v1/scans/", str(scans)]
        started = time.monotonic()
        subprocess.run([*command, "--state", f"{name}/state"], cwd=ROOT, check=True)
        took_s = time.monotonic() - started
        assert len(server.scans) == files, "not every file arrived"
        return took_s, len(server.seen)


def main(counts: list[int]) -> int:
    """Print one line a series and the mean of each count; 1 when the target was missed."""
    is_good = True
    for files in counts:
        with ThreadPoolExecutor(SERIES) as pool:
            ratios = list(
                pool.map(lambda seed, count=files: series(count, seed), range(files, files + SERIES))
            )
        mean = statistics.mean(ratios)
        verdict = ("pass" if mean <= TARGET else "MISSED") if files >= TARGET_FILES else ""
        is_good &= verdict != "MISSED"
        print(f"{files:4d} files: mean ratio {mean:.3f}, worst {max(ratios):.3f} {verdict}", flush=True)
    return 0 if is_good else 1


def series(files: int, seed: int) -> float:
    """One run, printed; how many times longer than the ideal client's."""
    ideal = ideal_s(files, random.Random(seed))
    took_s, requests = measure(files, seed)
    print(
        f"{files:4d} files, seed {seed}: {took_s:6.1f} s, ideal {ideal:6.1f} s, ratio {took_s / ideal:.3f};"
        f" {requests / files:.2f} requests a file (ideal {1 / (1 - BUSY - ILL):.2f})",
        flush=True,
    )
    return took_s / ideal


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or [64, TARGET_FILES]))
