"""SIGKILL of `sync` at random instants while it uploads: one record a form, every scan byte-equal, nothing doubled.

30 forms, 60 scans, 100 kills with `test --all`; a seeded sample otherwise.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app import bootstrap
from app.services.workplace import Workplace
from app.store.driver import connect
from tests.fakes import office as staff
from tests.fakes.program import Centre, Program, make_account, start_centre


def _rows(database: Path, question: str) -> list[tuple[object, ...]]:
    db = connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [tuple(row) for row in db.execute(question)]
    finally:
        db.close()


def _fill(folder: Path, count: int, tmp_path: Path) -> None:
    wp: Workplace
    with bootstrap.opened(folder) as wp:
        sessions = staff.hire(wp)
        sheets = staff.papers(count)
        staff.scan_all(wp, sheets, tmp_path / "masuk")
        staff.key_twice(wp, sessions, sheets)


def _held(centre: Centre) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (centre.folder / "scans").rglob("*") if path.is_file()}


@pytest.mark.sweep
@pytest.mark.whole
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX; Windows' TerminateProcess is the same here")
def test_a_hundred_kills_lose_nothing_and_double_nothing(
    program: Program, tmp_path: Path, sweep_size: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    count, kills = sweep_size(3, 30), sweep_size(6, 100)
    for name, value in program.environment().items():
        monkeypatch.setenv(name, value)
    centre = start_centre(program, tmp_path / "pusat", "--profile", "slow")
    try:
        folder = make_account(program, centre, tmp_path, profile="lengkap")
        _fill(folder, count, tmp_path)
        rng = random.Random(20190417)
        cut = 0
        for _ in range(kills):
            process = program.start("sync", "--data", folder, "--until-idle")
            try:
                process.wait(rng.uniform(0.3, 2.5))
            except subprocess.TimeoutExpired:
                cut += 1
            process.kill()
            process.communicate()
        assert cut, "no run was cut: the sweep shows nothing"
        program.run("sync", "--data", folder, "--until-idle", "--for", 600, timeout_s=900)
        program.run("verify", "--data", folder, "--as", "sari", "--ok-identical")
        program.run("sync", "--data", folder, "--until-idle", "--for", 600, timeout_s=900)

        sent = {path.name: path for path in (folder / "scans").rglob("*") if path.is_file()}
        held = _held(centre)
        wanted = {str(sha) for (sha,) in _rows(folder / "situng.db", "SELECT sha256 FROM scan")}
        assert set(held) == wanted
        assert len(held) == 2 * count
        for name, data in held.items():
            assert data == sent[name].read_bytes()
            assert hashlib.sha256(data).hexdigest() == name
        heads = _rows(centre.folder / "central.db", "SELECT key, count(*) FROM version GROUP BY key")
        assert len(heads) == count
        assert {row[1] for row in heads} == {1}
        funnel = program.run("status", "--data", folder, "--json").json["funnel"]
        assert funnel["public"] == funnel["forms"] == count
        print(f"{cut} of {kills} runs were killed while they worked")
    finally:
        centre.stop()
