"""Worker processes for the pipeline: at most two, spawned, each page with a time limit.

Invariant: a page never takes the program down. A worker that dies (a decoder's crash, the system's out-of-memory
killer, somebody's kill) is replaced and its page tried once more; a page that takes too long has its worker ended.
The page's bytes stay with the caller throughout. Thread: any.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from app.errors import ExpectedError
from scanner.child_process import Child, ChildLost, ChildTooSlow, answer_all
from scanner.decode import refuse
from scanner.layout import Layout
from scanner.pipeline import Processed, process
from scanner.sources.files import page_bytes, page_count

MOST_PROCESSES = 2  # office PCs have 2-4 cores, and the window and the engine want theirs
PAGE_LIMIT_S = 60.0  # a normal page takes 0.3 s; a slow PC under load ten times that
TASKS_PER_WORKER = 400  # then a fresh process: whatever a decoder leaks goes with the old one
TRIES = 2  # a page whose worker died gets another; the second death is the page's doing


@dataclass(frozen=True, slots=True)
class Refused:
    """A page the pipeline cannot use, as values that cross the process border."""

    code: str
    message: str
    hint: str

    def sentence(self) -> str:
        return f"{self.message} {self.hint}".strip()


# ---- in the worker ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Count:
    """How many pages does this file hold? (0: the file is the page)"""

    data: bytes


@dataclass(frozen=True, slots=True)
class _Page:
    """Page `index` of a file (None: the file is the page), through the pipeline."""

    data: bytes
    index: int | None


def _serve(line: Connection, layouts: tuple[Layout, ...]) -> None:
    answer_all(line, lambda question: _guarded(lambda: _answer(question, layouts)))


def _answer(question: _Count | _Page, layouts: tuple[Layout, ...]) -> int | Processed:
    if isinstance(question, _Count):
        return page_count(question.data)
    if question.index is None:
        return process(question.data, layouts)
    own = page_bytes(question.data, question.index)
    return replace(process(own, layouts), extracted=own)


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


# ---- in the program --------------------------------------------------------------------------------------------


class Workers:
    """The workers. `close` (or leaving the `with`) ends them for good; they start on first use or by `warm_up`."""

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
        self._threads = ThreadPoolExecutor(self._processes, thread_name_prefix="halaman")
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
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
        self._submit(_Count(b""))

    def count(self, data: bytes) -> int | Refused:
        """Pages in a file (0: the file is the page)."""
        outcome: int | Refused = self._outcome(self._submit(_Count(data)))
        return outcome

    def start(self, data: bytes, index: int | None = None) -> Future[Any]:
        """Begin a page; `finish` has the result."""
        return self._submit(_Page(data, index))

    def finish(self, ticket: Future[Any]) -> Processed | Refused:
        """Wait for a page; a lost worker means one more try."""
        outcome: Processed | Refused = self._outcome(ticket)
        return outcome

    def worker_ids(self) -> frozenset[int]:
        """Process ids of the workers there are (some may be gone)."""
        with self._lock:
            return frozenset(child.pid for child in (*self._idle, *self._busy))

    def close(self) -> None:
        """End the workers for good; pages under way are given up (their files are untouched). Any thread."""
        with self._lock:
            self._is_closed = True
            children = [*self._idle, *self._busy]
            self._idle.clear()
            self._busy.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.end()

    def _submit(self, question: _Count | _Page) -> Future[Any]:
        try:
            return self._threads.submit(self._ask, question)
        except RuntimeError:  # closed
            given_up: Future[Any] = Future()
            given_up.cancel()
            return given_up

    def _outcome(self, ticket: Future[Any]) -> Any:
        try:
            return ticket.result()
        except CancelledError:
            return _closed()

    def _ask(self, question: _Count | _Page) -> Any:
        """On a thread of ours: one worker, one question, one more try when the worker is lost."""
        for _ in range(TRIES):
            child = self._take()
            if child is None:
                return _closed()
            try:
                answer = child.ask(question, self._limit_s)
            except ChildTooSlow:
                self._give_back(child, is_good=False)
                return _refused(
                    "too_slow",
                    "Halaman ini terlalu lama diproses.",
                    "Pindai ulang dengan 200 atau 300 dpi, ukuran A4.",
                )
            except ChildLost:
                self._give_back(child, is_good=False)
            else:
                self._give_back(child, is_good=child.answered < TASKS_PER_WORKER)
                return answer
        if self._is_closed:
            return _closed()
        return _refused(
            "worker_died",
            "Pemroses gambar dua kali berhenti pada halaman ini.",
            "Simpan sebagai JPEG, lalu ulangi.",
        )

    def _take(self) -> Child | None:
        with self._lock:
            if self._is_closed:
                return None
            child = self._idle.pop() if self._idle else Child(_serve, self._layouts)
            self._busy.add(child)
            return child

    def _give_back(self, child: Child, *, is_good: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            if is_good and not self._is_closed:
                self._idle.append(child)
                return
        child.end()


def _closed() -> Refused:
    return _refused("closed", "Program sedang ditutup; halaman ini belum diambil.", "Masukkan lagi nanti.")
