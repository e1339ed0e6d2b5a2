"""Pengaturan, section Daftar TPS: a TPS made known on the day, and a repeated vote (PSU). Both are the coordinator's.

Invariant: nothing is taken out of the list here; a repeated vote keeps the first one visible. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit

from app.domain.c1form import C1Key
from app.services import register
from app.services.people import Session
from app.services.register import Station
from ui import theme
from ui.pages.settings_sections import Section
from ui.places import proper


class StationsSection(Section):
    """Two small forms."""

    def title(self) -> str:
        return self.tr("Daftar TPS")

    def build(self) -> None:
        self.note(self.tr("TPS yang baru dikenal hari itu. Desanya harus sudah ada di daftar."))
        form = self.form()
        self.code, self.men, self.women = QLineEdit(), QLineEdit(), QLineEdit()
        for field, words in (
            (self.code, self.tr("Kode TPS (13 angka)")),
            (self.men, self.tr("DPT laki-laki")),
            (self.women, self.tr("DPT perempuan")),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
        self.add = self.button(self.tr("Tambahkan TPS"), self.on_add)
        self.add_left(self.add)
        heading = QLabel(self.tr("Pemungutan ulang (PSU)"))
        theme.set_role(heading, "heading")
        self.column.addWidget(heading)
        self.note(self.tr("Formulir pemungutan yang lama tetap terlihat dan tidak lagi dijumlahkan."))
        form = self.form()
        self.again = QLineEdit()
        self.again.setAccessibleName(self.tr("Kode TPS yang diulang"))
        form.addRow(self.tr("Kode TPS yang diulang"), self.again)
        self.open_round = self.button(self.tr("Buka pemungutan ulang"), self.on_round)
        self.add_left(self.open_round)

    def set_session(self, session: Session | None) -> None:
        super().set_session(session)
        for button in (self.add, self.open_round):
            button.setEnabled(self.is_coordinator)
        if session is not None and not self.is_coordinator:
            self.say(self.tr("Hanya koordinator dapat mengubah daftar TPS."), "lead")

    def on_add(self) -> None:
        wp, session, code = self.context.desk.wp, self.session, self.code.text()
        voters = [field.text().strip() for field in (self.men, self.women)]
        if session is None:
            return
        if any(one and not (one.isascii() and one.isdigit()) for one in voters):
            self.say(self.tr("DPT harus berupa angka, atau kosong bila belum diketahui."), "bad")
            return
        men, women = (int(one) if one else None for one in voters)
        self.context.tasks.run(
            self, lambda: register.add_station(wp, session, code, men, women), self._on_added, self.say_error
        )

    def _on_added(self, station: Station) -> None:
        for field in (self.code, self.men, self.women):
            field.clear()
        self.say(
            self.tr("%1 %2 ditambahkan.")
            .replace("%1", station.tps.label)
            .replace("%2", proper(station.desa_name))
        )

    def on_round(self) -> None:
        wp, session, code = self.context.desk.wp, self.session, self.again.text().strip()
        if session is not None:
            self.context.tasks.run(
                self, lambda: register.add_round(wp, session, code), self._on_round, self.say_error
            )

    def _on_round(self, key: C1Key) -> None:
        self.again.clear()
        words = self.tr("Pemungutan ke-%2 untuk %1 dibuka.")
        self.say(words.replace("%1", key.tps.label).replace("%2", str(key.round)))
