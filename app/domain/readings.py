"""Readings of one form and how they settle. Pure; the centre runs the same function to prove what it publishes.

A reading is made of parts, because the pages of a form may arrive days apart: each part is what one person read of
whole pages. First and second agree -> settled. They differ -> only the differing boxes go to a third person; each box
equal to one of the two -> settled with it; a box with three different values -> the coordinator. Source: design
section 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.domain.cell import Cell, Cells


class Order(IntEnum):
    """Which reading it is; sent as the number."""

    FIRST = 1
    SECOND = 2
    THIRD = 3
    COORDINATOR = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What one person read: a whole form, or a part of it (whole pages; the boxes a third reader was asked for)."""

    order: Order
    by: str
    cells: Cells
    taken_over_from: tuple[str, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everybody who had a hand in it."""
        return frozenset((self.by, *self.taken_over_from))


class Outcome(StrEnum):
    """What the readings so far amount to."""

    UNREAD = "unread"
    PARTLY_READ = "partly_read"  # the first reading lacks pages
    NEEDS_SECOND = "needs_second"
    NEEDS_THIRD = "needs_third"
    NEEDS_COORDINATOR = "needs_coordinator"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`cells` = the best known values (the first reading's until settled); `open` = boxes the next reading asks for.

    Of a form nobody read yet `open` is empty: all of it is asked for.
    """

    outcome: Outcome
    cells: Cells
    open: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return self.outcome is Outcome.SETTLED


def differing(first: Cells, second: Cells) -> tuple[str, ...]:
    """Field ids whose values differ or stand on one side only, in the order of `first`, then `second`."""
    fields = [*first, *(one for one in second if one not in first)]
    return tuple(one for one in fields if first.get(one) != second.get(one))


@dataclass(frozen=True, slots=True)
class PageCut:
    """How far somebody came, page by page. All are field ids in paper order.

    `read`: of pages keyed to the end; `missing`: open boxes of pages begun; `untouched`: pages without a keyed box.
    """

    read: tuple[str, ...]
    missing: tuple[str, ...]
    untouched: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whole pages, at least one, and nothing of the others: what may be finished as a part."""
        return bool(self.read) and not self.missing

    @property
    def may_end(self) -> bool:
        """Clean, and something is left for a later part."""
        return self.is_clean and bool(self.untouched)


def cut(fields: Sequence[str], page_of: Mapping[str, int], keyed: Collection[str]) -> PageCut:
    """`fields` sorted by how far their pages were keyed; `page_of` knows at least each of them."""
    begun = {page_of[one] for one in fields if one in keyed}
    missing = tuple(one for one in fields if page_of[one] in begun and one not in keyed)
    unfinished = {page_of[one] for one in missing}
    return PageCut(
        read=tuple(one for one in fields if page_of[one] in begun - unfinished),
        missing=missing,
        untouched=tuple(one for one in fields if page_of[one] not in begun),
    )


def united(readings: Sequence[Reading]) -> dict[Order, Reading]:
    """One reading for each order: its parts' boxes and people together.

    Of two parts with the same box the later in `readings` counts; a part that adds no box any more leaves with its
    people: it was replaced, as by a whole reading on another PC.
    """
    found: dict[Order, Reading] = {}
    for part in reversed(readings):
        later = found.get(part.order)
        if later is None:
            found[part.order] = part
        elif not part.cells.keys() <= later.cells.keys():
            names = dict.fromkeys((*part.taken_over_from, part.by, *later.taken_over_from))
            names.pop(later.by, None)
            found[part.order] = Reading(part.order, later.by, {**part.cells, **later.cells}, tuple(names))
    return found


def settle(readings: Sequence[Reading], needed: int = 2, fields: Sequence[str] = ()) -> Settlement:
    """Settle readings (any order of arrival; of each `Order` as `united` says).

    `needed`: 2, or 1 where the form's policy says one reading. `fields`: what a whole reading has, in paper order; not
    given, every first and second reading counts as whole. Refusing people who may not read is the caller's.
    """
    whole = united(readings)
    first = whole.get(Order.FIRST)
    if first is None:
        return Settlement(Outcome.UNREAD, {})
    if lacking := _lacking(fields, first):
        return Settlement(Outcome.PARTLY_READ, first.cells, lacking)
    if needed == 1:
        return Settlement(Outcome.SETTLED, first.cells)
    second = whole.get(Order.SECOND)
    if second is None:
        return Settlement(Outcome.NEEDS_SECOND, first.cells, tuple(fields))
    if lacking := _lacking(fields, second):
        return Settlement(Outcome.NEEDS_SECOND, first.cells, lacking)
    differ = differing(first.cells, second.cells)
    if not differ:
        return Settlement(Outcome.SETTLED, first.cells)
    return _settle_boxes(first.cells, second.cells, differ, whole)


def _lacking(fields: Sequence[str], reading: Reading) -> tuple[str, ...]:
    return tuple(one for one in fields if one not in reading.cells)


def _settle_boxes(
    first: Cells, second: Cells, differ: tuple[str, ...], whole: Mapping[Order, Reading]
) -> Settlement:
    third = whole[Order.THIRD].cells if Order.THIRD in whole else {}
    final = whole[Order.COORDINATOR].cells if Order.COORDINATOR in whole else {}
    cells: dict[str, Cell] = dict(first)
    for_third, for_coordinator = [], []
    for box in differ:
        if box in final:
            cells[box] = final[box]
        elif box not in third:
            for_third.append(box)
        elif third[box] in (first.get(box), second.get(box)):
            cells[box] = third[box]
        else:
            for_coordinator.append(box)
    if for_third:
        return Settlement(Outcome.NEEDS_THIRD, cells, tuple(for_third))
    if for_coordinator:
        return Settlement(Outcome.NEEDS_COORDINATOR, cells, tuple(for_coordinator))
    return Settlement(Outcome.SETTLED, cells)
