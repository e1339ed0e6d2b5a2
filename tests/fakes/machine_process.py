"""One process in virtual time: its loop, its clock, its store's writer, and how it dies. The engine in it is the real
one; only its threads are done without, so that everything has one order and a seed repeats it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from app.http.api import Http
from app.store.writer import Work, Writer
from sync.core import Core
from tests.fakes.machine_line import Dead, Line
from tests.fakes.virtual_loop import VirtualLoop

T = TypeVar("T")
BEGIN = 1_555_500_000.0  # wall seconds: 17 April 2019


class InlineLoop(VirtualLoop):
    """Work for threads is done at once, in its place."""

    def run_in_executor(  # type: ignore[override]  # typeshed's signature names a TypeVarTuple of its own
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except BaseException as error:  # noqa: BLE001 - whoever awaits it gets it
            future.set_exception(error)
        return future


class InlineWriter(Writer):
    """The real writer and its commits; they happen before `submit` returns, not in a thread."""

    def _run(self) -> None:
        """The thread has nothing to do."""

    def submit(self, work: Work[T]) -> Future[T]:
        future = super().submit(work)
        if not future.done():  # else it is closed
            self._commit_group()
        return future


class Clock:
    """Wall time = the loop's time + what people and the power did to the clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.set_by_s = 0.0

    def now(self) -> float:
        return BEGIN + self._loop.now + self.set_by_s

    def monotonic(self) -> float:
        return self._loop.now


class MortalStore:
    """The engine's store. Right before or after the n-th call from now something happens: the process dies there, or
    a person acts in the window meanwhile.
    """

    def __init__(self, store: object) -> None:
        self._store = store
        self.is_dead = False
        self._calls_left = -1
        self._is_before = False
        self._happens: Callable[[], None] | None = None

    def at_call(self, calls: int, happens: Callable[[], None], *, is_before: bool) -> None:
        """After that many more calls."""
        self._calls_left, self._happens, self._is_before = calls, happens, is_before

    def forget(self) -> None:
        """It does not happen any more."""
        self._happens = None

    def die(self) -> None:
        self.is_dead = True
        raise Dead

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*values: Any) -> Any:
            if self.is_dead:
                raise Dead
            happens = self._due()
            if happens is not None and self._is_before:
                happens()
            result = method(*values)
            if happens is not None and not self._is_before:
                happens()
            return result

        return call

    def _due(self) -> Callable[[], None] | None:
        if self._happens is None:
            return None
        self._calls_left -= 1
        if self._calls_left >= 0:
            return None
        happens, self._happens = self._happens, None
        return happens


class MachineCore(Core):
    """The engine on this world's line."""

    line_out: Line

    def connect(self) -> Http:
        return self.line_out.http(self.account.server_url)


async def life(core: Core) -> None:
    """As `sync.engine` runs it in its thread."""
    await core.prepare()
    await core.run_until_closed()


def told(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The loop's exception handler: nobody waits for the tasks of a process that is gone."""
    if not isinstance(context.get("exception"), Dead):
        loop.default_exception_handler(context)
