"""Worker processes for the pipeline: at most two, spawned, each page with a time limit.

Invariant: a page never takes the program down. A worker that dies (a decoder's crash, the system's out-of-memory
killer, somebody's kill) is replaced and its page tried once more; a page that takes too long has its worker ended.
The page's bytes stay with the caller throughout. Thread: one caller at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as PageTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any

from app.errors import ExpectedError
from scanner.child_process import settle_in
from scanner.decode import refuse
from scanner.layout import Layout
from scanner.pipeline import Processed, process
from scanner.sources.files import page_bytes, page_count

MOST_PROCESSES = 2  # office PCs have 2-4 cores, and the window and the engine want theirs
PAGE_LIMIT_S = 60.0  # a normal page takes 0.3 s; a slow PC under load ten times that
TASKS_PER_WORKER = 400  # then a fresh process: whatever a decoder leaks goes with the old one


@dataclass(frozen=True, slots=True)
class Refused:
    """A page the pipeline cannot use, as values that cross the process border."""

    code: str
    message: str
    hint: str

    def sentence(self) -> str:
        return f"{self.message} {self.hint}".strip()


@dataclass(slots=True)
class _State:
    layouts: tuple[Layout, ...] = ()


_STATE = _State()  # one per worker process, filled once by `_begin`: layouts are not sent with every page


def _begin(layouts: tuple[Layout, ...], pids: Any) -> None:
    _STATE.layouts = layouts
    settle_in()
    pids.put(os.getpid())


def _count(data: bytes) -> int | Refused:
    outcome: int | Refused = _guarded(lambda: page_count(data))
    return outcome


def _process(data: bytes, index: int | None) -> Processed | Refused:
    def work() -> Processed:
        own = data if index is None else page_bytes(data, index)
        done = process(own, _STATE.layouts)
        return done if index is None else replace(done, extracted=own)

    outcome: Processed | Refused = _guarded(work)
    return outcome


def _guarded(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ExpectedError as error:
        return Refused(error.code, str(error), error.hint)
    except MemoryError:
        return _refused(
            "too_large", "Gambar ini memerlukan memori terlalu banyak.", "Pindai dengan 200 atau 300 dpi."
        )


def _refused(code: str, what: str, hint: str) -> Refused:
    error = refuse(code, what, hint)
    return Refused(error.code, str(error), error.hint)


class _Spawning(SpawnContext):
    """Spawned processes, and which: the pool itself does not tell before a worker has begun to work."""

    def __init__(self) -> None:
        super().__init__()
        self.children: list[BaseProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> BaseProcess:  # type: ignore[override]  # noqa: N802 - the class it makes
        child = SpawnContext.Process(*args, **kwargs)
        self.children.append(child)
        return child


@dataclass(frozen=True, slots=True)
class Ticket:
    """A page under way, and the pool it was given to."""

    work: Callable[..., Any]
    arguments: tuple[object, ...]
    future: Future[Any]
    generation: int


class Workers:
    """The pool. `close` (or leaving the `with`) ends it; it starts on first use or by `warm_up`."""

    def __init__(
        self,
        layouts: Sequence[Layout],
        *,
        processes: int = MOST_PROCESSES,
        page_limit_s: float = PAGE_LIMIT_S,
    ) -> None:
        self._layouts = tuple(layouts)
        self._processes = max(1, min(processes, MOST_PROCESSES))
        self._limit_s = page_limit_s
        self._context = _Spawning()
        self._pool: ProcessPoolExecutor | None = None
        self._pids: Any = None
        self._generation = 0
        self._is_closed = False

    @property
    def width(self) -> int:
        """How many pages are worth having under way: one per process and one waiting."""
        return self._processes + 1

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm_up(self) -> None:
        """Start a worker now, so that the first page does not wait for it."""
        self._submit(_count, (b"",))

    def count(self, data: bytes) -> int | Refused:
        """Pages in a file (0: the file is the page)."""
        outcome: int | Refused = self._outcome(self._submit(_count, (data,)))
        return outcome

    def start(self, data: bytes, index: int | None = None) -> Ticket:
        """Begin a page; `finish` has the result."""
        return self._submit(_process, (data, index))

    def finish(self, ticket: Ticket) -> Processed | Refused:
        """Wait for a page, at most the limit; a lost worker means one more try."""
        outcome: Processed | Refused = self._outcome(ticket)
        return outcome

    def worker_ids(self) -> frozenset[int]:
        """Process ids the present pool has started (some may be gone)."""
        ids: list[int] = []
        while self._pids is not None and not self._pids.empty():
            ids.append(self._pids.get())
        for one in ids:
            self._pids.put(one)
        return frozenset(ids)

    def close(self) -> None:
        """End the workers for good; pages under way are given up (their files are untouched). Any thread."""
        self._is_closed = True
        self._end_pool(self._generation)

    def _submit(self, work: Callable[..., Any], arguments: tuple[object, ...]) -> Ticket:
        if self._is_closed:
            given_up: Future[Any] = Future()
            given_up.cancel()
            return Ticket(work, arguments, given_up, self._generation)
        try:
            future = self._running().submit(work, *arguments)
        except BrokenProcessPool:  # a worker died between two pages
            self._end_pool(self._generation)
            future = self._running().submit(work, *arguments)
        return Ticket(work, arguments, future, self._generation)

    def _outcome(self, ticket: Ticket) -> Any:
        """The result. A page that was only a neighbour of the one that broke the pool gets its try back."""
        deaths = 0
        while deaths < 2:
            try:
                return ticket.future.result(timeout=self._limit_s)
            except PageTimeout:
                self._end_pool(ticket.generation)
                return _refused(
                    "too_slow",
                    "Halaman ini terlalu lama diproses.",
                    "Pindai ulang dengan 200 atau 300 dpi, ukuran A4.",
                )
            except (BrokenProcessPool, CancelledError):
                if self._is_closed:
                    return _refused(
                        "closed", "Program sedang ditutup; halaman ini belum diambil.", "Masukkan lagi nanti."
                    )
                deaths += ticket.generation == self._generation
                self._end_pool(ticket.generation)
                ticket = self._submit(ticket.work, ticket.arguments)
        ticket.future.cancel()
        return _refused(
            "worker_died",
            "Pemroses gambar dua kali berhenti pada halaman ini.",
            "Simpan sebagai JPEG, lalu ulangi.",
        )

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._generation += 1
            self._context = _Spawning()
            self._pids = self._context.SimpleQueue()
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=self._context,
                initializer=_begin,
                initargs=(self._layouts, self._pids),
                max_tasks_per_child=TASKS_PER_WORKER,
            )
        return self._pool

    def _end_pool(self, generation: int) -> None:
        """End the pool of that generation; a later one is left alone."""
        if self._pool is None or generation != self._generation:
            return
        pool, children = self._pool, self._context.children
        self._pool, self._pids = None, None
        # All of them, also one that is still starting: a killed neighbour may have held the lock of the queue that
        # it will read, and `shutdown` would wait for it for ever.
        for child in children:
            if child.is_alive():
                child.kill()
        pool.shutdown(wait=True, cancel_futures=True)
