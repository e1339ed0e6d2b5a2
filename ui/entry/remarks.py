"""What stands beside the boxes while they are keyed: computed sums, marks, unfinished boxes. Pure, any thread.

Invariants: a sum is shown only beside a total that has something typed in it, neutral until the box is left, and is
never put into it. Only the cells of this reading are looked at: a blind reader learns nothing from a remark.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from app.domain.cell import Cells, Mark
from app.domain.checks import computed_total
from app.domain.form import FormDefinition


class Remark(Enum):
    """The page owns the words, the icons and the colours."""

    SUM = auto()  # neutral: the box is being typed
    SUM_AGREES = auto()
    SUM_DIFFERS = auto()
    BLANK = auto()
    UNREADABLE = auto()
    UNFINISHED = auto()  # typed, but Enter was not pressed


@dataclass(frozen=True, slots=True)
class BoxRemark:
    kind: Remark
    value: int = 0


def remarks(
    form: FormDefinition,
    fields: Collection[str],
    cells: Cells,
    *,
    typing: str = "",
    unfinished: Collection[str] = (),
) -> dict[str, BoxRemark]:
    """Field id -> remark. `typing` is the box with the focus that has something typed in it."""
    found: dict[str, BoxRemark] = {}
    for field in fields:
        total = None
        if field == typing or field in cells:
            total = computed_total(form, field, cells)
        if field == typing:
            if total is not None:
                found[field] = BoxRemark(Remark.SUM, total)
        elif field in unfinished:
            found[field] = BoxRemark(Remark.UNFINISHED)
        elif field in cells:
            remark = _of_left_box(cells, field, total)
            if remark is not None:
                found[field] = remark
    return found


def _of_left_box(cells: Cells, field: str, total: int | None) -> BoxRemark | None:
    cell = cells[field]
    if cell is Mark.UNREADABLE:
        return BoxRemark(Remark.UNREADABLE)
    if total is None:
        return BoxRemark(Remark.BLANK) if cell is Mark.BLANK else None
    if cell is Mark.BLANK:
        return BoxRemark(Remark.SUM_DIFFERS if total else Remark.BLANK, total)
    return BoxRemark(Remark.SUM_AGREES if cell == total else Remark.SUM_DIFFERS, total)


def dpt_boxes(form: FormDefinition) -> tuple[str, str] | None:
    """The two boxes that hold the register's men and women, as the form's own check names them."""
    for check in form.checks:
        if check.kind == "pairs" and check.right == ("dpt.L", "dpt.P") and len(check.left) == 2:
            return check.left[0], check.left[1]
    return None
