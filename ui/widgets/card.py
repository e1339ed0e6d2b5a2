"""The white box with a thin border that groups what belongs together, and the page's title lines. Thread: UI."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme


class Card(QFrame):
    """A box; put things into `body`."""

    def __init__(self, heading: str = "") -> None:
        super().__init__()
        theme.set_role(self, "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 12, 14, 12)
        self.body.setSpacing(8)
        if heading:
            label = QLabel(heading)
            theme.set_role(label, "heading")
            self.body.addWidget(label)


class PageTitle(QWidget):
    """Title, and below it one sentence that says how things stand. `side` holds what belongs to the right."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.side = QHBoxLayout()
        self.side.setSpacing(8)
        self.title = QLabel(title)
        theme.set_role(self.title, "title")
        self.side.addWidget(self.title)
        self.side.addStretch(1)
        column.addLayout(self.side)
        self.lead = QLabel()
        self.lead.setWordWrap(True)
        theme.set_role(self.lead, "lead")
        column.addWidget(self.lead)
