"""Bundles nobody should trust, at the centre and on a PC: each is refused by name, and nothing is changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.journal import GENESIS
from sync.bundle.container import SENTENCES, BundleRefused, Fault, opened
from sync.bundle.preview import preview
from sync.bundle.shapes import EXTRAS, TAKES, AnswerManifest
from sync.central import accounts
from sync.central.bundles import take_in
from sync.central.centre import Centre
from sync.central.scans import Scans
from sync.central.server import RunningCentre, open_centre, revoke
from sync.central.settings import CentralSettings
from sync.wire import FEATURES, Enrol, Problem, convert
from tests.fakes.bundles import FAULTS, Forger
from tests.unit.sync.central.office import REALM, Office, small_region


class Place:
    """A centre that knows one device, and the bundles made in its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.centre: Centre = open_centre(
            CentralSettings(folder / "pusat", realm=REALM, register=(small_region(),))
        )
        self.scans = Scans(self.centre)
        self.office = Office()
        with self.centre.db.write() as con:
            code = accounts.new_code(con, self.centre, "3204")
        self.enrol(code)
        self.forger = Forger(self.office.device, self.office.device_key)

    def enrol(self, code: str) -> None:
        with self.centre.db.write() as con:
            accounts.enrol(con, self.centre, convert(self.office.enrol(code), Enrol))

    def content(self) -> list[str]:
        with self.centre.db.read() as con:
            tables = [
                str(row[0]) for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            rows = [f"{one} {tuple(row)}" for one in tables for row in con.execute(f"SELECT * FROM {one}")]  # noqa: S608 - the database's own table names
        files = [str(path.relative_to(self.folder)) for path in (self.folder / "pusat" / "scans").rglob("*")]
        return sorted(rows + files)

    def offer(self, data: bytes) -> None:
        file = self.folder / "bundel.zip"
        file.write_bytes(data)
        take_in(self.centre, self.scans, file, self.folder / "jawaban.zip")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.centre.db.close()


def test_every_fault_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Fault)


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_bundle_is_refused_by_name_and_changes_nothing(place: Place, name: str) -> None:
    spoil, fault = FAULTS[name]
    before = place.content()
    with pytest.raises(BundleRefused) as refused:
        place.offer(spoil(place.forger))
    assert refused.value.fault is fault
    assert place.content() == before
    assert not (place.folder / "jawaban.zip").exists()
    assert [path.name for path in place.folder.iterdir() if path.is_file()] == ["bundel.zip"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_preview_names_the_fault_as_far_as_it_can_be_known_without_the_centre(
    tmp_path: Path, name: str
) -> None:
    spoil, fault = FAULTS[name]
    file = tmp_path / "bundel.zip"
    file.write_bytes(spoil(Forger()))
    found = preview(file)
    only_the_centre_knows = {Fault.WRONG_REALM, Fault.WRONG_DISTRICT, Fault.UNKNOWN_DEVICE}
    if fault in only_the_centre_knows or name == "other key":
        assert not found.problems
    else:
        assert any(one.startswith(SENTENCES[fault].rstrip(".")) for one in found.problems)


def test_the_sound_one_is_taken_in(place: Place) -> None:
    place.offer(place.forger.whole())
    assert preview(place.folder / "jawaban.zip").counts == {"scan": 1}


def test_it_does_not_matter_that_a_file_ends_early_or_is_gone(place: Place) -> None:
    with pytest.raises(BundleRefused) as refused:
        take_in(place.centre, place.scans, place.folder / "tidak-ada.zip", place.folder / "jawaban.zip")
    assert refused.value.fault is Fault.UNREADABLE


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("tetap"))
    yield made
    made.centre.db.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), min_size=1, max_size=3))
def test_flipped_bytes_never_break_anything(lasting: Place, flips: list[tuple[int, int]]) -> None:
    """Any bytes changed anywhere: refused, or (a date or the like in a header) exactly as good as before."""
    data = bytearray(lasting.forger.whole())
    before = lasting.content()
    for place, bits in flips:
        data[place % len(data)] ^= bits
    try:
        lasting.offer(bytes(data))
    except BundleRefused:
        assert lasting.content() == before
    else:
        assert preview(lasting.folder / "jawaban.zip").counts == {"scan": 1}


def test_every_cut_is_refused(place: Place, sweep_size: Callable[[int, int], int]) -> None:
    whole = place.forger.whole()
    before = place.content()
    rng = random.Random(5)
    cuts = rng.sample(range(len(whole)), min(len(whole), sweep_size(40, 3000)))
    for cut in cuts:
        with pytest.raises(BundleRefused):
            place.offer(whole[:cut])
    assert place.content() == before
    print(f"{len(cuts)} cuts")


def test_an_operators_list_that_is_none_is_refused_alone(place: Place) -> None:
    place.forger.items = [{"id": 0, "kind": "operators", "what": "x", "body": {"operators": "nobody"}}]
    place.offer(place.forger.whole())
    assert preview(place.folder / "jawaban.zip").counts == {"operators": 1, "scan": 1}


def test_over_the_line_the_same_faults_are_problems_and_other_districts_stay_out(tmp_path: Path) -> None:
    central = CentralSettings(tmp_path / "pusat", realm=REALM, register=(small_region(),))
    centre = RunningCentre(central)
    url = centre.start()
    neighbour, stranger = Office(url), Office(url, district="3205", device="pc-5")
    sender = Office(url, device="pc-4")
    try:
        neighbour.join(centre.setup_for("3204")[1])
        stranger.join(centre.setup_for("3205")[1])
        assert sender.post("enrol", sender.enrol(centre.setup_for("3204")[1])).status_code == 200
        forger = Forger(neighbour.device, neighbour.device_key)
        assert neighbour.client is not None
        assert stranger.client is not None
        path = "/api/v1/bundles"
        good = neighbour.client.post(path, content=forger.whole())
        assert (good.status_code, good.headers["content-type"]) == (200, "application/zip")
        for office, data, status, code in (
            (stranger, forger.whole(), 422, "wrong_district"),
            (neighbour, forger.whole() + b"x", 422, "not_a_zip"),
            (neighbour, b"", 422, "not_a_zip"),
        ):
            assert office.client is not None
            refused = office.client.post(path, content=data)
            assert (refused.status_code, refused.json()["code"]) == (status, code)
        revoke(central, "pc-4")
        lost = Forger("pc-4", sender.device_key)
        takes = {"seq": 0, "hash": GENESIS, "earlier": {TAKES: EXTRAS}}
        for data, headers, status in (
            (
                lost.whole(journal_head=takes),
                {FEATURES: EXTRAS},
                200,
            ),  # the refusal is the answer that goes home
            (lost.whole(journal_head=takes), {}, 422),  # the PC that forwards could not read it
            (lost.whole(), {FEATURES: EXTRAS}, 422),  # the PC that asks could not
        ):
            told = neighbour.client.post(path, content=data, headers=headers)
            assert told.status_code == status
            if status == 422:
                assert told.json()["code"] == "revoked"
            else:
                (tmp_path / "tolak.zip").write_bytes(told.content)
                with opened(tmp_path / "tolak.zip") as refusal:
                    assert isinstance(refusal.manifest, AnswerManifest)
                    assert isinstance(refusal.manifest.refused, Problem)
                    assert refusal.manifest.refused.code == "revoked"
        unsized = neighbour.client.post(path, content=iter([b"x"]))
        assert (unsized.status_code, unsized.json()["code"]) == (413, "too_large")
        neighbour.client.headers["Authorization"] = "Bearer " + "x" * 40
        assert neighbour.client.post(path, content=forger.whole()).status_code == 401
        assert list((tmp_path / "pusat" / "uploads").glob("*.bundle")) == []
    finally:
        for office in (neighbour, stranger, sender):
            office.close()
        centre.stop()
