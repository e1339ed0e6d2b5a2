"""Pemberitahuan: what KPU RI and the engine have to say, newest first, until the person at work has read it.

Invariant: nothing is called read that was not on screen; without anything to show the card takes no room. Sentences
come from elsewhere and are shown as plain text, whatever they look like. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.services.notices import Board, Notice
from ui import format as fmt
from ui import theme
from ui.widgets.card import Card
from ui.widgets.elided import ElidedLabel
from ui.widgets.icons import pixmap
from ui.widgets.key_hint import key_cap

SHOWN = 3  # unread at once: more would push the work off a small screen; the next follow as these are read
SHOWN_ALL = 50  # with those already read


class NoticeRow(QFrame):
    """One sentence, when it came, and the button that says it was read (or takes that back)."""

    def __init__(self, notice: Notice, came: str, read: str) -> None:
        super().__init__()
        self.notice, self.moments = notice, (came, read)
        theme.set_role(self, "notice")
        is_read = notice.read_at is not None
        self._icon = QLabel()
        self._icon.setPixmap(
            pixmap("check" if is_read else "bell", theme.INK_SOFT if is_read else theme.BLUE)
        )
        self.time = QLabel(came)
        theme.set_role(self.time, "lead")
        self.words = QLabel(notice.text)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(self.words, "lead" if is_read else "plain")
        self.button = QPushButton(self.tr("Tandai belum dibaca") if is_read else self.tr("Sudah dibaca"))
        self.button.setAutoDefault(True)  # Enter presses it, as it opens a row of the tables below
        self.button.setAccessibleDescription(f"{self.time.text()}. {notice.text}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 5)
        row.setSpacing(10)
        for part in (self._icon, self.time):
            row.addWidget(part)
        row.addWidget(self.words, 1)
        if is_read:
            when = QLabel(self.tr("dibaca %1").replace("%1", read))
            theme.set_role(when, "small")
            row.addWidget(when)
        row.addWidget(self.button)


class NoticesCard(Card):
    """All of them; `set_read_asked` carries which, and whether they were read."""

    set_read_asked = Signal(list, bool)
    left = Signal()  # the last one was read by keyboard: the focus has to go on somewhere

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Pemberitahuan"))
        self.rows: list[NoticeRow] = []
        heading = QLabel(self.tr("Pemberitahuan"))
        theme.set_role(heading, "heading")
        self.count = ElidedLabel()  # a small screen may shorten it: the bar above counts them too
        theme.set_role(self.count, "lead")
        self.all_read = QPushButton(self.tr("Semua ini sudah dibaca"))
        self.all_read.setAutoDefault(True)
        self.all_read.clicked.connect(self._on_all_read)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addWidget(key_cap("F4"))
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.all_read)
        self.body.addLayout(head)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self.hide()

    def show_board(self, board: Board, now: float) -> None:
        """The rows, made anew only where something changed: a refresh leaves the focus where it is."""
        unread = [one for one in board.notices if one.read_at is None]
        self.count.setText(self._count_words(board.unread, len(unread)))
        wanted = [(one, _moments(one, now)) for one in board.notices]  # other ones after midnight
        if [(row.notice, row.moments) for row in self.rows] != wanted:
            place = self._focused()
            self._fill(wanted)
            self._focus(place)
        self.all_read.setVisible(len(unread) > 1)
        self.setVisible(bool(board.notices))

    def focus_first(self) -> None:
        """To the newest, by keyboard."""
        if self.rows:
            self.rows[0].button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _count_words(self, unread: int, shown: int) -> str:
        if unread <= shown:
            return ""
        words = self.tr("%1 terbaru dari %2 yang belum dibaca")
        return words.replace("%1", fmt.number(shown)).replace("%2", fmt.number(unread))

    def _fill(self, notices: Sequence[tuple[Notice, tuple[str, str]]]) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [NoticeRow(notice, *moments) for notice, moments in notices]
        width = max((row.time.sizeHint().width() for row in self.rows), default=0)
        for row in self.rows:
            row.time.setMinimumWidth(width)  # the sentences begin below one another
            self._column.addWidget(row)
            row.button.clicked.connect(lambda _checked=False, notice=row.notice: self._on_row(notice))

    def _focused(self) -> int | None:
        """Which row has the focus (the first, when it is on the button for all); None: it is elsewhere."""
        focus: QWidget | None = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return None
        return next((place for place, row in enumerate(self.rows) if row.button is focus), 0)

    def _focus(self, place: int | None) -> None:
        """Back to the row that took its place, or out of the card when nothing is left to read in it."""
        if place is None:
            return
        if self.rows:
            self.rows[min(place, len(self.rows) - 1)].button.setFocus()
        else:
            self.left.emit()

    def _on_row(self, notice: Notice) -> None:
        self.set_read_asked.emit([notice.id], notice.read_at is None)

    def _on_all_read(self) -> None:
        self.set_read_asked.emit([row.notice.id for row in self.rows if row.notice.read_at is None], True)


def _moments(notice: Notice, now: float) -> tuple[str, str]:
    """When it came, and when it was read (empty: not yet)."""
    return fmt.moment(notice.at, now), "" if notice.read_at is None else fmt.moment(notice.read_at, now)
