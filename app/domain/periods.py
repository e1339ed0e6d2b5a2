"""Stretches of time a report is about: a shift, a day, or what the coordinator chose. Pure; in this PC's time zone.

Shifts are twelve hours, as in offices that worked through the night with two crews (domain notes 2). An office with
other hours names them itself: every report takes any two moments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SHIFT_STARTS_H = (7, 19)
SHIFT_H = 12
_WRITTEN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2})[.:](\d{2})")
_YEARS = range(1971, 9999)  # outside of these not every system's clock can say when a local day begins
_TICK_S = 0.001  # the journal's times are milliseconds
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) in seconds since 1970."""

    start: float
    end: float

    def until(self, now: float) -> Period:
        """No longer than to `now`, what happened in this very millisecond included."""
        return Period(self.start, max(self.start, min(self.end, now + _TICK_S)))

    def words(self) -> str:
        """`18 April 2019 07.00–19.00`; both days where they are two."""
        first, last = _local(self.start), _local(self.end)
        if first.date() == last.date():
            return f"{day_words(first.date())} {first:%H.%M}–{last:%H.%M}"
        return f"{day_words(first.date())} {first:%H.%M} – {day_words(last.date())} {last:%H.%M}"


def day_words(day: date) -> str:
    """`18 April 2019`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(seconds: float) -> str:
    """`18/4 14.03`: in a table whose head names the year."""
    local = _local(seconds)
    return f"{local.day}/{local.month} {local:%H.%M}"


def day_at(now: float) -> date:
    """Which day it is."""
    return _local(now).date()


def day_period(day: date) -> Period:
    """From midnight to midnight; 23 or 25 hours where a clock is changed."""
    return Period(_seconds(_midnight(day)), _seconds(_midnight(day + timedelta(days=1))))


def shift_period(now: float) -> Period:
    """The shift `now` is in, whole."""
    today = _midnight(_local(now).date())
    starts = [today + timedelta(days=days, hours=hour) for days in (-1, 0) for hour in SHIFT_STARTS_H]
    start = max(one for one in starts if _seconds(one) <= now)
    return Period(_seconds(start), _seconds(start + timedelta(hours=SHIFT_H)))


def shift_before(now: float) -> Period:
    """The shift before that one: whoever takes over asks for it."""
    return shift_period(shift_period(now).start - 1)


def moment_of(text: str) -> float:
    """`18/4/2019 07.00`, `2019-04-18 07:00` or `2019-04-18T07:00` on this PC's clock; with an offset, that.

    Raises ValueError.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        moment = datetime.fromisoformat(text.strip())
    else:
        day, month, year, hour, minute = map(int, written.groups())
        moment = datetime.combine(date(year, month, day), time(hour, minute))
    _need_known(moment)
    return moment.timestamp()


def day_of(text: str) -> date:
    """`2019-04-18`. Raises ValueError."""
    day = date.fromisoformat(text.strip())
    _need_known(day)
    return day


def _need_known(day: date) -> None:
    if day.year not in _YEARS:
        raise ValueError(f"outside of {_YEARS}: {day}")


def typed_words(seconds: float) -> str:
    """`18/4/2019 07.00`: as it is typed, and taken back by `moment_of`."""
    local = _local(seconds)
    return f"{local.day}/{local.month}/{local.year} {local:%H.%M}"


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)  # naive: on this PC's clock


def _seconds(local: datetime) -> float:
    return local.timestamp()
