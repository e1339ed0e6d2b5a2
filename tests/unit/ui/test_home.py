import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.services import status
from tests.fakes.sitting import Sitting, sitting
from ui import format as fmt
from ui.pages.form_card import FormCard
from ui.pages.home import HomePage
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
    assert str(counts.expected) in page.title.title.text()


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
    assert browser.found.text() == "3 TPS"
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
    sitting.qtbot.waitUntil(lambda: browser.found.text() == "1 TPS")
    row = browser.forms.row_at(0)
    assert row is not None
    assert row.key.tps.label == "TPS 002"
    browser.filter.setText("tidak ada desa begini")
    sitting.qtbot.waitUntil(lambda: browser.found.text() == "0 TPS")
    assert browser.faces.currentWidget() is browser.nothing
    browser.filter.setFocus()
    QTest.keyClick(browser.filter, Qt.Key.Key_Escape)
    sitting.settle()
    assert browser.faces.currentWidget() is browser.areas_table


def test_a_step_of_the_funnel_opens_those_that_are_not_there_yet(sitting: Sitting) -> None:
    page = sitting.go("rina", "home", HomePage)
    page.chart.setFocus()
    for _ in range(2):
        QTest.keyClick(page.chart, Qt.Key.Key_Down)
    QTest.keyClick(page.chart, Qt.Key.Key_Return)
    sitting.settle()
    counts = status.funnel(sitting.demo.wp)
    assert page.areas.forms.rowCount() == counts.expected - counts.keyed


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
    assert "selesai" in card.history.toPlainText()
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
