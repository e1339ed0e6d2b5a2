"""Who may have a form's numbers on paper, and what the paper says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.people import Role
from app.errors import NotAllowed
from app.services import keying, people
from app.services.slip import slip
from app.training.scenario import PaperKind
from tests.fakes.demo_desk import PIN, Demo, open_desk, read, small_region


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = open_desk(tmp_path / "kerja", small_region(2, ("320405",)))
    yield made
    made.wp.close()


def test_before_the_second_reading_everybody_has_their_own_alone(demo: Demo) -> None:
    sheet = demo.papers[0]
    with pytest.raises(NotAllowed):
        slip(demo.wp, demo.sessions["budi"], sheet.key)
    read(demo, "budi", [sheet])
    own = slip(demo.wp, demo.sessions["budi"], sheet.key)
    assert (own.cells, own.is_settled, own.is_practice) == (dict(sheet.cells), False, True)
    assert [(one.words, one.name) for one in own.readers] == [("Entri pertama", "Budi Hartono")]
    for who in ("dewi", "agus", "rina", "siti"):  # each of them may still have to read it, or to decide
        with pytest.raises(NotAllowed, match="belum tuntas dibaca"):
            slip(demo.wp, demo.sessions[who], sheet.key)


def test_two_readers_who_differ_see_their_own_numbers_and_the_third_nothing(demo: Demo) -> None:
    sheet = demo.papers[0]
    read(demo, "budi", [sheet])
    other = {**sheet.cells, "P2": int(sheet.cells["P2"]) + 1}
    keying.key_whole(demo.wp, demo.sessions["dewi"], sheet.key, other, accept=[keying.ACCEPT_ALL])
    assert slip(demo.wp, demo.sessions["budi"], sheet.key).cells["P2"] == sheet.cells["P2"]
    assert slip(demo.wp, demo.sessions["dewi"], sheet.key).cells["P2"] == other["P2"]
    with pytest.raises(NotAllowed):
        slip(demo.wp, demo.sessions["agus"], sheet.key)


def test_once_read_to_the_end_it_names_all_readers_and_every_reason(demo: Demo) -> None:
    sheet = next(one for one in demo.papers if one.kind is PaperKind.WRONG_SUM)
    read(demo, "budi", [sheet])
    read(demo, "dewi", [sheet])
    for who in ("budi", "dewi", "agus", "rina"):
        done = slip(demo.wp, demo.sessions[who], sheet.key)
        assert done.is_settled
        assert [one.name for one in done.readers] == ["Budi Hartono", "Dewi Lestari"]
        total = next(one for one in done.findings if one.code == "SUM.V1")
        assert (total.reason, total.by, total.field) == ("Tertulis demikian", "Dewi Lestari", "V1")
    people.add_person(demo.wp, id="eko", name="Eko", roles={Role.KEY}, pin=PIN, by=demo.sessions["rina"])
    for outsider in (people.sign_in(demo.wp, "eko", PIN), demo.sessions["siti"]):
        with pytest.raises(NotAllowed, match="Slip hanya untuk"):
            slip(demo.wp, outsider, sheet.key)
