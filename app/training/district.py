"""The practice district: Kabupaten Bandung's real region tree in a realm of its own, with a crew and one PIN for all.

Invariant: its realm begins with `latihan-`, so nothing made here can enter a real centre.
Thread: any; one at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.c1form import PRACTICE_PREFIX, C1Key
from app.domain.people import Role
from app.forms.wilayah import Region, Station
from app.ports import Clock, Secrets
from app.services import people, register, workplace
from app.services.people import Session
from app.services.workplace import PinCost, Workplace
from app.training.scenario import Paper, papers

DISTRICT = "3204"
REALM = f"{PRACTICE_PREFIX}{DISTRICT}"
PIN = "123456"  # shown on the sign-in panel of practice mode; no secret
PIN_COST = PinCost(1, 1_024)  # a PIN that stands on the screen protects nothing: the window is there sooner
FORMS = ("c1-ppwp-2019",)  # practised unless others are asked for
KECAMATAN = ("320405", "320412", "320432", "320433")  # Cileunyi, Dayeuhkolot, Baleendah, Majalaya


@dataclass(frozen=True, slots=True)
class Hand:
    """One member of the crew."""

    id: str
    name: str
    roles: frozenset[Role]


CREW = (
    Hand("koordinator", "Ibu Wulan", frozenset({Role.COORDINATE})),
    Hand("rina", "Rina S.", frozenset({Role.KEY, Role.SCAN})),
    Hand("dedi", "Dedi K.", frozenset({Role.KEY, Role.SCAN})),
    Hand("asep", "Asep M.", frozenset({Role.KEY})),
    Hand("sari", "Sari W.", frozenset({Role.VERIFY})),
)


def make(
    folder: Path,
    region: Region,
    expected: Sequence[Station],
    *,
    clock: Clock,
    secrets: Secrets,
    form_ids: Sequence[str] = FORMS,
) -> Workplace:
    """A new practice workplace with its crew: the whole region tree, forms from the expected stations."""
    wp = workplace.create(
        folder,
        realm=REALM,
        district=DISTRICT,
        region=region,
        clock=clock,
        secrets=secrets,
        profile="lengkap",
        form_ids=form_ids,
        expected={one.tps for one in expected},
        pin_cost=PIN_COST,
    )
    boss: Session | None = None
    for hand in CREW:
        people.add_person(wp, id=hand.id, name=hand.name, roles=hand.roles, pin=PIN, by=boss)
        boss = boss or people.sign_in(wp, hand.id, PIN)
    return wp


def sign_in_all(wp: Workplace) -> Mapping[str, Session]:
    """Everybody at once, as only a story does it."""
    return {hand.id: people.sign_in(wp, hand.id, PIN) for hand in CREW}


def sign_in_hint() -> str:
    """What the sign-in panel says to somebody who practises."""
    return (
        f"PIN latihan untuk semua: {PIN}\n"
        "Rina S. mengentri, Dedi K. mengentri kedua, Asep M. membaca kotak yang berbeda, Sari W. memverifikasi."
    )


def stations_for(region: Region, forms: int) -> tuple[Station, ...]:
    """The TPS whose forms are expected: `forms` papers fill three quarters of them, in four kecamatan.

    Expected of all 10,338 TPS, a dozen forms would be a thousandth of every bar on the screen.
    """
    each = max(4, -(-forms // 3))
    in_order = sorted(region.stations, key=lambda one: one.tps)
    return tuple(
        station
        for kecamatan in KECAMATAN
        for station in [one for one in in_order if one.tps.startswith(kecamatan)][:each]
    )


def papers_for(
    stations: Sequence[Station], count: int, seed: int = 2019, form_ids: Sequence[str] = FORMS
) -> tuple[Paper, ...]:
    """The first `count` papers: of each station all its forms. Raises NotFound, BadInput."""
    keys = [(C1Key(one.tps, form), one.dpt_l, one.dpt_p) for one in stations for form in form_ids]
    return papers(keys[:count], seed)


def header(wp: Workplace, paper: Paper) -> dict[str, str]:
    """What the KPPS wrote at the top of each page."""
    place = register.station(wp, paper.key.tps)
    return {
        "tps": str(paper.key.tps.number),
        "desa": place.desa_name,
        "kecamatan": place.kecamatan_name,
        "kabupaten": "BANDUNG",
        "provinsi": "JAWA BARAT",
    }


def by_key(all_papers: Sequence[Paper]) -> Mapping[C1Key, Paper]:
    """Papers by form."""
    return {paper.key: paper for paper in all_papers}
