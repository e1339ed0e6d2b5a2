from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.c1form import C1Key
from app.errors import BadInput
from app.ports import LineState, SyncStatus
from app.services import people, register
from app.services.people import Session
from tests.fakes.demo_desk import PIN, Demo, open_desk
from tests.fakes.stick import Stick
from ui.bars import LINE_TONES
from ui.main_window import MainWindow
from ui.page import Context, KeyHelp, Page, PageSpec
from ui.pages import page_specs
from ui.pages.help import HelpDialog
from ui.pages.search import SearchDialog
from ui.tasks import Tasks
from ui.theme import Tone

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


class Probe(Page):
    """Writes down everything it is told."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.told: list[str] = []
        self.value = QLabel("191", self)

    def on_shown(self) -> None:
        self.told.append("shown")

    def on_hidden(self) -> None:
        self.told.append("hidden")

    def on_person_changed(self, session: Session | None) -> None:
        self.told.append(session.person.id if session else "nobody")
        self.value.setText("191" if session else "")

    def on_store_changed(self) -> None:
        self.told.append("changed")

    def on_line_changed(self, status: SyncStatus) -> None:
        self.told.append(status.line.value)

    def open_target(self, key: C1Key) -> None:
        self.told.append(key.tps)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (KeyHelp("F12", "melakukan sesuatu"),)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = open_desk(tmp_path / "kerja")
    yield made
    made.wp.close()


@pytest.fixture
def window(qtbot: QtBot, demo: Demo) -> Iterator[MainWindow]:
    tasks = Tasks()
    specs = (PageSpec("one", lambda: "Satu", Probe), PageSpec("two", lambda: "Dua", Probe))
    made = MainWindow(demo.desk, tasks, specs)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitActive(made)
    yield made
    made.close()
    tasks.close()


def front(window: MainWindow) -> Probe:
    page = window.stack.currentWidget()
    assert isinstance(page, Probe)
    return page


def test_first_the_person_then_the_pages(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.sign_in
    qtbot.waitUntil(lambda: panel.names.count() == 5)
    assert not window.nav.isVisible()
    window.navigate("one")
    assert window.stack.currentWidget() is panel
    panel.names.setCurrentRow(0)
    QTest.keyClick(panel.names, Qt.Key.Key_Return)
    QTest.keyClicks(panel.pin, PIN)
    QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)
    assert front(window).told == ["agus", "ok", "shown"]
    assert window.top.person.text() == "Agus Salim · verifikator"


def test_a_wrong_pin_says_so_and_the_wait_grows(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    panel = window.sign_in
    qtbot.waitUntil(lambda: panel.names.count() == 5)
    for number in range(6):
        panel.message.clear()
        panel.pin.setText(f"0000{number}")
        QTest.keyClick(panel.pin, Qt.Key.Key_Return)
        assert panel.pin.text() == ""
        qtbot.waitUntil(lambda: bool(panel.message.text()))
    assert "detik" in panel.message.text()
    assert window.session is None


def test_digits_typed_on_the_names_are_the_pin(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.sign_in.names.count() == 5)
    QTest.keyClick(window.sign_in.names, Qt.Key.Key_7)
    assert window.sign_in.pin.text() == "7"
    assert window.sign_in.pin.hasFocus()


def test_f9_hides_every_value_at_once(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    window.enter(demo.sessions["budi"])
    page = front(window)
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.session is None
    assert page.told[-2:] == ["hidden", "nobody"]
    assert page.value.text() == ""
    assert window.stack.currentWidget() is window.sign_in
    assert not window.top.person.isVisible()


def test_f9_also_closes_what_lies_on_top(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    window.enter(demo.sessions["budi"])
    window.show_help()
    dialog = window.findChild(HelpDialog)
    assert isinstance(dialog, QDialog)
    assert "F12" in dialog.text.toPlainText()
    window.sign_out()
    assert not any(one.isVisible() for one in window.findChildren(QDialog))


def test_ctrl_and_a_digit_change_the_page(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    window.enter(demo.sessions["budi"])
    first = front(window)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert front(window) is not first
    assert first.told[-1] == "hidden"
    assert window.nav.buttons["two"].isChecked()
    window.navigate("one", demo.papers[0].key)
    assert front(window).told[-1] == demo.papers[0].key.tps


@pytest.fixture
def whole(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[MainWindow, Demo]]:
    """Every page, two ballots, everything a PC may have."""
    demo = open_desk(tmp_path / "lima", form_ids=("c1-ppwp-2019", "c1-dpr-2019-jabar-2"))
    tasks = Tasks()
    made = MainWindow(replace(demo.desk, bundles=Stick()), tasks)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitActive(made)
    made.showNormal()
    made.resize(910, 512)  # 1366 x 768 at 150 %
    yield made, demo
    made.close()
    tasks.close()
    demo.wp.close()


def test_pages_need_no_larger_screen_and_flash_no_window_of_their_own(
    qtbot: QtBot, whole: tuple[MainWindow, Demo]
) -> None:
    """Seen: a button "shown" before it had a parent was a window for a moment, and the page never got the keyboard;
    and Formulir made the window higher than the screen, with its keys below the edge."""
    window, demo = whole
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
            return False

    app, watch = QApplication.instance(), Watch()
    assert app is not None
    app.installEventFilter(watch)
    for who in ("rina", "budi", "agus"):
        window.enter(demo.sessions[who])
        for spec in page_specs():
            window.navigate(spec.id)
            qtbot.waitUntil(lambda: window.tasks.is_idle)
            assert (window.width(), window.height()) == (910, 512), spec.id
    app.removeEventFilter(watch)
    assert shown == []
    assert window.isActiveWindow()


def test_pages_are_only_for_their_roles(qtbot: QtBot, demo: Demo) -> None:
    from ui.pages import page_specs

    tasks = Tasks()
    window = MainWindow(demo.desk, tasks)
    qtbot.addWidget(window)
    window.enter(demo.sessions["agus"])
    assert set(window.nav.buttons) == {"home", "second", "verify", "queue", "settings", "forms"}
    window.enter(demo.sessions["rina"])
    assert list(window.nav.buttons) == [spec.id for spec in page_specs()]
    tasks.close()
    window.close()


def test_a_change_in_the_store_reaches_the_page_in_front(
    qtbot: QtBot, window: MainWindow, demo: Demo
) -> None:
    window.enter(demo.sessions["siti"])
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    window.on_poll()
    front(window).told.clear()
    window.on_poll()
    assert front(window).told == []
    register.receive(demo.wp, demo.sessions["siti"], [demo.papers[0].key])
    window.on_poll()
    assert front(window).told == ["changed"]


def test_the_lines_state_is_words_and_icon(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    window.enter(demo.sessions["budi"])
    demo.sync.become(LineState.DOWN, "KPU RI tidak menjawab sejak 13.13. Pekerjaan dapat dilanjutkan.")
    qtbot.waitUntil(lambda: front(window).told[-1] == "down")
    assert window.top.line.words.text().startswith("KPU RI tidak menjawab")
    assert set(LINE_TONES) == set(LineState)


def test_ctrl_k_finds_a_tps(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    window.enter(demo.sessions["budi"])
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(SearchDialog)
    assert dialog is not None
    QTest.keyClicks(dialog.field, "1 cileunyi kulon")
    qtbot.waitUntil(lambda: dialog.found.count() == 1)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert chosen.args[0].tps == "3204052001001"


def test_an_expected_error_becomes_a_sentence(qtbot: QtBot, window: MainWindow) -> None:
    def refuse() -> None:
        raise BadInput("Berkas tidak dapat dibaca.", hint="Pilih berkas lain.")

    window.tasks.run(window, refuse)
    qtbot.waitUntil(window.toaster.isVisible)
    assert window.toaster.words.text() == "Berkas tidak dapat dibaca. Pilih berkas lain."
    QTest.mouseClick(window.toaster, Qt.MouseButton.LeftButton)
    assert not window.toaster.isVisible()


def test_place_and_size_and_page_are_remembered(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    window.enter(demo.sessions["budi"])
    window.navigate("two")
    window.resize(799, 640)
    size = window.size()
    window.close()
    again = MainWindow(
        demo.desk, window.tasks, (PageSpec("one", lambda: "1", Probe), PageSpec("two", lambda: "2", Probe))
    )
    qtbot.addWidget(again)
    again.enter(demo.sessions["budi"])
    assert again.height() == size.height()  # the offscreen screen is 800 wide: the width is cut to it
    assert again.nav.buttons["two"].isChecked()
    again.close()


def test_somebody_kept_out_cannot_be_chosen(qtbot: QtBot, window: MainWindow, demo: Demo) -> None:
    people.set_active(demo.wp, demo.sessions["rina"], "dewi", active=False)
    window.sign_in.start()
    qtbot.waitUntil(lambda: window.sign_in.names.count() == 4)


def test_practice_is_written_on_the_window(window: MainWindow) -> None:
    assert window.windowTitle() == "LATIHAN · Kab. Bandung"
    assert any(label.text() == "LATIHAN" and label.isVisible() for label in window.top.findChildren(QLabel))


def test_a_toast_with_bad_news_goes_with_escape_wherever_the_keyboard_is(
    qtbot: QtBot, window: MainWindow, demo: Demo
) -> None:
    window.enter(demo.sessions["rina"])
    window.toast("Tidak dapat.", Tone.BAD)
    assert window.toaster.isVisible()
    front(window).setFocus()
    QTest.keyClick(front(window), Qt.Key.Key_Escape)
    assert not window.toaster.isVisible()


def test_a_toast_with_good_news_passes_by(qtbot: QtBot, window: MainWindow) -> None:
    window.toast("Tersimpan.", Tone.GOOD)
    assert window.toaster.isVisible()
    window.toaster.timer.timeout.emit()
    assert not window.toaster.isVisible()
