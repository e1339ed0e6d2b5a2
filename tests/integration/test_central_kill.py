"""The centre is killed with SIGKILL right after it answered: what was answered is kept, what was begun is finished."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sync.central.server import setup_for
from tests.unit.sync.central.office import JPEG, QUICK, REALM, Office
from tests.unit.sync.central.running import running, settings

PROGRAM = """
import sys
from pathlib import Path
from sync.central.server import serve
from tests.unit.sync.central.running import settings
serve(settings(Path(sys.argv[1])), port=0, ready=lambda url: print(url, flush=True))
"""
PUBLIC_S = 30.0  # a safety net


class Killable:
    """A centre in a process of its own."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True, cwd=root
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def test_bundles_that_a_kill_cut_short_are_swept_at_the_next_start(tmp_path: Path) -> None:
    """Nobody would ever ask for them; what belongs to an upload, or is not known here, stays."""
    folder, name = tmp_path / "pusat" / "uploads", "0a" * 16
    folder.mkdir(parents=True)
    left = [f"{name}.bundle", f"{name}.answer", f"{name}.answer.jawaban-ditulis"]
    others = [f"{name}.part", "laporan.bundle"]
    for one in (*left, *others):
        (folder / one).write_bytes(b"half")
    with running(tmp_path / "pusat"):
        assert sorted(path.name for path in folder.iterdir()) == sorted(others)


@pytest.mark.sweep
def test_killed_after_each_answer(
    tmp_path: Path, project_root: Path, sweep_size: Callable[[int, int], int]
) -> None:
    folder = tmp_path / "pusat"
    pages = {1: JPEG + b"1", 2: JPEG + b"2"}
    stations = ["3204052001001", "3204052001002", "3204052002001", "3204052002002", "3204082001001"]
    stations = stations[: sweep_size(2, 5)]
    centre = Killable(folder, project_root)
    _, code = setup_for(settings(folder), "3204", centre.url)
    office = Office(centre.url)
    office.join(code)
    assert office.client is not None
    token = office.client.headers["Authorization"]

    def reborn() -> None:
        nonlocal centre
        centre.kill()
        centre = Killable(folder, project_root)
        assert office.client is not None
        office.client.close()
        office.client = httpx.Client(base_url=centre.url, headers={"Authorization": token}, timeout=20)

    try:
        for number, tps in enumerate(stations):
            cells = {**QUICK, "P1": 50 + number}
            (first,) = office.send(office.settled(cells, tps=tps, pages=pages))
            reborn()
            (again,) = office.send(office.settled(cells, tps=tps, pages=pages))
            assert again["receipt"] == first["receipt"]
            for data in pages.values():
                office.upload(data)
            verdict = office.verdict(cells=cells, tps=tps, pages=list(pages.values()))
            (said,) = office.judge(verdict)
            reborn()
            assert office.judge(verdict)[0]["receipt"] == said["receipt"]
        until = time.monotonic() + PUBLIC_S
        while sum(event["kind"] == "published" for event in office.feed()) < len(stations):
            assert time.monotonic() < until, "the next start did not finish what was begun"
        numbers = [event["n"] for event in office.feed()]
        assert numbers == list(range(1, len(numbers) + 1))
        tree = httpx.get(f"{centre.url}/static/json/hhcw/ppwp/26141/27407.json").json()
        assert tree["chart"]["21"] == sum(50 + number for number in range(len(stations)))
        assert httpx.get(f"{centre.url}/api/v1/hello").json()["realm"] == REALM
    finally:
        centre.kill()
        office.close()
