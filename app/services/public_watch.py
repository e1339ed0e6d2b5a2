"""What the public site shows beside what was verified here: the engine's looks kept, and what people do about them.

Invariants: what the site shows is nobody's statement (no signature, no receipt): it changes no version's state and no
fact of the funnel; a difference stands from the second look that saw it until the site shows our numbers or another
version stands here, and whoever compares with the paper again says so under their own name. Why it is so:
docs/decisions/096-publication-watch.md. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.form import FormDefinition
from app.domain.people import OWN_VERIFY, Person, Role, may_verify
from app.domain.publication import Shown, Sight, judge, shown_of
from app.domain.readings import Order
from app.domain.times import iso
from app.errors import NotAllowed, NotFound
from app.http.address import check_address
from app.ports import Json, PublicLook, PublicWatch, Reason
from app.services.people import Session, check_session, need_role
from app.services.register import known
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import forms_list, journal, meta, people, public_looks, readings, register, versions
from app.store.driver import Connection
from app.store.facts import refresh

TREE = "/static/json"  # where Situng has its tree, below the site's own address
OFF = "off"
OPEN = "public_differs"  # the stop of a form that a person is asked about
_SITE = "public_site"  # a preference: empty = the centre's own site
_BLIND = "public_blind"


# ---- the engine's side -----------------------------------------------------------------------------------------------


def public_watch(wp: Workplace) -> PublicWatch:
    """The engine's view of an open workplace."""
    return _Watch(wp)


class _Watch:
    """See `app.ports.PublicWatch`."""

    def __init__(self, wp: Workplace) -> None:
        self._wp = wp

    def site(self) -> str:
        return tree_address(self._wp)

    def looks(self, published_s: float, verified_s: float, limit: int) -> Sequence[PublicLook]:
        with self._wp.db.reading() as connection:
            rows = public_looks.due(connection, self._wp.now(), published_s, verified_s, limit)
            return [_look(connection, row) for row in rows]

    def seen(self, look: PublicLook, shown: Shown | None, validator: str, wait_s: float) -> None:
        def work(connection: Connection) -> None:
            form = c1_rows.find(connection, look.key)
            if form is None or form.head != look.version:
                return
            before = public_looks.of_form(connection, form.id)
            there = shown if shown is not None else before.shown if before is not None else None
            if there is None:
                return
            now = self._wp.now()
            sight = judge(there, look.ours, look.earlier)
            public_looks.put(connection, form.id, look.version, sight, there, validator, now, now + wait_s)
            refresh(connection, form.id)
            _tell_journal(connection, look, before, public_looks.of_form(connection, form.id), now)

        self._wp.db.write(work)

    def put_off(self, look: PublicLook, wait_s: float) -> None:
        def work(connection: Connection) -> None:
            form, now = c1_rows.find(connection, look.key), self._wp.now()
            if form is not None and form.head == look.version:
                public_looks.put_off(connection, form.id, look.version, now + wait_s, now)

        self._wp.db.write(work)

    def blind(self, reason: Reason | None) -> None:
        def work(connection: Connection) -> None:
            kept = meta.get_json(connection, _BLIND)
            since = kept["since"] if kept else self._wp.now()
            said = None if reason is None else {"code": reason.code, "text": reason.text, "since": since}
            if said != kept:
                meta.put_json(connection, _BLIND, said)

        self._wp.db.write(work)


def _look(connection: Connection, row: public_looks.DueLook) -> PublicLook:
    form = definition(row.key.form)
    others = public_looks.other_values(connection, row.key, row.version)
    return PublicLook(
        key=row.key,
        version=row.version,
        path=f"hhcw/{form.publication.ballot}/{'/'.join(row.ids)}.json",
        ours=shown_of(form, row.cells),
        earlier=tuple(shown_of(form, cells) for cells in others),
        validator=row.validator,
        sight=Sight(row.sight) if row.sight else None,
        times=row.times,
        shown=row.shown,
    )


def _tell_journal(
    connection: Connection,
    look: PublicLook,
    before: public_looks.LookRow | None,
    after: public_looks.LookRow | None,
    now: float,
) -> None:
    """A difference that has just been confirmed, and its end, whatever was seen in between; not every look."""
    if after is None or before is None:
        return
    if after.is_confirmed_difference and not before.is_confirmed_difference:
        kind = "public_differs"
    elif after.sight == Sight.EQUAL != before.sight and _last_said(connection, look.key) == "public_differs":
        kind = "public_equal"
    else:
        return
    body: Json = {"version": after.number, "ours": _as_json(look.ours), "shown": _as_json(after.shown)}
    journal.add(connection, now, kind, "", look.key.text(), body)


def _last_said(connection: Connection, key: C1Key) -> str:
    """What the journal told last of how the site stands to this form."""
    said = [line.kind for line in journal.lines_about(connection, key.text())]
    return next((one for one in reversed(said) if one in ("public_differs", "public_equal")), "")


def _as_json(shown: Shown) -> Json:
    return {"fields": dict(shown.fields), "votes": None if shown.votes is None else dict(shown.votes)}


# ---- where the site is -----------------------------------------------------------------------------------------------


def site_choice(wp: Workplace) -> str:
    """What people chose: an address, `off`, or empty for the centre's own site."""
    return meta.get(wp.db.reader, _SITE, table="preference")


def tree_address(wp: Workplace) -> str:
    """The public tree's address; empty when it is not watched or there is no centre yet."""
    chosen = site_choice(wp)
    if chosen == OFF:
        return ""
    kept = meta.get_json(wp.db.reader, "server")
    site = chosen or (str(kept["url"]) if kept else "")
    return f"{site.rstrip('/')}{TREE}" if site else ""


def choose_site(wp: Workplace, text: str, by: Session | None = None) -> str:
    """`off`, an address, or empty for the centre's own; returns the address watched from now on. `by`: whoever does it
    in the window, a coordinator; the command line is not asked. Raises BadInput, NotAllowed."""
    if by is not None:
        need_role(by, Role.COORDINATE)
    chosen = text.strip().removesuffix("/").removesuffix(TREE)
    if chosen not in ("", OFF):
        chosen = check_address(chosen, "situs publik")
    who = by.person.id if by is not None else ""

    def work(connection: Connection) -> None:
        meta.put(connection, _SITE, chosen, table="preference")
        meta.put_json(connection, _BLIND, None)
        public_looks.forget_validators(connection)
        journal.add(connection, wp.now(), "public_site", who, chosen or "centre", {"site": chosen})

    wp.db.write(work)
    return tree_address(wp)


def facts(wp: Workplace) -> Json:
    """For `status --json`: which address, and since when nothing can be seen there."""
    blind = meta.get_json(wp.db.reader, _BLIND)
    return {"site": tree_address(wp), "blind": {**blind, "since": iso(blind["since"])} if blind else None}


# ---- what people see and do ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A form that the public site shows otherwise. `ours` and `shown` by the form's boxes, the published ones alone."""

    key: C1Key
    desa_name: str
    ours: dict[str, Cell]
    shown: dict[str, Cell]
    boxes: tuple[str, ...]  # those that differ, as on the paper
    since: float
    seen_at: float
    checked_by: str = ""  # a name: compared with the paper again, ours is right
    checked_at: float | None = None


def differences(
    wp: Workplace, limit: int = 200, *, only_open: bool = True, person: str = ""
) -> list[Difference]:
    """The oldest first; `only_open`: those nobody has compared with the paper again; `person`: less those of which
    they read the first reading, which are for somebody else to answer."""
    with wp.db.reading() as connection:
        names = people.names(connection)
        rows = public_looks.odd(connection, 0.0, limit, only_open=only_open, person=person)
        return [_difference(connection, row, names) for row in rows if row.is_confirmed_difference]


def difference_count(wp: Workplace, person: Person) -> int:
    """How many differences wait for this person."""
    return forms_list.count(wp.db.reader, for_verifier(person))


def for_verifier(person: Person) -> forms_list.FormFilter:
    """The differences a verifier may answer, in the list over all forms."""
    return forms_list.FormFilter(stop=OPEN, mine=forms_list.Mine(person.id, verifies=True))


def asks(wp: Workplace, key: C1Key, person: Person) -> bool:
    """Whether this person is asked about what the site shows of this form."""
    with wp.db.reading() as connection:
        form = known(connection, key)
        hands = readings.hands(connection, form.id, form.generation, Order.FIRST)
        is_open = public_looks.differs_since(connection, form.id, form.head_state) is not None
    return is_open and person.has(Role.VERIFY) and may_verify(person.id, hands)


def check_again(wp: Workplace, session: Session, key: C1Key) -> None:
    """The paper was looked at again and our numbers stand: what is left is KPU RI's.

    Raises NotAllowed (role, own form), NotFound when nothing differs any more.
    """
    need_role(session, Role.VERIFY)

    def work(connection: Connection) -> None:
        check_session(connection, session)
        form = known(connection, key)
        if not may_verify(
            session.person.id, readings.hands(connection, form.id, form.generation, Order.FIRST)
        ):
            raise NotAllowed(OWN_VERIFY, code="own_form")
        if not public_looks.check(connection, form.id, session.person.id, wp.now()):
            raise NotFound(
                "Situs publik tidak lagi menunjukkan angka yang berbeda, atau formulir ini sudah diperiksa.",
                hint="Lihat riwayat formulir ini.",
            )
        refresh(connection, form.id)
        journal.add(connection, wp.now(), "public_checked", session.person.id, key.text(), {})

    wp.db.write(work)


def _difference(connection: Connection, row: public_looks.LookRow, names: Mapping[str, str]) -> Difference:
    form = definition(row.key.form)
    cells = versions.by_id(connection, row.version).cells
    ours, shown = published_cells(form, cells), site_cells(form, row.shown, cells)
    station = register.station(connection, row.key.tps)
    return Difference(
        key=row.key,
        desa_name=station.desa_name.title() if station else "",
        ours=ours,
        shown=shown,
        boxes=differing_boxes(form, shown_of(form, cells), row.shown),
        since=row.since,
        seen_at=row.seen_at,
        checked_by=names.get(row.checked_by or "", row.checked_by or ""),
        checked_at=row.checked_at,
    )


def box_of(form: FormDefinition) -> dict[str, str]:
    """The site's names (fields and candidates) -> the form's boxes."""
    publication = form.publication
    return {**publication.fields, **{f"chart.{one.id}": one.field for one in publication.candidates}}


def site_numbers(shown: Shown) -> dict[str, int | None]:
    """By the names of `box_of`."""
    return {**shown.fields, **{f"chart.{one}": number for one, number in (shown.votes or {}).items()}}


def published_cells(form: FormDefinition, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Of a version, the boxes that are published."""
    return {box: cells[box] for box in box_of(form).values() if box in cells}


def site_cells(form: FormDefinition, shown: Shown, ours: Mapping[str, Cell]) -> dict[str, Cell]:
    """What the site shows, by box. It writes null for blank and unreadable alike: then ours tells which, if it can."""
    numbers, cells = site_numbers(shown), dict[str, Cell]()
    for name, box in box_of(form).items():
        number, here = numbers.get(name), ours.get(box)
        cells[box] = number if number is not None else here if isinstance(here, Mark) else Mark.BLANK
    return cells


def differing_boxes(form: FormDefinition, ours: Shown, shown: Shown) -> tuple[str, ...]:
    """Paper codes of the boxes whose published numbers differ, in the order of the paper."""
    here, there = site_numbers(ours), site_numbers(shown)
    boxes = {box for name, box in box_of(form).items() if here.get(name) != there.get(name)}
    return tuple(form.paper_codes[one.id] for one in form.fields if one.id in boxes)
