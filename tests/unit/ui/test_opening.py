"""What the window does by itself after it opens: a person's page, keys, a picture, a sentence when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.errors import ExpectedError, Unavailable
from tests.fakes.demo_desk import PIN, Demo, open_desk
from tests.fakes.room import PIN as ROOM_PIN
from tests.fakes.room import Room, key_of
from ui.app import run_window
from ui.opening import Opening, Player

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = open_desk(tmp_path / "kerja")
    yield made
    made.wp.close()


def test_the_page_of_a_person_is_on_the_picture(qtbot: QtBot, tmp_path: Path, demo: Demo) -> None:
    panel, queue = tmp_path / "masuk.png", tmp_path / "antrean.png"
    assert run_window(demo.desk, Opening(picture=panel)) == 0
    assert run_window(demo.desk, Opening("rina", PIN, "queue", picture=queue)) == 0
    pictures = [QImage(str(path)) for path in (panel, queue)]
    assert [(one.width(), one.height()) for one in pictures] == [(1366, 768)] * 2
    assert pictures[0] != pictures[1]


def test_a_wrong_pin_is_a_sentence_and_no_picture(qtbot: QtBot, tmp_path: Path, demo: Demo) -> None:
    with pytest.raises(ExpectedError, match="PIN salah"):
        run_window(demo.desk, Opening("rina", "000000", "home", picture=tmp_path / "x.png"))
    assert not (tmp_path / "x.png").exists()


def test_a_place_that_cannot_be_written_is_a_sentence(qtbot: QtBot, tmp_path: Path, demo: Demo) -> None:
    with pytest.raises(Unavailable, match="tidak dapat disimpan"):
        run_window(demo.desk, Opening(picture=tmp_path / "tidak" / "ada.png"))


def test_it_types_as_a_person_does(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    page = room.sit_down("rina", "keying")
    assert room.window is not None
    player = Player(room.window, Opening("rina", ROOM_PIN, "keying", key_of(1), "001\n97\n10"))
    view = page.view  # type: ignore[attr-defined]  # the page is Entri
    qtbot.waitUntil(
        lambda: view.entry is not None and view.grid.edit("A1.P").typed_text == "10", timeout=10_000
    )
    assert view.walk.cells == {"A1.L": 97}
    assert player.problem is None
    room.leave()


def test_it_gives_up_with_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    room.sit_down("rina", "keying")
    assert room.window is not None
    opening = Opening(picture=tmp_path / "x.png", is_ready=lambda: False)
    player = Player(room.window, opening, patience_s=0.0)
    qtbot.waitUntil(lambda: player.problem is not None)
    assert not room.window.isVisible()
    assert "belum siap" in str(player.problem)
    room.leave()
