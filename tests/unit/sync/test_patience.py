from __future__ import annotations

from itertools import islice

from sync.patience import ask_times
from sync.policy import DEFAULT


def test_a_silent_request_is_asked_about_after_10_30_and_70_seconds_then_every_minute() -> None:
    assert list(islice(ask_times(DEFAULT), 6)) == [10.0, 30.0, 70.0, 130.0, 190.0, 250.0]


def test_the_last_question_comes_before_the_longest_deadline() -> None:
    asked = [at_s for at_s in islice(ask_times(DEFAULT), 20) if at_s < DEFAULT.deadline_most_s]
    assert DEFAULT.deadline_most_s == 300.0
    assert asked[-1] == 250.0
