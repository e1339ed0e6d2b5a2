"""Which single box, changed to what, would make every broken sum whole: a hint for the verifier.

Never shown to the first keyer and never applied: the paper is right, even when it is wrong. Thread: any, pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.cell import Cell, Cells, Mark
from app.domain.checks import Outcome, judge
from app.domain.form import IDENTITIES, Check, FormDefinition, Severity


@dataclass(frozen=True, slots=True)
class Repair:
    """`field` holds `written`; with `instead` no sum of the form would be broken."""

    field: str
    written: Cell
    instead: int


def single_repairs(form: FormDefinition, cells: Cells) -> list[Repair]:
    """Every one-box change that restores all identities, in paper order; empty when none does or none is needed.

    Several candidates are several explanations: 01 + 02 = sah alone cannot tell which of three boxes slipped.
    """
    broken = _broken(form, cells)
    if not broken:
        return []
    repairs = {
        (field, instead): Repair(field, cells[field], instead)
        for check in broken
        for field, instead in _candidates(check, cells)
        if 0 <= instead <= form.by_id[field].maximum and not _broken(form, {**cells, field: instead})
    }
    return [repairs[key] for key in sorted(repairs, key=lambda key: (form.order[key[0]], key[1]))]


def single_repair(form: FormDefinition, cells: Cells) -> Repair | None:
    """The one box to look at, when exactly one change explains everything."""
    repairs = single_repairs(form, cells)
    return repairs[0] if len(repairs) == 1 else None


def _broken(form: FormDefinition, cells: Cells) -> list[Check]:
    return [
        check
        for check in form.checks
        if check.severity is Severity.PAPER
        and check.kind in IDENTITIES
        and judge(check, cells) is Outcome.BROKEN
    ]


def _candidates(check: Check, cells: Cells) -> list[tuple[str, int]]:
    """The value each box of this sum would need, the others as they are."""
    gap = sum(_number(cells[one]) for one in check.left) - sum(_number(cells[one]) for one in check.right)
    parts = [(one, _number(cells[one]) - gap) for one in check.left]
    totals = [(one, _number(cells[one]) + gap) for one in check.right]
    return parts + totals


def _number(cell: Cell) -> int:
    return 0 if isinstance(cell, Mark) else cell
