"""Boxes that two people read differently, one after the other: the crop, one empty box, Enter, the next.

Invariants: nothing of an earlier reading is in the window while a box is read; what was read stands on the disk before
the next box is shown; a coordinator sees who read what behind the own decision alone, and no key typed ahead passes it
by; a person who leaves (F9, Esc) leaves nothing in the widget tree. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import forms
from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.form import FormDefinition
from app.domain.readings import Order
from app.errors import ExpectedError
from app.services import boxes, pages, register
from app.services.boxes import Answered, Box
from app.services.people import Session
from app.services.workplace import Workplace, preference
from ui import theme
from ui.entry.box_text import Hint, shown
from ui.format import number
from ui.page import Context
from ui.pages.keying_jobs import pictures
from ui.pages.keying_pictures import PagePicture, Pictures
from ui.pages.keying_words import hint_words
from ui.widgets.banner import Banner
from ui.widgets.card import Card, PageTitle
from ui.widgets.cell_edit import CellEdit
from ui.widgets.crop_view import CropView
from ui.widgets.key_hint import KeyHints
from ui.widgets.page_images import PageImages

KEYS_FROM_PX = 600


@dataclass(frozen=True, slots=True)
class BoxOnScreen:
    """A box with everything to show it; `waiting`: forms with differing boxes, this one included."""

    box: Box
    form: FormDefinition
    place: str
    pages: Mapping[int, PagePicture]
    waiting: int


@dataclass(frozen=True, slots=True)
class Stepped:
    """What became of an answer, and the next box unless something is to be looked at first."""

    answered: Answered
    following: BoxOnScreen | None = None


def fetch(wp: Workplace, session: Session, first: C1Key | None = None) -> BoxOnScreen | None:
    """The next box, or None when nothing is left. For a worker thread. Raises as `boxes.next_box`."""
    box = boxes.next_box(wp, session, first)
    if box is None:
        return None
    place = register.station(wp, box.key.tps).desa_name.title()
    scanned = pictures(pages.pages_of(wp, box.key))
    return BoxOnScreen(box, forms.load(box.key.form), place, scanned, boxes.count(wp, session))


def step(wp: Workplace, session: Session, box: Box, cell: Cell, before: Cell | None) -> Stepped:
    """Keep an answer, then the next box in the same go. For a worker thread."""
    answered = boxes.answer(wp, session, box, cell, typed_before=before)
    stays = answered.asks_again or bool(answered.others)
    return Stepped(answered, None if stays else fetch(wp, session))


class BoxStream(QWidget):
    """`ended` carries the sentence to show in the list; empty when the person stops."""

    ended = Signal(str)

    def __init__(self, context: Context, images: PageImages) -> None:
        super().__init__()
        self._context = context
        self._language = preference(context.desk.wp, "language", "id")
        self._session: Session | None = None
        self.on_screen: BoxOnScreen | None = None
        self._before: Cell | None = None  # a coordinator's first typing of a value nobody else read
        self._is_busy = self._is_told = False
        self._keys_ahead: list[QKeyEvent] = []
        self.title = PageTitle()
        self.crop = CropView()
        self.pictures = Pictures(images, self.crop, self._language)
        self.code = QLabel()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.edit = CellEdit(3)
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.problem = Banner("note-bad", "■")
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self._build()
        self.edit.entered.connect(self._on_entered)
        self.edit.hinted.connect(lambda hint: self.hint.setText(hint_words(hint)))
        self.edit.rest_wanted.connect(lambda: self.hint.setText(hint_words(Hint.NO_LIST)))

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Kotak demi kotak"))
        theme.set_role(self.code, "heading")
        theme.set_role(self.hint, "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.crop, 1)
        card = Card()
        card.body.addWidget(self.problem)
        row = QHBoxLayout()
        row.setSpacing(14)
        words = QVBoxLayout()
        words.addWidget(self.code)
        words.addWidget(self.label)
        row.addLayout(words, 1)
        row.addWidget(self.edit)
        card.body.addLayout(row)
        card.body.addWidget(self.told)
        card.body.addWidget(self.hint)
        self.keys = KeyHints(
            ("Enter", self.tr("berikutnya")),
            ("-", self.tr("kosong")),
            ("*", self.tr("tak terbaca")),
            ("F4", self.tr("halaman")),
            ("Esc", self.tr("berhenti")),
        )
        card.body.addWidget(self.keys)
        column.addWidget(card)
        self.told.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen F1 lists the keys."""
        super().resizeEvent(event)
        self.keys.setVisible(event.size().width() >= KEYS_FROM_PX)

    # ---- opening and closing -------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._session is not None

    def begin(self, session: Session, first: C1Key | None = None) -> None:
        """The first box of this person's stream; `first`: of this form, then of whichever comes next."""
        self._session = session
        self._work(lambda: fetch(self._context.desk.wp, session, first), self._on_box)

    def stop(self) -> None:
        """The person leaves: a form without an answer is free again, and nothing stays in the window."""
        session, on_screen, wp = self._session, self.on_screen, self._context.desk.wp
        self._session = None
        if session is not None and on_screen is not None and not self._is_told:
            self._context.tasks.run(
                self, lambda: boxes.leave(wp, session, on_screen.box), None, lambda _error: None
            )
        self._clear()

    def _clear(self) -> None:
        self.on_screen, self._before = None, None
        self._is_busy = self._is_told = False
        self._keys_ahead.clear()
        self.edit.set_cell(None)
        self.edit.setAccessibleName("")
        self.pictures.clear()
        for label in (self.title.title, self.title.lead, self.code, self.label, self.hint, self.told):
            label.clear()
        self.told.hide()
        self.problem.say("")

    def focus_work(self) -> None:
        if self.isVisible() and self.on_screen is not None and not self._is_busy:
            (self if self._is_told else self.edit).setFocus()

    # ---- one box after the other ---------------------------------------------------------------------------------

    def _work(self, operation: Callable[[], object], arrived: Callable[..., None]) -> None:
        """Off the UI thread; keys typed meanwhile are for the next box, and a person who left sees nothing of it."""
        session, self._is_busy = self._session, True
        self.setFocus()

        def done(found: object) -> None:
            if self._session is session:
                self._is_busy = False
                arrived(found)

        def refused(error: ExpectedError) -> None:
            if self._session is session:
                self._is_busy = False
                self._keys_ahead.clear()
                self._on_refused(error)

        self._context.tasks.run(self, operation, done, refused)

    def _on_box(self, found: BoxOnScreen | None) -> None:
        if found is None:
            self._session = None
            self._clear()
            self.ended.emit(self.tr("Selesai. Tidak ada lagi kotak berbeda yang menunggu Anda."))
            return
        is_same_form = self.on_screen is not None and self.on_screen.box.key == found.box.key
        self.on_screen, self._before, self._is_told = found, None, False
        box, field = found.box, found.form.by_id[found.box.field]
        self.title.title.setText(f"{box.key.tps.label} · {found.place}")
        progress = self.tr("%1 · kotak %2 dari %3 · %4 formulir menunggu").replace("%1", found.form.title.id)
        progress = progress.replace("%2", str(box.place)).replace("%3", str(box.total))
        self.title.lead.setText(progress.replace("%4", number(found.waiting)))
        self.code.setText(found.form.paper_codes[field.id])
        self.label.setText(field.label.in_language(self._language))
        self.edit.set_limit(len(str(field.maximum)))
        self.edit.set_cell(None)
        self.edit.setAccessibleName(f"{self.code.text()} {self.label.text()}")
        self.told.clear()
        self.told.hide()
        self.hint.setText(self._task_words(box.order))
        self.problem.say("")
        if not is_same_form:
            self.pictures.open(found.form, found.pages)
        self.pictures.show_field(field)
        self.focus_work()
        self._replay()

    def _task_words(self, order: Order) -> str:
        if order is Order.COORDINATOR:
            return self.tr("Tiga bacaan berbeda. Tentukan dari kertas; bacaan mereka ditampilkan sesudahnya.")
        return self.tr("Dua bacaan berbeda di kotak ini. Ketik yang tertulis di kertas.")

    def _on_entered(self, is_repeat: bool) -> None:
        session, on_screen, cell = self._session, self.on_screen, self.edit.cell
        if is_repeat or session is None or on_screen is None or self._is_busy:
            return
        if cell is None:
            self.hint.setText(hint_words(Hint.EMPTY_ENTER))
            return
        wp, box, before = self._context.desk.wp, on_screen.box, self._before
        self._work(
            lambda: step(wp, session, box, cell, before), lambda stepped: self._on_stepped(cell, stepped)
        )

    def _on_stepped(self, cell: Cell, stepped: Stepped) -> None:
        answered = stepped.answered
        if answered.asks_again:
            self._keys_ahead.clear()
            self._before = cell
            self.edit.set_cell(None)
            self.hint.setText(
                self.tr("Belum ada yang membaca angka itu. Lihat kertas lagi, lalu ketik sekali lagi.")
            )
            self.focus_work()
        elif answered.others:
            self._keys_ahead.clear()
            self._tell(cell, answered)
        else:
            self._on_box(stepped.following)

    def _tell(self, cell: Cell, answered: Answered) -> None:
        """Behind the decision: who had read what."""
        self._is_told = True
        lines = [self.tr("Keputusan Anda: %1. Tersimpan.").replace("%1", shown(cell))]
        orders = {
            Order.FIRST: self.tr("entri pertama"),
            Order.SECOND: self.tr("entri kedua"),
            Order.THIRD: self.tr("pembaca ketiga"),
        }
        for one in answered.others:
            same = self.tr("sama") if one.cell == cell else self.tr("berbeda")
            read = shown(one.cell)
            lines.append(f"{one.name} ({orders[one.order]}): {read} · {same}")
        self.told.setText("\n".join(lines))
        self.told.show()
        self.hint.setText(self.tr("Enter: kotak berikutnya."))
        self.focus_work()

    def _on_refused(self, error: ExpectedError) -> None:
        if self.on_screen is None:
            self._session = None
            self._clear()
            self.ended.emit(error.sentence())
            return
        self.problem.say(error.sentence())
        self.focus_work()

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, session = event.key(), self._session
        if key == Qt.Key.Key_F4:
            self.crop.set_whole(is_whole=not self.crop.is_whole)
        elif key == Qt.Key.Key_Escape:
            self.stop()
            self.ended.emit("")
        elif self._is_busy and not event.isAutoRepeat():
            self._keys_ahead.append(QKeyEvent(QEvent.Type.KeyPress, key, event.modifiers(), event.text()))
        elif self._is_told and session is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.told.clear()  # before the next box is fetched: no value of another one stands beside it
                self.edit.set_cell(None)
                self._work(lambda: fetch(self._context.desk.wp, session), self._on_box)
        else:
            event.ignore()

    def _replay(self) -> None:
        ahead, self._keys_ahead = self._keys_ahead, []
        if ahead:
            QTimer.singleShot(0, self, lambda: self._send(ahead))

    def _send(self, events: list[QKeyEvent]) -> None:
        """Into the box; what follows an Enter waits for the box after it."""
        for event in events:
            (self if self._is_busy else self.edit).keyPressEvent(event)
