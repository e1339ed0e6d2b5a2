"""What `python -m sync.send` keeps: one server's word is not another's, one run at a time, and a disk that is full."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.http.carrier import Carrier
from app.ports import Reason, UploadState
from sync.policy import Policy
from sync.send import Sender
from sync.send_file import STATE_NAME
from sync.send_state import FolderQueue
from tests.fakes.clock import RealClock
from tests.fakes.fault_server import Answer, CutAnswer, Fault, FaultServer, Request
from tests.fakes.small_disk import small_disk

ENDPOINT = "/api/v1/scans/"
ROOT = Path(__file__).parents[2]
PATIENCE_S = 20.0
UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]
LARGE = 5_000_000  # too large to travel with its creation: its URL is written down before its bytes leave


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chosen = tmp_path / "scans"
    chosen.mkdir()
    return chosen


def fill(folder: Path, *sizes: int) -> None:
    for number, size in enumerate(sizes):
        (folder / f"c1-{number}.jpg").write_bytes(random.Random(number).randbytes(size))


def command(server: FaultServer, folder: Path, state: Path) -> list[str]:
    program = [sys.executable, "-m", "sync.send", server.url + ENDPOINT]
    return [*program, str(folder), "--state", str(state)]


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_what_one_server_has_is_sent_to_another(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    fill(folder, 10, 70_000)
    with FaultServer() as second:
        for one in (server, second):
            done = run(command(one, folder, tmp_path / "state"))
            assert (done.returncode, done.stderr) == (0, "")
        assert set(second.scans) == set(server.scans)
        before = len(server.seen), len(second.seen)
        for one in (server, second):
            assert run(command(one, folder, tmp_path / "state")).returncode == 0
        assert (len(server.seen), len(second.seen)) == before, "what both have is asked about no more"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is always Unicode")
def test_a_name_in_another_encoding(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    """As an old USB stick has them: bytes that are not UTF-8."""
    (folder / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"latin-1")
    for _ in range(2):
        done = run(command(server, folder, tmp_path / "state"))
        assert (done.returncode, done.stderr) == (0, "")
    assert len(server.scans) == 1


# ---- a state that cannot be kept ----


def assert_says_that_the_disk_is_at_fault(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Catatan kiriman ")
    assert words in done.stderr


def almost_full(state: Path) -> None:
    """The note that a run has begun still fits the last block of the file, an upload's URL does not."""
    state.mkdir()
    (state / STATE_NAME).write_bytes(b"\n" * (4096 - 40))


def test_a_disk_that_fills_up_in_mid_run(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    fill(folder, LARGE, LARGE, LARGE)
    with small_disk(tmp_path / "disk", 1024 * 1024) as disk:
        state, ballast = disk / "state", disk / "ballast"
        almost_full(state)
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        assert_says_that_the_disk_is_at_fault(run(command(server, folder, state)), "No space left")
        ballast.unlink()
        done = run(command(server, folder, state))
        assert (done.returncode, done.stderr) == (0, "")
    assert len(server.scans) == 3


@pytest.mark.skipif(os.name == "nt", reason="a limit for the size of files is POSIX's")
def test_a_state_file_that_cannot_grow(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    fill(folder, LARGE, LARGE, LARGE)
    state = tmp_path / "state"
    almost_full(state)
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh"]  # in blocks of 512 bytes
    done = run([*limited, *command(server, folder, state)])
    assert_says_that_the_disk_is_at_fault(done, "File too large")
    assert run(command(server, folder, state)).returncode == 0
    assert len(server.scans) == 3


def test_a_state_that_cannot_be_a_folder(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    fill(folder, 10)
    (tmp_path / "state").write_bytes(b"")
    assert_says_that_the_disk_is_at_fault(run(command(server, folder, tmp_path / "state")), "File exists")
    assert server.seen == []


@pytest.mark.parametrize("place", ["state", "scans/tertutup"])
def test_a_folder_that_may_not_be_used(place: str, server: FaultServer, folder: Path, tmp_path: Path) -> None:
    """Neither a traceback, nor a file sent of which nothing could be written down."""
    if os.name == "nt" or (os.geteuid() == 0 and not shutil.which("setpriv")):
        pytest.skip("needs permissions that hold for whoever runs this")
    fill(folder, 10)
    (tmp_path / place).mkdir()
    (tmp_path / place).chmod(0)
    done = run([*(UNPRIVILEGED if os.geteuid() == 0 else ()), *command(server, folder, tmp_path / "state")])
    (tmp_path / place).chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert "(Permission denied)" in done.stderr
    assert server.seen == []


class Faulty(FolderQueue):
    """Its owner made a mistake."""

    def save_upload(self, state: UploadState) -> None:
        raise LookupError(state.url)


def test_a_bug_ends_the_run(server: FaultServer, folder: Path, tmp_path: Path) -> None:
    fill(folder, LARGE)
    with (
        contextlib.closing(Faulty(folder, tmp_path / "state", server.url + ENDPOINT)) as queue,
        pytest.raises(LookupError),
    ):
        asyncio.run(sent(server, queue, RealClock()))


# ---- clocks ----


class SetBack(FolderQueue):
    """Each time a file is put off, the clock on the wall is set back by an hour."""

    clock: RealClock

    def defer(self, ids: Sequence[int], next_at: float, reason: Reason) -> None:
        super().defer(ids, next_at, reason)
        self.clock.jump_s -= 3600.0


async def sent(server: FaultServer, queue: FolderQueue, clock: RealClock) -> bool:
    endpoint = server.url + ENDPOINT
    carrier = Carrier(endpoint, monotonic=clock.monotonic)
    hasty = Policy(scale=0.02)
    try:
        sender = Sender(queue, carrier, endpoint, clock=clock, rng=random.Random(1), policy=hasty)
        return await asyncio.wait_for(sender.run(PATIENCE_S), 2 * PATIENCE_S)
    finally:
        await carrier.close()


@pytest.mark.parametrize("fault", [Answer(503), CutAnswer()], ids=["the file waits", "the gate is closed"])
def test_a_clock_that_is_set_back_makes_nothing_wait(
    fault: Fault, server: FaultServer, folder: Path, tmp_path: Path
) -> None:
    fill(folder, 10, 20, 30)
    server.script = lambda request: fault if request.number <= 3 else None
    with contextlib.closing(SetBack(folder, tmp_path / "state", server.url + ENDPOINT)) as queue:
        queue.clock = RealClock()
        assert asyncio.run(sent(server, queue, queue.clock)), "an hour more"
        assert queue.clock.jump_s < 0
    assert len(server.scans) == 3


# ---- one at a time ----


def test_a_second_run_on_one_state_is_told_so_until_the_first_is_gone(
    server: FaultServer, folder: Path, tmp_path: Path
) -> None:
    fill(folder, 10, 20)
    state = tmp_path / "state"
    reached, goes_on = threading.Event(), threading.Event()

    def script(_: Request) -> None:
        reached.set()
        goes_on.wait(PATIENCE_S)

    server.script = script
    with subprocess.Popen(command(server, folder, state), cwd=ROOT) as first:
        try:
            assert reached.wait(PATIENCE_S)
            known = (state / STATE_NAME).read_bytes()
            second = run(command(server, folder, state))
            assert second.returncode == 2
            assert second.stderr.count("\n") == 1
            assert "sedang dipakai" in second.stderr
            assert (state / STATE_NAME).read_bytes() == known, "the second wrote"
        finally:
            first.kill()
    goes_on.set()
    server.script = lambda _: None
    after = run(command(server, folder, state))
    assert (after.returncode, after.stderr) == (0, "")
    assert len(server.scans) == 2
