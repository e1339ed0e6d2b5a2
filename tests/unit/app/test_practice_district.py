"""The practice district: small enough that a dozen forms show, with work of every kind."""

from __future__ import annotations

from collections import Counter

import pytest

from app.forms.wilayah import load_region
from app.training import district, story
from app.training.story import Part

WHOLE = load_region(district.DISTRICT)


@pytest.mark.parametrize("forms", [1, 12, 100])
def test_the_papers_fill_most_of_it_and_leave_some_to_come(forms: int) -> None:
    region = district.small(WHOLE, forms)
    papers = district.papers_for(region, "3204052001", forms)
    assert len(papers) == forms < len(region.stations)
    assert len({one.tps[:6] for one in region.stations}) == len(district.KECAMATAN)
    assert {one.key.tps for one in papers} <= set(region.station_by_tps)


def test_every_station_keeps_the_areas_above_it() -> None:
    region = district.small(WHOLE, 12)
    for station in region.stations:
        assert {station.tps[:digits] for digits in (2, 4, 6, 10)} <= set(region.area_by_code)


def test_a_dozen_papers_leave_work_for_everybody() -> None:
    parts = Counter(story.part_of(place) for place in range(12))
    assert set(parts) == set(Part)
    assert parts[Part.OPEN] >= 4


def test_the_panel_says_the_pin_that_opens() -> None:
    assert district.PIN in district.sign_in_hint()
    for hand in district.CREW[1:]:
        assert hand.name in district.sign_in_hint()
