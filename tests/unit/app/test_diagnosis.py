"""What the verifier is told about broken sums: which box, what slipped, or that no single box explains it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.domain.cell import Cell, Mark
from app.domain.diagnosis import SEVERAL, UNEXPLAINED, WHOLE, explain
from app.domain.slips import WORDS, Slip, kind_of
from app.forms import available, load
from tests.fakes.real_slips import Slip as Real
from tests.fakes.real_slips import whole_form

FORM = load("c1-ppwp-2019")
# 53 + 110 = 163 valid, 4 invalid, 167 voted of 187; every sum holds
PAPER = whole_form(Real("P2", 110, 110, ""))


def said(**changes: Cell) -> tuple[str, tuple[str, ...]]:
    found = explain(FORM, {**PAPER, **{box.replace("_", "."): cell for box, cell in changes.items()}})
    return found.kind, found.boxes


def test_a_form_whose_sums_hold_has_nothing_to_explain() -> None:
    found = explain(FORM, PAPER)

    assert (found.kind, found.boxes, found.explanations) == (WHOLE, (), ())
    assert (found.sentence.id, found.sentence.en) == ("Semua jumlah cocok.", "Every sum holds.")


@pytest.mark.parametrize(
    ("written", "instead", "kind"),
    [
        (281, 181, Slip.HUNDRED),
        (81, 181, Slip.HUNDRED),
        (905, 205, Slip.HUNDREDS_BOX),
        (1105, 105, Slip.DIGIT_COUNT),
        (18, 81, Slip.SWAPPED_DIGITS),
        (118, 181, Slip.SWAPPED_DIGITS),
        (811, 118, Slip.SWAPPED_DIGITS),
        (191, 181, Slip.ONE_DIGIT),
        (11, 110, Slip.DIGIT_COUNT),
        (1810, 181, Slip.DIGIT_COUNT),
        (12, 345, Slip.OTHER),
        (79, 42, Slip.OTHER),
        (Mark.BLANK, 4, Slip.EMPTY),
    ],
)
def test_each_kind_of_slip_has_its_name(written: Cell, instead: int, kind: Slip) -> None:
    assert kind_of(written, instead) is kind


def test_every_kind_has_words_in_both_languages() -> None:
    assert set(WORDS) == set(Slip)
    assert all(words.id != words.en for words in WORDS.values())


def test_one_box_is_named_with_its_number_and_what_slipped() -> None:
    found = explain(FORM, {**PAPER, "V1": 263})

    assert (found.kind, found.boxes) == (Slip.HUNDRED, ("V1",))
    assert found.sentence.id == (
        "Semua jumlah cocok bila V.A = 163 (sekarang 263: selisih tepat 100). "
        "Lihat kertas; mungkin memang tertulis demikian."
    )
    assert found.sentence.en == (
        "Every sum would hold with V.A = 163 (now 263: off by exactly 100). "
        "Look at the paper; it may really say so."
    )


def test_a_total_without_the_invalid_votes_says_so() -> None:
    found = explain(FORM, {**PAPER, "V3": 163})

    assert (found.kind, found.boxes) == (Slip.LEFT_OUT, ("V3",))
    assert "jumlah ditulis tanpa V.B" in found.sentence.id
    assert "the total was written without V.B" in found.sentence.en
    assert said(S4=163) == (Slip.LEFT_OUT, ("S4",))  # ballots used, where V.C is right


def test_a_blank_box_is_called_blank() -> None:
    found = explain(FORM, {**PAPER, "V1": Mark.BLANK})

    assert (found.kind, found.boxes) == (Slip.EMPTY, ("V1",))
    assert "V.A = 163 (sekarang kosong: kotak kosong)" not in found.sentence.id
    assert "V.A = 163 (sekarang kosong)" in found.sentence.id
    assert "V.A = 163 (now blank)" in found.sentence.en


def test_two_boxes_that_hold_each_others_number_are_one_explanation() -> None:
    found = explain(FORM, {**PAPER, "V1": 4, "V2": 163})

    assert (found.kind, found.boxes) == (Slip.SWAPPED_BOXES, ("V1", "V2"))
    assert "V.A = 163 dan V.B = 4 (sekarang 4 dan 163: isi dua kotak tertukar)" in found.sentence.id
    assert len(found.explanations) == 1
    lists: dict[str, Cell] = {"A2_L": 5, "A2_P": 1, "A2_J": 6, "A4_L": 98, "A4_P": 95, "A4_J": 193}
    assert said(**lists, A1_L=94, A1_P=93) == (Slip.SWAPPED_BOXES, ("A1.L", "A1.P"))


def test_a_swapped_pair_is_not_sought_where_one_box_explains_it() -> None:
    found = explain(FORM, {**PAPER, "V1": 136})

    assert [len(one.changes) for one in found.explanations] == [1]


def test_two_boxes_that_could_each_explain_it_are_both_named() -> None:
    found = explain(FORM, {**PAPER, "P2": 101})

    assert (found.kind, found.boxes) == (SEVERAL, ("P1", "P2"))
    assert found.sentence.id == (
        "Semua jumlah cocok bila salah satu ini: IV.01 = 62 (sekarang 53: bilangan lain), "
        "atau IV.02 = 110 (sekarang 101: dua angka bertukar tempat). Lihat kertas; mungkin memang tertulis demikian."
    )
    assert found.sentence.en.startswith("Every sum would hold with one of these: IV.01 = 62 (now 53: another")


def test_two_slips_at_once_are_not_explained_by_one_box() -> None:
    found = explain(FORM, {**PAPER, "V1": 190, "S4": 99})

    assert (found.kind, found.boxes) == (UNEXPLAINED, ())
    assert found.sentence.id.startswith("Tidak ada satu kotak pun")


def test_a_box_that_is_unreadable_explains_nothing_and_is_no_partner() -> None:
    cells: Mapping[str, Cell] = {**PAPER, "V1": 4, "V2": Mark.UNREADABLE, "S4": 3, "S3": Mark.UNREADABLE}

    assert explain(FORM, cells).kind == UNEXPLAINED


def test_a_partys_block_is_counted_where_any_of_its_boxes_could_be_wrong() -> None:
    form = load("c1-dpr-2019-jabar-2")
    block = next(check for check in form.checks if check.kind == "sum" and len(check.left) > 9)

    found = explain(form, {**dict.fromkeys(block.left, 1), **dict.fromkeys(block.right, len(block.left) + 1)})

    assert found.kind == SEVERAL
    assert set(found.boxes) == {*block.left, *block.right}
    assert found.sentence.id.startswith(f"Salah satu dari {len(found.boxes)} kotak dapat menjelaskan")


@pytest.mark.parametrize("name", available())
def test_every_form_has_a_sentence_for_every_single_slip(name: str) -> None:
    """No box of any form makes it fall over, and the box that slipped is always among those named."""
    form = load(name)
    whole: dict[str, Cell] = {one.id: 0 for one in form.fields}
    for one in form.fields:
        found = explain(form, {**whole, one.id: 7})
        assert one.id in found.boxes
        assert found.sentence.id[-1] == found.sentence.en[-1] == "."
