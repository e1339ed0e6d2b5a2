"""A definition as the operator will see it: shipped ones, somebody's file, a faulty file. No workplace is behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import forms
from app.domain.form import Severity
from app.domain.rule_help import sentence_of
from tests.fakes.desk import FakeClock
from ui.entry.quiet import QUIET_S
from ui.pages.form_facts import check_rows
from ui.pages.form_trial import FormTrial
from ui.pages.form_viewer import CHECKS, ENTRY, FAULTS, FormViewer
from ui.tasks import Tasks
from ui.widgets.page_images import PageImages

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
PPWP = "c1-ppwp-2019"


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[FormViewer]:
    tasks, host = Tasks(), QWidget()
    qtbot.addWidget(host)
    made = FormViewer(host, tasks, "id", (PPWP,))
    made.show()
    QTest.qWaitForWindowActive(made)
    settle(qtbot, made)
    yield made
    tasks.close()


def settle(qtbot: QtBot, viewer: FormViewer) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: viewer.tasks.is_idle)
        QApplication.processEvents()


def type_keys(keys: str) -> None:
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None
        if key == "\n":
            QTest.keyClick(target, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(target, key)


def test_every_shipped_form_is_there_and_the_office_s_own_first(viewer: FormViewer) -> None:
    shown = [Path(viewer.choice.itemData(place)).stem for place in range(viewer.choice.count())]
    assert shown[0] == PPWP
    assert sorted(shown) == sorted(forms.available())


def test_a_form_is_tried_as_in_entri_with_its_findings_at_the_end(qtbot: QtBot) -> None:
    tasks, clock = Tasks(), FakeClock()
    trial = FormTrial(PageImages(tasks), "id", clock.monotonic)
    qtbot.addWidget(trial)
    trial.show()
    QTest.qWaitForWindowActive(trial)
    trial.show_form(forms.load(PPWP), "ringkas")
    view = trial.view
    type_keys("198\n181\n71\n110\n191\n3\n194\n")
    assert "SUM.V1" in [row.code for row in view.findings.rows]
    while view.findings.open_count:
        QApplication.processEvents()
        clock.at += 2 * QUIET_S
        type_keys("1")
    assert view.walk is not None
    assert view.walk.filled == 7
    type_keys("\n")
    assert view.walk.filled == 0, "Enter at the end begins anew, as the next form would"
    assert "tersimpan" not in view.head.progress.text()
    tasks.close()


def test_checks_say_their_sentence_over_their_own_example(viewer: FormViewer) -> None:
    form = forms.load(PPWP)
    check = next(one for one in form.checks if one.code == "SUM.V1")
    assert (
        sentence_of(form, check, "id") == "Jumlah 01+02 = 181; tertulis 191. Lihat kertas. Memang demikian?"
    )
    rows = check_rows(form, "id")
    assert len(rows) == len(form.checks)
    assert {row.check.severity for row in rows} == set(Severity)
    viewer.tabs.button(CHECKS).click()
    place = [row.check.code for row in viewer.checks.model.rows].index("SUM.V1")
    viewer.checks.table.selectRow(place)
    assert "IV.01 = 71, IV.02 = 110, V.A = 191" in viewer.checks.detail.text()


@pytest.mark.parametrize("form_id", forms.available())
def test_every_shipped_check_has_its_sentence_in_both_languages(form_id: str) -> None:
    form = forms.load(form_id)
    for language in ("id", "en"):
        assert all(row.sentence and row.box and "{" not in row.sentence for row in check_rows(form, language))


def test_a_faulty_file_names_file_and_line_and_is_opened_again_once_mended(
    qtbot: QtBot, viewer: FormViewer, tmp_path: Path
) -> None:
    path, good = tmp_path / f"{PPWP}.toml", forms.path_of(PPWP).read_text("utf-8")
    path.write_text(good.replace("readings = 2", "readings = 7"), encoding="utf-8")
    viewer.open_path(path)
    settle(qtbot, viewer)
    assert viewer.parts.currentIndex() == FAULTS
    assert viewer.faults.list.item(0).text() == f"{PPWP}.toml, baris 15: readings harus 1 atau 2."
    assert viewer.trial.view.entry is None, "nothing of the form before is left"
    path.write_text(good.replace("Pasangan 01", "<b>Pasangan</b>"), encoding="utf-8")
    viewer.open_path(path)
    settle(qtbot, viewer)
    assert viewer.parts.currentIndex() == ENTRY
    assert viewer.choice.currentText() == f"{PPWP}.toml"
    assert viewer.choice.count() == len(forms.available()) + 1, "the same file stands there once"


def test_a_file_that_is_none_is_a_sentence_not_a_crash(
    qtbot: QtBot, viewer: FormViewer, tmp_path: Path
) -> None:
    for name, data in (("a.toml", b"\xff\xfe\x00"), ("b.toml", b"x" * 600_000), ("c.toml", b"[" * 9_000)):
        (tmp_path / name).write_bytes(data)
        viewer.open_path(tmp_path / name)
        settle(qtbot, viewer)
        assert viewer.parts.currentIndex() == FAULTS
        assert viewer.faults.list.count() == 1
