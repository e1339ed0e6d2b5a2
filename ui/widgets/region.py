"""A part of a page that takes the keys itself: a group for screen readers, a plain widget for the eye. Thread: UI."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGroupBox, QWidget

from ui import theme


class Region(QGroupBox):
    """Qt says of a bare QWidget nothing but that it is there; of this it says its role (grouping) and its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlat(True)
        theme.set_role(self, "region")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """No frame, no title."""
