"""What catches the slips people really made: the sums, the second reading, and which of them diagnosis repairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.domain.cell import Cell
from app.domain.checks import evaluate
from app.domain.diagnosis import Repair, explain, single_repairs
from app.domain.form import Severity
from app.domain.readings import Order, Outcome, Reading, settle
from app.domain.slips import Slip as Kind
from app.forms import load
from tests.fakes.real_slips import Slip, slips, whole_form

FORM = load("c1-ppwp-2019")
ALL = slips()


def broken_sums(cells: Mapping[str, Cell], profile: str) -> list[str]:
    wanted = {one.id for one in FORM.fields_of(profile)}
    seen = {field: cell for field, cell in cells.items() if field in wanted}
    return [one.code for one in evaluate(FORM, seen, profile=profile) if one.severity is Severity.PAPER]


def keyed(slip: Slip, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {**cells, slip.field: slip.as_keyed}


def with_totals(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """A keyer, or a KPPS, who adds up what stands in the wrong box: no sum can know."""
    valid = int(cells["P1"]) + int(cells["P2"])
    users = valid + int(cells["V2"])
    return {**cells, "V1": valid, "V3": users, "S4": users, "B4.J": users}


def test_there_are_344_on_forms_that_are_whole_without_them() -> None:
    assert len(ALL) == 344
    assert [slip for slip in ALL if broken_sums(whole_form(slip), "lengkap")] == []
    assert [slip for slip in ALL if slip.on_form == slip.as_keyed] == []


@pytest.mark.parametrize("profile", ["lengkap", "ringkas"])
def test_a_sum_catches_every_one_whose_totals_are_keyed_from_the_paper(profile: str) -> None:
    missed = [slip for slip in ALL if not broken_sums(keyed(slip, whole_form(slip)), profile)]
    assert missed == []


def test_only_the_second_reading_catches_one_whose_totals_follow_it() -> None:
    votes = [slip for slip in ALL if slip.field in ("P1", "P2")]
    silent = [
        slip for slip in votes if not broken_sums(with_totals(keyed(slip, whole_form(slip))), "ringkas")
    ]
    assert len(silent) == len(votes) == 341
    for slip in silent:
        paper = whole_form(slip)
        first = Reading(Order.FIRST, "rina", with_totals(keyed(slip, paper)))
        found = settle([first, Reading(Order.SECOND, "dedi", paper)])
        assert found.outcome is Outcome.NEEDS_THIRD
        assert slip.field in found.open


def test_a_second_reading_catches_all_of_them_and_a_third_settles_only_that_box() -> None:
    for slip in ALL:
        paper = whole_form(slip)
        first = Reading(Order.FIRST, "rina", keyed(slip, paper))
        second = Reading(Order.SECOND, "dedi", paper)
        assert settle([first, second]).open == (slip.field,)
        settled = settle([first, second, Reading(Order.THIRD, "asep", {slip.field: slip.on_form})])
        assert settled.is_settled
        assert settled.cells == paper


def test_diagnosis_always_has_the_right_box_among_its_explanations() -> None:
    """01 + 02 = sah cannot tell which of the two tickets slipped, unless one explanation asks for a number below zero:
    so mostly two boxes are named, and where it is one, it is the right one."""
    explained = [(slip, single_repairs(FORM, keyed(slip, whole_form(slip)))) for slip in ALL]
    right = [(slip, Repair(slip.field, slip.as_keyed, slip.on_form)) for slip in ALL]
    sizes = Counter(len(repairs) for _, repairs in explained)
    print(f"explanations of {len(ALL)} slips: {dict(sorted(sizes.items()))}")
    assert all(one in repairs for (_, one), (_, repairs) in zip(right, explained, strict=True))
    assert max(sizes) == 2
    assert sizes[1] >= 20


def test_what_the_verifier_is_told_of_each_slip() -> None:
    """23 are repaired by the one box named, 321 named as one of two, and the right one is called by its kind."""
    told = Counter[str]()
    kinds = Counter[tuple[str, Kind]]()
    for slip in ALL:
        found = explain(FORM, keyed(slip, whole_form(slip)))
        (right,) = (
            one
            for one in found.explanations
            if one.changes == (Repair(slip.field, slip.as_keyed, slip.on_form),)
        )
        told[f"one of {len(found.boxes)}"] += 1
        kinds[slip.kind, right.slip] += 1
    assert told == {"one of 1": 23, "one of 2": 321}
    assert kinds == {
        ("units digit misread", Kind.ONE_DIGIT): 201,
        ("tens digit misread", Kind.ONE_DIGIT): 59,
        ("two digits swapped", Kind.SWAPPED_DIGITS): 13,
        ("hundreds digit misread", Kind.HUNDRED): 7,  # all of them by exactly 100
        ("dropped/added digit", Kind.HUNDRED): 20,  # 27 for 127
        ("dropped/added digit", Kind.DIGIT_COUNT): 11,
        ("dropped/added digit", Kind.OTHER): 10,  # 109 for 63: more than one digit is wrong
        ("several digits", Kind.OTHER): 23,
    }


def test_a_slip_keyed_twice_the_same_way_is_the_sums_to_catch() -> None:
    """Both readers misread one digit alike: the second reading is silent, the sum is not."""
    slip = replace(ALL[0], kind="twice")
    cells = keyed(slip, whole_form(slip))
    agreed = settle([Reading(Order.FIRST, "rina", cells), Reading(Order.SECOND, "dedi", cells)])
    assert agreed.is_settled
    assert broken_sums(agreed.cells, "lengkap")
