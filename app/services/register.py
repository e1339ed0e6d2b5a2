"""The district's polling stations and the forms expected from them; paper noted at the counter. Thread: any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.checks import Dpt
from app.domain.people import Role
from app.domain.wilayah import TpsId
from app.errors import BadInput, NotFound
from app.services.people import Session, need_role
from app.services.workplace import DEFAULT_FORM, Workplace
from app.store import c1 as c1_rows
from app.store import facts, journal
from app.store import register as rows
from app.store.driver import Connection
from app.store.register import kinds_of


@dataclass(frozen=True, slots=True)
class Station:
    """A polling station as people name it."""

    tps: TpsId
    desa_name: str
    kecamatan_name: str
    dpt_l: int | None
    dpt_p: int | None

    @property
    def label(self) -> str:
        """`TPS 001 Cileunyi Kulon, Cileunyi`."""
        return f"{self.tps.label} {self.desa_name.title()}, {self.kecamatan_name.title()}"

    @property
    def dpt(self) -> Dpt | None:
        """The register's voters, when known."""
        return None if self.dpt_l is None or self.dpt_p is None else Dpt(self.dpt_l, self.dpt_p)


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area of the district."""

    code: str
    level: str
    name: str
    parent: str
    kpu_id: str


def station(wp: Workplace, tps: str) -> Station:
    """One station. Raises NotFound."""
    row = rows.station(wp.db.reader, str(tps))
    if row is None:
        raise NotFound(
            f"TPS {tps} tidak dikenal di kabupaten/kota ini.",
            hint="Periksa kode TPS: kode desa 10 angka + nomor 3 angka.",
        )
    return as_station(row)


def find_stations(wp: Workplace, text: str, limit: int = 20) -> list[Station]:
    """What a person typed: "1 cileunyi kulon", "001", a code or its beginning."""
    return [as_station(row) for row in rows.find_stations(wp.db.reader, text, limit)]


def stations_of(wp: Workplace, desa: str) -> list[Station]:
    """All stations of one desa, in order of their number; empty when the code is unknown."""
    return [as_station(row) for row in rows.stations_of(wp.db.reader, desa)]


def key_for(wp: Workplace, tps: str, form: str = DEFAULT_FORM, round: int = 1) -> C1Key:  # noqa: A002 - the wire's word
    """The form's identity, if this district expects it. Raises NotFound."""
    key = C1Key(station(wp, tps).tps, form, round)
    if c1_rows.find(wp.db.reader, key) is None:
        raise NotFound(
            f"Dari {key.tps.label} tidak ditunggu formulir {form} pemungutan ke-{round}.",
            hint="Periksa TPS dan jenis formulir.",
        )
    return key


def keys_of(wp: Workplace, tps: str) -> list[C1Key]:
    """Every form and round expected from a station. Raises NotFound."""
    one = station(wp, tps)
    found = [
        C1Key(one.tps, form, n)
        for form in wp.form_ids
        for n in c1_rows.rounds(wp.db.reader, C1Key(one.tps, form))
    ]
    return sorted(found)


def receive(wp: Workplace, session: Session, keys: Iterable[C1Key]) -> int:
    """Paper arrived at the counter; returns how many were new."""
    wanted = list(keys)

    def work(connection: Connection) -> int:
        new = 0
        for key in wanted:
            row = known(connection, key)
            if rows.add_arrival(connection, row.id, session.person.id, wp.now()):
                facts.refresh(connection, row.id)
                journal.add(connection, wp.now(), "received", session.person.id, key.text(), {})
                new += 1
        return new

    return wp.db.write(work)


def areas(wp: Workplace) -> list[AreaView]:
    """Every area, by code."""
    return [AreaView(a.code, a.level, a.name, a.parent, a.kpu_id) for a in rows.areas(wp.db.reader)]


def other_station_with_dpt(wp: Workplace, tps: str, dpt_l: int, dpt_p: int) -> Station | None:
    """Whose paper is this? The one nearest in code, same desa first; None when the DPT fits this station itself."""
    found = [as_station(row) for row in rows.stations_with_dpt(wp.db.reader, dpt_l, dpt_p)]
    if any(one.tps == tps for one in found):
        return None
    return min(
        found, key=lambda one: (one.tps.desa != tps[:10], one.tps.kecamatan != tps[:6], one.tps), default=None
    )


def add_round(wp: Workplace, session: Session, tps: str, form: str = DEFAULT_FORM) -> C1Key:
    """A repeated vote (PSU): the next round of the form. Raises NotAllowed, NotFound."""
    need_role(session, Role.COORDINATE)
    key = key_for(wp, tps, form)

    def work(connection: Connection) -> C1Key:
        new = C1Key(key.tps, form, c1_rows.rounds(connection, key)[-1] + 1)
        kind = next(one for one in kinds_of(connection) if one.form == form)
        before = known(connection, C1Key(key.tps, form, new.round - 1))
        rows.add_c1(connection, key.tps, kind, new.round)
        facts.refresh(connection, before.id)  # the public site is compared with the newest vote alone
        journal.add(connection, wp.now(), "round", session.person.id, new.text(), {})
        return new

    return wp.db.write(work)


def expect(wp: Workplace, stations: Iterable[str]) -> None:
    """These TPS bring forms too (a practice that grows); those already expected stay as they are."""

    def work(connection: Connection) -> None:
        for tps in stations:
            for kind in kinds_of(connection):
                if kind.is_for(tps) and not c1_rows.rounds(connection, C1Key(TpsId(tps), kind.form)):
                    rows.add_c1(connection, tps, kind, 1)

    wp.db.write(work)


def add_station(
    wp: Workplace, session: Session, tps: str, dpt_l: int | None = None, dpt_p: int | None = None
) -> Station:
    """A station made known on the day. Raises NotAllowed, BadInput (wrong or known code), NotFound (unknown desa)."""
    need_role(session, Role.COORDINATE)
    try:
        code = TpsId.parse(tps)
    except ValueError as error:
        raise BadInput(f"{error}.", hint="Contoh: 3204052001001.") from None
    names = {area.code: area.name for area in rows.areas(wp.db.reader)}
    if code.desa not in names:
        raise NotFound(f"Desa {code.desa} tidak dikenal.", hint="Periksa kode desa.")
    if rows.station(wp.db.reader, code) is not None:
        raise BadInput(f"{code.label} sudah ada di daftar.", hint="Cari TPS itu dengan Ctrl+K.")
    row = rows.StationRow(
        code, names[code.desa], names.get(code.kecamatan, code.kecamatan), dpt_l, dpt_p, code
    )

    def work(connection: Connection) -> None:
        rows.add_station(connection, row, kinds_of(connection), wp.now())
        journal.add(
            connection, wp.now(), "station", session.person.id, code, {"dpt_l": dpt_l, "dpt_p": dpt_p}
        )

    wp.db.write(work)
    return as_station(row)


def known(connection: Connection, key: C1Key) -> c1_rows.C1Row:
    """The form's row. Raises NotFound."""
    row = c1_rows.find(connection, key)
    if row is None:
        raise NotFound(
            f"Formulir {key.text()} tidak dikenal di kabupaten/kota ini.",
            hint="Periksa kode TPS dan formulir.",
        )
    return row


def as_station(row: rows.StationRow) -> Station:
    """The store's row as people see it."""
    return Station(TpsId(row.tps), row.desa_name, row.kecamatan_name, row.dpt_l, row.dpt_p)
