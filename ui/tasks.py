"""The one way off the UI thread, and the one way back: an operation, what to do with its result, what to do on failure.

Invariants: the operation runs on a worker thread and touches no widget; both callbacks run on the UI thread, and never
after their owner is gone. A worker is never the last to know an owner, or it would destroy it beside the window. An
expected error goes to `failure` (or becomes a toast); a bug goes to `sys.excepthook`.
A `slot` keeps only the newest operation of its kind: a list that is asked for five times is fetched once or twice.
Thread: call from the UI thread only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from app.errors import ExpectedError

T = TypeVar("T")
Failure = Callable[[ExpectedError], None]
_WORKERS = 3  # two pages refreshing and one person's action; more would only queue at the one writer


@dataclass(frozen=True, slots=True)
class _Job:
    owner: QObject
    operation: Callable[[], Any]
    success: Callable[[Any], None] | None
    failure: Failure | None
    slot: str


class _Return(QObject):
    """Carries results over to the UI thread (a queued signal)."""

    arrived = Signal(int, object, object)


class Tasks(QObject):
    """Runs operations for one window. `failed` gets expected errors nobody else handles."""

    failed = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="ui-task")
        self._jobs: dict[int, _Job] = {}  # under way, by number; taken out on the UI thread alone
        self._numbers = count()
        self._busy: dict[
            tuple[int, str], _Job | None
        ] = {}  # running slot -> the newest job waiting behind it
        self._return = _Return(self)
        self._return.arrived.connect(self._on_arrived)
        self._closed = False

    @property
    def is_idle(self) -> bool:
        return not self._jobs

    def is_busy(self, owner: QObject, slot: str) -> bool:
        """True while an operation of that slot runs."""
        return (id(owner), slot) in self._busy

    def run(
        self,
        owner: QObject,
        operation: Callable[[], T],
        success: Callable[[T], None] | None = None,
        failure: Failure | None = None,
        *,
        slot: str = "",
    ) -> None:
        """Start `operation`; with a `slot`, one still waiting for the same owner and slot is replaced by it."""
        if self._closed:
            return
        job = _Job(owner, operation, success, failure, slot)
        if slot:
            place = (id(owner), slot)
            if place in self._busy:
                self._busy[place] = job
                return
            self._busy[place] = None
        self._start(job)

    def close(self) -> None:
        """No callbacks from now on; operations that run are let finish (each is one short transaction)."""
        self._closed = True
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self, job: _Job) -> None:
        number, jobs, carrier = next(self._numbers), self._jobs, self._return
        jobs[number] = job

        def work() -> None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = jobs[number].operation()
            except BaseException as caught:  # noqa: BLE001 - every error is handed to the UI thread, none is swallowed
                error = caught
            carrier.arrived.emit(number, result, error)

        self._executor.submit(work)

    @Slot(int, object, object)
    def _on_arrived(self, number: int, result: object, error: BaseException | None) -> None:
        job = self._jobs.pop(number)
        if job.slot:
            self._next_in_slot(job)
        if not self._closed and isValid(job.owner):
            self._deliver(job, result, error)
        if not self._jobs:
            self.idle.emit()

    def _next_in_slot(self, job: _Job) -> None:
        place = (id(job.owner), job.slot)
        waiting = self._busy.pop(place, None)
        if waiting is not None and not self._closed and isValid(waiting.owner):
            self._busy[place] = None
            self._start(waiting)

    def _deliver(self, job: _Job, result: object, error: BaseException | None) -> None:
        if error is None:
            if job.success is not None:
                job.success(result)
        elif isinstance(error, ExpectedError):
            if job.failure is not None:
                job.failure(error)
            else:
                self.failed.emit(error)
            error.__traceback__ = None  # it knows the operation, and with it the owner
        else:
            sys.excepthook(type(error), error, error.__traceback__)
