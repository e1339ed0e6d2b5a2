"""Adding a person and choosing a PIN. The PIN is typed by the person it belongs to, twice; nobody else sees it.

Invariant: a PIN leaves its field only for the service, on a worker thread. Thread: UI.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.people import Role
from app.errors import ExpectedError
from ui import theme
from ui.tasks import Tasks

MIN_PIN = 4
_ID = re.compile(r"[a-z0-9]+")


def role_sentence(role: Role) -> str:
    """What a role does, in the words of the office."""
    return {
        Role.SCAN: _tr("pindai – memindai lembar C1"),
        Role.KEY: _tr("entri – mengetik angka, entri kedua"),
        Role.VERIFY: _tr("verifikator – memeriksa kembalian KPU RI"),
        Role.COORDINATE: _tr("koordinator – mengatur orang, akun dan perselisihan"),
        Role.WATCH: _tr("penonton – hanya melihat"),
    }[role]


def suggest_id(name: str, taken: Collection[str]) -> str:
    """`Rina Sari` -> `rina`, or `rina2` when that is taken."""
    found = _ID.findall(name.lower())
    base = found[0] if found else "orang"
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        candidate = f"{base}{number}"
    return candidate


class PinFields(QWidget):
    """The PIN, twice."""

    def __init__(self) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        self.first, self.second = QLineEdit(), QLineEdit()
        for field, words in ((self.first, self.tr("PIN")), (self.second, self.tr("PIN sekali lagi"))):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setMaxLength(64)
            field.setAccessibleName(words)
            form.addRow(words, field)

    def problem(self) -> str:
        """What is wrong with the two, or nothing."""
        if len(self.first.text()) < MIN_PIN:
            return self.tr("PIN paling sedikit %1 angka atau huruf.").replace("%1", str(MIN_PIN))
        if self.first.text() != self.second.text():
            return self.tr("Kedua PIN tidak sama. Ketik ulang.")
        return ""

    def take(self) -> str:
        """The PIN; both fields are emptied."""
        pin = self.first.text()
        self.first.clear()
        self.second.clear()
        return pin


class PersonFields(QWidget):
    """Name, roles, PIN: the same for the first run and for later."""

    def __init__(self, roles: Sequence[Role], chosen: Collection[Role]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Nama"))
        self.name.setMaxLength(80)
        label = QLabel(self.tr("Nama"))
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(self.tr("PIN sekali lagi")))  # as below
        form.addRow(label, self.name)
        column.addLayout(form)
        self.boxes = {role: QCheckBox(role_sentence(role)) for role in roles}
        for role, box in self.boxes.items():
            box.setChecked(role in chosen)
            column.addWidget(box)
        note = QLabel(self.tr("PIN diketik oleh orang itu sendiri. Serahkan papan ketik kepadanya."))
        note.setWordWrap(True)
        theme.set_role(note, "small")
        column.addWidget(note)
        self.pins = PinFields()
        column.addWidget(self.pins)
        column.addStretch(1)

    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, box in self.boxes.items() if box.isChecked())

    def problem(self) -> str:
        if not self.name.text().strip():
            return self.tr("Nama belum diisi.")
        if self.boxes and not self.roles():
            return self.tr("Pilih paling sedikit satu tugas.")
        return self.pins.problem()

    def clear(self) -> None:
        self.name.clear()
        self.pins.take()


class PersonDialog(QDialog):
    """`save(name, roles, pin)` runs on a worker thread; the dialog closes when it succeeded."""

    def __init__(
        self, parent: QWidget, tasks: Tasks, save: Callable[[str, frozenset[Role], str], object]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Tambah orang"))
        self._tasks, self._save = tasks, save
        column = QVBoxLayout(self)
        self.fields = PersonFields(tuple(Role), {Role.KEY})
        column.addWidget(self.fields)
        self.buttons = Buttons(self, self.tr("Tambahkan"))
        column.addWidget(self.buttons)
        self.buttons.accepted(self._on_accept)
        self.fields.name.setFocus()

    def _on_accept(self) -> None:
        problem = self.fields.problem()
        self.buttons.say(problem)
        if problem:
            return
        name, roles, pin = self.fields.name.text().strip(), self.fields.roles(), self.fields.pins.take()
        self.buttons.set_busy(is_busy=True)
        self._tasks.run(
            self, lambda: self._save(name, roles, pin), lambda _saved: self.accept(), self._on_failed
        )

    def _on_failed(self, error: ExpectedError) -> None:
        self.buttons.set_busy(is_busy=False)
        self.buttons.say(error.sentence())


class PinDialog(QDialog):
    """A new PIN: the old one (of the person at work) unless a coordinator resets it, then the new one twice.

    `save(old, new)` as above; `old` is empty for a reset.
    """

    def __init__(
        self, parent: QWidget, tasks: Tasks, save: Callable[[str, str], object], *, reset_for: str = ""
    ) -> None:
        super().__init__(parent)
        title = (
            self.tr("PIN baru untuk %1").replace("%1", reset_for) if reset_for else self.tr("Ubah PIN saya")
        )
        self.setWindowTitle(title)
        self._tasks, self._save = tasks, save
        column = QVBoxLayout(self)
        form = QFormLayout()
        self.old = QLineEdit()
        self.old.setEchoMode(QLineEdit.EchoMode.Password)
        self.old.setAccessibleName(self.tr("PIN lama"))
        if reset_for:
            form.addRow(QLabel(title))
        else:
            form.addRow(self.tr("PIN lama"), self.old)
        column.addLayout(form)
        self.pins = PinFields()
        column.addWidget(self.pins)
        self.buttons = Buttons(self, self.tr("Ubah PIN"))
        column.addWidget(self.buttons)
        self.buttons.accepted(self._on_accept)
        (self.pins.first if reset_for else self.old).setFocus()

    def _on_accept(self) -> None:
        problem = self.pins.problem()
        self.buttons.say(problem)
        if problem:
            return
        old, new = self.old.text(), self.pins.take()
        self.old.clear()
        self.buttons.set_busy(is_busy=True)
        self._tasks.run(self, lambda: self._save(old, new), lambda _saved: self.accept(), self._on_failed)

    def _on_failed(self, error: ExpectedError) -> None:
        self.buttons.set_busy(is_busy=False)
        self.buttons.say(error.sentence())


class Buttons(QWidget):
    """A sentence about what is wrong, then *do it* and *Tutup*."""

    def __init__(self, dialog: QDialog, words: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setMinimumWidth(420)
        theme.set_role(self.message, "bad")
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(self.tr("Tutup"))
        close.setAutoDefault(False)  # Enter in a field must do it, not give it up
        close.clicked.connect(dialog.reject)
        self.do_it = QPushButton(words)
        self.do_it.setDefault(True)
        theme.set_role(self.do_it, "primary")
        row.addWidget(close)
        row.addWidget(self.do_it)
        column.addLayout(row)

    def accepted(self, slot: Callable[[], None]) -> None:
        self.do_it.clicked.connect(lambda _checked=False: slot())

    def say(self, problem: str) -> None:
        self.message.setText(problem)

    def set_busy(self, *, is_busy: bool) -> None:
        self.do_it.setEnabled(not is_busy)


def _tr(text: str) -> str:
    return QCoreApplication.translate("people", text)
