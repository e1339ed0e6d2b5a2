"""How often each person's boxes differ from what was settled: for the coordinator alone, to see who needs rest or help.

Invariant: nobody but a coordinator is ever given a rate, whatever the window shows; no report, export or command tells
it. Only forms that two people read are counted, the reading that settled them, and a rate is told only once there are
boxes enough (`app.domain.misreading.ENOUGH_BOXES`). Reads only; any thread but the window's.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.misreading import ENOUGH_BOXES, SlipKind, Tally
from app.domain.people import Role
from app.errors import NotAllowed
from app.services.people import Session, check_session
from app.services.report_tables import Table, Value, flat
from app.services.words import number
from app.services.workplace import Workplace
from app.store import people, work_done

KIND_WORDS = {
    SlipKind.UNITS: "Satuan",
    SlipKind.TENS: "Puluhan",
    SlipKind.HUNDREDS: "Ratusan",
    SlipKind.LENGTH: "Angka hilang/lebih",
    SlipKind.SWAPPED: "Tertukar",
    SlipKind.SEVERAL: "Beberapa angka",
    SlipKind.EMPTY: "Kosong/nol",
    SlipKind.UNREADABLE: "Tidak terbaca",
}


@dataclass(frozen=True, slots=True)
class SlipRate:
    """One person. `per_thousand` is None while too few boxes were read."""

    person: str
    name: str
    boxes: int
    slips: int
    per_thousand: float | None
    kinds: dict[SlipKind, int]


def slip_rates(wp: Workplace, session: Session) -> list[SlipRate]:
    """Everybody who read, by name. Raises NotAllowed for anybody who is not a coordinator now."""
    tallies: dict[str, Tally] = {}
    with wp.db.reading() as connection:
        check_session(connection, session)
        now = people.person(connection, session.person.id)
        if now is None or Role.COORDINATE not in now.roles & session.person.roles:
            raise NotAllowed(
                "Tingkat salah ketik hanya untuk koordinator.", hint="Minta koordinator membukanya."
            )
        names = people.names(connection)
        for one in work_done.compared(connection):
            tally = tallies.setdefault(one.by, Tally())
            if one.cells is None:
                tally.boxes += one.boxes
            else:
                tally.add(one.cells, one.settled)
    rates = [
        SlipRate(who, flat(names.get(who, who)), one.boxes, one.slips, one.per_thousand, dict(one.kinds))
        for who, one in tallies.items()
    ]
    return sorted(rates, key=lambda rate: (rate.name.casefold(), rate.person))


def as_table(rates: list[SlipRate]) -> Table:
    """For the coordinator's page; kinds that nobody's slips were of are left out."""
    kinds = [kind for kind in SlipKind if any(one.kinds.get(kind) for one in rates)]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (one.name, one.boxes, one.slips, _rate(one.per_thousand), *(one.kinds.get(kind, 0) for kind in kinds))
        for one in rates
    )
    enough = number(ENOUGH_BOXES)
    lead = (
        "Beda dengan nilai yang tuntas dibaca, pada formulir yang dibaca dua orang. Per 1.000 kotak baru dihitung"
        f" setelah {enough} kotak (–: belum cukup). Hanya untuk koordinator; tidak ikut tersimpan."
    )
    heads = ("Petugas", "Kotak dibaca", "Salah", "Per 1.000", *(KIND_WORDS[kind] for kind in kinds))
    return Table("slips", "Salah ketik per petugas", heads, rows, lead)


def _rate(per_thousand: float | None) -> str:
    return "–" if per_thousand is None else f"{per_thousand:.1f}".replace(".", ",")
