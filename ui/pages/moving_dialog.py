"""Pindahkan, Tukar and Tarik: where to, why, and what happens here, at KPU RI and on the public site.

Invariants: which of move and exchange it is follows from what stands at the place chosen, never from a guess of the
person; nothing is done without a reason; the sentences say what is undone by what. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.errors import ExpectedError
from app.services import corrections, moving
from app.services.corrections import MAX_REASON
from ui import theme
from ui.page import Context
from ui.pages import correction_jobs as jobs
from ui.pages.correction_jobs import Target
from ui.pages.form_column import form_title
from ui.pages.people_dialog import Buttons
from ui.places import proper
from ui.widgets.scrolled import fitted

_WIDTH_PX, _HEIGHT_PX = 640, 520
_LIST_PX = 150
_TYPING_PAUSE_MS = 60


class _Dialog(QDialog):
    """Title, what it is about, a reason, what happens, and the buttons."""

    def __init__(self, parent: QWidget, context: Context, key: C1Key, title: str, do_it: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._context, self._key = context, key
        self._is_busy = False
        self.done_with: Callable[[], None] | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 14)
        self.column.setSpacing(8)
        self.heading = QLabel(f"{title} · {form_title(key)} · {key.tps.label}")
        theme.set_role(self.heading, "title")
        self.heading.setWordWrap(True)
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.reason.setAccessibleName(self.tr("Alasan"))
        self.reason.setPlaceholderText(self.tr("Alasan; ikut ke KPU RI dan ke riwayat"))
        self.what = QLabel()
        self.what.setWordWrap(True)
        theme.set_role(self.what, "lead")
        self.buttons = Buttons(self, do_it)
        self.buttons.accepted(self.on_do)

    def on_do(self) -> None:
        """The button, or Enter in the reason."""

    def carry_out(self, work: Callable[[], object], words: str) -> None:
        """Run it on a worker, once (a second exchange would undo the first); when it succeeded, the window says so and
        the dialog closes."""
        if self._is_busy:
            return

        def success(_done: object) -> None:
            self._context.desk.sync.wake()
            self._context.shell.toast(words)
            self.accept()
            self._context.shell.refresh()
            if self.done_with is not None:
                self.done_with()

        self._set_busy(is_busy=True)
        self._context.tasks.run(self, work, success, self._on_failed)

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.buttons.set_busy(is_busy=is_busy)

    def _on_failed(self, error: ExpectedError) -> None:
        self._set_busy(is_busy=False)
        self.buttons.say(error.sentence())

    def has_reason(self) -> bool:
        if self.reason.text().strip():
            return True
        self.buttons.say(self.tr("Alasan belum diisi."))
        self.reason.setFocus()
        return False


class MoveDialog(_Dialog):
    """To an empty place: move. To one with an entry: the two change places."""

    def __init__(self, parent: QWidget, context: Context, key: C1Key) -> None:
        title = self.tr("Pindahkan atau tukar")
        super().__init__(parent, context, key, title, self.tr("Pindahkan"))
        self._targets: list[Target] = []
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("TPS yang benar"))
        self.search.setPlaceholderText(self.tr("TPS yang benar: nomor dan desa, misalnya 1 cileunyi kulon"))
        self.search.installEventFilter(self)
        self.found = QListWidget()
        self.found.setAccessibleName(self.tr("TPS yang ditemukan"))
        self.found.setMaximumHeight(_LIST_PX)
        theme.set_role(self.found, "boxed")
        self.with_pages = QCheckBox(
            self.tr("Gambar ikut pindah (kosongkan bila gambarnya sudah di TPS yang benar)")
        )
        self.with_pages.setChecked(True)
        for widget in (self.heading, self.search, self.found, self.with_pages, self.reason, self.what):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.column.addWidget(self.buttons)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.found.currentRowChanged.connect(lambda _row: self._say())
        self.with_pages.toggled.connect(lambda _is_on: self._say())
        self.resize(fitted(self, _WIDTH_PX, _HEIGHT_PX))
        self._say()
        self._ask()
        self.search.setFocus()

    @property
    def target(self) -> Target | None:
        place = self.found.currentRow()
        return self._targets[place] if 0 <= place < len(self._targets) else None

    def _ask(self) -> None:
        wp, key, text = self._context.desk.wp, self._key, self.search.text()
        self._context.tasks.run(self, lambda: jobs.targets(wp, key, text), self._on_found, slot="targets")

    def _on_found(self, targets: Sequence[Target]) -> None:
        self._targets = list(targets)
        self.found.clear()
        for one in targets:
            state = self.tr("sudah berisi: ditukar") if one.has_entry else self.tr("kosong")
            self.found.addItem(f"{one.station.tps.label}  ·  {proper(one.station.desa_name)}  ·  {state}")
        self.found.setCurrentRow(0 if targets else -1)
        self._say()

    def _say(self) -> None:
        """What happens where; before anything is chosen, what this is for."""
        target, here = self.target, self._key.tps.label
        is_swap = target is not None and target.has_entry
        self.buttons.do_it.setText(self.tr("Tukar") if is_swap else self.tr("Pindahkan"))
        self.buttons.do_it.setEnabled(target is not None)
        if target is None:
            self.what.setText(self.tr("Untuk formulir yang diisi atau dipindai di TPS yang salah."))
            return
        there = target.station.tps.label
        lines = (
            (
                self.tr("Di sini: isi %1 dan %2 bertukar tempat."),
                self.tr("KPU RI: angka lama di kedua TPS ditarik, lalu angka yang benar dikirim."),
                self.tr("Situs publik: kedua TPS kosong sampai dibaca orang kedua dan diverifikasi lagi."),
            )
            if is_swap
            else (
                self.tr("Di sini: isi %1 pindah ke %2; %1 kosong dan menunggu dientri."),
                self.tr("KPU RI: angka di %1 ditarik, lalu dikirim untuk %2."),
                self.tr("Situs publik: %1 kosong; %2 muncul setelah dibaca orang kedua dan diverifikasi."),
            )
        )
        again = (
            self.tr("Entri kedua: pembaca yang dulu hanya membaca DPT-nya; orang lain membaca seluruhnya.")
            if self.with_pages.isChecked()
            else self.tr("Entri kedua: seluruh formulir, dari gambar di TPS yang benar.")
        )
        undo = self.tr("Membatalkan: pindahkan atau tukar kembali.")
        text = "\n".join(f"• {line}" for line in (*lines, again, undo))
        self.what.setText(text.replace("%1", here).replace("%2", there))

    def on_do(self) -> None:
        target, session, wp = self.target, self._context.shell.session, self._context.desk.wp
        if target is None or session is None or not self.has_reason():
            return
        source, key, reason = self._key, target.key, self.reason.text()
        act = moving.swap if target.has_entry else moving.move_form
        with_pages = self.with_pages.isChecked()
        words = self.tr("%1 dan %2 ditukar.") if target.has_entry else self.tr("%1 dipindahkan ke %2.")
        self.carry_out(
            lambda: act(wp, session, source, key, reason, with_pages=with_pages),
            words.replace("%1", source.tps.label).replace("%2", key.tps.label),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down choose among what was found; Enter goes on to the reason."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.found.setCurrentRow(max(0, min(self.found.count() - 1, self.found.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.reason.setFocus()
                return True
        return super().eventFilter(watched, event)


class WithdrawDialog(_Dialog):
    """The values leave the form, here and there."""

    def __init__(self, parent: QWidget, context: Context, key: C1Key) -> None:
        super().__init__(parent, context, key, self.tr("Tarik"), self.tr("Tarik"))
        lines = (
            self.tr("Di sini: %1 kosong dan menunggu dientri lagi; gambarnya tetap."),
            self.tr("KPU RI: angkanya ditarik. Situs publik: %1 kosong."),
            self.tr("Membatalkan: entri lagi; angka yang ditarik tetap ada di riwayat."),
        )
        self.what.setText("\n".join(f"• {line}" for line in lines).replace("%1", key.tps.label))
        for widget in (self.heading, self.what, self.reason, self.buttons):
            self.column.addWidget(widget)
        size = fitted(self, _WIDTH_PX, 260)
        self.resize(size.width(), max(size.height(), self.heightForWidth(size.width())))
        self.reason.setFocus()

    def on_do(self) -> None:
        session, wp, key, reason = (
            self._context.shell.session,
            self._context.desk.wp,
            self._key,
            self.reason.text(),
        )
        if session is not None and self.has_reason():
            words = self.tr("%1 ditarik.").replace("%1", key.tps.label)
            self.carry_out(lambda: corrections.withdraw(wp, session, key, reason), words)
