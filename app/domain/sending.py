"""What people chose about sending images: between which hours, how fast. Numbers and verdicts always go. What is left.

Hours are those of this PC's own clock, as on the wall of the office: a district lies in one zone (WIB, WITA or WIT) and
Indonesia knows no summer time. Pure; thread: any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from app.errors import BadInput

PRIORITY_FIRST = 0  # "send this TPS now": before all others, and whatever the night schedule says
DAY_MIN = 24 * 60
LIMIT_LEAST_KBIT_S = 64  # below it a page takes a minute, and a slice of it most of a second
LIMIT_MOST_KBIT_S = 1_000_000
_HOURS = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3])[.:]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of day, in minutes after midnight. `end` before `start` crosses midnight; `end` itself is outside."""

    start: int
    end: int

    def __str__(self) -> str:
        """`22.00-06.00`."""
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Sending:
    """How images are sent. `limit_kbit_s` is this PC's, for all images together."""

    hours: Hours | None = None  # None: at any time
    limit_kbit_s: int | None = None  # None: as fast as the line goes

    @property
    def limit_bytes_s(self) -> float | None:
        return None if self.limit_kbit_s is None else self.limit_kbit_s * 1000 / 8


@dataclass(frozen=True, slots=True)
class Left:
    """What still has to reach the centre, without what stopped. Of a half-sent image only the rest counts."""

    numbers: int = 0  # records, withdrawals, verdicts
    images: int = 0
    image_bytes: int = 0  # thrifty copies included, while they go first
    thrifty: int = 0  # copies that go ahead of their images; 0 while the line is good
    thrifty_bytes: int = 0
    is_line_poor: bool = False


@dataclass(frozen=True, slots=True)
class PoorLine:
    """Thrifty copies go first: since when (wall seconds), and the line's rate or the person's limit as it was then."""

    since: float
    rate_bytes_s: float


NIGHT = Hours(22 * 60, 6 * 60)  # what is suggested


def hours_of(text: str) -> Hours:
    """`22.00-06.00` or `22:00-06:00`. Raises BadInput."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"Jadwal tidak dapat dibaca: {text!r}.", hint="Tulis misalnya 22.00-06.00.")
    hours, minutes, until_hours, until_minutes = map(int, found.groups())
    chosen = Hours(hours * 60 + minutes, until_hours * 60 + until_minutes)
    if chosen.start == chosen.end:
        raise BadInput("Jadwal mulai dan selesai pada waktu yang sama.", hint="Untuk sepanjang hari: always.")
    return chosen


def checked_limit(kbit_s: int) -> int:
    """The limit, when it is one that can be kept. Raises BadInput."""
    if not LIMIT_LEAST_KBIT_S <= kbit_s <= LIMIT_MOST_KBIT_S:
        raise BadInput(
            f"Batas {kbit_s} kbit/s tidak dapat dipakai.",
            hint=f"Pilih {LIMIT_LEAST_KBIT_S} kbit/s atau lebih; untuk menghentikan gambar, pakai jeda.",
        )
    return kbit_s


def opens_at(hours: Hours | None, now: float, zone: tzinfo | None = None) -> float | None:
    """When images may go again (wall seconds); None when they may go now. `zone`: this PC's when not given."""
    if hours is None:
        return None
    local = datetime.fromtimestamp(now, UTC).astimezone(zone)
    minute = local.hour * 60 + local.minute
    if (minute - hours.start) % DAY_MIN < (hours.end - hours.start) % DAY_MIN:
        return None
    wait = timedelta(minutes=(hours.start - minute) % DAY_MIN)
    return (local.replace(second=0, microsecond=0) + wait).timestamp()


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"
