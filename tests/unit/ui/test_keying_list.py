"""The work list: Enter begins work; a colleague's open draft is gone to on purpose only."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import drafts
from tests.fakes.room import Room, key_of, press
from ui.pages.keying import KeyingPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def test_the_first_row_chosen_is_one_that_can_be_opened(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    drafts.open_draft(room.wp, room.session("dedi"), key_of(1))
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    assert page.list.rows.rows[0].draft_by == "Dedi K."
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.view.entry is not None
    assert page.view.entry.key == key_of(2)
    room.leave()


def test_a_colleagues_draft_is_asked_about_when_it_is_gone_to(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    drafts.open_draft(room.wp, room.session("dedi"), key_of(1))
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.view.entry is None
    assert "Dedi K." in page.list.message_text.text()
    room.leave()
