"""The rules over a whole district: `python -m tests.benchmarks.replay_rules TABLE.csv`.

TABLE: one line a TPS, sorted by desa, with `kel_id`, `dpt_l`, `dpt_p`, `situng_*` and `kp_*`: see
`tests.fakes.real_table`. Prints how many forms each rule finds broken, what diagnosis says of them, and how often the
independent reading says that it is right. Counts, no targets: what they must be for the table of Kabupaten Bandung
is asserted by tests/unit/app/test_real_table_rules.py.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.fakes.real_table import replay, rows


def show(title: str, counts: Counter[str], of: int) -> None:
    print(f"\n{title}")
    for name, count in counts.most_common():
        print(f"  {name:58s} {count:7,} {100 * count / of:8.2f} %")


def main(path: Path) -> None:
    """Replay one table."""
    found = replay(rows(path), with_area=True)
    total = found.facts["TPS"]
    show("facts", found.facts, total)
    show("rules that fire", found.rules, total)
    show(f"diagnosis of the {len(found.broken):,} broken", found.kinds, len(found.broken))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
