"""One page of the inbox, large, and the line that says whose it is: `1 cileunyi kulon` or a code, and the page.

Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import forms
from app.domain.c1form import C1Key
from ui import theme
from ui.page import Context
from ui.pages import pages_in_jobs as jobs
from ui.pages.pages_in_jobs import Choice, InboxRow
from ui.pages.pages_words import long_words
from ui.widgets.card import Card
from ui.widgets.crop_view import CropView
from ui.widgets.key_hint import KeyHints
from ui.widgets.page_images import PageImages

TYPING_PAUSE_MS = 80
MOST_PAGES = 9
_CHOICE = Qt.ItemDataRole.UserRole


class PlacePanel(QWidget):
    """`placed` carries page id, key, page number."""

    placed = Signal(int, object, int)
    set_aside = Signal()
    left = Signal()

    def __init__(self, context: Context, images: PageImages) -> None:
        super().__init__()
        self._context, self._images = context, images
        self._row: InboxRow | None = None
        self._last: tuple[C1Key, int] | None = None  # placed just before
        self.picture = CropView()
        self.picture.set_whole(is_whole=True)
        self.words = QLabel()
        self.words.setWordWrap(True)
        theme.set_role(self.words, "wait")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "bad")
        self.station = QLineEdit()
        self.station.setPlaceholderText(self.tr("Nomor TPS dan desa: 1 cileunyi kulon"))
        self.station.setAccessibleName(self.tr("TPS lembar ini"))
        self.station.installEventFilter(self)
        self.page = QComboBox()
        self.page.addItems([self.tr("halaman %1").replace("%1", str(n)) for n in range(1, MOST_PAGES + 1)])
        self.page.setAccessibleName(self.tr("Halaman"))
        self.page.installEventFilter(self)
        self.choices = QListWidget()
        self.choices.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.choices.setAccessibleName(self.tr("Pilihan TPS"))
        self.choices.setMaximumHeight(132)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._build()
        self._connect()
        self.show_page(None)

    def _build(self) -> None:
        card = Card()
        card.body.addWidget(self.picture, 1)
        for label in (self.words, self.problem):
            card.body.addWidget(label)
        line = QHBoxLayout()
        line.addWidget(self.station, 1)
        line.addWidget(self.page)
        card.body.addLayout(line)
        card.body.addWidget(self.choices)
        card.body.addWidget(
            KeyHints(
                ("Enter", self.tr("tetapkan")),
                ("↑↓", self.tr("pilihan")),
                ("Esc", self.tr("kembali")),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _connect(self) -> None:
        self.station.textChanged.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(self._look_up)
        self.choices.itemClicked.connect(lambda _item: self._place())
        self._images.ready.connect(self._on_ready)
        self._images.failed.connect(self._on_failed)
        self.picture.size_wanted.connect(lambda _width: self._show_picture())

    # ---- what it shows -------------------------------------------------------------------------------------------

    def show_page(self, row: InboxRow | None) -> None:
        """The page in front, with what the scanner thinks it is."""
        self._row = row
        self.say_problem("")
        self.choices.clear()
        self.choices.hide()
        self.setEnabled(row is not None)
        if row is None:
            self.words.clear()
            self.station.clear()
            self.picture.set_picture(
                None, "", self.tr("Kotak masuk kosong. Ambil berkas (F5) atau seret ke sini.")
            )
            return
        lines = [long_words(one) for one in row.warnings]
        if row.reason:
            lines.insert(0, row.reason)
        self.words.setText("\n".join(f"▲ {line}" for line in lines))
        self.words.setVisible(bool(lines))
        key, page = self._proposal(row)
        self.station.setText(str(key.tps) if key is not None else "")
        self.page.setCurrentIndex(page - 1)
        self._show_picture()
        self._look_up()

    def _proposal(self, row: InboxRow) -> tuple[C1Key | None, int]:
        """What the scanner thinks; else the page after the one placed last: sheets come in the order of the pile."""
        if row.key is not None or self._last is None:
            return row.key, row.page or 1
        key, page = self._last
        is_more = any(one.n == page + 1 for one in forms.load(key.form).pages)
        return (key, page + 1) if is_more else (None, row.page or 1)

    def _show_picture(self) -> None:
        row = self._row
        if row is not None:
            picture = self._images.scan(row.path, self.picture.picture_width())
            self.picture.set_picture(picture, row.name, self.tr("Pindaian sedang dibuka…"))

    def _on_ready(self, name: str) -> None:
        if self._row is not None and name == str(self._row.path):
            self._show_picture()

    def _on_failed(self, name: str, sentence: str) -> None:
        if self._row is not None and name == str(self._row.path):
            self.picture.set_picture(None, self._row.name, sentence)

    def say_problem(self, text: str) -> None:
        self.problem.setText(f"■ {text}" if text else "")
        self.problem.setVisible(bool(text))

    def focus_work(self) -> None:
        if self._row is not None:
            self.station.setFocus()
            self.station.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_picture()

    # ---- choosing ------------------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        text, wp, row = self.station.text().strip(), self._context.desk.wp, self._row
        if not text or row is None:
            self.choices.clear()
            self.choices.hide()
            return
        self._context.tasks.run(
            self,
            lambda: jobs.choices(wp, text),
            lambda found: self._on_found(row, text, found),
            slot="choices",
        )

    def _on_found(self, row: InboxRow, text: str, found: tuple[Choice, ...]) -> None:
        if self._row is not row or self.station.text().strip() != text:
            return
        self.choices.clear()
        for choice in found:
            item = QListWidgetItem(f"{choice.words} · {forms.load(choice.key.form).title.id}")
            item.setData(_CHOICE, choice)
            self.choices.addItem(item)
        self.choices.setVisible(bool(found))
        if found:
            self.choices.setCurrentRow(0)
        self.say_problem("" if found else self.tr("Tidak ada TPS seperti itu di kabupaten/kota ini."))

    def _place(self) -> None:
        if self.choices.currentRow() < 0 or self._row is None:
            return
        choice = self.choices.currentItem().data(_CHOICE)
        pages = [page.n for page in forms.load(choice.key.form).pages]
        number = self.page.currentIndex() + 1
        if number not in pages:
            self.say_problem(
                self.tr("Formulir ini hanya punya halaman %1.").replace(
                    "%1", ", ".join(str(one) for one in pages)
                )
            )
            return
        self._last = (choice.key, number)
        self.placed.emit(self._row.id, choice.key, number)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line keeps the focus while arrows walk over the choices below it."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self._is_ours(event):
            return True
        return super().eventFilter(watched, event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._place()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.choices.count():
            offset = 1 if key == Qt.Key.Key_Down else -1
            self.choices.setCurrentRow(
                max(0, min(self.choices.count() - 1, self.choices.currentRow() + offset))
            )
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            offset = 1 if key == Qt.Key.Key_PageDown else -1
            self.page.setCurrentIndex(max(0, min(MOST_PAGES - 1, self.page.currentIndex() + offset)))
        else:
            return False
        return True
