"""The forms that wait for this person's reading, by the page: search, narrow, choose, take a draft over.

Invariants: no value of any form is in this list; it asks SQL for what is in sight and never filters in memory. Taking
over is asked twice: the key, then the confirmation. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.domain.readings import Order
from app.services.keying import DraftTaken, Narrowed
from app.services.people import Session
from ui import theme
from ui.format import age, clock, from_iso, number
from ui.models.columns import Column
from ui.models.paged import PagedModel
from ui.page import Context
from ui.pages.form_column import form_column
from ui.pages.keying_jobs import ListRow, work_query
from ui.pages.keying_words import page_numbers
from ui.pages.place_filter import PlaceFilter
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_hint import KeyHints
from ui.widgets.table import Table


class WorkList(QWidget):
    """`opened` carries the form's key."""

    opened = Signal(object)
    take_over_confirmed = Signal()
    reopen_wanted = Signal()

    def __init__(self, context: Context, orders: tuple[Order, ...], heading: str) -> None:
        super().__init__()
        self._context, self._orders = context, orders
        self.title = PageTitle(heading)
        self.filter = PlaceFilter(context.desk.wp)
        self.search = self.filter.search
        self.message = QFrame()
        self.message_text = QLabel()
        self.message_yes = QPushButton(self.tr("Ambil alih"))
        self.message_no = QPushButton(self.tr("Jangan"))
        self.rows: PagedModel[ListRow] = PagedModel(self._columns(), context.tasks)
        self._asked: tuple[Session, Narrowed] | None = None
        self._chosen: C1Key | None = None
        self._is_new_question = (
            False  # then a table chooses its first row by itself: that was nobody's choice
        )
        self.table = Table(self.rows, heading)
        self.nothing = EmptyState("check")
        self._build()
        self._connect()

    def _columns(self) -> list[Column[ListRow]]:
        return [
            Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
            *form_column(self._context.desk.wp, lambda row: row.key),
            Column(self.tr("Desa/kelurahan"), lambda row: row.desa, "Margahayu Selatan"),
            Column(self.tr("Umur"), self._age, "2 hari 11 jam", is_number=True),
            Column(self.tr("Keadaan"), self._state_words, is_stretched=True, tone=self._state_tone),
            Column(self.tr("Pindaian"), self._pages_words, "belum ada pindaian", tone=self._pages_tone),
            Column(self.tr("Kecamatan"), lambda row: row.kecamatan, "Pangalengan"),
        ]

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
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
        card.body.addWidget(self.filter)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.nothing, 1)
        self.nothing.hide()
        card.body.addWidget(
            KeyHints(
                ("Enter", self.tr("buka")),
                ("/", self.tr("cari")),
                ("F2", self.tr("buka lagi yang terakhir")),
            )
        )
        column.addWidget(card, 1)

    def _connect(self) -> None:
        self.filter.changed.connect(self.refresh)
        self.filter.entered.connect(self.table.setFocus)
        self.rows.counted.connect(self._on_counted)
        self.table.row_opened.connect(self._on_row)
        self.table.row_chosen.connect(self._on_chosen)
        for keys in ("/", "Ctrl+F"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.filter.focus_search)
        self.message_yes.clicked.connect(self._on_yes)
        self.message_no.clicked.connect(self._on_no)

    def _age(self, row: ListRow) -> str:
        return age(row.since, self._context.desk.wp.now())

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
        """The same question again keeps the place; another one starts at the top."""
        session = self._context.shell.session
        if session is None:
            return
        asked = (session, Narrowed(self.filter.text, self.filter.area, self.filter.form))
        if asked == self._asked:
            self.rows.reload()
            return
        self._asked, self._is_new_question = asked, True
        self.rows.show(work_query(self._context.desk.wp, session, self._orders, asked[1]))

    def _on_counted(self, count: int) -> None:
        session = self._context.shell.session
        if session is None or self._asked is None:
            return
        is_narrowed = self._asked[1] != Narrowed()
        self.table.setVisible(count > 0)
        self.nothing.setVisible(not count)
        if not count:
            self.nothing.say(
                self.tr("Tidak ada yang cocok")
                if is_narrowed
                else self.tr("Tidak ada yang menunggu di sini"),
                self._nothing_words(is_narrowed=is_narrowed),
            )
        else:
            self._choose()
        # The window's own word: while it is being activated no widget has the focus yet.
        if count and self.window().focusWidget() is self.search and not self.search.text():
            self.table.setFocus()
        others = sum(1 for row in self.rows.rows if row.draft_by and not row.is_own_draft)
        self.title.lead.setText(self.tr("%1 formulir menunggu Anda.").replace("%1", number(count - others)))

    def _nothing_words(self, *, is_narrowed: bool) -> str:
        if is_narrowed:
            return self.tr("Hapus kata pencarian, atau pilih semua kecamatan.")
        if Order.FIRST in self._orders:
            return self.tr("Formulir muncul begitu diterima atau dipindai.")
        return self.tr("Formulir muncul setelah orang lain menyelesaikan entri sebelumnya.")

    def _choose(self) -> None:
        """The form chosen before; else the first that Enter may begin: a colleague's open draft is taken over only by
        somebody who goes to it."""
        chosen, self._is_new_question = None if self._is_new_question else self._chosen, False
        place = self.rows.place_of(lambda row: row.key == chosen) if chosen is not None else None
        if place is None:
            free = (n for n, row in enumerate(self.rows.rows) if not row.draft_by or row.is_own_draft)
            place = next(free, 0)
        if place != self.table.currentIndex().row():
            self.table.selectRow(place)
        self._on_chosen(place)

    def _on_chosen(self, place: int) -> None:
        row = self.rows.row_at(place) if 0 <= place < self.rows.rowCount() else None
        if row is not None:
            self._chosen = row.key

    def clear(self) -> None:
        self._asked = self._chosen = None
        self.rows.clear()
        self.filter.show_place("", "", "")
        self.say("")

    def focus_work(self) -> None:
        if self.message_yes.isVisible():
            self.message_no.setFocus()
        elif self.isVisible():
            (self.table if self.rows.rowCount() else self.search).setFocus()

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
        elif event.key() == Qt.Key.Key_Escape and self.message.isVisible():
            self._on_no()
        else:
            super().keyPressEvent(event)

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
