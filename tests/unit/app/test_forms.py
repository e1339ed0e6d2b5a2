"""The shipped form, and what `app.forms` promises to the rest of the program."""

from collections import Counter
from pathlib import Path

import pytest

from app import forms
from app.domain.checks import Outcome, judge
from app.domain.examples import example_of
from app.domain.form import Box, Check, FormDefinition, Severity
from app.errors import NotFound

FORM = forms.load("c1-ppwp-2019")
ROWS = ("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "D1", "D2")
PAPER_ORDER = [f"{row}.{column}" for row in ROWS for column in "LPJ"]
PAPER_ORDER += ["S1", "S2", "S3", "S4", "P1", "P2", "V1", "V2", "V3"]


def test_the_39_numbers_in_paper_order_on_two_pages() -> None:
    assert [one.id for one in FORM.fields] == PAPER_ORDER
    assert Counter(one.page for one in FORM.fields) == {1: 34, 2: 5}
    assert [FORM.order[one] for one in PAPER_ORDER] == list(range(39))


def test_codes_are_the_papers_own() -> None:
    codes = list(dict.fromkeys(one.code for one in FORM.fields))

    assert " ".join(codes) == (
        "I.A.1 I.A.2 I.A.3 I.A.4 I.B.1 I.B.2 I.B.3 I.B.4 II.1 II.2 III.1 III.2 III.3 III.4 IV.01 IV.02 V.A V.B V.C"
    )


def test_a_box_names_its_row_and_its_column() -> None:
    box = FORM.by_id["A1.L"]

    assert box.label.in_language("id") == "Pemilih dalam DPT, laki-laki"
    assert box.label.in_language("en") == "Voters on the permanent list (DPT), men"
    assert box.row_label.id == "Pemilih dalam DPT"
    assert box.printed == "Jumlah pemilih dalam DPT (Model A.3-KPU)"
    assert FORM.by_id["V1"].label.id == FORM.by_id["V1"].row_label.id == "Suara sah (IV.01 + IV.02)"


def test_boxes_are_three_digits_of_seven_millimetres_in_their_columns() -> None:
    assert {(one.box.w, one.box.h, one.digits) for one in FORM.fields} == {(21.0, 7.0, 3)}
    assert {one.column: one.box.x for one in FORM.fields} == {"L": 120.0, "P": 148.0, "J": 176.0, "": 176.0}
    assert FORM.by_id["A1.L"].row_box == Box(10.0, 63.5, 190.0, 12.0)
    assert all(one.box.y >= 50 for one in FORM.fields)


def test_only_page_two_has_words_under_its_numbers() -> None:
    assert [one.id for one in FORM.fields if one.words_box] == ["P1", "P2", "V1", "V2", "V3"]


def test_profiles_choose_boxes_and_keep_paper_order() -> None:
    assert [one.id for one in FORM.fields_of("ringkas")] == ["A1.J", "B4.J", "P1", "P2", "V1", "V2", "V3"]
    assert [one.id for one in FORM.fields_of("ringkas", page=1)] == ["A1.J", "B4.J"]
    assert [one.id for one in FORM.fields_of(FORM.default_profile)] == PAPER_ORDER
    with pytest.raises(KeyError, match="kilat"):
        FORM.profile("kilat")


def test_the_public_trees_names() -> None:
    assert FORM.publication.ballot == "ppwp"
    assert FORM.publication.fields == {
        "pemilih_j": "A1.J",
        "pengguna_j": "B4.J",
        "suara_sah": "V1",
        "suara_tidak_sah": "V2",
        "suara_total": "V3",
    }
    assert [(one.id, one.number, one.field) for one in FORM.publication.candidates] == [
        ("21", 1, "P1"),
        ("22", 2, "P2"),
    ]
    assert FORM.publication.candidates[0].name == "Ir. H. JOKO WIDODO - Prof. Dr. (H.C.) KH. MA'RUF AMIN"


def test_every_identity_of_the_paper_is_checked() -> None:
    paper = [one.code for one in FORM.checks if one.severity is Severity.PAPER]

    rows = [f"LP.{row}" for row in ROWS]
    columns = [f"SUM.{row}.{column}" for row in ("A4", "B4") for column in "LPJ"]
    singles = ["SUM.S1", "SUM.V1", "SUM.V3", "EQ.B4-S4", "EQ.S4-V3", "EQ.B4-V3"]
    assert sorted(paper) == sorted(rows + columns + singles)


@pytest.mark.parametrize(
    ("form", "check"),
    # of the others the validator asks the same, and they are without fault
    [
        pytest.param(form, check, id=check.code)
        for form in (FORM, forms.load("c-hasil-ppwp-2024"))
        for check in form.checks
    ],
)
def test_every_check_does_what_its_examples_say(form: FormDefinition, check: Check) -> None:
    judged = {
        outcome: {judge(check, *example_of(form, check, example)) for example in examples}
        for outcome, examples in (
            (Outcome.HOLDS, check.examples_pass),
            (Outcome.BROKEN, check.examples_fail),
        )
    }

    assert judged == {Outcome.HOLDS: {Outcome.HOLDS}, Outcome.BROKEN: {Outcome.BROKEN}}


def test_2024_has_28_numbers_on_three_pages_in_another_order() -> None:
    form = forms.load("c-hasil-ppwp-2024")

    assert Counter(one.page for one in form.fields) == {1: 22, 2: 3, 3: 3}
    rows = list(dict.fromkeys(one.row for one in form.fields))
    assert rows == "A1 B1 B2 B3 B4 S1 S2 S3 S4 D1 P1 P2 P3 V1 V2 V3".split()  # noqa: SIM905 - the paper's order
    assert [one.field for one in form.publication.candidates] == ["P1", "P2", "P3"]


def test_an_unknown_form_is_told_with_the_known_ones() -> None:
    assert forms.available() == (
        "c-hasil-ppwp-2024",
        "c1-dpd-2019-jabar",
        "c1-dpr-2019-jabar-2",
        "c1-dprd-kab-2019-3204",
        "c1-dprd-prov-2019-jabar-2",
        "c1-ppwp-2019",
    )
    with pytest.raises(NotFound) as caught:
        forms.load("c1-dpr-2019")
    assert "c1-dpr-2019" in str(caught.value)
    assert "c1-ppwp-2019" in caught.value.hint


def test_a_form_is_read_once() -> None:
    assert forms.load("c1-ppwp-2019") is FORM


def test_every_shipped_form_is_without_fault() -> None:
    assert {name: forms.check_file(forms.path_of(name)) for name in forms.available()} == {
        name: [] for name in forms.available()
    }


def test_a_form_may_come_from_windows(tmp_path: Path) -> None:
    source = (forms.FOLDER / "c1-ppwp-2019.toml").read_text(encoding="utf-8")
    copy = tmp_path / "c1-ppwp-2019.toml"  # its part is found among the shipped ones
    copy.write_bytes(("\ufeff" + source.replace("\n", "\r\n")).encode())

    assert forms.load_file(copy) == FORM


def test_texts_are_in_both_languages_and_differ_where_they_should() -> None:
    for check in FORM.checks:
        assert check.message.id != check.message.en


def test_a_form_is_covered_by_the_boxes_of_a_profile_and_by_no_fewer() -> None:
    form = forms.load("c1-ppwp-2019")
    assert form.is_covered_by(form.profile("ringkas").fields)
    assert form.is_covered_by([one.id for one in form.fields])
    assert not form.is_covered_by([one.id for one in form.fields if one.page == 1])
    assert (form.page_of["A1.L"], form.page_of["V3"]) == (1, 2)
