"""When the entry is wrong: a correction with its reason, or a withdrawal. Another TPS's paper: `app.services.moving`.

Invariants: what was sent is never changed, only superseded or withdrawn; a correction is a first reading by the person
who makes it and needs a second one like any other (which boxes that one asks: `app.services.rereading`); reasons given
for findings stand as long as the values they were given for. Decision 093. Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.attestation import sign
from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells, cells_to_json
from app.domain.checks import Finding
from app.domain.lifecycle import OutboxState, VersionEvent, VersionState
from app.domain.people import Role
from app.domain.readings import Order, Outcome, cut
from app.domain.times import iso
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import ItemKind, Json
from app.services import findings, records
from app.services.drafts import check_cells
from app.services.engine_store import withdrawal_statement
from app.services.feeding import drop_head
from app.services.keying import EVERY_CHECK, Accept
from app.services.people import Session, check_session, need_role
from app.services.register import known
from app.services.settling import after_reading, end_reading
from app.services.sight import ANSWERED_OTHERWISE, may_see
from app.services.verdicts import uuid7
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, outbox, readings, versions
from app.store.driver import Connection

BUSY_HINT = "Tunggu sampai selesai, atau ambil alih."
MAX_REASON = 200  # it travels in a withdrawal, and is read in one line


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole first reading in one go. Acceptances of `before` (form's row, generation) stand where they still fit."""

    cells: Mapping[str, Cell]
    cause: str  # of the version: correction | moved
    before: tuple[int, int] | None = None
    accept: tuple[Accept, ...] = ()


def reason_of(reason: str) -> str:
    """The reason, trimmed. Raises BadInput without one."""
    words = " ".join(reason.split())[:MAX_REASON]
    if not words:
        raise BadInput("Perubahan ini perlu alasan.", hint="Tulis mengapa, misalnya: salah baca, salah TPS.")
    return words


@dataclass(frozen=True, slots=True)
class Before:
    """What stands here before a correction; `centre` = what KPU RI holds, where it said so."""

    cells: dict[str, Cell]
    centre: dict[str, Cell]
    number: int
    state: VersionState
    readings_needed: int


def before(wp: Workplace, session: Session, key: C1Key) -> Before:
    """The values to correct. Nobody sees them who could still be asked to read the form blind.

    Raises NotFound (nothing was read yet), NotAllowed (role, not read to the end, somebody is reading it).
    """
    need_role(session, Role.KEY)
    with wp.db.reading() as connection:
        form = known(connection, key)
        head = head_at_rest(connection, form)
        is_whole = form.outcome is Outcome.SETTLED or head.state in ANSWERED_OTHERWISE
        if not is_whole or not may_see(connection, form, session.person.id):
            raise NotAllowed(
                f"Formulir {key.tps.label} belum tuntas dibaca.",
                hint="Selesaikan entri kedua dulu; pembaca pertama membukanya lagi dengan F2.",
            )
        return Before(
            head.cells, _centre(connection, form, head), head.number, head.state, form.readings_needed
        )


def _centre(connection: Connection, form: c1_rows.C1Row, head: versions.VersionRow) -> dict[str, Cell]:
    rivals = exchange.rivals(connection, form.id) if head.state is VersionState.RIVAL else []
    back = exchange.returned(connection, head.id)
    return rivals[-1][1] if rivals else back.cells if back is not None else {}


def _as_shown(connection: Connection, form: c1_rows.C1Row, head: versions.VersionRow, shown: Before) -> None:
    """Raises NotAllowed when other values came since, here or from the centre: nobody answers what he has not seen."""
    now = _centre(connection, form, head)
    is_rival, was_rival = (one is VersionState.RIVAL for one in (head.state, shown.state))
    if shown.number != head.number or is_rival != was_rival or now not in (shown.centre, head.cells):
        raise NotAllowed(
            "Angka formulir ini berganti sejak ditampilkan; tidak ada yang disimpan.",
            hint="Tutup, lalu buka Koreksi lagi.",
        )


def correct(
    wp: Workplace,
    session: Session,
    key: C1Key,
    cells: Mapping[str, Cell],
    reason: str,
    accept: Iterable[Accept] = (),
    shown: Before | None = None,
) -> None:
    """New values for a form; boxes not given keep the head's. A second person then reads what changed.

    Where the centre goes by other values (rival), ours may be given unchanged: then they are put above those.
    `accept`: reasons for what the checks say of the new values; what is left is accepted at verification.
    `shown`: what the person had before their eyes; where something else stands meanwhile, nothing is done.
    Raises NotFound (nothing was read yet), NotAllowed (role, somebody is reading it), BadInput.
    """
    need_role(session, Role.KEY)
    check_cells(key.form, dict(cells))
    why, given = reason_of(reason), tuple(accept)

    def work(connection: Connection) -> None:
        form = known(connection, key)
        head = head_at_rest(connection, form)
        if shown is not None:
            _as_shown(connection, form, head, shown)
        _need_asked(form, cells)
        values = {**head.cells, **cells}
        if values == head.cells and head.state is not VersionState.RIVAL:
            raise BadInput(
                "Angkanya sama dengan yang sudah ada; tidak ada yang diubah.", hint="Periksa kotaknya."
            )
        body: Json = {
            "before": cells_to_json(head.cells),
            "after": cells_to_json(values),
            "cause": "correction",
            "reason": why,
        }
        journal.add(connection, wp.now(), "corrected", session.person.id, key.text(), body)
        c1_rows.next_generation(connection, form.id)
        facts.set_outcome(connection, form.id, Outcome.UNREAD, wp.now())
        reading = Whole(values, "correction", (form.id, form.generation), given)
        read_whole(connection, wp, session, c1_rows.by_id(connection, form.id), reading)

    wp.db.write(work)


def _need_asked(form: c1_rows.C1Row, cells: Cells) -> None:
    """Raises BadInput naming the boxes that nobody keys of this form: they would be taken for a change and left out."""
    asked = {one.id for one in definition(form.key.form).fields_of(form.profile)}
    if others := [one for one in cells if one not in asked]:
        raise BadInput(
            f"Kotak {', '.join(others)} tidak dientri pada formulir ini.", hint="Periksa nama kotaknya."
        )


def would_find(wp: Workplace, key: C1Key, cells: Mapping[str, Cell]) -> list[Finding]:
    """What the checks would say of the form with these boxes, and nobody has given a reason for. Raises NotFound."""
    with wp.db.reading() as connection:
        form = known(connection, key)
        head = versions.by_id(connection, form.head) if form.head is not None else None
        values = {**(head.cells if head is not None else {}), **cells}
        accepted = readings.acceptances_of_form(connection, form.id, form.generation)
        known_ones = {one.fingerprint for one in accepted}
        found = records.to_accept(records.findings_on(connection, form, values))
        return [one for one in found if one.fingerprint not in known_ones]


def withdraw(wp: Workplace, session: Session, key: C1Key, reason: str) -> None:
    """The form's values leave it, here, at the centre and in public; it is to be read afresh.

    Raises NotFound, NotAllowed, BadInput (no reason).
    """
    need_role(session, Role.KEY)
    wp.db.write(lambda connection: take_back(connection, wp, session, known(connection, key), reason))


def head_at_rest(connection: Connection, form: c1_rows.C1Row) -> versions.VersionRow:
    """The form's head, while nobody reads it. Raises NotFound, NotAllowed."""
    if form.head is None:
        raise NotFound(f"Formulir {form.key.tps.label} belum dientri.", hint="Entri dulu.")
    if form.draft is not None:
        raise NotAllowed(f"Formulir {form.key.tps.label} sedang dibaca orang lain.", hint=BUSY_HINT)
    return versions.by_id(connection, form.head)


def read_whole(
    connection: Connection, wp: Workplace, session: Session, form: c1_rows.C1Row, whole: Whole
) -> None:
    """A finished first reading of all of these values by this person, with what follows from it: of the whole form, or
    of the pages that were read of it so far."""
    paper = definition(form.key.form)
    fields = [one.id for one in paper.fields_of(form.profile)]
    pages_read = cut(fields, paper.page_of, whole.cells)
    if not pages_read.is_clean:
        raise BadInput(f"Kotak {', '.join(pages_read.missing)} belum diisi.", hint="Isi semua kotak.")
    number = readings.start(
        connection, form.id, form.generation, Order.FIRST, session.person.id, pages_read.read, wp.now()
    )
    row = readings.by_id(connection, number)
    assert row is not None  # noqa: S101 - inserted above
    values = {field: whole.cells[field] for field in pages_read.read}
    end_reading(connection, wp, session, form, row, pages_read.read, values, whole.cause)
    _accept(connection, wp, session, row, values, whole)
    after_reading(connection, wp, form.id, whole.cause, session.person.id)


def _accept(
    connection: Connection,
    wp: Workplace,
    session: Session,
    row: readings.ReadingRow,
    values: Cells,
    whole: Whole,
) -> None:
    """Reasons that still fit come along, each by whoever gave it; those given now are this person's."""
    form = c1_rows.by_id(connection, row.c1)
    found = {one.fingerprint: one for one in records.to_accept(records.findings_on(connection, form, values))}
    for one in readings.acceptances_of_form(connection, *whole.before) if whole.before else ():
        if one.fingerprint in found:
            readings.accept(connection, replace(one, reading=row.id), wp.now())
            del found[one.fingerprint]
    for given in whole.accept:
        for finding in [one for one in found.values() if given.check in (one.code, EVERY_CHECK)]:
            findings.keep(connection, wp, session, row, finding, given.reason, given.note)
            del found[finding.fingerprint]


def take_back(
    connection: Connection, wp: Workplace, session: Session, form: c1_rows.C1Row, reason: str
) -> None:
    """`withdraw` inside a transaction."""
    if form.head is None:
        raise NotFound("Formulir ini belum dientri.", hint="Tidak ada yang ditarik.")
    why = reason_of(reason)
    check_session(connection, session)
    head, now = versions.by_id(connection, form.head), wp.now()
    item = outbox.find(connection, ItemKind.RECORD, head.values_hash, head.id)
    may_be_there = head.at_centre_at is not None or (
        head.state
        is not VersionState.REJECTED  # what was refused is not kept there, and no withdrawal would arrive
        and (
            head.sent_at is not None
            or (item is not None and (item.attempts > 0 or item.state is OutboxState.IN_FLIGHT))
        )
    )
    # A correction that never left: the centre goes by what it corrects, and that is what leaves the form there.
    before = versions.find(connection, form.id, head.parent) if head.parent and not may_be_there else None
    there = before or head
    unsigned = exchange.WithdrawalRow(
        uuid7(now), form.id, there.id, there.values_hash, session.person.id, iso(now), why, ""
    )
    body = withdrawal_statement(connection, unsigned)
    signature = sign(session.private_key, "withdrawal", wp.realm, body)
    exchange.add_withdrawal(connection, exchange.with_signature(unsigned, signature))
    versions.move(connection, head.id, VersionEvent.WITHDRAW, now)
    drop_head(connection, form, head.id, now)
    if not may_be_there and item is not None:
        outbox.cancel(connection, item.id, now)
    if may_be_there or before is not None:
        # Its record is sent to the end first, so that the centre knows what is taken back.
        outbox.put(connection, ItemKind.WITHDRAWAL, unsigned.id, form.id, there.id, outbox.REQUEST_BYTES, now)
    journal.add(connection, now, "withdrawn", session.person.id, form.key.text(), body)
    facts.refresh(connection, form.id)
