"""Verifikasi by keyboard: the batch of identical forms, and one that differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.domain.readings import Order
from app.ports import ItemKind
from app.services import keying, moving, status, verify
from app.services.attention import Matter
from app.services.engine_store import engine_store
from tests.fakes.clock import HandClock
from tests.fakes.district import Desk
from tests.fakes.room import CELLS, Room, everything_readable, key_of, press, type_text
from ui.pages.correction_dialog import CorrectionDialog
from ui.pages.keying import KeyingPage
from ui.pages.moving_dialog import MoveDialog, WithdrawDialog
from ui.pages.verification import VerificationPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


@pytest.fixture
def room(workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    """Three forms read twice, scanned, sent and returned; the centre has one number of the third wrong."""
    made = Room(workplace_dir, qtbot, same_dpt=True)
    centre = Desk(made.wp, HandClock(made.clock.now()), made.secrets, {}, engine_store(made.wp))  # type: ignore[arg-type]  # any memory of secrets will do
    pages = {n: [(page, centre.scan(key_of(n), page)) for page in (1, 2)] for n in (1, 2, 3)}
    for name in ("rina", "dedi"):
        for n in (1, 2, 3):
            assert keying.key_whole(made.wp, made.session(name), key_of(n), CELLS).is_finished
    sent = {item.key: item.what for item, _body in centre.send(ItemKind.RECORD)}
    centre.send(ItemKind.SCAN)
    for n in (1, 2, 3):
        there = {**CELLS, "P1": 77} if n == 3 else CELLS
        centre.give_back(key_of(n), sent[key_of(n)], there, pages[n])
    yield made
    made.leave()


def sit_down(room: Room, name: str = "sari") -> VerificationPage:
    page = room.sit_down(name, "verify")
    assert isinstance(page, VerificationPage)
    return page


def test_identical_forms_are_confirmed_in_one_go_by_the_verifier(room: Room) -> None:
    page = sit_down(room)
    assert page.batch.text() == "2 identik - Konfirmasi semua"
    assert "3 dikembalikan KPU RI · 2 identik · 1 tidak cocok" in page.title.lead.text()
    press(Qt.Key.Key_F6)
    room.settle()
    assert not page.batch.isVisible()
    assert [row.key for row in page.rows.rows] == [key_of(3)]


def test_the_first_reader_is_told_why_nothing_was_confirmed(room: Room) -> None:
    page = sit_down(room, "rina")
    assert not page.batch.isVisible()
    assert all(row.why_not for row in page.rows.rows)


def test_a_difference_is_marked_by_icon_word_and_place_and_judged_by_keys(room: Room) -> None:
    page = sit_down(room)
    press(Qt.Key.Key_Return)  # differing ones stand on top
    room.settle()
    assert page.detail.compared is not None
    assert page.detail.compared.key == key_of(3)
    assert page.detail.crop.field_id == "P1"
    words = everything_readable(page.detail)
    assert "1 kotak berbeda" in words
    press(Qt.Key.Key_F7)
    room.settle()
    assert "IV.01" in page.detail.problem.text(), "a wrong number at the centre cannot be called right"
    press(Qt.Key.Key_F8)
    assert page.detail.reason.hasFocus()
    type_text("\n")
    room.settle()
    assert not page.detail.is_open
    assert key_of(3) not in [row.key for row in page.rows.rows if not row.is_identical]


def test_a_verdict_can_be_replaced_by_a_later_one(room: Room) -> None:
    page = sit_down(room)
    page.open_target(key_of(1))
    room.settle()
    press(Qt.Key.Key_F7)
    room.settle()
    page.open_target(key_of(1))
    room.settle()
    press(Qt.Key.Key_F8)
    type_text("ternyata salah TPS\n")
    room.settle()
    with room.wp.db.reading() as connection:
        verdicts = connection.execute(
            "SELECT verdict, previous IS NOT NULL FROM verdict ORDER BY previous IS NOT NULL"
        ).fetchall()
    assert [tuple(row) for row in verdicts] == [("ok", 0), ("wrong", 1)]


def test_esc_goes_back_and_f9_leaves_no_value(room: Room) -> None:
    page = sit_down(room)
    press(Qt.Key.Key_Return)
    room.settle()
    press(Qt.Key.Key_Escape)
    assert not page.detail.is_open
    press(Qt.Key.Key_Return)
    room.settle()
    assert room.window is not None
    room.window.sign_out()
    assert "110" not in everything_readable(room.window)
    assert verify.returned_count(room.wp) >= 1


Shown = TypeVar("Shown", bound=QDialog)


def came_up(room: Room, kind: type[Shown]) -> Shown:
    """The dialog that a key brought, with the focus where it put it."""
    assert room.window is not None
    dialog = room.window.findChild(kind)
    assert isinstance(dialog, kind)
    with room.qtbot.waitActive(dialog):
        dialog.activateWindow()
    room.settle()
    return dialog


# ---- lists, findings, corrections ------------------------------------------------------------------------------------


def test_every_need_of_beranda_leads_to_a_list_that_holds_it(room: Room) -> None:
    verify.give_verdict(room.wp, room.session("sari"), key_of(3), "wrong", "Beda di IV.01")
    page = sit_down(room)
    page.open_part("disputed")
    room.settle()
    assert [row.key for row in page.lists.matters.rows] == [key_of(3)]
    assert "Koreksi" in page.lists.step.text()
    press(Qt.Key.Key_Return)
    room.settle()
    assert page.detail.is_open
    press(Qt.Key.Key_F5)
    assert "operator entri" in page.detail.problem.text(), "a verifier does not alter the form"
    press(Qt.Key.Key_Escape)
    for matter in (Matter.RIVAL, Matter.REJECTED, Matter.UNSEEN, Matter.RETURNED):
        press(Qt.Key.Key_F3)
        room.settle()
        assert page.lists.matter is matter


def test_what_differs_comes_alone_and_one_key_brings_the_rest(room: Room) -> None:
    page = sit_down(room)
    press(Qt.Key.Key_Return)
    room.settle()
    assert [row.field for row in page.detail.sides.rows.rows] == ["P1"]
    assert page.detail.sides.count.text().startswith("1 dari 39 kotak berbeda")
    press(Qt.Key.Key_F3)
    assert len(page.detail.sides.rows.rows) == 39
    press(Qt.Key.Key_F3)
    assert len(page.detail.sides.rows.rows) == 1


def test_the_wrong_box_alone_is_corrected_by_keys_with_its_reason(room: Room) -> None:
    """The coordinator keys; the readers of before are asked that one box and what follows from it."""
    verify.give_verdict(room.wp, room.session("sari"), key_of(3), "wrong", "Beda di IV.01")
    page = sit_down(room, "asep")
    assert Matter.RETURNED not in page.lists.shown_matters
    press(Qt.Key.Key_Return)
    room.settle()
    press(Qt.Key.Key_F5)
    room.settle()
    dialog = came_up(room, CorrectionDialog)
    assert dialog.box_name.text().startswith("IV.01"), "it begins where the two sides differ"
    type_text("70\n")
    room.settle()
    assert dialog.findings.open_count == 1, "01 + 02 is not the total any more"
    type_text("111\n")
    room.settle()
    assert dialog.findings.open_count == 0
    assert "IV.01: 71 → 70, IV.02: 110 → 111" in dialog.what_happens.text()
    press(Qt.Key.Key_F10)
    room.settle()
    assert page.lists.matters.rows == []

    assert room.window is not None
    with room.qtbot.waitActive(room.window):  # no window manager here that would do it
        room.window.activateWindow()
    second = room.sit_down("dedi", "second")
    assert isinstance(second, KeyingPage)
    second.open_target(key_of(3))
    room.settle()
    assert "hanya yang berubah" in everything_readable(second.view)
    assert "70" not in everything_readable(second.view), "blind"
    type_text("003\n70\n111\n")
    room.settle()
    assert keying.next_order(room.wp, key_of(3)) is None, "three numbers instead of forty"


def test_a_number_in_the_box_is_not_lost_and_nothing_is_saved_before_the_checks_have_spoken(
    room: Room,
) -> None:
    verify.give_verdict(room.wp, room.session("sari"), key_of(3), "wrong", "Beda di IV.01")
    sit_down(room, "asep")
    press(Qt.Key.Key_Return)
    room.settle()
    press(Qt.Key.Key_F5)
    room.settle()
    dialog = came_up(room, CorrectionDialog)
    type_text("70")
    press(Qt.Key.Key_F10)  # quicker than the checks, and without Enter
    room.settle()
    assert dialog.findings.open_count == 1
    assert "menimbulkan temuan" in dialog.problem.text()
    dialog.box.setFocus()
    press(Qt.Key.Key_Down)
    assert dialog.box_name.text().startswith("IV.02")
    type_text("111")
    dialog.table.selectRow(0)  # by the mouse
    room.settle()
    assert "IV.01: 71 → 70, IV.02: 110 → 111" in dialog.what_happens.text()
    press(Qt.Key.Key_F10)
    room.settle()
    assert keying.next_order(room.wp, key_of(3)) is Order.SECOND


def test_papers_change_places_or_are_withdrawn_by_keys_and_what_happens_is_said_before(room: Room) -> None:
    page = sit_down(room, "wulan")
    page.open_target(key_of(1))
    room.settle()
    press(Qt.Key.Key_F6)
    room.settle()
    dialog = came_up(room, MoveDialog)
    type_text("2 cileunyi kulon")
    room.qtbot.waitUntil(lambda: dialog.target is not None)
    assert dialog.buttons.do_it.text() == "Tukar", "there is an entry already"
    assert "KPU RI: angka lama di kedua TPS ditarik" in dialog.what.text()
    type_text("\n\n")
    assert "Alasan belum diisi" in dialog.buttons.message.text()
    type_text("tertukar\n")
    dialog.with_pages.toggle()  # says anew what would happen, and must not open the way for a second exchange
    dialog.on_do()
    room.settle()
    assert not page.detail.is_open
    assert [line.kind for line in status.history(room.wp, key_of(1))].count("moved_here") == 1
    assert moving.origin(room.wp, key_of(1)) == key_of(2)
    assert moving.origin(room.wp, key_of(2)) == key_of(1)

    page.open_target(key_of(3))
    room.settle()
    page.detail.mend_wanted.emit(WithdrawDialog)
    came_up(room, WithdrawDialog)
    type_text("salah TPS\n")
    room.settle()
    assert page.rows.rows == []
    assert keying.next_order(room.wp, key_of(3)) is Order.FIRST
