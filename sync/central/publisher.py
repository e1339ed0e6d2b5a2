"""May this version be public? The decision alone, pure: facts in, reasons against it out.

Promise 6 of the design stands here: values read by two different people (or one, where the form's policy says so),
compared with the paper by a third who had no part in the first reading, every signature checked again, every page
in our hands (if only as its thrifty copy, until the scan comes) and seen by the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from app.domain.c1form import C1Key
from app.domain.cell import Cells
from app.domain.people import may_verify
from app.domain.readings import Order, Reading, settle, united


class Reason(StrEnum):
    """Why a version is not public; stable codes, shown in the console."""

    NOT_HEAD = "not_head"
    OTHER_DISTRICT = "other_district"
    UNKNOWN_TPS = "unknown_tps"
    UNSIGNED = "unsigned"
    INCOMPLETE = "incomplete"
    NOT_SETTLED = "not_settled"
    NO_VERDICT = "no_verdict"
    WRONG = "wrong"
    OTHER_VALUES = "other_values"
    OWN_FORM = "own_form"
    NO_VERIFIER = "no_verifier"
    PAGE_MISSING = "page_missing"
    PAGE_UNSEEN = "page_unseen"
    # Found while the images are written, never by `may_publish`:
    IMAGE_REFUSED = "image_refused"
    IMAGE_UNWRITTEN = "image_unwritten"


SENTENCES: Mapping[Reason, str] = {
    Reason.NOT_HEAD: "Versi ini sudah diganti atau ditarik.",
    Reason.OTHER_DISTRICT: "TPS bukan milik kabupaten/kota yang menandatangani.",
    Reason.UNKNOWN_TPS: "TPS tidak ada dalam daftar.",
    Reason.UNSIGNED: "Ada tanda tangan yang tidak berlaku.",
    Reason.INCOMPLETE: "Belum semua halaman dibaca.",
    Reason.NOT_SETTLED: "Belum dibaca sama oleh dua orang berbeda.",
    Reason.NO_VERDICT: "Belum diverifikasi.",
    Reason.WRONG: "Verifikator menyatakan tidak cocok.",
    Reason.OTHER_VALUES: "Putusan verifikator untuk nilai lain.",
    Reason.OWN_FORM: "Verifikator ikut membaca pertama.",
    Reason.NO_VERIFIER: "Yang memutuskan bukan verifikator.",
    Reason.PAGE_MISSING: "Ada halaman yang belum diterima.",
    Reason.PAGE_UNSEEN: "Ada halaman yang belum dilihat verifikator.",
    Reason.IMAGE_REFUSED: "Gambar halaman tidak dapat dibaca.",
    Reason.IMAGE_UNWRITTEN: "Salinan gambar belum dapat ditulis di disk server; dicoba lagi.",
}


@dataclass(frozen=True, slots=True)
class SignedReading:
    """A reading and whether its signature holds."""

    reading: Reading
    is_signed: bool


@dataclass(frozen=True, slots=True)
class VerdictFact:
    """The newest verdict on the version."""

    by: str
    verdict: str
    values_hash: str
    pages: frozenset[str]
    is_signed: bool
    is_verifier: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the decision rests on. `pages`: number -> hash as the version names them; `held`: hashes we have;
    `thrifty`: of those we have not, what is shown meanwhile (hash -> its thrifty copy's)."""

    key: C1Key
    district: str
    is_head: bool
    is_known_tps: bool
    cells: Cells
    values_hash: str
    readings: Sequence[SignedReading]
    readings_needed: int
    verdict: VerdictFact | None
    is_complete: bool  # the cells are all of one of the form's profiles at least
    pages_needed: frozenset[int]
    pages: Mapping[int, str]
    held: frozenset[str]
    thrifty: Mapping[str, str] = field(default_factory=dict)

    def has_page(self, n: int) -> bool:
        """There is something to show of it: the verdict names the scan, and its thrifty copy is enough to look at."""
        return self.pages.get(n) in self.held or self.pages.get(n) in self.thrifty


def may_publish(facts: Facts) -> list[Reason]:
    """Empty: publish. Else every reason against it, in the order of the enum."""
    found = {
        Reason.NOT_HEAD: not facts.is_head,
        Reason.OTHER_DISTRICT: facts.key.tps.kabupaten != facts.district,
        Reason.UNKNOWN_TPS: not facts.is_known_tps,
        Reason.UNSIGNED: not all(one.is_signed for one in facts.readings),
        Reason.INCOMPLETE: not facts.is_complete,
        Reason.NOT_SETTLED: readers_agreed(facts.readings, facts.cells) < facts.readings_needed,
        **_verdict_reasons(facts),
        Reason.PAGE_MISSING: any(not facts.has_page(n) for n in facts.pages_needed),
    }
    return [reason for reason in Reason if found.get(reason)]


def _verdict_reasons(facts: Facts) -> dict[Reason, bool]:
    verdict = facts.verdict
    if verdict is None:
        return {Reason.NO_VERDICT: True}
    first: set[str] = set()
    for one in facts.readings:
        if one.reading.order is Order.FIRST:
            first |= one.reading.people
    needed = {facts.pages[n] for n in facts.pages_needed if n in facts.pages}
    reasons = {
        Reason.WRONG: verdict.verdict != "ok",
        Reason.OTHER_VALUES: verdict.values_hash != facts.values_hash,
        Reason.OWN_FORM: not may_verify(verdict.by, first),
        Reason.NO_VERIFIER: not verdict.is_verifier,
        Reason.PAGE_UNSEEN: not needed <= verdict.pages,
    }
    if not verdict.is_signed:
        reasons[Reason.UNSIGNED] = True
    return reasons


def readers_agreed(readings: Sequence[SignedReading], cells: Cells) -> int:
    """How many independent readings stand behind these values: 0, 1 or 2.

    Two ways to 2: two people without a hand in each other's reading read exactly these values (on whichever PC, as
    first or second); or first, second and those who settled their differences, all different people, settle to them.
    A reading that came page by page is one reading, and all who read a part of it are its people.
    """
    valid = [one.reading for one in readings if one.is_signed]
    if not any(one.order is Order.FIRST for one in valid):
        return 0  # two who both call themselves second: nobody could be kept from verifying it
    whole = united(valid)
    # Beside what is whole on another PC, and of each person alone: what comes from elsewhere takes nothing away.
    beside = [[one for one in valid if one.cells.keys() < cells.keys()]]
    beside += [[one for one in valid if one.by == by] for by in dict.fromkeys(one.by for one in valid)]
    parts = [one for some in beside for one in united(some).values()]
    exact = [one for one in (*valid, *whole.values(), *parts) if dict(one.cells) == dict(cells)]
    if any(one.people.isdisjoint(other.people) for one, other in combinations(exact, 2)):
        return 2
    settlement = settle(valid)
    are_apart = all(one.people.isdisjoint(other.people) for one, other in combinations(whole.values(), 2))
    if settlement.is_settled and are_apart and dict(settlement.cells) == dict(cells):
        return 2
    return 1 if exact else 0
