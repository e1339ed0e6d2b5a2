"""Laporan: what the coordinator sees is what is saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services import keying, status
from tests.fakes.desk import FakeIntake, FakeSync
from tests.fakes.district import BROKEN, Desk, key, make, settled
from tests.unit.ui.test_report_pdf import after, read
from ui import desk as ui_desk
from ui.main_window import MainWindow
from ui.pages.reports import ReportsPage
from ui.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    settled(desk, 1)
    for person in ("ani", "budi"):
        keying.key_whole(desk.wp, desk[person], key(2), BROKEN, accept=[keying.ACCEPT_ALL])
    yield desk
    desk.wp.close()


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    tasks = Tasks()
    made = MainWindow(ui_desk.Desk(desk.wp, FakeSync(), FakeIntake(), practice=True), tasks)
    qtbot.addWidget(made)
    made.show()
    made.enter(desk["koor"], "reports")
    yield made
    made.close()
    tasks.close()


def page_of(qtbot: QtBot, window: MainWindow) -> ReportsPage:
    page = window.stack.currentWidget()
    assert isinstance(page, ReportsPage)
    qtbot.waitUntil(lambda: page.report is not None)
    return page


def parts(page: ReportsPage) -> list[str]:
    return [page.parts.item(row).text() for row in range(page.parts.count())]


def test_seen_and_saved_are_the_same_moment(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    page = page_of(qtbot, window)
    counts = status.facts_json(desk.wp)["funnel"]
    assert page.table is not None
    assert page.table.model().index(2, 1).data() == str(counts["keyed"])
    keying.key_whole(desk.wp, desk["budi"], key(3), BROKEN, accept=[keying.ACCEPT_ALL])
    page.save_as(tmp_path / "harian")
    qtbot.waitUntil(lambda: page.message.text().startswith("Tersimpan: harian.pdf dan harian.csv"))
    assert after("Dientri ", " ".join(read((tmp_path / "harian.pdf").read_bytes()))) == counts["keyed"]
    written = (tmp_path / "harian.csv").read_text(encoding="utf-8-sig")
    assert f'"Dientri";{counts["keyed"]};' in written
    assert "salah ketik" not in written.lower()
    QTest.keyClick(page, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: page.table is not None and page.table.model().index(2, 1).data() == "3")


def test_every_part_is_there_and_the_slips_are_for_this_page_alone(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(qtbot, window)
    assert parts(page) == [
        *("Corong (8)", "Corong per kecamatan (1)", "Pekerjaan per petugas (3)", "Entri yang belum selesai"),
        *("Entri yang diambil alih", "Terhenti karena (3)", "Gangguan jalur ke KPU RI", "Koreksi"),
        *("Salah ketik per petugas (2)", "Pleno: Cileunyi (2)"),
    ]
    page.parts.setCurrentRow(8)
    assert page.heading.text() == "Salah ketik per petugas"
    assert page.report is not None
    assert all(table.id != "slips" for table in page.report.tables)


def test_any_time_may_be_asked_for_and_nonsense_is_answered(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(qtbot, window)
    page.what.setCurrentIndex(3)
    qtbot.waitUntil(lambda: page.report is not None and page.report.title == "Laporan giliran kerja")
    assert not page.start.isEnabled()
    page.what.setCurrentIndex(4)
    page.start.setText("kemarin")
    QTest.keyClick(page.start, Qt.Key.Key_Return)
    assert page.message.text() == "Tulis waktu seperti 18/4/2019 07.00, lalu tekan Enter."
    page.start.setText("1/4/2019 07.00")
    page.end.setText("1/4/2019 06.00")
    QTest.keyClick(page.end, Qt.Key.Key_Return)
    assert page.message.text() == "Waktu mulai harus sebelum waktu sampai."
    page.end.setText("2/4/2019 19.00")
    QTest.keyClick(page.end, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "1 April 2019 07.00 – 2 April 2019 19.00" in page.message.text())


def test_nothing_stays_after_a_change_of_person_and_others_have_no_such_page(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    page = page_of(qtbot, window)
    (tmp_path / "buka.pdf").mkdir()
    page.save_as(tmp_path / "buka.pdf")
    qtbot.waitUntil(lambda: "tidak dapat ditulis" in page.message.text())
    window.sign_out()
    assert (page.report, page.table, page.parts.count(), page.message.text()) == (None, None, 0, "")
    window.enter(desk["ani"], "reports")
    assert "reports" not in window.nav.buttons
    assert window.stack.currentWidget() is not page


def test_what_was_asked_for_by_the_one_before_is_not_shown_to_the_next(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    page = page_of(qtbot, window)
    page.read()
    window.sign_out()
    window.enter(desk["ani"], "home")
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    assert (page.report, page.parts.count(), page.heading.text()) == (None, 0, "")
