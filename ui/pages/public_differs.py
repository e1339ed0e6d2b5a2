"""What the public site shows otherwise than verified: a line in Verifikasi, and one form after another with its scan.

Invariants: nothing here alters a form - "ours is right" is a fact under one's own name, "ours is wrong" leads to the
ordinary verdict; a person who leaves takes the dialog with them. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import forms
from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.domain.people import Person, Role
from app.services import pages, public_watch
from app.services.people import Session
from app.services.workplace import Workplace, preference
from ui import format as fmt
from ui import theme
from ui.page import Context
from ui.pages.keying_jobs import pictures
from ui.pages.keying_pictures import PagePicture, Pictures
from ui.theme import Tone
from ui.widgets.badge import StateLabel
from ui.widgets.card import PageTitle
from ui.widgets.crop_view import CropView
from ui.widgets.flow import FlowRow
from ui.widgets.key_hint import KeyHints
from ui.widgets.page_images import PageImages
from ui.widgets.scrolled import Held, fitted
from ui.widgets.side_by_side import SideBySide, SideRow, side_rows

STACK_BELOW_PX = 880


@dataclass(frozen=True, slots=True)
class Shown:
    """One form, ready to show; `left` = how many there are with it."""

    key: C1Key
    place: str
    form: FormDefinition
    rows: tuple[SideRow, ...]
    pages: Mapping[int, PagePicture]
    since: float
    seen_at: float
    left: int


def oldest(
    wp: Workplace, person: Person, language: str, behind: C1Key | None = None, at: C1Key | None = None
) -> Shown | None:
    """What waits for this person: `at`, the one after `behind`, or the oldest; None when nothing differs any more.
    For a worker thread."""
    found = public_watch.differences(wp, person=person.id)
    if not found:
        return None
    keys = [one.key for one in found]
    place = keys.index(at) if at in keys else keys.index(behind) + 1 if behind in keys else 0
    one = found[place % len(found)]
    form = forms.load(one.key.form)
    return Shown(
        key=one.key,
        place=one.desa_name,
        form=form,
        rows=tuple(side_rows(form, one.ours, one.shown, language)),
        pages=pictures(pages.pages_of(wp, one.key)),
        since=one.since,
        seen_at=one.seen_at,
        left=len(found),
    )


class PublicNote(QFrame):
    """Takes no room while the public site shows what was verified."""

    dispute_wanted = Signal(object)  # the form's key: to the ordinary verdict
    changed = Signal()

    def __init__(self, context: Context, images: PageImages) -> None:
        super().__init__()
        self._context, self._images = context, images
        self._dialog: PublicDialog | None = None
        theme.set_role(self, "note-bad")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.button = QPushButton(self.tr("Bandingkan…"))
        self.button.setAutoDefault(True)  # Enter presses it, as it opens a row of the table below
        self.button.clicked.connect(self._on_button)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 10, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def refresh(self) -> None:
        session = self._context.shell.session
        if session is not None and session.person.has(Role.VERIFY):  # others come for corrections alone
            wp, person = self._context.desk.wp, session.person
            self._context.tasks.run(
                self, lambda: public_watch.difference_count(wp, person), self._on_count, slot="public"
            )

    def forget(self) -> None:
        """The person leaves."""
        self.hide()
        if self._dialog is not None:
            self._dialog.reject()

    def _on_count(self, count: int) -> None:
        self.setVisible(count > 0 and self._context.shell.session is not None)
        self.words.setText(
            "■ "
            + self.tr("%1 formulir: angka di situs publik berbeda dari yang diverifikasi.").replace(
                "%1", fmt.number(count)
            )
        )

    def _on_button(self) -> None:
        self.compare()

    def compare(self, at: C1Key | None = None) -> None:
        """One form after the other, beginning with this one."""
        session = self._context.shell.session
        if session is None or self._dialog is not None:
            return
        dialog = PublicDialog(self, self._context, session, self._images)
        dialog.dispute_wanted.connect(self.dispute_wanted)
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.next_form(at)
        dialog.open()

    def _on_closed(self) -> None:
        self._dialog = None
        self.refresh()
        self.changed.emit()


class PublicDialog(QDialog):
    """One form: the scan, ours, the site's, and the two things a verifier may find."""

    dispute_wanted = Signal(object)

    def __init__(self, parent: QWidget, context: Context, session: Session, images: PageImages) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Situs publik"))
        self._tasks, self._wp, self._session = context.tasks, context.desk.wp, session
        self._language = preference(context.desk.wp, "language", "id")
        self.shown: Shown | None = None
        self.title = PageTitle()
        self.crop = CropView()
        self.pictures = Pictures(images, self.crop, self._language)
        self.sides = SideBySide(there=self.tr("Situs publik"))
        self.sides.chosen.connect(self._on_chosen)
        self.sides.table.row_opened.connect(lambda _row: self.sides.to_next_difference())
        self.state = StateLabel()
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "bad")
        self.right = QPushButton(self.tr("Angka di sini sesuai C1"))
        self.wrong = QPushButton(self.tr("Angka di sini tidak sesuai…"))
        self.following = QPushButton(self.tr("Berikutnya"))
        self.leave = QPushButton(self.tr("Tutup"))
        self.right.clicked.connect(self._on_right)
        self.wrong.clicked.connect(self._on_wrong)
        self.following.clicked.connect(self._on_following)
        self.leave.clicked.connect(self.reject)
        self._build()
        self.resize(fitted(self, 1120, 640))

    def _build(self) -> None:
        theme.set_role(self.right, "primary")
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        sides = QVBoxLayout()
        said = QHBoxLayout()
        said.addWidget(self.state)
        said.addStretch(1)
        sides.addLayout(said)
        sides.addWidget(self.sides, 1)
        sides.addWidget(self.advice)
        sides.addWidget(self.problem)
        self.problem.hide()
        body = QWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(14)
        self._body.addWidget(self.crop, 45)
        self._body.addLayout(sides, 55)
        column.addWidget(Held(body), 1)
        foot = FlowRow()
        for button in (self.right, self.wrong, self.following, self.leave):
            button.setAutoDefault(False)  # Enter goes through the differences
            foot.add(button)
        column.addWidget(foot)
        self.keys = KeyHints(
            ("Enter", self.tr("beda berikutnya")),
            ("F7", self.tr("angka di sini sesuai")),
            ("F8", self.tr("tidak sesuai")),
            ("F4", self.tr("seluruh halaman")),
            ("Esc", self.tr("tutup")),
        )
        column.addWidget(self.keys)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the scan stands above the numbers: what the site shows must be in sight."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < STACK_BELOW_PX
        self.keys.setVisible(not is_narrow)
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._body.setDirection(way)
        self._body.setStretch(0, 25 if is_narrow else 45)
        self._body.setStretch(1, 75 if is_narrow else 55)

    # ---- what it shows -------------------------------------------------------------------------------------------

    def next_form(self, at: C1Key | None = None) -> None:
        """The oldest (or `at`), then one after the other, from the top again at the end."""
        wp, person, language = self._wp, self._session.person, self._language
        behind = self.shown.key if self.shown else None
        self._tasks.run(self, lambda: oldest(wp, person, language, behind, at), self._on_shown, slot="next")

    def _on_following(self) -> None:
        self.next_form()

    def _on_shown(self, shown: Shown | None) -> None:
        self.shown = shown
        if shown is None:
            self.reject()
            return
        now = self._wp.now()
        self.title.title.setText(f"{shown.key.tps.label} · {shown.place} · {shown.form.title.id}")
        differing = sum(1 for row in shown.rows if not row.is_same)
        words = self.tr("%1 angka berbeda sejak %2").replace("%1", str(differing))
        self.state.say(Tone.BAD, words.replace("%2", fmt.moment(shown.since, now)))
        self.advice.setText(
            self.tr(
                "Terakhir dilihat %1. Angka di sini tetap seperti yang diverifikasi. Bandingkan dengan C1; bila angka"
                " di sini benar, laporkan kepada KPU RI."
            ).replace("%1", fmt.moment(shown.seen_at, now))
        )
        self.following.setVisible(shown.left > 1)
        self.say_problem("")
        self.pictures.open(shown.form, shown.pages)
        self.sides.set_sides(shown.rows)
        self.sides.table.setFocus()

    def say_problem(self, text: str) -> None:
        self.problem.setText(f"■ {text}" if text else "")
        self.problem.setVisible(bool(text))

    def _on_chosen(self, field_id: str) -> None:
        if self.shown is not None:
            self.pictures.show_field(self.shown.form.by_id[field_id])

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.isAutoRepeat():
            event.accept()
        elif key == Qt.Key.Key_F7:
            self._on_right()
        elif key == Qt.Key.Key_F8:
            self._on_wrong()
        elif key == Qt.Key.Key_F3:
            self.sides.toggle_whole()
        elif key == Qt.Key.Key_F4:
            self.crop.set_whole(is_whole=not self.crop.is_whole)
        else:
            super().keyPressEvent(event)

    def _on_right(self) -> None:
        if self.shown is not None:
            wp, session, key = self._wp, self._session, self.shown.key
            self._tasks.run(
                self,
                lambda: public_watch.check_again(wp, session, key),
                lambda _done: self.next_form(),
                lambda error: self.say_problem(error.sentence()),
            )

    def _on_wrong(self) -> None:
        if self.shown is not None:
            key = self.shown.key
            self.reject()
            self.dispute_wanted.emit(key)
