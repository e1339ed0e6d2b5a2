"""A state as icon and word in its colour; and the word that says LATIHAN. Thread: UI."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui import theme
from ui.theme import TONES, Tone
from ui.widgets.elided import ElidedLabel
from ui.widgets.icons import pixmap


class StateLabel(QWidget):
    """Icon + words; on the dark top bar or on white."""

    def __init__(self, *, on_navy: bool = False) -> None:
        super().__init__()
        self._on_navy = on_navy
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        self._icon = QLabel()
        self.words = ElidedLabel()
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)

    def say(self, tone: Tone, words: str) -> None:
        look = TONES[tone]
        self._icon.setPixmap(pixmap(look.icon, look.on_navy if self._on_navy else look.ink))
        self.words.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()


def practice_badge(words: str) -> QLabel:
    """The yellow word on every practice screen."""
    label = QLabel(words)
    theme.set_role(label, "practice")
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return label
