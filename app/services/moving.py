"""Paper filed at the wrong TPS: a form moved to its right one, or two exchanged with each other.

Invariants: one transaction for both TPS (signed withdrawals there, pages and signed first readings here), so a paper is
never held twice or nowhere; nobody's unfinished reading is cut off; whoever moves a paper signs as its first reader and
reads it no more. A move is undone by moving back. Decision 093. Thread: any.
"""

from __future__ import annotations

from app.domain.c1form import C1Key
from app.domain.people import Role
from app.domain.readings import Order, Outcome
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import IntakeState, Json
from app.services.corrections import BUSY_HINT, Whole, head_at_rest, read_whole, reason_of, take_back
from app.services.people import Session, need_role
from app.services.register import known
from app.services.rereading import MOVED_HERE
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import facts, journal, outbox, pages, readings
from app.store.driver import Connection


def move_form(
    wp: Workplace,
    session: Session,
    source: C1Key,
    target: C1Key,
    reason: str,
    *,
    with_pages: bool = True,
) -> None:
    """What was filed at `source` belongs to `target`. `with_pages` False: the scans lie at their right TPS already.

    Raises NotFound, NotAllowed (role, somebody is reading one of them), BadInput (the right place is taken).
    """
    need_role(session, Role.KEY)
    _same_kind(source, target)
    why = reason_of(reason)

    def work(connection: Connection) -> None:
        here, there = known(connection, source), known(connection, target)
        if there.head is not None:
            raise BadInput(
                f"{target.tps.label} sudah berisi entri.",
                hint="Bila keduanya tertukar, pakai Tukar; bila yang di sana salah, tarik dulu.",
            )
        if there.draft is not None:
            raise NotAllowed(f"Formulir {target.tps.label} sedang dibaca orang lain.", hint=BUSY_HINT)
        if here.head is None:
            raise NotFound("Formulir asal belum dientri.", hint="Pindahkan halamannya saja, di Pindai.")
        doubled = _doubled(connection, here, there) if with_pages else ()
        if doubled:
            raise BadInput(
                f"{target.tps.label} sudah punya gambar halaman {', '.join(map(str, doubled))}.",
                hint="Pindahkan angkanya saja, atau sisihkan dulu gambar itu di Pindai.",
            )
        _carry(connection, wp, session, [(here, there)], why, with_pages=with_pages)

    wp.db.write(work)


def swap(
    wp: Workplace, session: Session, one: C1Key, other: C1Key, reason: str, *, with_pages: bool = True
) -> None:
    """The papers of two TPS were exchanged: each goes to the other, at once. Raises as `move_form`."""
    need_role(session, Role.KEY)
    _same_kind(one, other)
    why = reason_of(reason)

    def work(connection: Connection) -> None:
        first, second = known(connection, one), known(connection, other)
        _carry(connection, wp, session, [(first, second), (second, first)], why, with_pages=with_pages)

    wp.db.write(work)


def move_draft(wp: Workplace, session: Session, source: C1Key, target: C1Key) -> None:
    """While it is keyed the paper turns out to be another TPS's: what was typed so far goes there, with the sheets.

    Where both places have a sheet of the same number, each was filed by itself: then the sheets stay.
    Raises NotFound, NotAllowed (not one's own first reading, other pages of it were finished here, the right place is
    being read), BadInput (it is taken).
    """
    need_role(session, Role.KEY)
    _same_kind(source, target)

    def work(connection: Connection) -> None:
        here, there = known(connection, source), known(connection, target)
        row = readings.by_id(connection, here.draft) if here.draft is not None else None
        if (
            row is None
            or row.by != session.person.id
            or row.order is not Order.FIRST
            or row.cells is not None
        ):
            raise NotAllowed(
                "Hanya entri pertama yang belum selesai dapat dipindahkan.", hint="Pakai Perbaiki."
            )
        if here.head is not None:  # its other pages were read here: they and their sheets would be torn apart
            raise NotAllowed(
                f"Halaman lain formulir {source.tps.label} sudah dientri di sini.",
                hint="Selesaikan halaman ini, lalu Perbaiki: Pindahkan memindahkan semuanya.",
            )
        if there.draft is not None:
            raise NotAllowed(f"Formulir {target.tps.label} sedang dibaca orang lain.", hint=BUSY_HINT)
        if there.outcome is not Outcome.UNREAD:
            raise BadInput(
                f"{target.tps.label} sudah berisi entri.", hint="Jeda, lalu tanyakan kepada koordinator."
            )
        with_pages = not _doubled(connection, here, there)
        readings.rehome(connection, row.id, there.id, there.generation)
        c1_rows.set_draft(connection, here.id, None)
        c1_rows.set_draft(connection, there.id, row.id)
        body: Json = {"to": target.text(), "reason": "saat dientri", "with_pages": with_pages}
        journal.add(connection, wp.now(), "moved", session.person.id, source.text(), body)
        if with_pages:
            _place(connection, wp, session, pages.of_form(connection, here.id), there)
        told: Json = {"from": source.text(), "draft": True, "with_pages": with_pages}
        journal.add(connection, wp.now(), MOVED_HERE, session.person.id, target.text(), told)
        for form in (here, there):
            facts.refresh(connection, form.id)

    wp.db.write(work)


def is_taken(wp: Workplace, key: C1Key) -> bool | None:
    """Whether there is an entry at this place; None: no such form is expected here."""
    row = c1_rows.find(wp.db.reader, key)
    return None if row is None else row.head is not None


def origin(wp: Workplace, key: C1Key) -> C1Key | None:
    """Whence the form came here, if it was moved: the way back."""
    with wp.db.reading() as connection:
        lines = [line for line in journal.lines_about(connection, key.text()) if line.kind == MOVED_HERE]
        return C1Key.of_text(str(lines[-1].body["from"])) if lines else None


def _same_kind(one: C1Key, other: C1Key) -> None:
    if (one.form, one.round) != (other.form, other.round) or one == other:
        raise BadInput(
            "Formulir hanya dapat dipindah ke TPS lain dengan jenis yang sama.", hint="Periksa tujuannya."
        )


def _doubled(connection: Connection, here: c1_rows.C1Row, there: c1_rows.C1Row) -> tuple[int, ...]:
    """Numbers of pages that both have."""
    taken = {row.n for row in pages.of_form(connection, there.id)}
    return tuple(row.n for row in pages.of_form(connection, here.id) if row.n in taken and row.n is not None)


def _place(
    connection: Connection,
    wp: Workplace,
    session: Session,
    sheet: list[pages.PageRow],
    target: c1_rows.C1Row,
) -> None:
    for page in sheet:
        pages.assign(connection, page.id, target.id, page.n or 1, session.person.id, wp.now())
        outbox.rehome(connection, page.scan, target.id)


def _carry(
    connection: Connection,
    wp: Workplace,
    session: Session,
    ways: list[tuple[c1_rows.C1Row, c1_rows.C1Row]],
    reason: str,
    *,
    with_pages: bool,
) -> None:
    """First everything leaves, then everything arrives: of two that change places none is in the other's way."""
    cells = [head_at_rest(connection, source).cells for source, _target in ways]
    sheets = [pages.of_form(connection, source.id) if with_pages else [] for source, _target in ways]
    for source, target in ways:
        take_back(connection, wp, session, source, reason)
        body: Json = {"to": target.key.text(), "reason": reason, "with_pages": with_pages}
        journal.add(connection, wp.now(), "moved", session.person.id, source.key.text(), body)
    for page in (one for sheet in sheets for one in sheet):
        pages.set_state(connection, page.id, IntakeState.INBOX.value)
    for (source, target), values, sheet in zip(ways, cells, sheets, strict=True):
        _place(connection, wp, session, sheet, target)
        told: Json = {
            "from": source.key.text(),
            "generation": source.generation,
            "reason": reason,
            "with_pages": with_pages,
        }
        journal.add(connection, wp.now(), MOVED_HERE, session.person.id, target.key.text(), told)
        place = c1_rows.by_id(connection, target.id)
        read_whole(connection, wp, session, place, Whole(values, "moved", (source.id, source.generation)))
    for source, _target in ways:
        facts.refresh(connection, source.id)
