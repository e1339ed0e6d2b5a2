"""Whom a bundle is believed, and what the people at a PC without a line are told."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.attestation import new_private_key
from app.services import workplace
from sync.bundle.container import BundleRefused, Fault, Writer, opened
from sync.bundle.preview import preview
from sync.bundle.shapes import Manifest
from sync.bundle.signing import signed
from sync.central import accounts, keys
from sync.line import FORKED, REVOKED, UNKNOWN
from sync.wire import Problem
from tests.fakes.bundle_pair import Pair, pair

__all__ = ["pair"]  # a fixture of this module


def shown_by_a_twin(pair: Pair, seq: int) -> None:
    """A clone of the disk was here before, with a line of its own."""
    with pair.centre.db.write() as con:
        device = pair.origin.device_id
        con.execute("INSERT OR REPLACE INTO anchor VALUES (?, ?, ?)", (device, seq, "f" * 64))
        con.execute("UPDATE device SET anchor_seq = ? WHERE id = ?", (seq, device))


def turned_away(pair: Pair, bundle: Path) -> BundleRefused:
    """Refused at the centre; the refusal that is carried home instead of an answer."""
    with pytest.raises(BundleRefused) as there:
        pair.carry(bundle)
    before = pair.waiting(), pair.store.feed_cursor(), pair.store.anchored_seq()
    answer = bundle.with_name(f"{bundle.stem}-jawaban.zip")
    assert answer.name in there.value.sentence()
    assert preview(answer, pair.store, pair.origin).problems
    with pytest.raises(BundleRefused) as here:
        pair.take_in(answer)
    assert here.value.fault is there.value.fault
    assert "--usb" in here.value.sentence(), "what to do without a line"
    assert (pair.waiting(), pair.store.feed_cursor(), pair.store.anchored_seq()) == before
    return here.value


def test_a_cloned_disk_is_noticed_and_told_at_home(pair: Pair) -> None:
    pair.key_twice(1)
    (bundle,) = pair.export()
    with opened(bundle) as found:
        assert isinstance(found.manifest, Manifest)
        shown_by_a_twin(pair, found.manifest.journal_head.seq)
    refused = turned_away(pair, bundle)
    assert (refused.fault, str(refused)) == (Fault.FORKED, FORKED.text)


def test_a_revoked_pc_is_told_so_at_home(pair: Pair) -> None:
    """It read that it was not registered, at the centre; and at home nothing at all."""
    pair.key_twice(1)
    (bundle,) = pair.export()
    with pair.centre.db.write() as con:
        accounts.revoke(con, pair.centre, pair.origin.device_id)
    refused = turned_away(pair, bundle)
    assert (refused.fault, str(refused)) == (Fault.REVOKED, REVOKED.text)


def test_a_pc_the_centre_does_not_know_is_told_so_at_home(pair: Pair) -> None:
    pair.key_twice(1)
    pair.origin = dataclasses.replace(pair.origin, device_id="pc-lain")
    (bundle,) = pair.export()
    refused = turned_away(pair, bundle)
    assert (refused.fault, str(refused)) == (Fault.UNKNOWN_DEVICE, UNKNOWN.text)


def test_a_refusal_of_a_later_program_is_shown_in_its_own_words(pair: Pair) -> None:
    pair.key_twice(1)
    (bundle,) = pair.export()
    problem = Problem(title="Later", status=422, code="something_new", detail="Belum pernah ada.")
    answer = pair.answer_anew(pair.carry(bundle), [], refused=problem)
    with pytest.raises(BundleRefused, match="Belum pernah ada"):
        pair.take_in(answer)


def test_an_anchor_that_is_not_of_this_journal_is_a_twin_s(pair: Pair) -> None:
    """The answer said only its number; it was kept, and the line locked the PC out months later."""
    pair.key_twice(1)
    (bundle,) = pair.export()
    shown_by_a_twin(pair, pair.store.journal_head(0)["seq"] + 1)
    pair.key_twice(2)
    answer = pair.carry(bundle)
    with pytest.raises(BundleRefused) as refused:
        pair.take_in(answer)
    assert (refused.value.fault, str(refused.value)) == (Fault.FORKED, FORKED.text)
    assert (pair.store.anchored_seq(), pair.waiting()) == (0, 2)


@pytest.mark.parametrize(("beyond", "is_taken"), [(0, True), (1, False)])
def test_an_older_answer_names_the_anchor_by_its_number_alone(
    pair: Pair, beyond: int, *, is_taken: bool
) -> None:
    pair.key_twice(1)
    (bundle,) = pair.export()
    at = pair.store.journal_head(0)["seq"] + beyond
    answer = pair.answer_anew(pair.carry(bundle), [], anchor_hash=msgspec.UNSET, anchor_seq=at)
    if is_taken:
        pair.take_in(answer)
        assert pair.store.anchored_seq() == at
        return
    with pytest.raises(BundleRefused) as refused:
        pair.take_in(answer)
    assert refused.value.fault is Fault.FORKED


def rotated(pair: Pair) -> None:
    """The centre has a new key, handed over to by the one that is pinned."""
    wp = pair.desk.wp
    setup = {"realm": wp.realm, "district": wp.district, "keys": dict(pair.origin.keys)}
    workplace.connect_server(wp, server_url="https://kpu.example", setup=setup)
    key = keys.rotate(pair.centre.settings.folder, wp.realm, 1_555_500_000.0)
    pair.centre = dataclasses.replace(pair.centre, key=key)


def test_a_change_of_key_is_followed_from_the_answer(pair: Pair) -> None:
    pair.key_twice(1)
    rotated(pair)
    (bundle,) = pair.export()
    answer = pair.carry(bundle)
    assert preview(answer, pair.store, pair.origin).problems == ()
    report = pair.take_in(answer)
    assert (report.settled, pair.waiting()) == (2, 0)
    server = workplace.server_of(pair.desk.wp)
    assert server is not None
    assert pair.centre.key.key_id in server.keys


def test_a_key_nobody_here_vouches_for_asks_for_a_new_set_up_file(pair: Pair) -> None:
    pair.key_twice(1)
    (bundle,) = pair.export()
    lost = keys.replace(pair.centre.settings.folder)
    pair.centre = dataclasses.replace(pair.centre, key=lost)
    with pytest.raises(BundleRefused, match="berganti kunci") as refused:
        pair.take_in(pair.carry(bundle))
    assert refused.value.fault is Fault.UNKNOWN_KEY
    assert "berkas pengaturan baru" in refused.value.sentence()


def test_a_program_of_before_gets_the_answer_it_can_read(pair: Pair) -> None:
    """Strict as all of it: one word it does not know, and it would refuse the whole."""
    pair.key_twice(1)
    rotated(pair)
    with opened(pair.export()[0]) as found:
        manifest = found.manifest
        assert isinstance(manifest, Manifest)
        head = replace(manifest.journal_head, earlier={})
        writer = Writer(pair.stick / "lama")
        for entry in manifest.entries:
            writer.add(entry.name, b"".join(found.blocks(entry.name)))
        writer.seal(signed(replace(manifest, journal_head=head), pair.origin.device_key))
        writer.publish(pair.stick / "lama.zip")
    added = {"anchor_hash", "keys", "refused"}
    with opened(pair.carry(pair.stick / "lama.zip")) as answer:
        assert not added & msgspec.json.decode(answer.manifest_bytes).keys()
    with opened(pair.carry(pair.export(target=pair.stick / "baru.zip")[0])) as answer:
        assert added & msgspec.json.decode(answer.manifest_bytes).keys() == {"anchor_hash", "keys"}


def test_a_preview_says_honestly_whose_signature_was_looked_at(pair: Pair) -> None:
    """Any key at all was "good", for the bundle names its own."""
    pair.key_twice(1)
    (bundle,) = pair.export()
    assert preview(bundle, pair.store, pair.origin).signature == "good", "this PC's own"
    assert preview(bundle).signature == "claimed"
    other = dataclasses.replace(pair.origin, device_key=new_private_key())
    assert preview(bundle, pair.store, other).signature == "claimed"
    answer = pair.carry(bundle)
    assert preview(answer).signature == "unknown"
    assert preview(answer, pair.store, pair.origin).signature == "good"
