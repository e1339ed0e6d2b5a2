"""The coverage ratchet: reads coverage_list.txt, tells coverage.py what to watch, checks its report. One thread.

coverage_list.py config OUT.ini     only the listed files are traced, so the price of measuring stays low
coverage_list.py check REPORT.json  exit 1 when a listed file is below its mark
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "installer" / "coverage_list.txt"


def read_marks(text: str) -> dict[str, float]:
    """ "glob = percent" per line; comments and empty lines are skipped. Raises ValueError on anything else."""
    marks = {}
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        glob, equals, percent = (part.strip() for part in entry.partition("="))
        if not equals or not glob or not percent.replace(".", "", 1).isdigit() or not float(percent) <= 100:
            raise ValueError(f"line {number}: expected 'glob = percent', found {entry!r}")
        marks[glob] = float(percent)
    return marks


def expand(marks: Mapping[str, float], root: Path) -> tuple[dict[str, float], list[str]]:
    """File -> mark, and the globs that match nothing (a listed file that was renamed must not drop out unseen)."""
    files: dict[str, float] = {}
    empty = []
    for glob, mark in marks.items():
        found = sorted(path.relative_to(root).as_posix() for path in root.glob(glob))
        if not found:
            empty.append(glob)
        files.update(dict.fromkeys(found, mark))
    return files, empty


def config_text(files: Iterable[str], exclude: Iterable[str], data_file: str) -> str:
    lines = ["[run]", "branch = true", f"data_file = {data_file}", "include ="]
    lines += [f"    {name}" for name in files]
    lines += ["[report]", "exclude_also ="]
    lines += [f"    {pattern}" for pattern in exclude]
    return "\n".join(lines) + "\n"


def below(files: Mapping[str, float], report: Mapping[str, Any]) -> list[str]:
    """One line for each listed file below its mark. A file that was never imported counts as 0 percent."""
    measured = {name.replace("\\", "/"): entry for name, entry in report["files"].items()}
    lines = []
    for name, mark in files.items():
        entry = measured.get(name)
        if entry is None:
            lines.append(f"{name}: never imported by a test; must be {mark:g} %")
            continue
        reached = float(entry["summary"]["percent_covered"])
        if reached < mark:
            gaps = ", ".join(str(number) for number in entry["missing_lines"])
            jumps = ", ".join(f"{a}->{b}" for a, b in entry.get("missing_branches", ()))
            lines.append(
                f"{name}: {reached:.1f} % of {mark:g} %; lines {gaps or '-'}; branches {jumps or '-'}"
            )
    return lines


def main(argv: list[str]) -> int:
    command, path = argv[0], Path(argv[1])
    files, empty = expand(read_marks(LIST.read_text(encoding="utf-8")), ROOT)
    if empty:
        print(f"coverage_list.txt names files that do not exist: {', '.join(empty)}")
        return 1
    if command == "config":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        exclude = project["tool"]["coverage"]["report"]["exclude_also"]
        path.write_text(config_text(files, exclude, str(path.with_suffix(".data"))), encoding="utf-8")
        print(f"{len(files)} files")
        return 0
    # coverage.py writes no report at all when no test imported a listed file.
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"files": {}}
    failures = below(files, report)
    for line in failures:
        print(line)
    if not failures:
        print(f"{len(files)} files at their mark")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
