"""What stands where a list would be while there is nothing in it: what that means, and what to do. Thread: UI."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.icons import pixmap


class EmptyState(QWidget):
    """An icon, one bold line, one line of advice, and a button that does it."""

    def __init__(self, icon_name: str = "empty") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        picture = QLabel()
        picture.setPixmap(pixmap(icon_name, theme.INK_SOFT, 40))
        self.title = QLabel()
        self.text = QLabel()
        self.title.setWordWrap(True)
        self.text.setWordWrap(True)
        theme.set_role(self.title, "heading")
        theme.set_role(self.text, "lead")
        for label in (picture, self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        self.button = QPushButton()
        self.button.hide()
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)

    def say(self, title: str, text: str, button: str = "") -> None:
        self.title.setText(title)
        self.text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(f"{title}. {text}")
