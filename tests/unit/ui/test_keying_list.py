"""The work list: Enter begins work; a colleague's open draft is gone to on purpose only."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.readings import Order
from app.services import drafts, keying
from app.services.keying import Narrowed
from tests.fakes.room import CELLS, Room, key_of, press
from ui.pages.keying import KeyingPage
from ui.pages.keying_jobs import work_query

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def test_the_first_row_chosen_is_one_that_can_be_opened(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    drafts.open_draft(room.wp, room.session("dedi"), key_of(1))
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    assert page.list.rows.rows[0].draft_by == "Dedi K."
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.view.entry is not None
    assert page.view.entry.key == key_of(2)
    room.leave()


def test_a_colleagues_draft_is_asked_about_when_it_is_gone_to(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    drafts.open_draft(room.wp, room.session("dedi"), key_of(1))
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.view.entry is None
    assert "Dedi K." in page.list.message_text.text()
    room.leave()


def test_the_list_goes_on_past_any_page_and_is_narrowed(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot, stations=67)
    rina = room.session("rina")
    drafts.open_draft(room.wp, rina, key_of(3))
    drafts.open_draft(room.wp, room.session("dedi"), key_of(2))
    query = work_query(room.wp, rina, (Order.FIRST,), Narrowed())
    assert query.count() == 67
    whole = [row.key for start in range(0, 67, 20) for row in query.fetch(20, start)]
    assert whole[:3] == [key_of(3), key_of(2), key_of(1)], (
        "one's own draft, a colleague's, then in paper order"
    )
    assert len(whole) == len(set(whole)) == 67
    page = room.sit_down("asep")
    assert isinstance(page, KeyingPage)
    assert page.list.rows.rowCount() == 67
    press(Qt.Key.Key_End)
    room.settle()
    last = page.list.rows.row_at(66)
    assert last is not None
    assert last.key == key_of(67)
    press("/")
    assert page.list.search.hasFocus()
    press("7")
    press(Qt.Key.Key_Return)
    room.settle()
    assert [row.key for row in page.list.rows.rows] == [key_of(7)]
    assert page.list.table.hasFocus()
    room.leave()


def test_later_readings_come_in_order_of_who_may_do_them(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(tmp_path / "kerja", qtbot)
    reason = [keying.ACCEPT_ALL]
    for n, who in ((1, "rina"), (2, "rina"), (2, "dedi")):
        cells = {**CELLS, "P2": 110 if who == "rina" else 101}
        keying.key_whole(room.wp, room.session(who), key_of(n), cells, accept=reason)
    query = work_query(
        room.wp, room.session("asep"), (Order.SECOND, Order.THIRD, Order.COORDINATOR), Narrowed()
    )
    assert [(row.key, row.order) for row in query.fetch(10, 0)] == [
        (key_of(2), Order.THIRD),
        (key_of(1), Order.SECOND),
    ]
    assert [row.key for row in query.fetch(10, 1)] == [key_of(1)]
    assert query.count() == 2
    assert query.fetch(1, 0)[0].since is not None
    room.leave()
