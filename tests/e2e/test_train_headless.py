"""`train --headless`: the whole story by itself, from drawn paper to the public page."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.program import Program

LIMIT_S = 180  # twelve forms on election day, in under three minutes


@pytest.mark.sweep
def test_everything_becomes_public(
    program: Program, tmp_path: Path, sweep_size: Callable[[int, int], int]
) -> None:
    forms = sweep_size(4, 12)
    profile = "calm" if forms == 4 else "election-day"
    started = time.monotonic()
    done = program.run(
        "train", "--headless", "--forms", forms, "--profile", profile, "--data", tmp_path, "--json"
    )
    assert done.json["public"] == done.json["forms"] == forms
    assert done.json["site"].startswith("http://127.0.0.1:")
    assert time.monotonic() - started < LIMIT_S
