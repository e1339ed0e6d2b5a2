"""Verifikasi by keyboard: the batch of identical forms, and one that differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ports import ItemKind
from app.services import keying, verify
from app.services.engine_store import engine_store
from tests.fakes.clock import HandClock
from tests.fakes.district import Desk
from tests.fakes.room import CELLS, Room, everything_readable, key_of, press, type_text
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
