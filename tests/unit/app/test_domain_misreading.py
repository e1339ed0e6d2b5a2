from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cell import Cell, Mark
from app.domain.misreading import ENOUGH_BOXES, SlipKind, Tally, slip_kind
from tests.fakes.real_slips import slips

REAL_KINDS = {
    "units digit misread": SlipKind.UNITS,
    "tens digit misread": SlipKind.TENS,
    "hundreds digit misread": SlipKind.HUNDREDS,
    "dropped/added digit": SlipKind.LENGTH,
    "two digits swapped": SlipKind.SWAPPED,
    "several digits": SlipKind.SEVERAL,
}


def test_the_344_real_slips_are_named_as_those_who_collected_them_did() -> None:
    named = [(one.on_form, one.as_keyed, slip_kind(one.as_keyed, one.on_form)) for one in slips()]
    assert len(named) == 344
    assert named == [(one.on_form, one.as_keyed, REAL_KINDS[one.kind]) for one in slips()]


@pytest.mark.parametrize(
    ("keyed", "settled", "kind"),
    [
        (110, 110, None),
        (Mark.BLANK, Mark.BLANK, None),
        (0, Mark.BLANK, SlipKind.EMPTY),
        (Mark.BLANK, 7, SlipKind.EMPTY),
        (Mark.UNREADABLE, 7, SlipKind.UNREADABLE),
        (Mark.BLANK, Mark.UNREADABLE, SlipKind.UNREADABLE),
        (1_204, 2_204, SlipKind.SEVERAL),
        (321, 123, SlipKind.SWAPPED),
        (312, 123, SlipKind.SEVERAL),
    ],
)
def test_kinds(keyed: Cell, settled: Cell, kind: SlipKind | None) -> None:
    assert slip_kind(keyed, settled) is kind


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_there_is_a_kind_exactly_where_there_is_a_difference(keyed: int, settled: int) -> None:
    assert (slip_kind(keyed, settled) is None) == (keyed == settled)


def test_no_rate_before_there_is_enough_to_go_by() -> None:
    tally = Tally()
    tally.add({"P1": 71, "P2": 111}, {"P1": 71, "P2": 110, "V1": 181})
    assert (tally.boxes, tally.slips, tally.per_thousand) == (2, 1, None)
    for _ in range(ENOUGH_BOXES):
        tally.add({"P1": 71}, {"P1": 71})
    assert tally.per_thousand == pytest.approx(1_000 / (ENOUGH_BOXES + 2))


def test_a_box_that_is_not_settled_is_nobodys_slip() -> None:
    tally = Tally()
    tally.add({"P1": 71}, {})
    assert (tally.boxes, tally.slips) == (0, 0)
