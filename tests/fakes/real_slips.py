"""The 344 real keying slips of 2019, each to be put into a form that is whole without it.

Source: tests/data/entry_error_pairs_2019.csv (provenance beside it).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.cell import Cell

TABLE = Path(__file__).parents[1] / "data" / "entry_error_pairs_2019.csv"
BOXES = {"01": "P1", "02": "P2", "php": "B4.J"}  # php: pengguna hak pilih
OTHER_VOTES, INVALID = 53, 4  # of the ticket and the boxes the slip is not in
UNUSED = 20


@dataclass(frozen=True)
class Slip:
    """`field` says `on_form` on the paper and was keyed as `as_keyed`."""

    field: str
    on_form: int
    as_keyed: int
    kind: str


def slips() -> tuple[Slip, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Slip(BOXES[row["field"]], int(row["on_form"]), int(row["as_keyed"]), row["kind"])
            for row in csv.DictReader(file)
        )


def whole_form(slip: Slip) -> Mapping[str, Cell]:
    """All 39 boxes of a C1-PPWP on which every sum is right and `slip.field` says what the paper says."""
    if slip.field == "B4.J":
        users = slip.on_form
        invalid = min(INVALID, users)
        first = (users - invalid) // 2
        votes = {"P1": first, "P2": users - invalid - first}
    else:
        votes = {"P1": OTHER_VOTES, "P2": OTHER_VOTES} | {slip.field: slip.on_form}
        invalid = INVALID
        users = sum(votes.values()) + invalid
    listed = users + UNUSED
    cells: dict[str, Cell] = {}
    for row, total in (("A1", listed), ("A4", listed), ("B1", users), ("B4", users)):
        cells |= {f"{row}.L": total // 2, f"{row}.P": total - total // 2, f"{row}.J": total}
    cells |= {f"{row}.{column}": 0 for row in ("A2", "A3", "B2", "B3", "D1", "D2") for column in "LPJ"}
    received = -(-listed * 102 // 100)
    cells |= {"S1": received, "S2": 0, "S3": received - users, "S4": users}
    return cells | votes | {"V1": users - invalid, "V2": invalid, "V3": users}
