"""Pengaturan, section Formulir: which forms this workplace reads, how much of each and by how many people.

Invariant: a choice is changed for forms nobody has begun; the sentence before saying yes names how many keep the old
one. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLabel, QVBoxLayout, QWidget

from app import forms
from app.errors import ExpectedError
from app.forms.choice import FormChoice, in_ballot_order
from app.services import form_choice, workplace
from app.services.form_choice import ChosenForm
from app.services.people import Session
from ui import theme
from ui.format import number
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages.form_viewer import FormViewer
from ui.pages.people_dialog import Buttons
from ui.pages.settings_sections import Section
from ui.tasks import Tasks
from ui.theme import Tone
from ui.widgets.form_choices import ChoiceFields, one_reader_words, readers_words
from ui.widgets.table import Table


class FormsSection(Section):
    """The list, and a look at any definition in a window of its own: it needs the room Entri has."""

    def __init__(self, context: Context) -> None:
        self._language = workplace.preference(context.desk.wp, "language", "id")
        super().__init__(context)

    def title(self) -> str:
        return self.tr("Formulir")

    def build(self) -> None:
        self.model = RowsModel[ChosenForm](self._columns(), lambda row: row.choice.form)
        self.table: Table = Table(self.model, self.tr("Formulir yang dibaca di sini"), least_letters=20)
        self.table.show_whole()
        self.column.addWidget(self.table)
        self.look = self.button(self.tr("&Lihat formulir…"), self.on_look)
        self.edit = self.button(self.tr("&Ubah…"), self.on_edit)
        self.add = self.button(self.tr("&Tambah formulir…"), self.on_add)
        self.add_left(self.look, self.edit, self.add)
        self.note(
            self.tr(
                "Yang sudah mulai dibaca tetap menurut pilihan saat itu; yang dibaca satu orang tetap bertanda "
                "“satu orang”. Formulir yang ditambahkan dipakai setelah program dibuka lagi."
            )
        )

    def _columns(self) -> list[Column[ChosenForm]]:
        return [
            Column(
                self.tr("Formulir"),
                lambda row: row.form.title.in_language(self._language),
                "C1-DPRD Prov",
                is_bold=True,
                tooltip=lambda row: row.choice.form,
            ),
            Column(
                self.tr("Yang dientri"),
                lambda row: row.form.profile(row.choice.profile).title.in_language(self._language),
                is_stretched=True,
            ),
            Column(
                self.tr("Pembaca"),
                lambda row: readers_words(row.choice.readings),
                "dua orang",
                tone=lambda row: Tone.WAIT if row.choice.readings == 1 else Tone.PLAIN,
            ),
            Column(self.tr("Ditunggu"), lambda row: number(row.expected), "10.338", is_number=True),
            Column(self.tr("Mulai dibaca"), lambda row: number(row.begun), "10.338", is_number=True),
        ]

    def read(self) -> None:
        wp = self.context.desk.wp
        self.context.tasks.run(self, lambda: form_choice.chosen(wp), self._on_read, slot="forms")

    def _on_read(self, rows: Sequence[ChosenForm]) -> None:
        self.model.set_rows(rows)
        self.table.fit_rows()
        self._update()

    def set_session(self, session: Session | None) -> None:
        super().set_session(session)
        self._update()
        if session is not None and not self.is_coordinator:
            self.say(self.tr("Hanya koordinator dapat mengubah pilihan formulir."), "lead")

    def _update(self) -> None:
        self.edit.setEnabled(self.is_coordinator and bool(self.model.rows))
        self.add.setEnabled(self.is_coordinator and bool(self.addable()))

    def addable(self) -> list[str]:
        """Forms of the same election that are not read here yet."""
        held = [row.form for row in self.model.rows]
        elections = {form.extra.get("election", "") for form in held}
        known = {form.id for form in held}
        fitting = [
            form.id
            for form in map(forms.load, forms.available())
            if form.id not in known and form.extra.get("election", "") in elections
        ]
        return in_ballot_order(fitting)

    # ---- doing ---------------------------------------------------------------------------------------------------

    def on_look(self) -> None:
        """The viewer, with the chosen form first."""
        ids = [row.choice.form for row in self.model.rows]
        row = self.model.row_at(self.table.currentIndex().row())
        first = [] if row is None else [row.choice.form]
        FormViewer(self.window(), self.context.tasks, self._language, (*first, *ids)).open()

    def on_edit(self) -> None:
        row, session = self.model.row_at(self.table.currentIndex().row()), self.session
        if row is None or session is None:
            return
        wp = self.context.desk.wp
        words = (
            self.tr("%1 formulir yang belum dibaca memakai pilihan baru; %2 yang sudah mulai dibaca tetap.")
            .replace("%1", number(row.expected - row.begun))
            .replace("%2", number(row.begun))
        )

        def save(choice: FormChoice) -> int:
            return form_choice.change(wp, session, choice)

        dialog = ChoiceDialog(
            self.window(), self.context.tasks, self._language, (row.choice.form,), save, row.choice
        )
        dialog.say_what(words)
        dialog.finished.connect(self._on_dialog)
        dialog.open()

    def on_add(self) -> None:
        session, wp = self.session, self.context.desk.wp
        if session is None:
            return

        def save(choice: FormChoice) -> int:
            return form_choice.add(wp, session, choice)

        dialog = ChoiceDialog(self.window(), self.context.tasks, self._language, self.addable(), save)
        dialog.say_what(
            self.tr("Setiap TPS yang memilih dengannya membawa satu. Dipakai setelah program dibuka lagi.")
        )
        dialog.finished.connect(self._on_dialog)
        dialog.open()

    def _on_dialog(self, result: int) -> None:
        if result == QDialog.DialogCode.Accepted:
            self.say(self.tr("Tersimpan."))
            self.read()
            self.context.shell.refresh()


class ChoiceDialog(QDialog):
    """One form's profile and readers; `save` runs on a worker, and the dialog closes when it succeeded."""

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        language: str,
        form_ids: Sequence[str],
        save: Callable[[FormChoice], int],
        now: FormChoice | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Pilihan formulir"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks, self._language, self._save, self._now = tasks, language, save, now
        self.form = QComboBox()
        self.form.setAccessibleName(self.tr("Formulir"))
        for one in form_ids:
            made = forms.load(one)
            self.form.addItem(
                f"{made.title.in_language(language)} · {made.ballot.in_language(language)}", one
            )
        self.form.setEnabled(self.form.count() > 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        self._rows = QFormLayout()
        self._rows.setHorizontalSpacing(18)
        self._rows.addRow(self.tr("Formulir"), self.form)
        column.addLayout(self._rows)
        self.what, self.warning = QLabel(), QLabel()
        for label, role in ((self.what, "lead"), (self.warning, "wait")):
            label.setWordWrap(True)
            label.setMinimumWidth(480)
            theme.set_role(label, role)
            column.addWidget(label)
        self.buttons = Buttons(self, self.tr("Simpan"))
        column.addWidget(self.buttons)
        self.buttons.accepted(self._on_save)
        self.form.activated.connect(lambda _place: self._show_fields())
        self.fields: ChoiceFields
        self._show_fields()
        (self.form if self.form.isEnabled() else self.fields.profile).setFocus()

    def say_what(self, words: str) -> None:
        """What saving will mean."""
        self.what.setText(words)
        self.adjustSize()

    def _show_fields(self) -> None:
        while self._rows.rowCount() > 1:
            self._rows.removeRow(1)
        made = forms.load(str(self.form.currentData()))
        self.fields = ChoiceFields(made, self._language, self._now)
        self._rows.addRow(self.tr("Yang dientri"), self.fields.profile)
        self._rows.addRow(self.tr("Dibaca oleh"), self.fields.readings)
        self.fields.readings.activated.connect(lambda _place: self._warn())
        self._warn()

    def _warn(self) -> None:
        self.warning.setText(one_reader_words([self.fields.choice()]))
        self.warning.setVisible(bool(self.warning.text()))
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))

    def _on_save(self) -> None:
        choice, save = self.fields.choice(), self._save
        self.buttons.set_busy(is_busy=True)
        self._tasks.run(self, lambda: save(choice), lambda _count: self.accept(), self._on_failed)

    def _on_failed(self, error: ExpectedError) -> None:
        self.buttons.set_busy(is_busy=False)
        self.buttons.say(error.sentence())
