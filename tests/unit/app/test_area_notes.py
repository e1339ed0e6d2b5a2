"""What is usual in a desa: from its settled forms alone, once there are enough, and never from the form in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.checks import Beside, evaluate
from app.domain.people import Role
from app.domain.rules import LEAST_STATIONS
from app.domain.wilayah import TpsId
from app.forms import load
from app.services import beside, drafts, keying, people, register, workplace
from app.services.workplace import PinCost, Workplace
from tests.fakes.desk import FakeClock, MemorySecrets
from tests.fakes.room import region_of

FORM = "c1-ppwp-2019"
WHY = [{"check": "*", "reason": "tertulis_demikian"}]
LAST = LEAST_STATIONS + 2


@pytest.fixture
def wp(tmp_path: Path) -> Iterator[Workplace]:
    made = workplace.create(
        tmp_path / "kerja",
        realm="latihan-3204",
        district="3204",
        region=region_of(LAST, same_dpt=True),
        clock=FakeClock(),
        secrets=MemorySecrets(),
        profile="ringkas",
        form_ids=(FORM,),
        pin_cost=PinCost(1, 64),
    )
    people.add_person(made, id="wulan", name="Wulan", roles=[Role.COORDINATE], pin="123456")
    for name in ("rina", "budi"):
        people.add_person(made, id=name, name=name.title(), roles=[Role.KEY], pin="123456")
    yield made
    made.close()


def key(n: int) -> C1Key:
    return C1Key(TpsId(f"3204052001{n:03}"), FORM)


def sheet(users: int, invalid: int = 2) -> dict[str, Cell]:
    votes: dict[str, Cell] = {"P1": users - invalid - 60, "P2": 60, "V1": users - invalid}
    return {"A1.J": 198, "B4.J": users, **votes, "V2": invalid, "V3": users}


def read(wp: Workplace, n: int, who: str, cells: dict[str, Cell] | None = None) -> None:
    keying.key_whole(wp, people.sign_in(wp, who, "123456"), key(n), cells or sheet(150 + n), accept=WHY)


def known(wp: Workplace) -> Beside:
    with wp.db.reading() as connection:
        return beside.for_verifier(connection, register.known(connection, key(LAST)), "budi")


def notes(wp: Workplace, cells: dict[str, Cell]) -> list[str]:
    found = evaluate(load(FORM), cells, known(wp), "ringkas")
    return [one.message.id for one in found if one.code.startswith("AREA")]


def test_a_desa_speaks_once_enough_of_its_stations_are_settled(wp: Workplace) -> None:
    for n in range(1, LEAST_STATIONS):
        read(wp, n, "rina")
        read(wp, n, "budi")
    read(wp, LEAST_STATIONS, "rina")  # read once, not settled
    assert notes(wp, sheet(80)) == []

    read(wp, LEAST_STATIONS, "budi")

    assert notes(wp, sheet(80)) == [
        "Pengguna hak pilih 40% dari DPT. Separuh dari 8 TPS lain di desa ini antara 77 dan 79%."
    ]
    assert notes(wp, sheet(140)) == []
    assert notes(wp, sheet(160, invalid=15)) == [
        "Suara tidak sah 9,4% dari pengguna hak pilih. Separuh dari 8 TPS lain di desa ini antara 1,3 dan 1,3%."
    ]

    unread: dict[str, Cell] = {**sheet(155), "V2": Mark.UNREADABLE}
    read(wp, LEAST_STATIONS + 1, "rina", unread)
    read(wp, LEAST_STATIONS + 1, "budi", unread)

    spreads = known(wp).spreads
    assert spreads["AREA.B4"].count == LEAST_STATIONS + 1
    assert spreads["AREA.V2"].count == LEAST_STATIONS, "a box nobody could read takes its station out"

    draft = drafts.open_draft(wp, people.sign_in(wp, "rina", "123456"), key(LAST))
    assert draft.beside.spreads == {}, "a reader is not led to what is usual"
    assert not [
        one for one in keying.findings_of(wp, draft.reading_id, sheet(80)) if one.check.startswith("AREA")
    ]
