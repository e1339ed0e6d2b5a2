"""What the verification page asks the store, as functions for a worker thread. No widget is touched here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from app import forms
from app.domain.c1form import C1Key
from app.domain.diagnosis import WHOLE, Diagnosis
from app.domain.form import FormDefinition
from app.domain.lifecycle import VersionState
from app.services import attention, pages, register, verify
from app.services.attention import Matter, Matters
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
    """One line of the list, without any value of the form; `values_hash` names what was compared."""

    key: C1Key
    desa: str
    is_identical: bool
    difference_count: int
    why_not: tuple[str, ...]
    returned_at: float
    values_hash: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the lists, and how long all of them are. `identical`, `differing`: of all that was returned."""

    matter: Matter
    counts: Mapping[Matter, int]
    identical: int
    differing: int
    returned: tuple[ReturnedRow, ...] = ()
    matters: tuple[Matters, ...] = ()


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
    state: VersionState = VersionState.RETURNED
    repair: str = ""  # a sentence, for a verifier's eyes
    shown: verify.Shown | None = None  # what a verdict is about


def listing(wp: Workplace, session: Session, matter: Matter) -> Listing:
    """What a list shows now."""
    is_returned = matter is Matter.RETURNED
    return Listing(
        matter,
        attention.counts(wp),
        verify.returned_count(wp, True),
        verify.returned_count(wp, False),
        returned_rows(wp, session) if is_returned else (),
        () if is_returned else tuple(attention.matters(wp, matter, ROWS)),
    )


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
            one.values_hash,
        )
        for one in found
    )


def batch_of(rows: Sequence[ReturnedRow]) -> tuple[verify.Shown, ...]:
    """Of what is shown, what may be confirmed unopened."""
    return tuple(
        verify.Shown(row.key, row.values_hash) for row in rows if row.is_identical and not row.why_not
    )


def left_out(rows: Sequence[ReturnedRow]) -> list[tuple[str, int]]:
    """Of the identical ones shown, those that may not, by reason: the most frequent first."""
    return Counter(" ".join(row.why_not) for row in rows if row.is_identical and row.why_not).most_common()


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
        state=one.state,
        repair=where_to_look(one.diagnosis, language),
        shown=verify.Shown(key, one.values_hash, one.scans),
    )


def where_to_look(diagnosis: Diagnosis | None, language: str) -> str:
    """What would explain the broken sums; empty while none is broken, or for whoever may not know."""
    if diagnosis is None or diagnosis.kind == WHOLE:
        return ""
    return diagnosis.sentence.in_language(language)


def accept(
    wp: Workplace, session: Session, key: C1Key, finding: tuple[str, str, str], language: str
) -> Compared:
    """The verifier's reason (`finding`: check, reason, note); the form as it stands then."""
    verify.accept_finding(wp, session, key, *finding)
    return compare(wp, session, key, language)


def _finding(form: FormDefinition, view: FindingView, language: str) -> FindingRow:
    given = view.accepted
    reason, note = (given.reason, given.note) if given is not None else ("", "")
    return finding_row(form, view.finding, language, reason, note, is_verifying=True)


def judge(wp: Workplace, session: Session, compared: Compared, verdict: str, reason: str) -> C1Key | None:
    """Give a verdict on what was shown; returns the next form that differs, if there is one."""
    key = compared.key
    verify.give_verdict(wp, session, key, verdict, reason, compared.shown)
    following = verify.returned(wp, session, identical=False, limit=2)
    return next((one.key for one in following if one.key != key), None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("verification", text)
