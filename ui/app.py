"""Starting and ending the window: Qt's application, language, look; the loop that builds the window anew on request.

Invariant: one QApplication per process; every bug that reaches Qt's event loop is logged and shown as one sentence,
never swallowed. Thread: the main thread, which is the UI thread.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.errors import ExpectedError
from app.services import workplace
from app.services.workplace import Workplace
from ui import theme
from ui.desk import Desk
from ui.garbage import Garbage
from ui.main_window import MainWindow
from ui.opening import Opening, Player
from ui.page import Make
from ui.tasks import Tasks
from ui.theme import RESOURCES, Tone
from ui.widgets.icons import icon

_UNSEEN = {"offscreen", "minimal"}  # Qt platforms that draw for nobody
LANGUAGES = {"id": "Indonesia", "en": "English"}
_log = logging.getLogger(__name__)


def make_application() -> QApplication:
    """Qt's application, made once; fractional scale factors are taken as they are."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([sys.argv[0] or "situng-luring"])
    app.setApplicationName("situng-luring")
    app.setApplicationDisplayName("Situng Luring")
    Garbage(app)
    return app


class Language:
    """The catalogues in use. Qt ships no Indonesian one, so its standard buttons come from ours (situng_id)."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []

    def forget(self) -> None:
        """Source texts again."""
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []

    def use(self, code: str) -> None:
        """`id` or `en`, instead of what was used before."""
        self.forget()
        translator = QTranslator(self._app)
        if translator.load(str(RESOURCES / "i18n" / f"situng_{code}.qm")):
            self._app.installTranslator(translator)
            self._installed.append(translator)


def run_window(desk: Desk, opening: Opening | None = None) -> int:
    """Show the window until it is closed; the exit code of the program. Nothing of `desk` is closed here.

    Raises Unavailable when what `opening` asks for did not come about.
    """
    app = make_application()
    tasks = Tasks()
    language = Language(app)
    holder = _Windows(app, desk, tasks, language)
    previous = sys.excepthook
    sys.excepthook = holder.on_bug
    try:
        holder.show_new()
        player = Player(holder.window, opening) if opening and holder.window else None
        code = app.exec()
        if player is not None and player.problem is not None:
            raise player.problem
        return code
    finally:
        sys.excepthook = previous
        tasks.close()
        language.forget()


def run_projector(wp: Workplace) -> int:
    """The projector alone, until it is closed; beside a window in another process, too (`wp` may be read-only)."""
    app = make_application()
    tasks, language = Tasks(), Language(app)
    try:
        language.use(workplace.preference(wp, "language", "id"))
        theme.apply(app)
        from ui.projector import Projector  # noqa: PLC0415 - the window starts without it

        view = Projector(wp, tasks)
        view.show_on(app.primaryScreen())
        return app.exec()
    finally:
        tasks.close()
        language.forget()


class _Windows:
    """The window in use; replaced by a new one when language or text size changes."""

    def __init__(self, app: QApplication, desk: Desk, tasks: Tasks, language: Language) -> None:
        self._app, self._desk, self._tasks, self._language = app, desk, tasks, language
        self.window: MainWindow | None = None

    def show_new(self) -> None:
        wp = self._desk.wp
        self._language.use(workplace.preference(wp, "language", "id"))
        theme.apply(self._app, workplace.preference(wp, "text_size", "biasa"))
        old = self.window
        window = MainWindow(self._desk, self._tasks)
        window.rebuild_requested.connect(self.show_new, Qt.ConnectionType.QueuedConnection)
        self.window = window
        if old is not None:
            window.restoreGeometry(old.saveGeometry())
        window.show()
        if old is not None:
            session = old.session
            old.close()
            old.deleteLater()
            if session is not None:
                window.enter(session, "settings")

    def on_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("a bug reached the event loop", exc_info=(kind, error, trace))
        if self.window is not None:
            self.window.toast(
                QCoreApplication.translate(
                    "app",
                    "Ada kesalahan program. Yang sudah Anda ketik tersimpan. "
                    "Ulangi langkah terakhir; jika terulang, laporkan isi folder log.",
                ),
                Tone.BAD,
            )


def has_screen() -> bool:
    """False where Qt could only abort: a session without a display."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def problem_box(error: ExpectedError) -> QMessageBox:
    """What happened and what to do, for somebody who started the program by a click and sees no terminal."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Situng Luring", str(error))
    box.setInformativeText(error.hint)
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.setWindowIcon(icon("situng"))
    return box


def show_problem(error: ExpectedError) -> None:
    """The same, until it is closed. Nothing where nobody could close it."""
    if not has_screen():
        return
    app = make_application()
    if app.platformName() in _UNSEEN:
        return
    language = Language(app)
    language.use("id")
    theme.apply(app)
    problem_box(error).exec()
    language.forget()


def run_first_run(make: Make, practice: Callable[[], int] | None = None, obstacle: str = "") -> bool:
    """No workplace yet: ask for district, coordinator and operators. True when one was made (and closed again).

    `make(realm=, district=, region=)` makes it; `practice` starts the practice district instead, when the person asks.
    `obstacle`: why none can be made here; only practice is left then.
    """
    app = make_application()
    Language(app).use("id")
    theme.apply(app)
    from ui.pages.first_run import FirstRun  # noqa: PLC0415 - needed once in the life of a workplace

    tasks = Tasks()
    try:
        steps = FirstRun(make, tasks, offers_practice=practice is not None, obstacle=obstacle)
        steps.exec()
    finally:
        tasks.close()
    if steps.workplace is not None:
        steps.workplace.close()
        return True
    if steps.practice_chosen and practice is not None:
        practice()
    return False
