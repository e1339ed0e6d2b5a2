"""Practice papers: seeded, consistent unless their kind says otherwise."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.c1form import C1Key
from app.domain.cell import Mark
from app.domain.checks import Beside, Dpt, evaluate
from app.domain.form import Severity
from app.domain.wilayah import TpsId
from app.forms import load
from app.training.scenario import PaperKind, papers, slip

FORM = load("c1-ppwp-2019")


def _stations(count: int, dpt_l: int, dpt_p: int) -> list[tuple[C1Key, int, int]]:
    return [(C1Key(TpsId(f"3204052001{n:03d}"), FORM.id), dpt_l, dpt_p) for n in range(1, count + 1)]


@given(st.integers(0, 10_000), st.integers(20, 150), st.integers(20, 150))
def test_only_the_wrong_sum_contradicts_itself(seed: int, dpt_l: int, dpt_p: int) -> None:
    for paper in papers(_stations(8, dpt_l, dpt_p), seed):
        found = evaluate(FORM, paper.cells, Beside(Dpt(dpt_l, dpt_p)))
        broken = {one.code for one in found if one.severity is Severity.PAPER}
        assert bool(broken) is (paper.kind is PaperKind.WRONG_SUM), (paper, broken)
        assert set(paper.cells) == set(FORM.by_id)


def test_a_dozen_shows_every_kind() -> None:
    made = papers(_stations(12, 97, 101))
    assert {paper.kind for paper in made} == set(PaperKind)
    assert any(Mark.BLANK in paper.cells.values() for paper in made)
    assert any(Mark.UNREADABLE in paper.cells.values() for paper in made)


def test_the_same_seed_gives_the_same_papers() -> None:
    assert papers(_stations(9, 97, 101), 7) == papers(_stations(9, 97, 101), 7)
    assert papers(_stations(9, 97, 101), 7) != papers(_stations(9, 97, 101), 8)


@given(st.integers(0, 10_000))
def test_a_slip_is_another_number_in_one_box(seed: int) -> None:
    paper = papers(_stations(1, 97, 101), seed)[0]
    field, wrong = slip(paper.cells, sorted(paper.cells), random.Random(seed))
    assert paper.cells[field] != wrong
    assert wrong >= 0
