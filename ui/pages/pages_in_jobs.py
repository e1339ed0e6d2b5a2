"""What the Pindai page asks the store, as functions for a worker thread. No widget is touched here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.c1form import C1Key
from app.forms.wilayah import Level
from app.services import pages, register
from app.services.people import Session
from app.services.workplace import Workplace

DESA_ROWS = 50
MISSING_ROWS = 200
CHOICES = 8


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One page that waits to be told whose it is."""

    id: int
    name: str
    path: Path
    thumbnail: Path
    warnings: tuple[str, ...]
    reason: str
    key: C1Key | None
    page: int | None
    place: str  # of the suggestion


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A form of which some pages are there and some are not."""

    key: C1Key
    place: str
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """The whole page of the window in one go."""

    inbox: tuple[InboxRow, ...]
    missing: tuple[MissingRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A form the person may mean."""

    key: C1Key
    words: str


def read(wp: Workplace, at: C1Key | None = None) -> Scanned:
    """Inbox and missing pages; those of the TPS of `at` are among them, however long the list."""
    inbox = tuple(
        InboxRow(
            id=one.id,
            name=one.name,
            path=one.path,
            thumbnail=one.thumbnail,
            warnings=one.warnings,
            reason=one.reason,
            key=one.key,
            page=one.page,
            place=_place(wp, one.key),
        )
        for one in pages.inbox(wp)
    )
    missing = pages.missing_pages(wp, MISSING_ROWS)
    if at is not None and at not in {one.key for one in missing}:
        missing = [*pages.missing_pages(wp, tps=at.tps), *missing]
    rows = {
        one.key: MissingRow(one.key, f"{one.desa_name.title()}, {one.kecamatan_name.title()}", one.missing)
        for one in missing
    }
    return Scanned(inbox, tuple(rows.values()))


def _place(wp: Workplace, key: C1Key | None) -> str:
    return "" if key is None else register.station(wp, key.tps).label


def choices(wp: Workplace, text: str) -> tuple[Choice, ...]:
    """What "1 cileunyi kulon" or a code may mean: the forms of the stations found, best first."""
    found: list[Choice] = []
    for station in register.find_stations(wp, text, CHOICES):
        found += [Choice(key, station.label) for key in register.keys_of(wp, station.tps)]
    return tuple(found[:CHOICES])


@dataclass(frozen=True, slots=True)
class Desa:
    """A desa whose stations may get cover sheets."""

    code: str
    name: str
    kecamatan: str

    @property
    def words(self) -> str:
        return f"{self.name}, {self.kecamatan} · {self.code}"

    @property
    def slug(self) -> str:
        """For a file name."""
        return "-".join("".join(one if one.isalnum() else " " for one in self.name.lower()).split())


def desas(wp: Workplace, text: str) -> tuple[Desa, ...]:
    """The desa a text may mean: the beginnings of words of its name and its kecamatan's, or of its code."""
    names = {area.code: area for area in register.areas(wp)}
    wanted = text.lower().split()
    found = []
    for area in names.values():
        if area.level != Level.DESA.value:
            continue
        kecamatan = names[area.parent].name if area.parent in names else ""
        words = [area.code, *area.name.lower().split(), *kecamatan.lower().split()]
        if all(any(word.startswith(one) for word in words) for one in wanted):
            found.append(Desa(area.code, area.name.title(), kecamatan.title()))
    return tuple(found[:DESA_ROWS])


def assign(wp: Workplace, session: Session, page_id: int, key: C1Key, page: int) -> None:
    pages.assign(wp, session, page_id, key, page)


def set_aside(wp: Workplace, session: Session, page_id: int) -> None:
    pages.set_aside(wp, session, page_id)
