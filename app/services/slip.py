"""The printable slip of a form: what was keyed, by whom, when, and what was accepted with which reason.

Invariant: nobody is shown what they may still have to read blind. A form that is read to the end is shown to those who
read it, to verifiers and to coordinators; before that everybody gets their own reading alone, with the word that it
must not lie with the paper. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.people import Role
from app.domain.readings import Outcome
from app.errors import NotAllowed
from app.services import records
from app.services.findings import REASONS
from app.services.people import Session
from app.services.register import Station, as_station, known
from app.services.words import ORDERS
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import people, readings, register, versions
from app.store.driver import Connection


@dataclass(frozen=True, slots=True)
class SlipReader:
    """One reading: which, by whom, when it ended (ISO text)."""

    order: int
    name: str
    finished: str

    @property
    def words(self) -> str:
        return ORDERS.get(self.order, "Entri")


@dataclass(frozen=True, slots=True)
class SlipFinding:
    """A finding on these numbers; `reason` is empty for a note, which needs none."""

    code: str
    field: str
    sentence: str
    reason: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything a slip says. `is_settled`: read to the end; else one person's own reading."""

    key: C1Key
    station: Station
    profile: str
    cells: Mapping[str, Cell]
    readers: tuple[SlipReader, ...]
    findings: tuple[SlipFinding, ...]
    is_settled: bool
    readings_needed: int
    is_practice: bool
    printed_by: str
    printed_at: float


def slip(wp: Workplace, session: Session, key: C1Key) -> Slip:
    """What this person may have on paper of this form. Raises NotFound, NotAllowed."""
    with wp.db.reading() as connection:
        form = known(connection, key)
        rows = [
            row
            for row in readings.of_form(connection, form.id, form.generation)
            if row.cells is not None and row.finished is not None
        ]
        is_settled = form.outcome is Outcome.SETTLED and form.head is not None
        mine = [row for row in rows if row.by == session.person.id]
        cells, of = _settled(connection, form, rows) if is_settled else (_own(mine), mine)
        _need_allowed(session, rows, mine, is_settled=is_settled)
        station = register.station(connection, key.tps)
        assert station is not None  # noqa: S101 - a form has its station
        names = people.names(connection)
        return Slip(
            key=key,
            station=as_station(station),
            profile=form.profile,
            cells=cells,
            readers=tuple(
                SlipReader(int(row.order), names.get(row.by, row.by), row.finished or "") for row in of
            ),
            findings=_findings(connection, form, cells, [row.id for row in of], names),
            is_settled=is_settled,
            readings_needed=form.readings_needed,
            is_practice=wp.is_practice,
            printed_by=session.person.name,
            printed_at=wp.now(),
        )


def _need_allowed(
    session: Session,
    rows: Sequence[readings.ReadingRow],
    mine: Sequence[readings.ReadingRow],
    *,
    is_settled: bool,
) -> None:
    if mine:
        return
    if not is_settled:
        raise NotAllowed(
            "Formulir ini belum tuntas dibaca; angkanya belum boleh dilihat.",
            hint="Slip dapat dicetak setelah entri kedua selesai.",
        )
    had_a_hand = any(session.person.id in row.people for row in rows)
    if not (had_a_hand or session.person.has(Role.VERIFY)):
        raise NotAllowed(
            "Slip hanya untuk pembacanya, verifikator dan koordinator.", hint="Minta salah satu dari mereka."
        )


def _own(mine: Sequence[readings.ReadingRow]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for row in mine:
        cells |= row.cells or {}
    return cells


def _settled(
    connection: Connection, form: c1_rows.C1Row, rows: Sequence[readings.ReadingRow]
) -> tuple[Mapping[str, Cell], Sequence[readings.ReadingRow]]:
    assert form.head is not None  # noqa: S101 - asked by the caller
    return versions.by_id(connection, form.head).cells, rows


def _findings(
    connection: Connection,
    form: c1_rows.C1Row,
    cells: Mapping[str, Cell],
    reading_ids: Sequence[int],
    names: Mapping[str, str],
) -> tuple[SlipFinding, ...]:
    accepted = {
        one.fingerprint: one for reading in reading_ids for one in readings.acceptances(connection, reading)
    }
    found = []
    for one in records.findings_on(connection, form, cells):
        given = accepted.get(one.fingerprint)
        found.append(
            SlipFinding(
                one.code,
                one.fields[-1],
                one.message.id,
                REASONS.get(given.reason, given.reason) if given else "",
                given.note if given else "",
                names.get(given.by, given.by) if given else "",
            )
        )
    return tuple(found)
