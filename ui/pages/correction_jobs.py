"""What the dialogs of a correction ask the store, as functions for a worker thread. No widget is touched here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app import forms
from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells
from app.domain.form import FormDefinition
from app.services import corrections, moving, pages, register
from app.services.corrections import Before
from app.services.keying import Accept
from app.services.people import Session
from app.services.register import Station
from app.services.workplace import Workplace
from ui.pages.keying_jobs import pictures
from ui.pages.keying_pictures import PagePicture
from ui.pages.keying_words import finding_row
from ui.widgets.findings_panel import FindingRow

FOUND = 8


@dataclass(frozen=True, slots=True)
class Correctable:
    """A form beside its scan, ready to be corrected."""

    key: C1Key
    place: str
    form: FormDefinition
    before: Before
    fields: tuple[str, ...]
    pages: Mapping[int, PagePicture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A TPS a form may go to; `has_entry`: then the two change places."""

    station: Station
    key: C1Key
    has_entry: bool


def correctable(wp: Workplace, session: Session, key: C1Key) -> Correctable:
    """Raises NotFound, NotAllowed."""
    before, form = corrections.before(wp, session, key), forms.load(key.form)
    return Correctable(
        key=key,
        place=register.station(wp, key.tps).desa_name.title(),
        form=form,
        before=before,
        fields=tuple(one.id for one in form.fields if one.id in before.cells),
        pages=pictures(pages.pages_of(wp, key)),
    )


def would_find(
    wp: Workplace, form: FormDefinition, key: C1Key, cells: Cells, language: str
) -> tuple[FindingRow, ...]:
    """What the checks say of the corrected values and nobody gave a reason for."""
    return tuple(finding_row(form, one, language) for one in corrections.would_find(wp, key, cells))


def correct(
    wp: Workplace,
    session: Session,
    what: Correctable,
    cells: Mapping[str, Cell],
    reason: str,
    accepted: Mapping[str, tuple[str, str]],
) -> None:
    """`accepted`: check -> reason and note. Raises as the service, also when the form is no longer what was shown."""
    given = [Accept(check, why, note) for check, (why, note) in accepted.items()]
    corrections.correct(wp, session, what.key, cells, reason, given, what.before)


def targets(wp: Workplace, source: C1Key, text: str) -> list[Target]:
    """Where a form may go, by what was typed; without a text the way back of a form that was moved here."""
    if text.strip():
        stations = register.find_stations(wp, text, limit=FOUND)
    else:
        back = moving.origin(wp, source)
        stations = [register.station(wp, back.tps)] if back is not None else []
    found = []
    for station in stations:
        key = C1Key(station.tps, source.form, source.round)
        is_taken = moving.is_taken(wp, key)
        if key != source and is_taken is not None:
            found.append(Target(station, key, is_taken))
    return found
