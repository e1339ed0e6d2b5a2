"""The rules over a whole district: `python -m tests.benchmarks.replay_rules TABLE.csv`.

TABLE: one line a TPS with `dpt_l`, `dpt_p`, `situng_*` (what the public site showed) and `kp_*` (KawalPemilu's
independent reading of the same forms), as in tests/data/cileunyi_kulon_ppwp_2019.csv. Prints how many forms each rule
finds broken, how often diagnosis has one explanation, and how often the independent reading says that it is the right
one. Counts, no targets: what they must be for a known table is the reader's to say.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.domain.cell import Cell
from app.domain.checks import Beside, Dpt, evaluate
from app.domain.diagnosis import single_repairs
from app.domain.form import Check, Severity, Text
from app.forms import load

FORM = load("c1-ppwp-2019")
PROFILE = "ringkas"  # what the site published
# The site's table has no V3: V.A + V.B = the voters says the same of the boxes that were read.
USERS = Check("EQ.V1+V2-B4", "sum", Severity.PAPER, Text("", ""), ("V1", "V2"), ("B4.J",))
WITHOUT_V3 = replace(FORM, checks=(*FORM.checks, USERS))
READ = {"B4.J": "pengguna", "P1": "01", "P2": "02", "V1": "sah", "V2": "tidak_sah"}
Row = dict[str, str]


def cells_of(row: Row, whose: str) -> dict[str, Cell] | None:
    """One reading of a row; None where it is not whole. V3 is made up of V1 and V2."""
    texts = {box: row[f"{whose}_{name}"] for box, name in READ.items()}
    if not all(texts.values()):
        return None
    cells: dict[str, Cell] = {box: int(text) for box, text in texts.items()}
    cells["A1.J"] = int(row["dpt_l"]) + int(row["dpt_p"])
    return cells | {"V3": int(texts["V1"]) + int(texts["V2"])}


def broken(cells: dict[str, Cell], dpt: Dpt) -> dict[str, Severity]:
    """Code of each broken rule."""
    return {one.code: one.severity for one in evaluate(FORM, cells, Beside(dpt), PROFILE)}


def replay(rows: Iterator[Row]) -> None:
    """Print the counts."""
    counts: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for row in rows:
        cells, dpt = cells_of(row, "situng"), Dpt(int(row["dpt_l"]), int(row["dpt_p"]))
        counts["TPS"] += 1
        if cells is None:
            counts["TPS without figures"] += 1
            continue
        found = broken(cells, dpt)
        rules.update(list(found))
        counts["01 + 02 = sah fails"] += "SUM.V1" in found
        counts["sah + tidak sah = pengguna fails"] += "EQ.B4-V3" in found
        counts["pengguna > DPT"] += int(cells["B4.J"]) > dpt.j
        if Severity.PAPER in found.values():
            counts["either fails"] += 1
            counts.update(explained(cells, cells_of(row, "kp"), dpt))
    for name, count in counts.items():
        print(f"{name:60s} {count:7,}")
    print("\nrules:")
    for code, count in rules.most_common():
        print(f"  {code:58s} {count:7,}")


def explained(cells: dict[str, Cell], other: dict[str, Cell] | None, dpt: Dpt) -> Iterator[str]:
    """What can be said of one broken form; `other` is the independent reading."""
    repairs = single_repairs(WITHOUT_V3, {box: cell for box, cell in cells.items() if box != "V3"})
    yield f"  diagnosis: {min(len(repairs), 3)}{' or more' if len(repairs) > 2 else ''} explanations"
    if other is None:
        return
    if Severity.PAPER in broken(other, dpt).values():
        yield "  the independent reading breaks a sum, too"
        return
    yield "  the independent reading is whole"
    if len(repairs) == 1:
        (one,) = repairs
        yield "    of them diagnosis has one explanation"
        if other[one.field] == one.instead:
            yield "      and the independent reading says the same"


def main(path: Path) -> None:
    """Replay one table."""
    with path.open(encoding="utf-8", newline="") as file:
        replay(iter(csv.DictReader(file)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
