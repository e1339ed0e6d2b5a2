"""What the verification page asks the store, as functions for a worker thread. No widget is touched here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app import forms
from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.services import pages, register, verify
from app.services.findings import FindingView
from app.services.people import Session
from app.services.workplace import Workplace
from ui.pages.keying_jobs import pictures
from ui.pages.keying_pictures import PagePicture
from ui.pages.keying_words import finding_row
from ui.widgets.findings_panel import FindingRow
from ui.widgets.side_by_side import SideRow, side_rows

ROWS = 500


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One line of the list, without any value of the form."""

    key: C1Key
    desa: str
    is_identical: bool
    difference_count: int
    why_not: tuple[str, ...]
    returned_at: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One form on both sides, ready to show."""

    key: C1Key
    place: str
    form: FormDefinition
    rows: tuple[SideRow, ...]
    is_identical: bool
    why_not: tuple[str, ...]
    missing_pages: tuple[int, ...]
    pages: Mapping[int, PagePicture] = field(default_factory=dict)
    findings: tuple[FindingRow, ...] = ()


def returned_rows(wp: Workplace, session: Session) -> tuple[ReturnedRow, ...]:
    """What waits for a verdict: differing ones first, they need a person."""
    found = [
        *verify.returned(wp, session, identical=False, limit=ROWS),
        *verify.returned(wp, session, identical=True, limit=ROWS),
    ]
    return tuple(
        ReturnedRow(
            one.key,
            register.station(wp, one.key.tps).desa_name.title(),
            one.is_identical,
            len(one.differing),
            one.why_not,
            one.returned_at,
        )
        for one in found
    )


def compare(wp: Workplace, session: Session, key: C1Key, language: str) -> Compared:
    """Both sides of one form. Raises NotFound when it is no longer returned."""
    one = verify.returned_one(wp, session, key)
    form = forms.load(key.form)
    return Compared(
        key=key,
        place=register.station(wp, key.tps).desa_name.title(),
        form=form,
        rows=tuple(side_rows(form, one.local_cells, one.cells, language)),
        is_identical=one.is_identical,
        why_not=one.why_not,
        missing_pages=one.missing_pages,
        pages=pictures(pages.pages_of(wp, key)),
        findings=tuple(_finding(form, view, language) for view in one.findings),
    )


def _finding(form: FormDefinition, view: FindingView, language: str) -> FindingRow:
    given = view.accepted
    reason, note = (given.reason, given.note) if given is not None else ("", "")
    return finding_row(form, view.finding, language, reason, note)


def judge(wp: Workplace, session: Session, key: C1Key, verdict: str, reason: str) -> C1Key | None:
    """Give a verdict; returns the next form that differs, if there is one."""
    verify.give_verdict(wp, session, key, verdict, reason)
    following = verify.returned(wp, session, identical=False, limit=2)
    return next((one.key for one in following if one.key != key), None)
