"""One image process: answers one question at a time over a pipe of its own, and can be ended at any moment.

Not a `ProcessPoolExecutor`: up to Python 3.11.6 (Debian 12 ships 3.11.2) the pool waits for ever when a worker dies
while a page is being written into the queue they all share (gh-94777). Here a death closes the pipe and is noticed
at once, whatever was on its way, and a neighbour never feels it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any

MEMORY_LIMIT_BYTES = 3 * 1024**3  # address space, where the system can limit it; a page needs 100-150 MiB


class ChildLost(Exception):
    """The process died before it answered: a decoder's crash, or somebody's kill."""


class ChildTooSlow(Exception):
    """No answer within the limit; the process was ended."""


class Child:
    """A spawned process running `serve(pipe, *arguments)`, see `answer_all`. Thread: one asker at a time."""

    def __init__(self, serve: Callable[..., None], *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()  # its end must be the only one, or its death would not close the pipe
        self.answered = 0

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def ask(self, question: object, limit_s: float) -> Any:
        """The answer. Raises ChildLost or ChildTooSlow; the child is then of no further use."""
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            self._process.kill()

        clock = threading.Timer(limit_s, give_up)
        clock.start()
        try:
            self._line.send(question)
            answer = self._line.recv()
        except (EOFError, OSError):
            raise (ChildTooSlow if is_late.is_set() else ChildLost) from None
        finally:
            clock.cancel()
        self.answered += 1
        return answer

    def end(self) -> None:
        """Kill it and wait until it is gone. Any thread; a question under way raises ChildLost."""
        self._process.kill()
        self._process.join()


def answer_all(line: Connection, answer: Callable[[Any], object]) -> None:
    """The child's life: questions in, answers out, until the parent hangs up."""
    _settle_in()
    while True:
        try:
            question = line.recv()
        except (EOFError, OSError):
            return
        line.send(answer(question))


def _settle_in() -> None:
    """End with the parent, leave Ctrl+C to it, keep memory within bounds."""
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C ends the main program, which ends its children in order
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - does not exist on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _end_with_parent() -> None:
    """In the middle of a page too, when the program is killed outright."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
