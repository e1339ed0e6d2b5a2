"""One scan's way over a line on virtual time: what a slow server, a lost answer, a lock, a proxy's limit cost."""

from __future__ import annotations

from pathlib import Path

from sync.scan_seams import Arrived
from tests.fakes.tus_line import Answer, Desk, Lost, TusLine
from tests.fakes.virtual_loop import run_virtually

TUS = {"Tus-Resumable": "1.0.0"}
LOCKED = Answer(423, TUS)
SIZE = 600_000  # more than two seconds of the line: never with its creation


def test_a_slow_server_is_asked_once_as_soon_as_its_slowness_is_known(tmp_path: Path) -> None:
    """It got three requests for each creation, for ever, and kept two orphans of each."""
    line = TusLine(late_s=lambda request: 12.0 if request.method == "POST" else 0.0)

    async def story() -> None:
        desk = Desk(line, tmp_path)
        for _ in range(10):
            assert await desk.send(desk.scan(SIZE)) == Arrived(was_held=False)

    run_virtually(story())
    assert line.count("POST") <= 10 + 2, "the first one is doubted twice"


def test_a_slow_refusal_is_an_answer_too(tmp_path: Path) -> None:
    line = TusLine(late_s=lambda _: 12.0, script=lambda _: Answer(503))

    async def story() -> None:
        desk = Desk(line, tmp_path)
        for _ in range(10):
            await desk.send(desk.scan(SIZE))

    run_virtually(story())
    assert line.count("POST") <= 10 + 2


def test_a_server_slow_with_bodies_is_doubted_once(tmp_path: Path) -> None:
    """Ours says 423 to whoever asks while it checks a file: that was asked every five seconds, with every file."""
    line = TusLine(late_s=lambda request: 12.0 if request.method == "PATCH" else 0.0)
    line.script = lambda request: LOCKED if request.method == "HEAD" else None

    async def story() -> None:
        desk = Desk(line, tmp_path)
        for _ in range(10):
            assert await desk.send(desk.scan(SIZE)) == Arrived(was_held=False)

    run_virtually(story())
    assert line.count("PATCH") == 10
    assert line.count("OPTIONS") + line.count("HEAD") <= 4


def test_a_lost_answer_makes_no_line_faster(tmp_path: Path) -> None:
    """HEAD's own time was taken for the body's: 1.7 MB/s on a line of 2 Mbit/s."""
    line = TusLine()
    line.script = lambda request: Lost.ANSWER if request.method == "PATCH" else None

    async def story() -> Desk:
        desk = Desk(line, tmp_path)
        assert await desk.send(desk.scan(256 * 1024)) == Arrived(was_held=False)
        return desk

    assert run_virtually(story()).sender.pace.rate <= line.rate
