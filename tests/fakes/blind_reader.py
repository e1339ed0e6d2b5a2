"""A second reader at the real window, in a process of its own: `python -m tests.fakes.blind_reader DIR`.

Signs in by keys, opens the first form of Entri kedua, keys the station's number and two boxes, prints one line of
JSON and sits there until the process is ended. Thread: main; the script runs in Qt's own loop.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import window as real_window
from tests.fakes.room import PIN, focused, press, type_text
from tests.fakes.window_driver import until
from ui.app import make_application
from ui.entry.walk import Stage
from ui.main_window import MainWindow
from ui.pages.second_reading import SecondReadingPage

WHO = "dedi"
SECOND_PAGE = Qt.Key.Key_4  # Ctrl+4
TYPED = ("12", "34")


def read_blind() -> None:
    """Name, PIN, Entri kedua, Enter, the number on the paper, two values."""
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    window.activateWindow()
    names = window.sign_in.names
    until(lambda: names.count() > 0 and QApplication.focusWidget() is not None, "the names")
    for _ in range(names.count()):
        if names.currentItem().data(Qt.ItemDataRole.UserRole) == WHO:
            break
        press(Qt.Key.Key_Down)
    type_text("\n" + PIN + "\n")
    until(lambda: window.session is not None, "signed in")
    QTest.keyClick(focused(), SECOND_PAGE, Qt.KeyboardModifier.ControlModifier)
    until(lambda: isinstance(window.stack.currentWidget(), SecondReadingPage), "Entri kedua")
    page = window.stack.currentWidget()
    assert isinstance(page, SecondReadingPage)
    until(lambda: window.tasks.is_idle and bool(page.list.rows.rows), "a form to read")
    type_text("\n")
    until(lambda: page.view.entry is not None and window.tasks.is_idle, "the form opens")
    entry, walk = page.view.entry, page.view.walk
    assert entry is not None
    assert walk is not None
    type_text(f"{entry.key.tps.number:03d}\n")
    until(lambda: walk.stage is Stage.BOXES, "the boxes")
    for value in TYPED:
        type_text(f"{value}\n")
    until(lambda: window.tasks.is_idle, "everything is shown")
    sys.stdout.write(json.dumps({"order": int(entry.order), "cells": dict(walk.cells)}) + "\n")
    sys.stdout.flush()


def main() -> int:
    def script() -> None:
        try:
            read_blind()
        except BaseException:  # noqa: BLE001 - Qt's loop would swallow it and the parent would wait for ever
            traceback.print_exc()
            os._exit(1)

    make_application()
    QTimer.singleShot(0, script)
    return real_window.run(Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
