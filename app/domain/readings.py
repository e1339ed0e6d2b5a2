"""Readings of one form and how they settle. Pure; the centre runs the same function to prove what it publishes.

First and second agree -> settled. They differ -> only the differing boxes go to a third person; each box equal to one
of the two -> settled with it; a box with three different values -> the coordinator. Source: design section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """What one person read. Third and coordinator readings hold only the boxes they were asked for."""

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
    NEEDS_SECOND = "needs_second"
    NEEDS_THIRD = "needs_third"
    NEEDS_COORDINATOR = "needs_coordinator"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`cells` = the best known values (the first reading's until settled); `open` = boxes still to be read."""

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


def settle(readings: Sequence[Reading], needed: int = 2) -> Settlement:
    """Settle readings (any order of arrival; the newest of each `Order` counts).

    `needed`: 2, or 1 where the form's policy says one reading. Refusing people who may not read is the caller's.
    """
    newest = {reading.order: reading for reading in readings}
    first = newest.get(Order.FIRST)
    if first is None:
        return Settlement(Outcome.UNREAD, {})
    if needed == 1:
        return Settlement(Outcome.SETTLED, first.cells)
    second = newest.get(Order.SECOND)
    if second is None:
        return Settlement(Outcome.NEEDS_SECOND, first.cells)
    differ = differing(first.cells, second.cells)
    if not differ:
        return Settlement(Outcome.SETTLED, first.cells)
    return _settle_boxes(first.cells, second.cells, differ, newest)


def _settle_boxes(
    first: Cells, second: Cells, differ: tuple[str, ...], newest: dict[Order, Reading]
) -> Settlement:
    third = newest[Order.THIRD].cells if Order.THIRD in newest else {}
    final = newest[Order.COORDINATOR].cells if Order.COORDINATOR in newest else {}
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
