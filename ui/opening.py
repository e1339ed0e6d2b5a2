"""What the window does by itself after it opens: sign somebody in, show a page, type, save its picture, close.

It presses keys as a person does, so that a picture shows what a person sees. Invariant: it waits for facts (names read,
tasks idle, the caller's `is_ready`), never for a fixed time, and gives up with a sentence at its deadline.
Thread: UI.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from app.domain.c1form import C1Key
from app.errors import ExpectedError, Unavailable
from app.services import people
from app.services.people import Session
from ui.main_window import MainWindow

PICTURE_SIZE = (1366, 768)
LOOK_MS = 15  # between looks, and between keys
QUIET_LOOKS = 6  # tasks start tasks: idle so many times in a row is idle
_NAMED = {"\n": Qt.Key.Key_Return, "↑": Qt.Key.Key_Up}
PATIENCE_S = 90.0  # a slow practice centre answers within a minute


def _at_once() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Opening:
    """`person` empty: the sign-in panel stays. `form` is opened on `page`, then `text` is typed (a line feed is Enter,
    an arrow the arrow key).

    With `picture` the window is drawn, saved there once it is quiet and `is_ready`, and closed.
    """

    person: str = ""
    pin: str = ""
    page: str = ""
    form: C1Key | None = None
    text: str = ""
    picture: Path | None = None
    is_ready: Callable[[], bool] = _at_once


class Player(QObject):
    """Plays one opening in a window. `problem` is the sentence to show when it could not."""

    def __init__(self, window: MainWindow, opening: Opening, *, patience_s: float = PATIENCE_S) -> None:
        super().__init__(window)
        self._window, self._opening = window, opening
        self._deadline = time.monotonic() + patience_s
        self._script = self._play()
        self.problem: ExpectedError | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        if self.problem is None and time.monotonic() > self._deadline:
            self._give_up(
                Unavailable(
                    _tr("Halaman yang diminta belum siap; gambar tidak disimpan."),
                    hint=_tr("Ulangi bila komputer ini tidak sibuk."),
                )
            )
        elif next(self._script, True):
            self._timer.stop()

    def _give_up(self, error: ExpectedError) -> None:
        self.problem = error
        self._timer.stop()
        if self._opening.picture is not None:
            self._window.close()
        else:
            self._window.sign_in.message.setText(error.sentence())

    # ---- the script: yields None as long as it is not done -------------------------------------------------------

    def _play(self) -> Iterator[None]:
        window, opening = self._window, self._opening
        if opening.picture is not None:
            window.resize(*PICTURE_SIZE)
            yield from self._until(opening.is_ready)
        if opening.person:
            window.tasks.run(
                window,
                lambda: people.sign_in(window.desk.wp, opening.person, opening.pin),
                self._on_signed_in,
                self._give_up,
            )
            yield from self._until(lambda: window.session is not None)
        yield from self._quiet()
        if opening.form is not None:
            window.navigate(opening.page, opening.form)
            yield from self._quiet()
        for character in opening.text:
            self._press(character)
            yield None
        yield from self._quiet()
        if opening.picture is not None:
            while (
                window.width(),
                window.height(),
            ) != PICTURE_SIZE:  # the screen's own size may come in between
                window.resize(*PICTURE_SIZE)
                yield from self._quiet()
            self._save(opening.picture)

    def _on_signed_in(self, session: Session) -> None:
        self._window.enter(session, self._opening.page)

    @staticmethod
    def _until(is_so: Callable[[], bool]) -> Iterator[None]:
        while not is_so():
            yield None

    def _quiet(self) -> Iterator[None]:
        looks = 0
        while looks < QUIET_LOOKS:
            looks = looks + 1 if self._window.tasks.is_idle else 0
            yield None

    def _press(self, character: str) -> None:
        key = _NAMED.get(character) or Qt.Key(ord(character.upper()))
        text = "" if character in _NAMED else character
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(self._window.focusWidget(), event)

    def _save(self, path: Path) -> None:
        if not self._window.grab().save(str(path), "PNG"):
            self.problem = Unavailable(
                _tr("Gambar %1 tidak dapat disimpan.").replace("%1", str(path)),
                hint=_tr("Periksa folder dan hak aksesnya."),
            )
        self._window.close()


def _tr(text: str) -> str:
    return QCoreApplication.translate("opening", text)
