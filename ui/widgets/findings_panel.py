"""What the checks say about a form, all at once, and the four keys that accept a finding with its reason.

Invariants: Enter never accepts; it jumps to the finding's box, and finishes when nothing is left to accept. Keys typed
ahead decide nothing (`ui.entry.quiet`). Accepting is asked for by signal; what is accepted is what the store says
(`set_findings`). Thread: UI.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.entry.quiet import Quiet
from ui.entry.walk import accept_key
from ui.widgets.flow import Flow
from ui.widgets.region import Region

TYPED_IN_BOXES = "0123456789-*/xX"
REASONS = ("tertulis_demikian", "tidak_terbaca", "pindaian_buruk", "lainnya")
OTHER = "lainnya"
SIDES_PX, LEAST_PX = 28, 200  # beside a card's sentences; their least width


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding, ready to show."""

    code: str
    field: str  # the box it jumps to
    title: str  # "V.A Suara sah"
    text: str
    needs_reason: bool = True
    accepted: str = ""  # reason code; empty = still to be accepted
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.needs_reason and not self.accepted


class FindingCard(QFrame):
    """One finding on the amber ground, green once accepted."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 7, 10, 7)
        column.setSpacing(1)
        self.title = QLabel()
        theme.set_role(self.title, "heading")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.state = QLabel()
        self.state.setWordWrap(True)
        for label in (self.title, self.text, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)  # a form's texts may come from anybody's file
            column.addWidget(label)

    def show_finding(self, row: FindingRow, state: str, *, is_chosen: bool) -> None:
        theme.set_role(self, "note-wait" if row.is_open else "note-good" if row.needs_reason else "note")
        icon = "▲" if row.is_open else "✓" if row.needs_reason else "·"
        self.title.setText(f"{'▶ ' if is_chosen else ''}{icon} {row.title}")
        self.text.setText(row.text)
        self.state.setText(state)
        self.state.setVisible(bool(state))
        self.setAccessibleName(f"{row.title}. {row.text} {state}".strip())

    def keep_lines(self, width: int) -> None:
        """A layout squeezes wrapped labels below their lines; the boxes above have a scroll bar, a sentence has none.

        `width` is the panel's: the card's own is not known before it was laid out, and a guess makes the window grow.
        """
        high = self.text.heightForWidth(max(LEAST_PX, width - SIDES_PX))
        self.text.setMinimumHeight(max(0, high))  # -1 without a text

    def clear(self) -> None:
        """No sentence with a value stays in a hidden card."""
        for label in (self.title, self.text, self.state):
            label.clear()
        self.setAccessibleName("")
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.clicked.emit()


class FindingsPanel(Region):
    """While the boxes are keyed it shows what is known so far; at the end it takes the keys."""

    jump_wanted = Signal(str)  # code
    accept_wanted = Signal(str, str, str)  # code, reason, note
    finish_wanted = Signal()
    went_back = Signal()  # Up from the first finding: back to the last box
    chosen = Signal(str)  # code: the page shows its box
    help_wanted = Signal(str)  # code: the page explains the rule
    hint = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._quiet = Quiet(clock)
        self._rows: tuple[FindingRow, ...] = ()
        self._place = 0
        self._first = 0  # of the cards in sight
        self._limit = 8
        self._is_review = False
        self._cards: list[FindingCard] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # findings come and go: they must not push the scan aside
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column.addLayout(self._list)
        self._keys = self._make_keys()
        column.addWidget(self._keys)
        self.note = QLineEdit()
        self.note.setPlaceholderText(self.tr("Alasan lain, lalu Enter"))
        self.note.setAccessibleName(self.tr("Catatan alasan"))
        self.note.setMaxLength(200)
        self.note.installEventFilter(self)
        column.addWidget(self.note)
        self.note.hide()
        self._keys.hide()

    def _make_keys(self) -> QWidget:
        holder = QWidget(self)
        row = Flow(holder, spacing_px=0)
        self.buttons: list[QPushButton] = []
        for n, reason in enumerate(REASONS, start=1):
            button = self._make_key(f"{n} {self.reason_words(reason)}", partial(self._on_reason, reason))
            row.addWidget(button)
            self.buttons.append(button)
        self.help_button = self._make_key("?", self._on_help)
        self.help_button.setAccessibleName(self.tr("Penjelasan aturan"))
        self.help_button.setToolTip(self.tr("Penjelasan aturan"))
        row.addWidget(self.help_button)
        return holder

    @staticmethod
    def _make_key(text: str, on_clicked: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_role(button, "filter")
        size = theme.point_size(0.88)
        button.setStyleSheet(f"QPushButton {{ padding: 3px 3px; font-size: {size}pt; color: {theme.INK}; }}")
        button.clicked.connect(lambda _checked=False: on_clicked())
        return button

    def reason_words(self, reason: str) -> str:
        """The four reasons as people say them."""
        words = {
            "tertulis_demikian": self.tr("Tertulis demikian"),
            "tidak_terbaca": self.tr("Tidak terbaca"),
            "pindaian_buruk": self.tr("Pindaian buruk"),
            "lainnya": self.tr("Lainnya…"),
        }
        return words.get(reason, reason)

    # ---- what it shows -------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        return self._rows

    @property
    def open_count(self) -> int:
        return sum(1 for row in self._rows if row.is_open)

    @property
    def current(self) -> FindingRow | None:
        return self._rows[self._place] if self._place < len(self._rows) else None

    def set_findings(self, rows: Sequence[FindingRow], *, is_review: bool, limit: int = 8) -> None:
        """All findings; in review the first open one is chosen. `limit` cards are shown at once around the chosen."""
        before = (self._rows, self._is_review, self._limit)
        if is_review and not self._is_review:
            self._quiet.appeared()
            self.update()
        self._rows = tuple(sorted(rows, key=lambda row: not row.needs_reason))  # mere notes come last
        self._is_review = is_review
        open_places = [n for n, row in enumerate(self._rows) if row.is_open]
        if is_review and open_places:
            self._place = open_places[0]
        self._place = min(self._place, max(0, len(self._rows) - 1))
        self._limit = limit
        if not is_review and before == (self._rows, is_review, limit):
            return  # most keys change no finding, and drawing cards is the dearest part of a key
        self._draw()
        if is_review:
            self._tell_chosen()

    def set_limit(self, limit: int) -> None:
        """How many cards fit now."""
        if limit != self._limit:
            self._limit = limit
            self._draw()

    def place_words(self) -> str:
        """`Temuan 2 dari 5`, when not all of them are in sight."""
        if len(self._rows) <= self._limit:
            return ""
        words = self.tr("Temuan %1 dari %2.")
        return words.replace("%1", str(self._place + 1)).replace("%2", str(len(self._rows)))

    def clear(self) -> None:
        self._rows, self._place, self._is_review = (), 0, False
        self.note.clear()
        self.note.hide()
        self._draw()

    def _draw(self) -> None:
        first = max(0, min(self._place - self._limit // 2, len(self._rows) - self._limit))
        in_sight = self._rows[first : first + self._limit]
        while len(self._cards) < len(in_sight):
            card = FindingCard(self)
            card.clicked.connect(lambda made=card: self._on_clicked(made))
            self._cards.append(card)
            self._list.addWidget(card)
        for n, card in enumerate(self._cards):
            if n >= len(in_sight):
                card.clear()
                continue
            is_chosen = self._is_review and first + n == self._place
            card.show_finding(in_sight[n], self._state_words(in_sight[n]), is_chosen=is_chosen)
            card.keep_lines(self.width())
            card.show()
        self._first = first
        self._keys.setVisible(self._is_review and self.open_count > 0)
        current = self.current
        spoken = "" if current is None or not self._is_review else f"{current.title}. {current.text}"
        self.setAccessibleName(spoken or self.tr("Temuan"))

    def _state_words(self, row: FindingRow) -> str:
        if not row.needs_reason:
            return self.tr("Sekadar catatan.")
        if not row.accepted:
            return ""
        words = self.reason_words(row.accepted) if row.accepted != OTHER else row.note
        return self.tr("Diterima: %1").replace("%1", words)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self._is_review:
            event.ignore()
        elif _decides(event) and not self._quiet.is_meant():
            self.hint.emit(
                self.tr("Temuan baru muncul: ketikan tadi tidak dihitung. Lihat dulu, lalu tekan lagi.")
            )
        elif event.isAutoRepeat() and key not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()  # a held key decides nothing
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        elif key == Qt.Key.Key_Up and self._place == 0:
            self.went_back.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Left) and self.current is not None:
            self.jump_wanted.emit(self.current.code)
        elif not self._on_typed(event.text()):
            event.ignore()

    def _on_typed(self, text: str) -> bool:
        """A reason, a question, or a digit meant for a box; False for anything else."""
        reason = accept_key(text, REASONS)
        if text == "?":
            self._on_help()
        elif reason is not None:
            self._on_reason(reason)
        elif text and text in TYPED_IN_BOXES:
            self.hint.emit(self.tr("Untuk mengubah angkanya, tekan Enter dulu."))
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for card in self._cards:
            card.keep_lines(event.size().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_review:
            self._quiet.painted()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc end with the note: a line edit hands them on, and here they would decide something else."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._on_note()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self._leave_note()
            return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if not self._is_review:
            return super().focusNextPrevChild(forward)
        self._move(1 if forward else -1)
        return True

    def _move(self, offset: int) -> None:
        self._place = max(0, min(len(self._rows) - 1, self._place + offset))
        self._draw()
        self._tell_chosen()

    def _on_clicked(self, card: FindingCard) -> None:
        place = self._first + self._cards.index(card)
        if place < len(self._rows):
            self._place = place
            self.jump_wanted.emit(self._rows[place].code)

    def _on_enter(self) -> None:
        if self.open_count == 0:
            self.finish_wanted.emit()
        elif self.current is not None:
            self.jump_wanted.emit(self.current.code)

    def _on_help(self) -> None:
        if self.current is not None:
            self.help_wanted.emit(self.current.code)

    def _on_reason(self, reason: str) -> None:
        current = self.current
        if current is None or not current.is_open:
            return
        if reason == OTHER:
            self.note.show()
            self.note.setFocus()
            return
        self.accept_wanted.emit(current.code, reason, "")

    def _on_note(self) -> None:
        text, current = self.note.text().strip(), self.current
        if not text or current is None:
            return
        self._leave_note()
        self.accept_wanted.emit(current.code, OTHER, text)

    def _leave_note(self) -> None:
        self.setFocus()  # first: hiding what has the focus would walk on to the next finding
        self.note.clear()
        self.note.hide()

    def _tell_chosen(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current.code)


def _decides(event: QKeyEvent) -> bool:
    """A key that belongs to the boxes too, so that it may have been typed for one of them."""
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Left):
        return True
    return bool(event.text()) and event.text() in TYPED_IN_BOXES
