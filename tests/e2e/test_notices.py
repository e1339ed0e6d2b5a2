"""A centre or a workplace that came back from a backup, as the window tells it: on Beranda, until somebody has read it.

Real centre, real engine, real window; the stories as processes tell them are in `test_restored.py`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ports import LineState
from app.services import comparing, journal, keying, people, status
from sync.line import FORKED
from tests.fakes.line_office import (
    FORMS,
    PATIENCE_MS,
    Office,
    Room,
    office,
    opened_room,
    template,
    versions_at,
)
from tests.fakes.room import CELLS, PIN, everything_readable, key_of
from ui.pages.home import HomePage
from ui.pages.settings import SettingsPage

__all__ = ["office", "template"]  # fixtures of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def put_back(backup: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)


def at_home(room: Room, who: str = "rina") -> HomePage:
    """Whoever is there leaves; this person signs in and goes to Beranda."""
    room.window.sign_out()
    room.window.enter(people.sign_in(room.wp, who, PIN), "home")
    room.settle()
    home = room.window.stack.currentWidget()
    assert isinstance(home, HomePage)
    return home


def told(home: HomePage) -> list[str]:
    return [row.words.text() for row in home.notices.rows]


def test_a_restored_centre_is_told_in_the_window_until_somebody_has_read_it(
    office: Office, qtbot: QtBot
) -> None:
    backup = Path(shutil.copytree(office.home / "pusat", office.home / "cadangan"))
    all_forms = f"{FORMS} formulir"
    compared = f"{all_forms} sudah dibandingkan dengan KPU RI; {all_forms} dikirim ulang."
    office.start_centre()
    with opened_room(office, qtbot) as room:
        home = at_home(room)
        room.line.start()
        qtbot.waitUntil(lambda: status.funnel(room.wp).at_centre == FORMS, timeout=PATIENCE_MS)
        assert told(home) == []
        office.stop_centres()
        put_back(backup, office.home / "pusat")
        centre = office.start_centre(was_restored=True)
        room.line.retry_now()
        qtbot.waitUntil(lambda: told(home) == [compared, comparing.RESTORED], timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: room.window.top.notices.text() == "2 pemberitahuan")
        QTest.mouseClick(home.notices.rows[0].button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: told(home) == [comparing.RESTORED])
        qtbot.waitUntil(lambda: versions_at(centre) == [1] * FORMS, timeout=PATIENCE_MS)

    with opened_room(office, qtbot) as room:
        home = at_home(room)
        assert told(home) == [comparing.RESTORED], "what was read stays read, the other stands"
        QTest.keyClick(home.needs_table, Qt.Key.Key_F4)
        QTest.keyClick(home.notices.rows[0].button, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not home.notices.isVisible())
        assert told(at_home(room, "dedi")) == [compared, comparing.RESTORED], "and he was not told yet"
        assert journal.verify(room.wp).fault is None


def test_a_workplace_from_a_backup_is_told_in_the_window_where_it_is_enrolled_anew(
    office: Office, qtbot: QtBot
) -> None:
    backup = Path(shutil.copytree(office.folder, office.home / "cadangan"))
    office.start_centre()
    with opened_room(office, qtbot) as room:
        keying.key_whole(room.wp, people.sign_in(room.wp, "rina", PIN), key_of(3), CELLS)
        room.line.start()
        qtbot.waitUntil(lambda: status.funnel(room.wp).at_centre == FORMS + 1, timeout=PATIENCE_MS)
    put_back(backup, office.folder)

    with opened_room(office, qtbot) as room:
        home = at_home(room)
        room.line.start()
        room.wait_for(LineState.FORKED)
        assert FORKED.text in home.line_note.words.text()
        assert home.line_note.isVisible()
        home.line_note.button.click()
        room.settle()
        settings = room.window.stack.currentWidget()
        assert isinstance(settings, SettingsPage)
        words = everything_readable(settings)
        assert FORKED.text in words
        assert "Daftarkan ulang" in words
