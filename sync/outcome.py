"""From a reply or a dead line to a typed outcome: the problem in it, how long to wait, what to do. No I/O.

Retry-After is read as seconds or as a date, the date against the server's own `Date` (office clocks are wrong), and
clamped to an hour. Thread: any.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

from app.http.reply import LinkError, Reply
from app.ports import Reason
from sync.classify import Action, Call, Exchange, classify
from sync.policy import RETRY_AFTER_MOST_S

T_co = TypeVar("T_co", covariant=True)
_WAIT_DIGITS = 15
_TEXT_READ = 2048  # of an error's body: enough for a problem or a proxy's headline


class Answer(Struct, Generic[T_co], frozen=True):
    """A good answer, decoded."""

    value: T_co
    took_s: float
    sent_s: float = math.inf  # of it, until the body had left; inf: nobody looked


class Failed(Struct, frozen=True):
    """Anything else. `action` says what to do, `reason` is shown and stored."""

    action: Action
    reason: Reason
    retry_after_s: float | None = None
    took_s: float = 0.0
    fault: str = ""  # of LinkFault; empty when something answered
    problem: Mapping[str, Any] | None = None

    @property
    def is_silence(self) -> bool:
        return self.action is Action.CLOSE_GATE

    @property
    def is_deadline(self) -> bool:
        return self.fault == "deadline"


def failure(call: Call, result: Reply | LinkError, now: float) -> Failed:
    """Classify what came instead of the expected answer. `now`: wall seconds, only for a reply without `Date`."""
    if isinstance(result, LinkError):
        action, reason = classify(Exchange(call, fault=result.fault))
        return Failed(action, reason, took_s=result.took_s, fault=str(result.fault))
    problem = _problem(result)
    text = result.body[:_TEXT_READ].decode("utf-8", "replace")
    exchange = Exchange(
        call,
        result.status,
        headers=result.headers,
        text=text,
        code=str(problem.get("code", "")),
        detail=str(problem.get("detail", ""))[:500],
    )
    action, reason = classify(exchange)
    wait_s = retry_after_s(result.headers, problem, now)
    return Failed(action, reason, wait_s, result.took_s, problem=problem or None)


def odd(action: Action, code: str, text: str, result: Reply) -> Failed:
    """A well-formed answer with wrong content, named by the caller."""
    return Failed(action, Reason(code, text, result.status), took_s=result.took_s)


def retry_after_s(headers: Mapping[str, str], problem: Mapping[str, Any], now: float) -> float | None:
    """Seconds to wait, 0..3600, or None when nobody said."""
    stated = headers.get("retry-after", "").strip()
    seconds = _seconds(stated, headers, now) if stated else problem.get("retry_after_s")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return float(min(max(0, seconds), RETRY_AFTER_MOST_S))  # clamped first: JSON's integers know no bound


def whole_number(text: str | None, digits: int) -> int | None:
    """A header's non-negative integer of at most `digits` ASCII digits, else None.

    The one place: `str.isdigit` also takes `²`, which `int` does not, and what a header says is never our bug.
    """
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > digits:
        return None
    return int(text)


def iso(now: float) -> str:
    """Wall seconds as the wire's time."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _seconds(stated: str, headers: Mapping[str, str], now: float) -> float | None:
    number = whole_number(stated, _WAIT_DIGITS)
    if number is not None:
        return number
    when = _date(stated)
    if when is None:
        return None
    server_now = _date(headers.get("date", ""))
    return when - (now if server_now is None else server_now)


def _date(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - the same

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _problem(reply: Reply) -> dict[str, Any]:
    if "json" not in reply.headers.get("content-type", ""):
        return {}
    import msgspec  # noqa: PLC0415 - only an ill server's answer needs it; `sync.send` starts in a blink

    try:
        body = msgspec.json.decode(reply.body)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or nested without end
        return {}
    return body if isinstance(body, dict) else {}
