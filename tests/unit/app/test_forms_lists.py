"""Forms whose section IV comes from their contest's lists, and the parts that forms share."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app import forms
from app.domain.cell import Cell
from app.domain.checks import computed_total, evaluate
from app.domain.diagnosis import single_repair
from app.domain.form import Box, FormDefinition
from app.domain.geometry import crop_rect

DPR = forms.load("c1-dpr-2019-jabar-2")
DPD = forms.load("c1-dpd-2019-jabar")
PAGE_1 = 34
NAME = "c1-dpr-2019-jabar-2"


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        (NAME, [PAGE_1, 48, 48, 48, 48, 3]),
        ("c1-dprd-prov-2019-jabar-2", [PAGE_1, 56, 56, 56, 56, 3]),
        ("c1-dprd-kab-2019-3204", [PAGE_1, 56, 56, 56, 56, 3]),
        ("c1-dpd-2019-jabar", [PAGE_1, 17, 17, 16, 3]),
    ],
)
def test_numbers_and_pages_of_the_paper(name: str, pages: list[int]) -> None:
    form = forms.load(name)

    counted = Counter(one.page for one in form.fields)

    assert [counted[page.n] for page in form.pages] == pages
    assert [page.n for page in form.pages] == list(range(1, len(pages) + 1))


def test_a_party_is_its_own_votes_its_candidates_and_their_sum() -> None:
    block = [one for one in DPR.fields if one.section == "IV.3"]

    assert [one.id for one in block] == ["P03", *(f"P03C{n:02}" for n in range(1, 11)), "T03"]
    assert [one.code for one in block] == ["A.1", *(f"A.2.{n}" for n in range(1, 11)), "B"]
    assert block[1].label.id == "PDIP, calon 1"
    assert "(contoh)" in block[1].printed
    assert [section.title.id for section in DPR.sections if section.group == "3"] == ["IV.3. PDIP"]


def test_four_parties_a_page_left_before_right_and_no_box_on_another() -> None:
    heads = [section.box for section in DPR.sections if section.page == 2]

    assert [(box.x, box.y) for box in heads] == [(10.0, 44.0), (108.0, 44.0), (10.0, 166.0), (108.0, 166.0)]
    assert [section.id for section in DPR.sections if section.page == 5] == [
        "IV.13",
        "IV.14",
        "IV.19",
        "IV.20",
    ]
    assert DPR.by_id["P01"].row_box == Box(10.0, 53.0, 92.0, 8.0)


def test_the_crop_of_a_candidate_is_its_own_half_of_the_page() -> None:
    left, right = (crop_rect(DPR, DPR.by_id[one], 2100, 2970) for one in ("P01C05", "P02C05"))

    assert left.x + left.w <= right.x + 2 * 50  # nothing but the margins of both
    assert left.y == right.y


def test_persons_without_parties_go_on_over_the_pages() -> None:
    sections = [(section.id, section.page) for section in DPD.sections if section.group]

    assert sections == [("IV", 2), ("IV.2", 3), ("IV.3", 4)]
    assert [section.title.id for section in DPD.sections if section.page == 3] == [
        "IV. Perolehan suara calon anggota DPD (lanjutan)"
    ]
    assert [one.number for one in DPD.publication.candidates] == list(range(21, 71))
    assert DPD.publication.candidates[0].field == "C21"


def test_what_is_published_of_a_party_is_its_total() -> None:
    assert [(one.id, one.name, one.field) for one in DPR.publication.candidates][:2] == [
        ("1", "PKB", "T01"),
        ("2", "Gerindra", "T02"),
    ]
    assert DPR.publication.ballot == "dprri"
    assert [one.id for one in DPR.fields_of("ringkas")] == [
        *("A1.J", "B4.J"),
        *(f"T{one.number:02}" for one in DPR.groups),
        *("V1", "V2", "V3"),
    ]


def filled(form: FormDefinition, **votes: int) -> dict[str, Cell]:
    """A whole paper that agrees with itself: these votes, everything else nought, sums as they must be."""
    cells: dict[str, Cell] = dict.fromkeys(form.by_id, 0)
    cells |= votes
    for check in form.checks:  # parts stand before the totals they make
        if check.kind in ("sum", "row") and len(check.right) == 1 and check.code.startswith(("SUM.", "LP.")):
            cells[check.right[0]] = sum(int(cells[one]) for one in check.left)
    return cells


def test_a_wrong_total_of_a_party_is_found_and_the_box_named() -> None:
    cells = filled(DPR, P03=7, P03C01=30, P03C07=4, P14C02=9)
    cells |= {"V1": 50, "V3": 50, "S4": 50, "S3": 12, "S1": 62, "B4.J": 50}
    cells["B1.J"], cells["B1.L"], cells["B4.L"] = 50, 50, 50
    cells["A1.J"], cells["A1.L"], cells["A4.L"], cells["A4.J"] = 60, 60, 60, 60
    assert evaluate(DPR, cells) == []
    assert computed_total(DPR, "T03", cells) == cells["T03"] == 41

    wrong = {**cells, "P03C07": 14}

    (finding,) = evaluate(DPR, wrong)
    assert finding.code == "SUM.T03"
    assert finding.message.id.startswith("PDIP: suara partai+calon = 51; tertulis 41.")
    assert finding.fields == ("T03",)
    repair = single_repair(
        DPR, {**cells, "T03": 141}
    )  # it breaks two sums at once: only one box explains both
    assert repair is not None
    assert (repair.field, repair.instead) == ("T03", 41)


def test_a_form_knows_its_totals_and_its_lists() -> None:
    form = forms.load_file(forms.path_of(NAME))  # nobody has asked this one before

    assert [check.code for check in form.totals["A4.J"]] == ["SUM.A4.J", "LP.A4"]
    assert [check.code for check in form.totals["T03"]] == ["SUM.T03"]
    assert "P03C01" not in form.totals
    assert form.paper_codes["A1.L"] == "I.A.1 L"
    assert len(form.lists) == len(form.groups) == 16
    assert forms.load_file(forms.path_of("c1-ppwp-2019")).lists == frozenset()


def test_a_dapil_votes_by_its_own_form() -> None:
    assert DPR.is_for("3204052001001")
    assert DPR.is_for("3217012001001")
    assert not DPR.is_for("3273012001001")
    assert forms.load("c1-ppwp-2019").is_for("9101012001001")


# ---- parts and faults --------------------------------------------------------------------------------------------

SOURCE = (forms.FOLDER / f"{NAME}.toml").read_text(encoding="utf-8")
PARTIES = (forms.FOLDER / "parts" / "parties-2019.toml").read_text(encoding="utf-8")


def faults_of(tmp_path: Path, source: str = SOURCE, parties: str | None = None) -> list[str]:
    """Of the form with this text, and with this part beside it instead of the shipped one."""
    if parties is not None:
        (tmp_path / "parts").mkdir()
        (tmp_path / "parts" / "parties-2019.toml").write_text(parties, encoding="utf-8")
    path = tmp_path / f"{NAME}.toml"
    path.write_text(source, encoding="utf-8")
    return forms.check_file(path)


def test_parts_are_found_among_the_shipped_ones_and_beside_the_file_first(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == []
    own = PARTIES.replace("rows = 14", "rows = 3")
    (tmp_path / "own").mkdir()

    faults = faults_of(tmp_path / "own", parties=own)

    assert faults == []
    assert (
        len(forms.load_file(tmp_path / "own" / f"{NAME}.toml").pages) == 2 + 16
    )  # four parts of every party


def test_a_fault_in_a_part_names_the_part_and_its_own_line(tmp_path: Path) -> None:
    changed = PARTIES.replace('right = ["V1"]', 'right = ["V9"]')
    line = changed[: changed.index('right = ["V9"]')].count("\n") + 1

    (fault,) = faults_of(tmp_path, parties=changed)

    assert fault == f"parts/parties-2019.toml, baris {line}: aturan SUM.V1: kotak `V9` tidak dikenal."


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"parts/lists-2019.toml"', '"../rahasia.toml"', "`../rahasia.toml` bukan nama bagian"),
        ('"parts/lists-2019.toml"', '"parts/../../x.toml"', "bukan nama bagian"),
        (
            '"parts/lists-2019.toml"',
            '"parts/tidak-ada.toml"',
            "bagian `parts/tidak-ada.toml` tidak dapat dibaca",
        ),
        ('"parts/lists-2019.toml"', '"parts/c1-2019.toml"', "bagian `parts/c1-2019.toml` disebut dua kali"),
    ],
)
def test_an_include_that_cannot_be_followed_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    changed = SOURCE.replace(old, new)
    line = changed[: changed.index("include =")].count("\n") + 1

    (fault,) = faults_of(tmp_path, changed)

    assert fault.startswith(f"{NAME}.toml, baris {line}: ")
    assert says in fault


def test_a_part_includes_nothing_itself(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, parties=PARTIES + '\ninclude = ["parts/parties-2019.toml"]\n')

    assert fault.startswith("parts/parties-2019.toml, baris ")
    assert "kunci `include` tidak dikenal di sini" in fault


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("members = 10\n", "", "isi salah satu"),
        ("members = 10\n", 'members = 10\nnames = ["A"]\n', "isi salah satu"),
        ("number = 2\n", "number = 1\n", "kotak `P01` sudah ada"),
        ('id = "2"\n', "", "`id` belum ada"),
        ("[[group]]", "[[grup]]", "kunci `grup` tidak dikenal di sini"),
        ('groups = "T<nn>"', 'groups = "X<nn>"', "kotak `X01` tidak dikenal"),
    ],
)
def test_a_fault_in_the_lists(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in SOURCE
    changed = SOURCE.replace(old, new) if old == "[[group]]" else SOURCE.replace(old, new, 1)

    assert any(says in one for one in faults_of(tmp_path, changed))


def test_blocks_that_cannot_be_laid_out_are_told(tmp_path: Path) -> None:
    without_places = PARTIES.replace("[[blocks.place]]", "[[blocks.spot]]")

    assert any("`place` belum ada" in one for one in faults_of(tmp_path, parties=without_places))


def test_a_pattern_that_fits_no_box_is_an_unknown_box(tmp_path: Path) -> None:
    changed = PARTIES.replace('left = ["T*"]\nright', 'left = ["Q*"]\nright')

    assert any("SUM.V1: kotak `Q*` tidak dikenal" in one for one in faults_of(tmp_path, parties=changed))


def test_names_may_be_given(tmp_path: Path) -> None:
    named = SOURCE.replace("members = 10\n", 'names = ["Ani", "Budi"]\n', 1)
    assert faults_of(tmp_path, named) == []

    form = forms.load_file(tmp_path / f"{NAME}.toml")

    assert [one.id for one in form.fields if one.section == "IV.1"] == ["P01", "P01C01", "P01C02", "T01"]
    assert form.by_id["P01C02"].printed == "Budi"
