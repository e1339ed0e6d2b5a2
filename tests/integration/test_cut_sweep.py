"""Every protocol step, every byte-boundary class, every answer of the error table: one fault each, over real sockets.

The real engine over a real workplace, the real centre behind a line that breaks (`tests/fakes/cut_world.py`). After
each: every version, verdict, withdrawal and scan exactly once at the centre, all hashes equal, a receipt for each; and
until then whatever waits has a reason and a next time. A seeded sample by default, all cases with `test --all`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from sync.classify import TABLE, Exchange
from tests.fakes.cut_cases import ANSWERS, STEPS, Case, all_cases, run_all
from tests.fakes.relay import Point

SEED = 2019
SAMPLE = 40
LEAST = 400
ANOTHER_STORY = {"forked", "revoked"}  # the device is enrolled anew: end-to-end tests of their own
# No answer of the centre: what the line says, and what a proxy says before there is one.
WITHOUT_ANSWER = {
    "certificate",
    "no_name",
    "refused",
    "reset",
    "deadline",
    "silence",
    "too_big",
    "no_answer",
} | {
    "proxy_unusable",
    "proxy_refused",
    "proxy_down",
}


@pytest.mark.sweep
def test_a_cut_anywhere_loses_nothing_and_doubles_nothing(
    sweep_size: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [case.name for case in all_cases()]
    count = sweep_size(SAMPLE, len(names))
    chosen = names if count == len(names) else random.Random(SEED).sample(names, count)
    verdicts = run_all(chosen)
    groups = Counter(one.group for one in verdicts)
    alone = sum(one.healed for one in verdicts)
    with capsys.disabled():
        print(
            f"\ncut sweep: {len(verdicts)} of {len(names)} cases (seed {SEED}), {alone} without a person: {groups}"
        )
    assert len(verdicts) == count
    assert not [f"{one.name}: {'; '.join(one.wrong)}" for one in verdicts if one.wrong]


def test_the_table_is_as_large_as_it_should_be() -> None:
    cases = all_cases()
    assert len({case.name for case in cases}) == len(cases) >= LEAST
    for step in STEPS:
        points = {case.what for case in cases if case.step is step}
        wanted = {Point.LINE, Point.HEADERS, Point.WHOLE, *([Point.MIDDLE, Point.LAST] if step.sends else [])}
        assert {f"request reset {point}" for point in wanted} <= points
        assert {
            f"answer closed {point}" for point in (Point.NOTHING, Point.LINE, Point.HEADERS, Point.LAST)
        } <= points


def test_every_answer_of_the_error_table_is_given_somewhere() -> None:
    """Each row that speaks of an answer is the first to match one that the sweep gives to one of its steps."""
    met = {row_of(case) for case in all_cases() if case.group == "answer code"}
    assert {row.code for row in TABLE} - WITHOUT_ANSWER - ANOTHER_STORY <= met


def row_of(case: Case) -> str:
    raw, _ = ANSWERS[case.what]
    head, _, body = raw.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP"):
        return "not_http"
    headers = {
        "tus-resumable": "1.0.0",
        "content-type": "text/html" if b"html" in head else "application/json",
    }
    code = "paused" if b'"paused"' in body else ""
    exchange = Exchange(case.step.call, int(head.split()[1]), headers=headers, text=body.decode(), code=code)
    return next(row.code for row in TABLE if row.matches(exchange))
