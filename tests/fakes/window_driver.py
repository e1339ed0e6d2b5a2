"""A person at the real window, in a process of its own that may be killed: `python -m tests.fakes.window_driver DIR`.

It starts what `gui` starts, signs in by keys, opens Entri and prints as its first line what it finds there; then it
keys `CELLS` into one form after the other and prints a line when a value is finished (its Enter handled). With
`--report` it closes the window after the first line. Lines are JSON. Thread: main; the script runs in Qt's own loop.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import window as real_window
from tests.fakes.room import CELLS, PIN, focused, press
from ui.app import make_application
from ui.entry.walk import Stage, Walk
from ui.main_window import MainWindow
from ui.pages.keying import KeyingPage

PATIENCE_S = 30.0
LOOK_MS = 5
KEYING_PAGE = Qt.Key.Key_3  # Ctrl+3


def say(**facts: Any) -> None:
    """One line for the parent, out of this process before it returns."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def breathe(milliseconds: int) -> None:
    """Let the window and its threads work. Not QTest.qWait: it holds Python's lock, and the writer thread starves."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(predicate: Callable[[], bool], what: str) -> None:
    """Let the window work until something is true."""
    deadline = time.monotonic() + PATIENCE_S
    while not predicate():
        if time.monotonic() > deadline:
            raise TimeoutError(f"never happened: {what}")
        breathe(LOOK_MS)


class Person:
    """Whoever sits there. `key_ms`: how long from one key to the next."""

    def __init__(self, who: str, key_ms: int) -> None:
        self._who, self._key_ms = who, key_ms
        self._window: MainWindow | None = None

    # ---- hands ---------------------------------------------------------------------------------------------------

    def _type(self, text: str) -> None:
        for character in text:
            press(Qt.Key.Key_Return if character == "\n" else character)
            breathe(self._key_ms)

    @property
    def window(self) -> MainWindow:
        assert self._window is not None
        return self._window

    @property
    def page(self) -> KeyingPage:
        page = self.window.stack.currentWidget()
        assert isinstance(page, KeyingPage)
        return page

    @property
    def walk(self) -> Walk:
        walk = self.page.view.walk
        assert walk is not None
        return walk

    # ---- the way in ----------------------------------------------------------------------------------------------

    def sit_down(self) -> None:
        """Name, PIN, Entri: by keys alone; one's own draft opens by itself, else Enter opens the first form."""
        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
        self._window = found[0]
        QTest.qWaitForWindowActive(self.window)
        names = self.window.sign_in.names
        until(lambda: names.count() > 0, "the names")
        for _ in range(names.count()):
            if names.currentItem().data(Qt.ItemDataRole.UserRole) == self._who:
                break
            press(Qt.Key.Key_Down)
        self._type("\n" + PIN + "\n")
        until(lambda: self.window.session is not None, "signed in")
        QTest.keyClick(focused(), KEYING_PAGE, Qt.KeyboardModifier.ControlModifier)
        until(lambda: isinstance(self.window.stack.currentWidget(), KeyingPage), "Entri")
        page = self.page
        until(lambda: self.window.tasks.is_idle, "the list is read")
        if page.view.entry is None:
            until(lambda: bool(page.list.rows.rows), "a form to key")
            self._type("\n")
            until(lambda: page.view.entry is not None, "the form opens")
        until(lambda: self.window.tasks.is_idle, "everything is read")

    def report(self) -> None:
        """What is there: the draft as the program holds it, and what the boxes show."""
        entry, grid = self.page.view.entry, self.page.view.grid
        assert entry is not None
        session = self.window.session
        assert session is not None
        shown = {field: grid.edit(field).typed_text for field in entry.fields}
        say(
            person=session.person.id,
            key=entry.key.text(),
            tps=str(entry.key.tps),
            current=self.walk.current,
            cells=dict(self.walk.cells),
            shown={field: text for field, text in shown.items() if text},
            is_focused=self.walk.stage is Stage.STATION or grid.edit(self.walk.current).hasFocus(),
        )

    # ---- work ----------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """One form after the other, until somebody ends this process."""
        while True:
            self._key_form()

    def _key_form(self) -> None:
        page, entry = self.page, self.page.view.entry
        assert entry is not None
        if self.walk.stage is Stage.STATION:
            self._type(f"{entry.key.tps.number:03d}\n")
            until(lambda: self.walk.stage is Stage.BOXES, "the boxes")
        if self.walk.is_complete:
            self._type("\n")
        else:
            for field in entry.fields[entry.fields.index(self.walk.current) :]:
                left = page.view.grid.edit(field).typed_text
                for _ in left:
                    press(Qt.Key.Key_Backspace)
                self._type(f"{CELLS[field]}\n")
                say(key=entry.key.text(), field=field, value=CELLS[field])
        until(lambda: page.view.entry is not None and page.view.entry.key != entry.key, "the next form")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--who", default="rina")
    options.add_argument("--report", action="store_true")
    options.add_argument("--key-ms", type=int, default=20)  # 50 keys a second: nobody is faster
    chosen = options.parse_args()
    person = Person(chosen.who, chosen.key_ms)

    def script() -> None:
        try:
            person.sit_down()
            person.report()
            if not chosen.report:
                person.work()
            person.window.close()
        except BaseException:  # noqa: BLE001 - Qt's loop would swallow it and the parent would wait for ever
            traceback.print_exc()
            os._exit(1)

    make_application()
    QTimer.singleShot(0, script)
    return real_window.run(chosen.folder)


if __name__ == "__main__":
    sys.exit(main())
