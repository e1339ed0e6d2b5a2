"""The line at the end of what is scanned: go on if the paper is here, or leave the page for the day it comes.

Invariant: it decides nothing; the key or the button does. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton

from ui import theme
from ui.entry.absent import pages_of
from ui.entry.walk import Stage, Walk
from ui.pages.keying_form import EntryForm
from ui.pages.keying_words import page_numbers

STACK_BELOW_PX = 440  # narrower than this, the button stands below the words


class AbsentRow(QFrame):
    """`chosen`: the page that follows has not come."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.set_role(self, "note-wait")
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(12, 6, 10, 6)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.button = QPushButton(self.tr("Belum ada (F7)"))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the boxes keep it: its key is F7
        self.button.clicked.connect(self.chosen)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_place(self, entry: EntryForm, walk: Walk) -> None:
        """Seen while the focus stands where the scanned pages end and nothing of the others was keyed."""
        page_of = entry.form.page_of
        is_beyond = page_of[walk.current] not in entry.pages and bool(entry.pages)
        pages = entry.cut(walk.cells)
        if not (entry.is_whole and walk.stage is Stage.BOXES and is_beyond and pages.may_end):
            self.hide()
            return
        numbers = page_numbers(pages_of(pages.untouched, page_of))
        self.words.setText(
            self.tr("▲ Halaman %1 belum dipindai. Bila kertasnya ada, teruskan.").replace("%1", numbers)
        )
        self.button.setAccessibleName(self.tr("Halaman %1 belum ada").replace("%1", numbers))
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < STACK_BELOW_PX
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)
