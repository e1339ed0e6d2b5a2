"""Pengaturan, section Orang: who works here, with which roles. Adding and keeping out is the coordinator's.

Thread: UI; keys are wrapped on a worker thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.people import Person, Role
from app.services import people
from app.services.people import Session
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages.people_dialog import PersonDialog, PinDialog, suggest_id
from ui.pages.settings_sections import Section
from ui.pages.sign_in import role_words
from ui.theme import Tone
from ui.widgets.table import Table


class PeopleSection(Section):
    """The list, and three buttons below it."""

    def __init__(self, context: Context) -> None:
        self._people: tuple[Person, ...] = ()
        super().__init__(context)

    def title(self) -> str:
        return self.tr("Orang")

    def build(self) -> None:
        self.model = RowsModel(self._columns(), lambda person: person.id)
        self.table = Table(self.model, self.tr("Orang"))
        self.table.setMinimumHeight(300)
        self.column.addWidget(self.table, 1)
        self.add = self.button(self.tr("&Tambah orang…"), self.on_add)
        self.own_pin = self.button(self.tr("&Ubah PIN saya…"), self.on_own_pin)
        self.active = self.button(self.tr("&Nonaktifkan"), self.on_active)
        self.reset = self.button(self.tr("&Beri PIN baru…"), self.on_reset)
        self.add_left(self.add, self.own_pin, self.reset, self.active)
        self.table.row_chosen.connect(lambda _row: self._update_buttons())

    def _columns(self) -> list[Column[Person]]:
        return [
            Column(self.tr("Nama"), lambda person: person.name, "Siti Nurhaliza Rahman", is_bold=True),
            Column(self.tr("Nama pengguna"), lambda person: person.id, "sitinurhaliza"),
            Column(self.tr("Tugas"), role_words, is_stretched=True),
            Column(
                self.tr("Keadaan"),
                lambda person: self.tr("aktif") if person.active else self.tr("nonaktif"),
                "nonaktif",
                tone=lambda person: Tone.GOOD if person.active else Tone.OFF,
            ),
        ]

    def read(self) -> None:
        wp = self.context.desk.wp
        self.context.tasks.run(self, lambda: people.people(wp), self._on_people, slot="people")

    def set_session(self, session: Session | None) -> None:
        super().set_session(session)
        self._update_buttons()

    def _on_people(self, everybody: Sequence[Person]) -> None:
        self._people = tuple(everybody)
        self.model.set_rows(self._people)
        self._update_buttons()

    def _chosen(self) -> Person | None:
        return self.model.row_at(self.table.currentIndex().row())

    def _update_buttons(self) -> None:
        chosen = self._chosen()
        self.add.setEnabled(self.is_coordinator)
        self.own_pin.setEnabled(self.session is not None)
        self.active.setEnabled(self.is_coordinator and chosen is not None)
        self.reset.setEnabled(self.is_coordinator and chosen is not None)
        is_active = chosen is None or chosen.active
        self.active.setText(self.tr("&Nonaktifkan") if is_active else self.tr("&Aktifkan lagi"))
        if self.session is not None and not self.is_coordinator:
            self.say(self.tr("Hanya koordinator dapat menambah dan menonaktifkan orang."), "lead")

    def on_add(self) -> None:
        wp, session = self.context.desk.wp, self.session
        taken = {person.id for person in self._people}

        def save(name: str, roles: frozenset[Role], pin: str) -> Person:
            return people.add_person(
                wp, id=suggest_id(name, taken), name=name, roles=roles, pin=pin, by=session
            )

        dialog = PersonDialog(self, self.context.tasks, save)
        dialog.accepted.connect(
            lambda: self._on_done(self.tr("Orang ditambahkan. Sekarang dapat masuk dengan F9."))
        )
        dialog.open()

    def on_own_pin(self) -> None:
        wp, session = self.context.desk.wp, self.session
        if session is None:
            return
        person_id = session.person.id

        def save(old: str, new: str) -> None:
            people.change_pin(wp, people.sign_in(wp, person_id, old), new)

        dialog = PinDialog(self, self.context.tasks, save)
        dialog.accepted.connect(lambda: self._on_done(self.tr("PIN diubah.")))
        dialog.open()

    def on_reset(self) -> None:
        """Somebody forgot the PIN: they type a new one, the coordinator vouches for it."""
        wp, session, chosen = self.context.desk.wp, self.session, self._chosen()
        if session is None or chosen is None:
            return

        def save(_old: str, new: str) -> None:
            people.reset_pin(wp, session, chosen.id, new)

        dialog = PinDialog(self, self.context.tasks, save, reset_for=chosen.name)
        dialog.accepted.connect(
            lambda: self._on_done(
                self.tr("PIN %1 diubah; pekerjaannya tetap tersimpan.").replace("%1", chosen.name)
            )
        )
        dialog.open()

    def on_active(self) -> None:
        wp, session, chosen = self.context.desk.wp, self.session, self._chosen()
        if session is None or chosen is None:
            return
        words = self.tr("%1 dinonaktifkan.") if chosen.active else self.tr("%1 aktif lagi.")
        self.context.tasks.run(
            self,
            lambda: people.set_active(wp, session, chosen.id, not chosen.active),
            lambda _done: self._on_done(words.replace("%1", chosen.name)),
            self.say_error,
        )

    def _on_done(self, words: str) -> None:
        self.say(words)
        self.read()
