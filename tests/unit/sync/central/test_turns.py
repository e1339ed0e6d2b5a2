from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import wraps

import pytest

from sync.central.refusal import Refused
from sync.central.turns import Turn, Turns

LONG_S = 60.0  # never reached: the tests end it


def in_loop(test: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
    """The test on an event loop of its own."""

    @wraps(test)
    def run() -> None:
        asyncio.run(test())

    return run


class Body:
    """A request's body that brings what it is given."""

    def __init__(self, *pieces: bytes, is_whole: bool = False) -> None:
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        for piece in (*pieces, *([None] if is_whole else [])):
            self._pieces.put_nowait(piece)
        self.is_awaited = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            if self._pieces.empty():
                self.is_awaited.set()
            piece = await self._pieces.get()
            if piece is None:
                return
            yield piece


async def taken(turn: Turn, body: Body, idle_s: float = LONG_S) -> list[bytes]:
    pieces, stream = [], aiter(body)
    while (piece := await turn.next_of(stream, idle_s)) is not None:
        pieces.append(piece)
    return pieces


async def receive(
    turns: Turns, body: Body, log: list[str], name: str, begin: asyncio.Event | None = None
) -> int:
    """A request: its status, and in the log when it had its turn and left. It looks at its body from `begin` on."""
    try:
        async with turns.take("an upload") as turn:
            log.append(f"{name} begins")
            try:
                await (begin.wait() if begin is not None else asyncio.sleep(0))
                await taken(turn, body)
            finally:
                await asyncio.sleep(0)  # what came is written
                log.append(f"{name} leaves")
    except Refused as refused:
        return refused.status
    return 204


@in_loop
async def test_a_body_comes_piece_by_piece() -> None:
    assert await taken(Turn(), Body(b"a", b"b", is_whole=True)) == [b"a", b"b"]


@in_loop
async def test_a_body_that_brings_nothing_is_given_up() -> None:
    with pytest.raises(Refused) as caught:
        await taken(Turn(), Body(b"a"), idle_s=0.01)
    assert (caught.value.status, caught.value.retryable) == (408, True)
    assert caught.value.headers == {"Connection": "close"}


@in_loop
async def test_the_newcomer_begins_when_the_ghost_has_left() -> None:
    turns, log, ghost = Turns(LONG_S), list[str](), Body(b"half")
    old = asyncio.create_task(receive(turns, ghost, log, "ghost"))
    await ghost.is_awaited.wait()
    assert await receive(turns, Body(is_whole=True), log, "newcomer") == 204
    assert await old == 423
    assert log == ["ghost begins", "ghost leaves", "newcomer begins", "newcomer leaves"]


@in_loop
async def test_of_several_newcomers_the_last_one_gets_it() -> None:
    turns, log, ghost = Turns(LONG_S), list[str](), Body(b"half")
    old = asyncio.create_task(receive(turns, ghost, log, "ghost"))
    await ghost.is_awaited.wait()
    newcomers = [
        asyncio.create_task(receive(turns, Body(is_whole=True), log, name)) for name in ("first", "second")
    ]
    assert await asyncio.gather(old, *newcomers) == [423, 423, 204]
    assert log == ["ghost begins", "ghost leaves", "second begins", "second leaves"]


@in_loop
async def test_who_was_told_to_end_before_its_body_began_takes_nothing() -> None:
    turns, begin, body = Turns(LONG_S), asyncio.Event(), Body(b"late", is_whole=True)
    old = asyncio.create_task(receive(turns, body, [], "slow", begin))
    await asyncio.sleep(0)
    newcomer = asyncio.create_task(receive(turns, Body(is_whole=True), [], "newcomer"))
    await asyncio.sleep(0)
    begin.set()
    assert [await old, await newcomer] == [423, 204]
    assert await taken(Turn(), body) == [b"late"]


@in_loop
async def test_nobody_begins_before_the_older_one_has_left() -> None:
    turns, begin = Turns(yield_s=0.01), asyncio.Event()
    old = asyncio.create_task(receive(turns, Body(), [], "busy", begin))
    await asyncio.sleep(0)
    assert await receive(turns, Body(is_whole=True), [], "newcomer") == 423
    begin.set()
    assert await old == 423
    assert await receive(turns, Body(is_whole=True), [], "later") == 204


@in_loop
async def test_other_uploads_are_nobodys_concern() -> None:
    turns = Turns(yield_s=0.01)
    async with turns.take("one") as first, turns.take("another"):
        assert not first.is_over
    assert turns._lines == {}  # noqa: SLF001 - nothing is remembered of uploads that nobody works on


@in_loop
async def test_told_to_end_twice_in_a_row() -> None:
    """The second word finds the wait already ending."""
    turn, body = Turn(), Body()
    old = asyncio.create_task(taken(turn, body))
    await body.is_awaited.wait()
    turn.end()
    turn.end()
    await asyncio.sleep(0)
    turn.end()
    with pytest.raises(Refused):
        await old
