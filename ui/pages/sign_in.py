"""Who sits here: a list of names and a PIN. Shown whenever nobody is signed in; no value of any form is on it.

Invariant: the PIN leaves its field only for `people.sign_in` on a worker thread, and the field is emptied at once.
Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.people import Person
from app.errors import ExpectedError
from app.services import people
from app.services.people import Session
from app.services.workplace import Workplace
from ui import theme
from ui.tasks import Tasks
from ui.widgets.card import Card
from ui.widgets.key_hint import KeyHints

_ID = Qt.ItemDataRole.UserRole
CARD_PX = 720


def role_words(person: Person) -> str:
    """`entri, pindai`."""
    return ", ".join(sorted(role.value for role in person.roles))


class SignInPanel(QWidget):
    """Names left, PIN right; Enter goes from one to the other and then in."""

    signed_in = Signal(object)

    def __init__(self, wp: Workplace, tasks: Tasks, hint: str = "") -> None:
        super().__init__()
        self._wp, self._tasks = wp, tasks
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Nama"))
        theme.set_role(self.names, "boxed")
        self.names.installEventFilter(self)
        self.names.currentItemChanged.connect(self._on_name_changed)
        self.pin = QLineEdit()
        self.names.itemClicked.connect(lambda _item: self.pin.setFocus())
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(64)
        self.pin.setAccessibleName(self.tr("PIN"))
        self.pin.returnPressed.connect(self._on_enter)
        self.button = QPushButton(self.tr("Masuk"))
        theme.set_role(self.button, "primary")
        self.button.clicked.connect(self._on_enter)
        self.message = QLabel()
        self.message.setWordWrap(True)
        theme.set_role(self.message, "bad")
        self.hint = QLabel(hint)
        self.hint.setWordWrap(True)
        self._build()

    def _build(self) -> None:
        card = Card()
        card.setMaximumWidth(CARD_PX)
        title = QLabel(self.tr("Siapa yang bekerja di sini?"))
        theme.set_role(title, "title")
        lead = QLabel(
            self.tr("Pilih nama Anda, lalu ketik PIN. Semua pekerjaan tersimpan; tidak ada yang hilang.")
        )
        lead.setWordWrap(True)
        theme.set_role(lead, "lead")
        card.body.setContentsMargins(24, 20, 24, 20)
        card.body.addWidget(title)
        card.body.addWidget(lead)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        self.names.setMinimumHeight(260)
        columns.addWidget(self.names, 1)
        right = QVBoxLayout()
        form = QFormLayout()
        form.addRow(self.tr("PIN"), self.pin)
        right.addLayout(form)
        right.addWidget(self.button)
        right.addWidget(self.message)
        if self.hint.text():
            note = QFrame()
            theme.set_role(note, "note-wait")
            QVBoxLayout(note).addWidget(self.hint)
            right.addSpacing(8)
            right.addWidget(note)
        right.addStretch(1)
        columns.addLayout(right, 1)
        card.body.addLayout(columns)
        card.body.addWidget(
            KeyHints(("↑ ↓", self.tr("pilih nama")), ("Enter", self.tr("lanjut")), ("F1", self.tr("bantuan")))
        )
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        middle = QHBoxLayout()  # as wide as it may be, and narrower beside a small screen at 150 %
        middle.addStretch(1)
        middle.addWidget(card, 1000)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)

    def start(self) -> None:
        """Empty everything and load the names anew."""
        self.pin.clear()
        self.message.clear()
        self.setEnabled(True)
        self.names.setFocus()
        self._tasks.run(self, lambda: people.people(self._wp), self._on_people, slot="people")

    def _on_people(self, everybody: Sequence[Person]) -> None:
        chosen = self._chosen()
        self.names.clear()
        for person in everybody:
            if person.active:
                item = QListWidgetItem(f"{person.name}  ·  {role_words(person)}")
                item.setData(_ID, person.id)
                self.names.addItem(item)
                if person.id == chosen:
                    self.names.setCurrentItem(item)
        if self.names.currentRow() < 0:
            self.names.setCurrentRow(0)

    def _chosen(self) -> str:
        row = self.names.currentRow()
        return str(self.names.item(row).data(_ID)) if row >= 0 else ""

    def _on_name_changed(self) -> None:
        self.pin.clear()
        self.message.clear()

    def _on_enter(self) -> None:
        chosen, pin = self._chosen(), self.pin.text()
        if not chosen or not pin:
            (self.pin if chosen else self.names).setFocus()
            return
        self.pin.clear()
        self.button.setEnabled(False)
        self.pin.setEnabled(False)
        self._tasks.run(
            self, lambda: people.sign_in(self._wp, chosen, pin), self._on_signed_in, self._on_refused
        )

    def _on_signed_in(self, session: Session) -> None:
        self._free()
        self.message.clear()
        self.signed_in.emit(session)

    def _on_refused(self, error: ExpectedError) -> None:
        self._free()
        self.message.setText(error.sentence())
        self.pin.setFocus()

    def _free(self) -> None:
        self.button.setEnabled(True)
        self.pin.setEnabled(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.names and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.pin.setFocus()
                return True
            if event.text().isdigit():  # somebody who starts typing the PIN at once means the PIN
                self.pin.setFocus()
                self.pin.insert(event.text())
                return True
        return super().eventFilter(watched, event)
