"""The lists of Verifikasi: what was returned, and what waits for a decision or is still to be seen elsewhere.

One at a time, chosen above the table or by F3; each says what to do next. No value stands in a list. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.attention import Matter, Matters
from ui import format as fmt
from ui import theme
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages.form_column import form_column
from ui.pages.verification_jobs import Listing, ReturnedRow
from ui.theme import Tone
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_hint import KeyHints
from ui.widgets.table import Table

NEED_OF = {"returned": Matter.RETURNED, "differs_returned": Matter.RETURNED}  # others are named as their list


class MatterLists(QWidget):
    """`chosen`: another list is wanted. `opened`: a form of the present one."""

    chosen = Signal()
    opened = Signal(object)  # C1Key

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.matter = Matter.RETURNED
        self._matters: tuple[Matter, ...] = tuple(Matter)
        self.chips: dict[Matter, QPushButton] = {}
        self.returned: RowsModel[ReturnedRow] = RowsModel(self._returned_columns(), lambda row: row.key)
        self.matters: RowsModel[Matters] = RowsModel(
            self._matter_columns(), lambda row: (row.matter, row.key)
        )
        self.returned_table = Table(self.returned, self.tr("Dikembalikan untuk diverifikasi"))
        self.matters_table = Table(self.matters, self.tr("Perlu keputusan"), least_letters=38)
        self.step = QLabel()  # what to do next, where it is the same for the whole list
        self.step.setWordWrap(True)
        self.step.hide()
        theme.set_role(self.step, "lead")
        self.nothing = EmptyState("check")
        self.faces = QStackedWidget()
        for face in (self.returned_table, self.matters_table, self.nothing):
            self.faces.addWidget(face)
        self.returned_table.row_opened.connect(lambda place: self._on_opened(self.returned.row_at(place)))
        self.matters_table.row_opened.connect(lambda place: self._on_opened(self.matters.row_at(place)))
        self._build()

    def _returned_columns(self) -> list[Column[ReturnedRow]]:
        return [
            Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
            *form_column(self._context.desk.wp, lambda row: row.key),
            Column(self.tr("Desa/kelurahan"), lambda row: row.desa, "Margahayu Selatan"),
            Column(
                self.tr("Perbandingan"),
                self._result_words,
                "39 kotak berbeda",
                tone=lambda row: Tone.GOOD if row.is_identical else Tone.BAD,
            ),
            Column(
                self.tr("Kembali"),
                lambda row: fmt.moment(row.returned_at, self._context.desk.wp.now()),
                "18/4 14.03",
            ),
            Column(
                self.tr("Tidak dapat sekaligus karena"),
                lambda row: " ".join(row.why_not),
                is_stretched=True,
                tone=lambda row: Tone.WAIT if row.why_not else Tone.PLAIN,
            ),
        ]

    def _matter_columns(self) -> list[Column[Matters]]:
        return [
            Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
            *form_column(self._context.desk.wp, lambda row: row.key),
            Column(self.tr("Desa/kelurahan"), lambda row: row.desa_name, "Margahayu Selatan"),
            Column(
                self.tr("Sejak"),
                lambda row: fmt.age(row.since, self._context.desk.wp.now()),
                "2 jam 11 mnt",
                is_number=True,
            ),
            Column(
                self.tr("Keadaan"),
                lambda row: row.why,
                is_stretched=True,
                tone=lambda row: Tone.WAIT if row.matter is Matter.UNSEEN else Tone.BAD,
                tooltip=lambda row: row.why,
            ),
            Column(
                self.tr("Langkah berikut"),
                lambda row: row.next_step,
                "Penarikan menunggu terkirim: Antrean.",
                tooltip=lambda row: row.next_step,
            ),
        ]

    def _result_words(self, row: ReturnedRow) -> str:
        if row.is_identical:
            return self.tr("identik")
        return self.tr("%1 kotak berbeda").replace("%1", str(row.difference_count))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(4)
        group = QButtonGroup(self)
        for matter in Matter:
            chip = QPushButton()
            chip.setCheckable(True)
            theme.set_role(chip, "filter")
            chip.clicked.connect(lambda _checked=False, matter=matter: self.choose(matter))
            group.addButton(chip)
            row.addWidget(chip)
            self.chips[matter] = chip
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(self.step)
        card.body.addWidget(self.faces, 1)
        own = (("Enter", self.tr("buka")), ("F3", self.tr("daftar berikutnya")))
        self.keys = KeyHints(*own, ("F6", self.tr("konfirmasi yang identik")))
        self.keys_without_batch = KeyHints(*own)
        card.body.addWidget(self.keys)
        card.body.addWidget(self.keys_without_batch)
        self.keys_without_batch.hide()
        column.addWidget(card)
        self._name_chips({})

    # ---- choosing ------------------------------------------------------------------------------------------------

    def set_matters(self, matters: Sequence[Matter]) -> None:
        """The lists this person works with; the first is in front."""
        self._matters = tuple(matters)
        for matter, chip in self.chips.items():
            chip.setVisible(matter in self._matters)
        self.matter = self._matters[0]
        self.chips[self.matter].setChecked(True)
        self._show_keys()

    @property
    def shown_matters(self) -> tuple[Matter, ...]:
        return self._matters

    def choose(self, matter: Matter) -> None:
        """Another list; it is read anew."""
        if matter not in self._matters:
            return
        self.chips[matter].setChecked(True)
        if matter is not self.matter:
            self.matter = matter
            self.matters.set_rows([])
            self._show_keys()
            self.chosen.emit()

    def _show_keys(self) -> None:
        """F6 where it does something: a key that does nothing is no hint."""
        is_returned = self.matter is Matter.RETURNED
        self.keys.setVisible(is_returned)
        self.keys_without_batch.setHidden(is_returned)

    def next_list(self) -> None:
        place = self._matters.index(self.matter)
        self.choose(self._matters[(place + 1) % len(self._matters)])

    # ---- showing -------------------------------------------------------------------------------------------------

    def show_listing(self, listing: Listing) -> None:
        self._name_chips(listing.counts)
        self.returned.set_rows(listing.returned)
        self.matters.set_rows(listing.matters)
        steps = {row.next_step for row in listing.matters}
        is_one = listing.matter is not Matter.UNSEEN and len(steps) == 1
        self.step.setText(steps.pop() if is_one else "")
        self.step.setVisible(is_one)
        self.matters_table.setColumnHidden(len(self.matters.columns) - 1, is_one)
        rows = listing.returned or listing.matters
        if not rows:
            self.nothing.say(*self._nothing_words(listing.matter))
            self.faces.setCurrentWidget(self.nothing)
        else:
            self.faces.setCurrentWidget(
                self.returned_table if listing.matter is Matter.RETURNED else self.matters_table
            )

    def clear(self) -> None:
        self.returned.set_rows([])
        self.matters.set_rows([])

    def focus_work(self) -> None:
        """The list; where it is empty its name, from where the arrow keys lead to the other lists."""
        face = self.faces.currentWidget()
        (self.chips[self.matter] if face is self.nothing or face is None else face).setFocus()

    def _name_chips(self, counts: Mapping[Matter, int]) -> None:
        words = {
            Matter.RETURNED: self.tr("Dikembalikan"),
            Matter.DISPUTED: self.tr("Tidak cocok"),
            Matter.RIVAL: self.tr("Angka lain"),
            Matter.REJECTED: self.tr("Ditolak"),
            Matter.UNSEEN: self.tr("Belum terlihat"),
        }
        for matter, chip in self.chips.items():
            number = f"  {fmt.number(counts[matter])}" if counts.get(matter) else ""
            chip.setText(words[matter] + number)

    def _nothing_words(self, matter: Matter) -> tuple[str, str]:
        if matter is Matter.RETURNED:
            return self.tr("Tidak ada yang menunggu verifikasi"), self.tr(
                "Formulir muncul di sini setelah KPU RI mengembalikannya. Pekerjaan lain dapat diteruskan."
            )
        if matter is Matter.UNSEEN:
            return self.tr("Semua koreksi sudah terlihat"), self.tr(
                "Tidak ada formulir yang di KPU RI atau di situs publik masih menampilkan angka lama."
            )
        return self.tr("Tidak ada di daftar ini"), self.tr("Tidak ada formulir yang menunggu keputusan ini.")

    def _on_opened(self, row: ReturnedRow | Matters | None) -> None:
        if row is not None:
            self.opened.emit(row.key)
