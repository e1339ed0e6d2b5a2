"""Ctrl+K: find a TPS by number and desa, and open its card. Typing never waits: only the newest text is looked up.

Thread: UI; the look-up runs through `ui.tasks`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.services import register
from app.services.register import Station
from app.services.workplace import Workplace
from ui import theme
from ui.places import proper
from ui.tasks import Tasks
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import fitted

_STATION = Qt.ItemDataRole.UserRole
_SHOWN = 20


class SearchDialog(QDialog):
    """One line to type in, up to twenty TPS below it."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, wp: Workplace, tasks: Tasks) -> None:
        super().__init__(parent)
        self._wp, self._tasks = wp, tasks
        self.setWindowTitle(self.tr("Cari TPS"))
        self.setMinimumSize(fitted(self, 560, 420))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("nomor TPS dan desa, misalnya: 1 cileunyi kulon"))
        self.field.setAccessibleName(self.tr("Cari TPS"))
        self.field.textChanged.connect(self._on_text)
        self.field.installEventFilter(self)
        self.found = QListWidget()
        self.found.setAccessibleName(self.tr("TPS yang ditemukan"))
        theme.set_role(self.found, "boxed")
        self.found.itemActivated.connect(self._on_activated)
        self.found.itemClicked.connect(self._on_activated)
        self.message = QLabel(self.tr("Ketik nomor TPS, nama desa, atau kode."))
        theme.set_role(self.message, "lead")
        column.addWidget(self.field)
        column.addWidget(self.message)
        column.addWidget(self.found, 1)
        column.addWidget(
            KeyHints(("↑ ↓", self.tr("pilih")), ("Enter", self.tr("buka")), ("Esc", self.tr("tutup")))
        )
        self.field.setFocus()

    def _on_text(self, text: str) -> None:
        if not text.strip():
            self.found.clear()
            return
        self._tasks.run(
            self, lambda: register.find_stations(self._wp, text, limit=_SHOWN), self._on_found, slot="find"
        )

    def _on_found(self, stations: Sequence[Station]) -> None:
        self.found.clear()
        for station in stations:
            desa, kecamatan = proper(station.desa_name), proper(station.kecamatan_name)
            item = QListWidgetItem(f"{station.tps.label}  ·  {desa}  ·  {self.tr('Kec.')} {kecamatan}")
            item.setData(_STATION, station)
            self.found.addItem(item)
        self.found.setCurrentRow(0)
        if stations:
            self.message.setText(self.tr("%n TPS ditemukan", "", len(stations)))
        else:
            self.message.setText(
                self.tr("Tidak ada TPS dengan nomor atau nama itu. Periksa ejaan nama desa.")
            )

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.accept()
        self.chosen.emit(item.data(_STATION))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.found.setCurrentRow(max(0, min(self.found.count() - 1, self.found.currentRow() + step)))
                return True
            item = self.found.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if item is not None:
                    self._on_activated(item)
                return True
        return super().eventFilter(watched, event)
