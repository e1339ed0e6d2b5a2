from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.ports import FeedCursor, Json, LineState
from app.services import comparing, status
from app.services.engine_store import engine_store
from sync.line import FORKED
from tests.fakes.room import Room
from tests.fakes.sitting import Sitting, sitting
from ui import format as fmt
from ui.pages.form_card import FormCard
from ui.pages.forms_list import FormsPage
from ui.pages.home import HomePage
from ui.pages.notices import SHOWN
from ui.pages.settings import SettingsPage
from ui.pages.settings_sections import ServerSection
from ui.pages.steps import STEP_CODES
from ui.widgets.scrolled import fitted

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def test_the_picture_shows_the_stores_numbers_and_reads_them_out(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    counts = status.funnel(sitting.demo.wp)
    told = page.chart.accessibleDescription()
    assert told.count(";") == 7
    for code in STEP_CODES:
        assert fmt.percent(getattr(counts, code), counts.expected) in told
    assert page.title.lead.text() == status.sentence(sitting.demo.wp)
    assert page.title.title.text() == f"C1-PPWP · {counts.expected} formulir"
    assert not page.ballot.isVisible()


def test_enter_does_the_most_pressing_thing(sitting: Sitting) -> None:
    page = sitting.go("budi", "home", HomePage)
    assert page.needs_table.hasFocus()
    first = page.needs.rows[0]
    QTest.keyClick(page.needs_table, Qt.Key.Key_Return)
    assert sitting.window.nav.buttons[first.page].isChecked()


def test_what_is_wrong_is_marked_with_more_than_colour(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    place = [need.code for need in page.needs.rows].index("stopped")
    assert page.needs.data(page.needs.index(place, 0), Qt.ItemDataRole.DecorationRole) is not None


def test_down_to_the_form_and_up_again_by_keyboard(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    browser = page.areas
    assert [area.name for area in browser.areas.rows] == ["Cileunyi", "Cilengkrang"]
    browser.areas_table.setFocus()
    QTest.keyClick(browser.areas_table, Qt.Key.Key_Return)
    sitting.settle()
    assert browser.areas.rows[0].name == "Cileunyi Kulon"
    QTest.keyClick(browser.areas_table, Qt.Key.Key_Return)
    sitting.settle()
    assert browser.forms.rowCount() == 3
    assert browser.found.text() == "3 formulir"
    QTest.keyClick(browser.forms_table, Qt.Key.Key_Return)
    sitting.settle()
    card = sitting.window.findChild(FormCard)
    assert card is not None
    assert card.title.text().startswith("TPS 001 · Cileunyi Kulon")
    card.accept()
    QTest.keyClick(browser.forms_table, Qt.Key.Key_Backspace)
    QTest.keyClick(browser.areas_table, Qt.Key.Key_Backspace)
    sitting.settle()
    assert browser.areas.rows[0].name == "Cileunyi"
    assert sitting.window.focusWidget() is browser.areas_table


def test_the_filter_looks_through_all_tps(sitting: Sitting) -> None:
    browser = sitting.go("rina", "home", HomePage).areas
    browser.filter.setText("2 cimekar")
    sitting.qtbot.waitUntil(lambda: browser.found.text() == "1 formulir")
    row = browser.forms.row_at(0)
    assert row is not None
    assert row.key.tps.label == "TPS 002"
    browser.filter.setText("tidak ada desa begini")
    sitting.qtbot.waitUntil(lambda: browser.found.text() == "0 formulir")
    assert browser.faces.currentWidget() is browser.nothing
    browser.filter.setFocus()
    QTest.keyClick(browser.filter, Qt.Key.Key_Escape)
    sitting.settle()
    assert browser.faces.currentWidget() is browser.areas_table


def test_a_step_of_the_funnel_opens_those_that_are_not_there_yet_and_its_number_those_that_are(
    sitting: Sitting,
) -> None:
    counts = status.funnel(sitting.demo.wp)
    for modifier, expected in (
        (Qt.KeyboardModifier.NoModifier, counts.expected - counts.keyed),
        (Qt.KeyboardModifier.ShiftModifier, counts.keyed),
    ):
        page = sitting.go("rina", "home", HomePage)
        page.chart.setFocus()
        for _ in range(2):
            QTest.keyClick(page.chart, Qt.Key.Key_Down)
        QTest.keyClick(page.chart, Qt.Key.Key_Return, modifier)
        sitting.settle()
        shown = sitting.window.stack.currentWidget()
        assert isinstance(shown, FormsPage)
        assert shown.items.rowCount() == expected
        for _ in range(8):
            QTest.keyClick(page.chart, Qt.Key.Key_Up)
    page = sitting.go("rina", "home", HomePage)
    third = QPoint(page.chart.width() - 20, page.chart.height() * 5 // 16)
    QTest.mouseClick(page.chart.viewport(), Qt.MouseButton.LeftButton, pos=third)
    sitting.settle()
    shown = sitting.window.stack.currentWidget()
    assert isinstance(shown, FormsPage)
    assert shown.filter.value("step") == "keyed|"


def test_the_title_counts_what_it_names(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot, forms=("c1-ppwp-2019", "c1-dpr-2019-jabar-2"))
    page = room.sit_down("rina", "home")
    assert isinstance(page, HomePage)
    assert page.title.title.text() == "6 formulir"
    assert page.ballot.isVisible()
    page.ballot.setCurrentIndex(2)
    room.settle()
    assert page.title.title.text() == "C1-DPR · 3 formulir"
    assert page.areas.areas.rows[0].received == status.funnel(room.wp, "c1-dpr-2019-jabar-2").received
    page.areas.filter.setText("1")
    qtbot.waitUntil(lambda: page.areas.found.text() == "1 formulir")
    QTest.keyClick(page.chart, Qt.Key.Key_Return)
    room.settle()
    assert room.window is not None
    shown = room.window.stack.currentWidget()
    assert isinstance(shown, FormsPage)
    assert shown.filter.form == "c1-dpr-2019-jabar-2"
    assert shown.items.rowCount() == 3
    room.leave()


def test_nobody_at_the_desk_leaves_nothing_on_the_page(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    sitting.window.sign_out()
    sitting.settle()
    assert page.needs.rowCount() == 0
    assert page.areas.areas.rowCount() == 0


def test_somebody_without_work_is_told_what_to_expect(sitting: Sitting) -> None:
    page = sitting.go("siti", "home", HomePage)
    page.needs.set_rows([])
    assert page.needs_table.accessibleName() == "Perlu saya"
    sitting.demo.sessions.pop("siti")


def test_the_card_says_why_a_form_waits_and_paper_can_be_noted(sitting: Sitting) -> None:
    sitting.go("siti", "home", HomePage)
    stopped = status.queue_rows(sitting.demo.wp, only_action=True)[0]
    sitting.window.open_form(stopped.key)
    sitting.settle()
    card = sitting.window.findChild(FormCard)
    assert card is not None
    assert "tps_unregistered" in card.why.text()
    assert "selesai" in card.history.text()
    card.close()
    unseen = sitting.demo.papers[-1].key
    sitting.window.open_form(unseen)
    sitting.settle()
    fresh = sitting.window.findChildren(FormCard)[-1]
    assert fresh.arrived.isEnabled()
    before = status.funnel(sitting.demo.wp).received
    fresh.arrived.click()
    sitting.settle()
    assert status.funnel(sitting.demo.wp).received == before + 1
    assert not fresh.arrived.isEnabled()


def test_a_small_screen_scrolls_to_the_list_that_is_asked_for(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    sitting.window.resize(910, 512)  # 1366 x 768 at 150 %
    sitting.settle()
    QTest.keyClick(page.needs_table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    sitting.settle()
    assert page.areas.filter.hasFocus()
    seen = page.areas.visibleRegion().boundingRect()
    assert seen.height() >= min(page.areas.height(), 250)


def test_the_list_does_not_repeat_the_path_above_it(sitting: Sitting) -> None:
    browser = sitting.go("rina", "home", HomePage).areas
    for table in (browser.areas_table, browser.areas_table):
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Return)
        sitting.settle()
    assert [browser.forms_table.isColumnHidden(place) for place in range(4)] == [False, True, True, False]


def test_a_dialog_is_never_larger_than_the_screen(sitting: Sitting) -> None:
    wanted = fitted(QDialog(sitting.window), 100_000, 100_000)
    room = sitting.window.screen().availableGeometry()
    assert wanted.width() < room.width()
    assert wanted.height() < room.height()


# ---- notices -----------------------------------------------------------------------------------------------------


def tell(sitting: Sitting, count: int = 2) -> None:
    """The centre was restored; then it says of some forms that they are no longer public."""
    store = engine_store(sitting.demo.wp)
    store.new_epoch("e9")
    events: list[Json] = [
        {"n": n, "kind": "notice", "text": f"TPS 00{n} tidak lagi ditampilkan di <b>situs</b> publik."}
        for n in range(1, count)
    ]
    store.apply_feed(events, FeedCursor("e9", count))


def sentences(page: HomePage) -> list[str]:
    return [row.words.text() for row in page.notices.rows]


def test_without_notices_nothing_of_them_is_there(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    assert not page.notices.isVisible()
    assert not page.show_read.isVisible()
    assert not page.line_note.isVisible()
    assert not sitting.window.top.notices.isVisible()


def test_a_notice_is_read_by_keyboard_and_stays_read(sitting: Sitting) -> None:
    tell(sitting)
    top = sitting.window.top.notices
    page = sitting.go("rina", "home", HomePage)
    assert sentences(page) == [
        "TPS 001 tidak lagi ditampilkan di <b>situs</b> publik.",
        comparing.RESTORED,
    ], "newest first, whole, and never as markup"
    assert page.notices.rows[0].words.textFormat() is Qt.TextFormat.PlainText
    assert top.isVisible()
    assert (top.text(), top.icon().isNull()) == ("2 pemberitahuan", False)
    assert top.accessibleName().startswith("2 pemberitahuan belum dibaca.")

    QTest.keyClick(page.needs_table, Qt.Key.Key_F4)
    first = page.notices.rows[0].button
    assert first.hasFocus()
    assert first.accessibleDescription().endswith("situs</b> publik.")
    QTest.keyClick(first, Qt.Key.Key_Return)
    sitting.settle()
    assert sentences(page) == [comparing.RESTORED]
    assert page.notices.rows[0].button.hasFocus(), "the next one is read without looking for it"
    assert top.text() == "1 pemberitahuan"
    QTest.keyClick(page.notices.rows[0].button, Qt.Key.Key_Space)
    sitting.settle()
    assert not page.notices.isVisible()
    assert page.needs_table.hasFocus()
    assert not top.isVisible()

    sitting.window.sign_out()
    page = sitting.go("budi", "home", HomePage)
    assert len(sentences(page)) == 2, "nobody else was told by that"
    sitting.window.sign_out()
    sitting.settle()
    assert page.notices.rows == []
    assert not top.isVisible()


def test_what_was_read_is_shown_again_and_can_be_called_unread(sitting: Sitting) -> None:
    tell(sitting)
    page = sitting.go("rina", "home", HomePage)
    QTest.mouseClick(page.notices.rows[1].button, Qt.MouseButton.LeftButton)
    sitting.settle()
    assert page.show_read.isVisible()
    page.show_read.click()
    sitting.settle()
    assert len(sentences(page)) == 2
    assert [label.text() for label in page.notices.rows[1].findChildren(QLabel)][-1].startswith("dibaca ")
    assert page.notices.rows[1].button.text() == "Tandai belum dibaca"
    page.notices.rows[1].button.click()
    sitting.settle()
    assert [row.button.text() for row in page.notices.rows] == ["Sudah dibaca"] * 2
    page.show_read.click()
    sitting.settle()
    assert len(sentences(page)) == 2
    assert not page.show_read.isVisible()


def test_many_notices_come_a_few_at_a_time_and_none_is_read_unseen(sitting: Sitting) -> None:
    tell(sitting, SHOWN + 2)
    page = sitting.go("rina", "home", HomePage)
    assert len(page.notices.rows) == SHOWN
    assert page.notices.count.text() == f"{SHOWN} terbaru dari {SHOWN + 2} yang belum dibaca"
    page.notices.all_read.setFocus()
    QTest.keyClick(page.notices.all_read, Qt.Key.Key_Return)
    sitting.settle()
    assert sentences(page)[-1] == comparing.RESTORED
    assert len(sentences(page)) == 2
    assert page.notices.count.text() == ""
    assert page.notices.rows[0].button.hasFocus()


def test_a_refresh_leaves_the_focus_on_the_notice(sitting: Sitting) -> None:
    tell(sitting)
    page = sitting.go("rina", "home", HomePage)
    button = page.notices.rows[1].button
    button.setFocus()
    page.on_store_changed()
    sitting.settle()
    assert page.notices.rows[1].button is button
    assert button.hasFocus()
    sitting.demo.clock.at += 86_400
    page.on_store_changed()
    sitting.settle()
    assert "/4 " in page.notices.rows[1].time.text(), "yesterday's have their day"
    assert page.notices.rows[1].button.hasFocus()


def test_from_any_page_the_bar_above_leads_to_the_notices(sitting: Sitting) -> None:
    sitting.go("rina", "settings", SettingsPage)
    tell(sitting, SHOWN + 2)
    sitting.window.refresh()
    sitting.settle()
    sitting.window.resize(910, 512)  # 1366 x 768 at 150 %
    QTest.mouseClick(sitting.window.top.notices, Qt.MouseButton.LeftButton)
    sitting.settle()
    page = sitting.window.stack.currentWidget()
    assert isinstance(page, HomePage)
    row = page.notices.rows[0]
    assert row.button.hasFocus()
    sitting.settle()
    assert row.visibleRegion().boundingRect() == row.rect(), "whole, with its button"


@pytest.mark.parametrize(
    "line", [LineState.FORKED, LineState.REVOKED, LineState.WRONG_KEY, LineState.SIGN_IN]
)
def test_a_pc_that_must_be_enrolled_anew_is_told_whole_with_the_way_there(
    sitting: Sitting, line: LineState
) -> None:
    page = sitting.go("rina", "home", HomePage)
    sitting.demo.sync.become(line, FORKED.text)
    sitting.settle()
    note = page.line_note
    assert note.isVisible()
    assert note.words.text() == FORKED.text
    assert note.accessibleName() == FORKED.text
    note.button.setFocus()
    QTest.keyClick(note.button, Qt.Key.Key_Return)
    sitting.settle()
    settings = sitting.window.stack.currentWidget()
    assert isinstance(settings, SettingsPage)
    section = settings.sections[settings.names.currentRow()]
    assert isinstance(section, ServerSection)
    assert section.code.hasFocus()
    assert section.line_note.words.text() == FORKED.text
    assert not section.line_note.button.isVisible(), "here it is"
    sitting.demo.sync.become(LineState.OK, "Terhubung ke KPU RI.")
    sitting.settle()
    assert not section.line_note.isVisible()
    assert note.isHidden()


@pytest.mark.parametrize("line", [LineState.HERE, LineState.PROXY])
def test_trouble_that_the_account_does_not_mend_is_told_without_a_way_to_it(
    sitting: Sitting, line: LineState
) -> None:
    page = sitting.go("rina", "home", HomePage)
    sitting.demo.sync.become(line, "Di sini ada yang perlu dibereskan.")
    sitting.settle()
    assert page.line_note.isVisible()
    assert not page.line_note.button.isVisible()
    sitting.demo.sync.become(
        LineState.DOWN, "KPU RI tidak menjawab sejak 13.13. Pekerjaan dapat dilanjutkan."
    )
    sitting.settle()
    assert not page.line_note.isVisible(), "it goes on by itself"
