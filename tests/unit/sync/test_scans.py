"""One scan's way over a line on virtual time: what a slow server, a lost answer, a lock, a proxy's limit cost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.ports import Item
from sync import gate
from sync import policy as p
from sync.classify import Action
from sync.scan_seams import Arrived, Deferred
from tests.fakes.honest_centre import Request
from tests.fakes.tus_line import Answer, Desk, Fault, LinkFault, Lost, TusLine
from tests.fakes.virtual_loop import passes, run_virtually

MIB = 1024 * 1024
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


def cut(request: Request) -> LinkFault | None:
    """A firewall that likes no PATCH."""
    return LinkFault.RESET if request.method == "PATCH" else None


def test_cuts_without_progress_close_the_gate(tmp_path: Path) -> None:
    """Nobody was told: each scan of the queue was tried in turn, four bodies each."""
    line = TusLine(script=cut)

    async def story() -> None:
        desk = Desk(line, tmp_path)
        ended = await desk.send(desk.scan(SIZE))
        assert isinstance(ended, Deferred)
        assert (ended.failure.action, ended.failure.reason.code) == (Action.CLOSE_GATE, "reset")
        assert line.count("PATCH") == 1 + p.CONFLICTS_MOST
        assert desk.told[-1] == gate.Silent(ended.failure.reason)
        told = len(desk.told)
        await desk.send(desk.scan(SIZE))
        assert [type(event) for event in desk.told[told:]] == [gate.Silent], "an empty creation opens no gate"
        line.script = lambda _: None
        assert await desk.send(desk.scan(SIZE)) == Arrived(was_held=False)
        assert isinstance(desk.told[-1], gate.Succeeded)
        told = len(desk.told)
        await desk.send(desk.scan(SIZE))
        assert getattr(desk.told[told], "took_s", None), "creations count again"

    run_virtually(story())


def test_dead_connections_without_progress_close_the_gate(tmp_path: Path) -> None:
    line = TusLine(script=lambda request: Lost.ALL if request.method == "PATCH" else None)

    async def story() -> None:
        desk = Desk(line, tmp_path)
        ended = await desk.send(desk.scan(SIZE))
        assert isinstance(ended, Deferred)
        assert ended.failure.reason.code == "silence"
        assert desk.told[-1] == gate.Silent(ended.failure.reason)

    run_virtually(story())


def test_one_file_that_is_cut_while_others_pass_waits_alone(tmp_path: Path) -> None:
    """A filter that dislikes one picture must not stop the rest: the gate closes for it once."""
    line = TusLine()
    line.script = lambda request: cut(request) if request.path.endswith("u1") else None

    async def story() -> None:
        desk = Desk(line, tmp_path)
        disliked = desk.scan(SIZE)
        await desk.send(disliked)
        assert await desk.send(desk.scan(SIZE)) == Arrived(was_held=False)
        told = len(desk.told)
        ended = await desk.send(replace(disliked, attempts=1))
        assert isinstance(ended, Deferred)
        assert ended.failure.action is Action.RETRY_ITEM
        assert ended.wait_s is not None
        assert desk.told[told:] == []

    run_virtually(story())


@pytest.mark.parametrize(("status", "code"), [(409, "unsteady"), (404, "gone")])
def test_a_server_that_takes_no_chunk_is_told(status: int, code: str, tmp_path: Path) -> None:
    line = TusLine(script=lambda request: Answer(status, TUS) if request.method == "PATCH" else None)

    async def story() -> None:
        desk = Desk(line, tmp_path)
        ended = await desk.send(desk.scan(SIZE))
        assert isinstance(ended, Deferred)
        assert ended.failure.reason.code == code
        assert ended.wait_s is not None
        assert desk.told[-1] == gate.Failed(ended.failure.reason)

    run_virtually(story())


async def sent_until_it_arrives(desk: Desk, item: Item, most: int) -> int:
    """How often it had to wait for a lock; each wait has its reason and its time."""
    for waits in range(most):
        ended = await desk.send(replace(item, attempts=waits))
        if ended == Arrived(was_held=False):
            return waits
        assert isinstance(ended, Deferred)
        assert ended.failure.reason.code == "ghost"
        assert ended.wait_s is not None
        assert p.GHOST_WAIT_S[0] <= ended.wait_s <= p.GHOST_WAIT_S[1]
        await passes(ended.wait_s)
    raise AssertionError("for ever")


@pytest.mark.parametrize("method", ["HEAD", "PATCH"])
@pytest.mark.parametrize(("is_ours", "most"), [(True, p.GHOSTS_MOST), (False, p.GHOSTS_MOST_BLIND)])
def test_a_lock_that_is_never_released_costs_one_upload(
    is_ours: bool, most: int, method: str, tmp_path: Path
) -> None:
    """It was asked about every few seconds, for ever."""
    line = TusLine()

    def first_is_locked(request: Request) -> Fault | None:
        if request.method == "PATCH" and not line.centre.uploads["u1"].data:
            line.centre.uploads["u1"].data += request.body[:100_000]
            return LinkFault.RESET
        return LOCKED if request.method in (method, "PATCH") and request.path.endswith("u1") else None

    line.script = first_is_locked

    async def story() -> None:
        desk = Desk(line, tmp_path, is_ours=is_ours)
        assert await sent_until_it_arrives(desk, desk.scan(SIZE), 50) == most - 1
        assert desk.sender.locks == {}

    run_virtually(story())
    assert line.count("POST") == 2
    assert line.count("by-hash") == (1 if is_ours else 0)


def test_each_new_upload_is_waited_for_twice_as_long(tmp_path: Path) -> None:
    """Bytes in vain stay few where every upload is locked after its first chunk."""
    line = TusLine()

    def locked_after_a_chunk(request: Request) -> Fault | None:
        has_some = request.path.startswith("/api/v1/scans/u") and line.centre.uploads[request.path[14:]].data
        return LOCKED if has_some else None

    line.script = locked_after_a_chunk

    async def story() -> None:
        desk = Desk(line, tmp_path)
        item = desk.scan(10 * SIZE)
        with pytest.raises(AssertionError, match="for ever"):
            await sent_until_it_arrives(desk, item, 100)

    run_virtually(story())
    assert line.count("POST") == 5, "after 6, 12, 24 and 48 locks"


def limit(most: int) -> Callable[[Request], Answer | None]:
    """A proxy that lets no larger body through."""
    return lambda request: Answer(413) if len(request.body) > most else None


def test_a_proxys_limit_is_learnt_once_for_all_files(tmp_path: Path) -> None:
    line = TusLine(rate=1_000_000.0)

    async def story() -> None:
        desk = Desk(line, tmp_path)
        assert await desk.send(desk.scan(600_000)) == Arrived(was_held=False)  # the rate is known
        line.seen.clear()
        line.script = limit(MIB)
        for _ in range(5):
            assert await desk.send(desk.scan(5 * MIB // 2)) == Arrived(was_held=False)

    run_virtually(story())
    assert [one.size for one in line.seen if one.size > MIB] == [5 * MIB // 2, 5 * MIB // 4]


def test_a_limit_met_by_a_creation_is_learnt_too(tmp_path: Path) -> None:
    line = TusLine(rate=1_000_000.0)

    async def story() -> None:
        desk = Desk(line, tmp_path)
        await desk.send(desk.scan(600_000))
        line.seen.clear()
        line.script = limit(MIB)
        for _ in range(5):
            assert await desk.send(desk.scan(3 * MIB // 2)) == Arrived(was_held=False)

    run_virtually(story())
    assert sum(one.size > MIB for one in line.seen) == 1


def test_a_file_too_large_for_the_server_teaches_no_limit(tmp_path: Path) -> None:
    line = TusLine(rate=1_000_000.0)
    line.script = lambda request: (
        Answer(413, TUS) if int(request.headers.get("upload-length", "0")) > MIB else None
    )

    async def story() -> None:
        desk = Desk(line, tmp_path)
        await desk.send(desk.scan(600_000))
        before = desk.sender.pace.passes
        await desk.send(desk.scan(3 * MIB // 2))
        assert desk.sender.pace.passes == before

    run_virtually(story())
