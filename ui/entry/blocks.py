"""The lists of a form as blocks on the way through it: party 7 of 16, 3 of its 11 boxes, and does its total hold?

Invariants: a sum is said of a block only once its total is keyed - a sum known before would be typed instead of what
stands on the paper; a long list that goes on in a second place is one block. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from app.domain.cell import Cells, Mark
from app.domain.checks import computed_total
from app.domain.form import FormDefinition


@dataclass(frozen=True, slots=True)
class Block:
    """One list's boxes among those that are keyed. `place` counts from 1; `sections` are where it stands."""

    place: int
    name: str
    fields: tuple[str, ...]
    sections: tuple[str, ...]
    total: str = ""  # the box with the list's own sum; empty where it has none

    def filled(self, keyed: Container[str]) -> int:
        return sum(1 for one in self.fields if one in keyed)


class BlockState(Enum):
    """What stands beside a block's title; the page owns the words."""

    UNTOUCHED = auto()
    HERE = auto()  # the focus is in it
    PASSED = auto()  # begun or left behind, and boxes are open
    DONE = auto()
    HOLDS = auto()  # done, and its total is the sum
    DIFFERS = auto()  # done, and its total is another number


@dataclass(frozen=True, slots=True)
class BlockNote:
    """How a block stands. `total` is the computed sum, of the last two states only."""

    state: BlockState
    filled: int
    count: int
    total: int = 0


def blocks_of(form: FormDefinition, fields: Sequence[str]) -> tuple[Block, ...]:
    """The form's lists with the boxes that are keyed; none on a form without lists."""
    group_of = {section.id: section.group for section in form.sections if section.group}
    held: dict[str, list[str]] = {group.id: [] for group in form.groups}
    for one in fields:
        group = group_of.get(form.by_id[one].section)
        if group is not None:
            held[group].append(one)
    with_boxes = [group for group in form.groups if held[group.id]]
    return tuple(
        Block(
            place,
            group.name,
            tuple(held[group.id]),
            tuple(section for section, its in group_of.items() if its == group.id),
            next((one for one in reversed(held[group.id]) if one in form.totals), ""),
        )
        for place, group in enumerate(with_boxes, start=1)
    )


def block_at(blocks: Sequence[Block], field: str) -> Block | None:
    """The block a box is in."""
    return next((one for one in blocks if field in one.fields), None)


def note_of(form: FormDefinition, block: Block, cells: Cells, here: Block | None) -> BlockNote:
    """How one block stands while the focus is in `here`."""
    filled, count = block.filled(cells), len(block.fields)
    if filled < count:
        if here is not None and block.place == here.place:
            return BlockNote(BlockState.HERE, filled, count)
        is_behind = here is None or block.place < here.place
        return BlockNote(BlockState.PASSED if filled or is_behind else BlockState.UNTOUCHED, filled, count)
    total = computed_total(form, block.total, cells) if block.total else None
    keyed = cells.get(block.total)
    if total is None or keyed is None or keyed is Mark.UNREADABLE:
        return BlockNote(BlockState.DONE, filled, count)
    holds = keyed == total or (keyed is Mark.BLANK and total == 0)
    return BlockNote(BlockState.HOLDS if holds else BlockState.DIFFERS, filled, count, total)


def leap(
    blocks: Sequence[Block], field: str, step: int, fields: Sequence[str], keyed: Container[str]
) -> str | None:
    """Where *next party* (+1) or *previous party* (-1) leads: its first open box, or its first; None: there is none.

    From before the lists the next one is the first; from behind them the previous one is the last.
    """
    here = fields.index(field)
    own = block_at(blocks, field)
    if step > 0:
        found = next((one for one in blocks if one is not own and fields.index(one.fields[0]) > here), None)
    else:
        found = next(
            (one for one in reversed(blocks) if one is not own and fields.index(one.fields[-1]) < here), None
        )
    if found is None:
        return None
    return next((one for one in found.fields if one not in keyed), found.fields[0])
