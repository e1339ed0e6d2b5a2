"""What must hold for every form, not for chosen ones: consistency, unknowns, fingerprints, order, diagnosis."""

from collections.abc import Mapping

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.cell import Cell, Mark
from app.domain.checks import Beside, Dpt, evaluate
from app.domain.diagnosis import Repair, single_repair, single_repairs
from app.domain.form import Severity
from app.forms import load

FORM = load("c1-ppwp-2019")
FIELDS = tuple(one.id for one in FORM.fields)
counts = st.integers(min_value=0, max_value=300)
cell_values = st.one_of(counts, st.sampled_from(Mark))
any_cells = st.dictionaries(st.sampled_from(FIELDS), cell_values)
registers = st.one_of(st.none(), st.builds(Dpt, counts, counts))


@st.composite
def consistent_forms(draw: st.DrawFn) -> dict[str, Cell]:
    """A whole form whose sums all hold: the parts are drawn, the totals added up."""
    cells: dict[str, Cell] = {}

    def put(row: str, men: int, women: int) -> None:
        cells.update({f"{row}.L": men, f"{row}.P": women, f"{row}.J": men + women})

    for block in "AB":
        parts = [(draw(counts), draw(counts)) for _ in range(3)]
        for number, (men, women) in enumerate(parts, start=1):
            put(f"{block}{number}", men, women)
        put(f"{block}4", sum(men for men, _ in parts), sum(women for _, women in parts))
    for row in ("D1", "D2"):
        put(row, draw(counts), draw(counts))
    users = cells["B4.J"]
    assert isinstance(users, int)
    returned, unused = draw(counts), draw(counts)
    cells.update({"S1": returned + unused + users, "S2": returned, "S3": unused, "S4": users})
    invalid = draw(st.integers(0, users))
    first = draw(st.integers(0, users - invalid))
    cells.update(
        {"P1": first, "P2": users - invalid - first, "V1": users - invalid, "V2": invalid, "V3": users}
    )
    return cells


def papers(cells: Mapping[str, Cell]) -> list[tuple[str, ...]]:
    return [one.depends_on for one in evaluate(FORM, cells) if one.severity is Severity.PAPER]


@given(consistent_forms())
def test_sums_that_hold_are_never_found(cells: dict[str, Cell]) -> None:
    assert papers(cells) == []
    assert single_repairs(FORM, cells) == []


@given(consistent_forms(), st.sampled_from(FIELDS), st.integers(0, 999))
def test_one_changed_box_is_found_and_named_by_a_finding(
    cells: dict[str, Cell], field: str, new: int
) -> None:
    assume(cells[field] != new)

    assert any(field in depends_on for depends_on in papers({**cells, field: new}))


@given(consistent_forms(), st.sampled_from(FIELDS), st.integers(0, 999))
def test_the_diagnosis_knows_the_box_that_slipped(cells: dict[str, Cell], field: str, new: int) -> None:
    before = cells[field]
    assume(before != new)
    assert isinstance(before, int)
    changed = {**cells, field: new}

    repairs = single_repairs(FORM, changed)

    assert Repair(field, new, before) in repairs
    assert all(papers({**changed, one.field: one.instead}) == [] for one in repairs)
    assert single_repair(FORM, changed) == (repairs[0] if len(repairs) == 1 else None)


@given(any_cells, registers)
def test_no_finding_rests_on_a_box_that_is_unreadable_or_absent(
    cells: dict[str, Cell], dpt: Dpt | None
) -> None:
    for finding in evaluate(FORM, cells, Beside(dpt)):
        assert all(cells.get(field, Mark.UNREADABLE) is not Mark.UNREADABLE for field in finding.depends_on)


@given(any_cells, registers)
def test_findings_come_in_paper_order_with_full_sentences(cells: dict[str, Cell], dpt: Dpt | None) -> None:
    findings = evaluate(FORM, cells, Beside(dpt))

    places = [FIELDS.index(finding.fields[0]) for finding in findings]
    assert places == sorted(places)
    for finding in findings:
        assert set(finding.fields) <= set(finding.depends_on)
        assert list(finding.fields) == sorted(finding.fields, key=FIELDS.index)
        assert finding.message.id[-1] in "?."
        assert not set("{}<>") & set(finding.message.id + finding.message.en)


@given(any_cells, registers, st.sampled_from(FIELDS), cell_values)
def test_a_fingerprint_changes_exactly_with_the_boxes_it_depends_on(
    cells: dict[str, Cell], dpt: Dpt | None, field: str, new: Cell
) -> None:
    assume(cells.get(field) != new)
    before = {one.code: one for one in evaluate(FORM, cells, Beside(dpt))}

    for finding in evaluate(FORM, {**cells, field: new}, Beside(dpt)):
        if finding.code in before:
            is_same = finding.fingerprint == before[finding.code].fingerprint
            assert is_same is (field not in finding.depends_on)


@given(any_cells, registers)
def test_an_accepted_paper_stays_accepted_only_against_the_same_register(
    cells: dict[str, Cell], dpt: Dpt | None
) -> None:
    assume(dpt is not None)
    assert dpt is not None
    other = Dpt(dpt.l + 1, dpt.p)
    prints = {one.fingerprint for one in evaluate(FORM, cells, Beside(dpt)) if one.code.startswith("REG.DPT")}

    assert prints.isdisjoint(one.fingerprint for one in evaluate(FORM, cells, Beside(other)))


def test_two_slips_or_an_ambiguous_one_have_no_single_diagnosis() -> None:
    two_slips: dict[str, Cell] = {"P1": 71, "P2": 110, "V1": 191, "V2": 3, "V3": 177, "B4.J": 150}
    ambiguous: dict[str, Cell] = {"P1": 71, "P2": 110, "V1": 191}

    assert single_repairs(FORM, two_slips) == []
    assert single_repair(FORM, ambiguous) is None
    assert [one.field for one in single_repairs(FORM, ambiguous)] == ["P1", "P2", "V1"]


def test_a_total_off_by_a_hundred_is_named_alone() -> None:
    cells: dict[str, Cell] = {"P1": 71, "P2": 110, "V1": 281, "V2": 3, "V3": 184, "B4.J": 184}

    assert single_repair(FORM, cells) == Repair("V1", 281, 181)


def test_a_blank_total_is_diagnosed_as_the_missing_number() -> None:
    cells: dict[str, Cell] = {"P1": 71, "P2": 110, "V1": Mark.BLANK, "V2": 3, "V3": 184}

    assert single_repair(FORM, cells) == Repair("V1", Mark.BLANK, 181)
