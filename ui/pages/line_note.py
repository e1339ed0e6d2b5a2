"""Trouble of the line that does not end by itself: the whole sentence, and the way to where it is solved.

The bar above shortens a sentence to its room, and this one says what to do. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.ports import LineState, SyncStatus
from ui import theme
from ui.bars import LINE_TONES
from ui.theme import TONES, Tone
from ui.widgets.icons import pixmap

ACCOUNT = "account"  # the part of Pengaturan where a PC is enrolled anew and takes a set-up file
AT_ACCOUNT = frozenset({LineState.WRONG_KEY, LineState.SIGN_IN, LineState.FORKED, LineState.REVOKED})


class LineNote(QFrame):
    """There only while somebody must act; `has_way=False` where the person already is at the account."""

    account_asked = Signal()

    def __init__(self, *, has_way: bool = True) -> None:
        super().__init__()
        self._has_way = has_way
        theme.set_role(self, "note-bad")
        look = TONES[Tone.BAD]
        icon = QLabel()
        icon.setPixmap(pixmap(look.icon, look.ink))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self.tr("Buka Akun KPU RI"))
        self.button.setAutoDefault(True)
        self.button.setToolTip(self.tr("Pengaturan: mendaftarkan PC ini ulang, atau memakai berkas baru"))
        self.button.clicked.connect(lambda _checked=False: self.account_asked.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 10, 6)
        row.setSpacing(10)
        row.addWidget(icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_line(self, status: SyncStatus) -> None:
        """What the line says now."""
        self.words.setText(status.sentence)
        self.setAccessibleName(status.sentence)
        self.button.setAccessibleDescription(status.sentence)
        self.button.setVisible(self._has_way and status.line in AT_ACCOUNT)
        self.setVisible(LINE_TONES[status.line] is Tone.BAD)
