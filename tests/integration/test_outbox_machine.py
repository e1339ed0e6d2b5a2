"""Outbox, engine and centre as one state machine on virtual time: exactly once, nothing forgotten, nothing without a
reason. 10,000 examples with `test --all`, a seeded sample by default; the same ones on any number of cores.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.machine import run_all

SEED = 2019


@pytest.mark.sweep
def test_no_order_of_events_breaks_the_promise(
    sweep_size: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    examples = sweep_size(100, 10_000)
    finished = run_all(examples, SEED)
    with capsys.disabled():
        print(f"\noutbox machine: {finished} examples finished, no violation (seeds from {SEED})")
    assert finished >= examples
