"""Opening, keeping, taking over and reopening readings. Re-exported by `app.services.keying`.

Invariants: whoever had a hand in one reading of a form has none in another; a later reader is shown nothing of the
earlier ones - a draft holds what its own reader keyed and, from the third reading on, the names of the boxes that
differ, never their values; the pages of one reading may be read by several people, a part each; a form with an open
draft is reserved. Thread: any; `save_cell` never waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells, cells_to_json
from app.domain.checks import ALONE, Beside, Dpt
from app.domain.lifecycle import ReadingState
from app.domain.people import OWN_FORM, Role, may_read_next
from app.domain.readings import Order, Outcome
from app.domain.times import iso, moment_words, seconds_of
from app.errors import BadInput, ExpectedError, NotAllowed, NotFound
from app.ports import Json
from app.services import beside, records, rereading
from app.services.people import Session, need_role
from app.services.register import as_station, known
from app.services.settling import settlement_of
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import facts, journal, people, readings, register, versions
from app.store.driver import Connection

NEXT_ORDER = {
    Outcome.UNREAD: Order.FIRST,
    Outcome.PARTLY_READ: Order.FIRST,
    Outcome.NEEDS_SECOND: Order.SECOND,
    Outcome.NEEDS_THIRD: Order.THIRD,
    Outcome.NEEDS_COORDINATOR: Order.COORDINATOR,
}
READERS: dict[Order, tuple[Role, ...]] = {
    Order.FIRST: (Role.KEY,),
    Order.SECOND: (Role.KEY, Role.VERIFY),
    Order.THIRD: (Role.KEY, Role.VERIFY),
    Order.COORDINATOR: (Role.COORDINATE,),
}


class DraftTaken(ExpectedError):
    """Somebody else has this form open; `take_over` is the way."""

    def __init__(self, person: str, since: str) -> None:
        super().__init__(
            f"Formulir ini sedang dientri {person} sejak {moment_words(seconds_of(since))}.",
            hint="Ambil alih bila orang itu sudah pergi; nama keduanya dicatat.",
        )
        self.person = person
        self.since = since


@dataclass(frozen=True, slots=True)
class Draft:
    """An open reading. `fields` are to be keyed, in paper order; `typed` is the raw text in the `current` field.

    `given`: what was read of the form's other pages in this same reading, for the rules that look at both.
    """

    reading_id: int
    key: C1Key
    order: Order
    form_id: str
    profile: str
    fields: tuple[str, ...]
    cells: dict[str, Cell]
    current: str | None
    started: str
    taken_over_from: tuple[str, ...]
    typed: str = ""
    given: Cells = field(default_factory=dict)
    beside: Beside = ALONE  # what its checks compare with, as far as its reader may see it

    @property
    def dpt(self) -> Dpt | None:
        """The register's voters of the station."""
        return self.beside.dpt


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """A draft in a person's list."""

    reading_id: int
    key: C1Key
    order: Order
    keyed: int
    total: int
    updated_at: str


def open_draft(wp: Workplace, session: Session, key: C1Key) -> Draft:
    """Go on with one's own draft, or begin the reading the form needs next.

    Raises NotFound, NotAllowed (own form, role, read to the end already), DraftTaken.
    """
    return wp.db.write(lambda connection: opened(connection, wp, session, key))


def opened(connection: Connection, wp: Workplace, session: Session, key: C1Key) -> Draft:
    """`open_draft` inside a transaction."""
    form = known(connection, key)
    rows = readings.of_form(connection, form.id, form.generation)
    draft = next((row for row in rows if row.state is ReadingState.DRAFT), None)
    if draft is not None and draft.by == session.person.id:
        return as_draft(connection, form, draft)
    order = _next_order(connection, form) if draft is None else draft.order
    _may_read(session, order, rows)
    if draft is not None:
        who = people.person(connection, draft.by)
        raise DraftTaken(who.name if who else draft.by, draft.started)
    fields = _fields(connection, form, order, session.person.id)
    number = readings.start(connection, form.id, form.generation, order, session.person.id, fields, wp.now())
    c1_rows.set_draft(connection, form.id, number)
    row = readings.by_id(connection, number)
    assert row is not None  # noqa: S101 - inserted above
    return as_draft(connection, form, row)


def take_over(wp: Workplace, session: Session, key: C1Key) -> Draft:
    """Go on with somebody else's draft. Both names are kept; neither reads the form again. Raises as `open_draft`."""

    def work(connection: Connection) -> Draft:
        form = known(connection, key)
        rows = readings.of_form(connection, form.id, form.generation)
        draft = next((row for row in rows if row.state is ReadingState.DRAFT), None)
        if draft is None or draft.by == session.person.id:
            return opened(connection, wp, session, key)
        _may_read(session, draft.order, rows)
        if rereading.kept(connection, form, draft):  # nobody signs what somebody else read before him
            readings.ask(
                connection, draft.id, [one.id for one in definition(key.form).fields_of(form.profile)]
            )
        readings.hand_over(connection, draft.id, session.person.id, wp.now())
        body: Json = {"order": int(draft.order), "from": draft.by}
        journal.add(connection, wp.now(), "taken_over", session.person.id, key.text(), body)
        row = readings.by_id(connection, draft.id)
        assert row is not None  # noqa: S101 - read above in the same transaction
        return as_draft(connection, form, row)

    return wp.db.write(work)


def save_cell(
    wp: Workplace, reading_id: int, field: str, cell: Cell | None, current: str, text: str = ""
) -> Future[None]:
    """Keep one keystroke. The future is done when it is on the disk; it fails when the reading is no draft any more."""

    def work(connection: Connection) -> None:
        if not readings.save_cell(connection, reading_id, field, cell, current, text, wp.now()):
            raise NotAllowed(
                "Entri ini sudah ditutup; angka terakhir tidak disimpan.", hint="Buka formulirnya lagi."
            )

    return wp.db.submit(work)


def put_back(wp: Workplace, session: Session, reading_id: int) -> Future[None]:
    """The person leaves the form: a draft without a keystroke is no reading, and somebody else may open it."""

    def work(connection: Connection) -> None:
        row = readings.by_id(connection, reading_id)
        if (
            row is not None
            and row.by == session.person.id
            and readings.drop_untouched(connection, reading_id)
        ):
            c1_rows.set_draft(connection, row.c1, None)

    return wp.db.submit(work)


def drafts_of(wp: Workplace, person_id: str) -> list[DraftInfo]:
    """A person's open drafts, newest first."""
    with wp.db.reading() as connection:
        return [
            DraftInfo(
                row.id,
                c1_rows.by_id(connection, row.c1).key,
                row.order,
                len(readings.draft_cells(connection, row.id)),
                len(row.fields),
                iso(row.updated_at),
            )
            for row in readings.drafts_of(connection, person_id)
        ]


def reopen(wp: Workplace, session: Session, key: C1Key) -> Draft:
    """F2: one's own last finished reading, as long as nobody read after it. Raises NotFound, NotAllowed."""

    def work(connection: Connection) -> Draft:
        form = known(connection, key)
        row = readings.newest_finished(connection, session.person.id, form.id, form.generation)
        if row is None or row.cells is None:
            raise NotFound(
                "Tidak ada entri Anda yang selesai pada formulir ini.", hint="Pilih formulir lain."
            )
        _may_reopen(connection, form, row)
        if form.head is not None and row.order is Order.FIRST:
            # The head rests on it and may be on its way already: what goes out meanwhile is what was signed.
            head = versions.by_id(connection, form.head)
            versions.freeze(connection, head.id, records.as_text(records.record_body(connection, head)))
        readings.reopen(connection, row.id, row.cells, wp.now())
        c1_rows.set_draft(connection, form.id, row.id)
        journal.add(
            connection, wp.now(), "reopened", session.person.id, key.text(), {"order": int(row.order)}
        )
        facts.refresh(connection, form.id)
        again = readings.by_id(connection, row.id)
        assert again is not None  # noqa: S101 - read above in the same transaction
        return as_draft(connection, form, again)

    return wp.db.write(work)


def _may_reopen(connection: Connection, form: c1_rows.C1Row, row: readings.ReadingRow) -> None:
    """Raises NotAllowed: nothing was read after it, neither another page of the same reading nor the form again."""
    last = readings.of_form(connection, form.id, form.generation)[-1]
    if last.order is row.order and last.id != row.id:
        since = "sedang dientri" if last.state is ReadingState.DRAFT else "sudah dientri sesudah itu"
        raise NotAllowed(
            f"{_named(connection, form.key)}: halaman lain formulir ini {since}, jadi halaman Anda yang sebelumnya "
            "tidak dapat dibuka lagi.",
            hint="Kesalahan di halaman itu terlihat pada entri kedua, atau dibetulkan dengan koreksi.",
        )
    if row.state is not ReadingState.FINISHED or last.id != row.id or form.draft is not None:
        raise NotAllowed(
            f"{_named(connection, form.key)} sudah dibaca orang sesudah Anda, jadi entri Anda tidak dapat dibuka lagi.",
            hint="Perbedaan diselesaikan oleh orang ketiga atau koordinator.",
        )


def last_finished(wp: Workplace, session: Session, orders: Iterable[Order]) -> C1Key:
    """What F2 reopens: the form this person finished last, also before a restart. Raises NotFound."""
    with wp.db.reading() as connection:
        c1 = readings.last_finished(connection, session.person.id, orders)
        if c1 is None:
            raise NotFound(
                "Belum ada formulir yang Anda selesaikan di sini.", hint="Pilih formulir dari daftar."
            )
        return c1_rows.by_id(connection, c1).key


def _named(connection: Connection, key: C1Key) -> str:
    station = register.station(connection, key.tps)
    return as_station(station).label if station else key.tps.label


def draft(wp: Workplace, reading_id: int) -> Draft:
    """An open reading by its id. Raises NotFound."""
    with wp.db.reading() as connection:
        row = readings.by_id(connection, reading_id)
        if row is None or row.state is not ReadingState.DRAFT:
            raise NotFound("Entri ini tidak terbuka.", hint="Buka formulirnya lagi.")
        return as_draft(connection, c1_rows.by_id(connection, row.c1), row)


def as_draft(connection: Connection, form: c1_rows.C1Row, row: readings.ReadingRow) -> Draft:
    """The draft as its reader sees it."""
    return Draft(
        reading_id=row.id,
        key=form.key,
        order=row.order,
        form_id=form.key.form,
        profile=form.profile,
        fields=row.fields,
        cells=readings.draft_cells(connection, row.id),
        current=row.current,
        started=row.started,
        taken_over_from=row.taken_over_from,
        typed=row.typed,
        given=readings.given(connection, row),
        beside=beside.for_reader(connection, form, row.by),
    )


def _next_order(connection: Connection, form: c1_rows.C1Row) -> Order:
    outcome = settlement_of(connection, form).outcome
    if outcome is Outcome.SETTLED:
        raise NotAllowed(
            "Formulir ini sudah tuntas dibaca.",
            hint="Bila angkanya salah: Koreksi, hanya kotak yang salah; lalu orang kedua membacanya.",
            code="settled",
        )
    return NEXT_ORDER[outcome]


def _may_read(session: Session, order: Order, rows: list[readings.ReadingRow]) -> None:
    readers = frozenset[str]().union(*(row.people for row in rows if row.order is not order))
    if not may_read_next(session.person.id, readers):
        raise NotAllowed(OWN_FORM, code="own_form")
    need_role(session, *READERS[order])


def _fields(connection: Connection, form: c1_rows.C1Row, order: Order, person: str) -> tuple[str, ...]:
    if order is Order.SECOND and (changed := rereading.asked(connection, form, person)) is not None:
        return changed
    wanted = tuple(one.id for one in definition(form.key.form).fields_of(form.profile))
    still_open = set(settlement_of(connection, form).open) or wanted
    return tuple(one for one in wanted if one in still_open)


def check_cells(form_id: str, cells: dict[str, Cell]) -> None:
    """Raises BadInput naming the first field the form does not have, or a number its boxes cannot hold."""
    fields = definition(form_id).by_id
    for name, value in cells_to_json(cells).items():
        if name not in fields:
            raise BadInput(f"Formulir {form_id} tidak punya kotak {name!r}.", hint="Periksa nama kotaknya.")
        if isinstance(value, int) and value > fields[name].maximum:
            raise BadInput(
                f"{name} = {value} tidak muat: paling besar {fields[name].maximum}.",
                hint="Periksa angkanya di kertas.",
            )
