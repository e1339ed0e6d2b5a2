"""Formulir: opens with what needs me, is filtered, kept and gone on from by keyboard; Beranda's numbers lead to it."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import forms
from app.domain.readings import Outcome
from app.services import forms_list, keying, pages, saved_filters, status
from app.services.forms_list import MINE, Wanted
from app.services.workplace import preference
from tests.fakes.room import everything_readable
from tests.fakes.sitting import Sitting, sitting
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.pages import pages_in_jobs
from ui.pages.form_card import FormCard
from ui.pages.forms_list import FormsPage
from ui.pages.keying import KeyingPage
from ui.pages.pages_in import PagesInPage
from ui.pages.queue import QueuePage
from ui.pages.second_reading import SecondReadingPage
from ui.widgets.table import Table

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
CTRL = Qt.KeyboardModifier.ControlModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "the focus is nowhere"
    return widget


def press(
    sitting: Sitting, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(focused(), key, modifier)
    sitting.settle()


def type_in(sitting: Sitting, page: FormsPage, text: str) -> None:
    QTest.keyClicks(focused(), text)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    sitting.settle()


def count(sitting: Sitting, who: str, wanted: Wanted) -> int:
    return forms_list.count(sitting.demo.wp, sitting.demo.sessions[who].person, wanted)


def test_it_opens_with_what_needs_me_and_everything_goes_by_keyboard(sitting: Sitting) -> None:
    page = sitting.go("dewi", "forms", FormsPage)
    mine, all_of_them = count(sitting, "dewi", MINE), count(sitting, "dewi", Wanted())
    assert 0 < mine < all_of_them
    assert page.items.rowCount() == mine
    assert page.table.hasFocus()
    assert page.place.text() == f"1 dari {mine}"
    press(sitting, Qt.Key.Key_Down)
    assert page.place.text() == f"2 dari {mine}"
    press(sitting, Qt.Key.Key_F6)
    assert page.items.rowCount() == all_of_them
    press(sitting, Qt.Key.Key_Slash)
    assert page.filter.search.hasFocus()
    type_in(sitting, page, "2 cimekar")
    assert page.table.hasFocus()
    assert page.items.rowCount() == 1
    press(sitting, Qt.Key.Key_Return)
    card = sitting.window.findChild(FormCard)
    assert card is not None
    assert card.title.text().startswith("TPS 002 · Cimekar")
    card.close()
    sitting.window.activateWindow()
    sitting.qtbot.waitUntil(page.table.hasFocus)
    press(sitting, Qt.Key.Key_F, CTRL)
    assert page.filter.search.selectedText() == "2 cimekar"
    press(sitting, Qt.Key.Key_Escape)
    press(sitting, Qt.Key.Key_Escape)
    assert page.items.rowCount() == all_of_them
    press(sitting, Qt.Key.Key_F7)
    first = page.items.row_at(0)
    assert first is not None
    assert first.key == min(paper.key for paper in sitting.demo.papers)


def test_ctrl_enter_goes_on_where_the_work_of_the_form_is(sitting: Sitting) -> None:
    page = sitting.go("dewi", "forms", FormsPage)
    places = {row.page: place for place in range(page.items.rowCount()) if (row := page.items.row_at(place))}
    for target, kind in (("keying", KeyingPage), ("second", SecondReadingPage)):
        if target not in places:
            continue
        page.table.selectRow(places[target])
        chosen = page.items.row_at(places[target])
        assert chosen is not None
        assert page.go_on.isEnabled()
        page.on_go_on()
        sitting.settle()
        shown = sitting.window.stack.currentWidget()
        assert type(shown) is kind
        assert shown.view.entry is not None
        assert shown.view.entry.key == chosen.key
        sitting.window.navigate("forms")
        sitting.settle()
    press(sitting, Qt.Key.Key_F6)
    page.show_wanted(Wanted(has="public"))
    sitting.settle()
    assert not page.go_on.isEnabled()


def test_what_was_read_in_part_can_be_moved_and_withdrawn_from_its_card(sitting: Sitting) -> None:
    demo = sitting.demo
    paper = demo.papers[-1]
    page_of = forms.load(paper.key.form).page_of
    page_1 = {one: cell for one, cell in paper.cells.items() if page_of[one] == 1}
    sitting.go("dewi", "forms", FormsPage)
    sitting.window.open_form(paper.key)
    sitting.settle()
    card = sitting.window.findChild(FormCard)
    assert card is not None
    assert not card.mend.isEnabled()
    done = keying.key_whole(demo.wp, demo.sessions["dewi"], paper.key, page_1, [keying.ACCEPT_ALL])
    assert done.outcome is Outcome.PARTLY_READ
    card.read()
    sitting.settle()
    assert card.mend.isEnabled()
    card.close()


def test_the_queue_and_the_missing_sheets_open_with_the_form_one_came_from(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the list of missing sheets is longer than the page reads."""
    monkeypatch.setattr(pages_in_jobs, "MISSING_ROWS", 1)
    page = sitting.go("rina", "forms", FormsPage)
    wp = sitting.demo.wp
    missing = [one.key for one in pages.missing_pages(wp)][-1]
    waiting = status.queue_rows(wp)[-1].key
    sitting.window.navigate("pages", missing)
    sitting.settle()
    scanning = sitting.window.stack.currentWidget()
    assert isinstance(scanning, PagesInPage)
    lacking = scanning.missing.rows.row_at(scanning.missing.table.currentIndex().row())
    assert lacking is not None
    assert lacking.key == missing
    assert scanning.missing.table.hasFocus()
    sitting.window.navigate("queue", waiting)
    sitting.settle()
    queue = sitting.window.stack.currentWidget()
    assert isinstance(queue, QueuePage)
    line = queue.items.row_at(queue.items_table.currentIndex().row())
    assert line is not None
    assert line.key == waiting
    assert {one.key.tps for one in queue.items.rows} == {waiting.tps}
    sitting.window.navigate("forms")
    assert not queue.search.text(), "who comes by themselves later sees the whole queue"
    assert page.isVisible()


def test_choices_narrow_and_an_empty_list_says_what_to_do(sitting: Sitting) -> None:
    page = sitting.go("rina", "forms", FormsPage)
    page.show_wanted(Wanted())
    box = page.filter.choices["step"]
    box.setCurrentIndex(box.findData("keyed|second_read"))
    sitting.settle()
    assert page.items.rowCount() == count(sitting, "rina", Wanted(has="keyed", lacks="second_read"))
    kecamatan = page.filter.choices["kecamatan"]
    kecamatan.setCurrentIndex(kecamatan.findData("320405"))
    sitting.settle()
    assert page.items.rowCount() == count(
        sitting, "rina", Wanted(area="320405", has="keyed", lacks="second_read")
    )
    assert not page.filter.choices["desa"].isHidden()
    person = page.filter.choices["person"]
    assert person.findData("budi") > 0, "the coordinator asks by anybody"
    page.filter.choices["stop"].setCurrentIndex(page.filter.choices["stop"].findData("rival"))
    sitting.settle()
    assert page.faces.currentWidget() is page.nothing
    assert page.nothing.button.isVisible()
    page.nothing.button.click()
    sitting.settle()
    assert page.items.rowCount() == count(sitting, "rina", Wanted())
    assert page.table.hasFocus()


def test_others_are_offered_themselves_only_and_leave_nothing_behind(sitting: Sitting) -> None:
    page = sitting.go("budi", "forms", FormsPage)
    box = page.filter.choices["person"]
    assert [box.itemData(place) for place in range(box.count())] == ["", "budi"]
    page.show_wanted(Wanted(text="cimekar"))
    sitting.settle()
    sitting.window.sign_out()
    sitting.settle()
    assert page.items.rowCount() == 0
    assert "Budi" not in everything_readable(page)
    page = sitting.go("rina", "forms", FormsPage)
    assert page.filter.text == ""


def test_a_filter_is_kept_chosen_by_its_digit_deleted_and_taken_back(sitting: Sitting) -> None:
    page = sitting.go("rina", "forms", FormsPage)
    wanted = Wanted(stop="needs_second", is_by_age=True)
    page.show_wanted(wanted)
    sitting.settle()
    page.table.setFocus()
    press(sitting, Qt.Key.Key_S, CTRL)
    assert page.saved.name.hasFocus()
    type_in(sitting, page, "Entri kedua")
    assert page.table.hasFocus()
    assert saved_filters.saved(sitting.demo.wp, sitting.demo.sessions["rina"].person)[0].wanted == wanted
    press(sitting, Qt.Key.Key_Escape)
    menu = page.saved.menu()
    assert [one.text() for one in menu.actions()] == [
        "&0  Perlu saya",
        "&A  Semua formulir",
        "&1  Entri kedua",
    ]
    menu.actions()[2].trigger()
    sitting.settle()
    assert page.items.rowCount() == count(sitting, "rina", wanted)
    assert page.saved.forget.text() == "Hapus “Entri kedua”"
    page.saved.forget.click()
    sitting.settle()
    assert page.saved.names == []
    assert "dihapus" in page.saved.words.text()
    press(sitting, Qt.Key.Key_Z, CTRL)
    assert page.saved.names == ["Entri kedua"]
    assert not page.saved.strip.isVisible()


def test_the_list_is_found_as_it_was_left(sitting: Sitting) -> None:
    page = sitting.go("rina", "forms", FormsPage)
    page.show_wanted(Wanted(lacks="public"))
    page.table.horizontalHeader().resizeSection(1, 211)
    sitting.qtbot.waitUntil(lambda: "211" in preference(sitting.demo.wp, "forms_columns"))
    sitting.window.sign_out()
    page = sitting.go("rina", "forms", FormsPage)
    assert page.items.rowCount() == count(sitting, "rina", Wanted(lacks="public"))
    again = FormsPage(page.context)
    sitting.qtbot.addWidget(again)
    assert again.table.horizontalHeader().sectionSize(1) == 211


def test_a_number_of_elsewhere_opens_the_list_with_its_filter(sitting: Sitting) -> None:
    sitting.go("rina", "home", QWidget)  # type: ignore[type-var]  # whatever page: only the window's way is tested
    wanted = Wanted(has="at_centre", lacks="verified")
    sitting.window.navigate("forms", part=json.dumps(wanted.as_json()))
    sitting.settle()
    page = sitting.window.stack.currentWidget()
    assert isinstance(page, FormsPage)
    assert page.items.rowCount() == count(sitting, "rina", wanted)
    assert page.filter.value("step") == "at_centre|verified"


def test_a_refresh_keeps_the_chosen_form(sitting: Sitting) -> None:
    page = sitting.go("rina", "forms", FormsPage)
    page.show_wanted(Wanted(is_by_age=True))
    sitting.settle()
    page.table.selectRow(5)
    chosen = page.items.row_at(5)
    assert chosen is not None
    sitting.demo.clock.at += 60
    page.on_store_changed()
    sitting.settle()
    now = page.items.row_at(page.table.currentIndex().row())
    assert now is not None
    assert now.key == chosen.key


def card_of(sitting: Sitting, who: str, wanted: Wanted) -> tuple[FormCard, forms_list.Row]:
    page = sitting.go(who, "forms", FormsPage)
    page.show_wanted(wanted)
    sitting.settle()
    row = page.items.row_at(0)
    assert row is not None
    sitting.window.open_form(row.key)
    sitting.settle()
    return sitting.window.findChildren(FormCard)[-1], row


def test_the_history_opens_onto_its_values_by_keyboard(sitting: Sitting) -> None:
    card, row = card_of(sitting, "agus", Wanted(has="public"))
    cells = next(paper.cells for paper in sitting.demo.papers if paper.key == row.key)
    history = card.history
    place = next(n for n, line in enumerate(history.text().splitlines()) if "Entri pertama selesai" in line)
    history.setFocus()
    QTest.keyClick(history, Qt.Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(history, Qt.Key.Key_Down)
    item = history.currentItem()
    assert item is not None
    assert not item.isExpanded()
    QTest.keyClick(history, Qt.Key.Key_Return)
    assert item.isExpanded()
    assert f"L {cells['A1.L']} · P {cells['A1.P']} · J {cells['A1.J']}" in everything_readable(card)
    card.read()
    sitting.settle()
    assert [item.isExpanded() for item in history.lines()][place], "a refresh leaves it open"


def test_whoever_may_still_read_it_blind_finds_no_value_in_its_card(sitting: Sitting) -> None:
    for who in ("dewi", "agus", "rina"):
        card, row = card_of(sitting, who, Wanted(stop="needs_second"))
        card.history.expandAll()
        told = everything_readable(card)
        cells = next(paper.cells for paper in sitting.demo.papers if paper.key == row.key)
        assert f"L {cells['B1.L']}" not in told
        assert "tidak ditampilkan" in told
        assert card.go_on.text() == "&Lanjutkan di Entri kedua"
        card.close()
        sitting.window.sign_out()


def test_on_a_small_screen_a_name_gives_way_to_the_age_and_the_state(qtbot: QtBot) -> None:
    """150 % on 1366 x 768, where the ballots have a column too. What a person widened stays as it is."""
    table = Table(
        RowsModel[str](
            [
                Column("TPS", str, "0000"),
                Column("Surat suara", str, "C1-DPRD Prov"),
                Column("Desa", str, "Cileunyi Wetan", gives_way=True),
                Column("Umur", str, "12 hari 21 jam"),
                Column("Keadaan", str, "Dikembalikan untuk diverifikasi"),
                Column("Mengapa", str, is_stretched=True),
            ],
            str,
        ),
        "uji",
    )
    holder = QWidget()  # a window would be cut to the screen
    qtbot.addWidget(holder)
    table.setParent(holder)
    holder.show()
    table.resize(2_000, 200)
    table.show()
    header = table.horizontalHeader()
    needed = sum(header.sectionSize(place) for place in range(5))
    usual = header.sectionSize(2)
    for width, is_cut in ((needed + 40, False), (needed - 30, True), (needed + 40, False)):
        table.resize(width, 200)
        assert (header.sectionSize(2) < usual) is is_cut
        assert header.sectionPosition(4) + header.sectionSize(4) <= table.viewport().width()
    header.resizeSection(2, usual + 10)
    table.resize(needed - 30, 200)
    assert header.sectionSize(2) == usual + 10
