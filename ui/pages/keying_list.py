"""The forms that wait for this person's reading: search, choose, take a draft over.

Invariants: no value of any form is in this list; it asks SQL for what is in sight and never filters in memory. Taking
over is asked twice: the key, then the confirmation. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.domain.readings import Order
from app.services.keying import DraftTaken
from app.services.people import Session
from ui import theme
from ui.format import clock, from_iso, number
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages.form_column import form_column
from ui.pages.keying_jobs import Listing, ListRow, listing
from ui.pages.keying_words import page_numbers
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_hint import KeyHints
from ui.widgets.table import Table

ROWS = 200
TYPING_PAUSE_MS = 120


class WorkList(QWidget):
    """`opened` carries the form's key."""

    opened = Signal(object)
    take_over_confirmed = Signal()
    reopen_wanted = Signal()

    def __init__(self, context: Context, orders: tuple[Order, ...], heading: str) -> None:
        super().__init__()
        self._context, self._orders = context, orders
        self.title = PageTitle(heading)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Cari: 1 cileunyi kulon, atau kode TPS"))
        self.search.setAccessibleName(self.tr("Cari TPS"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(280)
        self.message = QFrame()
        self.message_text = QLabel()
        self.message_yes = QPushButton(self.tr("Ambil alih"))
        self.message_no = QPushButton(self.tr("Jangan"))
        self.rows: RowsModel[ListRow] = RowsModel(self._columns(), lambda row: row.key)
        self.table = Table(self.rows, heading)
        self.nothing = EmptyState("check")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._build()
        self._connect()

    def _columns(self) -> list[Column[ListRow]]:
        return [
            Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
            *form_column(self._context.desk.wp, lambda row: row.key),
            Column(self.tr("Desa/kelurahan"), lambda row: row.desa, "Margahayu Selatan"),
            Column(self.tr("Kecamatan"), lambda row: row.kecamatan, "Pangalengan"),
            Column(self.tr("Pindaian"), self._pages_words, "belum ada pindaian", tone=self._pages_tone),
            Column(self.tr("Keadaan"), self._state_words, is_stretched=True, tone=self._state_tone),
        ]

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.title.side.addWidget(self.search)
        column.addWidget(self.title)
        theme.set_role(self.message, "note-wait")
        line = QHBoxLayout(self.message)
        self.message_text.setWordWrap(True)
        line.addWidget(self.message_text, 1)
        line.addWidget(self.message_yes)
        line.addWidget(self.message_no)
        self.message.hide()
        column.addWidget(self.message)
        card = Card()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.nothing, 1)
        self.nothing.hide()
        card.body.addWidget(
            KeyHints(
                ("Enter", self.tr("buka")),
                ("Ctrl+F", self.tr("cari")),
                ("F2", self.tr("buka lagi yang terakhir")),
            )
        )
        column.addWidget(card, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(self.refresh)
        self.search.returnPressed.connect(self._on_search_enter)
        self.table.row_opened.connect(self._on_row)
        self.message_yes.clicked.connect(self._on_yes)
        self.message_no.clicked.connect(self._on_no)

    # ---- words ---------------------------------------------------------------------------------------------------

    def _pages_words(self, row: ListRow) -> str:
        if row.pages_in is None:
            return ""
        if row.pages_in == 0:
            return self.tr("belum ada pindaian")
        return (
            self.tr("%1 dari %2 halaman").replace("%1", str(row.pages_in)).replace("%2", str(row.page_count))
        )

    def _pages_tone(self, row: ListRow) -> Tone:
        if row.pages_in is None:
            return Tone.PLAIN
        return Tone.GOOD if row.pages_in >= row.page_count else Tone.WAIT if row.pages_in else Tone.OFF

    def _state_words(self, row: ListRow) -> str:
        if row.draft_by:
            words = (
                self.tr("Belum selesai: dijeda oleh Anda")
                if row.is_own_draft
                else self.tr("Sedang dientri %1")
            )
            done = self.tr("%1 dari %2 kotak").replace("%1", str(row.keyed)).replace("%2", str(row.total))
            return f"{words.replace('%1', row.draft_by)} · {done}"
        if row.lacking:
            words = self.tr("Halaman %1 belum ada") if row.is_absent else self.tr("Halaman %1 menunggu entri")
            return words.replace("%1", page_numbers(row.lacking))
        words_of = {
            Order.FIRST: self.tr("Menunggu entri"),
            Order.SECOND: self.tr("Menunggu entri kedua"),
            Order.THIRD: self.tr("Berbeda: menunggu orang ketiga"),
            Order.COORDINATOR: self.tr("Berbeda: menunggu koordinator"),
        }
        return words_of[row.order]

    def _state_tone(self, row: ListRow) -> Tone:
        return Tone.WAIT if row.draft_by or row.lacking or row.order > Order.SECOND else Tone.PLAIN

    # ---- what it shows -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        session, wp = self._context.shell.session, self._context.desk.wp
        orders, text = self._orders, self.search.text().strip()
        if session is None:
            return
        self._context.tasks.run(
            self,
            lambda: listing(wp, session, orders, text, ROWS),
            lambda found: self._on_rows(session, found),
            slot="work",
        )

    def _on_rows(self, session: Session, found: Listing) -> None:
        if self._context.shell.session is not session:
            return
        rows, is_first_look = found.rows, not self.rows.rows
        self.rows.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        if not rows:
            self.nothing.say(
                self.tr("Tidak ada yang cocok")
                if self.search.text()
                else self.tr("Tidak ada yang menunggu di sini"),
                self.tr(
                    "Formulir muncul begitu diterima atau dipindai. Ketik nama desa untuk mencari yang lain."
                ),
            )
        elif is_first_look or not self.table.currentIndex().isValid():
            # Enter begins work; a colleague's open draft is taken over only by somebody who goes to it.
            free = (place for place, row in enumerate(rows) if not row.draft_by or row.is_own_draft)
            self.table.selectRow(next(free, 0))
        # The window's own word: while it is being activated no widget has the focus yet.
        if rows and self.window().focusWidget() is self.search and not self.search.text():
            self.table.setFocus()
        self.title.lead.setText(self.tr("%1 formulir menunggu Anda.").replace("%1", number(found.waiting)))

    def clear(self) -> None:
        self.rows.set_rows([])
        self.search.clear()
        self.say("")

    def focus_work(self) -> None:
        if self.message_yes.isVisible():
            self.message_no.setFocus()
        elif self.isVisible():
            (self.table if self.rows.rows else self.search).setFocus()

    def say(self, text: str) -> None:
        """One sentence above the list: why something did not open."""
        self.message_text.setText(text)
        self.message.setVisible(bool(text))
        self.message_yes.hide()
        self.message_no.hide()

    def ask_take_over(self, taken: DraftTaken) -> None:
        """Both names are kept, and neither may second-read: said before, not after."""
        since = from_iso(taken.since)
        self.say(
            self.tr("Formulir ini sedang dientri %1 sejak %2.")
            .replace("%1", taken.person)
            .replace("%2", clock(since) if since is not None else taken.since)
            + " "
            + self.tr(
                "Ambil alih? Kedua nama dicatat, dan keduanya tidak dapat menjadi pembaca kedua formulir ini."
            )
        )
        self.message_yes.show()
        self.message_no.show()
        self.message_no.setFocus()

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.reopen_wanted.emit()
        elif event.key() == Qt.Key.Key_F and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.search.setFocus()
        elif event.key() == Qt.Key.Key_Escape and self.message.isVisible():
            self._on_no()
        else:
            super().keyPressEvent(event)

    def _on_search_enter(self) -> None:
        self._pause.stop()
        self.refresh()
        self.table.setFocus()

    def _on_row(self, place: int) -> None:
        row = self.rows.row_at(place)
        if row is not None:
            self._open(row.key)

    def _open(self, key: C1Key) -> None:
        self.say("")
        self.opened.emit(key)

    def _on_yes(self) -> None:
        self.say("")
        self.take_over_confirmed.emit()

    def _on_no(self) -> None:
        self.say("")
        self.table.setFocus()
