"""What the entry pages ask the store, as functions for a worker thread. No widget is touched here.

Invariant: everything a form needs on screen is fetched in one go, so that the next form appears at once.
Thread: worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app import forms
from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.domain.people import Role
from app.domain.readings import Order, Outcome
from app.errors import ExpectedError
from app.services import keying, moving, pages, people, register
from app.services.keying import Draft, Finished, Narrowed, WorkKind, WorkRow
from app.services.pages import PageView
from app.services.people import Session
from app.services.workplace import Workplace
from ui.entry.absent import here_first
from ui.format import number
from ui.models.paged import Query
from ui.pages.keying_form import EntryForm
from ui.pages.keying_pictures import PagePicture
from ui.pages.keying_words import finding_row
from ui.pages.pages_words import UNCERTAIN, badge_words
from ui.widgets.findings_panel import FindingRow


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with everything to show it."""

    reading_id: int
    entry: EntryForm


@dataclass(frozen=True, slots=True)
class Ahead:
    """The form that comes after this one, for the footer and for fetching its pages."""

    text: str
    form: FormDefinition
    pages: dict[int, PagePicture]


@dataclass(frozen=True, slots=True)
class Ended:
    """After the last Enter: findings to look at, or the outcome and the next form."""

    findings: tuple[FindingRow, ...] = ()
    key: C1Key | None = None
    outcome: Outcome | None = None
    lacking: Mapping[int, int] = field(
        default_factory=dict
    )  # page not scanned yet -> boxes left for a later part
    following: Opened | None = None
    stopped: ExpectedError | None = None  # why the next form did not open by itself


def open_form(wp: Workplace, session: Session, key: C1Key) -> Opened:
    """Open or resume. Raises NotAllowed, NotFound, DraftTaken."""
    return opened(wp, keying.open_draft(wp, session, key))


def take_over(wp: Workplace, session: Session, key: C1Key) -> Opened:
    return opened(wp, keying.take_over(wp, session, key))


def reopen_last(wp: Workplace, session: Session, orders: tuple[Order, ...]) -> Opened:
    """F2: what this person finished last. Raises NotFound, NotAllowed (read by somebody since)."""
    return opened(wp, keying.reopen(wp, session, keying.last_finished(wp, session, orders)))


def opened(wp: Workplace, draft: Draft) -> Opened:
    """The draft with its station and its pages."""
    form = forms.load(draft.form_id)
    place = register.station(wp, draft.key.tps)
    scanned = pictures(pages.pages_of(wp, draft.key))
    is_by_page = draft.order in (Order.FIRST, Order.SECOND)
    typed = {draft.current: draft.typed} if draft.current and draft.typed else {}
    entry = EntryForm(
        form=form,
        key=draft.key,
        order=draft.order,
        profile=draft.profile,
        fields=here_first(draft.fields, form.page_of, scanned) if is_by_page else draft.fields,
        cells=draft.cells,
        texts=typed,
        current=draft.current or "",
        place=place.desa_name.title(),
        given=draft.given,
        beside=draft.beside,
        pages=scanned,
    )
    return Opened(draft.reading_id, entry)


def pictures(views: list[PageView]) -> dict[int, PagePicture]:
    """The scanned pages of a form by number."""
    return {
        view.n: PagePicture(
            view.path,
            badge_words(view.warnings, view.quality),
            is_uncertain=not set(UNCERTAIN).isdisjoint(view.warnings),
        )
        for view in views
    }


def own_draft(wp: Workplace, session: Session, orders: tuple[Order, ...]) -> Opened | None:
    """The draft this person left, for going on where it was."""
    for info in keying.drafts_of(wp, session.person.id):
        if info.order in orders:
            return open_form(wp, session, info.key)
    return None


@dataclass(frozen=True, slots=True)
class Open:
    """The draft that is open, and `flush`: waits until what was typed so far is on the disk."""

    wp: Workplace
    session: Session
    reading_id: int
    entry: EntryForm
    language: str
    flush: Callable[[], None]
    by_page: bool = False  # pages that were not begun are left for a later part


def finish(now: Open) -> Ended:
    """Finish when nothing is left to accept, then open the next form; else the complete list of findings."""
    now.flush()
    finished = keying.finish(now.wp, now.session, now.reading_id, by_page=now.by_page)
    if not finished.is_finished:
        return Ended(findings=review(now))
    following, stopped = None, None
    try:
        if finished.next_key is not None:
            following = open_form(now.wp, now.session, finished.next_key)
    except ExpectedError as error:
        stopped = error
    return Ended(
        key=finished.key,
        outcome=finished.outcome,
        lacking=_absent(now.wp, finished),
        following=following,
        stopped=stopped,
    )


def _absent(wp: Workplace, finished: Finished) -> dict[int, int]:
    """Of what the reading lacks, the pages that have not come; those scanned meanwhile are proposed like any form."""
    if not finished.lacking:
        return {}
    scanned = {view.n for view in pages.pages_of(wp, finished.key)}
    return {page: boxes for page, boxes in finished.lacking.items() if page not in scanned}


def review(now: Open) -> tuple[FindingRow, ...]:
    """Every finding of a draft with what was accepted."""
    return tuple(
        finding_row(
            now.entry.form,
            view.finding,
            now.language,
            view.accepted.reason if view.accepted is not None else "",
            view.accepted.note if view.accepted is not None else "",
            keyed_here=now.entry.fields,
        )
        for view in keying.findings_of(now.wp, now.reading_id)
    )


def accept(now: Open, code: str, reason: str, note: str) -> tuple[FindingRow, ...]:
    """Accept one finding, then say how the list stands."""
    now.flush()
    keying.accept(now.wp, now.session, now.reading_id, code, reason, note)
    return review(now)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the work list; holds no value of the form."""

    key: C1Key
    desa: str
    kecamatan: str
    order: Order
    pages_in: int | None = None
    page_count: int = 0
    draft_by: str = ""  # a name; empty = nobody has it open
    is_own_draft: bool = False
    keyed: int = 0
    total: int = 0
    lacking: tuple[int, ...] = ()  # pages that the reading, begun already, still lacks
    is_absent: bool = False  # and none of them is here
    since: str | None = None  # ISO: since when it waits for this reading; of a draft, its last key


def work_query(
    wp: Workplace, session: Session, orders: tuple[Order, ...], wanted: Narrowed
) -> Query[ListRow]:
    """Open drafts (one's own first; none while the list is narrowed), then what waits for this person, by the page."""
    kinds = [kind for kind in reversed(WorkKind) if kind.order in orders and _may_see(session, kind)]

    def drafts() -> list[ListRow]:
        return [] if wanted != Narrowed() else _draft_rows(wp, session, orders)

    def count() -> int:
        return len(drafts()) + sum(keying.work_count(wp, session, kind, wanted) for kind in kinds)

    def fetch(limit: int, offset: int) -> list[ListRow]:
        found = drafts()
        before, found = max(0, offset - len(found)), found[offset : offset + limit]
        for kind in kinds:  # what only few people may do comes first
            room = limit - len(found)
            part = keying.work_list(wp, session, kind, wanted, room, before) if room else []
            if before and not part:
                before = max(0, before - keying.work_count(wp, session, kind, wanted))
            elif part:
                before = 0
            found += [_row(one) for one in part]
        return found

    return Query(count, fetch)


def _row(one: WorkRow) -> ListRow:
    return ListRow(
        one.key,
        one.desa_name.title(),
        one.kecamatan_name.title(),
        one.order,
        one.pages_in,
        one.page_count,
        lacking=one.lacking,
        is_absent=one.is_absent,
        since=one.since,
    )


def _may_see(session: Session, kind: WorkKind) -> bool:
    return kind is not WorkKind.COORDINATOR or Role.COORDINATE in session.person.roles


def _draft_rows(wp: Workplace, session: Session, orders: tuple[Order, ...]) -> list[ListRow]:
    rows = []
    everybody = sorted(people.people(wp), key=lambda one: one.id != session.person.id)
    for person in everybody:
        for info in keying.drafts_of(wp, person.id):
            if info.order in orders:
                place = register.station(wp, info.key.tps)
                rows.append(
                    ListRow(
                        info.key,
                        place.desa_name.title(),
                        place.kecamatan_name.title(),
                        info.order,
                        draft_by=person.name,
                        is_own_draft=person.id == session.person.id,
                        keyed=info.keyed,
                        total=info.total,
                        since=info.updated_at,
                    )
                )
    return rows


def ahead(wp: Workplace, session: Session, order: Order) -> Ahead | None:
    """What would be opened next."""
    key = keying.next_key(wp, session, order)
    if key is None:
        return None
    place = register.station(wp, key.tps)
    form = forms.load(key.form)
    return Ahead(f"{key.tps.label} · {place.desa_name.title()}", form, pictures(pages.pages_of(wp, key)))


def whose_dpt(wp: Workplace, key: C1Key, men: int, women: int) -> tuple[str, C1Key] | None:
    """`TPS 001 Cileunyi Kulon` and its form, when the keyed DPT is another station's."""
    other = register.other_station_with_dpt(wp, key.tps, men, women)
    if other is None:
        return None
    return f"{other.tps.label} {other.desa_name.title()}", C1Key(other.tps, key.form, key.round)


def move_draft(now: Open, source: C1Key, target: C1Key) -> Opened:
    """What was typed goes on at the TPS it belongs to. Raises as the service; then nothing has changed."""
    now.flush()
    moving.move_draft(now.wp, now.session, source, target)
    return open_form(now.wp, now.session, target)


def dpt_words(men: int, women: int) -> str:
    return f"{number(men)}/{number(women)}"
