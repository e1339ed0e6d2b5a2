"""What the practice polling stations wrote on their C1 forms. Pure and seeded: the same seed gives the same papers.

Each paper is consistent unless its `kind` says otherwise; the shares follow what 813,336 real forms look like
(domain notes section 5), a little richer in faults so that a dozen forms show each of them once.
Thread: any.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.form import FormDefinition
from app.errors import BadInput
from app.forms import load


class PaperKind(StrEnum):
    """What is special about one paper."""

    CLEAN = "clean"
    BLANK_ROWS = "blank_rows"  # DPTb and DPK left empty instead of zeros
    WRONG_SUM = "wrong_sum"  # the KPPS added wrongly; the paper is right even so
    UNREADABLE = "unreadable"  # one box cannot be read


@dataclass(frozen=True, slots=True)
class Paper:
    """One filled form: what stands on it."""

    key: C1Key
    kind: PaperKind
    cells: Mapping[str, Cell]
    seed: int


_CYCLE = (
    PaperKind.CLEAN,
    PaperKind.CLEAN,
    PaperKind.BLANK_ROWS,
    PaperKind.CLEAN,
    PaperKind.WRONG_SUM,
    PaperKind.CLEAN,
    PaperKind.CLEAN,
    PaperKind.UNREADABLE,
)


def papers(stations: Sequence[tuple[C1Key, int, int]], seed: int = 2019) -> tuple[Paper, ...]:
    """One paper per `(key, dpt_l, dpt_p)`; kinds come in a fixed cycle, numbers from the seed and the TPS."""
    made = []
    for place, (key, dpt_l, dpt_p) in enumerate(stations):
        rng = random.Random(f"{seed}/{key.text()}")
        kind = _CYCLE[place % len(_CYCLE)]
        form = known_form(key.form)
        cells = _spoil(form, _consistent(form, dpt_l, dpt_p, rng), kind, rng)
        made.append(Paper(key, kind, cells, rng.randrange(1 << 30)))
    return tuple(made)


def known_form(form_id: str) -> FormDefinition:
    """A form whose papers can be made. Raises NotFound, BadInput."""
    form = load(form_id)
    if not {"A4.J", "D2.J", "V1"} <= form.by_id.keys():  # page 1 as in 2019
        raise BadInput(f"Latihan belum mengenal isi formulir {form_id}.", hint="Pakai formulir Pemilu 2019.")
    return form


def slip(cells: Mapping[str, Cell], fields: Sequence[str], rng: random.Random) -> tuple[str, int]:
    """A keying slip as real ones are: a misread digit, units mostly. Returns the field and the wrong number."""
    numbers = [one for one in fields if isinstance(cells.get(one), int)]
    field = rng.choice(numbers)
    right = cells[field]
    assert isinstance(right, int)  # noqa: S101 - just filtered
    place = 1 if rng.random() < 0.77 else 10
    digit = right // place % 10
    return field, right + (rng.choice([one for one in range(10) if one != digit]) - digit) * place


def _row(cells: dict[str, Cell], row: str, men: int, women: int) -> None:
    cells[f"{row}.L"], cells[f"{row}.P"], cells[f"{row}.J"] = men, women, men + women


def _consistent(form: FormDefinition, dpt_l: int, dpt_p: int, rng: random.Random) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    extra = [(rng.choice((0, 0, 1, 2)), rng.choice((0, 0, 1, 3))) for _ in ("dptb", "dpk")]
    voters = (dpt_l - rng.randint(0, dpt_l // 6), dpt_p - rng.randint(0, dpt_p // 6))
    for letter, first in (("A", (dpt_l, dpt_p)), ("B", voters)):
        rows = [first, *extra]
        for number, (men, women) in enumerate(rows, start=1):
            _row(cells, f"{letter}{number}", men, women)
        _row(cells, f"{letter}4", sum(men for men, _ in rows), sum(women for _, women in rows))
    _row(cells, "D1", rng.choice((0, 0, 1)), rng.choice((0, 0, 1)))
    _row(cells, "D2", 0, 0)
    users = voters[0] + voters[1] + sum(men + women for men, women in extra)
    received = -(-(dpt_l + dpt_p) * 102 // 100)
    returned = rng.choice((0, 0, 0, 1))
    users = min(users, received - returned)
    cells |= {"S1": received, "S2": returned, "S3": received - returned - users, "S4": users}
    return _balance(form, cells, users, rng)


def _balance(form: FormDefinition, cells: dict[str, Cell], users: int, rng: random.Random) -> dict[str, Cell]:
    """Votes for the users of section I.B; where few reserve ballots were left, I.B follows the ballots."""
    total = cells["B4.J"]
    assert isinstance(total, int)  # noqa: S101 - made above
    missing = total - users
    for row, column in (("B1", "L"), ("B1", "P")):
        have = cells[f"{row}.{column}"]
        assert isinstance(have, int)  # noqa: S101 - made above
        less = min(have, missing)
        missing -= less
        for field in (f"{row}.{column}", f"{row}.J", f"B4.{column}", "B4.J"):
            cells[field] = int(cells[field]) - less
    invalid = rng.randint(0, max(1, users // 40))
    valid = users - invalid
    return cells | _votes(form, valid, rng) | {"V1": valid, "V2": invalid, "V3": users}


def _votes(form: FormDefinition, valid: int, rng: random.Random) -> dict[str, Cell]:
    """Down from the valid votes by the form's own sums: two tickets; parties, then their candidates; persons."""
    parts_of = {check.right[0]: check.left for check in form.checks if check.kind == "sum"}
    if form.groups:
        return _shared_out(parts_of, "V1", valid, rng)
    first = round(valid * rng.uniform(0.25, 0.6))
    one, other = parts_of["V1"]
    return {one: first, other: valid - first}


def _shared_out(
    parts_of: Mapping[str, tuple[str, ...]], whole: str, votes: int, rng: random.Random
) -> dict[str, Cell]:
    """`votes` among the boxes that add up to `whole`, and each of those among its own; a few have most of them."""
    parts = parts_of.get(whole, ())
    weights = [rng.random() ** 3 for _ in parts]
    cells: dict[str, Cell] = dict.fromkeys(parts, 0)
    for part in rng.choices(parts, weights, k=votes) if parts else ():
        cells[part] = int(cells[part]) + 1
    for part in parts:
        cells |= _shared_out(parts_of, part, int(cells[part]), rng)
    return cells


def _spoil(
    form: FormDefinition, cells: dict[str, Cell], kind: PaperKind, rng: random.Random
) -> dict[str, Cell]:
    if kind is PaperKind.BLANK_ROWS:
        empty = [
            f"{row}.{column}"
            for row in ("A2", "A3", "B2", "B3", "D1", "D2")
            for column in "LPJ"
            if cells[f"{row}.J"] == 0
        ]
        empty += [one.id for one in form.fields if one.section in form.lists and cells[one.id] == 0]
        return cells | dict.fromkeys(empty, Mark.BLANK)
    if kind is PaperKind.WRONG_SUM:
        return cells | {"V1": int(cells["V1"]) + rng.choice((10, -10, 100))}
    if kind is PaperKind.UNREADABLE:
        return cells | {rng.choice(("A3.P", "B3.L", "S2")): Mark.UNREADABLE}
    return cells
