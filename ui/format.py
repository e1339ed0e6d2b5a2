"""Numbers, sizes, times and ages as an Indonesian office writes them: 9.870 / 95,5 % / 14.05.20 / 2 jam 11 mnt.

Pure functions; times are shown in the PC's own zone. Thread: any.
"""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

_SWAPPED = str.maketrans(",.", ".,")  # Indonesian: point for thousands, comma for decimals
_UNITS = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000))


def number(value: int) -> str:
    """1204 -> `1.204`."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float, digits: int = 1) -> str:
    """2.6 -> `2,6`; 1234.5 -> `1.234,5`."""
    return f"{value:,.{digits}f}".translate(_SWAPPED)


def percent(part: int, whole: int) -> str:
    """`95,5 %`. All is exactly `100 %`; nearly all never rounds up to it, and a dash stands for nothing of nothing."""
    if whole <= 0:
        return "–"
    if part >= whole:
        return "100 %"
    return f"{decimal(min(99.9, 100 * part / whole))} %"


def size(value_bytes: int) -> str:
    """14000 -> `14 kB`; 1_100_000 -> `1,1 MB` (decimal units, as lines are sold)."""
    for unit, factor in _UNITS:
        if value_bytes >= factor:
            amount = value_bytes / factor
            return f"{decimal(amount, 0 if amount >= 100 or unit == 'kB' else 1)} {unit}"
    return f"{number(value_bytes)} B"


def from_iso(text: str | None) -> float | None:
    """Seconds since 1970 of an ISO time (naive = UTC); None for none or nonsense."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def clock(seconds: float, *, with_seconds: bool = False) -> str:
    """`14.03`, or `14.05.20`, in local time."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H.%M.%S" if with_seconds else "%H.%M")


def moment(seconds: float, now: float) -> str:
    """`14.03` today, `18/4 14.03` on another day."""
    then = datetime.fromtimestamp(seconds).astimezone()
    today = datetime.fromtimestamp(now).astimezone()
    prefix = "" if then.date() == today.date() else f"{then.day}/{then.month} "
    return f"{prefix}{clock(seconds)}"


def duration(seconds: float) -> str:
    """`5 detik`, `4 mnt`, `2 jam 11 mnt`, `3 hari 4 jam`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return _tr("%1 detik").replace("%1", str(whole))
    minutes = whole // 60
    if minutes < 60:
        return _tr("%1 mnt").replace("%1", str(minutes))
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _tr("%1 jam %2 mnt").replace("%1", str(hours)).replace("%2", str(minutes))
    days, hours = divmod(hours, 24)
    return _tr("%1 hari %2 jam").replace("%1", str(days)).replace("%2", str(hours))


def age(since: str | None, now: float) -> str:
    """How long ago an ISO time was, as a duration; empty for none."""
    then = from_iso(since)
    return "" if then is None else duration(now - then)


def countdown(next_try: str | None, now: float) -> str:
    """`dalam 12 detik` counting down within two minutes, then the clock time; `sekarang` when it is due."""
    at = from_iso(next_try)
    if at is None:
        return ""
    left = at - now
    if left <= 0:
        return _tr("sekarang")
    if left <= 120:
        return _tr("dalam %1 detik").replace("%1", str(max(1, int(left))))
    return moment(at, now)


def _tr(text: str) -> str:
    return QCoreApplication.translate("format", text)
