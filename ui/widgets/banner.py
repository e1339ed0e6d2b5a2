"""A sentence on a coloured ground that is there only while it says something. Thread: UI."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui import theme

LEFT_PX, RIGHT_PX = 12, 10  # beside the sentence


class Banner(QFrame):
    """`role` colours it (`note-bad`, `note-wait`); `icon` says the same without the colour."""

    def __init__(self, role: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, role)
        self._icon = icon
        self._label = QLabel()
        self._label.setWordWrap(True)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(LEFT_PX, 6, RIGHT_PX, 6)
        inside.addWidget(self._label)
        self.hide()

    def say(self, text: str) -> None:
        """Empty: it goes away."""
        self.setVisible(bool(text))
        self._label.setText(f"{self._icon} {text}" if text else "")
        self._keep_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_lines()

    def _keep_lines(self) -> None:
        """A layout squeezes wrapped labels below their lines; what stands beside can be scrolled, a sentence cannot."""
        wanted = self._label.heightForWidth(self.contentsRect().width() - LEFT_PX - RIGHT_PX)
        self._label.setMinimumHeight(max(0, wanted))  # -1 without a text
