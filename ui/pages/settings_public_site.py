"""The public site that is compared with what was verified here: the account's own, another address, or none.

Invariant: what is being typed is not replaced by what is kept. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import ExpectedError
from app.services import public_watch
from app.services.people import Session
from ui import theme
from ui.page import Context
from ui.widgets.scrolled import bring_up

_OTHER = "other"  # beside the service's own "" (the account's site) and OFF


class PublicSite(QWidget):
    """`say` tells what came of it: the words, and how they look."""

    def __init__(self, context: Context, say: Callable[[str, str], None]) -> None:
        super().__init__()
        self._context, self._say = context, say
        self._session: Session | None = None
        self._is_changed = False  # by the person, and not kept yet
        self.about = QLabel(
            self.tr(
                "Angka di situs publik dibandingkan dengan yang diverifikasi di sini; bila berbeda, verifikator diberi "
                "tahu. Tidak ada yang dikirim ke sana."
            )
        )
        self.about.setWordWrap(True)
        theme.set_role(self.about, "lead")
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("Situs publik"))
        for value, words in (
            ("", self.tr("situs dari akun KPU RI")),
            (_OTHER, self.tr("alamat lain")),
            (public_watch.OFF, self.tr("jangan bandingkan")),
        ):
            self.which.addItem(words, value)
        self.address = QLineEdit(placeholderText="https://")
        self.address.setAccessibleName(self.tr("Alamat situs publik"))
        self.keep = QPushButton(self.tr("Simpan"))
        self.now = QLabel()
        self.now.setWordWrap(True)
        theme.set_role(self.now, "small")
        self._form = QFormLayout()
        self._build()
        self.which.activated.connect(self._on_which)
        self.address.textEdited.connect(self._on_edited)
        self.address.returnPressed.connect(self.on_keep)
        self.keep.clicked.connect(self.on_keep)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(18)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.which)
        row.addWidget(self.keep)
        row.addStretch(1)
        self._form.addRow(self.tr("Situs publik"), row)
        self._form.addRow(self.tr("Alamat"), self.address)
        column.addWidget(self.about)
        column.addLayout(self._form)
        column.addWidget(self.now)

    def read(self, session: Session | None, *, may_change: bool) -> None:
        """Shown, another person, or something changed."""
        if session is not self._session:
            self._session, self._is_changed = session, False
        for widget in (self.which, self.address, self.keep):
            widget.setEnabled(may_change)
        wp = self._context.desk.wp
        self._context.tasks.run(
            self,
            lambda: (public_watch.site_choice(wp), public_watch.tree_address(wp)),
            lambda found: self._on_read(*found),
            slot="site",
        )

    def _on_read(self, choice: str, watched: str) -> None:
        self.now.setText(
            self.tr("Yang dibandingkan sekarang: %1").replace("%1", watched)
            if watched
            else self.tr("Sekarang tidak ada situs yang dibandingkan.")
        )
        if not self._is_changed:
            is_other = choice not in ("", public_watch.OFF)
            self.which.setCurrentIndex(self.which.findData(_OTHER if is_other else choice))
            self.address.setText(choice if is_other else "")
            self._show_address()

    def _show_address(self) -> None:
        self._form.setRowVisible(self.address, self.which.currentData() == _OTHER)

    def _on_which(self) -> None:
        self._on_edited()
        self._show_address()
        if self.address.isVisible():
            self.address.setFocus()
            QTimer.singleShot(0, self.address, lambda: bring_up(self.address))

    def _on_edited(self) -> None:
        self._is_changed = True

    def on_keep(self) -> None:
        """The address is looked at before it is kept; a wrong one changes nothing."""
        session, wp, choice = self._session, self._context.desk.wp, str(self.which.currentData())
        text = self.address.text() if choice == _OTHER else choice
        if session is None or not self.keep.isEnabled():
            return
        if choice == _OTHER and not text.strip():
            self._say(self.tr("Ketik alamat situs publik, mis. https://pemilu2019.kpu.go.id."), "bad")
            return
        self._context.tasks.run(
            self,
            lambda: public_watch.choose_site(wp, text, by=session),
            lambda _site: self._on_kept(),
            self._on_refused,
        )

    def _on_kept(self) -> None:
        self._is_changed = False
        self._say(self.tr("Tersimpan."), "good")
        self.read(self._session, may_change=self.keep.isEnabled())

    def _on_refused(self, error: ExpectedError) -> None:
        self._say(error.sentence(), "bad")
        self.address.setFocus()
        self.address.selectAll()
