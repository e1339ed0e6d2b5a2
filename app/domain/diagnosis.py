"""What would make every broken sum of a form whole: one box, two that were swapped, one of several, or nothing.

A hint for the verifier and the coordinator, with the kind of slip in words. Never shown to the first keyer and never
applied: the paper is right, even when it is wrong. Thread: any, pure.

    identities broken   explanations                            kind
    none                -                                       whole
    yes                 one box, one number                     the slip's own
    yes                 no single box, but one pair swapped     swapped_boxes
    yes                 more than one                           several
    yes                 none                                    unexplained

One changed box is likelier than two, so pairs are looked at only where no box alone explains everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from app.domain.cell import Cell, Cells, Mark
from app.domain.checks import Outcome, judge
from app.domain.form import IDENTITIES, Check, FormDefinition, Severity, Text
from app.domain.slips import WORDS, Slip, kind_of

NAMED = 3  # so many explanations are spelt out; more are a list nobody reads


@dataclass(frozen=True, slots=True)
class Repair:
    """`field` holds `written`; with `instead` no sum of the form would be broken."""

    field: str
    written: Cell
    instead: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that together make every sum whole: one, or two where boxes were swapped.

    `left_out` is the box a total was written without, for that kind alone.
    """

    changes: tuple[Repair, ...]
    slip: Slip
    left_out: str = ""


WHOLE, SEVERAL, UNEXPLAINED = "whole", "several", "unexplained"
Kind: TypeAlias = str  # a Slip, or one of the three above


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Ready to show: `boxes` to look at in paper order, `kind` and one `sentence` that ends with what to do."""

    boxes: tuple[str, ...]
    kind: Kind
    sentence: Text
    explanations: tuple[Explanation, ...] = ()


def explain(form: FormDefinition, cells: Cells) -> Diagnosis:
    """What the sums say about where to look; `whole` when none is broken."""
    sums = _Sums(form, cells)
    if not sums.broken:
        return Diagnosis((), WHOLE, Text("Semua jumlah cocok.", "Every sum holds."))
    found = tuple(_explained(form, cells, one) for one in sums.single()) or tuple(
        Explanation(pair, Slip.SWAPPED_BOXES) for pair in sums.swapped()
    )
    if not found:
        return Diagnosis((), UNEXPLAINED, _NOTHING)
    boxes = {change.field for one in found for change in one.changes}
    return Diagnosis(
        boxes=tuple(sorted(boxes, key=form.order.__getitem__)),
        kind=found[0].slip if len(found) == 1 else SEVERAL,
        sentence=_sentence(form, found),
        explanations=found,
    )


def single_repairs(form: FormDefinition, cells: Cells) -> list[Repair]:
    """Every one-box change that restores all identities, in paper order; empty when none does or none is needed.

    Several candidates are several explanations: 01 + 02 = sah alone cannot tell which of three boxes slipped.
    """
    return _Sums(form, cells).single()


def single_repair(form: FormDefinition, cells: Cells) -> Repair | None:
    """The one box to look at, when exactly one change explains everything."""
    repairs = single_repairs(form, cells)
    return repairs[0] if len(repairs) == 1 else None


class _Sums:
    """The form's identities over one set of cells; a change is judged by the sums it touches alone."""

    def __init__(self, form: FormDefinition, cells: Cells) -> None:
        self._form, self._cells = form, cells
        paper = [one for one in form.checks if one.severity is Severity.PAPER and one.kind in IDENTITIES]
        self._of_box: dict[str, list[Check]] = {}
        for check in paper:
            for box in {*check.left, *check.right}:
                self._of_box.setdefault(box, []).append(check)
        self.broken = [one for one in paper if judge(one, cells) is Outcome.BROKEN]

    def single(self) -> list[Repair]:
        """Every change of one box that makes all whole, in paper order."""
        repairs = {
            Repair(box, self._cells[box], instead)
            for check in self.broken
            for box, instead in _candidates(check, self._cells)
            if 0 <= instead <= self._form.by_id[box].maximum and self._is_whole_with({box: instead})
        }
        return sorted(repairs, key=lambda one: (self._form.order[one.field], one.instead))

    def swapped(self) -> list[tuple[Repair, Repair]]:
        """Every pair of one section whose numbers, exchanged, make all whole, in paper order."""
        suspects = dict.fromkeys(chain.from_iterable(check.left + check.right for check in self.broken))
        pairs = {
            tuple(sorted((box, other), key=self._form.order.__getitem__))
            for box in suspects
            for other in self._beside(box)
        }
        found = []
        for box, other in sorted(pairs, key=lambda pair: [self._form.order[one] for one in pair]):
            mine, its = self._cells[box], self._cells[other]
            if (
                isinstance(mine, int)
                and isinstance(its, int)
                and self._is_whole_with({box: its, other: mine})
            ):
                found.append((Repair(box, mine, its), Repair(other, its, mine)))
        return found

    def _beside(self, box: str) -> Iterator[str]:
        """The other numbers of the box's section: what one line, or one column, off can reach."""
        section = self._form.by_id[box].section
        for one in self._form.fields:
            if one.section == section and isinstance(self._cells.get(one.id), int) and one.id != box:
                yield one.id

    def _is_whole_with(self, changes: dict[str, int]) -> bool:
        touched = list(chain.from_iterable(self._of_box.get(box, ()) for box in changes))
        return all(one in touched for one in self.broken) and not any(
            judge(one, {**self._cells, **changes}) is Outcome.BROKEN for one in touched
        )


def _candidates(check: Check, cells: Cells) -> list[tuple[str, int]]:
    """The value each box of this sum would need, the others as they are."""
    gap = _total(check.left, cells) - _total(check.right, cells)
    parts = [(one, _number(cells[one]) - gap) for one in check.left]
    totals = [(one, _number(cells[one]) + gap) for one in check.right]
    return parts + totals


def _total(boxes: Iterable[str], cells: Cells) -> int:
    return sum(_number(cells[one]) for one in boxes)


def _number(cell: Cell) -> int:
    return 0 if isinstance(cell, Mark) else cell


# ---- what slipped, in words -----------------------------------------------------------------------------------------

_NOTHING = Text(
    "Tidak ada satu kotak pun yang menjelaskan semua jumlah yang tidak cocok. Bandingkan semua kotak dengan kertas.",
    "No single box explains every sum that is broken. Compare all boxes with the paper.",
)


def _explained(form: FormDefinition, cells: Cells, repair: Repair) -> Explanation:
    part = _left_out(form, cells, repair)
    slip = Slip.LEFT_OUT if part else kind_of(repair.written, repair.instead)
    return Explanation((repair,), slip, part)


def _left_out(form: FormDefinition, cells: Cells, repair: Repair) -> str:
    """The part a total was written without: of its own sum, or of the sum it must equal (B4.J = V3 = V1 + V2)."""
    equal = {repair.field}
    for check in form.checks:
        if check.kind in IDENTITIES and len(check.left) == len(check.right) == 1:
            pair = {check.left[0], check.right[0]}
            equal |= pair if equal & pair else set()
    after = {**cells, repair.field: repair.instead}
    missing = repair.instead - _number(repair.written)
    for total in sorted(equal & form.totals.keys(), key=lambda one: one != repair.field):
        for check in form.totals[total]:
            if len(check.left) > 1 and judge(check, after) is Outcome.HOLDS:
                found = [one for one in check.left if 0 < _number(cells[one]) == missing]
                if found:
                    return found[0]
    return ""


def _sentence(form: FormDefinition, found: tuple[Explanation, ...]) -> Text:
    if len(found) > NAMED:
        return Text(
            f"Salah satu dari {len(found)} kotak dapat menjelaskan semua jumlah yang tidak cocok. "
            "Periksa kotak-kotak itu pada kertas.",
            f"Any one of {len(found)} boxes can explain every sum that is broken. Look at them on the paper.",
        )
    return Text(_told(form, found, "id"), _told(form, found, "en"))


_HOLDS_WITH = Text("Semua jumlah cocok bila", "Every sum would hold with")
_HOLDS_WITH_ONE = Text("Semua jumlah cocok bila salah satu ini:", "Every sum would hold with one of these:")
_OR = Text(", atau ", ", or ")
_LOOK = Text("Lihat kertas; mungkin memang tertulis demikian.", "Look at the paper; it may really say so.")


def _told(form: FormDefinition, found: tuple[Explanation, ...], language: str) -> str:
    told = [_if(form, one, language) for one in found]
    head = (_HOLDS_WITH if len(told) == 1 else _HOLDS_WITH_ONE).in_language(language)
    return f"{head} {_OR.in_language(language).join(told)}. {_LOOK.in_language(language)}"


def _if(form: FormDefinition, one: Explanation, language: str) -> str:
    """`V.A = 181 (sekarang 191: satu angka terbaca lain)`."""
    now, blank, both = ("now", "blank", " and ") if language == "en" else ("sekarang", "kosong", " dan ")
    words = WORDS[one.slip].in_language(language)
    if one.left_out:
        words = words.format(part=form.paper_codes[one.left_out])
    written = both.join(
        blank if isinstance(each.written, Mark) else str(each.written) for each in one.changes
    )
    instead = both.join(f"{form.paper_codes[each.field]} = {each.instead}" for each in one.changes)
    return (
        f"{instead} ({now} {written})" if one.slip is Slip.EMPTY else f"{instead} ({now} {written}: {words})"
    )
