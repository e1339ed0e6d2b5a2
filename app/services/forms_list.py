"""The list over all forms: what a person asks for, and each row in words: where it stands, why, since when, where its
work goes on.

Invariants: no value of a form is in a row; only the coordinator asks by person (others: only by themselves); a row
offers a page only to somebody who may act there, four eyes included. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from app.domain.c1form import C1Key
from app.domain.people import Person, Role
from app.domain.readings import Order
from app.errors import NotAllowed
from app.ports import Lane
from app.services import words
from app.services.waits import (
    AT_CENTRE,
    VISIBLE_S,
    SiteStop,
    lane_reason,
    pages_stop,
    readers_here,
    reading_stop,
    site_stops,
)
from app.services.workplace import Workplace
from app.store import forms_list as store
from app.store import queue as queue_reads

_HOUR_S = 3_600.0
STOPS = (
    "not_received",
    "unread",
    "partly_read",
    "needs_second",
    "needs_third",
    "needs_coordinator",
    "missing_pages",
    "ready",
    "queued",
    "at_centre",
    "returned",
    "disputed",
    "verified",
    "verdict_at_centre",
    "rival",
    "rejected",
    "public_differs",
    store.NOT_VISIBLE,
)
"""`c1.stop`: why a form does not go on, in the order a form meets them; and what the public site does not show yet."""
_SITE = (None, "public_differs")  # where the public site is what a form waits for
_ENGINES = ("ready", "queued", "verified")  # what stands there is on its way: the queue says why it waits


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as people choose, name and keep it; empty = any. `is_mine`: what this person may act on now."""

    is_mine: bool = False
    text: str = ""
    area: str = ""
    form: str = ""
    has: str = ""
    lacks: str = ""
    stop: str = ""
    person: str = ""
    older_h: int = 0
    is_by_age: bool = False

    def as_json(self) -> dict[str, Any]:
        """Only what differs from `any`."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Wanted:
        """What an older or a newer program kept: names and kinds it does not know are left aside."""
        known = {one.name: type(one.default) for one in fields(cls)}
        return cls(**{name: kept[name] for name, kind in known.items() if isinstance(kept.get(name), kind)})


MINE = Wanted(is_mine=True, is_by_age=True)
"""The list as it opens: what needs me, longest first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A form. `since` in seconds since 1970; `page` = where this person goes on with it, empty = nowhere."""

    key: C1Key
    desa_name: str
    kecamatan_name: str
    state: str
    stop: str
    reason: str
    needs_action: bool
    since: float | None
    draft_by: str
    pages_in: int
    page_count: int
    page: str


def rows(wp: Workplace, person: Person, wanted: Wanted, limit: int, offset: int) -> list[Row]:
    """A part of the list. Raises NotAllowed (by another person, without being coordinator)."""
    asked = _filter(wp, person, wanted)
    with wp.db.reading() as connection:
        lines = store.lines(connection, asked, limit, offset, person.id)
        queued = queue_reads.lines_of(connection, [line.id for line in lines])
        told = _Told(
            readers_here(connection),
            {lane: lane_reason(connection, lane, wp.now()) for lane in Lane},
            site_stops(connection, wp.now(), forms=[line.id for line in lines if line.stop in _SITE]),
        )
        return [_row(line, queued.get(line.id), told, person) for line in lines]


def count(wp: Workplace, person: Person, wanted: Wanted) -> int:
    """How long the list is. Raises NotAllowed as `rows` does."""
    return store.count(wp.db.reader, _filter(wp, person, wanted))


def mine_of(person: Person) -> store.Mine:
    """What a person's roles let them act on; the same rules as `status.needs_me`."""
    return store.Mine(
        person.id,
        keys=person.has(Role.KEY),
        corrects=person.has(Role.KEY),
        reads=person.has(Role.KEY, Role.VERIFY),
        verifies=person.has(Role.VERIFY),
        decides=Role.COORDINATE in person.roles,
        scans=person.has(Role.SCAN),
    )


def may_ask_by_person(person: Person) -> bool:
    """Counts per person are the coordinator's."""
    return Role.COORDINATE in person.roles


@dataclass(frozen=True, slots=True)
class _Told:
    readers: int
    lanes: Mapping[Lane, tuple[str, str, float | None]]
    site: Mapping[int, SiteStop]  # by the form's row


def _filter(wp: Workplace, person: Person, wanted: Wanted) -> store.FormFilter:
    if wanted.person not in ("", person.id) and not may_ask_by_person(person):
        raise NotAllowed("Hanya koordinator yang menyaring menurut orang.", hint="Pilih semua orang.")
    return store.FormFilter(
        text=wanted.text,
        area=wanted.area or None,
        form=wanted.form,
        has=wanted.has,
        lacks=wanted.lacks,
        stop=wanted.stop,
        person=wanted.person,
        before=wp.now() - wanted.older_h * _HOUR_S if wanted.older_h else None,
        mine=mine_of(person) if wanted.is_mine else None,
        is_by_age=wanted.is_by_age,
        published_before=wp.now() - VISIBLE_S,
    )


def _row(line: store.FormLine, queued: queue_reads.Line | None, told: _Told, person: Person) -> Row:
    is_stopped = queued is not None and queued.needs_action
    site = None if is_stopped else told.site.get(line.id)
    return Row(
        line.key,
        line.desa_name,
        line.kecamatan_name,
        words.STOPPED_WORDS if is_stopped else words.form_state(line),
        site.code if site else line.stop or "",
        site.reason if site else _reason(line, queued, told),
        is_stopped or line.stop in ("rejected", "rival", "disputed", "public_differs"),
        site.since if site else line.since,
        line.draft_name,
        len(line.pages),
        line.page_count,
        "queue" if is_stopped else _page(line, person),
    )


def _reason(line: store.FormLine, queued: queue_reads.Line | None, told: _Told) -> str:
    """As `status --waiting` says it. What stopped comes first: nothing else of the form goes on by itself."""
    if queued is not None and (queued.needs_action or line.stop in _ENGINES):
        _code, reason, _next = words.queue_reason(queued, told.lanes[queue_reads.LANES[queued.kind]])
        return f"{words.queue_what(queued)}: {reason}"
    if line.stop is None:
        return ""
    if line.stop == "not_received":
        return "Belum diterima."
    if line.stop == "missing_pages":
        return pages_stop(line.page_count, line.pages)
    if line.stop in AT_CENTRE:
        return AT_CENTRE[line.stop][2]
    if line.stop in _ENGINES or line.stop == "settled":
        return "Menunggu diunggah."
    return reading_stop(line.stop, told.readers, line.draft_name, line.lacking, line.pages)[2]


def _is_for_verifier(line: store.FormLine) -> bool:
    is_returned = line.head_state == "returned" and line.facts["keyed"] is not None
    return is_returned or line.stop in ("disputed", "rival", "public_differs")


def _page(line: store.FormLine, person: Person) -> str:
    """Where this person goes on with a form; a colleague's open draft is asked about there."""
    if line.draft_by == person.id:
        return "keying" if line.draft_order == Order.FIRST else "second"
    needs = {"needs_second": Order.SECOND, "needs_third": Order.THIRD}.get(line.stop or "", Order.COORDINATOR)
    is_clean, is_first = line.hands <= {needs}, Order.FIRST in line.hands
    readers = person.has(Role.KEY, Role.VERIFY)
    has_gaps = line.facts["received"] is not None and line.facts["scanned"] is None
    places = (
        ("keying", line.stop in ("unread", "partly_read") and person.has(Role.KEY)),
        ("second", line.stop in ("needs_second", "needs_third") and readers and is_clean),
        ("second", line.stop == "needs_coordinator" and Role.COORDINATE in person.roles and is_clean),
        ("verify", _is_for_verifier(line) and person.has(Role.VERIFY) and not is_first),
        ("verify", line.stop in ("disputed", "rival") and person.has(Role.KEY)),  # to correct it
        ("pages", has_gaps and person.has(Role.SCAN)),
        ("queue", line.stop in (*_ENGINES, "rejected")),
    )
    return next((page for page, is_there in places if is_there), "")
