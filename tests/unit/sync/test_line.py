"""`sync.line`: what the engine waits for between two looks at the line, also when its clock is set."""

from __future__ import annotations

import random

import pytest

from app.ports import FeedCursor, LineState, Reason
from sync.classify import Action
from sync.line import LineBook
from sync.outcome import Failed
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


def test_an_idle_line_is_polled_after_three_to_five_minutes_and_never_by_all_at_once() -> None:
    clock = HandClock()
    waits_s = []
    for seed in range(200):
        book = LineBook(clock, random.Random(seed), DEFAULT, FeedCursor("e1", 4))
        book.polled(4, got_events=False)
        waits_s.append((book.facts().poll_at or 0.0) - clock.now())
    assert min(waits_s) >= 180.0
    assert max(waits_s) <= 300.0
    assert max(waits_s) - min(waits_s) > 100.0


@pytest.mark.parametrize(
    ("code", "line", "is_over"),
    [
        ("proxy_login", LineState.PROXY, True),
        ("proxy_unusable", LineState.PROXY, True),
        ("forbidden", LineState.SIGN_IN, False),
    ],
)
def test_whatever_answers_proves_that_the_proxy_lets_us_through(
    code: str, line: LineState, is_over: bool
) -> None:
    """Other matters of people are over only when a call was let in."""
    book = LineBook(HandClock(), random.Random(1), DEFAULT, FeedCursor("e1", 4))
    book.failed(Failed(Action.ASK_PERSON, Reason(code, "Begini.")))
    assert book.trouble is not None
    assert book.trouble.line is line
    book.answered(0.1, was_let_in=False)
    assert (book.trouble is None) is is_over


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


EXPIRED = Reason("sign_in", "Sesi di KPU RI sudah berakhir; masuk lagi.", 401)


def _refused(took_s: float) -> Failed:
    return Failed(Action.SIGN_IN, EXPIRED, took_s=took_s)


def test_slow_requests_that_left_before_a_sign_in_ask_for_no_other_one() -> None:
    """Eight uploads whose token ran out together, refused one after the other: one sign-in, and no person is called."""
    clock = HandClock()
    book = LineBook(clock, random.Random(1), DEFAULT, FeedCursor("e1", 4))
    book.failed(_refused(took_s=2.0))
    assert book.needs_login
    book.signed_in(0.1)
    for _ in range(7):
        clock.forward(1.0)
        book.failed(_refused(took_s=10.0))
        assert not book.needs_login
    assert book.trouble is None


def test_a_token_refused_right_after_a_fresh_sign_in_is_a_matter_for_people() -> None:
    clock = HandClock()
    book = LineBook(clock, random.Random(1), DEFAULT, FeedCursor("e1", 4))
    for _ in range(2):
        book.failed(_refused(took_s=0.1))
        assert book.trouble is None
        book.signed_in(0.1)
        clock.forward(1.0)
    book.failed(_refused(took_s=0.1))
    assert book.trouble is not None
    assert book.trouble.line is LineState.SIGN_IN


def test_another_epoch_in_any_answer_asks_for_a_hello() -> None:
    clock = HandClock()
    book = _book_with_news(clock)
    book.needs_hello = False
    book.on_epoch("e1", False)
    assert not book.facts().needs_hello
    book.on_epoch("e2", False)
    assert book.facts().needs_hello
    book.needs_hello = False
    book.on_epoch("e1", True)
    assert book.facts().needs_hello, "its numbers went back"


def test_before_the_first_hello_no_epoch_is_another() -> None:
    book = LineBook(HandClock(), random.Random(1), DEFAULT, FeedCursor("", 0))
    book.needs_hello = False
    book.on_epoch("e1", False)
    assert not book.facts().needs_hello
