import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.people import Role
from app.errors import Unavailable
from app.forms.choice import FormChoice
from app.forms.wilayah import Region
from app.services import people, workplace
from app.services.workplace import Workplace
from tests.fakes.demo_desk import PIN, open_desk
from tests.fakes.desk import QUICK_PIN, FakeClock, MemorySecrets
from ui import app as window_app
from ui.app import run_first_run, run_window
from ui.main_window import MainWindow
from ui.opening import Opening
from ui.page import Make
from ui.pages.first_run import FORMS, OPERATORS, FirstRun

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def front() -> MainWindow:
    return next(
        one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()
    )


def test_a_picture_of_the_window_is_saved_and_the_program_ends(qtbot: QtBot, tmp_path: Path) -> None:
    demo = open_desk(tmp_path / "kerja")
    assert run_window(demo.desk, Opening(picture=tmp_path / "jendela.png")) == 0
    picture = QImage(str(tmp_path / "jendela.png"))
    assert picture.width() >= 640
    assert demo.sync.listeners == []
    demo.wp.close()


def test_another_language_keeps_the_person_at_the_desk(qtbot: QtBot, tmp_path: Path) -> None:
    demo = open_desk(tmp_path / "kerja")
    seen: list[str] = []

    def sit_down() -> None:
        first = front()
        first.enter(demo.sessions["rina"])
        workplace.set_preference(demo.wp, "language", "en")
        first.rebuild()
        QTimer.singleShot(200, look)

    def look() -> None:
        second = front()
        seen.append(second.nav.buttons["queue"].text())
        seen.append(second.session.person.id if second.session else "")
        second.close()

    QTimer.singleShot(0, sit_down)
    assert run_window(demo.desk) == 0
    assert seen == ["Queue", "rina"]
    demo.wp.close()


def test_a_bug_becomes_one_sentence_and_the_window_stays(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    demo = open_desk(tmp_path / "kerja")
    seen: list[str] = []

    def meet_a_bug() -> None:
        error = ZeroDivisionError("1 // 0")
        sys.excepthook(type(error), error, None)
        seen.append(front().toaster.words.text())
        front().close()

    QTimer.singleShot(0, meet_a_bug)
    assert run_window(demo.desk) == 0
    assert seen[0].startswith("Ada kesalahan program. Yang sudah Anda ketik tersimpan.")
    assert "a bug reached the event loop" in caplog.text
    demo.wp.close()


def make_in(folder: Path) -> Make:
    def make(*, realm: str, district: str, region: Region, choices: Sequence[FormChoice]) -> Workplace:
        return workplace.create(
            folder, realm=realm, district=district, region=region, choices=choices, clock=FakeClock(),
            secrets=MemorySecrets(), pin_cost=QUICK_PIN,
        )  # fmt: skip

    return make


def test_first_run_makes_a_workplace_and_lets_go_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    def answer() -> None:
        steps = next(
            one for one in QApplication.topLevelWidgets() if isinstance(one, FirstRun) and one.isVisible()
        )
        steps.next.click()
        qtbot.waitUntil(lambda: steps.steps.currentIndex() == FORMS)
        steps.next.click()
        steps.coordinator.name.setText("Rina")
        steps.coordinator.pins.first.setText(PIN)
        steps.coordinator.pins.second.setText(PIN)
        steps.next.click()
        qtbot.waitUntil(lambda: steps.steps.currentIndex() == OPERATORS, timeout=20_000)
        steps.next.click()

    QTimer.singleShot(0, answer)
    assert run_first_run(make_in(tmp_path / "kerja"))
    with workplace.open_workplace(tmp_path / "kerja", clock=FakeClock(), secrets=MemorySecrets()) as wp:
        assert wp.realm == "pemilu-2019"
        assert [one.roles for one in people.people(wp)] == [{Role.COORDINATE}]


def test_closing_the_first_run_leaves_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    started: list[int] = []

    def start_practice() -> int:
        started.append(1)
        return 0

    for button in ("reject", "on_practice"):
        QTimer.singleShot(
            0,
            lambda button=button: getattr(
                next(
                    one
                    for one in QApplication.topLevelWidgets()
                    if isinstance(one, FirstRun) and one.isVisible()
                ),
                button,
            )(),
        )
        assert not run_first_run(make_in(tmp_path / "kerja"), start_practice)
    assert started == [1]
    assert not (tmp_path / "kerja").exists()
    assert window_app.LANGUAGES["en"] == "English"


def test_a_start_that_fails_is_told_in_a_box(qtbot: QtBot) -> None:
    box = window_app.problem_box(Unavailable("Folder data sedang dipakai.", hint="Tutup jendela yang lain."))
    qtbot.addWidget(box)
    assert (box.text(), box.informativeText()) == ("Folder data sedang dipakai.", "Tutup jendela yang lain.")


def test_where_nobody_sees_a_box_none_waits(qtbot: QtBot) -> None:
    window_app.show_problem(Unavailable("Folder data sedang dipakai."))  # returns at once


def test_a_session_without_a_display_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not window_app.has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert window_app.has_screen()
