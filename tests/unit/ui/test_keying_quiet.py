"""Keys typed ahead decide nothing in the findings list: the rule alone, and the list with keys as pressed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.desk import FakeClock
from ui.entry.quiet import QUIET_S, Quiet
from ui.widgets.findings_panel import FindingRow, FindingsPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
FINDING = FindingRow("F", "V1", "V.A", "Jumlah 181; tertulis 191.")


def test_nothing_counts_before_it_was_painted() -> None:
    clock = FakeClock()
    quiet = Quiet(clock.monotonic)
    quiet.appeared()
    clock.at += 10
    assert quiet.is_meant() is False
    quiet.painted()
    clock.at += 2 * QUIET_S
    assert quiet.is_meant() is True


def test_a_stream_of_keys_never_counts_and_a_rest_ends_it() -> None:
    clock = FakeClock()
    quiet = Quiet(clock.monotonic)
    quiet.appeared()
    quiet.painted()
    for _ in range(50):
        clock.at += QUIET_S * 0.9
        assert quiet.is_meant() is False
    clock.at += 2 * QUIET_S
    assert quiet.is_meant() is True
    assert quiet.is_meant() is True, "whoever has looked may answer as fast as he likes"
    quiet.appeared()
    assert quiet.is_meant() is False


def test_painting_again_does_not_start_the_rest_again() -> None:
    clock = FakeClock()
    quiet = Quiet(clock.monotonic)
    quiet.appeared()
    quiet.painted()
    clock.at += 2 * QUIET_S
    quiet.painted()
    assert quiet.is_meant() is True


def test_digits_enter_and_backspace_typed_ahead_neither_accept_nor_jump(qtbot: QtBot) -> None:
    clock = FakeClock()
    panel = FindingsPanel(clock=clock.monotonic)
    qtbot.addWidget(panel)
    done: list[str] = []
    panel.accept_wanted.connect(lambda code, _reason, _note: done.append(f"accepted {code}"))
    panel.jump_wanted.connect(lambda code: done.append(f"jumped {code}"))
    said: list[str] = []
    panel.hint.connect(said.append)
    panel.show()
    QApplication.processEvents()
    panel.set_findings([FINDING], is_review=True)
    clock.at += 10
    QTest.keyClicks(panel, "1")  # in the same turn of the loop: not painted yet
    QApplication.processEvents()
    clock.at += 0.1
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_2):
        QTest.keyClick(panel, key)
        clock.at += 0.1
    assert done == []
    assert "tidak dihitung" in said[0]
    clock.at += 2 * QUIET_S
    QTest.keyClicks(panel, "1")
    assert done == ["accepted F"]


def test_the_list_is_new_again_after_a_box_was_looked_at(qtbot: QtBot) -> None:
    clock = FakeClock()
    panel = FindingsPanel(clock=clock.monotonic)
    qtbot.addWidget(panel)
    accepted: list[str] = []
    panel.accept_wanted.connect(lambda code, _reason, _note: accepted.append(code))
    panel.show()
    for _ in range(2):
        panel.set_findings([FINDING], is_review=False)
        panel.set_findings([FINDING], is_review=True)
        QApplication.processEvents()
        QTest.keyClicks(panel, "1")
    assert accepted == []


def test_a_question_mark_asks_for_the_rule_and_decides_nothing(qtbot: QtBot) -> None:
    panel = FindingsPanel(clock=FakeClock().monotonic)
    qtbot.addWidget(panel)
    asked: list[str] = []
    panel.help_wanted.connect(asked.append)
    panel.show()
    QTest.keyClicks(panel, "?")
    assert asked == []  # nothing is listed yet
    panel.set_findings([FINDING], is_review=True)
    QTest.keyClicks(panel, "?")
    panel.help_button.click()
    assert asked == ["F", "F"]
    assert panel.open_count == 1
