"""From the engine's thread into the window: the engine's listener becomes a Qt signal on the UI thread.

Invariant: only frozen `SyncStatus` values cross, and a burst of changes reaches the window as its last one.
Thread: `_on_engine` runs on the engine's, everything else on the UI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.ports import SyncControl, SyncStatus


class EngineBridge(QObject):
    """Subscribes to one engine until `close`."""

    status_changed = Signal(object)
    _poked = Signal()

    def __init__(self, sync: SyncControl, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._waiting: SyncStatus | None = None
        self._poked.connect(self._on_poked, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe: Callable[[], None] | None = sync.subscribe(self._on_engine)
        self.status = sync.status()

    def close(self) -> None:
        """Listen no more; may be called twice."""
        unsubscribe, self._unsubscribe = self._unsubscribe, None
        if unsubscribe is not None:
            unsubscribe()

    def _on_engine(self, status: SyncStatus) -> None:
        with self._lock:
            is_first = self._waiting is None
            self._waiting = status
        if is_first:
            self._poked.emit()

    @Slot()
    def _on_poked(self) -> None:
        with self._lock:
            status, self._waiting = self._waiting, None
        if status is not None:
            self.status = status
            self.status_changed.emit(status)
