"""Whose turn it is on the line."""

from __future__ import annotations

import asyncio

from sync.places import Places


class Line:
    """Bodies that stay until they are told to leave."""

    def __init__(self, most: int) -> None:
        self.most, self.rooms = most, 0
        self.inside: list[str] = []
        self.places = Places(lambda: self.most, self._room)
        self._may_leave: dict[str, asyncio.Event] = {}

    def _room(self) -> None:
        self.rooms += 1

    async def enter(self, name: str) -> asyncio.Task[None]:
        self._may_leave[name] = asyncio.Event()
        task = asyncio.create_task(self._body(name))
        await self.settled()
        return task

    async def leave(self, name: str) -> None:
        self._may_leave[name].set()
        await self.settled()

    async def settled(self) -> None:
        for _ in range(6):
            await asyncio.sleep(0)

    async def _body(self, name: str) -> None:
        async with self.places:
            self.inside.append(name)
            await self._may_leave[name].wait()
            self.inside.remove(name)


def test_as_many_bodies_as_the_lane_allows_and_then_in_turn() -> None:
    async def story() -> None:
        line = Line(2)
        tasks = [await line.enter(name) for name in "abcd"]
        assert line.inside == ["a", "b"]
        assert line.rooms == 1  # full: the next creation may go ahead
        await line.leave("a")
        assert line.inside == ["b", "c"]
        line.most = 1
        await line.leave("b")
        assert line.inside == ["c"]
        await line.leave("c")
        assert line.inside == ["d"]
        await line.leave("d")
        await asyncio.gather(*tasks)
        assert line.places.bodies == 0

    asyncio.run(story())


def test_a_lane_of_nothing_still_lets_one_go() -> None:
    async def story() -> None:
        line = Line(0)
        tasks = [await line.enter(name) for name in "ab"]
        assert line.inside == ["a"]
        await line.leave("a")
        await line.leave("b")
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_a_body_in_doubt_gives_its_place_away_until_the_question_is_answered() -> None:
    async def story() -> None:
        line = Line(1)
        tasks = [await line.enter(name) for name in "ab"]
        with line.places.doubt():
            await line.settled()
            assert line.inside == ["a", "b"]
        tasks.append(await line.enter("c"))
        await line.leave("b")
        assert line.inside == ["a"]  # it moves after all, and keeps its place
        await line.leave("a")
        await line.leave("c")
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_who_is_cancelled_while_it_waits_takes_no_place() -> None:
    async def story() -> None:
        line = Line(1)
        first, second = await line.enter("a"), await line.enter("b")
        second.cancel()
        await line.settled()
        await line.leave("a")
        third = await line.enter("c")
        assert line.inside == ["c"]
        await line.leave("c")
        await asyncio.gather(first, third)
        assert line.places.bodies == 0

    asyncio.run(story())
