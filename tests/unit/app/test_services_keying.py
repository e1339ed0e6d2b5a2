from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.attestation import is_signed_by
from app.domain.cell import Mark
from app.domain.people import OWN_FORM, Role
from app.domain.readings import Order, Outcome
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import ItemKind, Reason
from app.services import corrections, keying, people, status
from tests.fakes import district
from tests.fakes.district import BROKEN, GOOD, PIN, Desk, key, make


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def _type(desk: Desk, reading: int, cells: dict[str, object]) -> None:
    for field, value in cells.items():
        keying.save_cell(desk.wp, reading, field, value, field, str(value))  # type: ignore[arg-type]  # tests name cells loosely


def test_a_draft_is_kept_key_by_key_with_what_is_being_typed(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    assert (draft.order, draft.fields) == (Order.FIRST, tuple(GOOD))
    assert draft.dpt is not None
    assert draft.dpt.j == 198
    keying.save_cell(desk.wp, draft.reading_id, "A1.J", 198, "B4.J", "18").result()
    keying.save_cell(desk.wp, draft.reading_id, "P1", Mark.BLANK, "P1").result()
    again = keying.open_draft(desk.wp, desk["ani"], key())
    assert again.cells == {"A1.J": 198, "P1": Mark.BLANK}
    assert (again.reading_id, again.current) == (draft.reading_id, "P1")
    keying.save_cell(desk.wp, draft.reading_id, "P1", None, "P1").result()
    assert keying.draft(desk.wp, draft.reading_id).cells == {"A1.J": 198}
    (info,) = keying.drafts_of(desk.wp, "ani")
    assert (info.keyed, info.total) == (1, 7)


def test_a_form_nobody_typed_in_is_free_again(desk: Desk) -> None:
    first = keying.open_draft(desk.wp, desk["ani"], key())
    keying.put_back(desk.wp, desk["budi"], first.reading_id).result()
    assert keying.drafts_of(desk.wp, "ani")
    keying.put_back(desk.wp, desk["ani"], first.reading_id).result()
    assert not keying.drafts_of(desk.wp, "ani")
    second = keying.open_draft(desk.wp, desk["budi"], key())
    keying.save_cell(desk.wp, second.reading_id, "A1.J", None, "A1.J", "1").result()
    keying.put_back(desk.wp, desk["budi"], second.reading_id).result()
    with pytest.raises(keying.DraftTaken):
        keying.open_draft(desk.wp, desk["ani"], key())


def test_a_cell_of_no_draft_is_refused(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    with pytest.raises(NotAllowed):
        keying.save_cell(desk.wp, draft.reading_id, "A1.L", 1, "A1.L").result()
    with pytest.raises(NotAllowed):
        keying.save_cell(desk.wp, 999, "A1.J", 1, "A1.J").result()
    with pytest.raises(NotFound):
        keying.draft(desk.wp, 999)


def test_finish_names_what_is_missing_and_what_needs_a_reason(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    _type(desk, draft.reading_id, {**BROKEN, "V3": 194})
    keying.save_cell(desk.wp, draft.reading_id, "V2", None, "V2").result()
    halfway = keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert (halfway.is_finished, halfway.missing) == (False, ("V2",))
    keying.save_cell(desk.wp, draft.reading_id, "V2", 3, "V2").result()
    left = keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert [one.check for one in left.findings_left]
    assert status.funnel(desk.wp).keyed == 0
    for one in left.findings_left:
        keying.accept(desk.wp, desk["ani"], draft.reading_id, one.check, "tertulis_demikian")
    done = keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert done.is_finished
    assert done.outcome is Outcome.NEEDS_SECOND
    assert done.next_key == key(2)
    assert status.funnel(desk.wp).keyed == 1


def test_an_acceptance_lapses_when_its_cell_changes_and_going_back_does_not_restore_it(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    _type(desk, draft.reading_id, dict(BROKEN))
    code = keying.findings_of(desk.wp, draft.reading_id)[0].check
    codes = [one.check for one in keying.findings_of(desk.wp, draft.reading_id) if one.needs_reason]
    for code in codes:
        keying.accept(desk.wp, desk["ani"], draft.reading_id, code, "lainnya", "tinta luntur")
    views = {one.check: one for one in keying.findings_of(desk.wp, draft.reading_id)}
    assert all(views[code].accepted is not None for code in codes)
    keying.save_cell(desk.wp, draft.reading_id, "V1", 191, "V1").result()  # the same value: nothing changed
    assert keying.findings_of(desk.wp, draft.reading_id)[0].accepted is not None
    keying.save_cell(desk.wp, draft.reading_id, "V1", 192, "V1")
    keying.save_cell(desk.wp, draft.reading_id, "V1", 191, "V1").result()
    after = {one.check: one for one in keying.findings_of(desk.wp, draft.reading_id)}
    lapsed = [code for code in codes if after[code].accepted is None]
    assert lapsed, "what read V1 is open again"
    assert all("V1" in after[code].finding.depends_on for code in lapsed)


def test_reasons_are_checked(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    _type(desk, draft.reading_id, dict(BROKEN))
    code = keying.findings_of(desk.wp, draft.reading_id)[0].check
    with pytest.raises(BadInput, match="tidak dikenal"):
        keying.accept(desk.wp, desk["ani"], draft.reading_id, code, "malas")
    with pytest.raises(BadInput, match="catatan"):
        keying.accept(desk.wp, desk["ani"], draft.reading_id, code, "lainnya")
    with pytest.raises(BadInput, match="sudah tidak ada"):
        keying.accept(desk.wp, desk["ani"], draft.reading_id, "no-such-check", "tertulis_demikian")
    with pytest.raises(NotAllowed, match="dipegang orang lain"):
        keying.accept(desk.wp, desk["budi"], draft.reading_id, code, "tertulis_demikian")
    with pytest.raises(NotFound):
        keying.findings_of(desk.wp, 999)


def test_the_first_reader_never_reads_again_in_the_words_of_the_design(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    with pytest.raises(NotAllowed) as refused:
        keying.open_draft(desk.wp, desk["ani"], key())
    assert str(refused.value) == OWN_FORM
    assert keying.next_key(desk.wp, desk["ani"], Order.SECOND) is None
    assert keying.next_key(desk.wp, desk["budi"], Order.SECOND) == key()


def test_the_second_reader_is_shown_nothing_of_the_first(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (row,) = keying.work_list(desk.wp, desk["budi"], "second")
    assert row.key == key()
    assert not any(str(value) in repr(row) for value in (184, 110, 181))
    draft = keying.open_draft(desk.wp, desk["budi"], key())
    assert (draft.order, draft.cells, draft.current) == (Order.SECOND, {}, None)
    assert keying.work_list(desk.wp, desk["citra"], "second") == [], "reserved while the draft is open"


def test_two_that_agree_settle_and_the_record_goes_out_again_under_the_same_name(desk: Desk) -> None:
    first = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD)
    assert status.queue_count(desk.wp) == 0
    second = keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    assert (second.outcome, second.version) == (Outcome.SETTLED, first.version)
    ((item, body),) = desk.send(ItemKind.RECORD, "replayed")
    assert item.what == first.version
    assert [one["by"] for one in body["readings"]] == ["ani", "budi"]
    assert all("cells" not in one for one in body["readings"])
    assert body["cause"] == "first"
    assert status.funnel(desk.wp).second_read == 1


def test_a_reading_is_signed_as_the_contract_says(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    ((_, body),) = desk.send(ItemKind.RECORD)
    (reading,) = body["readings"]
    signed = {**reading, "tps": body["tps"], "form": body["form"], "round": body["round"]}
    assert is_signed_by(desk["ani"].person.public_key, "reading", desk.wp.realm, signed)


def test_differing_boxes_go_blanked_to_a_third_person(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    wrong = {**GOOD, "P1": 77}
    second = keying.key_whole(desk.wp, desk["budi"], key(), wrong, accept=[keying.ACCEPT_ALL])
    assert second.outcome is Outcome.NEEDS_THIRD
    for who in ("ani", "budi"):
        with pytest.raises(NotAllowed) as refused:
            keying.open_draft(desk.wp, desk[who], key())
        assert str(refused.value) == OWN_FORM
    draft = keying.open_draft(desk.wp, desk["citra"], key())
    assert (draft.order, draft.fields, draft.cells) == (Order.THIRD, ("P1",), {})
    keying.save_cell(desk.wp, draft.reading_id, "P1", 71, "P1")
    done = keying.finish(desk.wp, desk["citra"], draft.reading_id)
    assert (done.outcome, done.version) == (Outcome.SETTLED, second.version)


def test_a_third_reading_that_changes_the_values_makes_a_new_version(desk: Desk) -> None:
    wrong = {**GOOD, "P1": 77}
    first = keying.key_whole(desk.wp, desk["ani"], key(), wrong, accept=[keying.ACCEPT_ALL])
    desk.send(ItemKind.RECORD)
    keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    done = keying.key_whole(desk.wp, desk["citra"], key(), {"P1": 71})
    assert done.outcome is Outcome.SETTLED
    assert done.version != first.version
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert (body["parent"], body["cause"], body["cells"]["P1"]) == (first.version, "settled", 71)
    by = {one["by"]: one for one in body["readings"]}
    assert by["ani"]["cells"]["P1"] == 77
    assert "cells" not in by["budi"]
    assert by["citra"]["cells"] == {"P1": 71}


def test_three_different_values_go_to_the_coordinator(desk: Desk) -> None:
    outcomes = [
        keying.key_whole(desk.wp, desk[who], key(), {**GOOD, "P1": value}, accept=[keying.ACCEPT_ALL]).outcome
        for who, value in (("ani", 70), ("budi", 72), ("citra", 73))
    ]
    assert outcomes == [Outcome.NEEDS_SECOND, Outcome.NEEDS_THIRD, Outcome.NEEDS_COORDINATOR]
    with pytest.raises(NotAllowed):
        keying.open_draft(desk.wp, desk["vera"], key())
    done = keying.key_whole(desk.wp, desk["koor"], key(), {"P1": 71})
    assert done.outcome is Outcome.SETTLED
    assert keying.next_order(desk.wp, key()) is None
    with pytest.raises(NotAllowed, match="tuntas"):
        keying.open_draft(desk.wp, desk["vera"], key())


def test_without_a_third_person_the_form_waits_and_says_so(desk: Desk) -> None:
    for who in ("citra", "vera"):
        people.set_active(desk.wp, desk["koor"], who, False)
    people.set_roles(desk.wp, desk["koor"], "koor", [Role.COORDINATE])
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    keying.key_whole(desk.wp, desk["budi"], key(), {**GOOD, "P1": 77}, accept=[keying.ACCEPT_ALL])
    (one,) = [one for one in status.waiting(desk.wp) if one.step == "second_read"]
    assert one.reason_code == "needs_third"
    assert one.reason.startswith("Dua bacaan berbeda")
    assert one.next_try is None


def test_a_taken_draft_names_its_reader_and_take_over_keeps_both_names(desk: Desk) -> None:
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    keying.save_cell(desk.wp, draft.reading_id, "A1.J", 198, "B4.J").result()
    with pytest.raises(keying.DraftTaken) as taken:
        keying.open_draft(desk.wp, desk["budi"], key())
    assert taken.value.person == "Ani"
    mine = keying.take_over(desk.wp, desk["budi"], key())
    assert (mine.reading_id, mine.cells, mine.taken_over_from) == (draft.reading_id, {"A1.J": 198}, ("ani",))
    _type(desk, mine.reading_id, dict(GOOD))
    assert keying.finish(desk.wp, desk["budi"], mine.reading_id).is_finished
    for who in ("ani", "budi"):
        with pytest.raises(NotAllowed):
            keying.open_draft(desk.wp, desk[who], key())
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert body["readings"][0]["taken_over_from"] == ["ani"]
    assert keying.take_over(desk.wp, desk["citra"], key()).order is Order.SECOND, (
        "no draft: it is simply opened"
    )


def test_f2_reopens_ones_own_last_reading_until_somebody_reads_after(desk: Desk) -> None:
    first = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    draft = keying.reopen(desk.wp, desk["ani"], key())
    assert draft.cells == GOOD
    assert status.funnel(desk.wp).keyed == 1, "it was keyed; it is being looked at again"
    same = keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert same.version == first.version
    draft = keying.reopen(desk.wp, desk["ani"], key())
    keying.save_cell(desk.wp, draft.reading_id, "V2", 4, "V2")
    keying.save_cell(desk.wp, draft.reading_id, "V3", 185, "V3")
    for one in keying.finish(desk.wp, desk["ani"], draft.reading_id).findings_left:
        keying.accept(desk.wp, desk["ani"], draft.reading_id, one.check, "tertulis_demikian")
    other = keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert other.version != first.version
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert body["parent"] is None, "the first version never left, so nobody knows it"
    keying.open_draft(desk.wp, desk["budi"], key())
    with pytest.raises(NotAllowed, match="sudah dibaca"):
        keying.reopen(desk.wp, desk["ani"], key())
    with pytest.raises(NotFound):
        keying.reopen(desk.wp, desk["citra"], key())


def test_the_store_knows_what_f2_reopens(desk: Desk) -> None:
    orders = (Order.FIRST,)
    with pytest.raises(NotFound, match="Belum ada formulir"):
        keying.last_finished(desk.wp, desk["ani"], orders)
    keying.key_whole(desk.wp, desk["ani"], key(1), GOOD, accept=[keying.ACCEPT_ALL])
    desk.clock.forward(60)
    keying.key_whole(desk.wp, desk["ani"], key(2), GOOD, accept=[keying.ACCEPT_ALL])
    keying.open_draft(desk.wp, desk["ani"], key(3))
    assert keying.last_finished(desk.wp, desk["ani"], orders) == key(2)
    with pytest.raises(NotFound):
        keying.last_finished(desk.wp, desk["ani"], (Order.SECOND, Order.THIRD))
    with pytest.raises(NotFound):
        keying.last_finished(desk.wp, desk["budi"], orders)
    keying.reopen(desk.wp, desk["ani"], key(2))
    assert keying.last_finished(desk.wp, desk["ani"], orders) == key(1)


def test_a_record_on_its_way_stays_what_was_signed_while_its_reading_is_open_again(desk: Desk) -> None:
    first = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    assert desk.store.claim([item.id]) == [item.id]
    draft = keying.reopen(desk.wp, desk["ani"], key())
    keying.save_cell(desk.wp, draft.reading_id, "V2", 5, "V2")
    keying.save_cell(desk.wp, draft.reading_id, "V3", 186, "V3")
    for one in keying.finish(desk.wp, desk["ani"], draft.reading_id).findings_left:
        keying.accept(desk.wp, desk["ani"], draft.reading_id, one.check, "tertulis_demikian")
    keying.finish(desk.wp, desk["ani"], draft.reading_id)
    body = desk.store.record_body(item)
    assert body is not None
    assert body["cells"]["V2"] == 3
    assert body["readings"][0]["values_hash"] == first.version
    assert desk.store.due(ItemKind.RECORD, desk.clock.now(), 10) == [], "its successor waits for it"
    desk.store.record_result(item, "stored", desk.receipt("record", key().text(), item.what), None)
    ((_, after),) = desk.send(ItemKind.RECORD)
    assert (after["parent"], after["cells"]["V2"]) == (first.version, 5)


def test_settled_only_workplaces_send_nothing_before(tmp_path: Path) -> None:
    desk = make(tmp_path / "other", send_when="settled")
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    assert desk.send(ItemKind.RECORD) == []
    keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    assert len(desk.send(ItemKind.RECORD)) == 1
    desk.wp.close()


def test_next_takes_what_is_scanned_first_then_paper_order(desk: Desk) -> None:
    desk.scan(key(3), 1)
    desk.scan(key(3), 2)
    desk.scan(key(4), 1)
    assert keying.next_key(desk.wp, desk["ani"], Order.FIRST) == key(3)
    keying.open_draft(desk.wp, desk["budi"], key(3))
    assert keying.next_key(desk.wp, desk["ani"], Order.FIRST) == key(4)
    rows = keying.work_list(desk.wp, desk["ani"], "first")
    assert [row.key for row in rows] == [key(4), key(1), key(2)]
    assert keying.work_count(desk.wp, desk["ani"], "first") == 3
    assert [
        row.key for row in keying.work_list(desk.wp, desk["ani"], keying.WorkKind.FIRST, "2 cileunyi")
    ] == [key(2)]


def test_roles_and_inputs_are_checked(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="entri"):
        keying.open_draft(desk.wp, desk["pindai"], key())
    with pytest.raises(NotFound):
        keying.open_draft(desk.wp, desk["ani"], key(99))
    with pytest.raises(BadInput, match="'X9'"):
        keying.key_whole(desk.wp, desk["ani"], key(), {"X9": 1})
    with pytest.raises(BadInput, match="tidak muat"):
        keying.key_whole(desk.wp, desk["ani"], key(), {"V1": 99_999})
    with pytest.raises(BadInput, match="'check'"):
        keying.key_whole(desk.wp, desk["ani"], key(), GOOD, accept=[{"check": "x"}])
    assert keying.drafts_of(desk.wp, "ani") == [], "nothing was changed"


def test_the_command_lines_reading_accepts_what_it_is_told_to(desk: Desk) -> None:
    left = keying.key_whole(desk.wp, desk["ani"], key(), BROKEN)
    assert left.findings_left
    reasons = [{"check": one.check, "reason": "tertulis_demikian"} for one in left.findings_left]
    done = keying.key_whole(
        desk.wp, desk["ani"], key(), BROKEN, accept=[*reasons, {"check": "other", "reason": "lainnya"}]
    )
    assert done.is_finished
    ((_, body),) = desk.send(ItemKind.RECORD)
    assert {one["check"] for one in body["accepted"]} == {one.check for one in left.findings_left}


def test_people_sign_in_with_their_pin(desk: Desk) -> None:
    assert people.sign_in(desk.wp, "ani", PIN).person.id == "ani"
    assert district.PIN not in repr(desk["ani"])
    assert "private_key" not in repr(desk["ani"])


@pytest.mark.parametrize("how", ["cut", "answered 500, and a page came", "cut by the power"])
def test_the_successor_of_what_may_have_arrived_names_it(desk: Desk, how: str) -> None:
    """The centre had worked, only its answer was lost: a successor without a parent was a rival there for ever."""
    first = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    if how == "cut":
        desk.store.release([item.id])
    elif how == "cut by the power":
        desk.store.release_in_flight()
    else:
        desk.store.defer([item.id], desk.clock.now() + 60, Reason("ill", "Server KPU RI bermasalah.", 500))
        desk.scan(key(), 1)
    assert status.funnel(desk.wp).sent == 0
    corrections.correct(desk.wp, desk["ani"], key(), {"P1": 70, "P2": 111}, "salah baca")
    ((_, before),) = desk.send(ItemKind.RECORD, "replayed")
    ((_, after),) = desk.send(ItemKind.RECORD)
    assert (before["cells"]["P1"], after["cells"]["P1"], after["parent"]) == (71, 70, first.version)
