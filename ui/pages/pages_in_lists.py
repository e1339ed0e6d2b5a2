"""The two lists beside the inbox: sheets that are missing, and what became of the files just taken. Thread: UI."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.ports import IntakeResult, IntakeState
from app.services.workplace import Workplace
from ui import theme
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.pages.form_column import form_column
from ui.pages.pages_in_jobs import MissingRow
from ui.pages.pages_words import short_words
from ui.theme import Tone
from ui.widgets.table import Table

RESULTS_KEPT = 200
TONES = {
    IntakeState.ASSIGNED: Tone.GOOD,
    IntakeState.COVER: Tone.GOOD,
    IntakeState.INBOX: Tone.WAIT,
    IntakeState.SET_ASIDE: Tone.OFF,
    IntakeState.DUPLICATE: Tone.OFF,
    IntakeState.REFUSED: Tone.BAD,
}


class MissingList(QWidget):
    """`opened` carries the form's key."""

    opened = Signal(object)

    def __init__(self, wp: Workplace) -> None:
        super().__init__()
        self.rows: RowsModel[MissingRow] = RowsModel(
            [
                Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
                *form_column(wp, lambda row: row.key),
                Column(self.tr("Desa, kecamatan"), lambda row: row.place, is_stretched=True),
                Column(self.tr("Belum ada"), self._words, "halaman 1, 2", tone=lambda _row: Tone.WAIT),
            ],
            lambda row: row.key,
        )
        self.table = Table(self.rows, self.tr("Halaman yang belum ada"))
        self.table.row_opened.connect(self._on_row)
        self.none = QLabel(self.tr("Tidak ada formulir yang setengah jadi."))
        theme.set_role(self.none, "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.none)
        column.addWidget(self.table, 1)

    def set_rows(self, rows: Sequence[MissingRow]) -> None:
        self.rows.set_rows(rows)
        self.none.setVisible(not rows)

    def choose(self, key: C1Key) -> bool:
        """Select the form's row; False when nothing of it is missing."""
        place = next((place for place, row in enumerate(self.rows.rows) if row.key == key), None)
        if place is not None:
            self.table.selectRow(place)
        return place is not None

    def _words(self, row: MissingRow) -> str:
        return self.tr("halaman %1").replace("%1", ", ".join(str(one) for one in row.missing))

    def _on_row(self, place: int) -> None:
        row = self.rows.row_at(place)
        if row is not None:
            self.opened.emit(row.key)


class ResultList(QWidget):
    """Newest first: refused, duplicates and warnings with their reason; plain success is one word."""

    def __init__(self) -> None:
        super().__init__()
        self._numbered: list[tuple[int, IntakeResult]] = []
        self._count = 0
        self.rows: RowsModel[tuple[int, IntakeResult]] = RowsModel(
            [
                Column(
                    self.tr("Hasil"),
                    lambda row: self._state(row[1]),
                    "kotak masuk",
                    tone=lambda row: TONES[row[1].state],
                ),
                Column(self.tr("Keterangan"), lambda row: self._words(row[1]), is_stretched=True),
            ],
            lambda row: row[0],
        )
        self.table = Table(self.rows, self.tr("Berkas yang baru diambil"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def add(self, result: IntakeResult) -> None:
        self._count += 1
        self._numbered = [(self._count, result), *self._numbered[: RESULTS_KEPT - 1]]
        self.rows.set_rows(self._numbered)

    def clear(self) -> None:
        self._numbered = []
        self.rows.set_rows([])

    def _state(self, result: IntakeResult) -> str:
        words = {
            IntakeState.ASSIGNED: self.tr("masuk"),
            IntakeState.COVER: self.tr("lembar sampul"),
            IntakeState.INBOX: self.tr("kotak masuk"),
            IntakeState.SET_ASIDE: self.tr("disisihkan"),
            IntakeState.DUPLICATE: self.tr("sudah ada"),
            IntakeState.REFUSED: self.tr("ditolak"),
        }
        return words[result.state]

    def _words(self, result: IntakeResult) -> str:
        if result.state is IntakeState.ASSIGNED and result.key is not None:
            place = (
                self.tr("%1 halaman %2")
                .replace("%1", result.key.tps.label)
                .replace("%2", str(result.page or ""))
            )
            return " · ".join((place, *(short_words(one) for one in result.warnings)))
        return f"{Path(result.source).name}: {result.text}"
