"""A PC that never had a line: enrolled by the bundle that carries its first work, and by the answer to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.bootstrap.bundles import WorkplaceBundles, origin_of
from app.bundle_ports import BundleChoice
from app.domain.attestation import new_private_key, public_key_of
from app.errors import NotFound
from app.services import account, workplace
from sync.bundle.container import BundleRefused, Fault, Writer, opened
from sync.bundle.shapes import AnswerManifest, Manifest
from sync.bundle.signing import signed
from sync.central.bundles import take_in
from tests.fakes.bundle_pair import Pair


class Island:
    """A workplace with a set-up file and a code, and no line at all."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair(folder, is_enrolled=False)
        self.wp = self.pair.desk.wp
        self.bundles = WorkplaceBundles(self.wp)
        setup = {"realm": self.wp.realm, "district": self.wp.district, "keys": dict(self.pair.origin.keys)}
        workplace.connect_server(self.wp, server_url="https://kpu.example", setup=setup)

    def export(self, name: str = "1.zip") -> Path:
        (bundle,) = self.bundles.export(self.pair.stick / name, BundleChoice()).files
        return bundle

    def devices(self) -> list[tuple[str, str]]:
        with self.pair.centre.db.read() as con:
            return [
                tuple(row) for row in con.execute("SELECT id, public_key FROM device ORDER BY enrolled_at")
            ]


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    made = Island(tmp_path)
    yield made
    made.pair.centre.db.close()
    made.wp.close()


def test_the_first_bundle_enrols_and_its_answer_says_so(island: Island) -> None:
    account.keep_code(island.wp, island.pair.code())
    island.pair.key_twice(1)
    bundle = island.export()
    answer = island.pair.carry(bundle)
    assert not account.is_enrolled(island.wp)
    report = island.bundles.take_in(answer)
    assert (report.settled, island.pair.waiting()) == (2, 0)
    assert account.is_enrolled(island.wp)
    assert account.pending(island.wp) is None
    assert island.devices() == [(workplace.device_name(island.wp), workplace.device_public_key(island.wp))]


def test_carried_and_taken_in_twice_it_enrols_once(island: Island) -> None:
    account.keep_code(island.wp, island.pair.code())
    island.pair.key_twice(1)
    bundle = island.export()
    answers = [island.pair.carry(bundle).rename(island.pair.stick / name) for name in ("satu.zip", "dua.zip")]
    for answer in answers:
        island.bundles.take_in(answer)
    assert len(island.devices()) == 1
    lines = island.wp.db.reader.execute("SELECT count(*) FROM journal WHERE kind = 'enrolled'").fetchone()
    assert lines[0] == 1
    island.pair.key_twice(2)
    with opened(island.export("2.zip")) as later:
        assert isinstance(later.manifest, Manifest)
        assert not later.manifest.enrol_proof, "it is enrolled: centres of before read its bundles again"


def test_a_second_bundle_before_the_first_answer_is_as_good(island: Island) -> None:
    account.keep_code(island.wp, island.pair.code())
    first = island.export("1.zip")
    island.pair.key_twice(1)
    second = island.export("2.zip")
    island.bundles.take_in(island.pair.carry(second))
    island.bundles.take_in(island.pair.carry(first))
    assert (len(island.devices()), island.pair.waiting()) == (1, 0)


def test_to_be_enrolled_is_reason_enough_for_a_bundle(island: Island) -> None:
    with pytest.raises(NotFound):
        island.export()
    account.keep_code(island.wp, island.pair.code())
    island.bundles.take_in(island.pair.carry(island.export()))
    assert account.is_enrolled(island.wp)


def test_who_finds_the_stick_cannot_use_the_code(island: Island) -> None:
    """It does not stand there, and the proof of it is for one device and one key."""
    code = island.pair.code()
    account.keep_code(island.wp, code)
    bundle = island.export()
    data = bundle.read_bytes()
    assert code.encode() not in data
    assert code.replace("-", "").encode() not in data
    finder = new_private_key()
    for device in ("pc-penemu", island.pair.origin.device_id):
        with opened(bundle) as found:
            manifest = found.manifest
            assert isinstance(manifest, Manifest)
            writer = Writer(island.pair.stick / "palsu")
            for entry in manifest.entries:
                writer.add(entry.name, b"".join(found.blocks(entry.name)))
            writer.seal(signed(replace(manifest, device=device, device_key=public_key_of(finder)), finder))
            writer.publish(island.pair.stick / "palsu.zip")
        with pytest.raises(BundleRefused) as refused:
            island.pair.carry(island.pair.stick / "palsu.zip")
        assert refused.value.fault is Fault.CODE
    assert island.devices() == []
    island.bundles.take_in(island.pair.carry(bundle))
    assert len(island.devices()) == 1


@pytest.mark.parametrize("is_used", [True, False])
def test_a_code_that_does_not_serve_is_told_at_home(island: Island, *, is_used: bool) -> None:
    code = "ABCD-EFGH-JKLM"
    if is_used:
        code = island.pair.code()
        with island.pair.centre.db.write() as con:
            con.execute("UPDATE enrol_code SET used_by = 'pc-lain', used_key = 'x'")
    account.keep_code(island.wp, code)
    island.pair.key_twice(1)
    bundle = island.export()
    with pytest.raises(BundleRefused):
        island.pair.carry(bundle)
    with pytest.raises(BundleRefused, match="sudah dipakai" if is_used else "tidak berlaku") as refused:
        island.bundles.take_in(bundle.with_name("1-jawaban.zip"))
    assert refused.value.fault is Fault.CODE
    assert (island.devices(), account.is_enrolled(island.wp)) == ([], False)
    account.keep_code(island.wp, island.pair.code())
    island.bundles.take_in(island.pair.carry(island.export("2.zip")))
    assert account.is_enrolled(island.wp)


def test_nobody_of_another_district_brings_it_in(island: Island) -> None:
    account.keep_code(island.wp, island.pair.code())
    bundle = island.export()
    with pytest.raises(BundleRefused) as refused:
        take_in(
            island.pair.centre, island.pair.scans, bundle, island.pair.stick / "jawaban.zip", district="3205"
        )
    assert refused.value.fault is Fault.WRONG_DISTRICT
    assert island.devices() == []


def test_a_locked_out_pc_is_enrolled_anew_under_another_name(island: Island) -> None:
    """A restored disk in a district without a line: the old name's journal stays as it was shown."""
    account.keep_code(island.wp, island.pair.code())
    island.pair.key_twice(1)
    island.bundles.take_in(island.pair.carry(island.export()))
    before = workplace.device_name(island.wp)
    with island.pair.centre.db.write() as con:
        con.execute("UPDATE anchor SET hash = ?", ("f" * 64,))
    island.pair.key_twice(2)
    after = account.keep_code(island.wp, island.pair.code())
    assert after != before
    assert workplace.device_name(island.wp) == before, "until the centre says so"
    answer = island.pair.carry(island.export("2.zip"))
    island.bundles.take_in(answer)
    assert workplace.device_name(island.wp) == after
    assert [one for one, _ in island.devices()] == [before, after]
    with opened(answer) as found:
        assert isinstance(found.manifest, AnswerManifest)
        assert island.pair.store.anchored_seq() == found.manifest.anchor_seq > 0
    assert island.pair.waiting() == 0


def test_a_mistyped_code_at_an_enrolled_pc_is_dropped_and_the_stick_works_again(island: Island) -> None:
    account.keep_code(island.wp, island.pair.code())
    island.bundles.take_in(island.pair.carry(island.export("1.zip")))
    before = workplace.device_name(island.wp)
    anew = account.keep_code(island.wp, "ABCD-EFGH-JKLM")
    island.pair.key_twice(1)
    with pytest.raises(BundleRefused):
        island.pair.carry(island.export("2.zip"))
    refusal = island.pair.stick / "2-jawaban.zip"
    with pytest.raises(BundleRefused, match="tidak berlaku") as refused:
        island.bundles.take_in(refusal)
    assert "--drop" in refused.value.sentence()
    assert account.pending(island.wp) is not None, "a refusal alone drops nothing"
    assert account.drop_code(island.wp) == anew
    assert account.drop_code(island.wp) == ""
    assert origin_of(island.wp).device_id == before
    island.bundles.take_in(island.pair.carry(island.export("3.zip")))
    assert island.pair.waiting() == 0
    assert account.keep_code(island.wp, island.pair.code()) == anew, "its enrolment may have been accepted"


def test_a_mistyped_code_is_replaced_by_the_next_one_or_dropped(island: Island) -> None:
    first = account.keep_code(island.wp, "ABCD-EFGH-JKLM")
    assert account.drop_code(island.wp) == first
    with pytest.raises(NotFound):
        island.export("1.zip")
    account.keep_code(island.wp, "ABCD-EFGH-JKLM")
    assert account.keep_code(island.wp, island.pair.code()) == first
    island.bundles.take_in(island.pair.carry(island.export("2.zip")))
    assert account.is_enrolled(island.wp)


def test_a_key_of_before_does_not_speak_under_its_used_code(island: Island) -> None:
    """The same name was bound to another key under a second code; the first code has not lapsed."""
    account.keep_code(island.wp, island.pair.code())
    island.pair.key_twice(1)
    bundle = island.export("1.zip")
    island.pair.carry(bundle)
    new_key = new_private_key()
    bound = replace_key(island.pair, new_key)
    with pytest.raises(BundleRefused) as refused:
        island.pair.carry(bundle)
    assert refused.value.fault is Fault.CODE
    assert island.devices() == [(island.pair.origin.device_id, bound)]


def replace_key(pair: Pair, private: bytes) -> str:
    """The PC is enrolled anew under the same name, with this key; returns the public one."""
    pair.origin = dataclasses.replace(pair.origin, device_key=private)
    pair.enrol()
    return public_key_of(private)
