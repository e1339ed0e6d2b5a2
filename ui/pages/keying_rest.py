"""When the hands rest: the moment to look for the next form and fetch its pages.

Reading the store and decoding two pages while somebody types ten keys a second makes his next key wait (bench_keying:
the tail was the first rows of a form). Invariant: `came` fires once a form, in the first pause, or at the latest while
enough boxes are left for the pages to be there in time. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

PAUSE_MS = 350  # longer than any gap inside a number, shorter than a look at the next row
LATEST = 0.6  # of the boxes


class Rest(QObject):
    """`begin` for every form, `key` for every key."""

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_waiting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._come)

    def begin(self) -> None:
        """A form was opened."""
        self._is_waiting = True
        self._timer.start()

    def key(self, filled: int, total: int) -> None:
        """Somebody types."""
        if not self._is_waiting:
            return
        if filled >= LATEST * total:
            self._come()
        else:
            self._timer.start()

    def stop(self) -> None:
        """The form is closed."""
        self._is_waiting = False
        self._timer.stop()

    def _come(self) -> None:
        if self._is_waiting:
            self.stop()
            self.came.emit()
