from pathlib import Path
from typing import Any

import pytest

from installer import coverage_list


def entry(percent: float, lines: list[int], jumps: list[list[int]]) -> dict[str, Any]:
    return {"summary": {"percent_covered": percent}, "missing_lines": lines, "missing_branches": jumps}


def test_marks_are_read_with_comments_and_decimals() -> None:
    text = "# why\n\napp/domain/*.py = 100\nsync/plan.py = 97.5  # until the bundle comes\n"
    assert coverage_list.read_marks(text) == {"app/domain/*.py": 100.0, "sync/plan.py": 97.5}


@pytest.mark.parametrize("text", ["app/domain", "app/x.py = much", "= 100", "app/x.py = 101", "app/x.py ="])
def test_a_broken_line_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        coverage_list.read_marks(text)


def test_globs_expand_and_a_later_line_wins(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    files, empty = coverage_list.expand({"*.py": 100, "b.py": 90, "gone.py": 100}, tmp_path)
    assert files == {"a.py": 100, "b.py": 90}
    assert empty == ["gone.py"]


def test_only_listed_files_below_their_mark_are_told() -> None:
    report = {
        "files": {
            "app\\a.py": entry(99.9, [3], [[4, 6]]),
            "app/b.py": entry(90.0, [], []),
            "c.py": entry(0, [], []),
        }
    }
    lines = coverage_list.below({"app/a.py": 100, "app/b.py": 90, "app/d.py": 100}, report)
    assert lines == [
        "app/a.py: 99.9 % of 100 %; lines 3; branches 4->6",
        "app/d.py: never imported by a test; must be 100 %",
    ]


def test_the_config_watches_the_listed_files_only() -> None:
    text = coverage_list.config_text(["app/a.py"], ["if TYPE_CHECKING:"], "x.data")
    assert "branch = true" in text
    assert "include =\n    app/a.py\n" in text
    assert "exclude_also =\n    if TYPE_CHECKING:\n" in text


def test_the_projects_own_list_is_well_formed() -> None:
    marks = coverage_list.read_marks(coverage_list.LIST.read_text(encoding="utf-8"))
    assert marks["app/domain/*.py"] == 100
