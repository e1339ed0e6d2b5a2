"""Cells: number, blank, unreadable; nothing else gets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cell import MAX_NUMBER, Mark, cell_from_json, cells_from_json, cells_to_json

CELLS = st.one_of(st.integers(0, MAX_NUMBER), st.sampled_from(tuple(Mark)))


@given(st.dictionaries(st.text(min_size=1, max_size=6), CELLS))
def test_cells_survive_the_wire(cells: dict[str, int | Mark]) -> None:
    assert cells_from_json(cells_to_json(cells)) == cells


@pytest.mark.parametrize("value", [True, False, -1, MAX_NUMBER + 1, 1.0, "", "kosong", "12", None, [], {}])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not a cell"):
        cell_from_json(value)


def test_the_fault_names_its_field() -> None:
    with pytest.raises(ValueError, match=r"V1: not a cell"):
        cells_from_json({"P1": 1, "V1": "x"})


def test_blank_is_not_zero() -> None:
    assert cell_from_json("blank") != 0
    assert cells_to_json({"B": Mark.BLANK, "A": 0}) == {"A": 0, "B": "blank"}
