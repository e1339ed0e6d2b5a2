"""The quiet line of practice: says the next step, notices when it was done, hides and comes back, ends with slips."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services import keying
from app.training import guide as path
from app.training.guide import Progress, Step, guide_for
from tests.fakes.demo_desk import open_desk, read, small_region
from tests.fakes.sitting import Sitting
from ui import theme
from ui.main_window import MainWindow
from ui.page import Page
from ui.pages.guide_slips import SlipsDialog
from ui.pages.guide_strip import GuideStrip, step_words
from ui.pages.keying import KeyingPage
from ui.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


@pytest.fixture
def learner(qtbot: QtBot, tmp_path: Path) -> Iterator[Sitting]:
    demo = open_desk(tmp_path / "kerja", small_region(3, ("320405",)))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    tasks = Tasks()
    window = MainWindow(replace(demo.desk, guide=guide_for(demo.papers[:12])), tasks)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield Sitting(demo, window, qtbot)
    tasks.close()
    window.close()
    demo.wp.close()


def strip_of(learner: Sitting) -> GuideStrip:
    assert learner.window.guide is not None
    learner.window.guide.read()
    learner.settle()
    return learner.window.guide


def test_it_says_the_next_step_and_leads_there(learner: Sitting) -> None:
    strip = strip_of(learner)
    assert strip.isVisible()
    assert strip.words.text().startswith("Masuk sebagai Rina S.")
    assert not strip.go.isVisible()
    learner.go("budi", "home", Page)
    strip = strip_of(learner)
    guide = learner.window.desk.guide
    assert guide is not None
    key = guide.forms[Step.CLEAN]
    assert strip.count.text() == "Latihan 1/9"
    assert f"{key.tps.label} Cileunyi" in strip.words.text()
    strip.go.click()
    learner.settle()
    page = learner.window.stack.currentWidget()
    assert isinstance(page, KeyingPage)
    assert page.form_on_screen() == key
    paper = next(one for one in guide.papers if one.key == guide.forms[Step.BLANK_ROWS])
    read(learner.demo, "budi", [paper])
    assert strip_of(learner).count.text() == "Latihan 1/9", "the first step is not the second"


def test_it_is_hidden_and_called_back_and_remembers(learner: Sitting) -> None:
    learner.go("budi", "home", Page)
    strip = strip_of(learner)
    strip.hide_it.click()
    learner.settle()
    assert not strip.isVisible()
    assert strip.call_back.isVisible()
    assert path.load(learner.demo.wp).is_hidden
    strip.call_back.click()
    learner.settle()
    assert strip.isVisible()
    assert not strip.call_back.isVisible()


def test_at_the_end_own_slips_are_shown_with_the_paper(learner: Sitting) -> None:
    guide = learner.window.desk.guide
    assert guide is not None
    paper = guide.papers[0]
    keying.key_whole(
        learner.demo.wp,
        learner.demo.sessions["budi"],
        paper.key,
        {**paper.cells, "P2": 7},
        accept=[keying.ACCEPT_ALL],
    )
    path.save(learner.demo.wp, Progress(tuple(one.value for one in Step)))
    learner.go("budi", "home", Page)
    strip = strip_of(learner)
    assert strip.count.text() == "Latihan 9/9"
    strip.go.click()
    learner.settle()
    dialog = learner.window.findChild(SlipsDialog)
    assert dialog is not None
    assert dialog.lead.text().startswith("Dari 39 kotak yang diketik, 1 berbeda")
    assert dialog.crop.field_id == "P2"
    learner.window.sign_out()
    assert not dialog.isVisible()


def test_a_real_workplace_has_no_guide(learner: Sitting, qtbot: QtBot) -> None:
    real = replace(learner.window.desk, practice=False)
    window = MainWindow(real, learner.window.tasks)
    qtbot.addWidget(window)
    assert window.guide is None


def test_every_step_is_one_sentence() -> None:
    assert all(0 < len(step_words(step)) < 110 for step in Step)
