"""Pages that arrive days apart: parts of one reading, by one person or several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.cell import Cell
from app.domain.people import OWN_FORM, OWN_VERIFY
from app.domain.readings import Order, Outcome
from app.domain.times import iso
from app.errors import BadInput, NotAllowed
from app.forms import load
from app.ports import ItemKind
from app.services import attention, batch, corrections, history, keying, moving, pages, status, verify
from app.services.waits import Waiting
from app.store import c1 as c1_rows
from app.store import readings
from tests.fakes.district import BROKEN, GOOD, Desk, key, make, own

FORM = load("c1-ppwp-2019")
PAGE_1: dict[str, Cell] = {one: GOOD[one] for one in ("A1.J", "B4.J")}
PAGE_2: dict[str, Cell] = {one: cell for one, cell in GOOD.items() if one not in PAGE_1}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make(tmp_path)
    yield made
    made.wp.close()


def read(desk: Desk, who: str, cells: dict[str, Cell], n: int = 1) -> keying.Finished:
    return keying.key_whole(desk.wp, desk[who], key(n), cells, accept=[keying.ACCEPT_ALL])


def stops(desk: Desk, n: int = 1) -> list[Waiting]:
    """Where the form stops, but for sending and sheets that are not scanned."""
    return [
        one
        for one in status.waiting(desk.wp)
        if one.tps == key(n).tps and one.step not in ("sent", "scanned")
    ]


def test_a_page_goes_out_at_once_and_the_next_makes_the_next_version(tmp_path: Path) -> None:
    desk = make(tmp_path, profile="lengkap")
    whole: dict[str, Cell] = {**dict.fromkeys((one.id for one in FORM.fields), 0), **GOOD}
    page = {n: {one: whole[one] for one in whole if FORM.page_of[one] == n} for n in (1, 2)}
    first = read(desk, "ani", page[1])
    assert (first.outcome, first.lacking) == (Outcome.PARTLY_READ, {2: 5})
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (len(body["cells"]), body["parent"], body["cause"]) == (34, None, "first")
    assert "cells" not in body["readings"][0]
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    assert (draft.order, draft.fields) == (Order.FIRST, ("P1", "P2", "V1", "V2", "V3"))
    second = read(desk, "ani", page[2])
    assert (second.outcome, second.lacking) == (Outcome.NEEDS_SECOND, {})
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (len(body["cells"]), body["parent"], body["cause"]) == (39, first.version, "first")
    assert [(one["by"], one["order"], len(one["cells"])) for one in body["readings"]] == [
        ("ani", 1, 34),
        ("ani", 1, 5),
    ]
    desk.wp.close()


def test_what_never_left_is_nobodys_parent(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    read(desk, "budi", PAGE_2)
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (body["parent"], len(body["cells"])) == (None, 7)


def test_a_form_read_in_part_is_not_keyed_whatever_the_centre_has_of_it(desk: Desk) -> None:
    desk.scan(key(), 1)
    first = read(desk, "ani", PAGE_1)
    desk.send(ItemKind.RECORD)
    assert first.version is not None
    desk.give_back(key(), first.version, PAGE_1)
    counts = status.funnel(desk.wp)
    assert (counts.received, counts.keyed, counts.sent, counts.at_centre) == (1, 0, 0, 0)
    assert [one.reason_code for one in stops(desk)] == ["page_absent"], "it waits for no verdict"
    assert verify.returned(desk.wp, desk["vera"]) == []
    assert verify.returned_count(desk.wp) == 0
    assert verify.confirm_identical(desk.wp, desk["vera"]).done == 0
    for verdict in ("ok", "wrong"):
        with pytest.raises(NotAllowed, match="dientri sebagian"):
            verify.give_verdict(desk.wp, desk["vera"], key(), verdict)
    assert status.form_rows(desk.wp)[0].state == "Dientri sebagian"
    read(desk, "ani", PAGE_2)
    counts = status.funnel(desk.wp)
    assert (counts.keyed, counts.sent, counts.second_read) == (1, 0, 0)
    desk.send(ItemKind.RECORD)
    read(desk, "budi", GOOD)
    counts = status.funnel(desk.wp)
    assert (counts.keyed, counts.at_centre, counts.second_read) == (1, 1, 1)


def test_it_says_that_the_page_is_absent_then_that_it_was_scanned(desk: Desk) -> None:
    desk.scan(key(), 1)
    desk.clock.forward(60)
    read(desk, "ani", PAGE_1)
    at = iso(desk.clock.now())
    desk.clock.forward(3600)
    (one,) = stops(desk)
    assert (one.step, one.reason_code, one.since) == ("keyed", "page_absent", at)
    assert one.reason == "Halaman 2 belum ada: 5 kotak belum dientri."
    desk.scan(key(), 2)
    (one,) = stops(desk)
    assert (one.step, one.reason_code) == ("keyed", "page_waits")
    assert one.reason == "Halaman 2 sudah dipindai, belum dientri."
    read(desk, "ani", PAGE_2)
    (one,) = stops(desk)
    assert (one.step, one.reason_code) == ("second_read", "needs_second")


def test_begun_forms_come_first_once_their_page_is_here_and_are_proposed_to_nobody_before(desk: Desk) -> None:
    for n in (1, 2):
        for page in (1, 2):
            desk.scan(key(4), page)
        desk.scan(key(n), 1)
        read(desk, "ani", PAGE_1, n)
    assert keying.next_key(desk.wp, desk["ani"], Order.FIRST) == key(4)
    rows = keying.work_list(desk.wp, desk["ani"], "first")
    assert [row.key for row in rows] == [key(4), key(3), key(1), key(2)]
    assert [(row.lacking, row.is_absent) for row in rows] == [((), False)] * 2 + [((2,), True)] * 2
    assert next(one.count for one in status.needs_me(desk.wp, desk["ani"].person) if one.code == "first") == 1
    desk.scan(key(2), 2)
    assert keying.next_key(desk.wp, desk["budi"], Order.FIRST) == key(2)
    rows = keying.work_list(desk.wp, desk["budi"], "first")
    assert [(row.key, row.is_absent) for row in rows][:1] == [(key(2), False)]
    pages.set_aside(desk.wp, desk["pindai"], pages.pages_of(desk.wp, key(2))[1].id)
    assert keying.next_key(desk.wp, desk["budi"], Order.FIRST) == key(4)
    for n in (3, 4):
        read(desk, "budi", GOOD, n)
    assert keying.next_key(desk.wp, desk["budi"], Order.FIRST) is None
    assert keying.open_draft(desk.wp, desk["budi"], key(1)).fields == tuple(PAGE_2), "by its number it opens"


def test_who_read_a_part_has_no_hand_in_another_reading(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    read(desk, "budi", PAGE_2)
    for who in ("ani", "budi"):
        with pytest.raises(NotAllowed) as refused:
            keying.open_draft(desk.wp, desk[who], key())
        assert str(refused.value) == OWN_FORM
        assert keying.work_list(desk.wp, desk[who], "second") == []
    half = read(desk, "citra", PAGE_1)
    assert (half.order, half.outcome, half.lacking) == (Order.SECOND, Outcome.NEEDS_SECOND, {2: 5})
    (one,) = stops(desk)
    assert (one.step, one.reason_code) == ("second_read", "page_absent")
    assert keying.next_key(desk.wp, desk["vera"], Order.SECOND) is None
    assert all(one.count == 0 for one in status.needs_me(desk.wp, desk["vera"].person)), "only its page is"
    draft = keying.open_draft(desk.wp, desk["vera"], key())
    assert (draft.order, draft.fields, dict(draft.given)) == (Order.SECOND, tuple(PAGE_2), PAGE_1)
    assert read(desk, "vera", PAGE_2).outcome is Outcome.SETTLED
    assert status.funnel(desk.wp).second_read == 1
    by = {line.who for line in history.history(desk.wp, key()) if line.kind == "reading"}
    assert by == {"Ani", "Budi", "Citra", "Vera"}
    texts = [line.text for line in history.history(desk.wp, key()) if line.kind == "reading"]
    assert texts[0] == "Entri pertama halaman 1 selesai"
    assert texts[3] == "Entri kedua halaman 2 selesai"


def test_whoever_handed_a_page_over_reads_and_verifies_the_form_no_more(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    draft = keying.open_draft(desk.wp, desk["koor"], key())
    keying.save_cell(desk.wp, draft.reading_id, "P1", 71, "P1").result()
    with pytest.raises(keying.DraftTaken):
        keying.open_draft(desk.wp, desk["ani"], key())
    mine = keying.take_over(desk.wp, desk["ani"], key())
    assert (mine.fields, mine.cells, mine.taken_over_from) == (tuple(PAGE_2), {"P1": 71}, ("koor",))
    done = read(desk, "ani", PAGE_2)
    for who in ("ani", "koor"):
        with pytest.raises(NotAllowed):
            keying.open_draft(desk.wp, desk[who], key())
    read(desk, "budi", GOOD)
    for n in (1, 2):
        desk.scan(key(), n)
    desk.send(ItemKind.SCAN)
    desk.send(ItemKind.RECORD)
    assert done.version is not None
    held = [(one.n, one.scan_sha256) for one in pages.pages_of(desk.wp, key())]
    desk.give_back(key(), done.version, GOOD, held)
    with pytest.raises(NotAllowed) as refused:
        verify.give_verdict(desk.wp, desk["koor"], key(), "ok")
    assert str(refused.value) == OWN_VERIFY
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")


def test_a_page_begun_keeps_the_reading_open_and_names_its_boxes(desk: Desk) -> None:
    left = keying.key_whole(desk.wp, desk["ani"], key(), {**PAGE_1, "P1": 71})
    assert left.missing == ("P2", "V1", "V2", "V3")
    with pytest.raises(BadInput, match=r"Kotak belum diisi: B4\.J"):
        batch.key_line(desk.wp, desk["budi"], key(2), {"A1.J": 198}, [])
    row = batch.key_line(desk.wp, desk["budi"], key(3), PAGE_1, ["*"])
    assert (row["outcome"], row["lacking"]) == ("partly_read", {"2": 5})
    draft = keying.open_draft(desk.wp, desk["citra"], key(4))
    for box in PAGE_1:
        keying.save_cell(desk.wp, draft.reading_id, box, own(4)[box], box).result()
    assert keying.finish(desk.wp, desk["citra"], draft.reading_id).missing == tuple(PAGE_2), (
        "only when it is said"
    )
    assert keying.finish(desk.wp, desk["citra"], draft.reading_id, by_page=True).is_finished


def test_findings_look_over_all_pages_and_what_was_accepted_stands(desk: Desk) -> None:
    odd: dict[str, Cell] = {"A1.J": 500, "B4.J": 184}
    left = keying.key_whole(desk.wp, desk["ani"], key(), odd)
    assert left.findings_left, "the register knows 198"
    assert all("tidak" not in one.check for one in left.findings_left)
    read(desk, "ani", odd)
    draft = keying.open_draft(desk.wp, desk["budi"], key())
    for box, cell in BROKEN.items():
        if box in draft.fields:
            keying.save_cell(desk.wp, draft.reading_id, box, cell, box).result()
    found = keying.findings_of(desk.wp, draft.reading_id)
    assert any({"B4.J", "V3"} <= set(one.finding.depends_on) for one in found), "194 on page 2, 184 on page 1"
    assert all(set(one.finding.depends_on) & set(PAGE_2) for one in found), "page 1 is not his to explain"
    read(desk, "budi", {one: BROKEN[one] for one in PAGE_2})
    *_, (_, body) = desk.send(ItemKind.RECORD)
    assert {"ani", "budi"} == {one["by"] for one in body["accepted"]}


def test_a_later_part_in_which_a_key_was_pressed_is_a_hand_in_the_reading(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    draft = keying.open_draft(desk.wp, desk["budi"], key())
    keying.put_back(desk.wp, desk["budi"], draft.reading_id).result()
    assert keying.drafts_of(desk.wp, "budi") == [], "untouched"
    draft = keying.open_draft(desk.wp, desk["budi"], key())
    keying.save_cell(desk.wp, draft.reading_id, "V3", 194, "V3").result()
    keying.save_cell(
        desk.wp, draft.reading_id, "V3", None, "V3"
    ).result()  # the sum it broke was on the screen
    keying.put_back(desk.wp, desk["budi"], draft.reading_id).result()
    assert [one.reading_id for one in keying.drafts_of(desk.wp, "budi")] == [draft.reading_id]


def test_f2_reopens_the_last_part_and_what_is_on_its_way_stays_what_was_signed(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    desk.send(ItemKind.RECORD)
    read(desk, "ani", PAGE_2)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    draft = keying.reopen(desk.wp, desk["ani"], key())
    assert (draft.fields, draft.cells) == (tuple(PAGE_2), PAGE_2)
    keying.save_cell(desk.wp, draft.reading_id, "P1", 70, "P1").result()
    changed = read(desk, "ani", {})
    assert changed.version != item.what
    sent = desk.store.record_body(item)
    assert sent is not None
    assert [one.get("cells", {}).get("P1") for one in sent["readings"]] == [None, 71]
    desk.store.record_result(item, "stored", desk.receipt("record", key().text(), item.what), None)
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (body["parent"], body["cells"]["P1"]) == (item.what, 70)


def test_a_second_reading_reopened_and_handed_over_is_not_sent_under_another_name(desk: Desk) -> None:
    """Its signature is Citra's: the centre would refuse the record, and the form would stop there."""
    read(desk, "ani", GOOD)
    read(desk, "citra", PAGE_1)
    desk.send(ItemKind.RECORD)
    keying.reopen(desk.wp, desk["citra"], key())
    keying.take_over(desk.wp, desk["vera"], key())
    desk.scan(key(), 1)
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert [(one["by"], one["order"]) for one in body["readings"]] == [("ani", 1)]
    assert len(body["pages"]) == 1
    read(desk, "vera", {})
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert [(one["by"], one["order"], one["taken_over_from"]) for one in body["readings"]] == [
        ("ani", 1, []),
        ("vera", 2, ["citra"]),
    ]


def test_f2_on_the_first_page_until_the_second_was_read(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    draft = keying.reopen(desk.wp, desk["ani"], key())
    assert draft.fields == tuple(PAGE_1)
    assert keying.finish(desk.wp, desk["ani"], draft.reading_id).outcome is Outcome.PARTLY_READ
    read(desk, "budi", PAGE_2)
    with pytest.raises(NotAllowed, match="halaman lain formulir ini sudah dientri"):
        keying.reopen(desk.wp, desk["ani"], key())
    assert keying.reopen(desk.wp, desk["budi"], key()).fields == tuple(PAGE_2)


def test_nobody_is_said_to_have_read_after_whoever_opened_her_own_next_page(desk: Desk) -> None:
    """She is one reader still; no third person will settle anything."""
    read(desk, "ani", PAGE_1)
    keying.open_draft(desk.wp, desk["ani"], key())
    with pytest.raises(NotAllowed, match="halaman lain formulir ini sedang dientri") as refused:
        keying.reopen(desk.wp, desk["ani"], key())
    assert "orang ketiga" not in refused.value.hint


def test_a_form_read_in_part_is_corrected_withdrawn_and_moved_like_any_other(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    desk.send(ItemKind.RECORD)
    corrections.correct(desk.wp, desk["budi"], key(), {"A1.J": 197}, "salah baca")
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (body["cells"], body["cause"]) == ({"A1.J": 197, "B4.J": 184}, "correction")
    with pytest.raises(BadInput, match="Kotak P2, V1, V2, V3 belum"):
        corrections.correct(desk.wp, desk["budi"], key(), {"P1": 71}, "salah baca")
    assert keying.open_draft(desk.wp, desk["ani"], key()).fields == tuple(PAGE_2), (
        "a fresh start: Ani may again"
    )
    read(desk, "ani", PAGE_2)
    read(desk, "ani", PAGE_1, 2)
    verify.move_form(desk.wp, desk["budi"], key(2), key(3), "salah TPS")
    assert keying.open_draft(desk.wp, desk["citra"], key(3)).fields == tuple(PAGE_2)
    assert keying.next_order(desk.wp, key(2)) is Order.FIRST
    assert keying.open_draft(desk.wp, desk["citra"], key(2)).fields == tuple(GOOD), (
        "nothing of it is left there"
    )
    verify.withdraw(desk.wp, desk["budi"], key(1), "salah TPS")
    row = c1_rows.find(desk.wp.db.reader, key(1))
    assert row is not None
    assert (row.outcome, row.head) == (Outcome.UNREAD, None)
    assert readings.of_form(desk.wp.db.reader, row.id, row.generation) == []


def test_differences_between_parts_go_to_a_third_person_box_by_box(desk: Desk) -> None:
    read(desk, "ani", PAGE_1)
    read(desk, "budi", PAGE_2)
    assert read(desk, "citra", {**GOOD, "A1.J": 197, "P2": 101}).outcome is Outcome.NEEDS_THIRD
    draft = keying.open_draft(desk.wp, desk["vera"], key())
    assert (draft.fields, dict(draft.given)) == (("A1.J", "P2"), {})
    done = keying.key_whole(desk.wp, desk["vera"], key(), {"A1.J": 198, "P2": 110})
    assert done.outcome is Outcome.SETTLED
    *_, (_, body) = desk.send(ItemKind.RECORD)
    assert body["cells"] == GOOD


def test_a_later_page_does_not_go_to_another_station_without_the_first(desk: Desk) -> None:
    """Its sheets went along, and the numbers of page 1 stayed behind without them."""
    for page in (1, 2):
        desk.scan(key(2), page)
    read(desk, "ani", {**PAGE_1, "A1.J": 199}, 2)
    draft = keying.open_draft(desk.wp, desk["budi"], key(2))
    keying.save_cell(desk.wp, draft.reading_id, "P1", 71, "P1").result()
    with pytest.raises(NotAllowed, match="sudah dientri di sini"):
        moving.move_draft(desk.wp, desk["budi"], key(2), key(3))
    assert [len(pages.pages_of(desk.wp, key(n))) for n in (2, 3)] == [2, 0]
    read(desk, "budi", PAGE_2, 2)
    moving.move_form(desk.wp, desk["budi"], key(2), key(3), "salah TPS")
    assert [len(pages.pages_of(desk.wp, key(n))) for n in (2, 3)] == [0, 2]


def test_a_page_that_came_later_is_no_correction_that_waits_to_be_seen(desk: Desk) -> None:
    first = read(desk, "ani", PAGE_1)
    desk.send(ItemKind.RECORD)
    desk.give_back(key(), first.version or "", PAGE_1)
    read(desk, "ani", PAGE_2)
    assert attention.matters(desk.wp, attention.Matter.UNSEEN) == []
    desk.send(ItemKind.RECORD)
    draft = keying.reopen(desk.wp, desk["ani"], key())
    keying.save_cell(desk.wp, draft.reading_id, "P1", 70, "P1").result()
    read(desk, "ani", {})
    assert [one.key for one in attention.matters(desk.wp, attention.Matter.UNSEEN)] == [key()]
