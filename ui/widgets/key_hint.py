"""Keys as they are printed on the keyboard, with what they do: `[Enter] berikutnya`. Thread: UI."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui import theme


def key_cap(text: str) -> QLabel:
    """One key."""
    label = QLabel(text)
    theme.set_role(label, "key")
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # a key never grows with its row
    return label


class KeyHints(QWidget):
    """A row of keys with their words."""

    def __init__(self, *hints: tuple[str, str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for keys, words in hints:
            row.addWidget(key_cap(keys))
            label = QLabel(words)
            theme.set_role(label, "small")
            row.addWidget(label)
            row.addSpacing(8)
        row.addStretch(1)
        self.setAccessibleName(", ".join(f"{keys}: {words}" for keys, words in hints))
