"""Garbage with widgets in it is never destroyed beside the window."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.garbage import Garbage, look


class Knot(QObject):
    """Knows itself: only a collection finds it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


def rubbish(count: int) -> list[list[object]]:
    return [[one] for one in range(count)]


def test_a_worker_makes_objects_enough_and_the_ui_thread_collects(qtbot: QtBot) -> None:
    gone: list[int] = []
    owner = QObject()
    Garbage(owner)
    weakref.finalize(Knot(), lambda: gone.append(threading.get_ident()))
    worker = threading.Thread(target=rubbish, args=(100_000,))
    worker.start()
    worker.join()
    assert gone == []
    kept = rubbish(10 * gc.get_threshold()[0])  # what is freed meanwhile counts against it
    qtbot.waitUntil(lambda: bool(gone))
    assert gone == [threading.get_ident()]
    assert kept


def test_nothing_is_looked_through_while_little_was_made(qtbot: QtBot) -> None:
    gc.collect()
    gone: list[int] = []
    weakref.finalize(Knot(), gone.append, 1)
    look()
    assert gone == []
    gc.collect()
    assert gone == [1]
