"""What a restored centre has lost goes again, in its order; on a real workplace."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.lifecycle import VersionState
from app.ports import ItemKind
from app.services import account, corrections, keying, status, verify
from app.store import exchange
from tests.fakes.district import GOOD, Desk, back, head_state, key, make, own, record_name, settled


def images_compared(desk: Desk, *held: str, asked_at: float = math.inf) -> list[str]:
    """The centre is asked for every image, in pages of two; it has only these. Returns what was asked."""
    asked: list[str] = []
    while page := list(desk.store.scans_to_compare(2)):
        asked += page
        desk.store.scans_compared(page, set(held), asked_at)
    return asked


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def test_after_a_restored_backup_what_the_centre_lost_is_sent_again(desk: Desk) -> None:
    name, other = back(desk, 1), back(desk, 2)
    verify.confirm_identical(desk.wp, desk["vera"])
    desk.send(ItemKind.VERDICT)
    assert list(desk.store.to_compare("", 10)) == []
    desk.store.new_epoch("e2")
    images_compared(desk, *desk.scans[2:])
    assert {item.what for item in desk.store.due(ItemKind.SCAN, desk.clock.now(), 10)} == set(desk.scans[:2])
    (first,) = desk.store.to_compare("", 1)
    assert first == {"key": key(1).text(), "values_hash": name}
    desk.store.compared([{"key": first["key"], "head": None, "pages": [], "verdict": None}])
    (second,) = desk.store.to_compare("", 10)
    assert second["key"] == key(2).text(), "goes on behind what was answered, also after a restart"
    held = [{"n": n, "sha256": sha, "bytes": 1} for n, sha in enumerate(desk.scans[2:], 1)]
    desk.store.compared([{"key": second["key"], "head": other, "pages": held, "verdict": "ok"}])
    assert list(desk.store.to_compare("", 10)) == []
    counts = status.funnel(desk.wp)
    assert (counts.keyed, counts.at_centre, counts.verified) == (2, 1, 1)
    assert {line.key for line in status.queue_rows(desk.wp)} == {key(1)}
    assert len(desk.send(ItemKind.VERDICT)) == 1, "its verdict goes again too"
    desk.send(ItemKind.RECORD)
    desk.cursor += 10
    desk.give_back(key(1), name, GOOD)
    assert head_state(desk) is VersionState.VERDICT_AT_CENTRE, "the verdict given before still stands"


@pytest.mark.parametrize("back_s", [0.0, 3600.0, 86_400.0])
def test_what_arrived_under_a_clock_that_was_ahead_can_be_lost_there_too(desk: Desk, back_s: float) -> None:
    """Its times are later than the question's: it counted as come since then, and was never sent again."""
    settled(desk)
    desk.clock.forward(60)
    desk.clock.wall -= back_s
    desk.store.new_epoch("e2")
    images_compared(desk)
    (asked,) = desk.store.to_compare("", 10)
    about = {"key": asked["key"], "head": None, "pages": [], "verdict": None, "asked_at": desk.clock.now()}
    desk.clock.forward(1)
    desk.store.compared([about])
    assert desk.store.due(ItemKind.RECORD, desk.clock.now(), 10)
    assert len(desk.store.due(ItemKind.SCAN, desk.clock.now(), 10)) == 2


def test_values_that_came_back_after_a_withdrawal_the_restored_centre_lost_come_back_again(
    desk: Desk,
) -> None:
    """Its backup goes by the same values from before: by their name nobody can tell, and its news named the others."""
    name = back(desk, 1)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    desk.send(ItemKind.WITHDRAWAL)
    keying.key_whole(desk.wp, desk["ani"], key(), own(1))
    ((_, first),) = desk.send(ItemKind.RECORD)
    assert first["repeat"] == 1
    desk.store.new_epoch("e2")
    desk.store.compared(
        [{"key": key().text(), "head": name, "pages": [], "verdict": None, "knows_ours": True}]
    )
    assert desk.send(ItemKind.RECORD) == [], "not before the withdrawal"
    assert len(desk.send(ItemKind.WITHDRAWAL)) == 1
    assert [body["repeat"] for _, body in desk.send(ItemKind.RECORD)] == [1]


def test_a_withdrawal_the_restored_centre_has_forgotten_goes_again(desk: Desk) -> None:
    """Its backup still has the wrong TPS's numbers, perhaps already public; here the form has no head any more."""
    name = back(desk, 1)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    ((_, first),) = desk.send(ItemKind.WITHDRAWAL)
    desk.store.new_epoch("e2")
    (asked,) = desk.store.to_compare("", 10)
    assert asked["key"] == key().text()
    desk.store.compared([{"key": asked["key"], "head": name, "pages": [], "verdict": None}])
    ((_, again),) = desk.send(ItemKind.WITHDRAWAL)
    assert again == first
    desk.store.new_epoch("e3")
    desk.store.compared([{"key": asked["key"], "head": None, "pages": [], "verdict": None}])
    assert desk.send(ItemKind.WITHDRAWAL) == [], "what the centre does not hold needs none"


def test_pages_the_restored_centre_no_longer_knows_of_are_named_again(desk: Desk) -> None:
    """Its backup has the numbers and is older than a page: the scan came again and belonged to nothing."""
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    desk.send(ItemKind.RECORD)
    page = desk.scan(key(), 1)
    desk.send(ItemKind.SCAN)
    desk.send(ItemKind.RECORD, "replayed")
    name = record_name(desk)
    desk.store.new_epoch("e2")
    images_compared(desk)
    desk.store.compared([{"key": key().text(), "head": name, "pages": [], "verdict": None}])
    ((_, body),) = desk.send(ItemKind.RECORD, "replayed")
    assert [one["sha256"] for one in body["pages"]] == [page]
    assert [item.what for item, _ in desk.send(ItemKind.SCAN)] == [page]
    desk.store.new_epoch("e3")
    held = [{"n": 1, "sha256": page, "bytes": 1000}]
    desk.store.compared([{"key": key().text(), "head": name, "pages": held, "verdict": None}])
    assert desk.send(ItemKind.RECORD) == [], "it knows them"


@pytest.mark.parametrize("was_sent", [True, False])
def test_the_withdrawal_of_a_correction_the_restored_centre_has_forgotten_goes_behind_its_record(
    desk: Desk, was_sent: bool
) -> None:
    """Its backup goes by the numbers before the correction: what it does not know it cannot take back."""
    name = back(desk, 1)
    corrections.correct(desk.wp, desk["ani"], key(), {"P1": 70, "P2": 111}, "salah baca")
    ((_, corrected),) = desk.send(ItemKind.RECORD)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    if was_sent:
        desk.send(ItemKind.WITHDRAWAL)
    desk.store.new_epoch("e2")
    desk.store.compared([{"key": key().text(), "head": name, "pages": [], "verdict": None}])
    ((_, again),) = desk.send(ItemKind.RECORD)
    assert again["as_of"] > corrected["as_of"], "its pages as they are now"
    assert again | {"as_of": 0} == corrected | {"as_of": 0}
    ((_, withdrawn),) = desk.send(ItemKind.WITHDRAWAL)
    assert withdrawn["values_hash"] != name
    desk.store.new_epoch("e3")
    desk.store.compared([{"key": key().text(), "head": None, "pages": [], "verdict": None}])
    assert desk.send(ItemKind.RECORD) == desk.send(ItemKind.WITHDRAWAL) == [], "it holds nothing of the form"


def test_images_of_forms_that_nobody_keyed_are_compared_too(desk: Desk) -> None:
    """They came before their numbers and were lost with the centre: *page missing* for ever, and nobody was told."""
    early, late = desk.scan(key(1), 1), desk.scan(key(1), 2)
    other = desk.scan(key(3), 1)
    desk.send(ItemKind.SCAN)
    desk.store.new_epoch("e2")
    asked = images_compared(desk, early)
    assert asked == sorted([early, late, other])
    assert list(desk.store.scans_to_compare(10)) == [], (
        "goes on behind what was answered, also after a restart"
    )
    assert list(desk.store.to_compare("", 10)) == []
    assert {item.what for item in desk.store.due(ItemKind.SCAN, desk.clock.now(), 10)} == {late, other}
    assert desk.store.end_comparing()
    (said, _) = exchange.notices(desk.wp.db.reader, 1)[0]
    assert said == "3 gambar sudah dibandingkan dengan KPU RI; 2 gambar dikirim ulang."
    desk.send(ItemKind.SCAN)
    desk.store.new_epoch("e3")
    images_compared(desk, early, late, other)
    assert desk.send(ItemKind.SCAN) == [], "it has them"


def test_the_comparison_is_over_when_forms_and_images_both_were_asked_about(desk: Desk) -> None:
    """While the nation pauses images the forms may be done for hours; nobody is told before all of it is true."""
    name = back(desk, 1)
    assert desk.store.end_comparing(), "there was none"
    notices = exchange.notices(desk.wp.db.reader, 9)
    desk.store.new_epoch("e2")
    (asked,) = desk.store.to_compare("", 10)
    assert not desk.store.end_comparing()
    desk.store.compared([{"key": asked["key"], "head": name, "pages": [], "verdict": None}])
    assert list(desk.store.to_compare("", 10)) == []
    assert not desk.store.end_comparing(), "the images are left"
    images_compared(desk, *desk.scans)
    assert desk.store.end_comparing()
    assert desk.store.end_comparing(), "and is told once"
    (said, _), *_ = told = exchange.notices(desk.wp.db.reader, 9)
    assert said.startswith("1 formulir dan 2 gambar sudah dibandingkan")
    assert len(told) == len(notices) + 2


def test_an_image_of_a_form_whose_numbers_were_withdrawn_is_compared_too(desk: Desk) -> None:
    back(desk, 1)
    verify.withdraw(desk.wp, desk["citra"], key(), "salah TPS")
    desk.send(ItemKind.WITHDRAWAL)
    desk.store.new_epoch("e2")
    images_compared(desk)
    assert len(desk.store.due(ItemKind.SCAN, desk.clock.now(), 10)) == 2


def test_an_image_that_came_since_the_question_is_not_lost(desk: Desk) -> None:
    desk.scan(key(1), 1)
    asked_at = desk.clock.now()
    desk.clock.forward(1)
    desk.send(ItemKind.SCAN)
    desk.store.new_epoch("e2")
    images_compared(desk, asked_at=asked_at)
    assert desk.send(ItemKind.SCAN) == []


@pytest.mark.parametrize("has_moved_on", [False, True])
def test_what_the_centre_took_for_a_rival_goes_again_with_its_links_unless_somebody_went_back(
    desk: Desk, has_moved_on: bool
) -> None:
    """It goes by the first numbers and knows the third. Either the second were lost with it, or it took up the first
    ones once more, after ours: then people compare with paper."""
    first = back(desk, 1)
    theirs, sent = desk.sequence, []
    for p1 in (70, 69):
        corrections.correct(desk.wp, desk["ani"], key(), {"P1": p1, "P2": 181 - p1}, "salah baca")
        sent = desk.send(ItemKind.RECORD, "rival" if p1 == 69 else "stored")
    assert head_state(desk) is VersionState.RIVAL
    third = sent[0][0].what
    receipt = {"sequence": desk.sequence + 1 if has_moved_on else theirs}
    desk.store.new_epoch("e2")
    desk.store.compared(
        [
            {
                "key": key().text(),
                "head": first,
                "pages": [],
                "verdict": None,
                "knows_ours": True,
                "receipt": receipt,
            }
        ]
    )
    assert head_state(desk) is (VersionState.RIVAL if has_moved_on else VersionState.QUEUED)
    names = [item.what for _ in range(2) for item, _ in desk.send(ItemKind.RECORD)]
    assert names[-1:] == ([] if has_moved_on else [third])
    assert len(names) == (0 if has_moved_on else 2)


def test_a_pc_that_is_enrolled_anew_sends_its_people_again(desk: Desk) -> None:
    """The centre was restored to before its first enrolment: its people were unknown, and their records waited."""
    account.enrolled(desk.wp, account.next_device(desk.wp))
    body = desk.store.operators_to_send()
    assert body is not None
    desk.store.operators_sent(body)
    account.enrolled(desk.wp, account.next_device(desk.wp))
    assert desk.store.operators_to_send() == body


def test_the_newest_receipt_is_the_highest_number_of_this_epoch(desk: Desk) -> None:
    assert desk.store.newest_receipt() is None
    desk.feed("notice", text="Selamat datang.")
    settled(desk, 1)
    newest = desk.sequence
    desk.sequence = 0  # the answer to something of long ago, merged
    settled(desk, 2)
    shown = desk.store.newest_receipt()
    assert shown is not None
    assert (shown["sequence"], shown["epoch"]) == (newest, "e1")
    desk.store.new_epoch("e2")
    assert desk.store.newest_receipt() is None, "of another epoch they prove nothing"
