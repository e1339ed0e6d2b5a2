"""The one writer: a thread that owns the writing connection and commits in groups.

An office hard disk takes 10-30 ms per fsync, so a key pressed never waits for it: everything that queued while one
commit was on its way to the disk shares the next one. Invariants: a function runs whole or not at all (SAVEPOINT), a
failing one takes nobody with it, and a future is resolved only after its commit has returned. Functions given to the
writer may run twice when the shared transaction fails, so they change nothing but the database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from app.errors import Unavailable
from app.store.driver import Connection, Error, unavailable

T = TypeVar("T")
Work = Callable[[Connection], T]
GROUP = 256  # functions in one commit: bounds what a power cut can take and how long the first one waits


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work[Any]
    future: Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    job: _Job
    value: object = None
    error: BaseException | None = None


class Writer:
    """Runs functions on the writing connection, in the order given, in its own thread.

    `rest_s`: between two commits, for another process that wants to write. SQLite's lock has no queue, and who waits
    looks less and less often: without it a form waited half a second for an engine that had much to write.
    """

    def __init__(self, connection: Connection, *, rest_s: float = 0.0) -> None:
        self._connection, self._rest_s = connection, rest_s
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._door = threading.Lock()  # nothing may enter the queue behind the closing mark
        self._closed = False
        self.commits = 0  # for the test of group commit and for benchmarks
        self._thread = threading.Thread(target=self._run, name="situng-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue a function; the future holds its value once it is on the disk."""
        future: Future[T] = Future()
        with self._door:
            if self._closed:
                future.set_exception(Unavailable("Folder data sudah ditutup.", hint="Buka ulang program."))
            else:
                self._queue.put(_Job(work, future))
        return future

    def write(self, work: Work[T]) -> T:
        """Queue a function and wait for its commit."""
        return self.submit(work).result()

    def close(self) -> None:
        """Everything queued so far is committed, then the thread ends and the connection is closed."""
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while self._commit_group():
            pass

    def _commit_group(self) -> bool:
        """Wait for work, then commit whatever is queued by now; False at the closing mark."""
        group = self._next_group()
        if group is None:
            return False
        for outcome in self._perform(group):
            _resolve(outcome)
        if self._rest_s:
            time.sleep(self._rest_s)
        return True

    def _next_group(self) -> list[_Job] | None:
        first = self._queue.get()
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._queue.get_nowait()
            except Empty:
                break
            if job is None:
                self._queue.put(None)  # the mark stays last: the door is shut
                break
            group.append(job)
        return group

    def _perform(self, group: list[_Job]) -> list[_Outcome]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._one(job) for job in group]
            self._connection.execute("COMMIT")
        except Error as error:
            # The shared transaction is gone (disk full, I/O error): nobody was told yet, so each runs alone.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if len(group) == 1:
                return [_Outcome(group[0], error=unavailable(error) or error)]
            return [outcome for job in group for outcome in self._perform([job])]
        self.commits += 1
        return outcomes

    def _one(self, job: _Job) -> _Outcome:
        self._connection.execute("SAVEPOINT one")
        try:
            value = job.work(self._connection)
        except BaseException as error:  # whatever a function raises belongs to its future
            if not self._connection.in_transaction and isinstance(error, Error):
                raise
            self._connection.execute("ROLLBACK TO one")
            self._connection.execute("RELEASE one")
            reason = unavailable(error) if isinstance(error, Error) else None
            return _Outcome(job, error=reason or error)
        self._connection.execute("RELEASE one")
        return _Outcome(job, value)


def _resolve(outcome: _Outcome) -> None:
    future = outcome.job.future
    if not future.set_running_or_notify_cancel():
        return  # the caller cancelled; what it asked for is on the disk all the same
    if outcome.error is not None:
        future.set_exception(outcome.error)
    else:
        future.set_result(outcome.value)
