"""The checks of C1-PPWP 2019 on real and hand-made forms: what is found, what is said, what stays silent."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.cell import Cell, Mark
from app.domain.checks import Beside, Dpt, Finding, Outcome, computed_total, evaluate, judge, spreads_of
from app.domain.form import FormDefinition, Severity
from app.domain.rules import LEAST_STATIONS, Spread, spread_of
from app.forms import load

DATA = Path(__file__).parents[2] / "data" / "cileunyi_kulon_ppwp_2019.csv"

# TPS 001 of Cileunyi Kulon: page 2 and the DPT are real, the rest of page 1 fits them.
ROWS = {
    "A1": (97, 101, 198),
    "A2": (1, 0, 1),
    "A3": (2, 1, 3),
    "A4": (100, 102, 202),
    "B1": (88, 92, 180),
    "B2": (1, 0, 1),
    "B3": (2, 1, 3),
    "B4": (91, 93, 184),
    "D1": (1, 2, 3),
    "D2": (0, 2, 2),
}
SINGLES = {"S1": 202, "S2": 0, "S3": 18, "S4": 184, "P1": 71, "P2": 110, "V1": 181, "V2": 3, "V3": 184}
WHOLE: Mapping[str, Cell] = {
    **{
        f"{row}.{column}": n
        for row, numbers in ROWS.items()
        for column, n in zip("LPJ", numbers, strict=True)
    },
    **SINGLES,
}
DPT = Dpt(97, 101)


@pytest.fixture(scope="module")
def form() -> FormDefinition:
    return load("c1-ppwp-2019")


def rows() -> Iterator[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def quick_set(row: Mapping[str, str], source: str) -> dict[str, Cell]:
    """The seven numbers of one published TPS; Situng's total is the sum it published beside `pengguna`."""
    valid, invalid = int(row[f"{source}_sah"]), int(row[f"{source}_tidak_sah"])
    return {
        "A1.J": int(row["dpt_l"]) + int(row["dpt_p"]),
        "B4.J": int(row[f"{source}_pengguna"]),
        "P1": int(row[f"{source}_01"]),
        "P2": int(row[f"{source}_02"]),
        "V1": valid,
        "V2": invalid,
        "V3": valid + invalid,
    }


def found(form: FormDefinition, changes: Mapping[str, Cell], dpt: Dpt | None = DPT) -> list[Finding]:
    return evaluate(form, {**WHOLE, **changes}, Beside(dpt))


def codes(form: FormDefinition, changes: Mapping[str, Cell], dpt: Dpt | None = DPT) -> list[str]:
    return [finding.code for finding in found(form, changes, dpt)]


def test_a_form_that_adds_up_is_silent(form: FormDefinition) -> None:
    assert found(form, {}) == []


def test_situngs_own_entry_of_cileunyi_kulon_breaks_four_forms(form: FormDefinition) -> None:
    broken = {
        row["tps_no"]: [finding.code for finding in findings]
        for row in rows()
        if (findings := evaluate(form, quick_set(row, "situng"), profile="ringkas"))
    }

    assert broken == {
        "11": ["EQ.B4-V3"],
        "23": ["SUM.V1"],
        "42": ["EQ.B4-V3"],
        "47": ["EQ.B4-V3", "SUM.V1"],
    }


def test_the_independent_reading_repairs_situngs_slips_and_keeps_the_papers_own(form: FormDefinition) -> None:
    broken = [row["tps_no"] for row in rows() if evaluate(form, quick_set(row, "kp"), profile="ringkas")]

    assert broken == ["47"]


def test_the_sentence_of_the_design(form: FormDefinition) -> None:
    first = found(form, {"V1": 191})[0]

    assert first.code == "SUM.V1"
    assert first.severity is Severity.PAPER
    assert first.message.id == "Jumlah 01+02 = 181; tertulis 191. Lihat kertas. Memang demikian?"
    assert first.message.en == "01+02 = 181; written 191. Look at the paper. Is it really so?"
    assert first.fields == ("V1",)
    assert first.depends_on == ("P1", "P2", "V1")
    assert first.values == (("P1", 71), ("P2", 110), ("V1", 191))


def test_a_blank_total_over_parts_is_a_finding_and_says_so(form: FormDefinition) -> None:
    first = found(form, {"V1": Mark.BLANK})[0]

    assert first.message.id == "Jumlah 01+02 = 181; kotaknya kosong. Lihat kertas. Memang demikian?"
    assert first.message.en == "01+02 = 181; the box is blank. Look at the paper. Is it really so?"
    assert ("V1", "blank") in first.values


@pytest.mark.parametrize("row", ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "D1", "D2"])
def test_only_the_total_written_is_silent_in_its_row(form: FormDefinition, row: str) -> None:
    assert f"LP.{row}" not in codes(form, {f"{row}.L": Mark.BLANK, f"{row}.P": Mark.BLANK})


def test_one_blank_part_counts_as_nothing(form: FormDefinition) -> None:
    assert codes(form, {"A2.P": Mark.BLANK, "B2.P": Mark.BLANK, "S2": Mark.BLANK}) == []
    assert codes(form, {"A2.L": Mark.BLANK}) == ["LP.A2", "SUM.A4.L", "MAX.B2-A2.L"]


@pytest.mark.parametrize("unknown", [Mark.UNREADABLE, None])
def test_a_rule_that_meets_an_unreadable_or_absent_box_is_unknown(
    form: FormDefinition, unknown: Mark | None
) -> None:
    cells = {**WHOLE, "P1": 5, "V1": Mark.UNREADABLE}
    if unknown is None:
        del cells["V1"]

    assert evaluate(form, cells, Beside(DPT)) == []
    check = next(check for check in form.checks if check.code == "SUM.V1")
    assert judge(check, cells) is Outcome.UNKNOWN
    assert judge(check, WHOLE) is Outcome.HOLDS
    assert judge(check, {**WHOLE, "V1": 191}) is Outcome.BROKEN


def test_the_third_equality_speaks_only_where_the_other_two_cannot(form: FormDefinition) -> None:
    off_by_one: Mapping[str, Cell] = {"S4": Mark.UNREADABLE, "V2": 2, "V3": 183, "S3": Mark.UNREADABLE}

    assert codes(form, {"V2": 2, "V3": 183}) == ["EQ.S4-V3"]
    assert codes(form, off_by_one) == ["EQ.B4-V3"]


def test_a_dpt_that_is_not_the_registers_asks_for_the_right_sheet(form: FormDefinition) -> None:
    (finding,) = found(form, {}, Dpt(95, 100))

    assert finding.code == "REG.DPT.LP"
    assert finding.message.id == "DPT tertulis 97/101; daftar TPS ini 95/100. Salah berkas?"
    assert finding.values == (("A1.L", 97), ("A1.P", 101), ("dpt.L", 95), ("dpt.P", 100))
    assert finding.depends_on == ("A1.L", "A1.P")


def test_a_blank_box_contradicts_no_register(form: FormDefinition) -> None:
    blank_row: Mapping[str, Cell] = {"A1.L": Mark.BLANK, "A1.P": Mark.BLANK}
    half = found(form, {"A1.L": Mark.BLANK}, Dpt(97, 100))

    assert not [code for code in codes(form, blank_row) if code.startswith("REG")]
    assert "DPT tertulis kosong/101; daftar TPS ini 97/100. Salah berkas?" in [one.message.id for one in half]
    assert "DPT is written blank/101; the list says 97/100 for this TPS. Wrong sheet?" in [
        one.message.en for one in half
    ]


def test_without_a_register_nothing_is_said_about_it(form: FormDefinition) -> None:
    assert codes(form, {}, None) == []


def test_the_quick_set_compares_the_dpts_total(form: FormDefinition) -> None:
    cells = {"A1.J": 189}

    (finding,) = evaluate(form, cells, Beside(DPT), "ringkas")

    assert finding.code == "REG.DPT.J"
    assert finding.message.id == "DPT tertulis 189; daftar TPS ini 198. Salah berkas?"


@pytest.mark.parametrize(
    ("dpt", "received", "silent"),
    [
        (198, 202, True),
        (198, 201, False),
        (150, 153, True),
        (350, 357, True),
        (0, 0, True),
        (1, 2, True),
        (1, 1, False),
    ],
)
def test_the_reserve_is_two_percent_rounded_up(
    form: FormDefinition, dpt: int, received: int, *, silent: bool
) -> None:
    check = next(check for check in form.checks if check.code == "REG.S1")

    assert (judge(check, {"A1.J": dpt, "S1": received}) is Outcome.HOLDS) is silent


def test_the_reserve_is_a_note_with_the_number_expected(form: FormDefinition) -> None:
    (finding,) = found(form, {"S1": 203, "S3": 19})

    assert finding.severity is Severity.NOTE
    assert finding.message.id == "Surat suara diterima 203; DPT 198 dengan cadangan 2% = 202."


@pytest.mark.parametrize(
    ("invalid", "users", "warns"),
    [(10, 100, True), (9, 50, False), (10, 101, False), (19, 184, True), (18, 184, False), (20, 0, False)],
)
def test_invalid_votes_warn_at_a_tenth_and_ten_papers(
    form: FormDefinition, invalid: int, users: int, *, warns: bool
) -> None:
    found_codes = [one.code for one in evaluate(form, {"V2": invalid, "B4.J": users})]

    assert ("ASK.INVALID" in found_codes) is warns


def test_no_valid_vote_at_all_asks(form: FormDefinition) -> None:
    assert "ASK.ZERO" in codes(form, {"P1": 0, "P2": 0, "V1": 0})
    assert "ASK.ZERO" in codes(form, {"P1": Mark.BLANK, "P2": Mark.BLANK, "V1": Mark.BLANK})
    assert "ASK.ZERO" not in codes(form, {"P1": 0, "P2": 181})


def test_more_users_than_all_three_lists(form: FormDefinition) -> None:
    messages = [one.message.id for one in found(form, {"B4.J": 284})]

    expected = (
        "Pengguna hak pilih 284 lebih banyak daripada DPT+DPTb+DPK (202). Lihat kertas. Memang demikian?"
    )
    assert expected in messages


def test_a_limit_that_is_blank_is_called_blank(form: FormDefinition) -> None:
    messages = [one.message.id for one in found(form, {"A2.L": Mark.BLANK})]

    assert (
        "Pengguna dalam DPTb, laki-laki: 1; pemilih dalam DPTb: kosong. Lihat kertas. Memang demikian?"
        in messages
    )


def test_a_number_over_a_thousand_names_its_box_and_silences_the_smaller_limit(form: FormDefinition) -> None:
    cells: Mapping[str, Cell] = {"A1.J": 1980}

    (finding,) = evaluate(form, cells)

    assert finding.code == "LIM.1000.A1.J"
    assert finding.message.id == "I.A.1 tertulis 1980, lebih dari 1.000. Lihat kertas. Memang demikian?"
    assert [one.code for one in evaluate(form, {"A1.J": 301})] == ["LIM.A1"]


@pytest.mark.parametrize(
    ("field", "changes", "expected"),
    [
        ("V1", {}, 181),
        ("V3", {"V2": Mark.BLANK}, 181),
        ("B4.J", {"B1.J": 190}, 194),
        ("A1.J", {}, 198),
        ("S4", {}, 184),
        ("S1", {}, 202),
        ("P1", {}, None),
        ("V1", {"P1": Mark.UNREADABLE}, None),
        ("V1", {"P1": Mark.BLANK, "P2": Mark.BLANK}, None),
        ("A4.J", {"A1.J": Mark.UNREADABLE}, 202),
    ],
)
def test_the_computed_sum_beside_a_total(
    form: FormDefinition, field: str, changes: Mapping[str, Cell], expected: int | None
) -> None:
    assert computed_total(form, field, {**WHOLE, **changes}) == expected


def test_a_profile_looks_at_its_own_boxes_only(form: FormDefinition) -> None:
    cells = {**WHOLE, "S4": 99, "V1": 191}

    assert [one.code for one in evaluate(form, cells, Beside(DPT), "ringkas")] == ["SUM.V1", "SUM.V3"]
    with pytest.raises(KeyError, match="kilat"):
        evaluate(form, cells, Beside(DPT), "kilat")


def test_more_people_than_the_register_and_its_reserve_is_said(form: FormDefinition) -> None:
    cells: Mapping[str, Cell] = {"A1.J": 198, "B4.J": 203}

    (finding,) = evaluate(form, cells, Beside(DPT), "ringkas")

    assert (finding.code, finding.severity) == ("REG.B4", Severity.NOTE)
    assert finding.message.id == (
        "Pengguna hak pilih 203; daftar TPS ini 198 pemilih, dengan cadangan 2% 202."
    )
    assert evaluate(form, {**cells, "B4.J": 202}, Beside(DPT), "ringkas") == []


def test_people_voted_but_the_box_of_the_dpt_is_blank(form: FormDefinition) -> None:
    blank: Mapping[str, Cell] = {"A1.J": Mark.BLANK, "B4.J": 184}

    assert [one.code for one in evaluate(form, blank, Beside(DPT), "ringkas")] == ["FILL.A1"]
    assert evaluate(form, {**blank, "A1.J": Mark.UNREADABLE}, Beside(DPT), "ringkas") == []


def test_every_vote_for_one_is_said(form: FormDefinition) -> None:
    assert "ASK.ONE" in codes(form, {"P1": 0, "P2": 181})
    assert "ASK.ONE" not in codes(form, {"P1": 1, "P2": 180})


def test_women_who_voted_without_being_on_a_list_are_seen_behind_a_total_that_fits(
    form: FormDefinition,
) -> None:
    wrong: Mapping[str, Cell] = {"B3.L": 0, "B3.P": 11, "B3.J": 11, "B4.L": 89, "B4.P": 103, "B4.J": 192}

    assert "MAX.B4-A.P" in codes(form, wrong)
    assert "MAX.B4-A.J" not in codes(form, wrong)


AROUND = [{"A1.J": 200, "B4.J": 150 + n, "V2": n % 4} for n in range(2 * LEAST_STATIONS)]


def test_an_areas_usual_shares_are_those_of_its_settled_stations(form: FormDefinition) -> None:
    spreads = spreads_of(form, AROUND)

    assert spreads["AREA.B4"] == Spread(16, 76.875, 80.625)  # 150..165 of 200
    assert set(spreads) == {"AREA.B4", "AREA.V2"}


def test_too_few_stations_or_boxes_nobody_could_read_say_nothing_of_an_area(form: FormDefinition) -> None:
    unreadable: list[Mapping[str, Cell]] = [{**one, "V2": Mark.UNREADABLE} for one in AROUND]
    without_dpt: list[Mapping[str, Cell]] = [{**one, "A1.J": Mark.BLANK} for one in AROUND]

    assert spreads_of(form, AROUND[: LEAST_STATIONS - 1]) == {}
    assert set(spreads_of(form, unreadable)) == {"AREA.B4"}
    assert set(spreads_of(form, without_dpt)) == {"AREA.V2"}
    assert spread_of([]) is None


def test_a_station_far_from_its_area_is_said_with_what_is_usual_there(form: FormDefinition) -> None:
    here = Beside(spreads=spreads_of(form, AROUND))
    far: Mapping[str, Cell] = {"A1.J": 200, "B4.J": 88, "V1": 85, "V2": 3, "V3": 88}

    (finding,) = evaluate(form, far, here, "ringkas")

    assert (finding.code, finding.severity, finding.fields) == ("AREA.B4", Severity.NOTE, ("B4.J",))
    assert finding.message.id == (
        "Pengguna hak pilih 44% dari DPT. Separuh dari 16 TPS lain di desa ini antara 77 dan 81%."
    )
    assert evaluate(form, far, Beside(), "ringkas") == [], "unknown where the area is"
    assert evaluate(form, {**far, "B4.J": 150, "V1": 147, "V3": 150}, here, "ringkas") == []


def test_a_better_sentence_opens_no_accepted_finding_again(form: FormDefinition) -> None:
    newer = replace(form, checks=tuple(replace(one, version=2, advice=one.message) for one in form.checks))

    before, after = evaluate(form, {**WHOLE, "V1": 191}), evaluate(newer, {**WHOLE, "V1": 191})

    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]
    assert {one.version for one in after} == {2}
