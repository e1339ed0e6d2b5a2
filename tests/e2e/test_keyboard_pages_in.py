"""Pindai by keyboard, with the real intake: practice pages in, one placed by hand, one refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.errors import Unavailable
from app.services import pages
from scanner.intake import Intake
from scanner.practice_forms import practice_page
from tests.fakes.room import CELLS, FORM, Room, everything_readable, focused, key_of, press, type_text
from ui.pages.pages_in import PagesInPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
HEADER = {"desa": "CILEUNYI KULON", "kecamatan": "CILEUNYI", "kabupaten": "BANDUNG", "provinsi": "JAWA BARAT"}


@pytest.fixture
def room(workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(workplace_dir, qtbot)
    yield made
    made.leave()


@pytest.fixture
def page(room: Room) -> Iterator[PagesInPage]:
    """The page with a real intake behind it."""
    shown = room.sit_down("rina", "pages")
    assert isinstance(shown, PagesInPage)
    with Intake(pages.page_rows(room.wp), room.wp.folder / "scans", [FORM], processes=1) as intake:
        shown.context = replace(shown.context, desk=replace(shown.context.desk, intake=intake))
        yield shown
        room.get_up()


def put(folder: Path, name: str, number: int, n: int) -> Path:
    path = folder / name
    path.write_bytes(practice_page(FORM, n, key_of(number), HEADER, CELLS, number))
    return path


def take_in(page: PagesInPage, room: Room, *paths: Path) -> None:
    page.take_in(paths)
    assert page.may_close() is False
    room.qtbot.waitUntil(page.may_close, timeout=30_000)
    room.settle()


def test_a_page_nobody_knows_is_placed_by_keys_and_a_broken_file_says_why(
    room: Room, page: PagesInPage, tmp_path: Path
) -> None:
    broken = tmp_path / "rusak.jpg"
    broken.write_bytes(b"not a picture")
    take_in(page, room, put(tmp_path, "a.jpg", 2, 1), broken)
    states = {row[1].state.value: row[1].text for row in page.results.rows.rows}
    assert set(states) == {"inbox", "refused"}
    assert states["refused"]
    assert page.thumbnails.count() == 1

    assert page.thumbnails.hasFocus()
    press(Qt.Key.Key_Return)
    assert page.place.station.hasFocus()
    type_text("2 cileunyi kulon")
    room.qtbot.waitUntil(lambda: page.place.choices.count() > 0)
    press(Qt.Key.Key_Return)
    room.settle()
    assert [one.n for one in pages.pages_of(room.wp, key_of(2))] == [1]
    room.qtbot.waitUntil(lambda: page.thumbnails.count() == 0)
    assert [(row.key, row.missing) for row in page.missing.rows.rows] == [(key_of(2), (2,))]


def test_after_one_page_the_next_page_of_the_same_station_is_proposed(
    room: Room, page: PagesInPage, tmp_path: Path
) -> None:
    take_in(page, room, put(tmp_path, "a.jpg", 1, 1), put(tmp_path, "b.jpg", 1, 2))
    press(Qt.Key.Key_Return)
    type_text("1 cileunyi kulon")
    room.qtbot.waitUntil(lambda: page.place.choices.count() > 0)
    press(Qt.Key.Key_Return)
    room.settle()
    room.qtbot.waitUntil(lambda: page.thumbnails.count() == 1)
    press(Qt.Key.Key_Return)
    assert page.place.station.text() == str(key_of(1).tps)
    room.qtbot.waitUntil(lambda: page.place.choices.count() > 0)
    press(Qt.Key.Key_Return)
    room.settle()
    assert [one.n for one in pages.pages_of(room.wp, key_of(1))] == [1, 2]


def test_the_same_file_again_is_a_duplicate_and_is_said(
    room: Room, page: PagesInPage, tmp_path: Path
) -> None:
    path = put(tmp_path, "a.jpg", 1, 2)
    take_in(page, room, path)
    take_in(page, room, path)
    newest = page.results.rows.rows[0][1]
    assert newest.state.value == "duplicate"
    assert "sudah pernah" in newest.text


def test_a_page_is_set_aside_by_one_key(room: Room, page: PagesInPage, tmp_path: Path) -> None:
    take_in(page, room, put(tmp_path, "a.jpg", 1, 1))
    page.thumbnails.setFocus()
    press(Qt.Key.Key_Delete)
    room.settle()
    room.qtbot.waitUntil(lambda: page.thumbnails.count() == 0)
    assert pages.inbox(room.wp) == []


def test_a_page_number_the_form_does_not_have_is_refused_in_words(
    room: Room, page: PagesInPage, tmp_path: Path
) -> None:
    take_in(page, room, put(tmp_path, "a.jpg", 1, 1))
    page.thumbnails.setFocus()
    press(Qt.Key.Key_Return)
    type_text("1 cileunyi kulon")
    room.qtbot.waitUntil(lambda: page.place.choices.count() > 0)
    for _ in range(4):
        press(Qt.Key.Key_PageDown)
    press(Qt.Key.Key_Return)
    assert "hanya punya halaman 1, 2" in everything_readable(page.place)
    press(Qt.Key.Key_Escape)
    assert page.thumbnails.hasFocus()


def test_cover_sheets_of_one_desa_are_written_by_keys_alone(
    room: Room, page: PagesInPage, tmp_path: Path
) -> None:
    asked: list[tuple[str, Path]] = []

    def write(desa: str, out: Path) -> str:
        if not asked:
            asked.append((desa, out))
            raise Unavailable("Folder itu tidak ada.", hint="Pilih folder lain.")
        asked.append((desa, out))
        return f"3 lembar sampul tersimpan di {out}."

    page.context = replace(page.context, desk=replace(page.context.desk, cover_sheets=write))
    press(Qt.Key.Key_F7)
    dialog = page.cover_dialog
    assert dialog is not None
    room.qtbot.waitUntil(lambda: focused() is dialog.search)
    type_text("kul cile")
    room.qtbot.waitUntil(lambda: dialog.choices.count() == 1)
    assert "3204052001-cileunyi-kulon.pdf" in dialog.file.text()
    press(Qt.Key.Key_Tab)
    assert focused() is dialog.file
    dialog.file.selectAll()
    type_text(str(tmp_path / "sampul"))
    press(Qt.Key.Key_Return)
    room.settle()
    assert "Folder itu tidak ada" in dialog.message.text()
    press(Qt.Key.Key_Return)
    room.settle()
    assert asked == [("3204052001", tmp_path / "sampul.pdf")] * 2
    assert page.cover_dialog is None
    assert room.window is not None
    assert "3 lembar sampul tersimpan" in everything_readable(room.window)


def test_a_desa_nobody_knows_is_said_and_nothing_is_written(room: Room, page: PagesInPage) -> None:
    asked: list[str] = []

    def write(desa: str, _out: Path) -> str:
        asked.append(desa)
        return ""

    page.context = replace(page.context, desk=replace(page.context.desk, cover_sheets=write))
    press(Qt.Key.Key_F7)
    dialog = page.cover_dialog
    assert dialog is not None
    room.qtbot.waitUntil(lambda: focused() is dialog.search)
    type_text("zzz")
    room.qtbot.waitUntil(lambda: "Tidak ada desa" in dialog.message.text())
    press(Qt.Key.Key_Return)
    assert dialog.message.text() == "Pilih desa/kelurahan dulu."
    assert asked == []
    press(Qt.Key.Key_Escape)
    assert page.cover_dialog is None
