"""One station's ballots beside one another: said where they disagree, never asked, and nothing where one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.checks import Beside, Others, Outcome, evaluate, judge
from app.domain.form import Severity
from app.domain.people import Role
from app.domain.wilayah import TpsId
from app.forms import load
from app.services import drafts, keying, people, workplace
from app.services.workplace import PinCost, Workplace
from app.training.scenario import papers
from tests.fakes.desk import FakeClock, MemorySecrets
from tests.fakes.room import region_of

PPWP, DPR = load("c1-ppwp-2019"), load("c1-dpr-2019-jabar-2")
TPS = TpsId("3204052001001")
SHEETS = {
    paper.key.form: paper.cells for paper in papers([(C1Key(TPS, one.id), 97, 101) for one in (PPWP, DPR)])
}


def notes(cells: dict[str, Cell], **others: dict[str, Cell]) -> list[str]:
    return [one.code for one in evaluate(DPR, cells, Beside(others=others)) if one.code.startswith("X.")]


def page_1(**changed: Cell) -> dict[str, Cell]:
    cells: dict[str, Cell] = dict(SHEETS[DPR.id])
    return cells | changed


def test_the_same_lists_of_voters_say_nothing() -> None:
    assert notes(page_1(), ppwp=page_1()) == []
    assert notes(page_1()) == []  # the other form has not been read


def test_another_number_of_voters_is_said_with_both_and_where() -> None:
    cells = page_1(**{"A1.L": 79, "A1.J": 180})

    found = [
        one for one in evaluate(DPR, cells, Beside(others={"ppwp": page_1()})) if one.code.startswith("X.")
    ]

    assert [one.code for one in found] == ["X.A1.L.ppwp", "X.A1.J.ppwp"]
    assert (
        found[0].message.id
        == "Pemilih dalam DPT, laki-laki: di sini 79, di C1-PPWP TPS ini 97. Biasanya sama."
    )
    assert found[0].severity is Severity.NOTE
    assert found[0].fields == ("A1.L",)
    assert dict(found[0].values) == {"A1.L": 79, "ppwp/A1.L": 97}


def test_an_unreadable_box_on_either_form_leaves_it_unknown() -> None:
    (rule,) = (one for one in DPR.checks if one.code == "X.A1.L.ppwp")

    assert (
        judge(rule, page_1(), Beside(others={"ppwp": page_1(**{"A1.L": Mark.UNREADABLE})})) is Outcome.UNKNOWN
    )
    assert (
        judge(rule, page_1(**{"A1.L": Mark.UNREADABLE}), Beside(others={"ppwp": page_1()})) is Outcome.UNKNOWN
    )
    assert judge(rule, page_1(), Beside(others={"dpd": page_1()})) is Outcome.UNKNOWN


def test_fewer_may_vote_for_a_parliament_never_more() -> None:
    assert notes(page_1(**{"B4.J": 100}), ppwp=page_1(**{"B4.J": 101})) == []
    assert notes(page_1(**{"B4.J": 102}), ppwp=page_1(**{"B4.J": 101})) == ["X.B4.ppwp"]


def test_no_form_is_compared_with_itself() -> None:
    assert not any(term.startswith("ppwp/") for check in PPWP.checks for term in check.right)
    assert any(term == "dprri/A1.L" for check in PPWP.checks for term in check.right)


@pytest.fixture
def wp(tmp_path: Path) -> Iterator[Workplace]:
    made = workplace.create(
        tmp_path / "kerja",
        realm="latihan-3204",
        district="3204",
        region=region_of(2),
        clock=FakeClock(),
        secrets=MemorySecrets(),
        profile="lengkap",
        form_ids=(PPWP.id, DPR.id),
        pin_cost=PinCost(1, 64),
    )
    people.add_person(made, id="wulan", name="Wulan", roles=[Role.COORDINATE], pin="123456")
    for name in ("rina", "budi", "sari"):
        people.add_person(made, id=name, name=name.title(), roles=[Role.KEY, Role.VERIFY], pin="123456")
    yield made
    made.close()


def test_what_was_keyed_of_one_form_is_beside_the_next_one_of_the_same_station_only(wp: Workplace) -> None:
    rina = people.sign_in(wp, "rina", "123456")
    keying.key_whole(
        wp, rina, C1Key(TPS, PPWP.id), SHEETS[PPWP.id], accept=[{"check": "*", "reason": "lainnya"}]
    )

    here = drafts.open_draft(wp, rina, C1Key(TPS, DPR.id))
    there = drafts.open_draft(wp, rina, C1Key(TpsId("3204052001002"), DPR.id))

    assert here.beside.others == {"ppwp": SHEETS[PPWP.id]}
    assert there.beside.others == {}


def key_all(wp: Workplace, who: str, form: str, cells: Mapping[str, Cell]) -> None:
    reasons = [{"check": "*", "reason": "tertulis_demikian"}]
    keying.key_whole(wp, people.sign_in(wp, who, "123456"), C1Key(TPS, form), cells, accept=reasons)


def beside(wp: Workplace, who: str) -> Others:
    """What the person sees of the station's other forms while reading its DPR form."""
    session = people.sign_in(wp, who, "123456")
    draft = drafts.open_draft(wp, session, C1Key(TPS, DPR.id))
    keying.put_back(wp, session, draft.reading_id).result()
    return draft.beside.others


def test_a_later_reader_of_another_ballot_is_not_told_what_its_first_reader_keyed(wp: Workplace) -> None:
    """Budi may be asked to read the PPWP form second: a note on the DPR form would have told him what to find."""
    key_all(wp, "rina", PPWP.id, SHEETS[PPWP.id])

    assert beside(wp, "budi") == {}
    assert beside(wp, "rina") == {"ppwp": SHEETS[PPWP.id]}  # her own values tell her nothing new


def test_of_a_form_read_page_by_page_its_reader_sees_every_page_of_hers(wp: Workplace) -> None:
    """Two parts are two rows: with only one of them beside it, half of the notes would be silent."""
    page: dict[int, dict[str, Cell]] = {
        n: {one: cell for one, cell in SHEETS[PPWP.id].items() if PPWP.page_of[one] == n} for n in (1, 2)
    }
    key_all(wp, "rina", PPWP.id, page[1])
    assert beside(wp, "rina") == {"ppwp": page[1]}

    key_all(wp, "rina", PPWP.id, page[2])

    assert beside(wp, "rina") == {"ppwp": SHEETS[PPWP.id]}
    assert beside(wp, "budi") == {}


def test_each_of_two_who_differ_sees_his_own_values_and_a_third_sees_none(wp: Workplace) -> None:
    other = {**SHEETS[PPWP.id], "A1.L": 79}
    key_all(wp, "rina", PPWP.id, SHEETS[PPWP.id])
    key_all(wp, "budi", PPWP.id, other)

    assert beside(wp, "rina") == {"ppwp": SHEETS[PPWP.id]}
    assert beside(wp, "budi") == {"ppwp": other}
    assert beside(wp, "sari") == {}


def test_what_two_people_agreed_on_is_beside_the_other_ballots_for_everybody(wp: Workplace) -> None:
    key_all(wp, "rina", PPWP.id, SHEETS[PPWP.id])
    key_all(wp, "budi", PPWP.id, SHEETS[PPWP.id])

    assert beside(wp, "sari") == {"ppwp": SHEETS[PPWP.id]}


def test_the_findings_of_a_reading_quote_no_value_its_reader_may_not_know(wp: Workplace) -> None:
    key_all(wp, "rina", PPWP.id, SHEETS[PPWP.id])
    cells = page_1(**{"A1.L": 79, "A1.J": 180})

    def said(who: str) -> list[str]:
        session = people.sign_in(wp, who, "123456")
        draft = drafts.open_draft(wp, session, C1Key(TPS, DPR.id))
        codes = [one.check for one in keying.findings_of(wp, draft.reading_id, cells)]
        keying.put_back(wp, session, draft.reading_id).result()
        return [code for code in codes if code.startswith("X.")]

    assert said("budi") == []
    assert {"X.A1.L.ppwp", "X.A1.J.ppwp"} <= set(said("rina"))


def test_a_form_this_program_does_not_know_says_nothing_and_stops_nothing(wp: Workplace) -> None:
    """A folder made by a newer version, or with a form that was taken away."""
    rina = people.sign_in(wp, "rina", "123456")
    keying.key_whole(
        wp, rina, C1Key(TPS, PPWP.id), SHEETS[PPWP.id], accept=[{"check": "*", "reason": "lainnya"}]
    )
    wp.db.write(
        lambda connection: connection.execute(
            "UPDATE c1 SET form = 'c1-lain-2030' WHERE form = ?", (PPWP.id,)
        )
    )

    assert drafts.open_draft(wp, rina, C1Key(TPS, DPR.id)).beside.others == {}
