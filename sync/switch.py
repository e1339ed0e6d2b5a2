"""A line to the centre that can be renewed while the window is open: when the account comes, or comes anew.

Invariant: listeners stay subscribed across a renewal. Thread-safe; never blocks longer than closing an engine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from app.ports import Lane, SyncControl, SyncStatus

Listener = Callable[[SyncStatus], None]


class Switch:
    """A `SyncControl` that passes everything on to the engine made last."""

    def __init__(self, make: Callable[[], SyncControl]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._current = self._connect()

    def _connect(self) -> SyncControl:
        current = self._make()
        current.subscribe(self._tell)
        return current

    def _tell(self, status: SyncStatus) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(status)

    def renew(self) -> None:
        """Close the engine and start the one that fits the account as it is now."""
        with self._lock:
            self._current.close()
            self._current = self._connect()
            self._current.start()

    def start(self) -> None:
        self._current.start()

    def close(self) -> None:
        self._current.close()

    def wake(self) -> None:
        self._current.wake()

    def retry_now(self) -> None:
        self._current.retry_now()

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._current.pause(lanes)

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._current.resume(lanes)

    def status(self) -> SyncStatus:
        return self._current.status()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe
