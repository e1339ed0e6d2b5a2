"""The window: bars, list of pages, and the stack in the middle. It owns who is signed in and which page is in front.

Invariant: while nobody is signed in only the sign-in panel can be seen, and no page keeps a value on screen. Pages are
built when first shown; nothing is counted before the first paint. Thread: UI.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.domain.people import Role
from app.errors import ExpectedError
from app.ports import SyncStatus
from app.services import notices, register, status
from app.services.history import LastReceipt
from app.services.people import Session
from app.services.register import Station
from app.services.workplace import Workplace
from ui import format as fmt
from ui.bars import NOTICES, StatusBar, TopBar
from ui.bridge import EngineBridge
from ui.desk import Desk
from ui.page import Context, Page, PageSpec
from ui.pages import page_specs
from ui.pages.form_column import station_menu
from ui.pages.sign_in import SignInPanel
from ui.places import district_name, realm_words
from ui.tasks import Tasks
from ui.theme import Tone
from ui.widgets.icons import icon
from ui.widgets.nav import Nav
from ui.widgets.scrolled import Held, PageStack
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from ui.pages.guide_strip import GuideStrip
    from ui.projector import Projector

POLL_MS = 1_000  # how soon a change made elsewhere (engine, scanner, command line) shows
_FIRST_SIZE = (1280, 700)
_FRAME_PX = 40  # title bar


@dataclass(frozen=True, slots=True)
class _Overview:
    """What the bars and the list of pages show; read in one go, off the UI thread."""

    badges: dict[str, int]
    left: str
    unread: int  # notices


class MainWindow(QMainWindow):
    """One per run; `rebuild` asks `ui.app` for a new one."""

    rebuild_requested = Signal()

    def __init__(self, desk: Desk, tasks: Tasks, specs: Sequence[PageSpec] | None = None) -> None:
        super().__init__()
        self.desk, self.tasks = desk, tasks
        self.bridge = EngineBridge(desk.sync, self)
        self.context = Context(desk, tasks, self.bridge, self)
        self._specs = tuple(specs if specs is not None else page_specs())
        self._pages: dict[str, Page] = {}
        self._session: Session | None = None
        self._counter: int | None = None
        self.projector: Projector | None = None
        self._settings = QSettings(str(desk.wp.folder / "window.ini"), QSettings.Format.IniFormat)
        self._last_page = str(self._settings.value("page", self._specs[0].id))
        self._build()
        self._make_shortcuts()
        self._restore_geometry()
        tasks.failed.connect(self._on_failed)
        self.bridge.status_changed.connect(self._on_line)
        self._on_line(self.bridge.status)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.on_poll)
        self._show_sign_in()

    # ---- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        practice = (self.tr("LATIHAN"),) if self.desk.practice else ()
        self.setWindowTitle(
            " · ".join((*practice, district_name(self.desk.wp)))
        )  # Qt adds the program's name
        self.setWindowIcon(icon("situng"))
        self.top = TopBar(_place_words(self.desk.wp), practice=self.desk.practice)
        self.nav = Nav()
        self.stack = PageStack(is_elastic=True)
        self.sign_in = SignInPanel(self.desk.wp, self.tasks, self.desk.sign_in_hint)
        self.stack.addWidget(self.sign_in)
        self.status_bar = StatusBar()
        self.guide = self._make_guide()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.nav)
        middle.addWidget(Held(self.stack), 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(middle, 1)
        if self.guide is not None:
            column.addWidget(self.guide)
            self.status_bar.row.insertWidget(1, self.guide.call_back)
        column.addWidget(self.status_bar)
        self.setCentralWidget(whole)
        self.toaster = Toast(self, self.stack)
        self.nav.page_chosen.connect(self.navigate)
        self.top.person_clicked.connect(self.sign_out)
        self.top.notices_clicked.connect(lambda: self.navigate("home", part=NOTICES))
        self.sign_in.signed_in.connect(self.enter)
        self.status_bar.help_clicked.connect(self.show_help)
        self.status_bar.search_clicked.connect(self.show_search)

    def _make_guide(self) -> GuideStrip | None:
        """The way through the first ten minutes, where practice has one."""
        if self.desk.guide is None or not self.desk.practice:
            return None
        from ui.pages.guide_strip import GuideStrip  # noqa: PLC0415 - in practice only

        return GuideStrip(self.context, self.desk.guide, self._seen)

    def _seen(self) -> tuple[str, C1Key | None]:
        """Who is at work, and the form being keyed on the screen."""
        page = self.stack.currentWidget()
        form = page.form_on_screen() if isinstance(page, Page) else None
        return (self._session.person.id if self._session is not None else ""), form

    def _make_shortcuts(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("F1", self.show_help),
            ("F9", self.sign_out),
            ("F11", self.show_projector),
            ("Ctrl+K", self.show_search),
        ]
        for sequence, action in keys:
            QShortcut(QKeySequence(sequence), self).activated.connect(action)
        for digit in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{digit}"), self)
            shortcut.activated.connect(lambda digit=digit: self._on_digit(digit))

    def _restore_geometry(self) -> None:
        kept = self._settings.value("geometry")
        if kept is not None and self.restoreGeometry(kept):
            return
        room = self.screen().availableGeometry().size()
        if room.width() < _FIRST_SIZE[0] or room.height() < _FIRST_SIZE[1] + _FRAME_PX:
            self.resize(room)  # small screens and large scaling: never wider than what can be seen
            self.setWindowState(Qt.WindowState.WindowMaximized)
        else:
            self.resize(*_FIRST_SIZE)

    # ---- what pages use (ui.page.Shell) --------------------------------------------------------------------------

    @property
    def session(self) -> Session | None:
        return self._session

    def navigate(self, page_id: str, key: C1Key | None = None, part: str = "") -> None:
        if self._session is None or page_id not in self.nav.buttons:
            return
        before = self.stack.currentWidget()
        page = self._page(page_id)
        if before is not page:
            if isinstance(before, Page):
                before.on_hidden()
            self.stack.setCurrentWidget(page)
            self._last_page = page_id
            self.nav.select(page_id)
            page.on_shown()
        if key is not None:
            page.open_target(key)
        if part:
            page.open_part(part)

    def open_form(self, key: C1Key) -> None:
        if self._session is None:
            return
        from ui.pages.form_card import FormCard  # noqa: PLC0415 - imported when first opened

        FormCard(self, self.context, key).open()

    def toast(self, text: str, tone: Tone = Tone.GOOD) -> None:
        self.toaster.say(text, tone)

    def rebuild(self) -> None:
        self.rebuild_requested.emit()

    # ---- people --------------------------------------------------------------------------------------------------

    def enter(self, session: Session, page_id: str = "") -> None:
        """Somebody signed in: the pages of their roles, the last page in front."""
        self._session = session
        self.top.show_person(session)
        allowed = [spec for spec in self._specs if not spec.roles or session.person.has(*spec.roles)]
        self.nav.set_pages(
            [(spec.id, spec.title(), self._specs.index(spec) + 1) for spec in allowed],
            self.tr("Ctrl + angka: pindah halaman"),
        )
        self.nav.show()
        for page in self._pages.values():
            page.on_person_changed(session)
        wanted = page_id or self._last_page
        self.navigate(wanted if wanted in self.nav.buttons else allowed[0].id)
        self._refresh_overview()
        if session.person.roles == {Role.WATCH}:
            self.show_projector()
        _settle()

    def sign_out(self) -> None:
        """F9: hide every value at once, then ask who is next."""
        if self._session is None:
            return
        self._session = None
        for dialog in self.findChildren(QWidget):
            if dialog.isWindow() and dialog is not self:
                dialog.close()
        before = self.stack.currentWidget()
        if isinstance(before, Page):
            before.on_hidden()
        for page in self._pages.values():
            page.on_person_changed(None)
        self._show_sign_in()

    def _show_sign_in(self) -> None:
        self.top.show_person(None)
        self.nav.hide()
        self.stack.setCurrentWidget(self.sign_in)
        self.sign_in.start()

    # ---- keeping up to date --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._poll.isActive():
            self._poll.start()
            QTimer.singleShot(0, self._refresh_overview)

    def on_poll(self) -> None:
        # The engine writes from a process of its own; SQLite's own counter knows of both, and reading it costs little.
        counter = self.desk.wp.db.version
        if counter == self._counter or self.tasks.is_busy(self, "overview"):
            return
        is_first, self._counter = self._counter is None, counter
        if not is_first:
            self.refresh()

    def refresh(self) -> None:
        """Something changed: the page in front and the bars read anew."""
        page = self.stack.currentWidget()
        if isinstance(page, Page):
            page.on_store_changed()
        self._refresh_overview()

    def _refresh_overview(self) -> None:
        wp, session = self.desk.wp, self._session
        if self.guide is not None:
            self.guide.read()
        self.tasks.run(self, lambda: _overview(wp, session), self._on_overview, slot="overview")

    def _on_overview(self, overview: _Overview) -> None:
        self.status_bar.left.setText(overview.left)
        self.top.show_unread(overview.unread if self._session is not None else 0)
        for page_id in self.nav.buttons:
            self.nav.set_badge(page_id, overview.badges.get(page_id, 0))

    def _on_line(self, line: SyncStatus) -> None:
        self.top.show_line(line)
        for page in self._pages.values():
            page.on_line_changed(line)

    # ---- keys and dialogs ----------------------------------------------------------------------------------------

    def _on_digit(self, digit: int) -> None:
        if digit <= len(self._specs):
            self.navigate(self._specs[digit - 1].id)

    def show_help(self) -> None:
        from ui.pages.help import HelpDialog  # noqa: PLC0415 - imported when first opened

        page = self.stack.currentWidget()
        HelpDialog(self, page if isinstance(page, Page) else None, self._pages_in_use).open()

    def _pages_in_use(self) -> list[Page]:
        return [self._page(spec.id) for spec in self._specs if spec.id in self.nav.buttons]

    def show_projector(self) -> None:
        """On the other screen where there is one; without votes or names, so it stays when the person changes."""
        from ui.projector import Projector, other_screen  # noqa: PLC0415 - imported when first opened

        if self.projector is None:
            self.projector = Projector(self.desk.wp, self.tasks)
        self.projector.show_on(other_screen(self))

    def show_search(self) -> None:
        if self._session is None:
            return
        from ui.pages.search import SearchDialog  # noqa: PLC0415 - imported when first opened

        dialog = SearchDialog(self, self.desk.wp, self.tasks)
        dialog.chosen.connect(self._on_station)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_station(self, station: Station) -> None:
        """Its form; where it brings several, which one is asked, on keys 1 to 5."""
        order = self.desk.wp.form_ids.index
        keys = sorted(
            register.keys_of(self.desk.wp, station.tps), key=lambda key: (order(key.form), key.round)
        )
        if len(keys) > 1:
            menu = station_menu(self, keys, self.open_form)
            menu.popup(self.mapToGlobal(self.rect().center()) - menu.rect().center())
        elif keys:
            self.open_form(keys[0])
        else:  # practice expects forms of some TPS only
            words = self.tr("Dari %1 tidak ditunggu formulir.").replace("%1", station.tps.label)
            self.toast(words, Tone.WAIT)

    def _on_failed(self, error: ExpectedError) -> None:
        self.toast(error.sentence(), Tone.BAD)

    # ---- pages and closing ---------------------------------------------------------------------------------------

    def _page(self, page_id: str) -> Page:
        if page_id not in self._pages:
            spec = next(one for one in self._specs if one.id == page_id)
            page = spec.make(self.context)
            page.badge_changed.connect(lambda count, page_id=page_id: self.nav.set_badge(page_id, count))
            self._pages[page_id] = page
            self.stack.addWidget(page)
            page.on_person_changed(self._session)
            page.on_line_changed(self.bridge.status)
        return self._pages[page_id]

    def closeEvent(self, event: QCloseEvent) -> None:
        if not all(page.may_close() for page in self._pages.values()):
            event.ignore()
            return
        self._poll.stop()
        if self.projector is not None:
            self.projector.close()
            self.projector.deleteLater()
        self.bridge.close()
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("page", self._last_page)
        self._settings.sync()
        for page in self._pages.values():
            page.on_person_changed(
                None
            )  # drafts are kept per keystroke; this ends whatever a page still shows
        super().closeEvent(event)


def _place_words(wp: Workplace) -> str:
    """`Kab. Bandung · Pemilu 2019`."""
    return f"{district_name(wp)} · {realm_words(wp)}"


def _overview(wp: Workplace, session: Session | None) -> _Overview:
    badges: dict[str, int] = {}
    unread = 0
    if session is not None:
        unread = notices.unread(wp, session.person)
        for need in status.needs_me(wp, session.person):
            badges[need.page] = badges.get(need.page, 0) + need.count
        badges["queue"] = status.queue_count(wp)
    receipt = status.last_receipt(wp)
    left = receipt_words(receipt, wp.now()) if receipt is not None else ""
    return _Overview(badges, left, unread)


def receipt_words(receipt: LastReceipt, now: float) -> str:
    """`Bukti terakhir dari KPU RI 14.03 · no. 18.211`."""
    at = fmt.from_iso(receipt.at)
    words = QCoreApplication.translate("MainWindow", "Bukti terakhir dari KPU RI %1 · no. %2")
    return words.replace("%1", fmt.moment(at, now) if at else "").replace("%2", fmt.number(receipt.sequence))


def _settle() -> None:
    """What the program now consists of is no garbage: looking through it once more stopped the keys for 45 ms."""
    gc.collect()
    gc.freeze()
