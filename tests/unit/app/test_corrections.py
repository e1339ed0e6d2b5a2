"""Corrections, withdrawals and papers that change places: what is read anew, by whom, and what the centre is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.attestation import is_signed_by
from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.lifecycle import VersionState
from app.domain.readings import Order, Outcome
from app.domain.times import iso
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import ItemKind
from app.services import attention, corrections, keying, moving, pages, status, verify
from app.services.attention import Matter
from app.services.keying import Accept
from app.store import c1 as c1_rows
from app.store import readings, versions
from tests.fakes.district import BROKEN, GOOD, Desk, back, head_state, key, make, own, settled


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def form_of(desk: Desk, n: int = 1) -> c1_rows.C1Row:
    row = c1_rows.find(desk.wp.db.reader, key(n))
    assert row is not None
    return row


def head(desk: Desk, n: int = 1) -> versions.VersionRow:
    row = form_of(desk, n)
    assert row.head is not None
    return versions.by_id(desk.wp.db.reader, row.head)


def asked(desk: Desk, who: str, n: int = 1) -> tuple[str, ...]:
    """What the next reader of the form is asked; the untouched draft is put back."""
    draft = keying.open_draft(desk.wp, desk[who], key(n))
    assert draft.cells == {}, "a later reader is shown nothing"
    keying.put_back(desk.wp, desk[who], draft.reading_id).result()
    return draft.fields


# ---- what is read anew ---------------------------------------------------------------------------------------------


def test_a_reader_of_before_reads_only_what_was_corrected_and_signs_his_own_whole(desk: Desk) -> None:
    back(desk)
    corrections.correct(
        desk.wp, desk["citra"], key(), {"P1": 70, "P2": 111}, "angka 01 dan 02 tertukar baris"
    )
    assert asked(desk, "ani") == asked(desk, "budi") == ("P1", "P2")
    assert len(asked(desk, "vera")) == 7, "who never read it reads all of it"
    done = keying.key_whole(desk.wp, desk["budi"], key(), {"P1": 70, "P2": 111})
    assert (done.is_finished, done.outcome) == (True, Outcome.SETTLED)
    ((_, record),) = desk.send(ItemKind.RECORD)
    assert [(one["order"], one["by"]) for one in record["readings"]] == [(1, "citra"), (2, "budi")]
    assert len({one["values_hash"] for one in record["readings"]}) == 1, "both signed the same whole values"
    said = record["readings"][1]
    body = {**said, "tps": record["tps"], "form": record["form"], "round": 1}
    assert is_signed_by(desk["budi"].person.public_key, "reading", desk.wp.realm, body)


def test_a_box_one_had_read_otherwise_is_asked_again_too(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    keying.key_whole(desk.wp, desk["budi"], key(), {**GOOD, "A1.J": 199}, [keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["citra"], key(), {"A1.J": 198})
    corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    assert asked(desk, "ani") == ("V2", "V3")
    assert asked(desk, "budi") == ("A1.J", "V2", "V3")


def test_before_two_agreed_nobody_has_words_that_could_stand(desk: Desk) -> None:
    """Else one person alone would have read the boxes that nobody changed."""
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    assert len(asked(desk, "ani")) == 7


def test_a_correction_of_a_correction_asks_what_changed_since_two_agreed(desk: Desk) -> None:
    settled(desk)
    corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    corrections.correct(desk.wp, desk["citra"], key(), {"P1": 70, "P2": 111}, "salah baca")
    assert asked(desk, "budi") == ("P1", "P2", "V2", "V3")


def test_behind_a_withdrawal_stands_another_paper(desk: Desk) -> None:
    settled(desk)
    corrections.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    keying.key_whole(desk.wp, desk["citra"], key(), {**GOOD, "P1": 70, "P2": 111})
    assert len(asked(desk, "budi")) == 7


def test_whoever_takes_over_a_partial_second_reading_reads_it_whole(desk: Desk) -> None:
    settled(desk)
    corrections.correct(desk.wp, desk["citra"], key(), {"P1": 70, "P2": 111}, "salah baca")
    begun = keying.open_draft(desk.wp, desk["budi"], key())
    keying.save_cell(desk.wp, begun.reading_id, "P1", 70, "P1").result()
    taken = keying.take_over(desk.wp, desk["vera"], key())
    assert (len(taken.fields), taken.cells) == (7, {"P1": 70})
    done = keying.key_whole(desk.wp, desk["vera"], key(), {**GOOD, "P1": 70, "P2": 111})
    assert done.outcome is Outcome.SETTLED


def test_a_second_reader_who_differs_sends_only_that_box_to_a_third(desk: Desk) -> None:
    settled(desk)
    corrections.correct(desk.wp, desk["citra"], key(), {"P1": 70, "P2": 111}, "salah baca")
    done = keying.key_whole(desk.wp, desk["budi"], key(), {"P1": 71, "P2": 111})
    assert done.outcome is Outcome.NEEDS_THIRD
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    assert (draft.order, draft.fields) == (Order.THIRD, ("P1",))


# ---- reasons -----------------------------------------------------------------------------------------------------


def test_a_correction_says_why(desk: Desk) -> None:
    settled(desk)
    with pytest.raises(BadInput, match="alasan"):
        corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4}, "  ")
    with pytest.raises(NotAllowed):
        corrections.correct(desk.wp, desk["vera"], key(), {"V2": 4}, "salah baca")
    corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    told = [line.text for line in status.history(desk.wp, key(), desk["citra"].person)]
    assert any("dikoreksi (salah baca)" in text for text in told)


def test_reasons_for_findings_stand_where_they_still_fit_and_new_ones_may_be_given(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), BROKEN, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["budi"], key(), BROKEN, accept=[keying.ACCEPT_ALL])
    new = corrections.would_find(desk.wp, key(), {"V3": 193})
    assert [one.code for one in new], "V1 + V2 does not make it any more"
    assert corrections.would_find(desk.wp, key(), {}) == []
    corrections.correct(
        desk.wp, desk["citra"], key(), {"V3": 193}, "salah baca", [Accept(one.code) for one in new]
    )
    form = form_of(desk)
    given = readings.acceptances_of_form(desk.wp.db.reader, form.id, form.generation)
    assert {one.by for one in given} == {"ani", "citra"}, "each by whoever gave it"
    assert corrections.would_find(desk.wp, key(), {}) == []


def test_a_rival_is_answered_with_our_own_values_when_the_paper_says_so(desk: Desk) -> None:
    name = settled(desk)
    desk.feed("rival", key(), values_hash=name)
    desk.feed("returned", key(), values_hash="a" * 64, cells={**GOOD, "P1": 70})
    assert head_state(desk) is VersionState.RIVAL
    corrections.correct(desk.wp, desk["citra"], key(), {}, "kertas: 71")
    assert asked(desk, "ani") == ("P1",), "what is in dispute is read again"
    ((_, record),) = desk.send(ItemKind.RECORD)
    assert (record["parent"], record["repeat"]) == ("a" * 64, 1)


def test_boxes_nobody_keys_of_this_form_are_no_correction(desk: Desk) -> None:
    """Else a settled form was read afresh, for nothing."""
    settled(desk)
    with pytest.raises(BadInput, match=r"A2\.L tidak dientri"):
        corrections.correct(desk.wp, desk["citra"], key(), {"A2.L": 5}, "salah baca")
    assert (form_of(desk).outcome, form_of(desk).generation) == (Outcome.SETTLED, 1)


def test_what_the_centre_said_while_the_boxes_were_typed_is_not_overridden_unseen(desk: Desk) -> None:
    name = settled(desk)
    shown = corrections.before(desk.wp, desk["citra"], key())
    desk.give_back(key(), name, GOOD)
    changed: dict[str, Cell] = {"V2": 4, "V3": 185}
    desk.feed("rival", key(), values_hash=name)
    desk.feed("returned", key(), values_hash="a" * 64, cells={**GOOD, "P1": 70})
    with pytest.raises(NotAllowed, match="berganti sejak ditampilkan"):
        corrections.correct(desk.wp, desk["citra"], key(), changed, "salah baca", shown=shown)
    assert head_state(desk) is VersionState.RIVAL
    shown = corrections.before(desk.wp, desk["citra"], key())
    corrections.correct(desk.wp, desk["citra"], key(), changed, "salah baca", shown=shown)
    with pytest.raises(NotAllowed, match="berganti sejak ditampilkan"):
        corrections.correct(desk.wp, desk["citra"], key(), {"V2": 5}, "salah baca", shown=shown)


def test_our_own_values_coming_back_meanwhile_are_in_nobodys_way(desk: Desk) -> None:
    name = settled(desk)
    shown = corrections.before(desk.wp, desk["citra"], key())
    desk.give_back(key(), name, GOOD)
    corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca", shown=shown)


# ---- withdrawing -------------------------------------------------------------------------------------------------


def test_what_the_centre_refused_is_taken_back_here_alone_and_blocks_nothing(desk: Desk) -> None:
    """It never kept those values, would answer "later" to their withdrawal for ever, and new ones stood behind it."""
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD, "rejected")
    corrections.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    assert desk.send(ItemKind.WITHDRAWAL, "later") == []
    assert [one.reason_code for one in status.waiting(desk.wp)] == []
    keying.key_whole(desk.wp, desk["ani"], key(), {**GOOD, "P1": 70, "P2": 111})
    ((_, record),) = desk.send(ItemKind.RECORD)
    assert record["parent"] is None


def test_refused_while_it_is_taken_back_leaves_nothing_to_withdraw(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    (item,) = desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    desk.store.claim([item.id])
    corrections.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    desk.store.record_result(item, "rejected", None, None)
    assert desk.send(ItemKind.WITHDRAWAL, "later") == []
    keying.key_whole(desk.wp, desk["ani"], key(), {**GOOD, "P1": 70, "P2": 111})
    ((_, record),) = desk.send(ItemKind.RECORD)
    assert (record["parent"], record["cells"]["P1"]) == (None, 70)


def test_a_refused_correction_is_taken_back_by_the_version_the_centre_has(desk: Desk) -> None:
    name = settled(desk)
    corrections.correct(desk.wp, desk["citra"], key(), {"V2": 4, "V3": 185}, "salah baca")
    desk.send(ItemKind.RECORD, "rejected")
    corrections.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    ((_, body),) = desk.send(ItemKind.WITHDRAWAL)
    assert body["values_hash"] == name
    assert "rejected" not in [one.reason_code for one in status.waiting(desk.wp)]


# ---- another TPS ---------------------------------------------------------------------------------------------------


def test_a_moved_paper_asks_its_readers_only_whose_it_is(desk: Desk) -> None:
    settled(desk)
    moving.move_form(desk.wp, desk["citra"], key(1), key(2), "salah TPS")
    assert asked(desk, "ani", 2) == asked(desk, "budi", 2) == ("A1.J",)
    assert len(asked(desk, "vera", 2)) == 7
    with pytest.raises(NotAllowed):
        keying.open_draft(desk.wp, desk["citra"], key(2))
    assert keying.key_whole(desk.wp, desk["ani"], key(2), {"A1.J": 198}).outcome is Outcome.SETTLED
    assert [line.kind for line in status.history(desk.wp, key(2))].count("moved_here") == 1


def test_a_move_of_the_numbers_alone_leaves_the_scans_and_is_read_whole(desk: Desk) -> None:
    """The sheets were filed by their codes, and the numbers keyed at the neighbour's."""
    settled(desk)
    moving.move_form(desk.wp, desk["citra"], key(1), key(2), "dientri di TPS lain", with_pages=False)
    assert [len(pages.pages_of(desk.wp, key(n))) for n in (1, 2)] == [2, 0]
    assert len(asked(desk, "ani", 2)) == 7


def test_a_move_takes_nobodys_place_and_cuts_nobody_off(desk: Desk) -> None:
    settled(desk)
    desk.scan(key(3), 1)
    with pytest.raises(BadInput, match="halaman 1"):
        moving.move_form(desk.wp, desk["citra"], key(1), key(3), "salah TPS")
    keying.open_draft(desk.wp, desk["budi"], key(2))
    with pytest.raises(NotAllowed, match="TPS 002 sedang dibaca"):
        moving.move_form(desk.wp, desk["citra"], key(1), key(2), "salah TPS")
    with pytest.raises(NotFound):
        moving.move_form(desk.wp, desk["citra"], key(4), key(3), "salah TPS")
    keying.key_whole(desk.wp, desk["ani"], key(3), own(3))
    keying.open_draft(desk.wp, desk["budi"], key(3))
    with pytest.raises(NotAllowed, match="TPS 003 sedang dibaca"):
        moving.swap(desk.wp, desk["citra"], key(1), key(3), "tertukar")
    assert head_state(desk) is VersionState.AT_CENTRE, "nothing was changed"


def test_a_move_is_undone_by_moving_back(desk: Desk) -> None:
    name = settled(desk)
    moving.move_form(desk.wp, desk["citra"], key(1), key(2), "salah TPS")
    assert moving.origin(desk.wp, key(2)) == key(1)
    assert moving.origin(desk.wp, key(3)) is None
    moving.move_form(desk.wp, desk["citra"], key(2), key(1), "ternyata benar")
    assert [one.n for one in pages.pages_of(desk.wp, key(1))] == [1, 2]
    desk.send(ItemKind.WITHDRAWAL)
    ((item, record),) = desk.send(ItemKind.RECORD)
    assert (item.key, item.what, record["repeat"]) == (key(1), name, 1), "002 never left"
    assert form_of(desk, 2).head is None


def test_two_papers_change_places_in_one_go(desk: Desk) -> None:
    names = {n: settled(desk, n) for n in (1, 2)}
    scans = {n: [one.scan_sha256 for one in pages.pages_of(desk.wp, key(n))] for n in (1, 2)}
    moving.swap(desk.wp, desk["citra"], key(1), key(2), "tertukar")
    assert [head(desk, n).cells for n in (1, 2)] == [own(2), own(1)]
    assert [one.scan_sha256 for one in pages.pages_of(desk.wp, key(1))] == scans[2]
    assert [one.scan_sha256 for one in pages.pages_of(desk.wp, key(2))] == scans[1]
    sent = {item.key: body["values_hash"] for item, body in desk.send(ItemKind.WITHDRAWAL)}
    assert sent == {key(1): names[1], key(2): names[2]}
    records = {item.key: body for item, body in desk.send(ItemKind.RECORD)}
    assert {at: (one["cause"], one["parent"]) for at, one in records.items()} == {
        key(1): ("moved", None),
        key(2): ("moved", None),
    }
    for n in (1, 2):
        assert asked(desk, "budi", n) == ("A1.J",)
        done = keying.key_whole(
            desk.wp, desk["budi"], key(n), {"A1.J": own(3 - n)["A1.J"]}, [keying.ACCEPT_ALL]
        )
        assert done.outcome is Outcome.SETTLED


def test_a_draft_goes_to_the_station_its_paper_belongs_to(desk: Desk) -> None:
    desk.scan(key(2), 1)
    begun = keying.open_draft(desk.wp, desk["ani"], key(2))
    keying.save_cell(desk.wp, begun.reading_id, "A1.J", 198, "A1.J").result()
    with pytest.raises(NotAllowed, match="belum selesai"):
        moving.move_draft(desk.wp, desk["budi"], key(2), key(1))
    keying.open_draft(desk.wp, desk["budi"], key(3))
    with pytest.raises(NotAllowed, match="TPS 003 sedang dibaca"):
        moving.move_draft(desk.wp, desk["ani"], key(2), key(3))
    keying.key_whole(desk.wp, desk["citra"], key(4), own(4))
    with pytest.raises(BadInput, match="TPS 004 sudah berisi"):
        moving.move_draft(desk.wp, desk["ani"], key(2), key(4))
    moving.move_draft(desk.wp, desk["ani"], key(2), key(1))
    there = keying.open_draft(desk.wp, desk["ani"], key(1))
    assert (there.reading_id, there.cells) == (begun.reading_id, {"A1.J": 198})
    assert [len(pages.pages_of(desk.wp, key(n))) for n in (1, 2)] == [1, 0]
    assert form_of(desk, 2).draft is None
    assert keying.key_whole(desk.wp, desk["ani"], key(1), GOOD).is_finished
    assert len(asked(desk, "budi")) == 7, "an ordinary second reading"


def test_a_draft_leaves_the_sheets_where_both_places_have_them(desk: Desk) -> None:
    desk.scan(key(1), 1)
    desk.scan(key(2), 1)
    keying.open_draft(desk.wp, desk["ani"], key(2))
    moving.move_draft(desk.wp, desk["ani"], key(2), key(1))
    assert [len(pages.pages_of(desk.wp, key(n))) for n in (1, 2)] == [1, 1]


def test_papers_of_different_kinds_do_not_change_places(desk: Desk) -> None:
    settled(desk)
    for other in (C1Key(key(2).tps, "c1-dpr", 1), C1Key(key(2).tps, key(2).form, 2), key(1)):
        with pytest.raises(BadInput, match="jenis yang sama"):
            moving.swap(desk.wp, desk["citra"], key(1), other, "tertukar")


# ---- verifying -----------------------------------------------------------------------------------------------


def mixed(desk: Desk) -> None:
    """A and B each broke another sum; the boxes a third reader chose break one that neither was asked about."""
    for page in (1, 2):
        desk.scan(key(), page)
    keying.key_whole(desk.wp, desk["ani"], key(), {**GOOD, "P1": 70, "P2": 111})
    keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    keying.key_whole(desk.wp, desk["citra"], key(), {"P1": 71, "P2": 111})
    desk.send(ItemKind.SCAN)
    ((item, _body),) = desk.send(ItemKind.RECORD)
    held = [(one.n, one.scan_sha256) for one in pages.pages_of(desk.wp, key())]
    desk.give_back(key(), item.what, head(desk).cells, held)


def test_a_finding_of_the_settled_mix_is_accepted_by_the_verifier(desk: Desk) -> None:
    mixed(desk)
    one = verify.returned_one(desk.wp, desk["vera"], key())
    (view,) = [view for view in one.findings if view.needs_reason]
    assert view.accepted is None
    assert verify.confirm_identical(desk.wp, desk["vera"]).refused == (
        (key(), "1 temuan belum diberi alasan."),
    )
    with pytest.raises(NotAllowed):
        verify.accept_finding(desk.wp, desk["citra"], key(), view.check, "tertulis_demikian")
    with pytest.raises(BadInput, match="sudah tidak ada"):
        verify.accept_finding(desk.wp, desk["vera"], key(), "tidak.ada", "tertulis_demikian")
    verify.accept_finding(desk.wp, desk["vera"], key(), view.check, "tertulis_demikian")
    ((_, record),) = desk.send(ItemKind.RECORD)
    assert [(one["check"], one["by"]) for one in record["accepted"]] == [(view.check, "vera")]
    assert verify.confirm_identical(desk.wp, desk["vera"]).done == 1


def test_a_finding_is_not_accepted_at_verification_by_the_first_reader_nor_before_two_agree(
    desk: Desk,
) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    with pytest.raises(NotAllowed, match="belum tuntas"):
        verify.accept_finding(desk.wp, desk["vera"], key(), "x", "tertulis_demikian")
    mixed_key = key(2)
    keying.key_whole(desk.wp, desk["koor"], mixed_key, own(2))
    with pytest.raises(NotAllowed, match="entri sendiri"):
        verify.accept_finding(desk.wp, desk["koor"], mixed_key, "x", "tertulis_demikian")


def test_the_repairing_box_is_told_to_the_verifier_and_not_to_the_first_reader(desk: Desk) -> None:
    mixed(desk)
    told = verify.returned_one(desk.wp, desk["vera"], key()).diagnosis
    assert told is not None
    assert told.boxes == ("P1", "P2")
    assert verify.returned_one(desk.wp, desk["ani"], key()).diagnosis is None


def test_the_batch_is_exactly_what_was_shown(desk: Desk) -> None:
    names = {n: back(desk, n) for n in (1, 2, 3)}
    shown = [verify.Shown(key(1), names[1]), verify.Shown(key(2), "0" * 64)]
    done = verify.confirm_identical(desk.wp, desk["vera"], shown=shown)
    assert (done.done, done.refused) == (1, ((key(2), "Angkanya berganti sejak ditampilkan."),))
    assert head_state(desk, 3) is VersionState.RETURNED, "nobody saw it"


def test_nobody_who_may_still_read_blind_sees_what_was_read(desk: Desk) -> None:
    for page in (1, 2):
        desk.scan(key(), page)
    done = keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD)
    assert done.version is not None
    desk.give_back(key(), done.version, GOOD)
    with pytest.raises(NotAllowed, match="belum tuntas"):
        verify.returned_one(desk.wp, desk["vera"], key())
    with pytest.raises(NotAllowed, match="belum tuntas"):
        corrections.before(desk.wp, desk["budi"], key())
    assert verify.returned_one(desk.wp, desk["ani"], key()).local_cells == GOOD
    keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    assert corrections.before(desk.wp, desk["budi"], key()).centre == GOOD


# ---- lists -----------------------------------------------------------------------------------------------


def test_every_matter_has_its_list_with_why_and_what_next(desk: Desk) -> None:
    names = {n: back(desk, n) for n in (1, 2, 3)}
    verify.give_verdict(desk.wp, desk["vera"], key(1), "wrong", "P1 tertulis 70")
    desk.feed("rival", key(2), values_hash=names[2])
    desk.feed("rejected", key(3), values_hash=names[3])
    for matter, n in ((Matter.DISPUTED, 1), (Matter.RIVAL, 2), (Matter.REJECTED, 3)):
        (one,) = attention.matters(desk.wp, matter)
        assert one.key == key(n)
        assert one.next_step
        assert verify.returned_one(desk.wp, desk["vera"], key(n)).state is attention.STATES[matter]
    assert attention.matters(desk.wp, Matter.DISPUTED)[0].why == "P1 tertulis 70"
    assert attention.counts(desk.wp) == {
        Matter.RETURNED: 0,
        Matter.DISPUTED: 1,
        Matter.RIVAL: 1,
        Matter.REJECTED: 1,
        Matter.UNSEEN: 0,
    }


def test_what_was_corrected_here_and_is_not_visible_there_yet(desk: Desk) -> None:
    name = back(desk)
    verify.confirm_identical(desk.wp, desk["vera"])
    desk.send(ItemKind.VERDICT)
    desk.feed("published", key(), values_hash=name)
    assert attention.matters(desk.wp, Matter.UNSEEN) == []
    desk.clock.forward(60.0)
    since = iso(desk.wp.now())
    corrections.correct(desk.wp, desk["citra"], key(), {"P1": 70, "P2": 111}, "salah baca")
    desk.clock.forward(3600.0)
    (one,) = attention.matters(desk.wp, Matter.UNSEEN)
    assert (one.key, one.why, one.next_step) == (
        key(),
        "Publik masih versi 1; di sini versi 2.",
        "Menunggu entri kedua.",
    )
    assert one.since >= since
    keying.key_whole(desk.wp, desk["budi"], key(), {"P1": 70, "P2": 111})
    assert attention.matters(desk.wp, Matter.UNSEEN)[0].next_step.startswith("Menunggu diterima")
    desk.send(ItemKind.RECORD)
    assert attention.matters(desk.wp, Matter.UNSEEN)[0].next_step == "Menunggu verifikasi."
    desk.feed("published", key(), values_hash=head(desk).values_hash)
    assert attention.matters(desk.wp, Matter.UNSEEN) == []


def test_a_withdrawal_is_behind_until_it_has_arrived(desk: Desk) -> None:
    settled(desk)
    corrections.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    (one,) = attention.matters(desk.wp, Matter.UNSEEN)
    assert one.why == "KPU RI masih versi 1; di sini sudah ditarik."
    desk.send(ItemKind.WITHDRAWAL)
    assert attention.matters(desk.wp, Matter.UNSEEN) == []


def test_a_verdict_names_what_was_seen_and_nothing_that_came_since(desk: Desk) -> None:
    back(desk)
    one = verify.returned_one(desk.wp, desk["vera"], key())
    shown = verify.Shown(key(), one.values_hash, one.scans)
    pages.set_aside(desk.wp, desk["pindai"], pages.pages_of(desk.wp, key())[0].id)
    desk.scan(key(), 1, "another sheet")
    for verdict in ("ok", "wrong"):
        with pytest.raises(NotAllowed, match="berganti sejak ditampilkan"):
            verify.give_verdict(desk.wp, desk["vera"], key(), verdict, "x", shown)
    again = verify.returned_one(desk.wp, desk["vera"], key())
    verify.give_verdict(
        desk.wp, desk["vera"], key(), "ok", "", verify.Shown(key(), again.values_hash, again.scans)
    )


def test_the_verifier_replaces_nobodys_reason_but_his_own(desk: Desk) -> None:
    for who in ("ani", "budi"):
        keying.key_whole(desk.wp, desk[who], key(), BROKEN, accept=[keying.ACCEPT_ALL])
    with pytest.raises(BadInput, match="sudah diberi alasan"):
        verify.accept_finding(desk.wp, desk["vera"], key(), "EQ.B4-V3", "pindaian_buruk")
