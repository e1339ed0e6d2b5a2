"""Pindai: files and folders in, the inbox of pages nobody has placed yet, and the sheets that are still missing.

Invariants: reading and decoding happen off the UI thread, with progress and time left; what is refused says why in a
sentence; a page is placed by a person's key, never by a guess of ours: the suggestion is proposed, Enter accepts it.
Thread: UI; the store and the intake are asked on workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.c1form import C1Key
from app.errors import ExpectedError
from app.ports import IntakeProgress, IntakeResult, IntakeState
from app.services.people import Session
from app.services.workplace import preference
from ui import format as fmt
from ui import theme
from ui.page import Context, KeyHelp, Page
from ui.pages import pages_in_jobs as jobs
from ui.pages.pages_in_covers import CoverDialog
from ui.pages.pages_in_jobs import InboxRow, Scanned
from ui.pages.pages_in_lists import MissingList, ResultList
from ui.pages.pages_in_place import PlacePanel
from ui.pages.pages_words import short_words
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.key_hint import KeyHints, key_cap
from ui.widgets.page_images import PageImages
from ui.widgets.thumbnail_list import Thumbnail, ThumbnailList

KEPT_PICTURES = 400  # thumbnails of 64 px: 25 kB each
SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf", ".webp", ".bmp")


class PagesInPage(Page):
    """Drop files anywhere on it."""

    _progress = Signal(object)  # from the intake's thread

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._inbox: dict[int, InboxRow] = {}
        self._started_at: float | None = None
        self._asked: C1Key | None = None  # came from elsewhere for this form
        self._to_choose: C1Key | None = None  # and its row is still to be chosen
        self.images = PageImages(context.tasks, self, keep=KEPT_PICTURES)
        self.title = PageTitle(self.tr("Pindai"))
        self.take = QPushButton(self.tr("Ambil berkas…"))
        self.folder = QPushButton(self.tr("Ambil folder…"))
        self.covers = QPushButton(self.tr("Lembar sampul…"))
        self.cover_dialog: CoverDialog | None = None
        self.bar = QProgressBar()
        self.bar_text = QLabel()
        theme.set_role(self.bar_text, "small")
        self.thumbnails = ThumbnailList(self.images, self.tr("Kotak masuk"))
        self.place = PlacePanel(context, PageImages(context.tasks, self))
        self.missing = MissingList(context.desk.wp)
        self.results = ResultList()
        self.lists = QStackedWidget()
        self.tabs: list[QPushButton] = []
        self.setAcceptDrops(True)
        self._build()
        self._connect()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        theme.set_role(self.take, "primary")
        for part in (self.take, key_cap("F5"), self.folder):
            self.title.side.addWidget(part)
        if self.context.desk.cover_sheets is not None:
            self.title.side.addWidget(self.covers)
            self.title.side.addWidget(key_cap("F7"))
        column.addWidget(self.title)
        self.progress_line = QWidget()
        line = QHBoxLayout(self.progress_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.bar, 1)
        line.addWidget(self.bar_text)
        self.progress_line.hide()
        column.addWidget(self.progress_line)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self._build_lists(), 5)
        body.addWidget(self.place, 6)
        column.addLayout(body, 1)

    def _build_lists(self) -> Card:
        """Inbox, missing pages and what came of the last files: one at a time, F6 goes round."""
        card = Card()
        tabs = QHBoxLayout()
        tabs.setSpacing(4)
        for place, part in enumerate((self.thumbnails, self.missing, self.results)):
            button = QPushButton()
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolTip("F6")
            theme.set_role(button, "filter")
            button.clicked.connect(lambda _checked=False, place=place: self._show_list(place))
            tabs.addWidget(button)
            self.tabs.append(button)
            self.lists.addWidget(part)
        tabs.addStretch(1)
        card.body.addLayout(tabs)
        card.body.addWidget(self.lists, 1)
        card.body.addWidget(KeyHints(("Enter", self.tr("tentukan TPS")), ("F6", self.tr("daftar lain"))))
        self._name_tabs(0, 0)
        self._show_list(0)
        return card

    def _name_tabs(self, waiting: int, missing: int) -> None:
        words = (
            self.tr("Kotak masuk %1").replace("%1", fmt.number(waiting)),
            self.tr("Kurang %1").replace("%1", fmt.number(missing)),
            self.tr("Terakhir"),
        )
        for button, text in zip(self.tabs, words, strict=True):
            button.setText(text)

    def _show_list(self, place: int) -> None:
        self.lists.setCurrentIndex(place)
        self.tabs[place].setChecked(True)
        if self.isVisible():
            self._focus_list()

    def _focus_list(self) -> None:
        (self.thumbnails, self.missing.table, self.results.table)[self.lists.currentIndex()].setFocus()

    def _connect(self) -> None:
        self.take.clicked.connect(self._on_take)
        self.folder.clicked.connect(self._on_folder)
        self.covers.clicked.connect(lambda _checked=False: self._on_covers())
        self.thumbnails.picked.connect(self._on_picked)
        self.thumbnails.itemActivated.connect(lambda _item: self.place.focus_work())
        self.place.placed.connect(self._on_placed)
        self.place.set_aside.connect(self._on_set_aside)
        self.place.left.connect(self.thumbnails.setFocus)
        self.missing.opened.connect(self.context.shell.open_form)
        self._progress.connect(self._on_progress, Qt.ConnectionType.QueuedConnection)

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.refresh()
        self._focus_list()

    def on_person_changed(self, session: Session | None) -> None:
        self._session = session
        self._asked = self._to_choose = None
        if session is None:
            if self.cover_dialog is not None:
                self.cover_dialog.close()
            self._inbox.clear()
            self.thumbnails.set_pages([])
            self.place.show_page(None)
            self.missing.set_rows(())
            self.results.clear()
            self.images.forget()

    def on_store_changed(self) -> None:
        self.refresh()

    def may_close(self) -> bool:
        return self._started_at is None

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("F5", self.tr("mengambil berkas gambar atau PDF (juga dengan menyeretnya ke sini)")),
            KeyHelp("Enter", self.tr("menentukan TPS lembar yang dipilih; lalu menerimanya")),
            KeyHelp("↑ ↓", self.tr("lembar lain; di kotak TPS: pilihan lain")),
            KeyHelp("F6", self.tr("kotak masuk, halaman yang belum ada, berkas yang baru diambil")),
            KeyHelp("F7", self.tr("lembar sampul berkode untuk satu desa, sebagai PDF")),
            KeyHelp("Del", self.tr("menyisihkan lembar (tidak dibuang)")),
            KeyHelp("Esc", self.tr("kembali ke daftar lembar")),
        )

    def help_topic(self) -> str:
        return "pindai"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self._on_take()
        elif event.key() == Qt.Key.Key_F6:
            self._show_list((self.lists.currentIndex() + 1) % self.lists.count())
        elif event.key() == Qt.Key.Key_F7:
            self._on_covers()
        elif event.key() == Qt.Key.Key_Delete and self.thumbnails.hasFocus():
            self._on_set_aside()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.thumbnails.hasFocus():
            self.place.focus_work()
        else:
            super().keyPressEvent(event)

    # ---- what it shows -------------------------------------------------------------------------------------------

    def open_target(self, key: C1Key) -> None:
        """The sheets that this form lacks, among the missing ones."""
        self._asked = self._to_choose = key
        self._show_list(1)
        self.refresh()

    def refresh(self) -> None:
        session, wp, asked = self._session, self.context.desk.wp, self._asked
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: jobs.read(wp, asked),
                lambda found: self._on_read(session, found),
                slot="scanned",
            )

    def _on_read(self, session: Session, found: Scanned) -> None:
        if self._session is not session:
            return
        self.missing.set_rows(found.missing)
        if self._to_choose is not None and self.missing.choose(self._to_choose):
            self._to_choose = None
        self._name_tabs(len(found.inbox), len(found.missing))
        self.title.lead.setText(self._lead(found))
        fresh = {row.id: row for row in found.inbox}
        if fresh == self._inbox:
            return
        self._inbox = fresh
        self.thumbnails.set_pages([self._thumbnail(row) for row in found.inbox])

    def _lead(self, found: Scanned) -> str:
        folder = preference(self.context.desk.wp, "watched_folder", "")
        watched = (
            self.tr("Folder yang diawasi: %1").replace("%1", folder)
            if folder
            else self.tr("Belum ada folder yang diawasi (Pengaturan)")
        )
        words = (
            self.tr("%1 lembar di kotak masuk · %2 formulir belum lengkap")
            .replace("%1", fmt.number(len(found.inbox)))
            .replace("%2", fmt.number(len(found.missing)))
        )
        return f"{words} · {watched}"

    def _thumbnail(self, row: InboxRow) -> Thumbnail:
        lines = [row.name]
        if row.place:
            lines.append(self.tr("Usul: %1").replace("%1", row.place))
        lines += [f"▲ {short_words(one)}" for one in row.warnings[:1]]
        return Thumbnail(row.id, row.thumbnail, "\n".join(lines), Tone.WAIT if row.warnings else Tone.PLAIN)

    def _on_picked(self, page_id: int) -> None:
        self.place.show_page(self._inbox.get(page_id))

    # ---- placing -------------------------------------------------------------------------------------------------

    def _on_placed(self, page_id: int, key: object, page: int) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is None or not isinstance(key, C1Key):
            return
        words = self.tr("%1 halaman %2").replace("%1", key.tps.label).replace("%2", str(page))
        self.context.tasks.run(
            self,
            lambda: jobs.assign(wp, session, page_id, key, page),
            lambda _none: self._on_done(session, words),
            self._on_refused,
        )

    def _on_set_aside(self) -> None:
        session, wp, page_id = self._session, self.context.desk.wp, self.thumbnails.current_id()
        if session is not None and page_id:
            self.context.tasks.run(
                self,
                lambda: jobs.set_aside(wp, session, page_id),
                lambda _none: self._on_done(session, self.tr("Lembar disisihkan; tidak dibuang.")),
                self._on_refused,
            )

    def _on_done(self, session: Session, words: str) -> None:
        if self._session is session:
            self.context.shell.toast(words)
            self._show_list(0)
            self.refresh()

    def _on_refused(self, error: ExpectedError) -> None:
        self.place.say_problem(error.sentence())

    # ---- cover sheets --------------------------------------------------------------------------------------------

    def _on_covers(self) -> None:
        write = self.context.desk.cover_sheets
        if write is None or self._session is None:
            return
        dialog = CoverDialog(self, self.context, write)
        dialog.written.connect(self.context.shell.toast)
        dialog.finished.connect(self._on_covers_closed)
        self.cover_dialog = dialog
        dialog.open()

    def _on_covers_closed(self) -> None:
        dialog, self.cover_dialog = self.cover_dialog, None
        if dialog is not None:
            dialog.deleteLater()
            self.activateWindow()
            self._focus_list()

    # ---- taking in -----------------------------------------------------------------------------------------------

    def _on_take(self) -> None:
        kinds = self.tr("Gambar dan PDF (%1)").replace("%1", " ".join(f"*{one}" for one in SUFFIXES))
        names, _filter = QFileDialog.getOpenFileNames(self, self.tr("Ambil berkas"), "", kinds)
        self.take_in([Path(one) for one in names])

    def _on_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Ambil folder"))
        if name:
            self.take_in([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take files or folders in, off the UI thread; one batch at a time."""
        session, desk = self._session, self.context.desk
        if session is None or not paths:
            return
        if self._started_at is not None:
            self.context.shell.toast(
                self.tr("Masih mengambil berkas sebelumnya; tunggu sebentar."), Tone.WAIT
            )
            return
        self._started_at = desk.wp.clock.monotonic()
        self.progress_line.show()
        self.bar.setRange(0, 0)
        self.bar_text.setText(self.tr("Membaca berkas…"))
        by = session.person.id
        self.context.tasks.run(
            self,
            lambda: desk.intake.take_in(paths, by=by, progress=self._progress.emit),
            self._on_taken,
            self._on_not_taken,
        )

    def _on_progress(self, progress: IntakeProgress) -> None:
        if self._started_at is None:
            return
        self.bar.setRange(0, max(1, progress.total))
        self.bar.setValue(progress.done)
        spent = self.context.desk.wp.clock.monotonic() - self._started_at
        left = spent / progress.done * (progress.total - progress.done) if progress.done else 0.0
        words = (
            self.tr("%1 dari %2 halaman").replace("%1", str(progress.done)).replace("%2", str(progress.total))
        )
        if progress.done and left >= 1:
            words += " · " + self.tr("kira-kira %1 lagi").replace("%1", fmt.duration(left))
        self.bar_text.setText(words)
        if progress.last is not None and self._session is not None:
            self.results.add(progress.last)

    def _on_taken(self, results: Sequence[IntakeResult]) -> None:
        self._end_taking()
        placed = sum(1 for one in results if one.state is IntakeState.ASSIGNED)
        waiting = sum(1 for one in results if one.state is IntakeState.INBOX)
        other = len(results) - placed - waiting
        self.context.shell.toast(
            self.tr("%1 halaman masuk, %2 ke kotak masuk, %3 tidak dipakai.")
            .replace("%1", fmt.number(placed))
            .replace("%2", fmt.number(waiting))
            .replace("%3", fmt.number(other)),
            Tone.WAIT if other else Tone.GOOD,
        )
        self.context.desk.sync.wake()
        self.refresh()

    def _on_not_taken(self, error: ExpectedError) -> None:
        self._end_taking()
        self.context.shell.toast(error.sentence(), Tone.BAD)
        self.refresh()

    def _end_taking(self) -> None:
        self._started_at = None
        self.progress_line.hide()
