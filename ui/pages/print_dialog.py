"""A sheet on the screen before it is printed: paper size, page after page, the printer or a PDF. Thread: UI.

Our own instead of Qt's: that one is English on an Indonesian desktop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.errors import ExpectedError
from ui import paper, theme
from ui.paper import Sheet, Size
from ui.widgets.scrolled import fitted

_PAGE_PX = 620  # a page's width on the screen


class PrintDialog(QDialog):
    """Esc closes it; Page Up and Page Down turn the pages."""

    def __init__(self, parent: QWidget, sheet: Sheet, size: Size = Size.A4) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(sheet.title)
        self.resize(fitted(self, 760, 760))
        self._sheet, self._page = sheet, 0
        self.size_choice, self.printer = QComboBox(), QComboBox()
        for one in Size:
            self.size_choice.addItem(one.name, one.name)
        self.size_choice.setCurrentText(size.name)
        self.size_choice.setAccessibleName(self.tr("Ukuran kertas"))
        self.printer.setAccessibleName(self.tr("Pencetak"))
        self.printer.addItems(paper.printers())
        self.page, self.message, self.place = QLabel(), QLabel(), QLabel()
        self.page.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.message.setWordWrap(True)
        self.back = self._button(self.tr("◀ &Sebelumnya"), lambda: self._turn(-1))
        self.next = self._button(self.tr("&Berikutnya ▶"), lambda: self._turn(+1))
        self.print = self._button(self.tr("&Cetak"), self._on_print)
        self.save = self._button(self.tr("Simpan &PDF…"), self._on_save)
        self._build()
        self.size_choice.activated.connect(lambda _place: self._show(0))
        self._show(0)

    @property
    def size_name(self) -> Size:
        return Size[self.size_choice.currentText()]

    def _build(self) -> None:
        theme.set_role(self.print, "primary")
        has_printer = self.printer.count() > 0
        self.printer.setVisible(has_printer)
        self.print.setVisible(has_printer)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        top = QHBoxLayout()
        for widget in (QLabel(self.tr("Kertas")), self.size_choice, self.back, self.place, self.next):
            top.addWidget(widget)
        top.addStretch(1)
        column.addLayout(top)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.page)
        area.setAccessibleName(self.tr("Gambar halaman"))
        column.addWidget(area, 1)
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addWidget(self.printer, 1)
        row.addWidget(self.print)
        row.addWidget(self.save)
        if not has_printer:
            row.insertWidget(0, QLabel(self.tr("Tidak ada pencetak di komputer ini.")), 1)
        close = self._button(self.tr("Tutup"), self.reject)
        row.addWidget(close)
        column.addLayout(row)

    def _button(self, words: str, slot: Callable[[], object]) -> QPushButton:
        made = QPushButton(words)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _checked=False: slot())
        return made

    def _show(self, page: int) -> None:
        count = self._sheet.page_count(self.size_name)
        self._page = max(0, min(page, count - 1))
        ratio = self.devicePixelRatioF()
        image = paper.picture(self._sheet, self._page, self.size_name, round(_PAGE_PX * ratio))
        image.setDevicePixelRatio(ratio)
        self.page.setPixmap(QPixmap.fromImage(image))
        self.place.setText(self.tr("%1 dari %2").replace("%1", str(self._page + 1)).replace("%2", str(count)))
        self.page.setAccessibleName(f"{self._sheet.title}, {self.place.text()}")
        self.back.setEnabled(self._page > 0)
        self.next.setEnabled(self._page < count - 1)

    def _turn(self, step: int) -> None:
        self._show(self._page + step)

    def _on_print(self) -> None:
        name = self.printer.currentText()
        self._tell(
            lambda: paper.print_on(self._sheet, self.size_name, name),
            self.tr("Dikirim ke %1.").replace("%1", name),
        )

    def _on_save(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Simpan PDF"), f"{self._sheet.file_name}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """The same as the button, where the file is known."""
        self._tell(
            lambda: paper.save_pdf(self._sheet, self.size_name, path),
            self.tr("Tersimpan: %1.").replace("%1", path.name),
        )

    def _tell(self, do: Callable[[], object], words: str) -> None:
        try:
            do()
        except ExpectedError as error:
            theme.set_role(self.message, "bad")
            self.message.setText(error.sentence())
            return
        theme.set_role(self.message, "good")
        self.message.setText(words)
