"""What goes out on a stick, what comes home, and what grew meanwhile."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from app.bundle_ports import BundleChoice
from app.domain.attestation import new_private_key, public_key_of
from app.domain.c1form import body_digest
from app.domain.lifecycle import VersionState
from app.errors import NotFound, Unavailable
from app.ports import ItemKind
from app.services import corrections, keying, pages, verify
from app.services.pages import scan_path
from sync.bundle.container import BundleRefused, Fault, Writer, opened
from sync.bundle.export import Exporter
from sync.bundle.preview import preview
from sync.bundle.shapes import AnswerManifest, Result
from sync.bundle.signing import signed
from sync.wire import Problem
from tests.fakes.bundle_pair import ALL, Pair, pair
from tests.fakes.district import head_state, key, own

__all__ = ["pair"]  # a fixture of this module


def test_exported_items_stay_queued_until_the_answer(pair: Pair) -> None:
    pair.key_twice(1)
    pair.scan(1, 1)
    (bundle,) = pair.export()
    assert pair.waiting() == 2
    report = pair.take_in(pair.carry(bundle))
    assert (report.settled, pair.waiting()) == (3, 0)  # with the list of people
    assert head_state(pair.desk) is VersionState.RETURNED
    with pytest.raises(NotFound):
        pair.export()


def test_parts_are_whole_by_themselves_and_come_in_any_order(pair: Pair) -> None:
    for n in (1, 2, 3):
        pair.key_twice(n)
        for page in (1, 2):
            pair.scan(n, page, 30_000)
    files = pair.export(part_bytes=90_000)
    assert len(files) > 2
    assert all(path.stat().st_size <= 90_000 for path in files)
    assert {(preview(path).part, preview(path).parts) for path in files} == {
        (number, len(files)) for number in range(1, len(files) + 1)
    }
    for path in reversed(files):
        pair.take_in(pair.carry(path))
    assert pair.waiting() == 0
    assert pair.heads() == ["head"] * 3


def test_only_what_was_chosen(pair: Pair) -> None:
    for n in (1, 2):
        pair.key_twice(n)
        pair.scan(n, 1)
    one = BundleChoice((ItemKind.RECORD,), (str(key(2).tps),))
    (bundle,) = pair.export(one, target=pair.stick / "satu.zip")
    assert preview(bundle).counts == {"operators": 1, "record": 1}
    pair.take_in(pair.carry(bundle))
    assert pair.waiting() == 3


def test_a_correction_after_the_export_names_what_may_have_arrived(pair: Pair) -> None:
    """Else the first version is the centre's head, and the corrected one its rival for ever."""
    pair.key_twice(1)
    (first,) = pair.export(target=pair.stick / "1.zip")
    desk = pair.desk
    corrections.correct(desk.wp, desk["citra"], key(1), {**own(1), "P1": 70, "P2": 111}, "salah baca")
    (second,) = pair.export(target=pair.stick / "2.zip")
    pair.carry(first)
    pair.take_in(pair.carry(second))
    assert pair.heads() == ["superseded", "head"]


def test_what_grew_since_the_export_goes_out_once_more(pair: Pair) -> None:
    keying.key_whole(pair.desk.wp, pair.desk["ani"], key(1), own(1))
    (bundle,) = pair.export(target=pair.stick / "1.zip")
    keying.key_whole(pair.desk.wp, pair.desk["budi"], key(1), own(1))
    pair.take_in(pair.carry(bundle))
    assert pair.waiting() == 1, "the second reading would never have been sent"
    (bundle,) = pair.export(target=pair.stick / "2.zip")
    pair.take_in(pair.carry(bundle))
    assert pair.waiting() == 0
    with pair.centre.db.read() as con:
        readers = {row[0] for row in con.execute("SELECT person FROM reading")}
    assert readers == {"ani", "budi"}


def test_what_grew_while_both_line_and_stick_were_on_their_way_goes_out_once_more(pair: Pair) -> None:
    """The stick's answer spent the mark of what had grown; the line's answer, to the body of before, settled it all."""
    keying.key_whole(pair.desk.wp, pair.desk["ani"], key(1), own(1))
    (bundle,) = pair.export(target=pair.stick / "1.zip")
    (item,) = pair.store.due(ItemKind.RECORD, pair.desk.clock.now(), 1)
    pair.store.claim([item.id])
    sent = pair.store.record_body(item)
    keying.key_whole(pair.desk.wp, pair.desk["budi"], key(1), own(1))
    pair.take_in(pair.carry(bundle))
    assert sent is not None
    receipt = pair.desk.receipt("record", key(1).text(), item.what)
    pair.store.record_result(item, "replayed", receipt, None, body_digest(sent))
    assert pair.waiting() == 1, "the second reading would never have been sent"
    (bundle,) = pair.export(target=pair.stick / "2.zip")
    pair.take_in(pair.carry(bundle))
    assert pair.waiting() == 0


@pytest.mark.parametrize("status", ["stale", "merged"])
def test_a_word_nobody_knows_settles_nothing_without_a_receipt(pair: Pair, status: str) -> None:
    """Signed by the centre, of a later program perhaps: it was taken for an arrival."""
    pair.key_twice(1)
    pair.scan(1, 1)
    (bundle,) = pair.export()
    asked = pair.carry(bundle)
    with opened(asked) as found:
        results = [
            replace(one, status=status, receipt=None) if one.kind != "operators" else one
            for one in found.lines("results", Result)
        ]
    report = pair.take_in(pair.answer_anew(asked, results))
    assert (report.settled, report.open, report.refused) == (1, 2, 0)  # the list of people has no receipt
    assert pair.waiting() == 2


def test_a_stale_verdict_stops_and_a_refusal_stops_a_scan(pair: Pair) -> None:
    pair.key_twice(1)
    pair.scan(1, 1)
    (bundle,) = pair.export()
    pair.take_in(pair.carry(bundle))
    verify.give_verdict(pair.desk.wp, pair.desk["vera"], key(1), "wrong", "P1 salah baca")
    pair.scan(2, 1)
    (bundle,) = pair.export(target=pair.stick / "2.zip")
    asked = pair.carry(bundle)
    problem = Problem(title="x", status=422, code="hash", detail="Isinya berbeda.")
    with opened(asked) as found:
        results = [
            replace(one, status="stale", receipt=None)
            if one.kind == "verdict"
            else replace(one, status="rejected", receipt=None, problem=problem)
            for one in found.lines("results", Result)
        ]
    report = pair.take_in(pair.answer_anew(asked, results))
    assert (report.settled, report.refused) == (0, 2)
    stopped = pair.desk.wp.db.reader.execute("SELECT kind, reason_code FROM outbox WHERE state = 'stopped'")
    assert {tuple(row) for row in stopped} == {("verdict", "stale"), ("scan", "hash")}


def test_a_bundle_that_comes_late_names_no_page_of_before(pair: Pair) -> None:
    pair.key_twice(1)
    pair.scan(1, 1)
    (early,) = pair.export(target=pair.stick / "1.zip")
    again = pair.scan(2, 1)
    (page,) = pages.pages_of(pair.desk.wp, key(2))
    pages.assign(pair.desk.wp, pair.desk["ani"], page.id, key(1), 1)
    (late,) = pair.export(target=pair.stick / "2.zip")
    assert pair.waiting() == 3
    pair.take_in(pair.carry(late))
    pair.carry(early)
    with pair.centre.db.read() as con:
        named = [row[0] for row in con.execute("SELECT sha256 FROM page")]
    assert (named, pair.waiting()) == ([again], 0)


def test_a_scan_that_changed_on_the_disk_is_left_out_aloud(pair: Pair) -> None:
    pair.key_twice(1)
    sha = pair.scan(1, 1)
    path = scan_path(pair.desk.wp, sha)
    path.chmod(0o600)
    path.write_bytes(b"")
    exporter = Exporter(pair.store, pair.origin, pair.desk.clock)
    report = exporter.run(pair.stick, ALL)
    assert len(report.left_out) == 1
    assert dict(report.counts) == {"record": 1}


@pytest.fixture
def small_stick(pair: Pair) -> Iterator[Path]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a full stick is tried on a tmpfs, and mounting one needs root on Linux")
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(pair.stick)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no tmpfs can be mounted here")
    try:
        yield pair.stick
    finally:
        subprocess.run(["umount", str(pair.stick)], check=True)


def test_a_full_stick_leaves_nothing_and_says_so(pair: Pair, small_stick: Path) -> None:
    pair.key_twice(1)
    pair.scan(1, 1, 400_000)
    with pytest.raises(Unavailable) as full:
        pair.export()
    assert full.value.code == "stick_full"
    assert list(small_stick.iterdir()) == []
    assert pair.waiting() == 2


def test_an_answer_for_another_pc_or_by_another_key_is_refused(pair: Pair) -> None:
    pair.key_twice(1)
    (bundle,) = pair.export()
    answer = pair.carry(bundle)
    before = pair.waiting()
    for origin, fault in (
        (dataclasses.replace(pair.origin, device_id="pc-lain"), Fault.WRONG_DEVICE),
        (dataclasses.replace(pair.origin, keys={}), Fault.UNKNOWN_KEY),
        (
            dataclasses.replace(pair.origin, keys={pair.centre.key.key_id: public_key_of(new_private_key())}),
            Fault.WRONG_SIGNATURE,
        ),
        (dataclasses.replace(pair.origin, district="3205"), Fault.WRONG_DISTRICT),
    ):
        pair.origin = origin
        with pytest.raises(BundleRefused) as refused:
            pair.take_in(answer)
        assert refused.value.fault is fault
    assert pair.waiting() == before


def test_a_receipt_that_was_not_given_by_the_centre_settles_nothing(pair: Pair) -> None:
    """Signed as a whole, false in one receipt: the item stays queued."""
    pair.key_twice(1)
    (bundle,) = pair.export()
    answer = pair.carry(bundle)
    stranger = new_private_key()
    with opened(answer) as found:
        manifest = found.manifest
        assert isinstance(manifest, AnswerManifest)
        forged = signed(msgspec.structs.replace(manifest, key_id="palsu"), stranger)
        writer = Writer(pair.stick / "palsu")
        for entry in manifest.entries:
            writer.add(entry.name, b"".join(found.blocks(entry.name)))
        writer.seal(forged)
        writer.publish(pair.stick / "palsu.zip")
    pair.origin = dataclasses.replace(pair.origin, keys={forged.key_id: public_key_of(stranger)})
    report = pair.take_in(pair.stick / "palsu.zip")
    assert report.settled == 1  # the list of people has no receipt
    assert pair.waiting() == 1


def test_after_the_centre_was_restored_an_old_answer_counts_no_more(pair: Pair) -> None:
    pair.key_twice(1)
    (bundle,) = pair.export()
    old = pair.carry(bundle)
    pair.take_in(old)
    pair.store.new_epoch("dipulihkan")
    with pytest.raises(BundleRefused) as refused:
        pair.take_in(old)
    assert refused.value.fault is Fault.OLD_EPOCH


def test_a_feed_with_a_gap_is_left_for_later(pair: Pair) -> None:
    pair.key_twice(1)
    (first,) = pair.export(target=pair.stick / "1.zip")
    pair.take_in(pair.carry(first))
    pair.key_twice(2)
    (second,) = pair.export(target=pair.stick / "2.zip")
    answer = pair.carry(second)
    here = pair.store.feed_cursor()
    pair.store.apply_feed([], replace(here, after=here.after - 1))
    report = pair.take_in(answer)
    assert report.events == 0
    assert report.settled == 1
