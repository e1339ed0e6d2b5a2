"""At the end of practice: where what was keyed differs from the practice paper, each with its crop. Thread: UI."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app import forms
from app.domain.c1form import C1Key
from app.services import pages, workplace
from app.training import guide as path
from app.training.guide import Guide, Slip
from ui import theme
from ui.entry.box_text import shown
from ui.format import number
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages.keying_jobs import pictures
from ui.pages.keying_pictures import PagePicture, Pictures
from ui.widgets.crop_view import CropView
from ui.widgets.page_images import PageImages
from ui.widgets.scrolled import fitted
from ui.widgets.table import Table


@dataclass(frozen=True, slots=True)
class _Found:
    keyed: int
    slips: tuple[Slip, ...]
    pages: dict[C1Key, dict[int, PagePicture]]


class SlipsDialog(QDialog):
    """The list on the right, the paper on the left; nothing is counted against anybody."""

    def __init__(self, parent: QWidget, context: Context, guide: Guide) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Salah ketik latihan"))
        self.resize(fitted(self, 1040, 620))
        self._context = context
        wp = context.desk.wp
        language = workplace.preference(wp, "language", "id")
        self._found: _Found | None = None
        self._shown: C1Key | None = None
        self.lead = QLabel()
        self.lead.setWordWrap(True)
        theme.set_role(self.lead, "heading")
        self.model = RowsModel[Slip](self._columns(), lambda row: (row.key, row.field, row.by))
        self.table: Table = Table(self.model, self.tr("Salah ketik latihan"), least_letters=12)
        self.crop = CropView()
        self.pictures = Pictures(PageImages(context.tasks, self), self.crop, language)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.lead)
        middle = QHBoxLayout()
        middle.addWidget(self.crop, 1)
        middle.addWidget(self.table, 1)
        column.addLayout(middle, 1)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        close = QPushButton(self.tr("Tutup"))
        close.clicked.connect(self.accept)
        bottom.addWidget(close)
        column.addLayout(bottom)
        self.table.row_chosen.connect(self._on_chosen)
        context.tasks.run(self, lambda: _read(context, guide), self._on_read)

    def _columns(self) -> list[Column[Slip]]:
        return [
            Column(self.tr("TPS"), lambda row: row.key.tps.label, "TPS 000"),
            Column(
                self.tr("Kotak"),
                lambda row: forms.load(row.key.form).paper_codes[row.field],
                "III.A.1 J",
                is_bold=True,
            ),
            Column(self.tr("Diketik"), lambda row: shown(row.keyed), "0.000", is_number=True),
            Column(self.tr("Di kertas"), lambda row: shown(row.written), "0.000", is_number=True),
            Column(self.tr("Oleh"), lambda row: row.by, is_stretched=True),
        ]

    def _on_read(self, found: _Found) -> None:
        self._found = found
        self.model.set_rows(found.slips)
        words = (
            self.tr(
                "Dari %1 kotak yang diketik, %2 berbeda dari kertas latihan. Pilih satu untuk melihat kertasnya."
            )
            if found.slips
            else self.tr("Dari %1 kotak yang diketik, tidak ada yang berbeda dari kertas latihan.")
        )
        self.lead.setText(words.replace("%1", number(found.keyed)).replace("%2", number(len(found.slips))))
        self.table.setVisible(bool(found.slips))
        self.crop.setVisible(bool(found.slips))
        if found.slips:
            self.table.setFocus()
            self.table.selectRow(0)
            self._on_chosen(0)

    def _on_chosen(self, place: int) -> None:
        row = self.model.row_at(place)
        if row is None or self._found is None:
            return
        form = forms.load(row.key.form)
        if self._shown != row.key:
            self._shown = row.key
            self.pictures.open(form, self._found.pages.get(row.key, {}))
        self.pictures.show_field(form.by_id[row.field])


def _read(context: Context, guide: Guide) -> _Found:
    wp = context.desk.wp
    keyed, slips = path.slips(wp, guide)
    return _Found(keyed, tuple(slips), {one.key: pictures(pages.pages_of(wp, one.key)) for one in slips})
