"""When thrifty copies go ahead of the images: a poor line, held against the time all images would take on it.

    full        images go as they are
    slowing     still so; the line has been poor for less than a minute
    thrifty     the small copies of all images first, then the images
    recovering  still so; the line has been fair for less than a minute

Two bounds, because two lines are poor: one that needs longer than a night for what waits, and one so slow that people
would wait ten minutes for anything. To end it the line must be clearly better (half the time, twice the rate), and both
ways it must stay so. An outage says nothing, and neither does a server that is slow: before an overloaded centre a
whole nation would send every page twice. A person's limit is a line of that rate, known at once; when no image is left,
it is over. Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.domain.lifecycle import Table, advance
from app.domain.sending import PRIORITY_FIRST
from app.ports import Item
from sync import policy as p
from sync.policy import Bounds
from sync.progress import RATE_LEAST


class Course(StrEnum):
    """What goes first."""

    FULL = "full"
    SLOWING = "slowing"
    THRIFTY = "thrifty"
    RECOVERING = "recovering"


class Sign(StrEnum):
    """What the line looks like now."""

    POOR = "poor"
    FAIR = "fair"
    UNKNOWN = "unknown"
    HELD = "held"  # it has looked so for long enough


_C, _S = Course, Sign
COURSES: Table[Course, Sign] = {
    (_C.FULL, _S.POOR): _C.SLOWING,
    (_C.FULL, _S.FAIR): _C.FULL,
    (_C.FULL, _S.UNKNOWN): _C.FULL,
    (_C.SLOWING, _S.POOR): _C.SLOWING,
    (_C.SLOWING, _S.FAIR): _C.FULL,
    (_C.SLOWING, _S.UNKNOWN): _C.FULL,
    (_C.SLOWING, _S.HELD): _C.THRIFTY,
    (_C.THRIFTY, _S.POOR): _C.THRIFTY,
    (_C.THRIFTY, _S.FAIR): _C.RECOVERING,
    (_C.THRIFTY, _S.UNKNOWN): _C.THRIFTY,
    (_C.RECOVERING, _S.POOR): _C.THRIFTY,
    (_C.RECOVERING, _S.FAIR): _C.RECOVERING,
    (_C.RECOVERING, _S.UNKNOWN): _C.THRIFTY,
    (_C.RECOVERING, _S.HELD): _C.FULL,
}


class Thrift(Struct, frozen=True):
    """The course, and since when (monotonic seconds)."""

    course: Course = Course.FULL
    since: float = 0.0

    @property
    def is_first(self) -> bool:
        """Thrifty copies go ahead."""
        return self.course in (Course.THRIFTY, Course.RECOVERING)


class Load(Struct, frozen=True):
    """What waits, without the copies themselves, and how fast it goes. `rate`: of accepted bytes; 0 = not known."""

    image_bytes: int
    rate: float
    limit: float | None = None  # bytes/s a person allows
    is_line: bool = True  # the rate is the line's; False: a slow or refusing server sets it

    @property
    def pace(self) -> float:
        """Bytes per second that can be counted on; 0 = not known."""
        known = [one for one in (self.rate, self.limit or 0.0) if one >= RATE_LEAST]
        return min(known, default=0.0)


def sign(load: Load, bounds: Bounds, *, is_first: bool) -> Sign:
    """Poor or fair; while copies go first, fair is only what is clearly so."""
    if load.image_bytes <= 0:
        return Sign.FAIR
    if not load.pace:
        return Sign.UNKNOWN
    margin = p.THRIFT_RELIEF if is_first else 1.0
    bound_s = bounds.night_s if load.pace >= bounds.slow_rate * margin else bounds.worth_s
    if load.image_bytes / load.pace * margin <= bound_s:
        return Sign.FAIR
    return Sign.POOR if load.is_line else Sign.UNKNOWN


def judge(thrift: Thrift, load: Load, now: float, bounds: Bounds) -> Thrift:
    """The course from here on."""
    is_told = _is_told(load, bounds, is_first=thrift.is_first)
    seen = Sign.POOR if is_told else sign(load, bounds, is_first=thrift.is_first)
    after = _moved(thrift, seen, now)
    is_plain = load.image_bytes <= 0 or is_told
    is_held = is_plain or now - after.since >= bounds.hold_s
    if (after.course, Sign.HELD) in COURSES and is_held:
        return _moved(after, Sign.HELD, now)
    return after


def order(copies: Sequence[Item], images: Sequence[Item]) -> list[Item]:
    """What goes next while copies go first: no image before a copy that is due, but those of a TPS a person wants
    now come right behind that TPS's own copies."""
    if not copies:
        return list(images)
    ahead = {copy.id for copy in copies}
    wanted = [one for one in images if one.priority == PRIORITY_FIRST and one.id not in ahead]
    return sorted([*copies, *wanted], key=lambda item: item.priority)


def _moved(thrift: Thrift, seen: Sign, now: float) -> Thrift:
    course = advance(COURSES, thrift.course, seen)
    return thrift if course is thrift.course else Thrift(course, now)


def _is_told(load: Load, bounds: Bounds, *, is_first: bool) -> bool:
    """A person's limit alone says it: nothing needs to be measured."""
    by_limit = replace(load, rate=0.0, is_line=True)
    return sign(by_limit, bounds, is_first=is_first) is Sign.POOR
