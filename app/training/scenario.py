"""What the practice polling stations wrote on their C1 forms. Pure and seeded: the same seed gives the same papers.

Each paper is consistent unless its `kind` says otherwise, and so are the ballots of one TPS with each other: the KPPS
counted its voters once. The shares follow what 813,336 real forms look like
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
    OTHER_VOTERS = "other_voters"  # one DPK voter more than on the other ballots of the TPS


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
_SPOILT = 1  # ballots given back, at most
_ODD_STATION = (
    6  # of so many TPS one has a ballot that differs from its others; the second is the first of them
)


def papers(stations: Sequence[tuple[C1Key, int, int]], seed: int = 2019) -> tuple[Paper, ...]:
    """One paper per `(key, dpt_l, dpt_p)`; kinds come in a fixed cycle, numbers from the seed and the TPS."""
    kinds = _kinds([key for key, _, _ in stations])
    made = []
    for (key, dpt_l, dpt_p), kind in zip(stations, kinds, strict=True):
        rng = random.Random(f"{seed}/{key.text()}")
        form = known_form(key.form)
        voters = _voters(dpt_l, dpt_p, random.Random(f"{seed}/{key.tps}/{key.round}"))
        cells = _spoil(form, voters | _ballots(form, voters, rng), kind, rng)
        made.append(Paper(key, kind, cells, rng.randrange(1 << 30)))
    return tuple(made)


def _kinds(keys: Sequence[C1Key]) -> list[PaperKind]:
    """In a cycle; of some TPS with several ballots the last clean one differs from the others."""
    kinds = [_CYCLE[place % len(_CYCLE)] for place in range(len(keys))]
    of_tps: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        of_tps.setdefault(key.tps, []).append(place)
    for places in list(of_tps.values())[1::_ODD_STATION]:
        clean = [place for place in places if kinds[place] is PaperKind.CLEAN]
        if clean and len(places) > 1:
            kinds[clean[-1]] = PaperKind.OTHER_VOTERS
    return kinds


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


def _voters(dpt_l: int, dpt_p: int, rng: random.Random) -> dict[str, Cell]:
    """Sections I and II: who is listed and who came, the same on every ballot of a TPS; no more than ballots."""
    cells: dict[str, Cell] = {}
    extra = [(rng.choice((0, 0, 1, 2)), rng.choice((0, 0, 1, 3))) for _ in ("dptb", "dpk")]
    men, women = dpt_l - rng.randint(0, dpt_l // 6), dpt_p - rng.randint(0, dpt_p // 6)
    most = _received(dpt_l + dpt_p) - _SPOILT - sum(map(sum, extra))
    too_many = max(0, men + women - most)
    men, women = men - min(men, too_many), women - max(0, too_many - men)
    for letter, first in (("A", (dpt_l, dpt_p)), ("B", (men, women))):
        rows = [first, *extra]
        for number, (one, other) in enumerate(rows, start=1):
            _row(cells, f"{letter}{number}", one, other)
        _row(cells, f"{letter}4", sum(one for one, _ in rows), sum(other for _, other in rows))
    _row(cells, "D1", rng.choice((0, 0, 1)), rng.choice((0, 0, 1)))
    _row(cells, "D2", 0, 0)
    return cells


def _ballots(form: FormDefinition, voters: Mapping[str, Cell], rng: random.Random) -> dict[str, Cell]:
    """Sections III to V: this form's own ballots and votes, for the users of section I.B."""
    users, received = int(voters["B4.J"]), _received(int(voters["A1.J"]))
    returned = rng.choice((0, 0, 0, _SPOILT))
    invalid = rng.randint(0, max(1, users // 40))
    valid = users - invalid
    cells: dict[str, Cell] = {"S1": received, "S2": returned, "S3": received - returned - users, "S4": users}
    return cells | _votes(form, valid, rng) | {"V1": valid, "V2": invalid, "V3": users}


def _received(dpt: int) -> int:
    return -(-dpt * 102 // 100)  # 2 % in reserve, rounded up


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
    if kind is PaperKind.OTHER_VOTERS:
        return cells | {box: int(cells[box]) + 1 for box in ("A3.L", "A3.J", "A4.L", "A4.J")}
    return cells
