"""Koreksi: the wrong boxes of one form, beside its scan; only they are typed, everything else stays.

Invariants: the focus stays in the one box below the list, Enter alone takes a value over; nothing is saved without a
reason, and never more than once; findings on the new values are told with the keys that accept them and block nothing.
Values leave the widget tree with the dialog. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.form import Field
from app.domain.lifecycle import VersionState
from app.errors import ExpectedError
from app.services.workplace import preference
from ui import theme
from ui.entry.box_text import shown
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages import correction_jobs as jobs
from ui.pages.correction_jobs import Correctable
from ui.pages.keying_pictures import Pictures
from ui.pages.keying_words import hint_words
from ui.theme import Tone
from ui.widgets.cell_edit import CellEdit
from ui.widgets.crop_view import CropView
from ui.widgets.findings_panel import FindingRow, FindingsPanel
from ui.widgets.key_hint import KeyHints
from ui.widgets.page_images import PageImages
from ui.widgets.scrolled import Held, fitted
from ui.widgets.side_by_side import field_label
from ui.widgets.table import Table

KEYS_FROM_PX = 760
MAX_NOTE = 160
CARDS = 1


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One box: what stands here, what KPU RI holds, what it becomes (None: it stays)."""

    field: Field
    label: str
    here: Cell
    there: Cell | None
    new: Cell | None


class CorrectionDialog(QDialog):
    """Opens empty, reads, then takes keys."""

    def __init__(self, parent: QWidget, context: Context, key: C1Key) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._key = context, key
        self._language = preference(context.desk.wp, "language", "id")
        self._what: Correctable | None = None
        self._changed: dict[str, Cell] = {}
        self._found: tuple[FindingRow, ...] = ()
        self._accepted: dict[str, tuple[str, str]] = {}
        self._is_warned = False
        self._looked_at: dict[str, Cell] = {}  # the values that `_found` speaks of
        self._wants_save = False
        self._at = ""  # the field whose value stands in the box
        self.done_with: Callable[[], None] | None = None
        self.images = PageImages(context.tasks, self)
        self.crop = CropView()
        self.pictures = Pictures(self.images, self.crop, self._language)
        self.rows: RowsModel[BoxRow] = RowsModel(self._columns(), lambda row: row.field.id)
        self.table = Table(self.rows, self.tr("Kotak formulir ini"), least_letters=16)
        self.box_name = QLabel()
        self.box = CellEdit(3)
        self.cause = QComboBox()
        self.note = QLineEdit()
        self.findings = FindingsPanel(clock=context.desk.wp.clock.monotonic)
        self.hint, self.what_happens, self.problem = QLabel(), QLabel(), QLabel()
        self.save = QPushButton(self.tr("Simpan koreksi  F10"))
        self._build()
        self._connect()
        self._read()

    def _columns(self) -> list[Column[BoxRow]]:
        return [
            Column(self.tr("Kode"), lambda row: row.field.code, "IV.01", is_bold=True),
            Column(self.tr("Isian"), lambda row: row.label, is_stretched=True),
            Column(self.tr("Di sini"), lambda row: shown(row.here), "1.234", is_number=True),
            Column(
                self.tr("KPU RI"), lambda row: shown(row.there), "1.234", is_number=True,
                tone=lambda row: Tone.WAIT if row.there not in (None, row.here) else Tone.PLAIN,
            ),
            Column(
                self.tr("Menjadi"), lambda row: shown(row.new), "1.234", is_number=True, is_bold=True,
                tone=lambda row: Tone.PLAIN if row.new is None else Tone.WAIT,
            ),
        ]  # fmt: skip

    def _causes(self) -> tuple[str, ...]:
        return (
            self.tr("Salah baca tulisan"),
            self.tr("Salah ketik atau baris"),
            self.tr("Lembar salah dipindai"),
            self.tr("KPU RI sesuai dengan C1"),
            self.tr("Sebab lain (catatan)"),
        )

    def _build(self) -> None:
        self.setWindowTitle(self.tr("Koreksi"))
        self.title = QLabel(self.tr("Koreksi"))
        theme.set_role(self.title, "title")
        for widget in (self.findings, self.hint, self.problem):
            widget.hide()
        for label, role in ((self.hint, "small"), (self.what_happens, "lead"), (self.problem, "bad")):
            label.setWordWrap(True)
            theme.set_role(label, role)
        self.box.setAccessibleName(self.tr("Angka yang benar"))
        self.cause.addItems(self._causes())
        self.cause.setAccessibleName(self.tr("Sebab"))
        self.note.setAccessibleName(self.tr("Catatan"))
        self.note.setMaxLength(MAX_NOTE)
        self.note.setPlaceholderText(self.tr("Catatan, misalnya: 7 terbaca 1"))
        self.table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.save.setAutoDefault(False)
        theme.set_role(self.save, "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        both = QWidget()
        body = QHBoxLayout(both)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addWidget(self.crop, 40)
        body.addLayout(self._side(), 60)
        column.addWidget(Held(both), 1)
        self.keys = KeyHints(
            ("↑ ↓", self.tr("kotak")),
            ("Enter", self.tr("ambil angka")),
            ("F2", self.tr("temuan")),
            ("F4", self.tr("seluruh halaman")),
            ("F10", self.tr("simpan")),
            ("Esc", self.tr("tutup")),
        )
        column.addWidget(self.keys)
        self.resize(fitted(self, 1180, 700))

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addWidget(self.table, 1)
        line = QHBoxLayout()
        line.addWidget(self.box_name, 1)
        line.addWidget(self.box)
        side.addLayout(line)
        side.addWidget(self.hint)
        side.addWidget(self.findings)
        why = QHBoxLayout()
        label = QLabel(self.tr("&Sebab"))
        label.setBuddy(self.cause)
        self.cause.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.cause.setMinimumContentsLength(14)
        for widget, stretch in ((label, 0), (self.cause, 1), (self.note, 1)):
            why.addWidget(widget, stretch)
        side.addLayout(why)
        side.addWidget(self.what_happens)
        side.addWidget(self.problem)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.save)
        side.addLayout(last)
        return side

    def _connect(self) -> None:
        self.table.row_chosen.connect(self._on_row)
        self.box.entered.connect(lambda is_repeat: None if is_repeat else self._on_entered())
        self.box.went_up.connect(lambda: self._step(-1))
        self.box.went_down.connect(lambda: self._step(1))
        self.box.hinted.connect(lambda hint: self._say_hint(hint_words(hint)))
        self.findings.accept_wanted.connect(self._on_accept)
        self.findings.jump_wanted.connect(self._on_jump)
        self.findings.chosen.connect(self._on_chosen)
        self.findings.went_back.connect(self.box.setFocus)
        self.findings.finish_wanted.connect(self.box.setFocus)
        self.findings.hint.connect(self._say_hint)
        self.findings.help_wanted.connect(self._on_rule_help)
        self.note.returnPressed.connect(self.box.setFocus)
        self.save.clicked.connect(lambda _checked=False: self.on_save())

    # ---- reading -------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        session, wp, key = self._context.shell.session, self._context.desk.wp, self._key
        self.box.setEnabled(False)
        if session is not None:
            self._context.tasks.run(
                self, lambda: jobs.correctable(wp, session, key), self._on_read, self._on_failed
            )

    def _on_read(self, what: Correctable) -> None:
        self._what = what
        words = self.tr("Koreksi · %1 · %2 · %3")
        for mark, text in (("%1", what.key.tps.label), ("%2", what.place), ("%3", what.form.title.id)):
            words = words.replace(mark, text)
        self.title.setText(words)
        self.box.set_limit(max(len(str(what.form.by_id[one].maximum)) for one in what.fields))
        self.pictures.open(what.form, what.pages)
        self.box.setEnabled(True)
        self._show_rows()
        differing = [row.field.id for row in self.rows.rows if row.there not in (None, row.here)]
        self.table.selectRow(what.fields.index(differing[0]) if differing else 0)
        self._on_row(self.table.currentIndex().row())
        self._say()
        self.box.setFocus()

    def _show_rows(self) -> None:
        what = self._what
        if what is not None:
            self.rows.set_rows(
                [
                    BoxRow(
                        what.form.by_id[one],
                        field_label(what.form.by_id[one], self._language),
                        what.before.cells[one],
                        what.before.centre.get(one),
                        self._changed.get(one),
                    )
                    for one in what.fields
                ]
            )

    def _on_row(self, place: int) -> None:
        row = self.rows.row_at(place)
        if row is None:
            return
        if row.field.id != self._at:
            self._take_typed()  # the mouse, or a finding, led elsewhere
        self._at = row.field.id
        self.box_name.setText(f"{row.field.code}  {row.label}")
        self.box_name.setToolTip(row.label)
        self.box.set_cell(row.new if row.new is not None else row.here)
        self._show_field(row.field.id)

    def _show_field(self, name: str) -> None:
        if self._what is not None and name:
            self.pictures.show_field(self._what.form.by_id[name])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keys.setVisible(event.size().width() >= KEYS_FROM_PX)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.isAutoRepeat():
            event.accept()
        elif key == Qt.Key.Key_F10:
            self.on_save()
        elif key == Qt.Key.Key_F4:
            self.crop.set_whole(is_whole=not self.crop.is_whole)
        elif key == Qt.Key.Key_F2 and self.findings.open_count:
            self.findings.setFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # no default button: Enter takes a value over and nothing else
        else:
            super().keyPressEvent(event)

    def _step(self, offset: int) -> None:
        if not self._take_typed():
            return
        place = self.table.currentIndex().row() + offset
        if 0 <= place < len(self.rows.rows):
            self.table.selectRow(place)

    def _on_entered(self) -> None:
        if self.box.cell is not None:
            self._step(1)

    def _take_typed(self) -> bool:
        """Take what was typed over, whichever key leaves the box: what one sees in it must not be lost. The number that
        stands here means that it stays. False while it is none of this box."""
        row, cell = next((one for one in self.rows.rows if one.field.id == self._at), None), self.box.cell
        if row is None or cell is None or cell == (row.here if row.new is None else row.new):
            return True
        if isinstance(cell, int) and cell > row.field.maximum:
            self._say_hint(self.tr("Paling besar %1.").replace("%1", shown(row.field.maximum)))
            return False
        self._say_hint("")
        if cell == row.here:
            self._changed.pop(row.field.id, None)
        else:
            self._changed[row.field.id] = cell
        self._is_warned = False
        self._show_rows()
        self._say()
        self._look_for_findings()
        return True

    # ---- findings ------------------------------------------------------------------------------------------------

    def _look_for_findings(self) -> None:
        what, wp, cells = self._what, self._context.desk.wp, dict(self._changed)
        if what is not None:
            self._context.tasks.run(
                self,
                lambda: jobs.would_find(wp, what.form, what.key, cells, self._language),
                lambda found: self._on_found(cells, found),
                slot="findings",
            )

    def _on_found(self, cells: dict[str, Cell], found: tuple[FindingRow, ...]) -> None:
        """A reason is for the values it was given for: those of other values are asked anew."""
        if cells != self._changed:
            return  # the answer about the values of now is on its way
        self._looked_at = cells
        self._accepted = {
            one.code: self._accepted[one.code]
            for one in found
            if one in self._found and one.code in self._accepted
        }
        self._found = found
        self._show_findings()
        if self._wants_save:
            self.on_save()

    def _show_findings(self) -> None:
        rows = [
            FindingRow(
                one.code, one.field, one.title, one.text, one.needs_reason, *self._accepted.get(one.code, ())
            )
            for one in self._found
        ]
        self.findings.set_findings(rows, is_review=bool(rows), limit=CARDS)
        self.findings.setVisible(bool(rows))
        self.what_happens.setVisible(not self.findings.open_count)  # a small screen has room for one of them

    def _on_accept(self, code: str, reason: str, note: str) -> None:
        self._accepted[code] = (reason, note)
        self._show_findings()
        if not self.findings.open_count:
            self.box.setFocus()

    def _field_of(self, code: str) -> str:
        return next((one.field for one in self._found if one.code == code), "")

    def _on_chosen(self, code: str) -> None:
        if self.findings.hasFocus():  # while boxes are typed the scan follows them
            self._show_field(self._field_of(code))

    def _on_rule_help(self, code: str) -> None:
        from ui.pages.rule_help import RuleHelpDialog  # noqa: PLC0415 - imported when first opened

        if self._what is not None:
            RuleHelpDialog(self, self._what.form, code, self._language).open()

    def _on_jump(self, code: str) -> None:
        place = next((n for n, row in enumerate(self.rows.rows) if row.field.id == self._field_of(code)), -1)
        if place >= 0:
            self.table.selectRow(place)
            self.box.setFocus()

    # ---- saving --------------------------------------------------------------------------------------------------

    def _say(self) -> None:
        """What will happen, before it does."""
        what = self._what
        if what is None:
            return
        if not self._changed and what.before.state is VersionState.RIVAL:
            self.what_happens.setText(
                self.tr(
                    "KPU RI memegang angka lain. Bila kertas sama dengan angka di sini, simpan tanpa mengubah: "
                    "angka di sini dikirim sebagai koreksi."
                )
            )
            return
        if not self._changed:
            self.what_happens.setText(
                self.tr("Ketik hanya kotak yang salah. Kotak lain tidak diketik ulang.")
            )
            return
        changes = ", ".join(
            f"{what.form.paper_codes[one]}: {shown(what.before.cells[one])} → {shown(cell)}"
            for one, cell in self._changed.items()
        )
        lines = (
            self.tr("Di sini: %1 (versi %2).")
            .replace("%1", changes)
            .replace("%2", str(what.before.number + 1)),
            self.tr(
                "KPU RI dan situs publik: angka lama tetap sampai orang kedua membacanya dan verifikator setuju."
            ),
            self.tr("Pembaca yang dulu hanya membaca kotak ini; orang lain membaca seluruhnya."),
        )
        self.what_happens.setText("\n".join(f"• {line}" for line in lines))

    def _reason(self) -> str:
        note, place = self.note.text().strip(), self.cause.currentIndex()
        if place == self.cause.count() - 1:
            return note
        return f"{self.cause.currentText()}. {note}".strip() if note else self.cause.currentText()

    def on_save(self) -> None:
        """Once; what the checks say is answered first, or knowingly left to the verifier."""
        session, what, wp = self._context.shell.session, self._what, self._context.desk.wp
        self._wants_save = False
        if session is None or what is None or not self.save.isEnabled() or not self._take_typed():
            return
        if self._looked_at != self._changed:
            self._wants_save = True
            self._look_for_findings()
            return
        if not self._reason():
            self._say_problem(self.tr("Sebabnya belum ditulis."))
            self.note.setFocus()
            return
        if self.findings.open_count and not self._is_warned:
            self._is_warned = True
            self._say_problem(
                self.tr(
                    "Angka baru menimbulkan temuan: terima dengan 1-4. F10 sekali lagi: verifikator yang menilainya."
                )
            )
            self.findings.setFocus()
            if self.findings.current is not None:
                self._on_chosen(self.findings.current.code)
            return
        self.save.setEnabled(False)
        cells, reason, accepted = dict(self._changed), self._reason(), dict(self._accepted)
        self._context.tasks.run(
            self,
            lambda: jobs.correct(wp, session, what, cells, reason, accepted),
            lambda _done: self._on_saved(),
            self._on_failed,
        )

    def _on_saved(self) -> None:
        self._context.desk.sync.wake()
        self._context.shell.toast(self.tr("Koreksi tersimpan. Menunggu dibaca orang kedua."))
        self.accept()
        self._context.shell.refresh()
        if self.done_with is not None:
            self.done_with()

    def _on_failed(self, error: ExpectedError) -> None:
        self.save.setEnabled(self._what is not None)
        self._say_problem(error.sentence())

    def _say_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def _say_problem(self, text: str) -> None:
        self.problem.setText(f"■ {text}" if text else "")
        self.problem.setVisible(bool(text))
