"""SIGKILL right before and right after every commit of a whole delivery: records, a correction, a withdrawal, a
verdict, scans of one and several chunks, half-sent uploads, the feed, and a centre that was restored meanwhile.

After each: one new start, and every version, verdict, withdrawal and scan is exactly once at the centre, all hashes
equal, a receipt for each, the journal whole. A seeded sample by default, all points with `test --all`.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.fakes.kill_cases import NEVER, run_all

SEED = 2019
SAMPLE = 2  # points a bench
JITTER = 10  # commits: two threads share one now and then, so a run may end before its last points


@pytest.mark.sweep
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and a fork server are POSIX's")
def test_a_kill_at_any_commit_loses_nothing_and_doubles_nothing(
    sweep_size: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = run_all(SEED, SAMPLE if sweep_size(0, 1) == 0 else None)
    counted = [one for one in verdicts if one.point == NEVER]
    tried = [one for one in verdicts if one.point != NEVER]
    counts = [len(one.kinds) for one in counted]
    kinds = {kind for one in counted for kind in one.kinds}
    unreached = [one.point for one in tried if not one.was_killed]
    with capsys.disabled():
        print(
            f"\nkill sweep: {len(tried) - len(unreached)} processes died right before or after a commit, "
            f"{len(unreached)} ended before theirs ({counts} commits of {len(kinds)} kinds; seed {SEED})"
        )
    assert min(counts) > 0
    assert all(point.commit > min(counts) - JITTER for point in unreached), unreached
    assert len(unreached) <= len(tried) // 4
    assert not [f"{one.point}: {'; '.join(one.wrong)}" for one in verdicts if one.wrong]
