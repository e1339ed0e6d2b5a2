"""The kill sweep: the engine's process dies at one commit, a new one finishes the work. One verdict a point."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from app.services import journal, workplace
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.cut_world import COPIES, Bench, World, building
from tests.fakes.kill_child import Ended, Moment, Point, run_child

NEVER = Point("", 0, Moment.BEFORE)
TRIES = 4  # of a point that a run did not reach: two threads share one commit now and then


@dataclass(frozen=True)
class Verdict:
    """How it went: `wrong` is empty when the property held."""

    point: Point
    was_killed: bool
    kinds: Sequence[str]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """One of `of` shares of all points, the same points whoever counts them; of these `most`, drawn with the seed."""

    start: int
    of: int
    most: int | None
    seed: int


def run(bench: Bench, point: Point) -> Verdict:
    """Killed there, begun again, and nothing is missing, double or unnamed."""
    with bench.world("case") as world:
        ended = _killed(world, point)
        secrets = world.wp.secrets
        world.wp = workplace.open_workplace(
            world.wp.folder, clock=RealClock(), secrets=secrets, quick_check=True
        )
        with world.wp:
            report = world.sync()
            wrong = [] if report.is_idle else [f"not done after the next start: {report}"]
            fault = journal.verify(world.wp).fault
            wrong += [f"the journal is broken: {fault}"] if fault is not None else []
            wrong += [*world.unexplained(), *world.differences()]
            copies = len(world.copies_there())
            wrong += [f"{copies} thrifty copies at the centre"] if copies != COPIES else []
    return Verdict(point, ended.was_killed, ended.kinds, tuple(wrong))


def points_of(kinds: Sequence[str]) -> list[Point]:
    """Before and after each commit of a run."""
    seen: Counter[str] = Counter()
    points = []
    for kind in kinds:
        seen[kind] += 1
        points += [Point(kind, seen[kind], moment) for moment in Moment]
    return points


def _owner(point: Point, shares: int) -> int:
    return zlib.crc32(repr(point).encode()) % shares


def _run_until_killed(bench: Bench, point: Point) -> Verdict:
    verdict = run(bench, point)
    for _ in range(TRIES - 1):
        if verdict.was_killed or verdict.wrong:
            break
        verdict = run(bench, point)
    return verdict


def _killed(world: World, point: Point) -> Ended:
    world.wp.close()
    assert isinstance(world.wp.secrets, MemorySecrets)
    return run_child(world.wp.folder, world.account, world.wp.secrets.kept, point)


def run_share(share: Share) -> list[Verdict]:
    """A run that is not killed tells how many points there are; then this share of them, on a bench of its own."""
    folder = Path(tempfile.mkdtemp(prefix="situng-kill-"))
    try:
        with building(folder) as bench:
            counted = run(bench, NEVER)
            points = [point for point in points_of(counted.kinds) if _owner(point, share.of) == share.start]
            if share.most is not None:
                points = random.Random(share.seed + share.start).sample(points, min(share.most, len(points)))
            return [counted, *(_run_until_killed(bench, point) for point in points)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_all(seed: int, most: int | None) -> list[Verdict]:
    """On every core; twice as many benches, because half of a case is waiting. `most`: points a bench, None for all."""
    benches = 2 * (os.cpu_count() or 1)
    shares = [Share(start, benches, most, seed) for start in range(benches)]
    with ProcessPoolExecutor(benches, get_context("spawn")) as pool:
        return [one for part in pool.map(run_share, shares) for one in part]
