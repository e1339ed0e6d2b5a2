"""`python -m sync.send` as a process: delivers, goes on after kill -9, names what it cannot send."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync import policy as p
from tests.fakes.fault_server import Answer, CutRequest, FaultServer, Request, once

ENDPOINT = "/api/v1/scans/"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chosen = tmp_path / "scans"
    chosen.mkdir()
    return chosen


def fill(folder: Path, sizes: list[int]) -> set[str]:
    hashes = set()
    for number, size in enumerate(sizes):
        data = random.Random(number).randbytes(size)
        (folder / f"c1-{number:03}.jpg").write_bytes(data)
        hashes.add(hashlib.sha256(data).hexdigest())
    return hashes


def command(server: FaultServer, folder: Path, *more: str) -> list[str]:
    state = folder.parent / "state"
    program = [sys.executable, "-m", "sync.send"]
    return [*program, server.url + ENDPOINT, str(folder), "--state", str(state), *more]


def send(server: FaultServer, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(server, folder, *more), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_sends_every_file_once(server: FaultServer, folder: Path) -> None:
    hashes = fill(folder, [0, 1, 70_000, 300_000, 5_000_000])
    done = send(server, folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(server.scans) == hashes
    before = len(server.seen)
    assert send(server, folder).returncode == 0
    assert len(server.seen) == before, "a second run asked for something"


def test_a_changed_file_is_a_new_file(server: FaultServer, folder: Path) -> None:
    fill(folder, [1000])
    send(server, folder)
    (folder / "c1-000.jpg").write_bytes(b"rescanned")
    assert send(server, folder).returncode == 0
    assert hashlib.sha256(b"rescanned").hexdigest() in server.scans


def test_cuts_cost_no_file_and_few_bytes(server: FaultServer, folder: Path) -> None:
    hashes = fill(folder, [400_000] * 6)
    server.script = once("PATCH", ENDPOINT, *[CutRequest(100_000)] * 8)
    done = send(server, folder)
    assert done.returncode == 0, done.stderr
    assert set(server.scans) == hashes
    assert server.body_bytes <= 1.02 * 6 * 400_000


def test_names_what_the_server_refuses(server: FaultServer, folder: Path) -> None:
    fill(folder, [10, 20])
    server.script = lambda r: Answer(412, {"Tus-Resumable": "1.0.0"}) if r.number == 1 else None
    done = send(server, folder)
    assert done.returncode == 1
    assert "c1-00" in done.stderr
    assert "versi lain" in done.stderr
    assert len(server.scans) == 1


def test_gives_up_in_time_and_says_so(server: FaultServer, folder: Path) -> None:
    fill(folder, [10])
    server.script = lambda _: Answer(503, {"Retry-After": "60"})
    done = send(server, folder, "--for", "0.3")
    assert done.returncode == 3
    assert "1 berkas belum terkirim" in done.stderr


def test_wrong_use_is_one_sentence(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    for argument in ("http://example.org/files", "ftp://127.0.0.1/"):
        run = [sys.executable, "-m", "sync.send", argument, str(folder), "--state", str(tmp_path / "s")]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "https://" in done.stderr


def killed_after(number: int, server: FaultServer, folder: Path) -> None:
    """Start the program, SIGKILL it inside its request `number`, counted from now."""
    reached, goes_on = threading.Event(), threading.Event()
    last = len(server.seen) + number

    def script(request: Request) -> None:
        if request.number == last:
            reached.set()
            goes_on.wait(10)

    server.script = script
    child = subprocess.Popen(command(server, folder), cwd=ROOT)

    def watch() -> None:
        child.wait()  # it may be done before that request comes
        reached.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert reached.wait(30)
    child.kill()
    watcher.join()
    goes_on.set()
    server.script = lambda _: None


MOMENTS = list(range(1, 13))


@pytest.mark.sweep
def test_kill_minus_nine_costs_nothing(
    server: FaultServer, folder: Path, sweep_size: Callable[[int, int], int]
) -> None:
    """A seeded sample of the moments at which the power can go: inside any request."""
    hashes = fill(folder, [150_000, 900_000, 20, 400_000] * 3)
    rng = random.Random(20190417)
    for _ in range(sweep_size(6, 60)):
        killed_after(rng.choice(MOMENTS), server, folder)
    done = send(server, folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(server.scans) == hashes


def test_after_a_kill_no_creation_carries_its_file(server: FaultServer, folder: Path) -> None:
    """It would leave no URL to resume from, and the file would be sent twice, should the power fail again."""
    fill(folder, [30_000] * 60)
    bodies: list[int] = []

    def script(request: Request) -> None:
        if request.method == "POST":
            bodies.append(int(request.headers.get("content-length", "0")))

    killed_after(9, server, folder)
    server.script = script
    assert send(server, folder).returncode == 0
    assert bodies.count(30_000) <= p.IN_FLIGHT_MOST, "more than the killed process had under way"
    assert bodies.count(0) >= 60 - 9 - p.IN_FLIGHT_MOST
    another = folder / "kiriman lain" / "scans"
    another.mkdir(parents=True)
    fill(another, [30_000] * 60)
    assert send(server, another).returncode == 0
    assert max(bodies) == 30_000, "a line that holds is fastest with one request for a file"


def test_a_torn_last_line_of_the_state_is_dropped(server: FaultServer, folder: Path) -> None:
    fill(folder, [10])
    send(server, folder)
    state = folder.parent / "state" / "send.jsonl"
    state.write_bytes(state.read_bytes() + b'{"id": "torn')
    fill(folder, [10, 20])
    assert send(server, folder).returncode == 0
    assert b"torn" not in state.read_bytes()
    assert len(server.scans) == 2
