import functools
import sys
import threading
import weakref
from collections.abc import Iterator
from types import TracebackType

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.errors import BadInput, ExpectedError
from ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_operation_leaves_and_result_returns_to_the_ui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    owner, seen = QObject(), list[tuple[int, int]]()
    tasks.run(owner, threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, back = seen[0]
    assert worker != threading.get_ident() == back


def test_expected_error_goes_to_failure_or_to_the_window(qtbot: QtBot, tasks: Tasks) -> None:
    owner, caught, shown = QObject(), list[ExpectedError](), list[ExpectedError]()
    tasks.failed.connect(shown.append)

    def refuse() -> None:
        raise BadInput("Salah.", hint="Perbaiki.")

    tasks.run(owner, refuse, failure=caught.append)
    tasks.run(owner, refuse)
    qtbot.waitUntil(lambda: bool(caught) and bool(shown))
    assert caught[0].sentence() == shown[0].sentence() == "Salah. Perbaiki."


def test_whoever_owned_an_operation_is_destroyed_on_the_ui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    """Also when the worker is slow to let go: a widget destroyed beside the window stops the program for good."""
    owner, gone, delivered = QObject(), list[int](), threading.Event()
    weakref.finalize(owner, lambda: gone.append(threading.get_ident()))
    arrived = tasks._return.arrived  # noqa: SLF001 - the moment in which both threads know the owner
    arrived.connect(lambda *_: delivered.wait(5), Qt.ConnectionType.DirectConnection)
    tasks.run(owner, lambda: None, functools.partial(_nothing, owner))
    del owner
    qtbot.waitUntil(lambda: tasks.is_idle)
    delivered.set()
    qtbot.waitUntil(lambda: bool(gone))
    assert gone == [threading.get_ident()]


def _nothing(_owner: QObject, _result: object) -> None:
    """A callback that keeps its owner."""


def test_a_bug_is_not_swallowed(qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    bugs: list[BaseException] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        bugs.append(error)

    monkeypatch.setattr(sys, "excepthook", hook)
    tasks.run(QObject(), lambda: 1 // 0)
    owner = QObject()
    tasks.run(owner, lambda: 1 // 0)
    qtbot.waitUntil(lambda: bool(bugs))
    assert isinstance(bugs[0], ZeroDivisionError)


def test_a_slot_keeps_only_the_newest_question(qtbot: QtBot, tasks: Tasks) -> None:
    owner, gate, answers, asked = QObject(), threading.Event(), list[int](), list[int]()

    def ask(number: int) -> int:
        gate.wait(10)
        asked.append(number)
        return number

    for number in range(5):
        tasks.run(owner, functools.partial(ask, number), answers.append, slot="list")
    assert tasks.is_busy(owner, "list")
    gate.set()
    qtbot.waitUntil(lambda: 4 in answers)
    assert answers == asked == [0, 4]
    assert not tasks.is_busy(owner, "list")


def test_nothing_is_delivered_to_a_widget_that_is_gone(qtbot: QtBot, tasks: Tasks) -> None:
    owner, gate, seen = QObject(), threading.Event(), list[object]()
    tasks.run(owner, lambda: gate.wait(10), seen.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not isValid(owner))
    with qtbot.waitSignal(tasks.idle):
        gate.set()
    assert seen == []


def test_after_close_nothing_starts(qtbot: QtBot) -> None:
    tasks, seen = Tasks(), list[int]()
    tasks.close()
    tasks.run(tasks, lambda: 1, seen.append)
    assert tasks.is_idle
    assert seen == []
