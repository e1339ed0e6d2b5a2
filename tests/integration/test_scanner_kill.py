"""SIGKILL at every step of a take-over: the page is lost never, doubled never, half-written never."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.scanner_kill_child import FileRows
from tests.unit.scanner.sheets import page_jpeg

STEPS = 22  # four files with five steps each, before and after the row


def run_child(root: Path, folder: Path, page: Path, kill_at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.integration.scanner_kill_child", str(folder), str(page), str(kill_at)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_gone(pid: int) -> bool:
    """True once the process has ended; waits for it at most ten seconds."""
    pause = threading.Event()
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        pause.wait(0.05)
    return False


@pytest.mark.sweep
@pytest.mark.skipif(
    sys.platform == "win32", reason="SIGKILL at an exact step needs POSIX; Windows runs the same code"
)
def test_a_kill_at_any_step_loses_and_doubles_nothing(
    tmp_path: Path, project_root: Path, sweep_size: Callable[[int, int], int]
) -> None:
    page = tmp_path / "page.jpg"
    page.write_bytes(page_jpeg(1, 1))
    sample = (1, 8, 17, 22)
    for kill_at in sample[: sweep_size(len(sample), 0)] or range(1, STEPS + 1):
        folder = tmp_path / str(kill_at)
        folder.mkdir()
        killed = run_child(project_root, folder, page, kill_at)
        assert killed.returncode == -9, killed.stderr
        assert all(is_gone(int(pid)) for pid in killed.stdout.split()), "workers end with their parent"
        assert page.read_bytes() == page_jpeg(1, 1), "the source is never touched"
        again = run_child(project_root, folder, page, 0)
        assert again.returncode == 0, again.stderr
        assert again.stdout.split()[-1] == ("duplicate" if kill_at == STEPS else "assigned")
        lines = FileRows(folder / "rows").lines()
        assert len(lines) == 1, "one page, one row"
        for sha256 in lines[0].values():
            data = (folder / "scans" / sha256[:2] / sha256).read_bytes()
            assert hashlib.sha256(data).hexdigest() == sha256
        assert list((folder / "scans" / "sementara").iterdir()) == [], (
            "half-written files are swept at the next start"
        )


def test_the_number_of_steps_is_what_the_sweep_walks(tmp_path: Path, project_root: Path) -> None:
    page = tmp_path / "page.jpg"
    page.write_bytes(page_jpeg(1, 1))
    assert run_child(project_root, tmp_path, page, 0).stdout.split() == [str(STEPS), "assigned"]
