"""Python's garbage is looked for on the UI thread, and on no other.

Python collects wherever an object happens to be made: in a worker that fetches a list, for example. Widgets and models
that nobody knows any more are then destroyed there, beside the window that destroys others: Qt's locks and Python's
wait for one another, and the program stands still for good. Thread: UI.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 250


class Garbage(QObject):
    """From its making on this process collects here; as rarely as Python itself would."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self, interval=LOOK_MS)
        timer.timeout.connect(look)
        timer.start()


def look() -> None:
    """Collect the oldest generation whose time has come, by Python's own counts."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (now, limit) in enumerate(counts) if now > limit]
    if 0 in due:
        gc.collect(due[-1])
