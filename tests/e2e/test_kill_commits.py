"""SIGKILL right before and right after every commit of a whole delivery: records, a correction, a withdrawal, a
verdict, scans of one and several chunks, half-sent uploads, the feed, and a centre that was restored meanwhile.

After each: one new start, and every version, verdict, withdrawal and scan is exactly once at the centre, all hashes
equal, a receipt for each, the journal whole. A seeded sample by default, all points with `test --all`.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.fakes.kill_cases import NEVER, points_of, run_all

SEED = 2019
SAMPLE = 2  # points a bench


@pytest.mark.sweep
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and a fork server are POSIX's")
def test_a_kill_at_any_commit_loses_nothing_and_doubles_nothing(
    sweep_size: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    is_whole = sweep_size(0, 1) == 1
    verdicts = run_all(SEED, None if is_whole else SAMPLE)
    runs = [points_of(one.kinds) for one in verdicts if one.point == NEVER]
    tried = [one for one in verdicts if one.point != NEVER]
    died = {one.point for one in tried if one.was_killed}
    usual = set.intersection(
        *map(set, runs)
    )  # two threads share a commit now and then: not every run has every one
    with capsys.disabled():
        print(
            f"\nkill sweep: {len(died)} of {len(tried)} processes died right before or right after a commit; "
            f"commits a run {[len(points) // 2 for points in runs]} of {len({point.kind for point in usual})} kinds, "
            f"common to all {len(usual) // 2}; seed {SEED}"
        )
    assert usual
    assert not [f"{one.point}: {'; '.join(one.wrong)}" for one in verdicts if one.wrong]
    asked = usual if is_whole else usual & {one.point for one in tried}
    assert asked
    assert asked <= died
