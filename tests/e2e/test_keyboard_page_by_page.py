"""Page 1 today, page 2 two days later, at the real window; and who may still read the form after somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.cell import Cell, Mark
from app.domain.people import OWN_FORM
from app.domain.readings import Order
from app.ports import ItemKind
from app.services import keying, status
from app.services.engine_store import engine_store
from tests.fakes.clock import HandClock
from tests.fakes.district import Desk
from tests.fakes.room import CELLS, FORM, Room, everything_readable, key_all, key_of, press, type_text
from ui.entry.quiet import QUIET_S
from ui.entry.walk import Stage
from ui.pages.keying import KeyingPage
from ui.pages.second_reading import SecondReadingPage
from ui.widgets.findings_panel import FindingsPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

PAGES = {n: [one.id for one in FORM.fields if one.page == n] for n in (1, 2)}
EMPTY_ROWS = (
    "A2",
    "A3",
    "B2",
    "B3",
    "D1",
    "D2",
)  # nobody of these voted here, and the KPPS left the rows empty
PAPER: dict[str, Cell] = {
    **CELLS,
    **{f"{row}.{column}": Mark.BLANK for row in EMPTY_ROWS for column in "LPJ"},
    "A4.L": 97,
    "A4.P": 101,
    "A4.J": 198,
    "B1.L": 91,
    "B1.P": 93,
    "B1.J": 184,
}


@pytest.fixture
def room(workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(workplace_dir, qtbot, stations=2, same_dpt=True)
    yield made
    made.leave()


def centre_of(room: Room) -> Desk:
    """Scanner and centre, by hand."""
    return Desk(room.wp, HandClock(room.clock.now()), room.secrets, {}, engine_store(room.wp))  # type: ignore[arg-type]  # any memory of secrets will do


def sit_down(room: Room, name: str, page: str = "keying") -> KeyingPage:
    shown = room.sit_down(name, page)
    assert isinstance(shown, KeyingPage)
    return shown


def opened(room: Room, name: str, page: str) -> KeyingPage:
    shown = sit_down(room, name, page)
    shown.open_target(key_of(1))
    room.settle()
    return shown


def has_open(panel: FindingsPanel, count: int) -> Callable[[], bool]:
    return lambda: panel.open_count == count


def reasons(room: Room) -> list[tuple[str, str]]:
    """Why station 1 waits, but for sending and scanning."""
    found = [one for one in status.waiting(room.wp) if one.tps == key_of(1).tps]
    return [(one.reason_code, one.reason) for one in found if one.step not in ("sent", "scanned")]


def test_page_1_goes_out_and_page_2_two_days_later_asks_five(room: Room) -> None:
    centre = centre_of(room)
    centre.scan(key_of(1), 1)
    page = sit_down(room, "rina")
    press(Qt.Key.Key_Return)
    room.settle()
    type_text("001\n")
    press(Qt.Key.Key_F7)
    assert "Belum ada halaman yang terisi semua" in page.view.hint.text()
    key_all(PAPER, PAGES[1][:-1])
    assert page.view.absent.isHidden()
    press(Qt.Key.Key_F7)
    assert "Isi dulu halaman yang sudah dimulai" in page.view.hint.text()
    key_all(PAPER, PAGES[1][-1:])
    assert page.view.walk is not None
    assert page.view.walk.current == "P1", "Enter goes on: the paper may be here"
    assert "Halaman 2 belum dipindai" in page.view.absent.words.text()
    assert page.view.findings.open_count == 0, "empty rows are no finding"

    press(Qt.Key.Key_F7)
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))
    room.settle()
    assert room.window is not None
    assert "Halaman 2 belum ada: 5 kotak" in everything_readable(room.window)
    ((_, body),) = centre.send(ItemKind.RECORD)
    assert len(body["cells"]) == 34
    assert [body["cells"][f"{row}.L"] for row in EMPTY_ROWS] == ["blank"] * 6
    assert reasons(room) == [("page_absent", "Halaman 2 belum ada: 5 kotak belum dientri.")]
    press(Qt.Key.Key_Escape)
    room.settle()
    state = next(one for one in page.list.rows.columns if one.title == "Keadaan")
    assert "Halaman 2 belum ada" in [state.text(row) for row in page.list.rows.rows if row.key == key_of(1)]

    centre.scan(key_of(1), 2)
    assert reasons(room) == [("page_waits", "Halaman 2 sudah dipindai, belum dientri.")]
    page = sit_down(room, "asep")
    assert page.list.rows.rows[0].key == key_of(1), "what can be finished comes first"
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.view.entry is not None
    assert page.view.grid.fields == ("P1", "P2", "V1", "V2", "V3")
    type_text("001\n")
    key_all({**PAPER, "V1": Mark.BLANK}, PAGES[2])
    panel = page.view.findings
    room.qtbot.waitUntil(panel.hasFocus)
    assert panel.current is not None
    assert (panel.current.field, panel.current.needs_reason) == ("V1", True), "left empty over 71 and 110"
    room.settle()
    room.clock.at += 2 * QUIET_S
    press(Qt.Key.Key_Return)
    type_text("181\n")
    room.settle()
    ((_, again),) = centre.send(ItemKind.RECORD, "replayed")  # with its second page, ahead of what follows it
    assert (len(again["cells"]), [one["by"] for one in again["readings"]]) == (34, ["rina"])
    ((_, after),) = centre.send(ItemKind.RECORD)
    assert (len(after["cells"]), after["parent"]) == (39, body["readings"][0]["values_hash"])
    assert {one["by"] for one in after["readings"]} == {"rina", "asep"}
    assert "needs_second" in dict(reasons(room))
    for name in ("rina", "asep"):
        page = opened(room, name, "second")
        assert page.view.entry is None
        assert page.list.message_text.text() == OWN_FORM


def test_findings_of_a_page_that_ends_alone_are_accepted_and_lead_back_into_it(room: Room) -> None:
    page = sit_down(room, "rina")
    press(Qt.Key.Key_Return)
    room.settle()
    type_text("001\n")
    key_all({**PAPER, "B4.J": 185}, PAGES[1])
    assert page.view.absent.isHidden(), "nothing is scanned yet: paper lies on the table"
    assert "F7" in page.view.head.progress.text()
    press(Qt.Key.Key_F7)
    panel = page.view.findings
    room.qtbot.waitUntil(panel.hasFocus)
    room.settle()
    room.clock.at += 2 * QUIET_S
    press(Qt.Key.Key_Up)
    assert page.view.walk is not None
    assert (page.view.walk.stage, page.view.walk.current) == (Stage.BOXES, PAGES[1][-1])
    press(Qt.Key.Key_F7)
    room.qtbot.waitUntil(panel.hasFocus)
    room.settle()
    room.clock.at += 2 * QUIET_S
    for left in range(panel.open_count - 1, -1, -1):
        type_text("1")
        room.qtbot.waitUntil(has_open(panel, left))
    press(Qt.Key.Key_Return)
    room.settle()
    assert keying.open_draft(room.wp, room.session("dedi"), key_of(1)).fields == tuple(PAGES[2])


def test_one_box_differs_and_whoever_handed_a_draft_over_reads_no_more(room: Room) -> None:
    sit_down(room, "rina")
    press(Qt.Key.Key_Return)
    room.settle()
    type_text("001\n")
    key_all(CELLS, PAGES[1])
    page = opened(room, "dedi", "keying")
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Space)
    room.settle()
    key_all(CELLS, PAGES[2])
    room.qtbot.waitUntil(lambda: page.view.entry is not None and page.view.entry.key == key_of(2))
    for name in ("rina", "dedi"):
        page = opened(room, name, "second")
        assert page.view.entry is None
        assert page.list.message_text.text() == OWN_FORM
    assert keying.key_whole(
        room.wp, room.session("asep"), key_of(1), {**CELLS, "P2": 101}, accept=[keying.ACCEPT_ALL]
    ).is_finished
    page = opened(room, "sari", "second")
    assert isinstance(page, SecondReadingPage)
    assert page.stream.on_screen is not None
    box = page.stream.on_screen.box
    assert (box.order, box.field, box.total) == (Order.THIRD, "P2", 1)
    assert page.stream.edit.typed_text == ""
    assert "110" not in everything_readable(page)
    assert "101" not in everything_readable(page)
    type_text("110\n")
    room.settle()
    assert keying.next_order(room.wp, key_of(1)) is None
