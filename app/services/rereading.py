"""The second reading after a correction or a move: which boxes are asked, and which of one's own words stand.

Whoever read the whole form before, as first or second of two readers who came to agree, is asked only what changed (and
whatever he himself had read otherwise); the rest he signs as he read it then. So nothing is keyed twice, and every
signature covers only what its reader read with his own eyes: the centre's proof needs no new rule. Anybody else reads
the whole form. Decision 093. Runs inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells
from app.domain.checks import REGISTER_TERMS
from app.domain.form import FormDefinition
from app.domain.lifecycle import ReadingState, VersionState
from app.domain.readings import Order, differing
from app.services.workplace import definition
from app.store import c1 as c1_rows
from app.store import exchange, journal, readings, versions
from app.store.driver import Connection

MOVED_HERE = (
    "moved_here"  # journal line of a form that came from another TPS: whence, and as of which generation
)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What a person read of this paper before, and the boxes that have to be read anew, whoever reads them."""

    cells: Cells
    anew: frozenset[str]


def asked(connection: Connection, form: c1_rows.C1Row, person: str) -> tuple[str, ...] | None:
    """Fields this person is asked as second reader, in paper order; None: the whole form."""
    earlier = _earlier(connection, form, person)
    if earlier is None or form.head is None or _is_begun(connection, form):
        return None
    head = versions.by_id(connection, form.head)
    wanted = earlier.anew.union(
        field for field in _whole(form) if earlier.cells.get(field) != head.cells.get(field)
    )
    return tuple(field for field in _whole(form) if field in wanted) or None


def kept(connection: Connection, form: c1_rows.C1Row, row: readings.ReadingRow) -> dict[str, Cell]:
    """What the reader of `row` read of the boxes he was not asked again; empty for every ordinary reading."""
    if row.order is not Order.SECOND or row.generation != form.generation or row.taken_over_from:
        return {}
    if readings.given(connection, row):  # the other boxes stand in other parts of this reading
        return {}
    left = [field for field in _whole(form) if field not in row.fields]
    earlier = _earlier(connection, form, row.by) if left else None
    return {} if earlier is None else {field: earlier.cells[field] for field in left}


def _is_begun(connection: Connection, form: c1_rows.C1Row) -> bool:
    """Whether pages of the second reading were read already: then the others are asked, whoever comes."""
    rows = readings.of_form(connection, form.id, form.generation)
    return any(row.order is Order.SECOND and row.cells is not None for row in rows)


def _whole(form: c1_rows.C1Row) -> list[str]:
    return [one.id for one in definition(form.key.form).fields_of(form.profile)]


def _earlier(connection: Connection, form: c1_rows.C1Row, person: str) -> _Earlier | None:
    head = versions.by_id(connection, form.head) if form.head is not None else None
    if head is None or head.generation != form.generation:
        return None
    if head.cause == "moved":
        return _of_moved(connection, form, person)
    return _of_corrected(connection, form, head, person)


def _of_corrected(
    connection: Connection, form: c1_rows.C1Row, head: versions.VersionRow, person: str
) -> _Earlier | None:
    """Back through corrections nobody second-read, to the readings that were agreed on; never behind a withdrawal:
    what was read before it was another paper."""
    newest = {row.generation: row for row in versions.of_form(connection, form.id)}
    for generation in range(form.generation - 1, 0, -1):
        base = newest.get(generation)
        if base is None or base.state is not VersionState.SUPERSEDED:
            return None
        own = _agreed_reading(connection, form, generation, person)
        if own is not None:
            anew = set(differing(base.cells, head.cells))
            for _name, cells, _text in exchange.rivals(connection, form.id):
                anew.update(differing(cells, head.cells))  # the centre's other values: what is in dispute
            return _Earlier(own, frozenset(anew))
    return None


def _of_moved(connection: Connection, form: c1_rows.C1Row, person: str) -> _Earlier | None:
    """The same sheets, filed elsewhere: asked are the register's numbers, which tie a paper to its TPS."""
    lines = [one for one in journal.lines_about(connection, form.key.text()) if one.kind == MOVED_HERE]
    if not lines or not lines[-1].body.get("with_pages") or lines[-1].body.get("draft"):
        return None
    source = c1_rows.find(connection, C1Key.of_text(str(lines[-1].body["from"])))
    if source is None:
        return None
    own = _agreed_reading(connection, source, int(str(lines[-1].body["generation"])), person)
    return None if own is None else _Earlier(own, register_boxes(definition(form.key.form), own))


def _agreed_reading(
    connection: Connection, form: c1_rows.C1Row, generation: int, person: str
) -> Cells | None:
    """The person's own whole reading of a generation that two people settled; nobody else had a hand in it."""
    whole = _whole(form)
    for row in readings.of_form(connection, form.id, generation):
        is_own = row.by == person and not row.taken_over_from and row.order in (Order.FIRST, Order.SECOND)
        if is_own and row.state is ReadingState.SETTLED and row.cells is not None:
            return row.cells if all(field in row.cells for field in whole) else None
    return None


def register_boxes(form: FormDefinition, fields: Collection[str]) -> frozenset[str]:
    """The boxes that say whose paper it is: what a check wants to be the register's own numbers of voters."""
    terms = set(REGISTER_TERMS)
    found: set[str] = set()
    for check in form.checks:
        if check.kind == "pairs" and terms.intersection((*check.left, *check.right)):
            found.update(one for one in (*check.left, *check.right) if one in form.by_id and one in fields)
    return frozenset(found)
