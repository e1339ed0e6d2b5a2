"""Which forms are read here, how much of each, and by how many people: a line for each form. Thread: UI.

Invariant: what is chosen is always a choice that can be made; PPWP stands first and is chosen from the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.form import FormDefinition
from app.forms import load
from app.forms.choice import READINGS, FormChoice
from ui import theme


class ChoiceFields:
    """The two fields of one form's choice; whoever makes them puts them where they belong."""

    def __init__(self, form: FormDefinition, language: str, now: FormChoice | None = None) -> None:
        self.form = form
        self.profile, self.readings = QComboBox(), QComboBox()
        title = form.title.in_language(language)
        self.profile.setAccessibleName(f"{title}: {_tr('yang dientri')}")
        self.readings.setAccessibleName(f"{title}: {_tr('pembaca')}")
        for one in form.profiles:
            self.profile.addItem(one.title.in_language(language), one.name)
        for number in READINGS:
            self.readings.addItem(readers_words(number), number)
        self.profile.setCurrentIndex(self.profile.findData(now.profile if now else form.default_profile))
        self.readings.setCurrentIndex(self.readings.findData(now.readings if now else form.readings))

    def choice(self) -> FormChoice:
        return FormChoice(self.form.id, str(self.profile.currentData()), int(self.readings.currentData()))

    def set_enabled(self, *, is_on: bool) -> None:
        self.profile.setEnabled(is_on)
        self.readings.setEnabled(is_on)


class FormChoices(QWidget):
    """A list to choose from; `changed` after every change."""

    changed = Signal()

    def __init__(self, language: str = "id") -> None:
        super().__init__()
        self._language = language
        self.boxes: dict[str, QCheckBox] = {}
        self.fields: dict[str, ChoiceFields] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        column.addLayout(self._grid)
        self.sum = QLabel()
        self.warning = QLabel()
        for label, role in ((self.sum, "lead"), (self.warning, "wait")):
            label.setWordWrap(True)
            theme.set_role(label, role)
            column.addWidget(label)
        column.addStretch(1)

    def offer(self, form_ids: Sequence[str]) -> None:
        """These forms, the first of them chosen. What was chosen before for another list is forgotten."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.boxes, self.fields = {}, {}
        for place, words in enumerate((_tr("Formulir"), _tr("Yang dientri"), _tr("Dibaca oleh"))):
            heading = QLabel(words)
            theme.set_role(heading, "small")
            self._grid.addWidget(heading, 0, place)
        for row, form_id in enumerate(form_ids, start=1):
            self._add(row, load(form_id), is_chosen=row == 1)
        self._refresh()

    def _add(self, row: int, form: FormDefinition, *, is_chosen: bool) -> None:
        box, fields = QCheckBox(form.title.in_language(self._language)), ChoiceFields(form, self._language)
        box.setToolTip(form.ballot.in_language(self._language))
        box.setAccessibleDescription(box.toolTip())
        box.setChecked(is_chosen)
        fields.set_enabled(is_on=is_chosen)
        box.toggled.connect(lambda is_on: self._on_toggled(fields, is_on))
        for field in (fields.profile, fields.readings):
            field.activated.connect(lambda _place: self._refresh())
        for place, widget in enumerate((box, fields.profile, fields.readings)):
            self._grid.addWidget(widget, row, place)
        self.boxes[form.id], self.fields[form.id] = box, fields

    def _on_toggled(self, fields: ChoiceFields, is_on: bool) -> None:
        fields.set_enabled(is_on=is_on)
        self._refresh()

    def choices(self) -> list[FormChoice]:
        """In the order offered."""
        return [fields.choice() for one, fields in self.fields.items() if self.boxes[one].isChecked()]

    def take_focus(self) -> None:
        next(iter(self.boxes.values()), self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh(self) -> None:
        chosen = self.choices()
        self.sum.setText(sum_words(chosen) if chosen else _tr("Pilih paling sedikit satu formulir."))
        self.warning.setText(one_reader_words(chosen))
        self.warning.setVisible(bool(self.warning.text()))
        self.changed.emit()


def sum_words(chosen: Sequence[FormChoice]) -> str:
    """What the choices cost: numbers to key for each polling station."""
    once = sum(one.boxes for one in chosen)
    all_readers = sum(one.boxes * one.readings for one in chosen)
    return (
        _tr("Dari setiap TPS: %1 angka sekali baca, %2 angka oleh semua pembaca.")
        .replace("%1", str(once))
        .replace("%2", str(all_readers))
    )


def one_reader_words(chosen: Sequence[FormChoice]) -> str:
    """What one reading means; empty where every form has two readers."""
    alone = [load(one.form) for one in chosen if one.readings == 1]
    if not alone:
        return ""
    titles = ", ".join(form.title.id for form in alone)
    words = _tr(
        "▲ %1 dibaca satu orang: salah ketik yang tidak merusak jumlah tidak terlihat. Tanda “satu orang” tetap."
    )
    stricter = any(form.readings > 1 for form in alone)
    more = _tr("KPU RI baru mempublikasikannya setelah dibaca dua orang.") if stricter else ""
    return f"{words.replace('%1', titles)} {more}".strip()


def readers_words(readings: int) -> str:
    """`dua orang`; one reading is called `satu orang` wherever it is named."""
    return _tr("satu orang") if readings == 1 else _tr("dua orang")


def _tr(text: str) -> str:
    return QCoreApplication.translate("forms", text)
