"""What goes to the centre and what comes back, on a real workplace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.attestation import is_signed_by
from app.domain.lifecycle import VersionState
from app.domain.people import OWN_VERIFY
from app.domain.sending import DAY_MIN, Hours, Left, Sending
from app.domain.times import seconds_of
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import FeedCursor, ItemKind, Json, Lane, Reason, UploadState
from app.services import keying, pages, people, queue, sending, status, verify, workplace
from app.store import c1 as c1_rows
from app.store import exchange, versions
from sync import wire
from tests.fakes.district import BROKEN, GOOD, Desk, back, head_state, key, make, record_name, settled


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def test_the_whole_way_of_a_form(desk: Desk) -> None:
    name = back(desk)
    (one,) = verify.returned(desk.wp, desk["vera"], identical=True)
    assert (one.is_identical, one.why_not, one.missing_pages) == (True, (), ())
    assert verify.confirm_identical(desk.wp, desk["vera"]).done == 1
    ((item, body),) = desk.send(ItemKind.VERDICT)
    assert item.what == body["id"]
    assert is_signed_by(desk["vera"].person.public_key, "verdict", desk.wp.realm, body)
    assert (body["verdict"], body["values_hash"], len(body["pages"])) == ("ok", name, 2)
    assert head_state(desk) is VersionState.VERDICT_AT_CENTRE
    desk.feed("published", key(), values_hash=name)
    counts = status.funnel(desk.wp)
    assert (counts.received, counts.scanned, counts.keyed, counts.second_read) == (1, 1, 1, 1)
    assert (counts.sent, counts.at_centre, counts.verified, counts.public, counts.forms) == (1, 1, 1, 1, 1)
    assert counts.expected == 4
    assert [one.kind for one in status.history(desk.wp, key())].count("receipt") == 4
    assert status.last_receipt(desk.wp) is not None
    assert "Tidak ada selisih" in status.sentence(desk.wp)


def test_sent_is_what_is_on_its_way_and_not_what_came_back_undone(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    assert desk.store.claim([item.id]) == [], "one claim only"
    assert status.funnel(desk.wp).sent == 1
    desk.store.defer([item.id], desk.clock.now() + 60, Reason("busy", "KPU RI sibuk.", 503))
    assert status.funnel(desk.wp).sent == 0
    assert desk.store.due(ItemKind.RECORD, desk.clock.now(), 10) == []
    assert desk.store.next_due_at(desk.clock.now()) == desk.clock.now() + 60
    desk.clock.forward(61)
    desk.store.claim([item.id])
    desk.store.defer([item.id], desk.clock.now() + 60, Reason("silence", "KPU RI tidak menjawab."))
    assert status.funnel(desk.wp).sent == 1, "nobody knows: it may be there"
    (line,) = status.queue_rows(desk.wp)
    assert (line.reason_code, line.what, line.attempts) == ("no_server", "Angka", 2)
    desk.clock.forward(61)
    desk.store.claim([item.id])
    desk.store.release_in_flight()
    assert status.funnel(desk.wp).sent == 0


@pytest.mark.parametrize("back_s", [60, 3600, 5400, 86_400])
def test_a_wait_written_by_a_clock_that_was_ahead_lasts_as_long_as_was_meant(
    desk: Desk, back_s: float
) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    desk.store.defer([item.id], desk.clock.now() + 300, Reason("busy", "KPU RI sibuk."))
    desk.clock.wall -= back_s
    desk.store.rebase_waits()
    assert desk.store.next_due_at(desk.clock.now()) == desk.clock.now() + 300
    desk.clock.forward(200)
    desk.store.rebase_waits()
    assert desk.store.next_due_at(desk.clock.now()) == desk.clock.now() + 100, "it is not begun anew"


def test_items_go_round_the_stations(desk: Desk) -> None:
    for page in (1, 2):
        desk.scan(key(1), page)
    for n in (2, 3):
        desk.scan(key(n), 1)
    order = [item.key for item in desk.store.due(ItemKind.SCAN, desk.clock.now(), 10)]
    assert order == [key(1), key(2), key(3), key(1)]
    poisoned = desk.store.due(ItemKind.SCAN, desk.clock.now(), 1)[0]
    desk.store.claim([poisoned.id])
    desk.store.defer([poisoned.id], 0.0, Reason("busy", "KPU RI sibuk."))
    assert desk.store.due(ItemKind.SCAN, desk.clock.now(), 10)[-1].id == poisoned.id
    queue.send_first(desk.wp, key(3).tps)
    assert desk.store.due(ItemKind.SCAN, desk.clock.now(), 1)[0].key == key(3)


def test_what_is_wanted_now_waits_for_no_time_but_this_one(desk: Desk) -> None:
    """Its old reason stands until it is tried; beside it stood the time it was queued as its next try."""
    server: Json = {"realm": desk.wp.realm, "district": desk.wp.district, "keys": {"k": "v"}}
    workplace.connect_server(desk.wp, server_url="https://kpu.example", setup=server)
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    desk.store.defer([item.id], desk.clock.now() + 600, Reason("busy", "KPU RI sibuk."))
    desk.clock.forward(60)
    queue.send_first(desk.wp, key().tps)
    (line,) = status.queue_rows(desk.wp)
    assert line.next_try is not None
    assert (line.reason_code, seconds_of(line.next_try)) == ("busy", desk.clock.now())
    assert desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)


def test_a_page_that_comes_late_sends_the_record_again_and_the_scan_once(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD)
    sha = desk.scan(key(), 1)
    ((item, body),) = desk.send(ItemKind.RECORD, "replayed")
    assert body["pages"] == [{"n": 1, "sha256": sha, "bytes": 1000}]
    assert [one.what for one, _ in desk.send(ItemKind.SCAN)] == [sha]
    desk.scan(key(), 1, "again")
    assert [one.n for one in pages.pages_of(desk.wp, key())] == [1], "the older page is kept as replaced"
    assert item.key == key()


def test_what_changes_while_it_is_on_its_way_is_sent_once_more(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    desk.scan(key(), 1)
    assert desk.store.due(ItemKind.RECORD, desk.clock.now(), 10) == []
    desk.store.record_result(item, "stored", desk.receipt("record", key().text(), item.what), None)
    assert len(desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)) == 1


def test_a_new_version_cancels_the_queued_verdict_and_a_stale_one_stops_aloud(desk: Desk) -> None:
    back(desk)
    verify.give_verdict(desk.wp, desk["vera"], key(), "wrong", "P1 salah baca")
    assert status.queue_count(desk.wp, kind=ItemKind.VERDICT) == 1
    assert head_state(desk) is VersionState.DISPUTED
    verify.correct(desk.wp, desk["citra"], key(), {"P1": 70, "V1": 180, "V3": 183}, "salah baca")
    assert status.queue_count(desk.wp, kind=ItemKind.VERDICT) == 0
    assert status.funnel(desk.wp).second_read == 0, "a correction needs a second reading like anything else"
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (body["cause"], [one["by"] for one in body["readings"]]) == ("correction", ["citra"])
    with pytest.raises(NotAllowed):
        keying.open_draft(desk.wp, desk["citra"], key())
    with pytest.raises(BadInput, match="sama"):
        verify.correct(desk.wp, desk["citra"], key(), {"P1": 70}, "salah baca")


def test_a_verdict_that_may_have_left_goes_before_the_next_one(desk: Desk) -> None:
    back(desk)
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    (first,) = desk.store.due(ItemKind.VERDICT, desk.clock.now(), 10)
    desk.store.claim([first.id])
    verify.give_verdict(desk.wp, desk["vera"], key(), "wrong", "P1 salah baca")
    assert desk.store.due(ItemKind.VERDICT, desk.clock.now(), 10) == [], "waits for the outcome of the first"
    desk.store.release_in_flight()
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")  # the second one never left
    (again,) = desk.store.due(ItemKind.VERDICT, desk.clock.now(), 10)
    assert again.id == first.id
    desk.store.claim([first.id])
    desk.store.stop([first.id], Reason("role", "Bukan verifikator.", 403))
    (last,) = desk.store.due(ItemKind.VERDICT, desk.clock.now(), 10)
    assert last.id == first.id + 2
    desk.store.claim([last.id])
    assert queue.retry(desk.wp) == 0, "the refused one was replaced: nothing brings it back"


def test_a_stale_verdict_stops_with_its_reason(desk: Desk) -> None:
    back(desk)
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    desk.send(ItemKind.VERDICT, "stale")
    (line,) = status.queue_rows(desk.wp, only_action=True)
    assert (line.kind, line.reason_code, line.needs_action, line.next_try) == (
        ItemKind.VERDICT,
        "stale",
        True,
        None,
    )
    assert queue.retry(desk.wp) == 1
    assert status.queue_count(desk.wp, only_action=True) == 0
    with pytest.raises(NotAllowed, match="sudah diberikan"):
        verify.give_verdict(desk.wp, desk["vera"], key(), "ok")


def test_four_eyes_bind_the_verifier_too(desk: Desk) -> None:
    for page in (1, 2):
        desk.scan(key(), page)
    keying.key_whole(desk.wp, desk["koor"], key(), GOOD)
    done = keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    desk.send(ItemKind.SCAN)
    desk.send(ItemKind.RECORD)
    desk.give_back(key(), str(done.version), GOOD)
    with pytest.raises(NotAllowed) as refused:
        verify.give_verdict(desk.wp, desk["koor"], key(), "ok")
    assert str(refused.value) == OWN_VERIFY
    assert verify.confirm_identical(desk.wp, desk["koor"]).refused == ((key(), OWN_VERIFY),)
    with pytest.raises(NotAllowed, match="verifikator"):
        verify.confirm_identical(desk.wp, desk["ani"])
    assert verify.confirm_identical(desk.wp, desk["vera"]).done == 1


def test_the_batch_says_why_it_leaves_a_form_out(desk: Desk) -> None:
    desk.scan(key(), 1)
    done = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD)
    desk.give_back(key(), str(done.version), {**GOOD, "P1": 72})
    (one,) = verify.returned(desk.wp, desk["vera"])
    assert (one.is_identical, one.differing, one.missing_pages) == (False, ("P1",), (2,))
    text = " ".join(one.why_not)
    for words in (
        "Belum tuntas",
        "berbeda di IV.01",
        "Halaman 2 belum dipindai",
        "Gambar halaman 1 belum ada",
    ):
        assert words in text
    with pytest.raises(NotAllowed, match="belum tuntas"):
        verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    with pytest.raises(NotFound, match="belum dikembalikan"):
        verify.returned_one(desk.wp, desk["vera"], key(2))
    result = verify.confirm_identical(desk.wp, desk["vera"], [key(), key(2)])
    assert result.done == 0
    assert [one for one, _ in result.refused] == [key(), key(2)]


def test_an_ok_needs_equal_numbers_and_all_pages(desk: Desk) -> None:
    desk.scan(key(), 1)
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    done = keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    desk.send(ItemKind.RECORD)
    desk.give_back(key(), str(done.version), {**GOOD, "P1": 72})
    with pytest.raises(NotAllowed, match=r"berbeda di IV\.01"):
        verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    desk.give_back(key(), str(done.version), GOOD)
    with pytest.raises(NotAllowed, match="Halaman 2 belum dipindai"):
        verify.give_verdict(desk.wp, desk["vera"], key(), "ok")


def test_the_feed_is_applied_once_and_what_is_new_in_it_is_kept(desk: Desk) -> None:
    name = settled(desk)
    event = desk.give_back(key(), name, GOOD)
    desk.store.apply_feed([event], FeedCursor("e1", desk.cursor))
    desk.feed("weather", key(), text="hujan")
    desk.feed("notice", text="KPU RI istirahat pukul 13.00.")
    desk.feed("returned", key(99), values_hash=name, cells={})
    assert desk.store.feed_cursor() == FeedCursor("e1", 4)
    assert exchange.notices(desk.wp.db.reader, 5)[0][0] == "KPU RI istirahat pukul 13.00."
    assert desk.wp.db.reader.execute("SELECT count(*) FROM feed_event").fetchone()[0] == 4
    row = c1_rows.find(desk.wp.db.reader, key())
    assert row is not None
    assert len(exchange.events_of(desk.wp.db.reader, row.id)) == 2


def test_a_return_that_overtakes_its_receipt(desk: Desk) -> None:
    done = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    desk.give_back(key(), str(done.version), GOOD)
    assert status.funnel(desk.wp).at_centre == 1
    desk.store.record_result(item, "replayed", desk.receipt("record", key().text(), item.what), None)
    assert head_state(desk) is VersionState.RETURNED


def test_a_rival_is_shown_and_its_correction_names_the_centres_head(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD, "rival")
    desk.feed("returned", key(), values_hash="a" * 64, cells={"P1": 70})
    assert head_state(desk) is VersionState.RIVAL
    assert [one.reason_code for one in status.waiting(desk.wp)].count("rival") == 1
    verify.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert body["parent"] == "a" * 64


def test_a_rejected_record_stops_and_can_be_tried_again(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD, "rejected")
    assert head_state(desk) is VersionState.REJECTED
    assert status.funnel(desk.wp).sent == 0
    assert queue.retry(desk.wp) == 1
    assert head_state(desk) is VersionState.QUEUED


def test_values_that_come_back_are_counted_as_a_repeat(desk: Desk) -> None:
    back(desk)
    verify.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    desk.send(ItemKind.RECORD)
    verify.correct(desk.wp, desk["ani"], key(), {"V2": 3, "V3": 184}, "salah baca")
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert body["repeat"] == 1


def test_a_form_filed_at_the_wrong_station_moves_with_its_pages(desk: Desk) -> None:
    name = settled(desk)
    verify.move_form(desk.wp, desk["citra"], key(1), key(2), "salah TPS")
    assert [one.n for one in pages.pages_of(desk.wp, key(2))] == [1, 2]
    assert pages.pages_of(desk.wp, key(1)) == []
    ((_, withdrawal),) = desk.send(ItemKind.WITHDRAWAL)
    assert (withdrawal["values_hash"], withdrawal["reason"]) == (name, "salah TPS")
    assert is_signed_by(desk["citra"].person.public_key, "withdrawal", desk.wp.realm, withdrawal)
    ((item, body),) = desk.send(ItemKind.RECORD)
    assert (item.key, body["cause"], len(body["pages"])) == (key(2), "moved", 2)
    assert keying.next_order(desk.wp, key(1)) is not None
    with pytest.raises(BadInput, match="sudah berisi"):
        verify.move_form(desk.wp, desk["citra"], key(1), key(2), "x")
    with pytest.raises(BadInput, match="jenis yang sama"):
        verify.move_form(desk.wp, desk["citra"], key(2), key(2), "x")
    with pytest.raises(BadInput, match="alasan"):
        verify.withdraw(desk.wp, desk["citra"], key(2), " ")
    with pytest.raises(NotFound):
        verify.withdraw(desk.wp, desk["citra"], key(3), "x")


def test_what_never_left_needs_no_withdrawal_at_the_centre(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    verify.withdraw(desk.wp, desk["ani"], key(), "salah TPS")
    assert status.queue_count(desk.wp) == 0
    assert keying.key_whole(desk.wp, desk["ani"], key(), GOOD).is_finished, "it is read afresh"


def test_withdrawing_a_correction_that_never_left_takes_back_what_the_centre_goes_by(desk: Desk) -> None:
    name = back(desk)
    verify.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    verify.correct(desk.wp, desk["citra"], key(), {"V2": 5, "V3": 186}, "salah baca")
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    ((_, withdrawal),) = desk.send(ItemKind.WITHDRAWAL)
    assert withdrawal["values_hash"] == name
    assert desk.send(ItemKind.RECORD) == [], "the corrections stay here"


def test_the_echo_of_a_withdrawal_spares_the_same_values_read_again(desk: Desk) -> None:
    name = back(desk)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    desk.send(ItemKind.WITHDRAWAL)
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.feed("withdrawn", key(), values_hash=name)
    assert head_state(desk) is not None
    ((_, again),) = desk.send(ItemKind.RECORD)
    assert again["repeat"] == 1
    desk.feed("withdrawn", key(), values_hash=name, repeat=1)
    assert head_state(desk) is None, "its own withdrawal is not spared"


def test_a_withdrawal_goes_behind_the_record_it_takes_back(desk: Desk) -> None:
    """Before it, the centre took it for the same values' earlier withdrawal, and the record then stayed public."""
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    assert desk.store.due(ItemKind.WITHDRAWAL, desk.clock.now(), 10) == []
    desk.store.record_result(item, "stored", desk.receipt("record", key().text(), item.what), None)
    assert len(desk.store.due(ItemKind.WITHDRAWAL, desk.clock.now(), 10)) == 1


def test_what_waits_for_another_of_its_form_says_so(desk: Desk) -> None:
    workplace.connect_server(
        desk.wp,
        server_url="https://kpu.example",
        setup={"realm": desk.wp.realm, "district": desk.wp.district, "keys": {"k": "v"}},
    )
    settled(desk)
    desk.send(ItemKind.RECORD)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    codes = {line.kind: (line.reason_code, line.reason) for line in status.queue_rows(desk.wp)}
    assert codes[ItemKind.WITHDRAWAL][0] == "queued"
    assert codes[ItemKind.RECORD] == ("behind", "Menunggu kiriman sebelumnya dari formulir ini.")
    desk.send(ItemKind.WITHDRAWAL)
    assert [line.reason_code for line in status.queue_rows(desk.wp)] == ["queued"]


def test_version_rows_know_their_times(desk: Desk) -> None:
    settled(desk)
    row = c1_rows.find(desk.wp.db.reader, key())
    assert row is not None
    assert row.head is not None
    with pytest.raises(ValueError, match="state"):
        versions.note_time(desk.wp.db.reader, row.head, "state", 1.0)


def test_what_is_sent_has_the_shapes_of_the_wire(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), BROKEN, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["budi"], key(), {**BROKEN, "P1": 72}, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["citra"], key(), {"P1": 71})
    for page in (1, 2):
        desk.scan(key(), page)
    ((_, record),) = desk.send(ItemKind.RECORD)
    shaped = wire.convert({**record, "sent_at": "2019-04-19T08:00:00Z"}, wire.Record)
    assert (len(shaped.readings), len(shaped.pages), bool(shaped.accepted)) == (3, 2, True)
    desk.give_back(key(), str(record_name(desk)), BROKEN)
    verify.give_verdict(desk.wp, desk["vera"], key(), "wrong", "salah baca")
    ((_, verdict),) = desk.send(ItemKind.VERDICT)
    wire.convert(verdict, wire.Verdict)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    ((_, withdrawal),) = desk.send(ItemKind.WITHDRAWAL)
    wire.convert(withdrawal, wire.Withdrawal)
    wire.convert(desk.store.operators_to_send(), wire.Operators)
    wire.convert(desk.store.journal_head(2), wire.JournalHead)


def test_a_session_that_was_ended_signs_nothing_more(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    for field, value in GOOD.items():
        keying.save_cell(desk.wp, draft.reading_id, field, value, field)
    people.set_active(desk.wp, desk["koor"], "ani", False)
    with pytest.raises(NotAllowed, match="tidak berlaku"):
        keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert keying.take_over(desk.wp, desk["budi"], key()).cells == GOOD, "the work is there"


def test_an_image_waits_for_its_hours_and_says_so_unless_its_tps_is_wanted_now(desk: Desk) -> None:
    workplace.connect_server(
        desk.wp,
        server_url="https://kpu.example",
        setup={"realm": desk.wp.realm, "district": desk.wp.district, "keys": {"k": "v"}},
    )
    for n in (1, 2):
        desk.scan(key(n), 1)
    now = datetime.fromtimestamp(desk.clock.now(), UTC).astimezone()
    later = (now.hour * 60 + 60) % DAY_MIN
    sending.choose(desk.wp, Sending(Hours(later, (later + 60) % DAY_MIN), 512))
    assert (
        desk.store.sending() == sending.chosen(desk.wp) == Sending(Hours(later, (later + 60) % DAY_MIN), 512)
    )
    assert queue.send_first(desk.wp, key(2).tps) == 1
    lines = {line.key: line for line in status.queue_rows(desk.wp)}
    assert lines[key(1)].reason_code == "schedule"
    assert "jadwal" in lines[key(1)].reason
    opening = lines[key(1)].next_try
    assert opening is not None
    assert 0 < seconds_of(opening) - desk.clock.now() <= 3600
    assert lines[key(2)].reason_code == "queued"
    states = {one.lane: one.state for one in status.channels(desk.wp)}
    assert (states[Lane.SCANS], states[Lane.RECORDS]) == ("scheduled", "open")


def test_what_is_left_counts_only_the_rest_of_a_half_sent_image(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    sha, other = desk.scan(key(), 1), desk.scan(key(), 2)
    before = desk.store.left()
    assert (before.numbers, before.images) == (1, 2)
    desk.store.save_upload(
        UploadState(sha, "https://kpu.example/scans", "https://kpu.example/scans/1", 400, 1000)
    )
    assert desk.store.left() == replace(before, image_bytes=before.image_bytes - 400)
    item = next(one for one in desk.store.due(ItemKind.SCAN, desk.clock.now(), 9) if one.what == other)
    desk.store.claim([item.id])
    desk.store.stop([item.id], Reason("local_changed", "Berkas berubah."))
    assert desk.store.left() == Left(1, 1, 600)
    assert status.facts_json(desk.wp)["left"] == {"numbers": 1, "images": 1, "image_bytes": 600}


def test_a_verified_form_that_became_a_rival_is_not_verified(desk: Desk) -> None:
    name = back(desk)
    assert verify.confirm_identical(desk.wp, desk["vera"]).done == 1
    assert status.funnel(desk.wp).verified == 1
    desk.feed("rival", key(), values_hash=name)
    assert head_state(desk) is VersionState.RIVAL
    assert status.funnel(desk.wp).verified == 0, "its verdict is about a form KPU RI does not hold"
