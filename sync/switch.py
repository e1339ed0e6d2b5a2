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
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def start(self) -> None:
        """Make and start the engine that fits the account as it is now; an older one is closed."""
        self._thread = threading.Thread(target=self._renew, name="line")
        self._thread.start()

    renew = start

    def _renew(self) -> None:
        with self._one_at_a_time:
            if self._current is not None:
                self._current.close()
            if self._is_closed:
                return
            fresh = self._make()
            fresh.subscribe(self._listeners.tell)
            fresh.start()
            self._current = fresh
        self._listeners.tell(fresh.status())

    def close(self) -> None:
        self._is_closed = True
        if self._thread is not None:
            self._thread.join()
        with self._one_at_a_time:
            if self._current is not None:
                self._current.close()

    def wake(self) -> None:
        if self._current is not None:
            self._current.wake()

    def retry_now(self) -> None:
        if self._current is not None:
            self._current.retry_now()

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        if self._current is not None:
            self._current.pause(lanes)

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        if self._current is not None:
            self._current.resume(lanes)

    def status(self) -> SyncStatus:
        return self._current.status() if self._current is not None else STARTING

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._listeners.subscribe(listener)
