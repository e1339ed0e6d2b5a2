"""Bundel USB: what waits, out to a stick; KPU RI's answer, in; another PC's bundle, on. A preview stands before both.

Invariant: nothing is taken in before its preview was shown without a problem; both ways run on a worker thread, and the
dialog stays open until they ended. Thread: UI.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from time import monotonic, time

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.bundle_ports import BundleChoice, BundlePreview, Bundles, ExportReport, ImportReport
from app.errors import ExpectedError
from app.ports import ItemKind
from ui import format as fmt
from ui import theme
from ui.tasks import Tasks
from ui.widgets.scrolled import Held, fitted

_NUMBERS = (ItemKind.WITHDRAWAL, ItemKind.RECORD, ItemKind.VERDICT)
_STEPS = 1000  # of the progress bar: bytes may not fit into Qt's int
_SAY_LEFT_AFTER_S = 2.0  # before that the rate says little


class _Progress(QObject):
    """Carries the worker's progress over to the UI thread."""

    moved = Signal(object, object)


class BundleDialog(QDialog):
    """`taken_in` tells the page that the store changed."""

    taken_in = Signal()

    def __init__(self, parent: QWidget, tasks: Tasks, bundles: Bundles) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Bundel USB"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks, self._bundles = tasks, bundles
        self._waiting = (0, 0)
        self._since = 0.0
        self._found: Path | None = None
        self._is_answer = True
        self._progress = _Progress(self)
        self._progress.moved.connect(self._on_moved)
        both = QWidget()
        boxes = QVBoxLayout(both)
        boxes.setContentsMargins(0, 0, 0, 0)
        boxes.addWidget(self._out_box())
        boxes.addWidget(self._in_box())
        boxes.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(Held(both), 1)
        self.message = QLabel()
        self.message.setWordWrap(True)
        column.addWidget(self.message)
        self.close_button = QPushButton(self.tr("Tutup"))
        self.close_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.resize(fitted(self, 640, 420))
        self._measure()
        self.folder.setFocus()

    # ---- building ------------------------------------------------------------------------------------------------

    def _out_box(self) -> QGroupBox:
        box = QGroupBox(self.tr("Bawa ke KPU RI"))
        column = QVBoxLayout(box)
        self.folder = QLineEdit(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        self.folder.setAccessibleName(self.tr("Folder USB"))
        browse = QPushButton(self.tr("Pilih USB…"))
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        column.addLayout(row)
        self.images = QCheckBox(self.tr("dengan gambar"))
        self.images.setChecked(True)
        column.addWidget(self.images)
        self.room = QLabel()
        self.room.setWordWrap(True)
        theme.set_role(self.room, "small")
        column.addWidget(self.room)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(self.tr("Kemajuan"))
        self.bar.hide()
        self.write = QPushButton(self.tr("Tulis bundel"))
        theme.set_role(self.write, "primary")
        foot = QHBoxLayout()
        foot.addWidget(self.bar, 1)
        foot.addStretch(0)
        foot.addWidget(self.write)
        column.addLayout(foot)
        browse.clicked.connect(self._on_browse)
        self.folder.textChanged.connect(lambda _text: self._say_room())
        self.images.toggled.connect(lambda _on: self._measure())
        self.write.clicked.connect(self.on_write)
        return box

    def _in_box(self) -> QGroupBox:
        box = QGroupBox(self.tr("Ambil jawaban KPU RI, atau teruskan bundel PC lain"))
        column = QVBoxLayout(box)
        self.content = QLabel(self.tr("Pilih berkas; isinya diperiksa lebih dahulu."))
        self.content.setWordWrap(True)
        column.addWidget(self.content)
        self.choose = QPushButton(self.tr("Pilih berkas…"))
        self.take = QPushButton(self.tr("Ambil jawaban ini"))
        self.take.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.take)
        row.addStretch(1)
        column.addLayout(row)
        self.choose.clicked.connect(self._on_choose)
        self.take.clicked.connect(self.on_take)
        return box

    # ---- out -----------------------------------------------------------------------------------------------------

    def _choice(self) -> BundleChoice:
        return BundleChoice() if self.images.isChecked() else BundleChoice(_NUMBERS)

    def _measure(self) -> None:
        choice = self._choice()
        self._tasks.run(self, lambda: self._bundles.size(choice), self._on_measured, slot="size")

    def _on_measured(self, waiting: tuple[int, int]) -> None:
        self._waiting = waiting
        self._say_room()

    def _say_room(self) -> None:
        count, size = self._waiting
        try:
            free: int | None = shutil.disk_usage(self.folder.text().strip()).free
        except OSError:
            free = None
        self.write.setEnabled(count > 0 and free is not None and not self._is_busy())
        if not count:
            self.room.setText(self.tr("Tidak ada yang menunggu untuk dibawa."))
        elif free is None:
            self.room.setText(self.tr("Folder ini tidak dapat dibuka. Pilih USB yang terpasang."))
        else:
            words = self.tr("%1 kiriman, ± %2. Tempat kosong: %3. Semua tetap antre sampai ada tanda terima.")
            for mark, value in (("%1", fmt.number(count)), ("%2", fmt.size(size)), ("%3", fmt.size(free))):
                words = words.replace(mark, value)
            self.room.setText(words)

    def _on_browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Pilih USB"), self.folder.text())
        if name:
            self.folder.setText(name)

    def on_write(self) -> None:
        target, choice, progress = Path(self.folder.text().strip()), self._choice(), self._progress
        self._since = monotonic()
        self.bar.setValue(0)
        self.bar.show()
        self._say(self.tr("Menulis… jangan cabut USB."))
        self._set_busy(is_busy=True)
        self._tasks.run(
            self,
            lambda: self._bundles.export(target, choice, progress.moved.emit),
            self._on_written,
            self._on_failed,
            slot="work",
        )

    def _on_moved(self, done: int, total: int) -> None:
        self.bar.setValue(done * _STEPS // max(1, total))
        took_s = monotonic() - self._since
        if took_s > _SAY_LEFT_AFTER_S and done:
            left = fmt.duration(took_s * (total - done) / done)
            self._say(self.tr("Menulis… ± %1 lagi. Jangan cabut USB.").replace("%1", left))

    def _on_written(self, report: ExportReport) -> None:
        self._set_busy(is_busy=False)
        names = ", ".join(path.name for path in report.files)
        text = self.tr("Selesai: %1. USB boleh dicabut.").replace("%1", names)
        self._say(" ".join((text, *report.left_out[:3])), "bad" if report.left_out else "good")

    # ---- in ------------------------------------------------------------------------------------------------------

    def _on_choose(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, self.tr("Pilih berkas"), self.folder.text(), "Bundel (*.zip)"
        )
        if name:
            self.show_file(Path(name))

    def show_file(self, path: Path) -> None:
        """Preview a file."""
        self._found = None
        self.take.setEnabled(False)
        self.content.setText(self.tr("Memeriksa %1…").replace("%1", path.name))
        self._set_busy(is_busy=True)

        def success(found: BundlePreview) -> None:
            self._set_busy(is_busy=False)
            self._on_previewed(path, found)

        self._tasks.run(self, lambda: self._bundles.preview(path), success, self._on_failed, slot="work")

    def _on_previewed(self, path: Path, found: BundlePreview) -> None:
        self.content.setText(preview_words(path.name, found))
        self._found = None if found.problems else path
        self._is_answer = found.kind == "answer"
        self.take.setText(self.tr("Ambil jawaban ini") if self._is_answer else self.tr("Teruskan ke KPU RI"))
        self.take.setEnabled(self._found is not None)
        if self._found is not None:
            self.take.setFocus()

    def on_take(self) -> None:
        path = self._found
        if path is None:
            return
        self._say(self.tr("Mengambil jawaban…") if self._is_answer else self.tr("Mengirim ke KPU RI…"))
        self._set_busy(is_busy=True)
        if self._is_answer:
            self._tasks.run(
                self, lambda: self._bundles.take_in(path), self._on_taken, self._on_failed, slot="work"
            )
            return
        answer = path.with_name(f"{path.stem}-jawaban.zip")
        self._tasks.run(
            self,
            lambda: self._bundles.relay(path, answer),
            lambda _done: self._on_relayed(answer),
            self._on_failed,
            slot="work",
        )

    def _on_relayed(self, answer: Path) -> None:
        self._set_busy(is_busy=False)
        text = self.tr("Diterima KPU RI. Bawa %1 kembali ke PC asalnya.").replace("%1", answer.name)
        self._say(text, "good")

    def _on_taken(self, report: ImportReport) -> None:
        self._set_busy(is_busy=False)
        self._say(report.sentence, "good")
        self._measure()
        self.taken_in.emit()

    # ---- both ----------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Not while a stick is written."""
        if not self._is_busy():
            super().reject()

    def _is_busy(self) -> bool:
        return not self.close_button.isEnabled()

    def _set_busy(self, *, is_busy: bool) -> None:
        self.close_button.setEnabled(not is_busy)
        self.choose.setEnabled(not is_busy)
        self.take.setEnabled(not is_busy and self._found is not None)
        if not is_busy:
            self.bar.hide()
        self._say_room()

    def _on_failed(self, error: ExpectedError) -> None:
        self._set_busy(is_busy=False)
        self._say(error.sentence(), "bad")

    def _say(self, text: str, role: str = "small") -> None:
        theme.set_role(self.message, role)
        self.message.setText(text)


def preview_words(name: str, found: BundlePreview) -> str:
    """A file in a few lines: what, from whom, when, whether it is genuine, how much is new, what is wrong."""
    lines = [name]
    if found.kind:
        kind = _tr("Jawaban KPU RI") if found.kind == "answer" else _tr("Bundel kabupaten/kota")
        made = fmt.from_iso(found.made_at)
        when = fmt.moment(made, time()) if made is not None else found.made_at
        lines.append(f"{kind} · {found.district} · {found.device} · {when} · {fmt.size(found.size_bytes)}")
        names = {
            "record": _tr("angka"),
            "verdict": _tr("putusan"),
            "withdrawal": _tr("penarikan"),
            "scan": _tr("gambar"),
            "event": _tr("kabar"),
            "operators": _tr("daftar orang"),
        }
        counts = ", ".join(f"{fmt.number(count)} {names[one]}" for one, count in found.counts.items())
        words = _tr("Bagian %1 dari %2: %3; %4 baru di sini.")
        for mark, value in (
            ("%1", str(found.part)),
            ("%2", str(found.parts)),
            ("%3", counts or "–"),
            ("%4", fmt.number(found.new)),
        ):
            words = words.replace(mark, value)
        lines.append(words)
        if found.signature == "good":
            lines.append(_tr("Tanda tangan cocok."))
        elif found.signature == "claimed":
            lines.append(_tr("Ditandatangani PC %1, belum diperiksa KPU RI.").replace("%1", found.device))
        if found.kind == "bundle" and not found.problems:
            lines.append(_tr("Berkas ini untuk KPU RI; PC yang terhubung dapat meneruskannya."))
    return "\n".join([*lines, *found.problems])


def _tr(text: str) -> str:
    return QCoreApplication.translate("bundle", text)
