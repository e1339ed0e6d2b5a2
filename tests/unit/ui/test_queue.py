from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.sending import DAY_MIN, NIGHT, Hours, PoorLine, Sending
from app.ports import IntakeState, Lane, LineState, NewScan
from app.services import pages, sending, status
from app.services.engine_store import engine_store
from sync.line import REVOKED
from tests.fakes.sitting import Sitting, sitting
from ui.pages.lanes import estimate
from ui.pages.line_note import ACCOUNT
from ui.pages.queue import QueuePage
from ui.pages.settings import SettingsPage
from ui.theme import Tone

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def lane(page: QueuePage, wanted: Lane) -> tuple[Tone, str, int]:
    row = next(one for one in page.lanes.rows if one.lane is wanted)
    return row.tone, row.state, row.waiting


def test_three_lanes_say_how_they_stand(sitting: Sitting) -> None:
    page = sitting.go("rina", "queue", QueuePage)
    tone, words, waiting = lane(page, Lane.RECORDS)
    assert tone is Tone.WAIT
    assert words.startswith("KPU RI menjawab 503")
    assert "Coba lagi" in words
    assert waiting == status.queue_count(sitting.demo.wp, kind=None) - 2 - lane(page, Lane.SCANS)[2]
    assert lane(page, Lane.VERDICTS)[:2] == (Tone.GOOD, "Tidak ada yang menunggu")


def test_every_item_says_what_why_since_when_and_when_next(sitting: Sitting) -> None:
    page = sitting.go("rina", "queue", QueuePage)
    model = page.items
    first = [model.data(model.index(0, column)) for column in range(model.columnCount())]
    assert first[0].startswith("TPS 00")
    assert first[1] == "Angka"
    assert "tps_unregistered" in first[2]
    assert "jam" in first[3]
    assert first[4] == "perlu tindakan"
    waiting = next(n for n in range(model.rowCount()) if "503" in str(model.data(model.index(n, 2))))
    assert model.data(model.index(waiting, 4)) == "dalam 80 detik"
    sitting.demo.clock.at += 60
    assert model.data(model.index(waiting, 4)) == "dalam 20 detik"


def test_trouble_of_the_whole_line_is_told_whole_with_the_way_to_the_account(sitting: Sitting) -> None:
    page = sitting.go("rina", "queue", QueuePage)
    assert page.title.lead.isVisible()
    assert not page.line_note.isVisible()
    sitting.demo.sync.become(LineState.REVOKED, REVOKED.text)
    sitting.settle()
    assert page.line_note.words.text() == REVOKED.text
    assert not page.title.lead.isVisible(), "that it is sent as soon as KPU RI answers is not so"
    page.line_note.button.click()
    sitting.settle()
    settings = sitting.window.stack.currentWidget()
    assert isinstance(settings, SettingsPage)
    assert settings.sections[settings.names.currentRow()].part == ACCOUNT


def test_filters_and_search(sitting: Sitting) -> None:
    page = sitting.go("rina", "queue", QueuePage)
    page.chips["action"].click()
    sitting.settle()
    assert page.items.rowCount() == 2
    assert page.chips["action"].text() == "perlu tindakan (2)"
    page.chips["images"].click()
    sitting.settle()
    assert page.items.rowCount() == lane(page, Lane.SCANS)[2]
    page.search.setText("tidak ada")
    sitting.qtbot.waitUntil(lambda: page.faces.currentWidget() is page.nothing)
    assert "saringan" in page.nothing.title.text()


def test_try_now_pause_and_resume_go_to_the_engine(sitting: Sitting) -> None:
    page, sync = sitting.go("rina", "queue", QueuePage), sitting.demo.sync
    QTest.keyClick(sitting.window, Qt.Key.Key_F5)
    assert "retry_now" in sync.asked
    QTest.keyClick(sitting.window, Qt.Key.Key_F7)
    assert sync.paused == {Lane.SCANS}
    QTest.keyClick(sitting.window, Qt.Key.Key_F6)
    assert sync.paused == set(Lane)
    sitting.settle()
    assert page.pause_all.text() == "Lanjutkan semua  F6"
    assert lane(page, Lane.SCANS)[0] is Tone.OFF
    QTest.keyClick(sitting.window, Qt.Key.Key_F6)
    sitting.settle()
    assert sync.paused == set()
    assert page.pause_all.text() == "Jeda semua  F6"


def test_one_tps_can_go_first_and_stopped_ones_again(sitting: Sitting) -> None:
    page, sync = sitting.go("rina", "queue", QueuePage), sitting.demo.sync
    page.items_table.selectRow(4)
    QTest.keyClick(sitting.window, Qt.Key.Key_F8)
    sitting.settle()
    assert "wake" in sync.asked
    assert "dikirim sekarang" in sitting.window.toaster.words.text()
    assert page.retry.text() == "Coba lagi yang berhenti (2)"
    page.retry.click()
    sitting.settle()
    assert status.queue_count(sitting.demo.wp, only_action=True) == 0
    assert not page.retry.isVisible()


def test_an_estimate_needs_a_rate_that_was_seen(qtbot: object) -> None:
    assert estimate(1_000_000, 0.0) == ""
    assert estimate(0, 1e6) == ""
    assert estimate(32_500_000, 325_000.0) == "± 1 mnt pada 2,6 Mbit/s"


def test_night_hours_and_a_limit_are_chosen_by_keyboard_and_kept(sitting: Sitting) -> None:
    page, sync = sitting.go("rina", "queue", QueuePage), sitting.demo.sync
    row, wp = page.sending, sitting.demo.wp
    assert row.when.currentText() == "kapan saja"
    assert not row.hours.isVisible()
    row.when.setFocus()
    QTest.keyClick(row.when, Qt.Key.Key_Down)
    sitting.settle()
    assert sending.chosen(wp) == Sending(NIGHT)
    assert "wake" in sync.asked
    assert row.hours.isVisible()
    row.hours.setFocus()
    row.hours.selectAll()
    QTest.keyClicks(row.hours, "20.30-06.00")
    QTest.keyClick(row.hours, Qt.Key.Key_Return)
    sitting.settle()
    assert sending.chosen(wp) == Sending(Hours(20 * 60 + 30, 6 * 60))
    row.limit.setFocus()
    QTest.keyClick(row.limit, Qt.Key.Key_Down)
    QTest.keyClick(row.limit, Qt.Key.Key_Down)
    sitting.settle()
    assert sending.chosen(wp) == Sending(Hours(20 * 60 + 30, 6 * 60), 512)
    assert "20.30-06.00" in sitting.window.toaster.words.text()


def test_a_limit_of_the_command_line_is_shown_too(sitting: Sitting) -> None:
    sending.choose(sitting.demo.wp, Sending(None, 700))
    page = sitting.go("rina", "queue", QueuePage)
    assert page.sending.limit.currentText() == "700 kbit/s"


def test_outside_its_hours_the_lane_says_when_it_goes_on(sitting: Sitting) -> None:
    wp = sitting.demo.wp
    now = datetime.fromtimestamp(wp.now(), UTC).astimezone()
    start = (now.hour * 60 + 60) % DAY_MIN
    sending.choose(wp, Sending(Hours(start, (start + 60) % DAY_MIN)))
    page = sitting.go("rina", "queue", QueuePage)
    row = next(one for one in page.lanes.rows if one.lane is Lane.SCANS)
    assert row.tone is Tone.OFF
    assert "jadwal malam" in row.state
    assert row.estimate == f"mulai {start // 60:02}.00"


def test_hours_that_nobody_can_read_are_refused_and_the_kept_ones_come_back(sitting: Sitting) -> None:
    sending.choose(sitting.demo.wp, Sending(NIGHT))
    page = sitting.go("rina", "queue", QueuePage)
    page.sending.hours.setFocus()
    page.sending.hours.selectAll()
    QTest.keyClicks(page.sending.hours, "malam")
    QTest.keyClick(page.sending.hours, Qt.Key.Key_Return)
    sitting.settle()
    assert "Jadwal tidak dapat dibaca" in sitting.window.toaster.words.text()
    assert page.sending.hours.text() == "22.00-06.00"
    assert sending.chosen(sitting.demo.wp) == Sending(NIGHT)


def test_on_a_poor_line_the_lane_of_images_says_what_goes_first(sitting: Sitting) -> None:
    page, wp = sitting.go("rina", "queue", QueuePage), sitting.demo.wp

    def words() -> str:
        page.on_store_changed()
        sitting.settle()
        return lane(page, Lane.SCANS)[1]

    def left() -> int:
        return next(one.bytes_left for one in page.lanes.rows if one.lane is Lane.SCANS)

    assert "hemat" not in words()
    engine_store(wp).save_poor_line(PoorLine(0.0, 9_000.0))
    assert words() == "Jalur lambat: salinan hemat terkirim, gambar lengkap menyusul"
    before = left()
    scan = NewScan("ab" * 32, 9_000, "cd" * 32, "a.jpg", 1, "ef" * 32, 1, 1, {}, (), "01" * 32, 4_000)
    pages.page_rows(wp).add_page(scan, sitting.demo.papers[0].key, 1, IntakeState.ASSIGNED, "tono")
    assert words() == "Salinan hemat dulu: jalur lambat"
    assert left() == before + 13_000
