"""Findings of an open reading and the reasons given for them. Re-exported by `app.services.keying`.

A finding never blocks and never repairs: it is accepted with a reason, and the acceptance lapses for good when a cell
it depended on changes (inside the keystroke's transaction).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.cell import Cell
from app.domain.checks import Finding, about
from app.domain.form import Severity
from app.domain.lifecycle import ReadingState
from app.domain.readings import Order
from app.domain.times import iso
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import Json
from app.services import beside, records, rereading
from app.services.people import Session
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import journal, readings
from app.store.driver import Connection

REASONS = {
    "tertulis_demikian": "Tertulis demikian",
    "tidak_terbaca": "Tidak terbaca",
    "pindaian_buruk": "Pindaian buruk",
    "lainnya": "Lainnya",
}
MAX_NOTE = 2000  # the wire's limit


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why a finding stands."""

    check: str
    reason: str
    note: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding and what was said to it; `needs_reason` is false for a note."""

    finding: Finding
    accepted: Acceptance | None
    needs_reason: bool

    @property
    def check(self) -> str:
        """The check's code."""
        return self.finding.code

    @property
    def severity(self) -> Severity:
        return self.finding.severity

    @property
    def message(self) -> str:
        """The sentence, in Indonesian."""
        return self.finding.message.id


def findings_of(wp: Workplace, reading_id: int, cells: Mapping[str, Cell] | None = None) -> list[FindingView]:
    """Findings on a reading's cells (or on `cells`, what the screen shows before the disk has it). Raises NotFound."""

    def work(connection: Connection) -> list[FindingView]:
        row = readings.by_id(connection, reading_id)
        if row is None:
            raise NotFound("Entri ini tidak ada.", hint="Buka formulirnya lagi.")
        return views(connection, row, cells)

    # In the writer's queue, behind the keys pressed before: a reader might not see them yet.
    return wp.db.write(work)


def views(
    connection: Connection, row: readings.ReadingRow, cells: Mapping[str, Cell] | None = None
) -> list[FindingView]:
    """`findings_of` inside a transaction. A reading of single boxes has none: the rules need whole pages.

    A part is looked at together with the other pages of its reading; only what lies on its own pages is told.
    """
    if row.order not in (Order.FIRST, Order.SECOND):
        return []
    if cells is None:
        is_open = row.state is ReadingState.DRAFT
        cells = readings.draft_cells(connection, row.id) if is_open else (row.cells or {})
    form = c1_rows.by_id(connection, row.c1)
    if rereading.kept(connection, form, row):
        return []  # only what a correction changed is asked
    whole = {**readings.given(connection, row), **cells}
    known = beside.for_reader(connection, form, row.by)
    found = about(records.findings_on(connection, form, whole, known), row.fields)
    return with_reasons(found, readings.acceptances(connection, row.id))


def with_reasons(found: list[Finding], given: Iterable[readings.AcceptanceRow]) -> list[FindingView]:
    """Each finding with the reason that stands for it."""
    accepted = {one.fingerprint: one for one in given}
    needed = {one.code for one in records.to_accept(found)}
    return [FindingView(one, _view(accepted.get(one.fingerprint)), one.code in needed) for one in found]


def accept(wp: Workplace, session: Session, reading_id: int, code: str, reason: str, note: str = "") -> None:
    """Give the reason for a finding. Raises BadInput (unknown reason, no such finding now), NotAllowed, NotFound."""
    wp.db.write(lambda connection: accepted(connection, wp, session, reading_id, code, reason, note))


def accepted(
    connection: Connection,
    wp: Workplace,
    session: Session,
    reading_id: int,
    code: str,
    reason: str,
    note: str,
) -> None:
    """`accept` inside a transaction."""
    row = own_draft(connection, session, reading_id)
    finding = next((one.finding for one in views(connection, row) if one.finding.code == code), None)
    if finding is None:
        raise BadInput(f"Temuan {code} sudah tidak ada pada angka sekarang.", hint="Periksa daftar temuan.")
    keep(connection, wp, session, row, finding, reason, note)


def keep(
    connection: Connection,
    wp: Workplace,
    session: Session,
    row: readings.ReadingRow,
    finding: Finding,
    reason: str,
    note: str,
) -> None:
    """The acceptance and its journal line, by whoever may give it on this reading's form. Raises BadInput."""
    if reason not in REASONS:
        raise BadInput(f"Alasan {reason!r} tidak dikenal.", hint=f"Pilih: {', '.join(REASONS)}.")
    if reason == "lainnya" and not note.strip():
        raise BadInput("Alasan 'lainnya' perlu catatan.", hint="Tulis apa yang terlihat di kertas.")
    words = note.strip()[:MAX_NOTE]
    readings.accept(
        connection,
        readings.AcceptanceRow(
            0,
            row.id,
            finding.code,
            finding.fingerprint,
            finding.depends_on,
            reason,
            words,
            session.person.id,
            iso(wp.now()),
        ),
        wp.now(),
    )
    key = c1_rows.by_id(connection, row.c1).key
    body: Json = {
        "check": finding.code,
        "version": finding.version,
        "reason": reason,
        "note": words,
        "values": dict(finding.values),
    }
    journal.add(connection, wp.now(), "accepted", session.person.id, key.text(), body)


def own_draft(connection: Connection, session: Session, reading_id: int) -> readings.ReadingRow:
    """The person's open reading. Raises NotFound, NotAllowed."""
    row = readings.by_id(connection, reading_id)
    if row is None or row.state is not ReadingState.DRAFT:
        raise NotFound("Entri ini tidak terbuka.", hint="Buka formulirnya lagi.")
    if row.by != session.person.id:
        raise NotAllowed("Entri ini dipegang orang lain.", hint="Ambil alih dulu.")
    return row


def _view(row: readings.AcceptanceRow | None) -> Acceptance | None:
    return None if row is None else Acceptance(row.code, row.reason, row.note, row.by, row.at)
