"""What of the queue goes next, and what is merely open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ports import ItemKind, Reason, UploadState
from app.services import keying, queue
from app.store import outbox
from tests.fakes.district import GOOD, Desk, key, make


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def test_what_cannot_go_now_does_not_hide_what_comes_due_next(desk: Desk) -> None:
    """Images that waited for the night hid a number's second try for a minute."""
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.scan(key(2), 1)
    now = desk.clock.now()
    (item,) = desk.store.due(ItemKind.RECORD, now, 10)
    desk.store.claim([item.id])
    assert desk.store.next_due_at(now) is None, "due already: nothing comes due later"
    desk.store.defer([item.id], now + 2, Reason("busy", "KPU RI sibuk.", 503))
    assert desk.store.next_due_at(now) == now + 2
    assert desk.store.next_due_at(now + 2) is None


def test_what_is_open_is_asked_by_kind_and_of_some_kinds_only_what_is_wanted_now(desk: Desk) -> None:
    scans = (ItemKind.SCAN,)
    assert not desk.store.has_open(tuple(ItemKind))
    desk.scan(key(2), 1)
    assert desk.store.has_open(scans)
    assert not desk.store.has_open((ItemKind.RECORD, ItemKind.VERDICT), scans)
    queue.send_first(desk.wp, key(2).tps)
    assert desk.store.has_open((), scans)
    desk.store.claim([one.id for one in desk.store.due(ItemKind.SCAN, desk.clock.now(), 1)])
    assert not desk.store.has_open(tuple(ItemKind)), "under way is not open"


def test_a_scan_that_was_begun_goes_before_fresh_ones_and_never_before_a_wanted_tps(desk: Desk) -> None:
    for n in (1, 2, 3, 4):
        desk.scan(key(n), 1)
    begun = desk.store.due(ItemKind.SCAN, desk.clock.now(), 1)[0]
    desk.store.claim([begun.id])
    desk.store.save_upload(UploadState(begun.what, "https://pusat/", "https://pusat/1", 5, begun.size_bytes))
    desk.store.release([begun.id])
    tried = next(one for one in desk.store.due(ItemKind.SCAN, desk.clock.now(), 9) if one.id == begun.id)
    assert tried.attempts == 1, "it may have left: asked by hash before it goes again"
    assert desk.store.due(ItemKind.SCAN, desk.clock.now(), 2)[0].id == begun.id
    queue.send_first(desk.wp, key(4).tps)
    assert [one.key for one in desk.store.due(ItemKind.SCAN, desk.clock.now(), 2)] == [key(4), begun.key]


def test_a_wanted_tps_goes_first_also_when_it_was_under_way(desk: Desk) -> None:
    for n in (1, 2):
        desk.scan(key(n), 1)
    (first,) = desk.store.due(ItemKind.SCAN, desk.clock.now(), 1)
    desk.store.claim([first.id])
    assert first.key is not None
    assert queue.send_first(desk.wp, first.key.tps) == 1
    desk.store.defer([first.id], 0.0, Reason("busy", "KPU RI sibuk."))
    assert desk.store.due(ItemKind.SCAN, desk.clock.now(), 1)[0].id == first.id


def test_what_was_begun_is_found_without_a_walk_through_the_queue(desk: Desk) -> None:
    plan = [
        str(row["detail"])
        for row in desk.wp.db.reader.execute(f"EXPLAIN QUERY PLAN {outbox.BEGUN}", (5, 3, 8))
    ]
    assert not [line for line in plan if "outbox_due" in line or line in ("SCAN o", "SCAN b")], plan
    assert [line for line in plan if "outbox_other (kind=? AND what=?)" in line], plan


def test_among_begun_scans_there_is_always_room_for_a_fresh_one(desk: Desk) -> None:
    """The probe of a closed gate is drawn of two: were both begun and bad, nothing else would be tried."""
    for n in (1, 2, 3):
        desk.scan(key(n), 1)
    for begun in desk.store.due(ItemKind.SCAN, desk.clock.now(), 2):
        desk.store.claim([begun.id])
        url = f"https://pusat/{begun.id}"
        desk.store.save_upload(UploadState(begun.what, "https://pusat/", url, 5, begun.size_bytes))
        desk.store.release([begun.id])
    assert [one.attempts for one in desk.store.due(ItemKind.SCAN, desk.clock.now(), 2)] == [1, 0]
