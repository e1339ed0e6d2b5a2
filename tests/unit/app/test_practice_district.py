"""The practice district: small enough that a dozen forms show, with work of every kind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app.errors import NotFound
from app.forms.wilayah import load_region
from app.secrets import MemorySecrets
from app.services import register, status
from app.training import district, story
from app.training.story import Part
from tests.fakes.clock import RealClock

WHOLE = load_region(district.DISTRICT)


@pytest.mark.parametrize("forms", [1, 12, 100])
def test_the_papers_fill_most_of_it_and_leave_some_to_come(forms: int) -> None:
    stations = district.stations_for(WHOLE, forms)
    papers = district.papers_for(stations, forms)
    assert len(papers) == forms < len(stations)
    assert len({one.tps[:6] for one in stations}) == len(district.KECAMATAN)


def test_the_region_tree_is_whole_and_the_forms_are_few(tmp_path: Path) -> None:
    few, more = district.stations_for(WHOLE, 12), district.stations_for(WHOLE, 30)
    with district.make(tmp_path / "kerja", WHOLE, few, clock=RealClock(), secrets=MemorySecrets()) as wp:
        assert len(register.areas(wp)) == len(WHOLE.areas)
        assert register.find_stations(wp, "1 soreang")
        assert status.funnel(wp).expected == len(few)
        register.expect(wp, [one.tps for one in more])
        assert status.funnel(wp).expected == len({one.tps for one in (*few, *more)})
        with pytest.raises(NotFound, match="tidak ditunggu"):
            register.key_for(wp, register.find_stations(wp, "1 soreang")[0].tps)


def test_a_dozen_papers_leave_work_for_everybody() -> None:
    parts = Counter(story.part_of(place) for place in range(12))
    assert set(parts) == set(Part)
    assert parts[Part.OPEN] >= 4


def test_the_panel_says_the_pin_that_opens() -> None:
    assert district.PIN in district.sign_in_hint()
    for hand in district.CREW[1:]:
        assert hand.name in district.sign_in_hint()
