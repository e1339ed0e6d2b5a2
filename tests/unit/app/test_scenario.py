"""Practice papers: seeded, consistent unless their kind says otherwise."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.c1form import C1Key
from app.domain.cell import Mark
from app.domain.checks import Beside, Dpt, Finding, evaluate
from app.domain.form import Severity
from app.domain.wilayah import TpsId
from app.forms import available, load
from app.forms.choice import in_ballot_order, is_of
from app.training.scenario import PaperKind, papers, slip

FORM = load("c1-ppwp-2019")
BALLOTS = tuple(one for one in in_ballot_order(available()) if is_of(load(one), "pemilu-2019"))


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
    assert {paper.kind for paper in made} == set(PaperKind) - {PaperKind.OTHER_VOTERS}
    assert any(Mark.BLANK in paper.cells.values() for paper in made)
    assert any(Mark.UNREADABLE in paper.cells.values() for paper in made)


@given(st.integers(0, 10_000), st.integers(20, 150), st.integers(20, 150))
@settings(max_examples=5)
def test_the_ballots_of_a_station_agree_unless_one_is_meant_not_to(seed: int, dpt_l: int, dpt_p: int) -> None:
    """As a verifier is told of them. What differs by mistake would teach people to overlook the notes."""
    stations = _stations(6, dpt_l, dpt_p)
    made = papers([(C1Key(key.tps, form), dpt_l, dpt_p) for key, _, _ in stations for form in BALLOTS], seed)
    odd = {paper.key for paper in made if paper.kind is PaperKind.OTHER_VOTERS}
    assert [key.tps.number for key in odd] == [2], "one TPS of six"
    for tps in {paper.key.tps for paper in made}:
        of_tps = {load(one.key.form).publication.ballot: one for one in made if one.key.tps == tps}
        for ballot, paper in of_tps.items():
            others = {name: one.cells for name, one in of_tps.items() if name != ballot}
            found = evaluate(load(paper.key.form), paper.cells, Beside(Dpt(dpt_l, dpt_p), others=others))
            against = {code.rpartition(".")[2] for one in found if (code := one.code).startswith("X.")}
            wanted = {name for name, one in of_tps.items() if (one.key in odd) is not (paper.key in odd)}
            assert against == wanted, (paper, found)
            assert paper.kind is not PaperKind.OTHER_VOTERS or not _contradicts_itself(found)


def _contradicts_itself(found: Sequence[Finding]) -> bool:
    return any(one.severity is Severity.PAPER for one in found)


def test_the_same_seed_gives_the_same_papers() -> None:
    assert papers(_stations(9, 97, 101), 7) == papers(_stations(9, 97, 101), 7)
    assert papers(_stations(9, 97, 101), 7) != papers(_stations(9, 97, 101), 8)


@given(st.integers(0, 10_000))
def test_a_slip_is_another_number_in_one_box(seed: int) -> None:
    paper = papers(_stations(1, 97, 101), seed)[0]
    field, wrong = slip(paper.cells, sorted(paper.cells), random.Random(seed))
    assert paper.cells[field] != wrong
    assert wrong >= 0
