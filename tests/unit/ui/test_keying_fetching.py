"""What is fetched while somebody types, and when: one picture at a time, the urgent one first, the rest in a pause."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ui.pages.keying_rest import LATEST, Rest
from ui.tasks import Tasks
from ui.widgets.page_images import PageImages

FIRST_USE = """
import sys, threading
sys.setswitchinterval(0.0001)
from pathlib import Path
from ui.widgets.page_images import load
start = threading.Barrier(2)
def read():
    start.wait()
    load(Path(sys.argv[1]), 200)
threads = [threading.Thread(target=read) for _ in range(2)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def page(folder: Path, name: str) -> Path:
    picture = QImage(400, 600, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    path = folder / name
    assert picture.save(str(path))
    return path


def test_one_picture_at_a_time_and_the_urgent_one_first(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Tasks()
    images = PageImages(tasks)
    came: list[str] = []
    images.ready.connect(lambda name: came.append(Path(name).name))
    paths = [page(tmp_path, name) for name in ("a.png", "b.png", "c.png")]
    for path in paths:
        assert images.scan(path, 100) is None
    assert images.scan(paths[2], 100, is_urgent=True) is None
    qtbot.waitUntil(lambda: len(came) == 3)
    assert came == ["a.png", "c.png", "b.png"]
    assert images.scan(paths[2], 100) is not None
    tasks.close()


def test_a_broken_picture_does_not_hold_up_the_others(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Tasks()
    images = PageImages(tasks)
    told: list[str] = []
    images.failed.connect(lambda name, _sentence: told.append(Path(name).name))
    images.ready.connect(lambda name: told.append(Path(name).name))
    broken = tmp_path / "rusak.png"
    broken.write_bytes(b"no picture")
    images.scan(broken, 100)
    images.scan(page(tmp_path, "b.png"), 100)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["rusak.png", "b.png"]
    tasks.close()


@pytest.mark.parametrize("attempt", range(3))
def test_the_first_pictures_of_a_process_may_be_read_on_two_threads(
    tmp_path: Path, qtbot: QtBot, project_root: Path, attempt: int
) -> None:
    path = page(tmp_path, f"{attempt}.jpg")
    done = subprocess.run([sys.executable, "-c", FIRST_USE, str(path)], cwd=project_root, check=False)
    assert done.returncode == 0, "the process died while two threads read their first pictures"


def test_the_next_form_is_looked_for_once_and_late_enough(qtbot: QtBot) -> None:
    rest = Rest()
    came: list[int] = []
    rest.came.connect(lambda: came.append(1))
    rest.key(39, 39)
    assert came == [], "no form is open"
    rest.begin()
    rest.key(1, 39)
    assert came == []
    rest.key(round(LATEST * 39) + 1, 39)
    rest.key(38, 39)
    assert came == [1]


def test_a_pause_is_the_moment_and_a_closed_form_has_none(qtbot: QtBot) -> None:
    rest = Rest()
    with qtbot.waitSignal(rest.came):
        rest.begin()
    rest.begin()
    rest.stop()
    with qtbot.assertNotEmitted(rest.came, wait=0):
        rest.key(39, 39)
