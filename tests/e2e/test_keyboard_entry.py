"""Entri from the first key to the last, keyboard only, in a real window over a real workplace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.cell import Cell, Mark
from app.domain.people import OWN_FORM
from app.domain.readings import Order
from app.services import keying
from app.services.boxes import Box
from tests.fakes.room import (
    CELLS,
    FORM,
    Room,
    everything_readable,
    hold_enter,
    key_all,
    key_of,
    press,
    type_text,
)
from ui.entry.quiet import QUIET_S
from ui.entry.walk import Stage
from ui.pages.keying import KeyingPage
from ui.pages.second_reading import SecondReadingPage
from ui.widgets.findings_panel import FindingsPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

FIELDS = [one.id for one in FORM.fields]


@pytest.fixture
def room(workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(workplace_dir, qtbot)
    yield made
    made.leave()


def begin(room: Room, name: str, page: str = "keying", number: int = 1) -> KeyingPage:
    """Sit down and open a form."""
    shown = room.sit_down(name, page)
    assert isinstance(shown, KeyingPage)
    if shown.view.entry is None:
        shown.open_target(key_of(number))
        room.settle()
    assert shown.view.entry is not None
    return shown


def first_reading(room: Room, name: str, cells: Mapping[str, Cell], number: int = 1) -> None:
    done = keying.key_whole(room.wp, room.session(name), key_of(number), cells)
    assert done.is_finished


def current(page: KeyingPage) -> str:
    assert page.view.walk is not None
    return page.view.walk.current


def test_a_form_is_keyed_by_enter_alone_and_the_next_one_opens(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    enters = 1 + key_all(CELLS, FIELDS)
    assert enters <= 45
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))
    room.settle()
    assert page.view.walk is not None
    assert page.view.walk.stage is Stage.STATION
    assert page.view.walk.cells == {}
    rows = keying.work_list(room.wp, room.session("dedi"), "second")
    assert [row.key for row in rows] == [key_of(1)]


def test_an_empty_or_held_enter_never_advances(room: Room) -> None:
    page = begin(room, "rina")
    press(Qt.Key.Key_Return)
    assert page.view.walk is not None
    assert page.view.walk.stage is Stage.STATION
    type_text("001\n")
    for _ in range(3):
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Enter)
    assert current(page) == "A1.L"
    type_text("97")
    for _ in range(5):
        hold_enter()
    assert current(page) == "A1.L"
    press(Qt.Key.Key_Enter)
    for _ in range(5):
        hold_enter()
    assert current(page) == "A1.P"


def test_a_wrong_station_number_is_noticed_before_anything_is_keyed(room: Room) -> None:
    page = begin(room, "rina")
    type_text("002\n")
    assert page.view.walk is not None
    assert page.view.walk.stage is Stage.STATION
    assert "TPS 001" in everything_readable(page.view)
    assert "Salah berkas?" in everything_readable(page.view)


def test_a_dpt_of_another_station_says_whose_it_is(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n96\n94\n")
    room.settle()
    assert "DPT 96/94 milik TPS 002" in everything_readable(page.view)
    assert "F8" in everything_readable(page.view)
    press(Qt.Key.Key_Up)
    type_text("101\n")
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    type_text("97\n")
    room.settle()
    assert "milik TPS 002" not in everything_readable(page.view)


def test_a_paper_of_another_station_goes_there_with_what_was_typed(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n96\n94\n")
    room.settle()
    press(Qt.Key.Key_F8)
    room.settle()
    assert page.view.entry is not None
    assert (page.view.entry.key, dict(page.view.entry.cells)) == (key_of(2), {"A1.L": 96, "A1.P": 94})
    assert current(page) == "A1.J", "the keying goes on"
    assert [one.key for one in keying.drafts_of(room.wp, "rina")] == [key_of(2)]


def test_a_finding_is_accepted_by_1_never_by_enter_and_lapses_for_good(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    key_all({**CELLS, "D2.J": 2, "V1": 191}, FIELDS)  # two wrong sums: the second keeps the form open
    panel = page.view.findings
    room.qtbot.waitUntil(panel.hasFocus)
    asked = panel.open_count
    choose(page, "V1")
    look(room)

    press(Qt.Key.Key_Return)  # jumps to the box, accepts nothing
    assert current(page) == "V1"
    press(Qt.Key.Key_Return)
    room.qtbot.waitUntil(panel.hasFocus)
    look(room)
    hold_enter()
    assert panel.open_count == asked

    choose(page, "V1")
    type_text("1")
    room.qtbot.waitUntil(lambda: panel.open_count == asked - 1)
    assert accepted(page) == ["tertulis_demikian"]

    go_to_box(page, "V1")
    type_text("181\n")
    room.qtbot.waitUntil(panel.hasFocus)
    room.settle()
    go_to_box(page, "V1")
    type_text("191\n")
    room.qtbot.waitUntil(panel.hasFocus)
    room.settle()
    assert panel.open_count == asked, "a lapsed acceptance does not come back with the old value"
    assert accepted(page) == []


def test_a_typist_who_does_not_look_up_accepts_nothing_and_changes_nothing(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    key_all({**CELLS, "V1": 191}, FIELDS)
    panel = page.view.findings
    type_text("1\n2\n")  # while the form is being finished: kept for the next form, and there is none
    room.qtbot.waitUntil(panel.hasFocus)
    asked = panel.open_count
    for character in "002\n1\n3\n12\n2\n":
        room.clock.at += 0.1
        type_text(character)
        room.settle()
    assert panel.hasFocus()
    assert panel.open_count == asked
    assert page.view.walk is not None
    assert page.view.walk.cells == {**CELLS, "V1": 191}
    assert "tidak dihitung" in page.view.hint.text()
    look(room)
    type_text("1")
    room.qtbot.waitUntil(has_open(panel, asked - 1))


def test_after_all_findings_are_accepted_enter_finishes(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    key_all({**CELLS, "V1": 191}, FIELDS)
    panel = page.view.findings
    room.qtbot.waitUntil(panel.hasFocus)
    look(room)
    for left in range(panel.open_count - 1, -1, -1):
        type_text("4")
        type_text("n\n")
        room.qtbot.waitUntil(has_open(panel, left))
    hold_enter()
    assert page.view.entry is not None
    assert page.view.entry.key == key_of(1)
    press(Qt.Key.Key_Return)
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))


def test_f2_opens_the_form_just_finished_again(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    key_all(CELLS, FIELDS)
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))
    press(Qt.Key.Key_F2)
    room.settle()
    assert page.view.entry is not None
    assert page.view.entry.key == key_of(1)
    assert page.view.entry.cells == CELLS


def test_f2_knows_the_last_form_also_after_a_restart(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    key_all(CELLS, FIELDS)
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))
    press(Qt.Key.Key_Escape)
    room.restart()
    page = begin(room, "rina", number=3)
    press(Qt.Key.Key_F2)
    room.settle()
    assert page.view.entry is not None
    assert (page.view.entry.key, page.view.entry.cells) == (key_of(1), CELLS)
    press(Qt.Key.Key_F2)
    room.settle()
    assert page.view.entry.key == key_of(1), "twice is once"


def test_f2_says_why_when_somebody_read_the_form_since(room: Room) -> None:
    first_reading(room, "rina", CELLS)
    first_reading(room, "dedi", CELLS)
    room.sit_down("rina")
    press(Qt.Key.Key_F2)
    room.settle()
    assert room.window is not None
    assert "TPS 001 Cileunyi Kulon, Cileunyi sudah dibaca orang sesudah Anda" in everything_readable(
        room.window
    )


def look(room: Room) -> None:
    """The findings are on the screen, and the hands rest while they are read."""
    room.settle()
    room.clock.at += 2 * QUIET_S


def has_open(panel: FindingsPanel, count: int) -> Callable[[], bool]:
    return lambda: panel.open_count == count


def choose(page: KeyingPage, box: str) -> None:
    """Walk over the findings to the one about a box."""
    panel = page.view.findings
    for _ in panel.rows:
        if panel.current is not None and panel.current.field == box:
            return
        press(Qt.Key.Key_Down)
    assert panel.current is not None
    assert panel.current.field == box


def go_to_box(page: KeyingPage, box: str) -> None:
    """From the findings up to a box."""
    for _ in range(len(FIELDS) + len(page.view.findings.rows)):
        if page.view.walk is not None and page.view.walk.stage is Stage.BOXES and current(page) == box:
            return
        press(Qt.Key.Key_Up)
    assert current(page) == box


def accepted(page: KeyingPage) -> list[str]:
    return [row.accepted for row in page.view.findings.rows if row.accepted]


def test_up_goes_back_and_a_draft_survives_the_end_of_the_program(room: Room) -> None:
    begin(room, "rina")
    type_text("001\n97\n101\n198\n1\n")
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Down)
    type_text("12")  # half typed
    room.restart()
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    assert page.view.walk is not None
    assert page.view.walk.cells == {"A1.L": 97, "A1.P": 101, "A1.J": 198, "A2.L": 1}
    assert current(page) == "A2.P"
    assert page.view.grid.edit("A2.P").typed_text == "12"
    assert QApplication.focusWidget() is page.view.grid.edit("A2.P")


def test_going_back_is_remembered_too(room: Room) -> None:
    begin(room, "rina")
    type_text("001\n97\n101\n198\n")
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    room.restart()
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    assert current(page) == "A1.P"
    assert page.view.walk is not None
    assert page.view.walk.cells == {"A1.L": 97, "A1.P": 101, "A1.J": 198}


def test_marks_fillers_and_pastes(room: Room) -> None:
    page = begin(room, "rina")
    QApplication.clipboard().setText("abc")
    type_text("001\nX97\n-101\n-\n")
    assert page.view.walk is not None
    assert page.view.walk.cells == {"A1.L": 97, "A1.P": 101, "A1.J": Mark.BLANK}
    type_text("/\n")
    assert page.view.walk.cells["A2.L"] is Mark.UNREADABLE
    edit = page.view.grid.edit("A2.P")
    QTest.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert edit.typed_text == ""
    assert "diabaikan" in page.view.hint.text()


def test_what_is_not_on_the_disk_is_said_loudly_and_stays_on_screen(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n97\n")
    room.settle()
    room.wp.db.close()  # the disk goes away under the window
    type_text("10")
    room.qtbot.waitUntil(page.view.problem.isVisible)
    assert "BELUM tersimpan" in everything_readable(page.view)
    assert page.view.grid.edit("A1.P").typed_text == "10"
    assert page.may_close() is False


def test_f9_leaves_no_value_in_the_window(room: Room) -> None:
    begin(room, "rina")
    type_text("001\n97\n101\n198\n")
    assert room.window is not None
    assert "198" in everything_readable(room.window)
    press(Qt.Key.Key_F9)
    room.window.sign_out()
    words = set(re.findall(r"\d+", everything_readable(room.window)))
    assert not words & {"97", "101", "198"}


def test_the_second_reading_is_blind(room: Room) -> None:
    first_reading(room, "rina", CELLS)
    page = begin(room, "dedi", "second")
    assert isinstance(page, SecondReadingPage)
    assert page.view.entry is not None
    assert page.view.entry.order is Order.SECOND
    assert room.window is not None
    secret = {str(one) for one in CELLS.values() if isinstance(one, int) and one > 9}
    type_text("001\n")
    room.settle()
    words = set(re.findall(r"\d+", everything_readable(room.window)))
    assert not words & secret
    key_all(CELLS, FIELDS)
    room.settle()
    assert room.wp is not None
    assert keying.work_list(room.wp, room.session("asep"), "second") == []


def test_nobody_second_reads_their_own_form(room: Room) -> None:
    first_reading(room, "rina", CELLS)
    page = room.sit_down("rina", "second")
    page.open_target(key_of(1))
    room.settle()
    assert isinstance(page, KeyingPage)
    assert page.view.entry is None
    assert page.list.message_text.text() == OWN_FORM


def test_a_third_person_gets_the_differing_boxes_alone_and_blank(room: Room) -> None:
    first_reading(room, "rina", CELLS)
    first_reading(room, "dedi", {**CELLS, "P1": 77, "P2": 104})
    box = begin_boxes(room, "asep")
    assert (box.order, box.field, box.total) == (Order.THIRD, "P1", 2)
    assert room.window is not None
    words = set(re.findall(r"\d+", everything_readable(room.window)))
    assert not words & {"71", "77", "104", "110"}
    type_text("71\n110\n")
    room.settle()
    assert keying.work_list(room.wp, room.session("wulan"), "coordinator") == []


def test_three_different_values_are_the_coordinators_turn_who_sees_nobodys(room: Room) -> None:
    first_reading(room, "rina", CELLS)
    first_reading(room, "dedi", {**CELLS, "P1": 77, "P2": 104})
    first_reading(room, "asep", {**CELLS, "P1": 72, "P2": 109})
    box = begin_boxes(room, "wulan")
    assert (box.order, box.field, box.total) == (Order.COORDINATOR, "P1", 2)
    assert room.window is not None
    words = set(re.findall(r"\d+", everything_readable(room.window)))
    assert not words & {"71", "77", "72", "104", "109", "110"}
    for value in ("71\n", "110\n"):
        type_text(value)
        room.settle()
        press(Qt.Key.Key_Return)  # past who read what
        room.settle()
    assert keying.work_count(room.wp, room.session("wulan"), "coordinator") == 0


def begin_boxes(room: Room, name: str) -> Box:
    """Sit down and open the first station's form in the list: its differing boxes come one by one."""
    page = room.sit_down(name, "second")
    assert isinstance(page, SecondReadingPage)
    page.open_target(key_of(1))
    room.settle()
    assert page.view.entry is None
    assert page.stream.on_screen is not None
    return page.stream.on_screen.box


def test_keys_typed_while_a_form_is_finished_go_to_the_next_one(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n")
    key_all(CELLS, FIELDS)
    type_text("002\n96")  # a trained keyer is already there
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))
    room.settle()
    assert page.view.walk is not None
    assert page.view.walk.stage is Stage.BOXES
    assert page.view.grid.edit("A1.L").typed_text == "96"


def test_taking_over_asks_first_and_keeps_the_values(room: Room) -> None:
    begin(room, "rina")
    type_text("001\n97\n101\n")
    room.settle()
    page = room.sit_down("dedi")
    assert isinstance(page, KeyingPage)
    assert page.view.entry is None
    page.open_target(key_of(1))
    room.settle()
    assert page.list.message_yes.isVisible()
    assert "Rina S." in page.list.message_text.text()
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Space)
    room.settle()
    assert page.view.walk is not None
    assert page.view.walk.cells == {"A1.L": 97, "A1.P": 101}


def test_pause_keeps_the_draft_and_enter_opens_it_again(room: Room) -> None:
    page = begin(room, "rina")
    type_text("001\n97\n")
    press(Qt.Key.Key_Escape)
    room.settle()
    assert page.view.entry is None
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.view.walk is not None
    assert page.view.walk.cells == {"A1.L": 97}


def test_a_form_left_without_a_key_is_free_for_others(room: Room) -> None:
    begin(room, "rina")
    assert keying.drafts_of(room.wp, "rina")
    press(Qt.Key.Key_Escape)
    room.qtbot.waitUntil(lambda: not keying.drafts_of(room.wp, "rina"))
    begin(room, "rina")
    press(Qt.Key.Key_F9)
    room.qtbot.waitUntil(lambda: not keying.drafts_of(room.wp, "rina"))


def test_every_box_has_its_paper_code_and_label_as_accessible_name(room: Room) -> None:
    page = begin(room, "rina")
    names = {page.view.grid.edit(field).accessibleName() for field in FIELDS}
    assert len(names) == 39
    assert "I.A.1 Pemilih dalam DPT, laki-laki" in names
