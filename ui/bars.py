"""The bar above (who we are, how the line is, who works) and the bar below (last receipt, help, search). Thread: UI."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.ports import LineState, SyncStatus
from app.services.people import Session
from ui import theme
from ui.pages.sign_in import role_words
from ui.theme import Tone
from ui.widgets.badge import StateLabel, practice_badge
from ui.widgets.elided import ElidedButton, ElidedLabel
from ui.widgets.icons import icon
from ui.widgets.key_hint import key_cap

NOTICES = "notices"  # the part of Beranda where they stand
LINE_TONES: dict[LineState, Tone] = {
    LineState.NO_SERVER: Tone.OFF,
    LineState.STARTING: Tone.BUSY,
    LineState.OK: Tone.GOOD,
    LineState.SLOW: Tone.WAIT,
    LineState.PAUSED_HERE: Tone.OFF,
    LineState.PAUSED_THERE: Tone.WAIT,
    LineState.DOWN: Tone.WAIT,
    LineState.PORTAL: Tone.BAD,
    LineState.WRONG_KEY: Tone.BAD,
    LineState.SIGN_IN: Tone.BAD,
    LineState.PROXY: Tone.BAD,
    LineState.FORKED: Tone.BAD,
    LineState.REVOKED: Tone.BAD,
    LineState.FULL: Tone.WAIT,
    LineState.HERE: Tone.BAD,
}


class TopBar(QFrame):
    """App, practice badge, district, line, notices not read yet, person."""

    person_clicked = Signal()
    notices_clicked = Signal()

    def __init__(self, district: str, *, practice: bool) -> None:
        super().__init__()
        theme.set_role(self, "topbar")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 14, 6)
        row.setSpacing(14)
        name = QLabel("Situng Luring")
        theme.set_role(name, "appname")
        row.addWidget(name)
        if practice:
            row.addWidget(practice_badge(self.tr("LATIHAN")))
        self.district = ElidedLabel(district)
        row.addWidget(self.district)
        row.addStretch(1)
        self.line = StateLabel(on_navy=True)
        row.addWidget(self.line)
        self.notices = QPushButton(icon("bell", theme.INK_ON_NAVY), "")
        theme.set_role(self.notices, "topbutton")
        self.notices.clicked.connect(self.notices_clicked)
        row.addWidget(self.notices)
        self._unread = 0
        self.person = ElidedButton()
        theme.set_role(self.person, "topbutton")
        self.person.clicked.connect(self.person_clicked)
        self.cap = key_cap("F9")
        who = QHBoxLayout()
        who.setSpacing(2)
        who.addWidget(self.person)
        who.addWidget(self.cap)
        row.addLayout(who)
        self.setMinimumHeight(self.fontMetrics().height() + 27)
        self.show_person(None)

    def show_line(self, status: SyncStatus) -> None:
        self.line.say(LINE_TONES[status.line], status.sentence)

    def show_unread(self, count: int) -> None:
        """Wherever the person is; whoever listens instead of looking is told when one comes."""
        self.notices.setVisible(count > 0)
        self.notices.setText(self.tr("%n pemberitahuan", "", count))
        words = self.tr("%n pemberitahuan belum dibaca. Buka Beranda", "", count)
        self.notices.setToolTip(words)
        self.notices.setAccessibleName(words)
        if count > self._unread:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.notices, words))
        self._unread = count

    def show_person(self, session: Session | None) -> None:
        if session is None:
            self.show_unread(0)
        self.person.setVisible(session is not None)
        self.cap.setVisible(session is not None)
        if session is not None:
            words = f"{session.person.name} · {role_words(session.person)}"
            self.person.setText(words)
            self.person.setAccessibleName(self.tr("%1. Ganti orang: F9").replace("%1", words))
            hint = self.tr("Ganti orang (F9): angka disembunyikan seketika")
            self.person.setToolTip(f"{words}\n{hint}")


class StatusBar(QFrame):
    """What happened last, and the two keys that always work."""

    help_clicked = Signal()
    search_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.set_role(self, "statusbar")
        row = self.row = QHBoxLayout(self)
        row.setContentsMargins(16, 3, 12, 3)
        row.setSpacing(2)
        self.left = ElidedLabel()
        row.addWidget(self.left)
        row.addStretch(1)
        for keys, words, signal in (
            ("F1", self.tr("Bantuan"), self.help_clicked),
            ("Ctrl+K", self.tr("Cari TPS"), self.search_clicked),
        ):
            row.addWidget(key_cap(keys))
            button = QPushButton(words)
            theme.set_role(button, "statusbutton")
            button.setAccessibleName(f"{words}, {keys}")
            button.clicked.connect(signal)
            row.addWidget(button)
            row.addSpacing(8)
