"""The projector: what is on the wall, who may see it, how it keeps up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.people import Role
from app.errors import Unavailable
from app.ports import ItemKind, LineState, LineTurn, Reason
from app.services import drafts, keying, people, projector, register
from app.services.projector import Area, Board, Line
from app.store import line_log
from app.store.reports import Counts
from tests.fakes.district import PIN, Desk, key, make, own, settled
from ui.projector import Projector
from ui.projector_face import AREA_ROWS, OLD_S
from ui.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


@pytest.fixture
def wall(qtbot: QtBot, desk: Desk) -> Iterator[Projector]:
    tasks = Tasks()
    made = Projector(desk.wp, tasks)
    qtbot.addWidget(made)
    made.resize(960, 540)
    yield made
    made.close()
    tasks.close()


def test_the_board_has_no_votes_and_no_names(desk: Desk) -> None:
    settled(desk, 1)
    register.receive(desk.wp, desk["pindai"], [key(2), key(3)])
    keying.key_whole(desk.wp, desk["ani"], key(2), own(2))
    desk.clock.forward(7_200)
    drafts.open_draft(desk.wp, desk["budi"], key(3))
    desk.wp.db.write(lambda connection: line_log.add(connection, [LineTurn(5.0, LineState.DOWN)]))
    board = projector.board(desk.wp)
    assert (board.whole.keyed, board.whole.second_read, board.place) == (2, 1, "Kab. Bandung · Latihan")
    assert board.is_practice
    assert board.ballots == ()
    assert [one.name for one in board.areas] == ["Cileunyi"]
    assert board.line == Line("down", "KPU RI tidak menjawab", 5.0)
    assert board.line.is_out
    assert (board.keyed_per_hour, board.held_per_hour) == (0, 0), "two hours ago is not now"
    assert board.receipt_at is not None
    assert [one.place for one in board.stops] == [f"TPS 00{n} · Cileunyi Kulon, Cileunyi" for n in (1, 2, 3)]
    told = str(board)
    for one in people.people(desk.wp):
        assert one.name not in told
    assert "71" not in told
    assert "110" not in told


def test_what_the_centre_says_of_a_person_is_on_the_wall_without_the_person(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(2), own(2))
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 9)
    desk.store.claim([item.id])
    said = Reason("inactive", "Operator ani belum terdaftar di server. Tanda tangan Ani ditanyakan.")
    desk.store.stop([item.id], said)
    reasons = [one.reason for one in projector.board(desk.wp).stops]
    assert [
        one for one in reasons if "Operator … belum terdaftar di server. Tanda tangan … ditanyakan." in one
    ]
    assert not [one for one in reasons if "ani" in one.lower()]


def test_the_rate_is_that_of_the_last_hour(desk: Desk) -> None:
    settled(desk, 1)
    desk.clock.forward(1_800)
    keying.key_whole(desk.wp, desk["ani"], key(2), own(2))
    desk.clock.forward(1_801)
    board = projector.board(desk.wp)
    assert (board.keyed_per_hour, board.held_per_hour) == (1, 0)
    assert board.line == Line("no_server", "Belum terhubung ke server KPU RI", None)


def test_a_form_is_stopped_once_and_the_oldest_come_first(desk: Desk) -> None:
    for n in (4, 3, 2, 1):
        register.receive(desk.wp, desk["pindai"], [key(n)])
        desk.clock.forward(60)
    stops = projector.board(desk.wp).stops
    assert [one.place[:7] for one in stops] == ["TPS 004", "TPS 003", "TPS 002", "TPS 001"]


def test_it_shows_itself_to_nobody_in_particular_and_reads_anew(
    qtbot: QtBot, wall: Projector, desk: Desk
) -> None:
    wall.show()
    qtbot.waitUntil(lambda: wall.board is not None)
    assert "Dientri: 0" in wall.accessibleDescription()
    keying.key_whole(desk.wp, desk["ani"], key(1), own(1))
    wall.look()
    qtbot.waitUntil(lambda: "Dientri: 1" in wall.accessibleDescription())
    before = wall.board
    desk.clock.forward(30)
    wall.look()
    qtbot.waitUntil(lambda: wall.board is not before)  # ages and rate move on although nothing changed
    assert not wall.grab().isNull()


def test_what_cannot_be_read_stays_with_its_age(qtbot: QtBot, wall: Projector, desk: Desk) -> None:
    wall.show()
    qtbot.waitUntil(lambda: wall.board is not None)
    board = wall.board
    assert board is not None
    desk.clock.forward(OLD_S + 1)
    wall.on_problem(Unavailable("Basis data di PC ini sedang dipakai program lain."))
    face = wall.face(board)
    assert face.age_s > OLD_S
    assert face.problem.startswith("Basis data")
    assert not wall.grab().isNull()


def test_kecamatan_and_ballots_take_turns(wall: Projector) -> None:
    areas = tuple(
        Area(f"Kecamatan {n}", Counts(100, 90, 90, 80, 70, 60, 50, 40, 30, n)) for n in range(1, 32)
    )
    ballots = tuple(Area(name, Counts()) for name in ("C1-PPWP", "C1-DPR"))
    line = Line("ok", "Terhubung ke KPU RI", 1.0)
    wall.board = board = Board(1.0, "Kab.", False, Counts(), ballots, areas, (), line, 0, 0, None)
    shown: list[Area] = []
    funnels: list[str] = []
    for _ in range(3):
        face = wall.face(board)
        shown += face.areas
        funnels.append(face.funnel.name)
        assert len(face.areas) <= AREA_ROWS
        assert not wall.grab().isNull()
        QTest.keyClick(wall, Qt.Key.Key_Space)
    assert tuple(shown) == areas, "each of 31 has its turn"
    assert funnels == ["Semua surat suara", "C1-PPWP", "C1-DPR"]


@pytest.mark.parametrize("leave", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_esc_and_f11_leave(qtbot: QtBot, wall: Projector, leave: Qt.Key) -> None:
    wall.show()
    with qtbot.waitSignal(wall.closed):
        QTest.keyClick(wall, leave)
    assert not wall.isVisible()


def test_someone_who_only_watches_gets_the_wall(qtbot: QtBot, desk: Desk) -> None:
    from tests.fakes.desk import FakeIntake, FakeSync
    from ui import desk as ui_desk
    from ui.main_window import MainWindow

    people.add_person(desk.wp, id="layar", name="Layar", roles=[Role.WATCH], pin=PIN, by=desk["koor"])
    tasks = Tasks()
    window = MainWindow(ui_desk.Desk(desk.wp, FakeSync(), FakeIntake(), practice=True), tasks)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    QTest.keyClick(window, Qt.Key.Key_F11)
    wall = window.projector
    assert wall is not None, "nobody need be signed in"
    assert wall.isVisible()
    wall.close()
    window.enter(people.sign_in(desk.wp, "layar", PIN))
    assert wall.isVisible()
    window.sign_out()
    assert wall.isVisible(), "it stays when the person changes"
    assert "reports" not in window.nav.buttons
    window.close()
    assert not wall.isVisible()
    tasks.close()
