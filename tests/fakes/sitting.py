"""A person sitting at the window of a filled demo district: the fixtures of the shell's tests.

Import the fixtures by name. `sitting` waits for what the pages read in the background.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.people import Session
from tests.fakes.demo_desk import Demo, fill, open_desk, small_region
from ui import theme
from ui.main_window import MainWindow
from ui.page import Page
from ui.tasks import Tasks

P = TypeVar("P", bound=Page)


@dataclass
class Sitting:
    """The window, the district behind it, and the person's hands."""

    demo: Demo
    window: MainWindow
    qtbot: QtBot

    @property
    def session(self) -> Session | None:
        return self.window.session

    def go(self, who: str, page_id: str, kind: type[P]) -> P:
        """Sign in and go to a page."""
        self.window.enter(self.demo.sessions[who], page_id)
        self.settle()
        page = self.window.stack.currentWidget()
        assert isinstance(page, kind)
        return page

    def settle(self) -> None:
        """Until nothing is being read any more."""
        for _ in range(3):
            self.qtbot.waitUntil(lambda: self.window.tasks.is_idle)
            QApplication.processEvents()


@pytest.fixture
def sitting(qtbot: QtBot, tmp_path: Path) -> Iterator[Sitting]:
    demo = fill(open_desk(tmp_path / "kerja", small_region(kecamatan=("320405", "320407"))))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    tasks = Tasks()
    window = MainWindow(demo.desk, tasks)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitActive(window)
    yield Sitting(demo, window, qtbot)
    tasks.close()
    window.close()
    demo.wp.close()
