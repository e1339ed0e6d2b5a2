"""The sections of Pengaturan except people: workplace, server account, way of working, pages in, look, journal.

Invariant: a section reads when it is shown and writes one preference at a time, off the UI thread. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.people import Role
from app.errors import ExpectedError
from app.ports import SyncStatus
from app.services import export, journal, workplace
from app.services.journal import JournalReport
from app.services.people import Session
from app.services.workplace import ServerAccount
from ui import theme
from ui.page import Context
from ui.pages.line_note import ACCOUNT, LineNote
from ui.pages.settings_public_site import PublicSite
from ui.places import district_name, realm_words
from ui.theme import Tone
from ui.widgets.flow import Flow
from ui.widgets.scrolled import bring_up


class Section(QWidget):
    """Base: title, rows, a sentence below. `part`: its name for who comes from another page straight to it."""

    part = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.session: Session | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(4, 0, 4, 0)
        self.column.setSpacing(10)
        heading = QLabel(self.title())
        theme.set_role(heading, "heading")
        self.column.addWidget(heading)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.build()
        self.column.addWidget(self.message)
        self.column.addStretch(1)

    def title(self) -> str:
        """Its name in the list."""
        return ""

    def build(self) -> None:
        """Add the section's rows."""

    def read(self) -> None:
        """Shown, or something changed."""

    def show_line(self, status: SyncStatus) -> None:
        """The line to KPU RI changed."""

    def take_focus(self) -> None:
        """Somebody came straight here: put the focus where they go on."""

    def set_session(self, session: Session | None) -> None:
        self.session = session
        self.say("")

    @property
    def is_coordinator(self) -> bool:
        return self.session is not None and self.session.person.has(Role.COORDINATE)

    def say(self, words: str, role: str = "good") -> None:
        theme.set_role(self.message, role)
        self.message.setText(words)
        if words and self.isVisible():
            QTimer.singleShot(0, self.message, self._show_message)

    def _show_message(self) -> None:
        self.column.activate()  # so that the words have their room
        bring_up(self.message)

    def say_error(self, error: ExpectedError) -> None:
        self.say(error.sentence(), "bad")

    def note(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setWordWrap(True)
        theme.set_role(label, "lead")
        self.column.addWidget(label)
        return label

    def form(self) -> QFormLayout:
        made = QFormLayout()
        made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        made.setHorizontalSpacing(18)
        self.column.addLayout(made)
        return made

    def button(self, words: str, slot: Callable[[], object]) -> QPushButton:
        made = QPushButton(words)
        made.clicked.connect(lambda _checked=False: slot())
        return made

    def add_left(self, *widgets: QWidget) -> None:
        holder = QWidget()
        row = Flow(holder)
        for widget in widgets:
            row.addWidget(widget)
        self.column.addWidget(holder)

    def choice(
        self, form: QFormLayout, label: str, name: str, default: str, options: Sequence[tuple[str, str]]
    ) -> QComboBox:
        """A preference of a few values; saved when chosen."""
        box = QComboBox()
        box.setAccessibleName(label)
        for value, words in options:
            box.addItem(words, value)
        chosen = workplace.preference(self.context.desk.wp, name, default)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.activated.connect(lambda _place: self.save(name, str(box.currentData())))
        form.addRow(label, box)
        return box

    def save(self, name: str, value: str) -> None:
        wp = self.context.desk.wp
        self.context.tasks.run(
            self,
            lambda: workplace.set_preference(wp, name, value),
            lambda _done: self.on_saved(name),
            self.say_error,
        )

    def on_saved(self, _name: str) -> None:
        self.say(self.tr("Tersimpan."))


class WorkplaceSection(Section):
    """Facts, and the hint about copies."""

    def title(self) -> str:
        return self.tr("Tempat kerja")

    def build(self) -> None:
        wp = self.context.desk.wp
        form = self.form()
        for label, words in (
            (self.tr("Wilayah"), district_name(wp)),
            (self.tr("Pemilihan"), realm_words(wp)),
            (self.tr("Formulir"), ", ".join(one.upper() for one in wp.form_ids)),
            (self.tr("Komputer ini"), workplace.device_name(wp)),
            (self.tr("Folder data"), str(wp.folder)),
        ):
            value = QLabel(words)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label, value)
        site = self.context.desk.public_url() if self.context.desk.practice else ""
        if site:
            link = QLabel(f'<a href="{site}">{site}</a>')
            link.setOpenExternalLinks(True)
            form.addRow(self.tr("Situs publik latihan"), link)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        self.column.addWidget(line)
        self.note(
            self.tr(
                "Cadangan: salin seluruh folder data ke disk kedua saat pergantian regu, dengan program tertutup. "
                "Yang sudah diterima KPU RI dapat diambil kembali; yang belum dikirim hanya ada di sini."
            )
        )
        self.export = self.button(self.tr("Simpan semua angka sebagai CSV…"), self.on_export)
        self.add_left(self.export)

    def on_export(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(self, self.tr("Simpan CSV"), "situng.csv", "CSV (*.csv)")
        if name:
            self.save_csv(Path(name))

    def save_csv(self, path: Path) -> None:
        """Everything read so far, in one file."""
        wp = self.context.desk.wp
        self.context.tasks.run(
            self,
            lambda: export.csv(wp, path),
            lambda _done: self.say(self.tr("CSV tersimpan.")),
            self.say_error,
        )


class ServerSection(Section):
    """The account at KPU RI, and the public site; work goes on without. What ails it is said and mended here."""

    part = ACCOUNT

    def title(self) -> str:
        return self.tr("Akun KPU RI")

    def build(self) -> None:
        self.has_account = False
        self.line_note = LineNote(has_way=False)
        self.column.addWidget(self.line_note)
        self.state = self.note("")
        form = self.form()
        self.setup = QLineEdit()
        self.setup.setAccessibleName(self.tr("Berkas penyiapan"))
        self.setup.setPlaceholderText(self.tr("berkas yang diberikan KPU RI"))
        choose = self.button(self.tr("Pilih…"), self.on_choose)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.setup, 1)
        row.addWidget(choose)
        form.addRow(self.tr("Berkas penyiapan"), row)
        self.code = QLineEdit()
        self.code.setAccessibleName(self.tr("Kode sekali pakai"))
        form.addRow(self.tr("Kode sekali pakai"), self.code)
        self.connect_button = self.button(self.tr("Hubungkan"), self.on_connect)
        theme.set_role(self.connect_button, "primary")
        self.add_left(self.connect_button)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        self.column.addWidget(line)
        self.site = PublicSite(self.context, self.say)
        self.column.addWidget(self.site)

    def read(self) -> None:
        wp = self.context.desk.wp
        self.site.read(self.session, may_change=self.is_coordinator)
        self.context.tasks.run(self, lambda: workplace.server_of(wp), self._on_server, slot="server")
        can = self.is_coordinator and self.context.desk.enrol is not None
        self.connect_button.setEnabled(can)
        if self.session is not None and not self.is_coordinator:
            self.say(self.tr("Hanya koordinator dapat menghubungkan akun."), "lead")

    def show_line(self, status: SyncStatus) -> None:
        self.line_note.show_line(status)

    def take_focus(self) -> None:
        self.code.setFocus()

    def _on_server(self, account: ServerAccount | None) -> None:
        self.has_account = account is not None
        if account is None:
            self.state.setText(
                self.tr(
                    "Belum ada akun. Entri, pindai dan verifikasi tetap berjalan; semua menunggu di antrean."
                )
            )
        else:
            self.state.setText(
                self.tr(
                    "Akun di %1. Kode baru mendaftarkan PC ini kembali; berkas baru mengganti kunci KPU RI."
                ).replace("%1", account.server_url)
            )
            self.connect_button.setText(self.tr("Daftarkan ulang"))

    def on_choose(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(self, self.tr("Berkas penyiapan"), "", "JSON (*.json)")
        if name:
            self.setup.setText(name)
            self.code.setFocus()

    def on_connect(self) -> None:
        enrol, session = self.context.desk.enrol, self.session
        path, code = self.setup.text().strip(), self.code.text().strip()
        if enrol is None or session is None:
            return
        if not (path and code) and not (self.has_account and (path or code)):
            self.say(self.tr("Isi berkas penyiapan dan kode sekali pakai."), "bad")
            return
        self.connect_button.setEnabled(False)
        self.say(self.tr("Menghubungi KPU RI…"), "lead")
        self.context.tasks.run(
            self,
            lambda: enrol(Path(path) if path else None, code, session),
            self._on_connected,
            self._on_refused,
        )

    def _on_connected(self, sentence: str) -> None:
        self.code.clear()
        self.connect_button.setEnabled(True)
        self.say(sentence)
        self.read()

    def _on_refused(self, error: ExpectedError) -> None:
        self.connect_button.setEnabled(True)
        self.say_error(error)


class WorkSection(Section):
    """When numbers are sent."""

    def title(self) -> str:
        return self.tr("Entri dan pengiriman")

    def build(self) -> None:
        form = self.form()
        self.send_when = self.choice(
            form, self.tr("Angka dikirim"), "send_when", "keyed",
            (
                ("keyed", self.tr("segera setelah entri pertama selesai")),
                ("settled", self.tr("setelah entri kedua cocok")),
            ),
        )  # fmt: skip
        self.note(
            self.tr(
                "Keduanya aman: yang dipublikasikan selalu sudah dibaca dua orang dan diverifikasi. "
                "Segera dikirim berarti KPU RI menerima angka beberapa jam lebih awal."
            )
        )

    def read(self) -> None:
        self.send_when.setEnabled(self.is_coordinator)


class PagesSection(Section):
    """Where pages come from by themselves."""

    def title(self) -> str:
        return self.tr("Folder pindai")

    def build(self) -> None:
        self.note(
            self.tr(
                "Lembar yang disimpan pemindai ke folder ini diambil sendiri. Berkas aslinya tidak diubah."
            )
        )
        self.folder = QLabel()
        self.folder.setWordWrap(True)
        self.column.addWidget(self.folder)
        self.pick = self.button(self.tr("Pilih folder…"), self.on_pick)
        self.stop = self.button(self.tr("Jangan ambil sendiri"), lambda: self.set_folder(None))
        self.add_left(self.pick, self.stop)

    def read(self) -> None:
        kept = workplace.preference(self.context.desk.wp, "watched_folder")
        self.folder.setText(kept or self.tr("Belum ada folder yang dipilih."))
        can = self.context.desk.watch is not None
        self.pick.setEnabled(can)
        self.stop.setEnabled(can and bool(kept))
        if not can:
            self.say(
                self.tr("Program ini dijalankan tanpa pengambilan sendiri; ambil berkas di Pindai (F5)."),
                "lead",
            )

    def on_pick(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder pindai"))
        if name:
            self.set_folder(Path(name))

    def set_folder(self, folder: Path | None) -> None:
        """Watch a folder from now on (None = none)."""
        wp, watch = self.context.desk.wp, self.context.desk.watch

        def operation() -> str:
            sentence = watch(folder) if watch is not None else ""
            workplace.set_preference(wp, "watched_folder", str(folder or ""))
            return sentence

        self.context.tasks.run(self, operation, self._on_set, self.say_error)

    def _on_set(self, sentence: str) -> None:
        self.say(sentence or self.tr("Tersimpan."))
        self.read()


class LookSection(Section):
    """Language and text size; the window is built anew at once."""

    def title(self) -> str:
        return self.tr("Tampilan")

    def build(self) -> None:
        form = self.form()
        self.language = self.choice(
            form, self.tr("Bahasa"), "language", "id", (("id", "Indonesia"), ("en", "English"))
        )
        self.text_size = self.choice(
            form, self.tr("Ukuran teks"), "text_size", "biasa",
            (
                ("biasa", self.tr("biasa")),
                ("besar", self.tr("besar")),
                ("sangat-besar", self.tr("sangat besar")),
            ),
        )  # fmt: skip

    def on_saved(self, _name: str) -> None:
        self.context.shell.rebuild()


class JournalSection(Section):
    """Proof that nothing was changed afterwards."""

    def title(self) -> str:
        return self.tr("Jurnal")

    def build(self) -> None:
        self.note(
            self.tr(
                "Setiap tindakan dicatat dengan angka yang dibaca, berantai. "
                "Pemeriksaan menghitung ulang seluruh rantai; pekerjaan dapat dilanjutkan."
            )
        )
        self.check = self.button(self.tr("Periksa jurnal"), self.on_check)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setMaximumWidth(260)
        self.busy.setAccessibleName(self.tr("Jurnal sedang diperiksa"))
        self.busy.hide()
        self.add_left(self.check, self.busy)

    def on_check(self) -> None:
        wp = self.context.desk.wp
        self.check.setEnabled(False)
        self.busy.show()
        self.say(self.tr("Jurnal sedang diperiksa…"), "lead")
        self.context.tasks.run(self, lambda: journal.verify(wp), self._on_checked, self._on_failed)

    def _on_checked(self, report: JournalReport) -> None:
        self._free()
        self.say(report.sentence, "good" if report.fault is None else "bad")
        if report.fault is not None:
            self.context.shell.toast(report.sentence, Tone.BAD)

    def _on_failed(self, error: ExpectedError) -> None:
        self._free()
        self.say_error(error)

    def _free(self) -> None:
        self.check.setEnabled(True)
        self.busy.hide()
