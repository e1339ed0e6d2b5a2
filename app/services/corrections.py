"""When the entry is wrong: a correction by fresh readings, a withdrawal, a form moved to its right TPS.

Invariants: what was sent is never changed, only superseded or withdrawn; a correction is a first reading by the person
who makes it and needs a second one like any other; move = withdrawal there and reading here, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.attestation import sign
from app.domain.c1form import C1Key
from app.domain.cell import Cell, cells_to_json
from app.domain.lifecycle import OutboxState, VersionEvent
from app.domain.people import Role
from app.domain.readings import Order, Outcome, cut
from app.domain.times import iso
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import IntakeState, ItemKind
from app.services.drafts import check_cells
from app.services.engine_store import withdrawal_statement
from app.services.feeding import drop_head
from app.services.people import Session, check_session, need_role
from app.services.register import known
from app.services.settling import after_reading, end_reading
from app.services.verdicts import uuid7
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, outbox, pages, readings, versions
from app.store.driver import Connection


def correct(
    wp: Workplace, session: Session, key: C1Key, cells: Mapping[str, Cell], cause: str = "correction"
) -> None:
    """New values for a form; boxes not given keep the head's. A second person then reads it afresh.

    Raises NotFound (nothing was read yet), NotAllowed (role, somebody is reading it), BadInput.
    """
    need_role(session, Role.KEY)
    check_cells(key.form, dict(cells))

    def work(connection: Connection) -> None:
        form = known(connection, key)
        if form.head is None:
            raise NotFound("Formulir ini belum dientri.", hint="Entri dulu.")
        if form.draft is not None:
            raise NotAllowed(
                "Formulir ini sedang dibaca orang lain.", hint="Tunggu sampai selesai, atau ambil alih."
            )
        head = versions.by_id(connection, form.head)
        values = {**head.cells, **cells}
        if values == head.cells:
            raise BadInput(
                "Angkanya sama dengan yang sudah ada; tidak ada yang diubah.", hint="Periksa kotaknya."
            )
        journal.add(
            connection,
            wp.now(),
            "corrected",
            session.person.id,
            key.text(),
            {"before": cells_to_json(head.cells), "after": cells_to_json(values), "cause": cause},
        )
        c1_rows.next_generation(connection, form.id)
        facts.set_outcome(connection, form.id, Outcome.UNREAD, wp.now())
        read_whole(connection, wp, session, c1_rows.by_id(connection, form.id), values, cause)

    wp.db.write(work)


def withdraw(wp: Workplace, session: Session, key: C1Key, reason: str) -> None:
    """The form's values leave it (wrong TPS); it is to be read afresh. Raises NotFound, NotAllowed."""
    need_role(session, Role.KEY)
    wp.db.write(lambda connection: _withdraw(connection, wp, session, known(connection, key), reason))


def move_form(wp: Workplace, session: Session, source: C1Key, target: C1Key, reason: str) -> None:
    """Everything was filed at the wrong TPS: withdrawal there, pages and a first reading here, in one transaction.

    Raises NotFound, NotAllowed, BadInput (the right place is taken).
    """
    need_role(session, Role.KEY)
    if source.form != target.form or source == target:
        raise BadInput(
            "Formulir hanya dapat dipindah ke TPS lain dengan jenis yang sama.", hint="Periksa tujuannya."
        )

    def work(connection: Connection) -> None:
        here, there = known(connection, source), known(connection, target)
        if there.head is not None or there.draft is not None:
            raise BadInput(f"{target.tps.label} sudah berisi entri.", hint="Tarik dulu yang di sana.")
        if here.head is None:
            raise NotFound("Formulir asal belum dientri.", hint="Pindahkan halamannya saja.")
        cells = versions.by_id(connection, here.head).cells
        moved = pages.of_form(connection, here.id)
        _withdraw(connection, wp, session, here, reason)
        for page in moved:
            pages.set_state(connection, page.id, IntakeState.INBOX.value)
            pages.assign(connection, page.id, there.id, page.n or 1, session.person.id, wp.now())
            outbox.rehome(connection, page.scan, there.id)
        journal.add(connection, wp.now(), "moved", session.person.id, source.text(), {"to": target.text()})
        facts.refresh(connection, here.id)
        read_whole(connection, wp, session, there, cells, "moved")

    wp.db.write(work)


def read_whole(
    connection: Connection,
    wp: Workplace,
    session: Session,
    form: c1_rows.C1Row,
    cells: Mapping[str, Cell],
    cause: str,
) -> None:
    """A finished first reading of all of these values by this person, with what follows from it: of the whole form, or
    of the pages that were read of it so far."""
    paper = definition(form.key.form)
    fields = [one.id for one in paper.fields_of(form.profile)]
    pages_read = cut(fields, paper.page_of, cells)
    if not pages_read.is_clean:
        raise BadInput(f"Kotak {', '.join(pages_read.missing)} belum diisi.", hint="Isi semua kotak.")
    number = readings.start(
        connection, form.id, form.generation, Order.FIRST, session.person.id, pages_read.read, wp.now()
    )
    row = readings.by_id(connection, number)
    assert row is not None  # noqa: S101 - inserted above
    values = {field: cells[field] for field in pages_read.read}
    end_reading(connection, wp, session, form, row, pages_read.read, values, cause)
    after_reading(connection, wp, form.id, cause, session.person.id)


def _withdraw(
    connection: Connection, wp: Workplace, session: Session, form: c1_rows.C1Row, reason: str
) -> None:
    if form.head is None:
        raise NotFound("Formulir ini belum dientri.", hint="Tidak ada yang ditarik.")
    if not reason.strip():
        raise BadInput("Penarikan perlu alasan.", hint="Tulis mengapa, misalnya: salah TPS.")
    check_session(connection, session)
    head, now = versions.by_id(connection, form.head), wp.now()
    item = outbox.find(connection, ItemKind.RECORD, head.values_hash, head.id)
    may_be_there = (
        head.sent_at is not None
        or head.at_centre_at is not None
        or (item is not None and (item.attempts > 0 or item.state is OutboxState.IN_FLIGHT))
    )
    # A correction that never left: the centre goes by what it corrects, and that is what leaves the form there.
    before = versions.find(connection, form.id, head.parent) if head.parent and not may_be_there else None
    there = before or head
    unsigned = exchange.WithdrawalRow(
        uuid7(now), form.id, there.id, there.values_hash, session.person.id, iso(now), reason.strip(), ""
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
