"""What people are told, and who has read it; on a real workplace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database as UtilsDatabase

from app.errors import NotAllowed
from app.ports import FeedCursor
from app.services import comparing, journal, notices, people, status
from app.store import journal as journal_rows
from app.store import migrations
from app.store.database import Database
from app.store.driver import open_writer
from tests.fakes.district import Desk, make

GONE = "TPS 001 (3204052001001) tidak lagi ditampilkan di situs publik."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def tell(desk: Desk) -> None:
    """The centre was restored, and says that a form is no longer public."""
    desk.store.new_epoch("e2")
    desk.clock.forward(60)
    desk.store.apply_feed([{"n": 1, "kind": "notice", "text": GONE}], FeedCursor("e2", 1))


def texts(board: notices.Board) -> list[str]:
    return [one.text for one in board.notices]


def test_each_person_reads_for_themselves_and_can_take_it_back(desk: Desk) -> None:
    tell(desk)
    ani, koor = desk["ani"], desk["koor"]
    board = notices.board(desk.wp, ani.person, 10)
    assert texts(board) == [GONE, comparing.RESTORED], "the newest first"
    assert board.notices[0].at - board.notices[1].at == 60
    assert (board.unread, board.read) == (2, 0)

    first = board.notices[0].id
    desk.clock.forward(5)
    notices.set_read(desk.wp, ani, [first])
    left = notices.board(desk.wp, ani.person, 10)
    assert (texts(left), left.unread, left.read) == ([comparing.RESTORED], 1, 1)
    assert notices.unread(desk.wp, koor.person) == 2, "nobody else was told by that"
    whole = notices.board(desk.wp, ani.person, 10, with_read=True)
    assert [one.read_at for one in whole.notices] == [desk.clock.now(), None]
    assert len(notices.board(desk.wp, ani.person, 1, with_read=True).notices) == 1

    notices.set_read(desk.wp, ani, [first], is_read=False)
    assert notices.unread(desk.wp, ani.person) == 2


def test_reading_is_journalled_once_and_for_what_there_is(desk: Desk) -> None:
    tell(desk)
    ani = desk["ani"]
    ids = [one.id for one in notices.board(desk.wp, ani.person, 10).notices]
    notices.set_read(desk.wp, ani, [*ids, 999])
    notices.set_read(desk.wp, ani, ids)
    notices.set_read(desk.wp, ani, ids[:1], is_read=False)
    notices.set_read(desk.wp, ani, ids[:1], is_read=False)
    reader = desk.wp.db.reader
    lines = [*journal_rows.lines_of(reader, "notice_read"), *journal_rows.lines_of(reader, "notice_unread")]
    assert [(one.who, one.what, one.body["text"]) for one in lines] == [
        ("ani", str(ids[0]), GONE),
        ("ani", str(ids[1]), comparing.RESTORED),
        ("ani", str(ids[0]), GONE),
    ]
    assert journal.verify(desk.wp).fault is None
    assert [one["text"] for one in status.facts_json(desk.wp)["notices"]] == [GONE, comparing.RESTORED]


def test_who_was_kept_out_meanwhile_reads_nothing_any_more(desk: Desk) -> None:
    tell(desk)
    ani = desk["ani"]
    ids = [one.id for one in notices.board(desk.wp, ani.person, 10).notices]
    people.set_active(desk.wp, desk["koor"], "ani", active=False)
    with pytest.raises(NotAllowed):
        notices.set_read(desk.wp, ani, ids)
    assert notices.unread(desk.wp, ani.person) == 2


def test_notices_of_before_are_still_to_be_read(tmp_path: Path) -> None:
    """The sixth schema, whose notices no window ever showed, brought up to date."""
    path = tmp_path / "old.db"
    connection = open_writer(path)
    migrations.steps.apply(UtilsDatabase(connection, execute_plugins=False), stop_before="0007_notice_read")
    connection.execute(f"PRAGMA application_id={migrations.APPLICATION_ID}")
    connection.execute("PRAGMA user_version=6")
    connection.execute("INSERT INTO notice (text, at) VALUES (?, 1.0)", (GONE,))
    connection.close()
    db = Database.open(path)
    (row,) = db.reader.execute("SELECT n.text, r.at FROM notice n LEFT JOIN notice_read r ON r.notice = n.id")
    assert tuple(row) == (GONE, None)
    db.close()
