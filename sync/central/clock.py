"""Times as the wire writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """Seconds since 1970 -> `2019-04-19T08:00:03.123456Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def situng_time(seconds: float) -> str:
    """As Situng wrote it: `2019-04-19 23:00:03`, in Jakarta's time (UTC+7, no summer time)."""
    return datetime.fromtimestamp(seconds + 7 * 3600, UTC).strftime("%Y-%m-%d %H:%M:%S")
