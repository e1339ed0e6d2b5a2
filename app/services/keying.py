"""Keying: finish a reading, find the next form, the work lists, and the command line's reading in one go.

A person's action is one transaction: the reading with its signature, what it settles, the version, its outbox row, the
facts and the journal line, or none of it. Source: design sections 4 and 7. Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.readings import Order, Outcome
from app.domain.times import iso_or_none
from app.errors import BadInput, NotAllowed
from app.services import rereading
from app.services.drafts import (
    NEXT_ORDER,
    Draft,
    DraftInfo,
    DraftTaken,
    check_cells,
    draft,
    drafts_of,
    last_finished,
    open_draft,
    opened,
    put_back,
    reopen,
    save_cell,
    take_over,
)
from app.services.findings import (
    REASONS,
    Acceptance,
    FindingView,
    accept,
    accepted,
    findings_of,
    own_draft,
    views,
)
from app.services.people import Session
from app.services.register import known
from app.services.settling import after_reading, end_reading, fields_read, lacking_pages, settlement_of
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import readings, versions, work
from app.store.driver import Connection
from app.store.work import Narrowed

__all__ = [
    "ACCEPT_ALL",
    "REASONS",
    "Accept",
    "Acceptance",
    "Draft",
    "DraftInfo",
    "DraftTaken",
    "FindingView",
    "Finished",
    "Narrowed",
    "WorkKind",
    "WorkRow",
    "accept",
    "draft",
    "drafts_of",
    "findings_of",
    "finish",
    "key_whole",
    "last_finished",
    "next_key",
    "next_order",
    "open_draft",
    "put_back",
    "reopen",
    "save_cell",
    "take_over",
    "work_count",
    "work_list",
]


class WorkKind(StrEnum):
    """The work lists; each holds what needs that reading."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    COORDINATOR = "coordinator"

    @property
    def order(self) -> Order:
        return Order[self.name]


EVERY_CHECK = "*"


@dataclass(frozen=True, slots=True)
class Accept:
    """A reason handed in with a whole reading; `check` is a check's code or `*` for all that stand."""

    check: str
    reason: str = "tertulis_demikian"
    note: str = ""

    @classmethod
    def parse(cls, value: Mapping[str, str]) -> Accept:
        """From `{"check", "reason", "note"}`. Raises BadInput."""
        if "check" not in value or "reason" not in value:
            raise BadInput("Setiap alasan perlu 'check' dan 'reason'.", hint=f"reason: {', '.join(REASONS)}.")
        return cls(value["check"], value["reason"], value.get("note", ""))


ACCEPT_ALL = Accept(EVERY_CHECK)


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of it. While `missing` or `findings_left` hold something, the reading is still open."""

    outcome: Outcome
    findings_left: list[FindingView]
    key: C1Key
    version: str | None
    next_key: C1Key | None
    missing: tuple[str, ...] = ()
    order: Order = Order.FIRST
    lacking: Mapping[int, int] = field(
        default_factory=dict
    )  # page -> boxes of it that this order still has to read

    @property
    def is_finished(self) -> bool:
        return not self.missing and not self.findings_left


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A form that needs a reading. Holds no values."""

    key: C1Key
    desa_name: str
    kecamatan_name: str
    order: Order
    pages_in: int
    page_count: int
    since: str | None
    lacking: tuple[int, ...] = ()  # pages that this reading, begun already, still lacks
    is_absent: bool = False  # and none of them is scanned


def finish(wp: Workplace, session: Session, reading_id: int, *, by_page: bool = False) -> Finished:
    """End a reading, unless boxes are missing or findings lack a reason (returned, not raised).

    `by_page`: pages without a single keyed box are left to a later part, because they are not here yet.
    Raises NotFound, NotAllowed.
    """
    return wp.db.write(lambda connection: _finish(connection, wp, session, reading_id, by_page=by_page))


def next_order(wp: Workplace, key: C1Key) -> Order | None:
    """Which reading the form needs next; None when it is read to the end. Raises NotFound."""
    with wp.db.reading() as connection:
        return NEXT_ORDER.get(settlement_of(connection, known(connection, key)).outcome)


def next_key(wp: Workplace, session: Session, order: Order) -> C1Key | None:
    """What to work on next: scanned first, PPWP before the other ballots, in paper order; nothing somebody has open,
    nothing of one's own, nothing that only waits for its page."""
    return work.next_key(wp.db.reader, order, session.person.id)


def work_list(
    wp: Workplace,
    session: Session,
    kind: WorkKind | str,
    wanted: str | Narrowed = "",
    limit: int = 200,
    offset: int = 0,
) -> list[WorkRow]:
    """Forms waiting for a reading this person may do; `wanted` = search words, or a part of the list."""
    order, part = WorkKind(kind).order, Narrowed(wanted) if isinstance(wanted, str) else wanted
    found = work.waiting(wp.db.reader, order, session.person.id, part, limit, offset)
    return [
        WorkRow(
            one.key,
            one.desa_name,
            one.kecamatan_name,
            order,
            one.pages_in,
            one.page_count,
            iso_or_none(one.since),
            one.lacking,
            one.is_absent,
        )
        for one in found
    ]


def work_count(wp: Workplace, session: Session, kind: WorkKind | str, wanted: Narrowed | None = None) -> int:
    """How long the list is."""
    return work.count(wp.db.reader, WorkKind(kind).order, session.person.id, wanted)


def key_whole(
    wp: Workplace,
    session: Session,
    key: C1Key,
    cells: Mapping[str, Cell],
    accept: Iterable[Accept | Mapping[str, str]] = (),
) -> Finished:
    """The command line's reading in one go. Cells outside the reading (profile, differing boxes) are left aside.

    Whole pages and nothing of the others end as a part: the other pages are read when they come.
    A reason for a finding that is not there is ignored: a program lists all it expects; `"*"` is every finding.
    Raises BadInput too.
    """
    check_cells(key.form, dict(cells))
    reasons = [one if isinstance(one, Accept) else Accept.parse(one) for one in accept]

    def one_go(connection: Connection) -> Finished:
        begun = opened(connection, wp, session, key)
        for box in begun.fields:
            if box in cells:
                readings.save_cell(connection, begun.reading_id, box, cells[box], box, "", wp.now())
        row = own_draft(connection, session, begun.reading_id)
        there = [one.check for one in views(connection, row) if one.needs_reason and one.accepted is None]
        for one in reasons:
            for check in there:
                if one.check in (check, EVERY_CHECK):
                    accepted(connection, wp, session, begun.reading_id, check, one.reason, one.note)
        return _finish(connection, wp, session, begun.reading_id, by_page=True)

    return wp.db.write(one_go)


def _finish(
    connection: Connection, wp: Workplace, session: Session, reading_id: int, *, by_page: bool
) -> Finished:
    row = own_draft(connection, session, reading_id)
    form = c1_rows.by_id(connection, row.c1)
    cells = readings.draft_cells(connection, row.id)
    own = rereading.kept(connection, form, row)
    fields = fields_read(form.key.form, row, cells) if by_page and not own else row.fields
    missing = tuple(one for one in fields if one not in cells)
    left = [one for one in views(connection, row, cells) if one.needs_reason and one.accepted is None]
    if row.generation != form.generation:
        raise NotAllowed(
            "Formulir ini sudah ditarik atau dikoreksi sejak Anda membukanya.",
            hint="Buka formulirnya lagi dari awal.",
        )
    if missing or left:
        head = versions.by_id(connection, form.head).values_hash if form.head is not None else None
        outcome = settlement_of(connection, form).outcome
        return Finished(outcome, left, form.key, head, None, missing, row.order)
    end_reading(connection, wp, session, form, row, fields, {**own, **cells})
    c1_rows.set_draft(connection, form.id, None)
    was_finished = row.cells is not None
    cause = "correction" if was_finished or form.generation > 1 else "first"
    head_row = after_reading(connection, wp, form.id, cause, session.person.id)
    settlement = settlement_of(connection, form)
    return Finished(
        outcome=settlement.outcome,
        findings_left=[],
        key=form.key,
        version=head_row.values_hash if head_row else None,
        next_key=work.next_key(connection, row.order, session.person.id),
        order=row.order,
        lacking=lacking_pages(connection, form, settlement),
    )
