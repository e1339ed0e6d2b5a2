"""What hangs on the wall: how far the district is, what stops longest, how the line is. Reads only; any thread, also
beside a running program in another process.

Invariant: no votes and no names of people, so that nobody need sign in to show it; one moment for all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.outages import WORKS
from app.domain.times import seconds_of
from app.domain.wilayah import TpsId
from app.services import history, status, waits
from app.services.line_words import LINE_WORDS
from app.services.places import district_name, proper, realm_words
from app.services.report_state import form_title
from app.services.report_tables import flat
from app.services.workplace import Workplace
from app.store import line_log, people, register, reports, work_done
from app.store.driver import Connection
from app.store.reports import Counts

STOPS = 5
HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A form that waits: where, of which ballot, why, since when (seconds)."""

    place: str
    form: str
    reason: str
    since: float


@dataclass(frozen=True, slots=True)
class Line:
    """How the line was when the engine last said so."""

    state: str
    words: str
    since: float | None

    @property
    def is_well(self) -> bool:
        return self.state == "ok"

    @property
    def is_out(self) -> bool:
        return self.state not in WORKS and self.state != "slow"


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the wall, true at `at` (seconds)."""

    at: float
    place: str
    is_practice: bool
    whole: Counts
    ballots: tuple[Area, ...]  # one a form, where the office has several
    areas: tuple[Area, ...]
    stops: tuple[Stop, ...]
    line: Line
    keyed_per_hour: int
    held_per_hour: int  # at the centre
    receipt_at: float | None


def board(wp: Workplace) -> Board:
    """As it stands now. Raises Unavailable."""
    with wp.db.reading() as connection:
        now = wp.now()
        lately = work_done.reached(connection, now - HOUR_S, now)
        receipt = history.last_receipt(wp)
        return Board(
            now,
            flat(f"{district_name(wp)} · {realm_words(wp)}"),
            wp.is_practice,
            status.funnel(wp),
            _ballots(wp, connection),
            _areas(connection, wp.district),
            _stops(connection, waits.oldest(wp, STOPS)),
            _line(connection),
            lately["keyed"],
            lately["at_centre"],
            seconds_of(receipt.at) if receipt else None,
        )


def _ballots(wp: Workplace, connection: Connection) -> tuple[Area, ...]:
    by_form = work_done.funnel_by_form(connection)
    order = [*wp.form_ids, *(form for form in by_form if form not in wp.form_ids)]
    return (
        tuple(Area(form_title(form), by_form[form]) for form in order if form in by_form)
        if len(by_form) > 1
        else ()
    )


def _areas(connection: Connection, district: str) -> tuple[Area, ...]:
    names = {area.code: proper(flat(area.name)) for area in register.areas(connection)}
    found = sorted(reports.funnel_by(connection, district).items())
    return tuple(Area(names.get(code, code), counts) for code, counts in found)


def _stops(connection: Connection, found: Sequence[waits.Waiting]) -> tuple[Stop, ...]:
    known = {one for row in people.names(connection).items() for one in row if one}
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    person = re.compile(rf"(?<!\w)({'|'.join(longest_first)})(?!\w)") if known else None
    return tuple(_stop(connection, one, person) for one in found)


def _stop(connection: Connection, one: waits.Waiting, person: re.Pattern[str] | None) -> Stop:
    station = register.station(connection, one.tps)
    where = f" · {proper(flat(station.desa_name))}, {proper(flat(station.kecamatan_name))}" if station else ""
    reason = waits.nameless(flat(one.reason))
    if one.is_for_engine and person is not None:  # the centre's own sentences name whoever signed
        reason = person.sub("…", reason)
    return Stop(f"{TpsId(one.tps).label}{where}", form_title(one.form), reason, seconds_of(one.since))


def _line(connection: Connection) -> Line:
    turn = line_log.last(connection)
    if turn is None:
        return Line("no_server", LINE_WORDS["no_server"], None)
    return Line(turn.state, LINE_WORDS.get(turn.state, turn.state), turn.at)
