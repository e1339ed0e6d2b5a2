"""Cover sheets: which desa, which file, and the PDF is written off the UI thread.

Invariants: nothing is written before the button (or Enter) is pressed; the dialog stays open with the reason when it
could not be written. Thread: UI; the store and the drawing on workers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import ExpectedError
from ui import theme
from ui.page import Context
from ui.pages import pages_in_jobs as jobs
from ui.pages.pages_in_jobs import Desa

Write = Callable[[str, Path], str]
TYPING_PAUSE_MS = 80
LEAST_WIDTH_PX = 520
_DESA = Qt.ItemDataRole.UserRole


class CoverDialog(QDialog):
    """`written` carries the sentence to show."""

    written = Signal(str)

    def __init__(self, parent: QWidget, context: Context, write: Write) -> None:
        super().__init__(parent)
        self._context, self._write = context, write
        self._is_busy = False
        self._is_own_name = False  # the person chose the file: another desa does not rename it
        self.setWindowTitle(self.tr("Lembar sampul"))
        self.setMinimumWidth(LEAST_WIDTH_PX)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Desa/kelurahan: cileunyi kulon, atau kodenya"))
        self.search.setAccessibleName(self.tr("Cari desa/kelurahan"))
        self.search.installEventFilter(self)
        self.choices = QListWidget()
        self.choices.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.choices.setAccessibleName(self.tr("Pilihan desa/kelurahan"))
        self.file = QLineEdit()
        self.file.setAccessibleName(self.tr("Simpan sebagai"))
        self.browse = QPushButton(self.tr("Pilih…"))
        self.browse.setAutoDefault(False)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.do_it = QPushButton(self.tr("Buat PDF"))
        self.do_it.setDefault(True)
        theme.set_role(self.do_it, "primary")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._build()
        self._connect()
        self._look_up()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(8)
        lead = QLabel(
            self.tr(
                "Satu lembar berkode untuk setiap TPS: letakkan di atas formulirnya sebelum dipindai, dan halamannya "
                "dikenali sendiri."
            )
        )
        lead.setWordWrap(True)
        theme.set_role(lead, "lead")
        for part in (lead, self.search, self.choices):
            column.addWidget(part)
        column.addWidget(QLabel(self.tr("Simpan sebagai")))
        line = QHBoxLayout()
        line.addWidget(self.file, 1)
        line.addWidget(self.browse)
        column.addLayout(line)
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(self.tr("Tutup"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row.addWidget(close)
        row.addWidget(self.do_it)
        column.addLayout(row)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(self._look_up)
        self.choices.currentRowChanged.connect(lambda _row: self._propose())
        self.file.textEdited.connect(lambda _text: self._on_own_name())
        self.browse.clicked.connect(lambda _checked=False: self._on_browse())
        self.do_it.clicked.connect(lambda _checked=False: self._on_do_it())

    # ---- which desa ------------------------------------------------------------------------------------------------

    def desa(self) -> Desa | None:
        """The one that is chosen."""
        if self.choices.currentRow() < 0:
            return None
        found = self.choices.currentItem().data(_DESA)
        return found if isinstance(found, Desa) else None

    def _look_up(self) -> None:
        text, wp = self.search.text().strip(), self._context.desk.wp
        self._context.tasks.run(
            self, lambda: jobs.desas(wp, text), lambda found: self._on_found(text, found), slot="desas"
        )

    def _on_found(self, text: str, found: tuple[Desa, ...]) -> None:
        if self.search.text().strip() != text:
            return
        self.choices.clear()
        for desa in found:
            item = QListWidgetItem(desa.words)
            item.setData(_DESA, desa)
            self.choices.addItem(item)
        if found:
            self.choices.setCurrentRow(0)
        self._say(
            "" if found else self.tr("Tidak ada desa/kelurahan seperti itu di kabupaten/kota ini."), "bad"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The search line keeps the focus while arrows walk over the choices below it."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and self.choices.count()
        ):
            place = self.choices.currentRow() + (1 if event.key() == Qt.Key.Key_Down else -1)
            self.choices.setCurrentRow(max(0, min(self.choices.count() - 1, place)))
            return True
        return super().eventFilter(watched, event)

    # ---- which file ------------------------------------------------------------------------------------------------

    def _propose(self) -> None:
        desa = self.desa()
        if desa is None or self._is_own_name:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.tr("lembar-sampul-%1.pdf").replace("%1", f"{desa.code}-{desa.slug}")
        self.file.setText(str(Path(folder) / name))

    def _on_own_name(self) -> None:
        self._is_own_name = True

    def _on_browse(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Simpan lembar sampul"), self.file.text(), "PDF (*.pdf)"
        )
        if name:
            self._is_own_name = True
            self.file.setText(name)

    # ---- writing ---------------------------------------------------------------------------------------------------

    def _on_do_it(self) -> None:
        desa, target = self.desa(), self.file.text().strip()
        if desa is None:
            self._say(self.tr("Pilih desa/kelurahan dulu."), "bad")
            return
        if not target:
            self._say(self.tr("Tulis nama berkasnya dulu."), "bad")
            return
        path = Path(target).expanduser()
        if path.suffix.lower() != ".pdf":
            path = path.with_name(f"{path.name}.pdf")
        self._set_busy(is_busy=True)
        self._say(self.tr("Membuat PDF…"), "small")
        code, write = desa.code, self._write
        self._context.tasks.run(self, lambda: write(code, path), self._on_written, self._on_failed)

    def _on_written(self, sentence: str) -> None:
        self._set_busy(is_busy=False)
        self.written.emit(sentence)
        self.accept()

    def _on_failed(self, error: ExpectedError) -> None:
        self._set_busy(is_busy=False)
        self._say(error.sentence(), "bad")

    def reject(self) -> None:
        """Not while the PDF is being written: its sentence would reach nobody."""
        if not self._is_busy:
            super().reject()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.do_it.setEnabled(not is_busy)

    def _say(self, text: str, role: str) -> None:
        theme.set_role(self.message, role)
        self.message.setText(text)
