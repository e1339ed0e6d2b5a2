"""The examples a check carries: cells, and what they say of the register, the other ballots and the area.

One example is a table of terms and values: `{ "A1.J" = 189, "dpt.L" = 97, "dpt.P" = 101 }`. Thread: any, pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.cell import Cell, cell_from_json
from app.domain.checks import ELSEWHERE, Beside, Dpt
from app.domain.form import Check, FormDefinition
from app.domain.rules import Spread

# The area's other settled stations: how many, and between which shares (per cent) their middle half lies.
AREA_TERMS = ("area.n", "area.low", "area.high")


def example_of(
    form: FormDefinition, check: Check, example: Mapping[str, int | str]
) -> tuple[dict[str, Cell], Beside]:
    """The cells of an example, and what it says of the register, other forms and the area. Raises ValueError."""
    cells: dict[str, Cell] = {}
    known: dict[str, int] = {}
    others: dict[str, dict[str, Cell]] = {}
    for name, value in example.items():
        cell = cell_from_json(value)
        if name in ("dpt.L", "dpt.P", *AREA_TERMS) and isinstance(cell, int):
            known[name] = cell
        elif name in form.by_id:
            cells[name] = cell
        elif ELSEWHERE in name:
            ballot, _, box = name.rpartition(ELSEWHERE)
            others.setdefault(ballot, {})[box] = cell
        else:
            raise ValueError(f"kotak `{name}` tidak dikenal")
    has_dpt, has_area = {"dpt.L", "dpt.P"} <= known.keys(), known.keys() >= set(AREA_TERMS)
    dpt = Dpt(known["dpt.L"], known["dpt.P"]) if has_dpt else None
    spreads = {check.code: Spread(*(known[one] for one in AREA_TERMS))} if has_area else {}
    return cells, Beside(dpt, others, spreads)
