"""The newest status, and those who want to hear of it: one part for every kind of line. Thread-safe."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.ports import SyncStatus

Listener = Callable[[SyncStatus], None]
log = logging.getLogger(__name__)


class Listeners:
    """Listeners are called from the thread that tells; one that fails keeps nobody else from hearing."""

    def __init__(self, status: SyncStatus) -> None:
        self._lock = threading.Lock()  # held for a moment only, never while a listener is called
        self._status = status
        self._listeners: list[Listener] = []

    @property
    def status(self) -> SyncStatus:
        """As told last."""
        with self._lock:
            return self._status

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Returns the unsubscribe function."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def tell(self, status: SyncStatus) -> None:
        with self._lock:
            self._status = status
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(status)
            except Exception:
                log.exception("a status listener failed")
