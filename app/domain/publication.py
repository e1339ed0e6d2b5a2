"""What the public site shows of one TPS, and how it stands beside what was verified here. Pure.

Invariant: only votes and the published fields count; images, times and everything else of the site decide nothing.
Source: domain notes section 6, docs/public-tree.md; why it is judged so: docs/decisions/096-publication-watch.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from app.domain.cell import Cells
from app.domain.form import FormDefinition

CONFIRMED = (
    2  # looks that saw the same in a row: the tree is replaced file by file, and caches stand before it
)


class Shown(Struct, frozen=True):
    """Numbers as published; None: blank or unreadable on the paper, which the tree does not tell apart.

    `votes` is None while the site shows nothing of this TPS.
    """

    fields: Mapping[str, int | None]
    votes: Mapping[str, int | None] | None


class Sight(StrEnum):
    """What was seen, compared with the version that stands here."""

    EQUAL = "equal"
    DIFFERS = "differs"  # numbers that never stood here
    EARLIER = "earlier"  # an earlier version of ours, or the vote before the repeated one
    EMPTY = "empty"


def shown_of(form: FormDefinition, cells: Cells) -> Shown:
    """How these values look once they are public."""

    def number(field: str) -> int | None:
        value = cells.get(field)
        return value if isinstance(value, int) else None

    publication = form.publication
    return Shown(
        {name: number(field) for name, field in publication.fields.items()},
        {one.id: number(one.field) for one in publication.candidates},
    )


def judge(shown: Shown, ours: Shown, earlier: Collection[Shown]) -> Sight:
    """`earlier`: what else stood here of this TPS and ballot."""
    if shown.votes is None:
        return Sight.EMPTY
    if shown == ours:
        return Sight.EQUAL
    return Sight.EARLIER if shown in earlier else Sight.DIFFERS
