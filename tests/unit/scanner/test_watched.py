from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import Unavailable
from app.ports import IntakeState
from scanner.intake import Intake
from scanner.sources.watched import DONE, REASON_SUFFIX, UNREADABLE, WatchedFolder
from scanner.workers import Workers
from tests.fakes.desk import FakeClock
from tests.unit.scanner.sheets import FakeRows, encoded, key_of, layouts, page_jpeg, ppwp


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(layouts(), processes=1) as pool:
        yield pool


class Room:
    """A watched folder, its clock and its rows."""

    def __init__(self, tmp_path: Path, workers: Workers) -> None:
        self.folder = tmp_path / "masuk"
        self.folder.mkdir()
        self.rows = FakeRows()
        self.clock = FakeClock()
        intake = Intake(self.rows, tmp_path / "scans", [ppwp()], workers=workers)
        self.watched = WatchedFolder(self.folder, intake, self.clock, by="tono")

    def drop(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def after(self, seconds: float) -> list[str]:
        self.clock.at += seconds
        return [one.name for one in self.watched.poll() if one.moved_to is not None]


@pytest.fixture
def room(tmp_path: Path, workers: Workers) -> Room:
    return Room(tmp_path, workers)


def test_a_file_is_taken_when_it_has_rested_and_moved_only_then(room: Room) -> None:
    room.drop("satu.jpg", page_jpeg(1, 1))
    assert room.after(0) == []
    assert room.after(1.5) == []
    assert room.rows.added == []
    assert room.after(0.6) == ["satu.jpg"]
    assert (room.folder / DONE / "satu.jpg").read_bytes() == page_jpeg(1, 1)
    assert [(state, by) for *_, state, by in room.rows.added] == [(IntakeState.INBOX, "tono")]


def test_a_file_that_still_grows_is_left_alone(room: Room) -> None:
    whole = page_jpeg(1, 1)
    for share in (0.3, 0.6, 0.8):
        room.drop("satu.jpg", whole[: int(len(whole) * share)])
        assert room.after(1.9) == []
    room.drop("satu.jpg", whole)
    room.after(0)
    assert room.after(2.1) == ["satu.jpg"]
    assert len(room.rows.added) == 1


def test_a_copy_that_stalls_is_waited_for_before_it_is_called_broken(room: Room) -> None:
    whole = page_jpeg(1, 1)
    room.drop("satu.jpg", whole[: len(whole) // 2])
    room.after(0)
    assert room.after(3) == []
    assert room.after(10) == []
    room.drop("satu.jpg", whole)
    room.after(0)
    assert room.after(2.1) == ["satu.jpg"]


def test_what_cannot_be_read_goes_to_quarantine_with_its_reason(room: Room) -> None:
    room.drop("rusak.jpg", page_jpeg(1, 1)[:9000])
    room.drop("catatan.txt", b"bukan gambar")
    room.drop("kosong.jpg", b"")
    room.after(0)
    assert sorted(room.after(21)) == ["catatan.txt", "kosong.jpg", "rusak.jpg"]
    for name in ("rusak.jpg", "catatan.txt", "kosong.jpg"):
        assert (room.folder / UNREADABLE / name).exists()
        assert "Berkas" in (room.folder / UNREADABLE / f"{name}{REASON_SUFFIX}").read_text(encoding="utf-8")
    assert room.rows.added == []


def test_nothing_is_ever_overwritten(room: Room) -> None:
    for n in (1, 2):
        room.drop("scan.jpg", page_jpeg(n, 1))
        room.after(0)
        room.after(3)
    assert (room.folder / DONE / "scan.jpg").read_bytes() == page_jpeg(1, 1)
    assert (room.folder / DONE / "scan (2).jpg").read_bytes() == page_jpeg(2, 1)


def test_our_own_trouble_leaves_the_file_where_it_is_and_tries_again(room: Room) -> None:
    room.rows.refuse = Unavailable("Disk penuh.", hint="Kosongkan.", code="disk_full")
    room.drop("satu.jpg", page_jpeg(1, 1))
    room.after(0)
    assert room.after(3) == []
    assert (room.folder / "satu.jpg").exists()
    room.rows.refuse = None
    assert room.after(5) == [], "not in a busy loop"
    assert room.after(20) == ["satu.jpg"]


def test_a_cover_sheet_counts_for_files_that_come_later(room: Room) -> None:
    from scanner.cover_sheets import CoverStation, draw_cover

    room.drop("1.png", encoded(draw_cover(CoverStation(key_of(3).tps, "Cileunyi Kulon", "Cileunyi"), ppwp())))
    room.after(0)
    room.after(3)
    room.drop("2.jpg", page_jpeg(3, 1))
    room.after(0)
    room.after(3)
    assert [(key, page) for _, key, page, *_ in room.rows.added] == [(key_of(3), None), (key_of(3), 1)]


def test_a_page_that_could_not_be_stored_is_no_second_page_when_it_can(room: Room) -> None:
    from scanner.cover_sheets import CoverStation, draw_cover

    room.drop("1.png", encoded(draw_cover(CoverStation(key_of(3).tps, "Cileunyi Kulon", "Cileunyi"), ppwp())))
    room.after(0)
    room.after(3)
    room.rows.refuse = Unavailable("Disk penuh.", hint="Kosongkan.", code="disk_full")
    room.drop("2.jpg", page_jpeg(3, 1))
    room.after(0)
    room.after(3)
    room.rows.refuse = None
    assert room.after(30) == ["2.jpg"]
    assert [(key, page, state) for _, key, page, state, _ in room.rows.added][1:] == [
        (key_of(3), 1, IntakeState.ASSIGNED)
    ]


def test_hidden_and_unfinished_files_and_a_vanished_folder_are_passed_over(room: Room) -> None:
    room.drop(".satu.jpg", page_jpeg(1, 1))
    room.drop("dua.jpg.part", page_jpeg(1, 1))
    room.after(0)
    assert room.after(30) == []
    room.folder.rename(room.folder.with_name("pergi"))
    assert room.after(30) == []
