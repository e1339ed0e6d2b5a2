"""The engine's process beside the window's: it sends, comes back after a kill, and never outlives the window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import bootstrap
from app.store.driver import connect
from tests.fakes import office as staff
from tests.fakes.program import ROOT, Centre, Program, make_account

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX; TerminateProcess is the same here")
FORMS = 3
WAIT_S = 60.0


@pytest.fixture
def folder(program: Program, centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three forms, six scans, all still to go."""
    for name, value in program.environment().items():
        monkeypatch.setenv(name, value)
    place = make_account(program, centre, tmp_path, profile="lengkap")
    with bootstrap.opened(place) as wp:
        sessions, sheets = staff.hire(wp), staff.papers(FORMS)
        staff.scan_all(wp, sheets, tmp_path / "masuk")
        staff.key_twice(wp, sessions, sheets)
    return place


@contextmanager
def window(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Something that holds the folder, with its engine beside."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.beside_parent", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def next_word(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    word = process.stdout.readline().strip()
    assert word, "the parent ended"
    return word


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
    return False


def counts(centre: Centre) -> list[tuple[object, ...]]:
    """Versions of each form, and scans, at the centre."""
    db = connect(f"file:{centre.folder / 'central.db'}?mode=ro", uri=True)
    try:
        forms = db.execute("SELECT count(*) FROM version GROUP BY key").fetchall()
        return [tuple(row) for row in [*forms, *db.execute("SELECT count(*) FROM scan").fetchall()]]
    finally:
        db.close()


EACH_ONCE = [(1,)] * FORMS + [(2 * FORMS,)]


def test_it_comes_back_after_a_kill_and_never_outlives_the_window(
    folder: Path, centre: Centre, program: Program
) -> None:
    with window(folder) as process:
        first = int(next_word(process))
        os.kill(first, signal.SIGKILL)
        word = next_word(process)
        while not word.isdigit() or int(word) in {0, first}:
            word = next_word(process)
        process.kill()
        process.wait()
        program.run(
            "sync", "--data", folder, "--until-idle", "--for", WAIT_S
        )  # at once: it waits for the orphan
        assert is_gone(int(word))
        assert counts(centre) == EACH_ONCE
    with window(folder) as process:
        last = int(next_word(process))
        while next_word(process) != "sent":
            pass
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(WAIT_S) == 0
        assert is_gone(last)
        assert counts(centre) == EACH_ONCE
    program.run("journal", "verify", "--data", folder)
