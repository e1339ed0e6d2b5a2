from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from ui.widgets.filter_bar import FilterBar

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def bar_of(qtbot: QtBot) -> tuple[FilterBar, list[str]]:
    bar, told = FilterBar("cari", "Cari TPS"), list[str]()
    for name in ("satu", "dua", "tiga"):
        bar.add(name, name.title(), [("", "semua"), ("a", "hanya A"), ("b", "hanya B")])
    bar.changed.connect(lambda: told.append("changed"))
    bar.entered.connect(lambda: told.append("entered"))
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show()
    return bar, told


def test_a_choice_applies_at_once_and_what_the_program_sets_tells_nobody(qtbot: QtBot) -> None:
    bar, told = bar_of(qtbot)
    bar.show_values("cileunyi", {"satu": "b", "dua": "gone"})
    assert (bar.text, bar.value("satu"), bar.value("dua")) == ("cileunyi", "b", "")
    assert told == []
    assert [box.property("role") for box in bar.choices.values()] == ["chosen", "", ""]
    bar.choices["tiga"].setFocus()
    QTest.keyClick(bar.choices["tiga"], Qt.Key.Key_Down)
    assert bar.value("tiga") == "a"
    assert told == ["changed"]
    assert bar.choices["tiga"].accessibleName() == "Tiga"


def test_other_choices_keep_what_is_still_among_them_and_one_is_none(qtbot: QtBot) -> None:
    bar, told = bar_of(qtbot)
    bar.show_values("", {"satu": "b"})
    bar.offer("satu", [("", "semua"), ("b", "hanya B")])
    assert bar.value("satu") == "b"
    bar.offer("satu", [("", "semua")])
    assert bar.value("satu") == ""
    assert bar.choices["satu"].isHidden()
    assert told == []


def test_typing_pauses_enter_asks_at_once_and_leads_to_the_list(qtbot: QtBot) -> None:
    bar, told = bar_of(qtbot)
    bar.focus_search()
    QTest.keyClicks(bar.search, "soreang")
    QTest.keyClick(bar.search, Qt.Key.Key_Return)
    assert told == ["changed", "entered"]
    QTest.keyClick(bar.search, Qt.Key.Key_Escape)
    assert bar.text == ""
    qtbot.waitUntil(lambda: told == ["changed", "entered", "changed"])
    QTest.keyClick(bar.search, Qt.Key.Key_Escape)
    QTest.keyClick(bar.search, Qt.Key.Key_Down)
    assert told[3:] == ["entered", "entered"]


def test_it_goes_on_below_where_the_window_is_narrow(qtbot: QtBot) -> None:
    bar, _told = bar_of(qtbot)
    wide, narrow = bar.heightForWidth(2_000), bar.heightForWidth(260)
    assert narrow >= 3 * wide
    bar.resize(260, narrow)
    boxes = [box.geometry() for box in bar.choices.values()]
    assert all(bar.rect().contains(one) for one in boxes)
    assert len({one.y() for one in boxes}) == len(boxes)
    assert isinstance(bar.choices["satu"], QComboBox)
    for box in bar.choices.values():
        box.hide()
    assert bar.heightForWidth(260) <= wide
