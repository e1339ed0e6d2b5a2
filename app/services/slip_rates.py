"""How often each person's boxes differ from what was settled: for the coordinator alone, to see who needs rest or help.

Invariant: nobody but a coordinator is ever given a rate, whatever the window shows; no report, export or command tells
it. Only forms that two people read are counted, the reading that settled them, and a rate is told only once there are
boxes enough (`app.domain.slips.ENOUGH_BOXES`). Reads only; any thread but the window's.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.people import Role
from app.domain.slips import ENOUGH_BOXES, SlipKind, Tally
from app.errors import NotAllowed
from app.services.people import Session, check_session
from app.services.report_tables import Table, Value, flat
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
    """For the coordinator's page."""
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            one.name,
            one.boxes,
            one.slips,
            "belum cukup data" if one.per_thousand is None else f"{one.per_thousand:.1f}".replace(".", ","),
            *(one.kinds.get(kind, 0) for kind in SlipKind),
        )
        for one in rates
    )
    lead = (
        f"Beda dengan nilai yang tuntas dibaca, pada formulir yang dibaca dua orang. Angka per 1.000 kotak baru"
        f" ditampilkan setelah {ENOUGH_BOXES:,} kotak. Hanya untuk koordinator; tidak ikut tercetak."
    ).replace(",000", ".000")
    heads = ("Petugas", "Kotak dibaca", "Salah", "Per 1.000", *KIND_WORDS.values())
    return Table("slips", "Salah ketik per petugas", heads, rows, lead)
