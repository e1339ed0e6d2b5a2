"""Third readings and decisions box by box at the real window; and nobody sees what they must not, anywhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cell import Cell
from app.domain.readings import Order
from app.services import keying
from tests.fakes.room import CELLS, Room, everything_readable, hold_enter, key_of, press, type_text
from ui.pages.second_reading import SecondReadingPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
# What nobody would type by chance and no label or code contains.
RINA: Mapping[str, Cell] = {**CELLS, "P1": 631, "P2": 642, "V2": 653}
DEDI: Mapping[str, Cell] = {**CELLS, "P1": 731, "P2": 742, "V2": 653}
ASEP: Mapping[str, Cell] = {**CELLS, "P1": 831, "P2": 742, "V2": 653}
SECRETS = {"631", "642", "653", "731", "742", "831"}


@pytest.fixture
def room(workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(workplace_dir, qtbot, same_dpt=True)
    yield made
    made.leave()


def read(room: Room, who: str, cells: Mapping[str, Cell], number: int = 1) -> None:
    keying.key_whole(room.wp, room.session(who), key_of(number), cells, accept=[keying.Accept("*")])


def sit(room: Room, who: str) -> SecondReadingPage:
    page = room.sit_down(who, "second")
    assert isinstance(page, SecondReadingPage)
    return page


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def copied(root: QWidget) -> str:
    """Whatever the keys for selecting, copying and cutting bring out of every widget that takes the focus."""
    clipboard, found = QApplication.clipboard(), list[str]()
    for widget in [root, *root.findChildren(QWidget)]:
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
            continue
        clipboard.setText("")
        widget.setFocus()
        for key, held in (
            (Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier),
            (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier),
            (Qt.Key.Key_Insert, Qt.KeyboardModifier.ControlModifier),
            (Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier),
        ):
            QTest.keyClick(widget, key, held)
            found += [clipboard.text(mode) for mode in (clipboard.Mode.Clipboard, clipboard.Mode.Selection)]
    return " ".join(found)


def logged(room: Room, caplog: pytest.LogCaptureFixture) -> str:
    files = [path for path in room.folder.rglob("*.log*") if path.is_file()]
    return " ".join([caplog.text, *(path.read_text("utf-8", "replace") for path in files)])


def sweep(room: Room, caplog: pytest.LogCaptureFixture, allowed: set[str] | None = None) -> None:
    """The widget tree, what a screen reader gets, the clipboard and the log."""
    assert room.window is not None
    focus = QApplication.focusWidget()
    for place, text in (
        ("widgets and screen reader", everything_readable(room.window)),
        ("clipboard", copied(room.window)),
        ("log", logged(room, caplog)),
    ):
        assert not numbers_in(text) & (SECRETS - (allowed or set())), place
    if focus is not None:
        focus.setFocus()


def test_nothing_of_an_earlier_reading_can_be_seen_copied_heard_or_logged(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    read(room, "rina", RINA)
    page = sit(room, "dedi")  # second
    page.open_target(key_of(1))
    room.settle()
    type_text("001\n")
    sweep(room, caplog)
    assert room.window is not None
    room.window.sign_out()
    keying.take_over(room.wp, room.session("dedi"), key_of(1))
    read(room, "dedi", DEDI)
    page = sit(room, "asep")  # third, box by box
    QTest.keyClick(page.list.table, Qt.Key.Key_F5)
    room.settle()
    assert page.stream.on_screen is not None
    assert page.stream.on_screen.box.order is Order.THIRD
    sweep(room, caplog)
    type_text("831\n")
    room.settle()
    assert page.stream.on_screen.box.field == "P2"
    sweep(room, caplog)  # not the own answer of before either
    type_text("742\n")
    room.settle()
    page = sit(room, "wulan")  # the coordinator
    page.begin_stream()
    room.settle()
    assert page.stream.on_screen is not None
    assert page.stream.on_screen.box.order is Order.COORDINATOR
    sweep(room, caplog)
    type_text("630\n")
    room.settle()
    sweep(room, caplog)  # asked to type it once more, and still nothing is told
    type_text("731\n")
    room.settle()
    assert page.stream.told.text().splitlines() == [
        "Keputusan Anda: 731. Tersimpan.",
        "Rina S. (entri pertama): 631 · berbeda",
        "Dedi K. (entri kedua): 731 · sama",
        "Asep M. (pembaca ketiga): 831 · berbeda",
    ]
    press(Qt.Key.Key_Return)
    room.settle()
    sweep(room, caplog)
    assert keying.next_order(room.wp, key_of(1)) is None


def test_a_third_reader_goes_from_box_to_box_and_form_to_form_by_enter_alone(room: Room) -> None:
    for number in (1, 3):
        read(room, "rina", CELLS, number)
        read(room, "dedi", {**CELLS, "P1": 17, "P2": 11}, number)
    page = sit(room, "asep")
    assert page.one_by_one.isVisible()
    assert page.one_by_one.text().startswith("2 ")
    page.one_by_one.click()
    room.settle()
    stream = page.stream
    press(Qt.Key.Key_Return)  # an empty Enter stays
    hold_enter()
    assert stream.on_screen is not None
    assert (stream.on_screen.box.field, stream.code.text()) == ("P1", "IV.01")
    type_text("71\n110\n71\n")  # typed ahead: each goes into its own box
    room.qtbot.waitUntil(lambda: stream.on_screen is not None and stream.on_screen.box.key == key_of(3))
    room.qtbot.waitUntil(lambda: stream.on_screen is not None and stream.on_screen.box.field == "P2")
    room.settle()
    assert keying.next_order(room.wp, key_of(1)) is None
    press(Qt.Key.Key_Escape)
    room.settle()
    assert numbers_in(everything_readable(stream)) <= {"4"}, "the key F4"
    assert page.stack.currentWidget() is page.list
    page.begin_stream()
    room.settle()
    assert stream.on_screen is not None
    assert (stream.on_screen.box.key, stream.on_screen.box.field) == (key_of(3), "P2"), "answers were kept"
    type_text("110\n")
    room.settle()
    assert keying.next_order(room.wp, key_of(3)) is None
    assert page.list.message_text.text().startswith("Selesai")
    assert not page.one_by_one.isVisible()
