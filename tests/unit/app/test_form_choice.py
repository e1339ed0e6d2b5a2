"""Which forms, how much of them, by how many people: as written, as chosen at the start, and as changed later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import bootstrap
from app.cli import main
from app.domain.c1form import C1Key
from app.domain.people import Role
from app.domain.readings import Order, Outcome
from app.errors import BadInput, NotAllowed, NotFound
from app.forms import available, load
from app.forms.choice import FormChoice, checked, each_once, in_ballot_order, is_of, parse, usual
from app.services import form_choice, forms_list, keying, people, register, workplace
from app.services.people import Session
from app.services.workplace import Workplace
from app.store import forms_list as store
from app.store import work
from app.training.scenario import papers
from tests.fakes.demo_desk import small_region
from tests.fakes.desk import QUICK_PIN, FakeClock, MemorySecrets

PPWP, DPR = "c1-ppwp-2019", "c1-dpr-2019-jabar-2"
PIN = "246810"


@pytest.mark.parametrize(
    ("text", "profile", "choice"),
    [
        (PPWP, "", FormChoice(PPWP, "lengkap", 2)),
        (PPWP, "ringkas", FormChoice(PPWP, "ringkas", 2)),
        (f"{PPWP}=lengkap", "ringkas", FormChoice(PPWP, "lengkap", 2)),
        (f"{PPWP}:1", "", FormChoice(PPWP, "lengkap", 1)),
        (f" {DPR}=ringkas:1 ", "", FormChoice(DPR, "ringkas", 1)),
    ],
)
def test_a_choice_is_written_in_one_word(text: str, profile: str, choice: FormChoice) -> None:
    assert parse(text, profile) == choice


@pytest.mark.parametrize(
    "text", [f"{PPWP}=cepat", f"{PPWP}:3", f"{PPWP}:dua", f"{PPWP}=ringkas=1", "", f"{PPWP}:"]
)
def test_what_is_no_choice_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert caught.value.hint
    with pytest.raises(NotFound):
        parse("c9=lengkap")


def test_named_twice_is_meant_once_and_never_two_ways() -> None:
    once = usual(PPWP)
    assert each_once([once, usual(DPR), once]) == [once, usual(DPR)]
    with pytest.raises(BadInput, match="dua kali dengan cara yang berbeda"):
        each_once([once, FormChoice(PPWP, once.profile, 1)])


def test_ppwp_comes_first_and_every_election_has_its_own() -> None:
    ours = [one for one in in_ballot_order(available()) if is_of(load(one), "pemilu-2019")]
    assert [load(one).title.id for one in ours] == [
        "C1-PPWP",
        "C1-DPR",
        "C1-DPD",
        "C1-DPRD Prov",
        "C1-DPRD Kab",
    ]
    assert usual(DPR).boxes == 229
    assert checked(FormChoice(PPWP, "ringkas", 1)).boxes == 7


@pytest.fixture
def wp(tmp_path: Path) -> Iterator[Workplace]:
    made = workplace.create(
        tmp_path / "kerja", realm="latihan-2019", district="3204", region=small_region(1, ("320405",)),
        clock=FakeClock(), secrets=MemorySecrets(), pin_cost=QUICK_PIN,
        choices=[FormChoice(PPWP, "ringkas", 2)],
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def boss(wp: Workplace) -> Session:
    people.add_person(wp, id="rina", name="Rina", roles={Role.COORDINATE, Role.KEY}, pin=PIN)
    return people.sign_in(wp, "rina", PIN)


def first_key(wp: Workplace, form: str = PPWP) -> C1Key:
    return C1Key(register.find_stations(wp, "", 1)[0].tps, form)


def test_what_was_begun_keeps_the_choice_it_was_begun_under(wp: Workplace, boss: Session) -> None:
    key = first_key(wp)
    draft = keying.open_draft(wp, boss, key)
    assert len(draft.fields) == 7
    (before,) = form_choice.chosen(wp)
    assert (before.choice, before.begun) == (FormChoice(PPWP, "ringkas", 2), 1)
    assert before.form.id == PPWP

    count = form_choice.change(wp, boss, FormChoice(PPWP, "lengkap", 1))

    assert count == before.expected - 1
    assert len(keying.open_draft(wp, boss, key).fields) == 7
    other = C1Key(register.find_stations(wp, "", 2)[1].tps, PPWP)
    assert len(keying.open_draft(wp, boss, other).fields) == 39
    (paper,) = papers([(other, 97, 101)])
    done = keying.key_whole(wp, boss, other, paper.cells, accept=[keying.ACCEPT_ALL])
    assert done.outcome is Outcome.SETTLED, "one person reads it from now on"
    form_choice.change(wp, boss, FormChoice(PPWP, "lengkap", 2))
    with pytest.raises(NotAllowed, match="tuntas dibaca"):
        keying.open_draft(wp, boss, other)  # read by one person it stays so for ever


def test_a_station_of_the_day_brings_what_is_chosen_now(wp: Workplace, boss: Session) -> None:
    form_choice.change(wp, boss, FormChoice(PPWP, "lengkap", 1))
    desa = first_key(wp).tps.desa
    added = register.add_station(wp, boss, f"{desa}099")
    assert len(keying.open_draft(wp, boss, C1Key(added.tps, PPWP)).fields) == 39


def test_a_form_is_added_for_every_station_that_votes_by_it(wp: Workplace, boss: Session) -> None:
    (ppwp,) = form_choice.chosen(wp)
    count = form_choice.add(wp, boss, FormChoice(DPR, "ringkas", 2))
    assert count == ppwp.expected
    assert [one.choice.form for one in form_choice.chosen(wp)] == [PPWP, DPR]
    assert keying.open_draft(wp, boss, first_key(wp, DPR)).profile == "ringkas"
    wp.close()
    with workplace.open_workplace(wp.folder, clock=wp.clock, secrets=wp.secrets) as again:
        assert again.form_ids == (PPWP, DPR)


def test_ppwp_is_read_before_the_other_ballots_of_every_station(wp: Workplace, boss: Session) -> None:
    """Its numbers are what the public waits for; alphabetically C1-DPR comes first."""
    form_choice.add(wp, boss, FormChoice(DPR, "ringkas", 2))
    stations = [one.tps for one in register.find_stations(wp, "", 100)]
    ballots = [PPWP] * len(stations) + [DPR] * len(stations)
    asked = keying.work_list(wp, boss, "first", limit=100)
    assert [(one.key.tps, one.key.form) for one in asked] == list(
        zip([*stations, *stations], ballots, strict=True)
    )
    assert keying.next_key(wp, boss, Order.FIRST) == C1Key(stations[0], PPWP)
    listed = forms_list.rows(wp, boss.person, forms_list.Wanted(), 100, 0)
    assert [(one.key.tps, one.key.form) for one in listed] == [
        (tps, form) for tps in stations for form in (PPWP, DPR)
    ], "the list of a TPS is in the order of the ballots"


def test_work_in_the_order_of_the_ballots_is_read_from_an_index(wp: Workplace) -> None:
    for order in (work.WORK_ORDER, store.TPS_ORDER, store.AGE_ORDER):
        where = "WHERE c.needs = 1 AND c.draft IS NULL" if order == work.WORK_ORDER else ""
        plan = [
            str(row["detail"])
            for row in wp.db.reader.execute(
                f"EXPLAIN QUERY PLAN SELECT c.tps, c.form, c.round FROM c1 c {where} ORDER BY {order} LIMIT 9"  # noqa: S608 - constants
            )
        ]
        assert len(plan) == 1, plan
        assert " INDEX c1_" in plan[0], plan


def test_what_cannot_be_chosen_changes_nothing(wp: Workplace, boss: Session) -> None:
    before = form_choice.chosen(wp)
    with pytest.raises(BadInput):
        form_choice.change(wp, boss, FormChoice(DPR, "lengkap", 2))
    with pytest.raises(BadInput):
        form_choice.change(wp, boss, FormChoice(PPWP, "cepat", 2))
    with pytest.raises(BadInput):
        form_choice.add(wp, boss, FormChoice(PPWP, "lengkap", 2))
    people.add_person(wp, id="budi", name="Budi", roles={Role.KEY}, pin=PIN, by=boss)
    with pytest.raises(NotAllowed):
        form_choice.change(wp, people.sign_in(wp, "budi", PIN), FormChoice(PPWP, "lengkap", 1))
    assert form_choice.chosen(wp) == before


def test_a_form_of_another_dapil_is_not_added(boss: Session, tmp_path: Path) -> None:
    far = small_region(1, ("320405",))
    stations = tuple(type(one)(type(one.tps)(f"9{one.tps[1:]}"), 1, 1, one.kpu_id) for one in far.stations)
    wp = workplace.create(
        tmp_path / "lain", realm="latihan-2019", district="9204", region=type(far)(far.areas, stations),
        clock=FakeClock(), secrets=MemorySecrets(), pin_cost=QUICK_PIN,
    )  # fmt: skip
    people.add_person(wp, id="rina", name="Rina", roles={Role.COORDINATE}, pin=PIN)
    with pytest.raises(BadInput, match="Tidak ada TPS"):
        form_choice.add(wp, people.sign_in(wp, "rina", PIN), FormChoice(DPR, "lengkap", 2))
    wp.close()


def test_init_takes_each_form_with_its_own_profile_and_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITUNG_SECRETS_PASSPHRASE", "rahasia latihan")
    (tmp_path / "tps.csv").write_text(
        "kode_desa,desa,kode_kecamatan,kecamatan,nomor_tps,dpt_l,dpt_p\n"
        "3204052001,Cileunyi Kulon,320405,Cileunyi,1,97,101\n"
    )
    asked = ["--form", PPWP, "--form", f"{DPR}=lengkap:1", "--profile", "ringkas"]
    told = CliRunner().invoke(
        main,
        [
            "init",
            "--data",
            str(tmp_path / "k"),
            "--district",
            "3204",
            "--tps-list",
            str(tmp_path / "tps.csv"),
            *asked,
        ],
    )
    assert told.exit_code == 0, told.output
    with bootstrap.opened(tmp_path / "k", read_only=True) as wp:
        assert [one.choice for one in form_choice.chosen(wp)] == [
            FormChoice(PPWP, "ringkas", 2),
            FormChoice(DPR, "lengkap", 1),
        ]
