"""What stands here beside what KPU RI sent back, or what another place shows, box by box; every difference has an icon,
a word and a colour.

Invariant: it compares what it is given and says what it does not show: the differing boxes come first and alone, the
line above the table counts them all, and one key brings the rest (229 numbers of a DPR form are no list for an eye that
looks for three). Where nothing differs, all are there. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.domain.cell import Cell, Cells, Mark
from app.domain.form import Field, FormDefinition
from ui import theme
from ui.entry.box_text import shown
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.theme import Tone
from ui.widgets.table import Table


@dataclass(frozen=True, slots=True)
class SideRow:
    """One box on both sides."""

    field: str
    code: str
    label: str
    here: Cell | None
    there: Cell | None

    @property
    def is_same(self) -> bool:
        return self.here == self.there


def side_rows(form: FormDefinition, here: Cells, there: Cells, language: str = "id") -> list[SideRow]:
    """Every box that stands on one side at least, in paper order."""
    return [
        SideRow(one.id, one.code, field_label(one, language), here.get(one.id), there.get(one.id))
        for one in form.fields
        if one.id in here or one.id in there
    ]


def field_label(field: Field, language: str) -> str:
    """`L · Pemilih dalam DPT`: the column first, because long labels are cut at their end."""
    label = (field.row_label if field.row_label.id else field.label).in_language(language)
    return f"{field.column} · {label}" if field.column else label


class SideBySide(QWidget):
    """`chosen` carries the field the person looks at."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, there: str = "KPU RI") -> None:
        super().__init__(parent)
        self.rows: RowsModel[SideRow] = RowsModel(self._columns(there), lambda row: row.field)
        self.table = Table(self.rows, self.tr("Di sini dan di %1").replace("%1", there))
        self.table.row_chosen.connect(self._on_row)
        self.count = QLabel()
        theme.set_role(self.count, "small")
        self._all: tuple[SideRow, ...] = ()
        self._is_whole = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.count)
        column.addWidget(self.table)

    def _columns(self, there: str) -> list[Column[SideRow]]:
        return [
            Column(self.tr("Kode"), lambda row: row.code, "IV.01"),
            Column(self.tr("Isian"), lambda row: row.label, is_stretched=True),
            Column(
                self.tr("Di sini"),
                lambda row: self._words(row.here),
                "kosong",
                is_number=True,
                is_bold=True,
            ),
            Column(
                there,
                lambda row: self._words(row.there),
                "kosong",
                is_number=True,
                is_bold=True,
            ),
            Column(
                self.tr("Hasil"),
                lambda row: self.tr("sama") if row.is_same else self.tr("BEDA"),
                "BEDA",
                tone=lambda row: Tone.GOOD if row.is_same else Tone.BAD,
            ),
        ]

    def _words(self, cell: Cell | None) -> str:
        if cell is Mark.BLANK:
            return self.tr("kosong")
        if cell is Mark.UNREADABLE:
            return self.tr("tak terbaca")
        return self.tr("tidak ada") if cell is None else shown(cell)

    def set_sides(self, rows: Sequence[SideRow]) -> None:
        """Show both sides, what differs first; the first difference is chosen."""
        self._all, self._is_whole = tuple(rows), all(row.is_same for row in rows)
        self._show()

    def toggle_whole(self) -> None:
        """All boxes, or those alone that differ."""
        if any(not row.is_same for row in self._all):
            self._is_whole = not self._is_whole
            self._show()

    def choose(self, field: str) -> None:
        """Bring one box into sight, also one that does not differ."""
        if all(row.field != field for row in self.rows.rows):
            self.toggle_whole()
        place = next((n for n, row in enumerate(self.rows.rows) if row.field == field), None)
        if place is not None:
            self.table.selectRow(place)

    def _show(self) -> None:
        differing = [row for row in self._all if not row.is_same]
        self.rows.set_rows(self._all if self._is_whole else differing)
        self.count.setText(self._count_words(len(differing)))
        self.count.setVisible(bool(differing))
        first = next((place for place, row in enumerate(self.rows.rows) if not row.is_same), 0)
        if self.rows.rows:
            self.table.selectRow(first)
            self._on_row(first)

    def _count_words(self, differing: int) -> str:
        words = (
            self.tr("Semua %2 kotak; %1 berbeda.  F3: yang berbeda saja")
            if self._is_whole
            else self.tr("%1 dari %2 kotak berbeda.  F3: semua kotak")
        )
        return words.replace("%1", str(differing)).replace("%2", str(len(self._all)))

    def clear(self) -> None:
        self._all = ()
        self.rows.set_rows([])
        self.count.clear()

    def to_next_difference(self) -> None:
        """The next differing box after the chosen one, from the top again at the end."""
        now = self.table.currentIndex().row()
        places = [place for place, row in enumerate(self.rows.rows) if not row.is_same]
        if places:
            self.table.selectRow(next((place for place in places if place > now), places[0]))

    def _on_row(self, place: int) -> None:
        row = self.rows.row_at(place)
        if row is not None:
            self.chosen.emit(row.field)
