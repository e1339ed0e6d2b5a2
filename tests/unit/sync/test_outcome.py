from __future__ import annotations

from email.utils import formatdate

import pytest

from app.http.reply import LinkError, LinkFault, Reply
from sync.classify import Action, Call
from sync.outcome import failure, iso, odd, retry_after_s, whole_number

NOW = 1_555_500_000.0


@pytest.mark.parametrize(
    ("headers", "problem", "seconds"),
    [
        ({"retry-after": "7"}, {}, 7.0),
        ({"retry-after": "604800"}, {}, 3600.0),
        ({"retry-after": formatdate(NOW + 60, usegmt=True)}, {}, 60.0),
        ({"retry-after": formatdate(90_060, usegmt=True), "date": formatdate(90_000, usegmt=True)}, {}, 60.0),
        ({"retry-after": formatdate(NOW - 60, usegmt=True)}, {}, 0.0),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "2\u00b2"}, {}, None),
        ({"retry-after": "0000000007"}, {}, 7.0),
        ({"retry-after": "9" * 40}, {}, None),
        ({"retry-after": formatdate(NOW + 60, usegmt=True), "date": "never"}, {}, 60.0),
        ({}, {"retry_after_s": 2.5}, 2.5),
        ({}, {"retry_after_s": 10**400}, 3600.0),
        ({}, {"retry_after_s": -1}, 0.0),
        ({}, {"retry_after_s": True}, None),
        ({}, {"retry_after_s": "3"}, None),
        ({}, {}, None),
    ],
)
def test_retry_after(headers: dict[str, str], problem: dict[str, object], seconds: float | None) -> None:
    assert retry_after_s(headers, problem, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("999", 999),
        ("1000", None),
        ("", None),
        (None, None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1_0", None),
        ("1.0", None),
        ("1, 1", None),
        ("\u00b2", None),
        ("1\u00b2", None),
    ],
)
def test_a_headers_number_is_ascii_digits_or_none(text: str | None, number: int | None) -> None:
    """`str.isdigit` alone takes a superscript two, which `int` does not: a broken header was a bug of ours."""
    assert whole_number(text, 3) == number


def reply(body: bytes, status: int = 503, kind: str = "application/problem+json") -> Reply:
    return Reply(status, {"content-type": kind, "retry-after": "4"}, body, 0.5, "http://127.0.0.1/")


def test_problem_details_name_the_reason() -> None:
    failed = failure(Call.API, reply(b'{"code": "paused", "detail": "Istirahat."}'), NOW)
    assert (failed.action, failed.reason.code, failed.retry_after_s) == (Action.PAUSED_THERE, "paused", 4.0)
    assert "Istirahat." in failed.reason.text


@pytest.mark.parametrize(
    "body", [b"not json", b"[1]", b"", b'{"code": "\xff"}', b"[" * 100_000], ids=lambda body: body[:20]
)
def test_a_broken_problem_is_still_a_failure(body: bytes) -> None:
    assert failure(Call.API, reply(body), NOW).action is Action.RETRY_ITEM
    assert failure(Call.API, reply(body, kind="text/plain"), NOW).reason.code == "busy"


def test_a_dead_line() -> None:
    failed = failure(Call.API, LinkError(LinkFault.DEADLINE, "", 60.0), NOW)
    assert failed.is_silence
    assert failed.is_deadline
    assert not failure(Call.API, LinkError(LinkFault.RESET, "", 1.0), NOW).is_deadline


def test_the_rest() -> None:
    assert odd(Action.PORTAL, "location", "Kalimat.", reply(b"", 201)).reason.status == 201
    assert iso(0.25) == "1970-01-01T00:00:00.250000Z"
