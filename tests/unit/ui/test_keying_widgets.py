"""Pictures, crop, grid and comparison: what they show, without a workplace."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.domain.cell import Mark
from app.errors import Unavailable
from app.forms import load as load_form
from tests.fakes.desk import FakeClock
from ui.entry.quiet import QUIET_S
from ui.pages.keying_pictures import PagePicture, Pictures
from ui.tasks import Tasks
from ui.widgets.crop_view import CropView
from ui.widgets.findings_panel import FindingRow, FindingsPanel
from ui.widgets.form_grid import KEPT, FormGrid, Note
from ui.widgets.page_images import PageImages, draw_paper, load
from ui.widgets.scrolled import FollowingArea
from ui.widgets.side_by_side import SideBySide, side_rows

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
FORM = load_form("c1-ppwp-2019")
FIELDS = tuple(one.id for one in FORM.fields)


def test_a_page_is_read_at_the_width_asked_for(tmp_path: Path, qtbot: QtBot) -> None:
    picture = QImage(400, 600, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    path = tmp_path / "a.png"
    assert picture.save(str(path))
    assert (load(path, 200).width(), load(path, 200).height()) == (200, 300)


def test_a_page_that_cannot_be_read_says_what_is_possible(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "rusak.jpg"
    path.write_bytes(b"no picture")
    with pytest.raises(Unavailable, match=r"rusak\.jpg") as caught:
        load(path, 200)
    assert "Entri dapat diteruskan" in caught.value.hint


def test_a_page_without_a_scan_is_drawn_with_its_boxes(qtbot: QtBot) -> None:
    picture = draw_paper(FORM, 1, 420)
    assert (picture.width(), picture.height()) == (420, 594)
    field = FORM.by_id["A1.L"]
    edge = picture.pixelColor(round(field.box.x * 2), round((field.box.y + field.box.h / 2) * 2))
    assert edge.lightness() < 200, "the digit box has an edge"


def test_the_crop_follows_the_field_and_forgets_everything(qtbot: QtBot) -> None:
    view = CropView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.set_form(FORM)
    view.set_picture(draw_paper(FORM, 2, view.picture_width()), "Belum ada pindaian")
    view.set_field(FORM.by_id["V1"])
    assert (view.field_id, view.has_picture) == ("V1", True)
    wide = view.picture_width()
    view.set_whole(is_whole=True)
    assert view.picture_width() < wide
    view.clear()
    assert (view.field_id, view.has_picture, view.accessibleName()) == ("", False, "")


def test_only_the_page_that_is_in_doubt_is_shown_whole(qtbot: QtBot) -> None:
    tasks = Tasks()
    view = CropView()
    qtbot.addWidget(view)
    images = PageImages(tasks)
    pictures = Pictures(images, view)
    scanned = {
        1: PagePicture(Path("1.jpg"), "bukan halaman yang diharapkan", is_uncertain=True),
        2: PagePicture(Path("2.jpg"), "tajam"),
    }
    pictures.open(FORM, scanned)
    seen = [view.is_whole]
    for field in ("V1", "A1.L"):
        pictures.show_field(FORM.by_id[field])
        seen.append(view.is_whole)
    assert seen == [True, False, True], "page 2 is recognised: its rows are enlarged"
    pictures.open(FORM, {2: scanned[2]})
    view.set_whole(is_whole=True)  # F4
    pictures.show_field(FORM.by_id["V1"])
    assert view.is_whole, "what the person asked for holds on the next page"
    qtbot.waitUntil(lambda: tasks.is_idle)
    tasks.close()


def test_every_row_of_the_light_lies_in_sight(qtbot: QtBot) -> None:
    grid = FormGrid()
    qtbot.addWidget(grid)
    grid.resize(500, 400)
    grid.set_form(FORM, FIELDS)
    grid.set_notes({"V1": Note("▲ hitung 181")})
    for field in FIELDS:
        assert grid.row_rect(field).contains(grid.edit(field).geometry().center())
    boxes = [grid.edit(field).geometry() for field in ("A1.L", "A1.P", "A1.J")]
    assert boxes[0].right() < boxes[1].left() < boxes[1].right() < boxes[2].left()


def test_the_box_stays_in_sight_when_findings_take_room_below_it(qtbot: QtBot) -> None:
    area = FollowingArea()
    qtbot.addWidget(area)
    grid = FormGrid()
    area.setWidgetResizable(True)
    area.setWidget(grid)
    grid.set_form(FORM, FIELDS)
    area.resize(500, 500)
    area.show()
    QApplication.processEvents()
    area.follow(grid.edit("V1"), 60)
    area.resize(500, 200)
    QApplication.processEvents()
    box = grid.edit("V1").mapTo(area.viewport(), grid.edit("V1").rect().bottomLeft())
    assert 0 < box.y() <= area.viewport().height()


def test_the_same_boxes_are_emptied_and_used_again(qtbot: QtBot) -> None:
    grid = FormGrid()
    qtbot.addWidget(grid)
    grid.set_form(FORM, FIELDS)
    before = grid.edit("P1")
    before.set_cell(71)
    grid.set_form(FORM, FIELDS)
    assert grid.edit("P1") is before
    assert (before.text(), before.typed_text) == ("", "")


def test_the_boxes_of_the_ballot_before_wait_empty_and_unseen(qtbot: QtBot) -> None:
    grid, others = FormGrid(), [load_form(f"c1-{name}") for name in ("dpd-2019-jabar", "dpr-2019-jabar-2")]
    qtbot.addWidget(grid)
    grid.set_form(FORM, FIELDS)
    before = grid.edit("P1")
    before.set_cell(71)
    for other in others:
        grid.set_form(other, [one.id for one in other.fields])
        assert (before.isHidden(), before.text(), before.typed_text) == (True, "", "")
    grid.set_form(FORM, FIELDS)
    assert grid.edit("P1") is before
    assert not before.isHidden()
    for length in range(2, 2 + KEPT):  # a third reader's boxes differ from form to form
        grid.set_form(FORM, FIELDS[:length])
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(before), "kept are only the last few"


def test_both_sides_of_every_box_are_compared(qtbot: QtBot) -> None:
    rows = side_rows(FORM, {"P1": 71, "P2": Mark.BLANK}, {"P1": 71, "P2": 0, "V1": 5})
    assert [(row.field, row.is_same) for row in rows] == [("P1", True), ("P2", False), ("V1", False)]
    sides = SideBySide()
    qtbot.addWidget(sides)
    chosen: list[str] = []
    sides.chosen.connect(chosen.append)
    sides.set_sides(rows)
    assert chosen[-1] == "P2", "the first difference comes into sight"
    sides.to_next_difference()
    assert chosen[-1] == "V1"
    sides.to_next_difference()
    assert chosen[-1] == "P2", "from the top again"


def test_findings_wait_for_a_reason_and_notes_do_not(qtbot: QtBot) -> None:
    clock = FakeClock()
    panel = FindingsPanel(clock=clock.monotonic)
    qtbot.addWidget(panel)
    panel.show()
    note = FindingRow("N", "S1", "III.1", "catatan", needs_reason=False)
    panel.set_findings([note, FindingRow("F", "V1", "V.A", "Jumlah 181; tertulis 191.")], is_review=True)
    QApplication.processEvents()
    clock.at += 2 * QUIET_S
    asked: list[str] = []
    panel.accept_wanted.connect(lambda code, reason, _note: asked.append(f"{code}:{reason}"))
    finished: list[bool] = []
    panel.finish_wanted.connect(lambda: finished.append(True))
    assert panel.open_count == 1
    QTest.keyClick(panel, Qt.Key.Key_Return)
    QTest.keyClicks(panel, "9")
    assert (asked, finished) == ([], [])
    QTest.keyClicks(panel, "3")
    assert asked == ["F:pindaian_buruk"]
    jumped: list[str] = []
    panel.jump_wanted.connect(jumped.append)
    QTest.keyClicks(panel, "4")
    QTest.keyClick(panel.note, Qt.Key.Key_Escape)
    assert not panel.note.isVisible()
    QTest.keyClicks(panel, "4")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    assert panel.note.isVisible(), "another reason needs its words"
    QTest.keyClicks(panel.note, "sobek")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    assert (asked[1:], jumped) == (["F:lainnya"], [])
    panel.set_findings([note], is_review=True)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert finished == [True]
    panel.clear()
    assert "191" not in panel.accessibleName()
