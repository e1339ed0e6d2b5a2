"""`sync.line`: what the engine waits for between two looks at the line, also when its clock is set."""

from __future__ import annotations

import random

from app.ports import FeedCursor
from sync.line import LineBook
from sync.policy import DEFAULT
from tests.fakes.clock import HandClock

DAY_S = 86_400.0


def _book_with_news(clock: HandClock) -> LineBook:
    """The feed was just read; the centre took a second for it, so its news may wait ten."""
    book = LineBook(clock, random.Random(1), DEFAULT, FeedCursor("e1", 4))
    book.polled(4, got_events=True, took_s=1.0)
    book.on_feed_head(5)
    return book


def test_news_waits_its_time_behind_a_slow_centre() -> None:
    clock = HandClock()
    assert _book_with_news(clock).facts().poll_at == clock.now() + DEFAULT.expecting_slow_factor


def test_a_clock_set_back_does_not_put_the_news_off_until_it_has_caught_up() -> None:
    clock = HandClock()
    book = _book_with_news(clock)
    clock.wall -= DAY_S
    book.try_now()
    assert (book.facts().poll_at or 0.0) <= clock.now()


def test_a_clock_set_back_does_not_prolong_the_wait_for_owed_answers() -> None:
    clock = HandClock()
    book = _book_with_news(clock)
    clock.wall -= DAY_S
    book.try_now()
    assert book.patient_until <= clock.now() + DEFAULT.answer_patience_s


def test_asking_again_never_lengthens_the_wait_for_owed_answers() -> None:
    clock = HandClock()
    book = _book_with_news(clock)
    clock.forward(DEFAULT.answer_patience_s - 1)
    before = book.patient_until
    book.try_now()
    assert book.patient_until == before
