"""A form of 229 numbers by keyboard alone: party after party, what is left of a list at one key, and back again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.forms import load
from app.services import drafts, keying, register
from app.training.scenario import PaperKind, papers
from tests.fakes.room import Room, everything_readable, focused, key_of, press, type_text
from ui.entry.lists import rest_of_list
from ui.entry.walk import Walk
from ui.pages.form_column import station_menu
from ui.pages.keying import KeyingPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

DPR = load("c1-dpr-2019-jabar-2")
KEY = key_of(1, DPR.id)
FIELDS = tuple(one.id for one in DPR.fields)
# The third of a series is the one whose KPPS left out whoever got nothing.
PAPER = papers([(key_of(n, DPR.id), 97, 101) for n in (1, 1, 1)])[2]
KEYS = {Mark.BLANK: "-", Mark.UNREADABLE: "*"}
BY_HAND: dict[str, Cell] = {**PAPER.cells, "P01": 3, "P01C01": 2}
BY_HAND.update(dict.fromkeys([f"P01C{n:02}" for n in range(2, 11)], Mark.BLANK))


@pytest.fixture
def room(workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(workplace_dir, qtbot, forms=("c1-ppwp-2019", DPR.id))
    yield made
    made.leave()


def begin(room: Room, name: str, page: str = "keying") -> KeyingPage:
    shown = room.sit_down(name, page)
    assert isinstance(shown, KeyingPage)
    if shown.view.entry is None or shown.view.entry.key != KEY:
        shown.open_target(KEY)
        room.settle()
    assert shown.view.entry is not None
    type_text("001\n")
    return shown


def walk_of(page: KeyingPage) -> Walk:
    assert page.view.walk is not None
    return page.view.walk


def typed(cell: Cell) -> str:
    return KEYS[cell] if isinstance(cell, Mark) else str(cell)


def key_like_a_person(page: KeyingPage, cells: Mapping[str, Cell], until: str = "") -> int:
    """As a trained keyer does: `+` where the rest of a list is blank. Returns the strokes."""
    strokes = 0
    while page.view.entry is not None and page.view.entry.key == KEY:
        field = walk_of(page).current
        if field == until:
            break
        rest = rest_of_list(DPR, FIELDS, field, walk_of(page).cells)
        is_last = field == FIELDS[-1]
        text = (
            "+"
            if len(rest) > 1 and all(cells[one] is Mark.BLANK for one in rest)
            else f"{typed(cells[field])}\n"
        )
        type_text(text)
        strokes += len(text)
        if is_last:
            break
    return strokes


def undo() -> None:
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_whole_dpr_form_is_keyed_and_second_read_with_few_strokes(room: Room) -> None:
    assert PAPER.kind is PaperKind.BLANK_ROWS
    blank = sum(1 for cell in PAPER.cells.values() if cell is Mark.BLANK)
    digits = sum(len(str(cell)) for cell in PAPER.cells.values() if isinstance(cell, int))

    strokes = key_like_a_person(begin(room, "rina"), PAPER.cells)

    room.settle()
    assert blank > 100
    assert strokes < 0.8 * (digits + len(FIELDS) + blank)  # a dash and Enter for each blank box
    (row,) = [row for row in keying.work_list(room.wp, room.session("dedi"), "second") if row.key == KEY]
    assert row.key == KEY
    key_like_a_person(begin(room, "dedi", "second"), PAPER.cells)
    room.settle()
    assert not [row for row in keying.work_list(room.wp, room.session("asep"), "second") if row.key == KEY]
    with room.wp.db.reader as reader:
        kept = reader.execute("SELECT cells FROM version").fetchall()
    assert len(kept) == 1


def test_the_rest_of_a_party_is_blank_at_one_key_and_its_total_is_asked_for(room: Room) -> None:
    page = begin(room, "rina")
    key_like_a_person(page, BY_HAND, until="P01C02")
    assert walk_of(page).current == "P01C02"

    press("+")

    assert walk_of(page).current == "T01"
    assert [walk_of(page).cells[f"P01C{n:02}"] for n in range(2, 11)] == [Mark.BLANK] * 9
    assert "9 kotak kosong" in everything_readable(page.view)
    type_text("5\n")
    assert walk_of(page).current == "P02"
    assert walk_of(page).cells["P01"] == 3


def test_ctrl_z_opens_them_again_on_the_screen_and_on_the_disk(room: Room) -> None:
    page = begin(room, "rina")
    key_like_a_person(page, BY_HAND, until="P01C02")
    press("+")

    undo()

    assert walk_of(page).current == "P01C02"
    assert "P01C05" not in walk_of(page).cells
    assert focused() is page.view.grid.edit("P01C02")
    undo()  # there is nothing more to take back
    type_text("7\n")
    assert walk_of(page).cells["P01C02"] == 7
    room.restart()
    kept = drafts.open_draft(room.wp, room.session("rina"), KEY).cells
    assert kept["P01C02"] == 7
    assert "P01C05" not in kept
    assert kept["P01"] == 3


def test_outside_a_list_and_on_a_total_the_key_does_nothing_and_says_so(room: Room) -> None:
    page = begin(room, "rina")
    press("+")
    assert walk_of(page).current == "A1.L"
    assert walk_of(page).cells == {}
    assert "sisa daftar" in everything_readable(page.view)
    key_like_a_person(page, BY_HAND, until="T01")

    press("+")

    assert walk_of(page).current == "T01"
    assert "T01" not in walk_of(page).cells


def test_a_started_number_is_finished_first(room: Room) -> None:
    page = begin(room, "rina")
    key_like_a_person(page, BY_HAND, until="P01")
    type_text("4+")

    assert walk_of(page).current == "P01"
    assert page.view.grid.edit("P01").typed_text == "4"
    assert "P01C01" not in walk_of(page).cells


def test_lists_say_which_ballot_a_row_is_of_and_a_station_asks_which_is_meant(room: Room) -> None:
    page = room.sit_down("rina")
    assert isinstance(page, KeyingPage)
    titles = [column.title for column in page.list.rows.columns]
    assert titles[:2] == ["TPS", "Surat suara"]
    assert {page.list.rows.columns[1].text(row) for row in page.list.rows.rows} == {"C1-PPWP", "C1-DPR"}
    assert room.window is not None
    opened: list[C1Key] = []

    menu = station_menu(room.window, register.keys_of(room.wp, KEY.tps), opened.append)
    texts = [action.text() for action in menu.actions()[1:]]

    assert texts == ["&1  C1-DPR", "&2  C1-PPWP"]
    menu.actions()[1].trigger()
    assert opened == [KEY]


def test_parties_are_leapt_over_and_asked_for_at_the_end_of_the_way(room: Room) -> None:
    page = begin(room, "rina")
    key_like_a_person(page, BY_HAND, until="P01C02")
    press(Qt.Key.Key_PageDown)
    assert walk_of(page).current == "P02"
    assert page.view.hint.text() == "PKB: 10 kotak belum diisi. Enter di kotak terakhir kembali ke sana."
    assert page.view.head.progress.text().startswith("Partai 2 dari 16 · 0/12 · kotak ")
    press(Qt.Key.Key_PageUp)
    assert walk_of(page).current == "P01C02", "the open box, not the first one"
    QTest.keyClick(focused(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.KeypadModifier)
    assert walk_of(page).current == "P01C02"
    assert page.view.hint.text().startswith("Num Lock mati")
    type_text("+5\n")
    room.settle()
    assert walk_of(page).current == "P02"
    assert page.view.grid.title("IV.1") == "✓ 12/12 = 5"
    assert page.view.grid.title("IV.2") == "0/12 · + sisa kosong"
