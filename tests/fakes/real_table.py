"""The rules and the diagnosis over the presidential count of Kabupaten Bandung, April 2019, as the site showed it.

A line is one TPS: `dpt_l`, `dpt_p` = registered men and women; `situng_*` = what the site published; `kp_*` =
KawalPemilu's independent reading of the same forms. `BROKEN` holds the lines on which a published sum fails; the whole
table of 10,338 TPS is not part of the project and is looked for beside it (provenance: tests/data/README.md).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from app.domain.cell import Cell, Cells
from app.domain.checks import Beside, Dpt, evaluate, spreads_of
from app.domain.diagnosis import Diagnosis, explain
from app.domain.form import Check, Severity, Text
from app.domain.rules import Spread
from app.forms import load

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "data" / "broken_sums_ppwp_kab_bandung_2019.csv"
WHOLE = ROOT.parent / "shared" / "data" / "tps_ppwp_kab_bandung_2019.csv"

FORM = load("c1-ppwp-2019")
PROFILE = "ringkas"  # what the site published
# The site's table has no V3: V.A + V.B = the voters says the same of the boxes that were read.
USERS = Check("EQ.V1+V2-B4", "sum", Severity.PAPER, Text("", ""), ("V1", "V2"), ("B4.J",))
WITHOUT_V3 = replace(FORM, checks=(*FORM.checks, USERS))
READ = {"B4.J": "pengguna", "P1": "01", "P2": "02", "V1": "sah", "V2": "tidak_sah"}
Row: TypeAlias = Mapping[str, str]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Replay:
    """What was counted. `rules` and `papers`: code -> forms, on the site's figures and on the independent reading's;
    `kinds`: what diagnosis says of the broken ones."""

    facts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[Row] = field(default_factory=list)


def replay(table: Sequence[Row], *, with_area: bool) -> Replay:
    """All rules over all lines; an area's figures only where its other stations are in the table, too."""
    found = Replay()
    for _, group in groupby(table, key=lambda row: row["kel_id"]):
        desa = [(row, _cells(row, "situng"), _cells(row, "kp")) for row in group]
        for at, (row, cells, other) in enumerate(desa):
            around = [theirs for n, (_, theirs, _) in enumerate(desa) if n != at and theirs is not None]
            spreads = spreads_of(FORM, around) if with_area else {}
            found.facts["TPS"] += 1
            if cells is not None:
                _count(found, row, cells, other, spreads)
    return found


def _cells(row: Row, whose: str) -> dict[str, Cell] | None:
    """One reading of a line; None where it is not whole. V3 is made up of V1 and V2."""
    texts = {box: row[f"{whose}_{name}"] for box, name in READ.items()}
    if not all(texts.values()):
        return None
    cells: dict[str, Cell] = {box: int(text) for box, text in texts.items()}
    return cells | {"A1.J": _dpt(row).j, "V3": int(texts["V1"]) + int(texts["V2"])}


def _dpt(row: Row) -> Dpt:
    return Dpt(int(row["dpt_l"]), int(row["dpt_p"]))


def _count(found: Replay, row: Row, cells: Cells, other: Cells | None, spreads: Mapping[str, Spread]) -> None:
    said = {one.code: one.severity for one in evaluate(FORM, cells, Beside(_dpt(row), {}, spreads), PROFILE)}
    found.rules.update(said.keys())
    found.facts.update(_plain_facts(row, cells))
    theirs_is_whole = other is not None and not _breaks_a_sum(other)
    found.facts["the independent reading breaks a sum"] += other is not None and not theirs_is_whole
    if other is not None and theirs_is_whole and any(other[box] != cells[box] for box in ("P1", "P2")):
        found.facts["candidate votes differ from a whole independent reading"] += 1
    if {"AREA.B4", "AREA.V2"} & said.keys() and other is not None:
        found.facts["far from the desa"] += 1
        found.facts["far from the desa, and read differently by the other"] += any(
            other[box] != cells[box] for box in READ
        )
    if Severity.PAPER not in said.values():
        return
    found.broken.append(row)
    diagnosis = explain(WITHOUT_V3, {box: cell for box, cell in cells.items() if box != "V3"})
    found.kinds[diagnosis.kind] += 1
    found.facts.update(_explained(diagnosis, cells, other, theirs_is_whole=theirs_is_whole))


def _plain_facts(row: Row, cells: Cells) -> Iterable[str]:
    """Domain notes, section 5, computed without the rules."""
    number = {box: int(cell) for box, cell in cells.items() if isinstance(cell, int)}
    sum_gap = number["P1"] + number["P2"] - number["V1"]
    facts = {
        "01 + 02 = sah fails": sum_gap != 0,
        "sah + tidak sah = pengguna fails": number["V3"] != number["B4.J"],
        "either fails": sum_gap != 0 or number["V3"] != number["B4.J"],
        "candidate sum off by exactly 100": abs(sum_gap) == 100,
        "pengguna > DPT": number["B4.J"] > _dpt(row).j,
        "users > 300": number["B4.J"] > 300,
        "no valid vote": number["P1"] == number["P2"] == 0,
        "invalid >= 10 %": number["V2"] >= 10 and number["V2"] * 10 >= number["B4.J"],
    }
    return [name for name, holds in facts.items() if holds]


def _breaks_a_sum(cells: Cells) -> bool:
    return any(one.severity is Severity.PAPER for one in evaluate(FORM, cells, profile=PROFILE))


def _explained(
    diagnosis: Diagnosis, cells: Cells, other: Cells | None, *, theirs_is_whole: bool
) -> Iterator[str]:
    """What the independent reading says of a broken form and of its diagnosis."""
    if other is None:
        return
    if not theirs_is_whole:
        yield "broken, and so in the independent reading"
        if all(cells[box] == other[box] for box in READ):
            yield "  with the same values"
        return
    yield "broken, but whole in the independent reading"
    right = [
        one
        for one in diagnosis.explanations
        if all(other[change.field] == change.instead for change in one.changes)
    ]
    yield (
        f"  diagnosis: {'one' if len(diagnosis.explanations) == 1 else 'several'}"
        if right
        else "  not explained"
    )
    if len(diagnosis.explanations) == 1:
        yield "  diagnosis names one explanation"
