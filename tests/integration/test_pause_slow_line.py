"""Stopping takes effect at once, in the middle of a chunk on a slow line: a pause of the engine, Ctrl+C of `sync.send`.

The line is the benchmarks' simulator: a chunk of 64 KiB takes half a second on it. What the kernel had already taken
may still leave (at most `KERNEL`); nothing more does.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest

from app.ports import Lane
from tests.benchmarks.link import Line, Link
from tests.fakes.clock import RealClock
from tests.fakes.cut_world import CHUNK, PATIENCE_S, Bench, World, building
from tests.fakes.fault_server import FaultServer

ENDPOINT = "/api/v1/scans/"
ROOT = Path(__file__).parents[2]
SLOW = Line(rate=2 * CHUNK, delay_s=0.075)
KERNEL = 96 * 1024  # of bytes: two small socket buffers and what is on the line
QUESTIONS = 4_000  # of bytes: news is asked for during a pause, too
SOON_S = 0.1
FILE_BYTES = 200_000


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with building(tmp_path_factory.mktemp("pause")) as made:
        yield made


@pytest.fixture
def world(bench: Bench) -> Iterator[World]:
    with bench.world("case") as made:
        yield made


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def until(is_so: Callable[[], bool], pause: Callable[[float], object]) -> None:
    """Look every few milliseconds; `pause` is something real to wait for meanwhile."""
    clock = RealClock()
    deadline = clock.monotonic() + PATIENCE_S
    while not is_so():
        assert clock.monotonic() < deadline
        pause(0.002)


def test_a_pause_of_the_engine(world: World) -> None:
    """Its items are back in the queue within a tenth of a second, and the line falls silent."""
    clock, pause = world.clock, threading.Event().wait
    changes: SimpleQueue[tuple[float, int]] = SimpleQueue()
    with Link(SLOW, port_of(world.centre.url)) as link:
        world.account = replace(world.account, server_url=f"http://127.0.0.1:{link.port}")
        engine = world.engine()
        engine.subscribe(lambda status: changes.put((clock.monotonic(), status.in_flight)))
        engine.pause((Lane.RECORDS, Lane.VERDICTS))
        engine.start()
        try:
            until(lambda: link.bytes_up > 20_000, pause)
            assert engine.status().in_flight
            asked = clock.monotonic()
            engine.pause()
            while (change := changes.get(timeout=PATIENCE_S))[0] < asked or change[1]:
                pass
            took_s = change[0] - asked
            until(lambda: not world.here("SELECT 1 FROM outbox WHERE state = 'in_flight'"), pause)
            released_s = clock.monotonic() - asked
            at_pause = link.bytes_up
            until(lambda: clock.monotonic() > asked + 1.6, pause)
            quiet = link.bytes_up
            until(lambda: clock.monotonic() > asked + 2.1, pause)
            assert link.bytes_up - quiet < QUESTIONS, "images still leave"
            engine.resume()
            assert engine.wait_idle(4 * PATIENCE_S), engine.status()
        finally:
            engine.close()
    print(
        f"cut in {took_s * 1000:.1f} ms, queued in {released_s * 1000:.1f} ms, then {quiet - at_pause} bytes"
    )
    assert took_s < SOON_S
    assert quiet - at_pause <= KERNEL
    assert world.differences() == []


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C cannot be sent to one process there")
def test_ctrl_c_of_send(tmp_path: Path) -> None:
    """130, not a word, and the next run goes on from what arrived."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(3):
        (folder / f"c1-{number}.jpg").write_bytes(random.Random(number).randbytes(FILE_BYTES))
    clock = RealClock()
    with FaultServer() as server, Link(SLOW, port_of(server.url)) as link:

        def start(port: int) -> subprocess.Popen[str]:
            url = f"http://127.0.0.1:{port}{ENDPOINT}"
            command = [
                sys.executable,
                "-m",
                "sync.send",
                url,
                str(folder),
                "--state",
                str(tmp_path / "state"),
            ]
            return subprocess.Popen(command, cwd=ROOT, stdout=-1, stderr=-1, text=True)

        with start(link.port) as running:
            until(lambda: link.bytes_up > 3 * CHUNK, lambda _: running.poll())
            asked = clock.monotonic()
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=PATIENCE_S)
            took_s = clock.monotonic() - asked
        print(f"ended in {took_s * 1000:.1f} ms")
        assert (running.returncode, out, err) == (130, "", "")
        assert took_s < SOON_S
        settled = threading.Event()
        until(lambda: server.body_bytes > 0, settled.wait)
        with start(link.port) as again:
            out, err = again.communicate(timeout=4 * PATIENCE_S)
        assert (again.returncode, err) == (0, "")
        assert len(server.scans) == 3
        # The first file was on its way with its creation: its share of what had left is lost with the orphan.
        assert server.body_bytes <= 3 * FILE_BYTES + KERNEL + 3 * CHUNK // 2, "it began anew"
        assert len(server.uploads) <= 4
