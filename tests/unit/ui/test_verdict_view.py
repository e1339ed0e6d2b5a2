"""One form of Verifikasi without a store: what it shows, and what its keys ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.diagnosis import WHOLE, Diagnosis
from app.domain.form import Text
from app.domain.lifecycle import VersionState
from app.domain.wilayah import TpsId
from app.forms import load
from tests.fakes.desk import FakeClock
from ui.entry.quiet import QUIET_S
from ui.pages.mending import CORRECT, MOVE
from ui.pages.rule_help import RuleHelpDialog
from ui.pages.verification_detail import VerdictView
from ui.pages.verification_jobs import Compared, batch_of, left_out, where_to_look
from ui.pages.verification_jobs import ReturnedRow as Row
from ui.tasks import Tasks
from ui.widgets.findings_panel import FindingRow
from ui.widgets.page_images import PageImages
from ui.widgets.side_by_side import side_rows

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

FORM = load("c1-dpr-2019-jabar-2")
KEY = C1Key(TpsId("3204052001001"), FORM.id)
OURS: dict[str, Cell] = {field.id: 1 for field in FORM.fields}
OPEN = FindingRow("v1", FORM.fields[3].id, "V.A", "Jumlah tidak cocok")


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[VerdictView]:
    tasks, clock = Tasks(), FakeClock()
    made = VerdictView(PageImages(tasks), "id", clock.monotonic)
    made.setProperty("clock", clock)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitActive(made)
    yield made
    tasks.close()


def compared(*findings: FindingRow, state: VersionState = VersionState.RETURNED) -> Compared:
    """229 numbers, three of which differ."""
    there = {**OURS, **{field.id: 2 for field in FORM.fields[10:13]}}
    rows = tuple(side_rows(FORM, OURS, there))
    return Compared(KEY, "Cileunyi Kulon", FORM, rows, False, (), (), {}, findings, state, "Bila kotak X")


def test_of_229_numbers_those_come_that_differ(view: VerdictView) -> None:
    view.open_form(compared())
    assert [row.field for row in view.sides.rows.rows] == [field.id for field in FORM.fields[10:13]]
    assert view.sides.count.text().startswith("3 dari 229 kotak berbeda")
    QTest.keyClick(view.sides.table, Qt.Key.Key_F3)
    assert len(view.sides.rows.rows) == len(FORM.fields)
    view.close_form()
    assert view.sides.rows.rows == []


def test_a_finding_is_accepted_by_its_key_and_jumps_to_its_box(view: VerdictView, qtbot: QtBot) -> None:
    view.open_form(compared(OPEN))
    assert view.repair.isVisible()
    QTest.keyClick(view.sides.table, Qt.Key.Key_F2)
    assert view.findings.hasFocus()
    view.findings.repaint()
    clock = view.property("clock")
    clock.at += 2 * QUIET_S
    with qtbot.waitSignal(view.finding_accepted) as told:
        QTest.keyClicks(view.findings, "1")
    assert told.args == ["v1", "tertulis_demikian", ""]
    QTest.keyClick(view.findings, Qt.Key.Key_Return)
    assert view.sides.rows.rows[view.sides.table.currentIndex().row()].field == OPEN.field
    view.show_accepted(
        compared(FindingRow("v1", OPEN.field, OPEN.title, OPEN.text, True, "tertulis_demikian"))
    )
    assert view.findings.open_count == 0
    assert view.sides.table.hasFocus()


def test_the_rule_behind_a_finding_is_explained_here_too(view: VerdictView, qtbot: QtBot) -> None:
    rule = FORM.checks[0]
    view.open_form(compared(FindingRow(rule.code, FORM.fields[3].id, "V.A", "Jumlah tidak cocok")))
    QTest.keyClick(view.sides.table, Qt.Key.Key_F2)
    QTest.keyClicks(view.findings, "?")
    sheet = next(iter(view.findChildren(RuleHelpDialog)))
    assert sheet.isVisible()
    sheet.accept()


def test_a_rival_is_judged_by_nobody_and_only_who_keys_mends(view: VerdictView, qtbot: QtBot) -> None:
    view.open_form(compared(state=VersionState.RIVAL))
    assert not view.right.isVisible()
    with qtbot.assertNotEmitted(view.verdict_given):
        QTest.keyClick(view.sides.table, Qt.Key.Key_F7)
    with qtbot.assertNotEmitted(view.mend_wanted):
        QTest.keyClick(view.sides.table, Qt.Key.Key_F5)
    assert "operator entri" in view.problem.text()
    view.may_change(is_keyer=True)
    for key, way in ((Qt.Key.Key_F5, CORRECT), (Qt.Key.Key_F6, MOVE)):
        with qtbot.waitSignal(view.mend_wanted) as told:
            QTest.keyClick(view.sides.table, key)
        assert told.args == [way]


def test_where_to_look_is_said_while_a_sum_is_broken_and_to_whoever_may_know() -> None:
    broken = Diagnosis(("P1",), "off_by_100", Text("Lihat kotak IV.01.", "Look at box IV.01."))
    assert where_to_look(broken, "id") == "Lihat kotak IV.01."
    assert where_to_look(broken, "en") == "Look at box IV.01."
    assert where_to_look(None, "id") == where_to_look(Diagnosis((), WHOLE, broken.sentence), "id") == ""


def test_what_goes_with_the_batch_and_what_does_not() -> None:
    reason = "Halaman 2 belum dipindai."
    rows = [
        Row(KEY, "", True, 0, (), 0.0, "a"),
        Row(KEY, "", True, 0, (reason,), 0.0, "b"),
        Row(KEY, "", False, 1, ("Angka berbeda.",), 0.0, "c"),
    ]
    assert [one.values_hash for one in batch_of(rows)] == ["a"]
    assert left_out(rows) == [(reason, 1)]
