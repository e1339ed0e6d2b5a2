from __future__ import annotations

import pytest

from app import forms
from app.domain.cell import Cell, Mark
from app.domain.publication import Shown, Sight, judge, shown_of
from tests.fakes.district import GOOD

FORM = forms.load("c1-ppwp-2019")
OURS = shown_of(FORM, GOOD)


def test_values_look_as_the_tree_writes_them() -> None:
    cells: dict[str, Cell] = {**GOOD, "V2": Mark.BLANK, "P2": Mark.UNREADABLE}
    del cells["A1.J"]
    shown = shown_of(FORM, cells)
    assert shown.votes == {"21": 71, "22": None}
    assert shown.fields == {
        "pemilih_j": None,
        "pengguna_j": 184,
        "suara_sah": 181,
        "suara_tidak_sah": None,
        "suara_total": 184,
    }


@pytest.mark.parametrize(
    ("shown", "sight"),
    [
        (shown_of(FORM, GOOD), Sight.EQUAL),
        (shown_of(FORM, {**GOOD, "P1": 17}), Sight.DIFFERS),
        (shown_of(FORM, {**GOOD, "A1.J": 1}), Sight.DIFFERS),
        (shown_of(FORM, {**GOOD, "P1": 1}), Sight.EARLIER),
        (Shown(dict.fromkeys(OURS.fields), None), Sight.EMPTY),
    ],
)
def test_it_is_ours_an_earlier_one_of_ours_nothing_or_somebody_elses(shown: Shown, sight: Sight) -> None:
    assert judge(shown, OURS, [shown_of(FORM, {**GOOD, "P1": 1})]) is sight
