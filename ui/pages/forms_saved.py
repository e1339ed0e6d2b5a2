"""The filters a person keeps by name: choose by a digit (F3), keep (Ctrl+S), forget and take that back (Ctrl+Z).

Invariant: each is the person's own; nothing of it is left in the window for the next one. Thread: UI; kept on workers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from app.errors import ExpectedError
from app.services import saved_filters
from app.services.forms_list import MINE, Wanted
from app.services.people import Session
from app.services.saved_filters import Saved
from ui import theme
from ui.page import Context
from ui.theme import Tone


class SavedFilters(QWidget):
    """Two buttons; `strip` is the line below the title where a name is asked for and a deletion can be undone."""

    chosen = Signal(object)  # Wanted
    done = Signal()  # the strip closed: back to the list

    def __init__(self, context: Context, now: Callable[[], Wanted]) -> None:
        super().__init__()
        self._context, self._now = context, now
        self._session: Session | None = None
        self._kept: tuple[Saved, ...] = ()
        self._before: tuple[Saved, ...] = ()
        self.open = QPushButton(self.tr("Saringan saya  F3"))
        self.keep = QPushButton(self.tr("Simpan saringan  Ctrl+S"))
        self.forget = QPushButton(self.tr("Hapus saringan"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.forget, self.keep, self.open):
            row.addWidget(button)
        self.strip = QFrame()
        self.words = QLabel()
        self.name = QLineEdit()
        self.yes = QPushButton()
        self.no = QPushButton(self.tr("Tutup"))
        self._build_strip()
        self.open.clicked.connect(self.show_menu)
        self.keep.clicked.connect(self.ask_name)
        self.forget.clicked.connect(self.on_forget)
        self.mark()

    def _build_strip(self) -> None:
        theme.set_role(self.strip, "note-good")
        line = QHBoxLayout(self.strip)
        line.addWidget(self.words)
        self.name.setAccessibleName(self.tr("Nama saringan"))
        self.name.setMaxLength(saved_filters.LONGEST_NAME)
        line.addWidget(self.name, 1)
        line.addStretch(0)
        line.addWidget(self.yes)
        line.addWidget(self.no)
        self.strip.hide()
        self.name.returnPressed.connect(self._on_yes)
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self.close_strip)

    # ---- who -----------------------------------------------------------------------------------------------------

    def use(self, session: Session | None, kept: Sequence[Saved] = ()) -> None:
        """Somebody else sits here."""
        self._session, self._kept, self._before = session, tuple(kept), ()
        self.name.clear()
        self.strip.hide()
        self.mark()

    @property
    def names(self) -> list[str]:
        return [one.name for one in self._kept]

    def mark(self) -> None:
        """Which of them is shown, if any."""
        now = self._now()
        name = next((one.name for one in self._kept if one.wanted == now), "")
        self.forget.setVisible(bool(name))
        self.forget.setToolTip(name)
        self.forget.setText(self.tr("Hapus “%1”").replace("%1", name))
        self.keep.setVisible(not name)

    # ---- choosing ------------------------------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """Perlu saya and all on 0 and A, one's own on 1 to 9."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fixed = ((f"&0  {self.tr('Perlu saya')}", MINE), (f"&A  {self.tr('Semua formulir')}", Wanted()))
        own = [
            (f"&{place}  {one.name.replace('&', '&&')}", one.wanted)
            for place, one in enumerate(self._kept, 1)
        ]
        for words, wanted in (*fixed, *own):
            action = menu.addAction(words)
            action.triggered.connect(lambda _checked=False, wanted=wanted: self.chosen.emit(wanted))
        if not own:
            menu.addSeparator()
            menu.addAction(self.tr("Ctrl+S menyimpan saringan yang sedang dipakai")).setEnabled(False)
        menu.setActiveAction(menu.actions()[0])
        return menu

    def show_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.open.mapToGlobal(self.open.rect().bottomLeft()))

    # ---- keeping and forgetting ----------------------------------------------------------------------------------

    def ask_name(self) -> None:
        if self._session is None or not self.keep.isVisible():
            return
        self._before = ()
        self.words.setText(self.tr("Simpan saringan ini dengan nama:"))
        self.yes.setText(self.tr("Simpan"))
        self.name.show()
        self.strip.show()
        self.name.setFocus()

    def on_forget(self) -> None:
        session, wp, name = self._session, self._context.desk.wp, self.forget.toolTip()
        if session is None or not name:
            return
        before = self._kept

        def success(kept: tuple[Saved, ...]) -> None:
            self._take(session, kept)
            self._before = before
            self.words.setText(self.tr("Saringan “%1” dihapus.").replace("%1", name))
            self.yes.setText(self.tr("Urungkan  Ctrl+Z"))
            self.name.hide()
            self.strip.show()
            self.done.emit()

        self._context.tasks.run(self, lambda: saved_filters.remove(wp, session.person, name), success)

    def undo(self) -> None:
        session, wp, before = self._session, self._context.desk.wp, self._before
        if session is not None and before:
            self._context.tasks.run(
                self,
                lambda: saved_filters.put_back(wp, session.person, before),
                lambda kept: self._take(session, kept),
            )
            self.close_strip()

    def close_strip(self) -> None:
        self._before = ()
        self.strip.hide()
        self.name.clear()
        self.done.emit()

    def _on_yes(self) -> None:
        if self._before:
            self.undo()
            return
        session, wp, name, wanted = self._session, self._context.desk.wp, self.name.text(), self._now()
        if session is None:
            return

        def success(kept: tuple[Saved, ...]) -> None:
            self._take(session, kept)
            said = self.tr("Saringan disimpan. F3, lalu angkanya, membukanya lagi.")
            self._context.shell.toast(said)
            self.close_strip()

        self._context.tasks.run(
            self, lambda: saved_filters.save(wp, session.person, name, wanted), success, self._on_refused
        )

    def _on_refused(self, error: ExpectedError) -> None:
        self._context.shell.toast(error.sentence(), Tone.WAIT)
        self.name.setFocus()

    def _take(self, session: Session, kept: tuple[Saved, ...]) -> None:
        if self._session is session:
            self._kept = kept
            self.mark()
