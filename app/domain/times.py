"""Times as they are written on the wire and in the journal: ISO 8601, UTC, milliseconds, `Z`.

Inside the store a time is a number of seconds since 1970 UTC; only signed statements and the screen use text.
"""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """`2019-04-19T08:00:00.250Z`."""
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def iso_or_none(seconds: float | None) -> str | None:
    """The same for a fact that may not have happened yet."""
    return None if seconds is None else iso(seconds)


def moment_words(seconds: float) -> str:
    """For a sentence: `17/4/2019 pukul 18.20`, in this PC's time zone."""
    local = datetime.fromtimestamp(seconds, tz=UTC).astimezone()
    return f"{local.day}/{local.month}/{local.year} pukul {local:%H.%M}"


def clock_words(seconds: float) -> str:
    """`22.00`, in this PC's time zone."""
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone().strftime("%H.%M")


def seconds_of(text: str) -> float:
    """Back from ISO text. Raises ValueError for text that is no time."""
    return datetime.fromisoformat(text).timestamp()
