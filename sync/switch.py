"""A line to the centre that can be renewed while the window is open: when the account comes, or comes anew.

Making an engine loads the HTTP client and reads the store, so it happens on a thread of its own: the window is there
first. Invariant: listeners stay subscribed across a renewal, and after `close` nothing is started any more.
Thread-safe; only `close` waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from app.ports import Lane, LineState, SyncControl, SyncStatus
from sync.listeners import Listener, Listeners

STARTING = SyncStatus(LineState.STARTING, "Menghubungi KPU RI. Pekerjaan dapat dilanjutkan.")


class Switch(SyncControl):
    """Passes everything on to the engine made last; before the first one is there, it says that it starts."""

    def __init__(self, make: Callable[[], SyncControl]) -> None:
        self._make = make
        self._one_at_a_time = threading.Lock()  # held while an engine is made, started or closed
        self._listeners = Listeners(STARTING)
        self._current: SyncControl | None = None
        self._early: list[Callable[[SyncControl], None]] = []  # asked while no engine was there to hear it
        self._lock = threading.Lock()  # of the two before
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def start(self) -> None:
        """Make and start the engine that fits the account as it is now; an older one is closed."""
        self._thread = threading.Thread(target=self._renew, name="line")
        self._thread.start()

    renew = start

    def _renew(self) -> None:
        with self._one_at_a_time:
            with self._lock:
                old, self._current = self._current, None
            if old is not None:
                old.close()
            if self._is_closed:
                return
            fresh = self._make()
            fresh.subscribe(self._listeners.tell)
            fresh.start()
            with self._lock:
                self._current = fresh
                early, self._early = self._early, []
            for call in early:
                call(fresh)
        self._listeners.tell(fresh.status())

    def close(self) -> None:
        self._is_closed = True
        if self._thread is not None:
            self._thread.join()
        with self._one_at_a_time:
            if self._current is not None:
                self._current.close()

    def wake(self) -> None:
        self._tell(lambda engine: engine.wake())

    def retry_now(self) -> None:
        self._tell(lambda engine: engine.retry_now())

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._tell(lambda engine: engine.pause(lanes))

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._tell(lambda engine: engine.resume(lanes))

    def _tell(self, call: Callable[[SyncControl], None]) -> None:
        """To the engine, or to the next one when it is there: a pause pressed while one starts must hold."""
        with self._lock:
            current = self._current
            if current is None:
                self._early.append(call)
                return
        call(current)

    def status(self) -> SyncStatus:
        return current.status() if (current := self._current) is not None else STARTING

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._listeners.subscribe(listener)
