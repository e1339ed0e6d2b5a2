"""Thrifty copies in a real workplace: what may go ahead, what came, what is lost, and databases of before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database as UtilsDatabase

from app.domain.lifecycle import OutboxState
from app.domain.sending import Left, PoorLine
from app.ports import ItemKind, Reason, UploadState
from app.services import keying, pages, queue, status, verify, workplace
from app.store import exchange, journal, migrations, outbox
from app.store.database import Database
from app.store.driver import open_writer
from tests.fakes.district import GOOD, Desk, key, make, own, thrifty_of

POOR = PoorLine(1.0, 20_000.0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def state_of(desk: Desk, scan: str) -> OutboxState:
    row = outbox.find(desk.wp.db.reader, ItemKind.SCAN, scan)
    assert row is not None
    return row.state


def copies(desk: Desk) -> list[str]:
    return [one.stands_for for one in desk.store.thrifty_due(desk.clock.now(), 100)]


def deliver_copy(desk: Desk) -> str:
    """The first copy that may go ahead arrives; returns its scan."""
    item = desk.store.thrifty_due(desk.clock.now(), 1)[0]
    assert desk.store.claim([item.id]) == [item.id]
    desk.store.thrifty_delivered(item, desk.receipt("thrifty", item.what, item.stands_for))
    return item.stands_for


def test_a_scan_has_its_copy_ready_and_nothing_waits_for_it_on_a_good_line(desk: Desk) -> None:
    scan = desk.scan(key(), 1, thrifty_bytes=400)
    desk.scan(key(), 2)
    (item,) = desk.store.thrifty_due(desk.clock.now(), 10)
    assert (item.what, item.stands_for, item.size_bytes) == (thrifty_of(scan), scan, 400)
    assert item.key == key()
    assert queue.left(desk.wp) == Left(0, 2, 2000), "as if there were none"
    desk.store.save_poor_line(POOR)
    assert desk.store.poor_line() == POOR
    assert queue.left(desk.wp) == Left(0, 2, 2400, 1, 400, is_line_poor=True)


def test_status_says_what_goes_first_and_what_was_sent_twice_on_purpose(desk: Desk) -> None:
    for page in (1, 2):
        desk.scan(key(), page, thrifty_bytes=400)
    nothing = {"waiting": 0, "waiting_bytes": 0, "sent": 0, "sent_bytes": 0}
    good = {"is_first": False, "since": None, "rate_bytes_s": None, "text": ""} | nothing
    assert status.facts_json(desk.wp)["thrifty"] == good
    desk.store.save_poor_line(POOR)
    deliver_copy(desk)
    facts = status.facts_json(desk.wp)
    assert facts["left"] == {"numbers": 0, "images": 2, "image_bytes": 2400}
    assert facts["thrifty"] == {
        "is_first": True,
        "since": "1970-01-01T00:00:01.000Z",
        "rate_bytes_s": 20_000.0,
        "waiting": 1,
        "waiting_bytes": 400,
        "sent": 1,
        "sent_bytes": 400,
        "text": "Salinan hemat dulu: jalur lambat; menunggu 1 (0 kB), terkirim 1 salinan (0 kB). "
        "Gambar lengkap menyusul.",
    }
    images = status.lanes(desk.wp)[-1]
    assert (images.bytes_left, images.is_line_poor, images.thrifty) == (2400, True, 1)
    setup = {"realm": desk.wp.realm, "district": desk.wp.district, "keys": {"k1": "a" * 44}}
    workplace.connect_server(desk.wp, server_url="https://situng.kpu.test", setup=setup)
    assert sorted(row.reason for row in status.queue_rows(desk.wp, kind=ItemKind.SCAN)) == [
        "Menunggu giliran.",
        "Salinan hemat sudah di KPU RI; gambar lengkap menyusul.",
    ]
    deliver_copy(desk)
    text = status.facts_json(desk.wp)["thrifty"]["text"]
    assert text.startswith("Jalur lambat: salinan hemat sudah di KPU RI, gambar lengkap menyusul")


def test_a_copy_at_the_centre_is_enough_to_confirm_in_the_batch(desk: Desk) -> None:
    """The verifier sees the scan here, and the centre's receipt says which scan its copy stands for."""
    for page in (1, 2):
        desk.scan(key(), page, thrifty_bytes=400)
    for reader in ("ani", "budi"):
        keying.key_whole(desk.wp, desk[reader], key(), own(1))
    ((item, _),) = desk.send(ItemKind.RECORD)
    desk.give_back(key(), item.what, own(1))
    assert "Gambar halaman 1, 2 belum ada" in " ".join(
        verify.returned_one(desk.wp, desk["vera"], key()).why_not
    )
    deliver_copy(desk)
    deliver_copy(desk)
    assert verify.returned_one(desk.wp, desk["vera"], key()).why_not == ()
    assert verify.confirm_identical(desk.wp, desk["vera"]).done == 1
    ((_, body),) = desk.send(ItemKind.VERDICT)
    assert body["pages"] == [one.scan_sha256 for one in pages.pages_of(desk.wp, key())], (
        "of the scans, not the copies"
    )


def test_the_item_ends_with_the_scan_and_the_copy_goes_once(desk: Desk) -> None:
    scan = desk.scan(key(), 1, thrifty_bytes=400)
    assert deliver_copy(desk) == scan
    assert state_of(desk, scan) is OutboxState.QUEUED
    assert copies(desk) == []
    assert pages.pages_of(desk.wp, key())[0].is_at_centre is False
    desk.send(ItemKind.SCAN)
    assert state_of(desk, scan) is OutboxState.DONE
    assert [one["kind"] for one in exchange.receipts(desk.wp.db.reader)] == ["thrifty", "scan"]


def test_when_the_scan_is_there_first_its_copy_is_forgotten(desk: Desk) -> None:
    scan = desk.scan(key(), 1, thrifty_bytes=400)
    desk.store.save_upload(UploadState(thrifty_of(scan), "http://c/", "http://c/1", 100, 400))
    desk.store.save_poor_line(POOR)
    assert queue.left(desk.wp).thrifty_bytes == 300, "what is half sent counts half"
    late = desk.store.thrifty_due(desk.clock.now(), 1)[0]
    desk.send(ItemKind.SCAN)
    assert copies(desk) == []
    assert desk.store.upload(thrifty_of(scan), "http://c/") is None
    desk.store.thrifty_delivered(late, desk.receipt("thrifty", late.what, scan))
    assert state_of(desk, scan) is OutboxState.DONE, "a copy that comes late wakes nothing"


def test_a_copy_that_cannot_go_never_stops_its_scan(desk: Desk) -> None:
    scan = desk.scan(key(), 1, thrifty_bytes=400)
    (item,) = desk.store.thrifty_due(desk.clock.now(), 1)
    desk.store.claim([item.id])
    desk.store.give_up_thrifty(item, Reason("local_changed", "Berubah."))
    assert copies(desk) == []
    assert state_of(desk, scan) is OutboxState.QUEUED
    (line,) = journal.lines_of(desk.wp.db.reader, "thrifty_given_up")
    assert line.body["code"] == "local_changed"


def test_a_restored_centre_is_asked_for_copies_and_scans_again(desk: Desk) -> None:
    """What followed is compared form by form; copies whose scan is still to come are asked about by hash."""
    there = desk.scan(key(1), 1, thrifty_bytes=400)
    keying.key_whole(desk.wp, desk["ani"], key(1), GOOD)
    deliver_copy(desk)
    desk.send(ItemKind.SCAN)
    desk.send(ItemKind.RECORD)
    ahead = desk.scan(key(2), 1, thrifty_bytes=400)
    deliver_copy(desk)
    assert copies(desk) == []
    desk.store.new_epoch("e2")
    (item,) = desk.store.thrifty_due(desk.clock.now(), 10)
    assert (item.stands_for, item.attempts) == (ahead, 1), "tried before: by hash first"
    desk.clock.forward(1)
    assert list(desk.store.scans_to_compare(10)) == [there]
    desk.store.scans_compared([there], set(), desk.clock.now())
    assert sorted(copies(desk)) == sorted([there, ahead])
    desk.send(ItemKind.SCAN)
    assert copies(desk) == []


def test_a_page_moved_elsewhere_keeps_its_copy(desk: Desk) -> None:
    scan = desk.scan(key(1), 1, thrifty_bytes=400)
    page = pages.pages_of(desk.wp, key(1))[0]
    pages.move_page(desk.wp, desk["ani"], page.id, key(2), 1)
    (item,) = desk.store.thrifty_due(desk.clock.now(), 10)
    assert (item.stands_for, item.key) == (scan, key(2))


def test_copies_are_found_without_a_walk_through_the_queue(desk: Desk) -> None:
    plan = desk.wp.db.reader.execute(
        "EXPLAIN QUERY PLAN SELECT o.id FROM outbox o WHERE o.thrifty_bytes > 0 AND o.state <> 'done' "
        "AND o.state IN ('queued', 'waiting') AND o.next_at <= 5 "
        "ORDER BY o.priority, o.attempts, o.turn, o.id LIMIT 3"
    ).fetchall()
    assert [("outbox_thrifty" in str(row["detail"]), "B-TREE" in str(row["detail"])) for row in plan] == [
        (True, False)
    ]


def test_a_database_of_before_goes_on_without_copies(desk: Desk, tmp_path: Path) -> None:
    """The fifth schema with a scan in its queue, brought up to date."""
    path = tmp_path / "old.db"
    connection = open_writer(path)
    migrations.steps.apply(UtilsDatabase(connection, execute_plugins=False), stop_before="0006_thrifty")
    connection.execute(f"PRAGMA application_id={migrations.APPLICATION_ID}")
    connection.execute("PRAGMA user_version=5")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(
        "INSERT INTO scan VALUES ('aa', 1000, 'oo', 'a.jpg', 2000, 'tt', 1, 1, '{}', '[]', 1.0, 'x', NULL)"
    )
    connection.execute(
        "INSERT INTO outbox (kind, what, c1, tps, priority, state, size_bytes, since, updated_at) "
        "VALUES ('scan', 'aa', 1, '3204052001001', 40, 'queued', 1000, 1.0, 1.0)"
    )
    connection.close()
    db = Database.open(path)
    (row,) = db.reader.execute("SELECT state, size_bytes, thrifty_bytes FROM outbox")
    assert tuple(row) == ("queued", 1000, 0)
    (scan,) = db.reader.execute("SELECT thrifty_sha256, thrifty_held_at FROM scan")
    assert tuple(scan) == (None, None)
    db.close()
