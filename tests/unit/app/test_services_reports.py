"""What the services tell: lists, needs, exports, lanes; what they keep for the engine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.attestation import is_signed_by
from app.domain.times import iso
from app.errors import BadInput, NotFound
from app.ports import ChannelState, IntakeState, ItemKind, Lane, Reason, UploadState
from app.services import export, keying, pages, people, register, status, workplace
from app.services.verdicts import uuid7
from tests.fakes.district import BROKEN, GOOD, Desk, key, make, new_scan, settled


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def test_channels_and_uploads_are_kept(desk: Desk) -> None:
    assert desk.store.channel(Lane.SCANS) == ChannelState(Lane.SCANS)
    state = ChannelState(
        Lane.SCANS, 5.5, 2, "sfq", 3.5, 19.0, 25, (0.5, 1.25), Reason("busy", "Sibuk.", 503), True, 7.0
    )
    desk.store.save_channel(state)
    assert desk.store.channel(Lane.SCANS) == state
    upload = UploadState("a" * 64, "https://kpu/scans", "https://kpu/scans/1", 500, 1000, 9.0)
    desk.store.save_upload(upload)
    assert desk.store.upload("a" * 64, "https://kpu/scans") == upload
    desk.store.forget_upload("a" * 64, "https://kpu/scans")
    assert desk.store.upload("a" * 64, "https://kpu/scans") is None
    desk.store.save_anchor(3)
    assert desk.store.anchored_seq() == 3
    head = desk.store.journal_head(3)
    assert set(head["earlier"]) == {"3"}
    assert desk.store.journal_head(10_000)["earlier"] == {}


def test_lists_filters_and_needs(desk: Desk) -> None:
    settled(desk, 1)
    keying.key_whole(desk.wp, desk["ani"], key(2), BROKEN, accept=[keying.ACCEPT_ALL])
    register.receive(desk.wp, desk["pindai"], [key(3)])
    rows = status.form_rows(desk.wp)
    assert [row.key for row in rows] == [key(n) for n in (1, 2, 3, 4)]
    assert [row.state for row in rows] == [
        "Diterima KPU RI",
        "Selesai dientri",
        "Belum dientri",
        "Belum diterima",
    ]
    assert status.form_count(desk.wp, only="keyed") == 2
    assert [row.key for row in status.form_rows(desk.wp, "2 cileunyi")] == [key(2)]
    assert (
        status.form_count(desk.wp, kecamatan="3204052001")
        == status.form_count(desk.wp, kecamatan="320405")
        == 4
    )
    assert status.form_rows(desk.wp, limit=1, offset=3)[0].key == key(4)
    (area,) = status.funnel_by_area(desk.wp, "3204")
    assert (area.name, area.stations, area.keyed, area.second_read) == ("Cileunyi", 4, 2, 1)
    assert status.funnel_by_area(desk.wp, "320405")[0].name == "Cileunyi Kulon"
    needs = {one.code: one.count for one in status.needs_me(desk.wp, desk["citra"].person)}
    assert needs == {"second": 1, "first": 1}
    assert {one.code for one in status.needs_me(desk.wp, desk["pindai"].person)} == {"missing_pages"}
    steps = {one.reason_code for one in status.waiting(desk.wp)}
    assert steps == {"no_server", "needs_second", "needs_first", "missing_pages", "not_returned"}
    assert len(status.waiting(desk.wp, 2)) == 2
    facts = status.facts_json(desk.wp)
    assert set(facts) == {
        "funnel",
        "channels",
        "waiting",
        "left",
        "line",
        "notices",
        "thrifty",
        "public_site",
    }
    assert set(facts["channels"][0]) == {"class", "state", "gate_until", "reason", "in_flight_limit"}
    lanes = {one.lane: one for one in status.lanes(desk.wp)}
    assert lanes[Lane.RECORDS].waiting == 1


def test_csv_has_every_form_with_its_values(desk: Desk, tmp_path: Path) -> None:
    settled(desk)
    export.csv(desk.wp, tmp_path / "out.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 4
    assert (rows[0]["tps"], rows[0]["P1"], rows[0]["tuntas_dibaca"]) == (str(key().tps), "71", "ya")
    assert rows[1]["P1"] == ""


def test_a_closed_gate_says_why_and_until_when(desk: Desk) -> None:
    setup = {"realm": desk.wp.realm, "district": "3204", "server": "https://kpu", "keys": {"k1": "AA=="}}
    workplace.connect_server(desk.wp, server_url="", setup=setup)
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.scan(key(), 1)
    until = desk.clock.now() + 60
    busy = Reason("busy", "KPU RI menjawab 503 tujuh kali dari sepuluh.", 503)
    desk.store.save_channel(ChannelState(Lane.RECORDS, gate_until=until, reason=busy))
    desk.store.save_channel(ChannelState(Lane.SCANS, is_paused=True))
    views = {one.lane: one for one in status.channels(desk.wp)}
    assert [views[lane].state for lane in (Lane.VERDICTS, Lane.RECORDS, Lane.SCANS)] == [
        "open",
        "closed",
        "paused",
    ]
    rows = {one.kind: one for one in status.queue_rows(desk.wp)}
    assert (rows[ItemKind.RECORD].reason_code, rows[ItemKind.RECORD].next_try) == ("busy", iso(until))
    assert (rows[ItemKind.SCAN].reason_code, rows[ItemKind.SCAN].next_try) == ("paused_here", None)
    assert rows[ItemKind.SCAN].what == "Gambar hal. 1"
    ids = [item.id for item in desk.store.due(ItemKind.RECORD, desk.clock.now(), 5)]
    desk.store.claim(ids)
    assert status.queue_rows(desk.wp, kind=ItemKind.RECORD)[0].reason_code == "in_flight"
    desk.store.stop(ids, Reason("changed", "Berkas berubah sejak dipindai."))
    (line,) = status.queue_rows(desk.wp, only_action=True)
    assert (line.reason, line.next_try) == ("Berkas berubah sejak dipindai.", None)
    assert desk.store.record_body(desk.store.due(ItemKind.SCAN, 2e9, 1)[0]) is None


def test_the_inbox_keeps_what_cannot_be_placed(desk: Desk) -> None:
    rows = pages.page_rows(desk.wp)
    unknown = rows.add_page(new_scan("1" * 64), key(99), 1, IntakeState.ASSIGNED, "pindai")
    assert (unknown.state, "tidak dikenal" in unknown.text) == (IntakeState.INBOX, True)
    wrong = rows.add_page(new_scan("2" * 64), key(1), 9, IntakeState.ASSIGNED, "pindai")
    assert "tidak punya halaman 9" in wrong.text
    assert (
        rows.add_page(new_scan("3" * 64), None, None, IntakeState.ASSIGNED, "pindai").state
        is IntakeState.INBOX
    )
    again = rows.add_page(new_scan("3" * 64), key(1), 1, IntakeState.ASSIGNED, "pindai")
    assert again.state is IntakeState.DUPLICATE
    assert rows.is_known_original("3" * 64)
    assert not rows.is_known_original("4" * 64)
    cover = rows.add_page(new_scan("5" * 64), None, None, IntakeState.COVER, "pindai")
    assert cover.state is IntakeState.COVER
    inbox = pages.inbox(desk.wp)
    assert [one.scan_sha256[0] for one in inbox] == ["1", "2", "3"]
    assert (inbox[1].key, inbox[1].page) == (key(1), 9)
    pages.assign(desk.wp, desk["pindai"], inbox[1].id, key(1), 2)
    pages.set_aside(desk.wp, desk["pindai"], inbox[2].id, "kosong")
    assert [one.scan_sha256[0] for one in pages.inbox(desk.wp)] == ["1"]
    (missing,) = pages.missing_pages(desk.wp)
    assert (missing.key, missing.missing) == (key(1), (1,))
    with pytest.raises(NotFound):
        pages.assign(desk.wp, desk["pindai"], 999, key(1), 1)
    with pytest.raises(BadInput):
        pages.assign(desk.wp, desk["pindai"], inbox[0].id, key(1), 3)
    assert pages.scan_path(desk.wp, "ab" * 32).parts[-2:] == ("ab", "ab" * 32)


def test_a_verdicts_id_is_a_uuid_of_version_7() -> None:
    one = uuid7(1_555_500_000.0)
    assert one[14] == "7"
    assert one[19] in "89ab"
    assert int(one.replace("-", "")[:12], 16) == 1_555_500_000_000


def test_operators_are_sent_once_per_change(desk: Desk) -> None:
    body = desk.store.operators_to_send()
    assert body is not None
    assert {one["id"] for one in body["operators"]} >= {"koor", "ani", "vera"}
    assert is_signed_by(desk["koor"].person.public_key, "operators", desk.wp.realm, body)
    desk.store.operators_sent(body)
    assert desk.store.operators_to_send() is None


def test_a_list_of_people_is_newer_than_the_last_one_though_the_clock_was_set_back(desk: Desk) -> None:
    """The centre takes the newer of two lists: else a person who was kept out a day "earlier" would stay."""
    before = desk.store.operators_to_send()
    desk.clock.wall -= 86_400
    people.set_active(desk.wp, desk["koor"], "vera", active=False)
    after = desk.store.operators_to_send()
    assert before is not None
    assert after is not None
    assert after["at"] > before["at"]
    assert is_signed_by(desk["koor"].person.public_key, "operators", desk.wp.realm, after)
