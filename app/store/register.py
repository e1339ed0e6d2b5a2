"""Areas, polling stations and the forms expected from them; the search over their names.

A station's search words are its number (`n1` and `001`), its code and its places' names; a search ANDs the words typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.store import meta
from app.store.driver import Connection, Row

_WORD = re.compile(r"\w+")
_NUMBER_DIGITS = 3


@dataclass(frozen=True, slots=True)
class AreaRow:
    code: str
    level: str
    name: str
    parent: str
    kpu_id: str


@dataclass(frozen=True, slots=True)
class StationRow:
    tps: str
    desa_name: str
    kecamatan_name: str
    dpt_l: int | None
    dpt_p: int | None
    kpu_id: str = ""


@dataclass(frozen=True, slots=True)
class FormKind:
    """What a form definition says about every form of its kind."""

    form: str
    page_count: int
    readings_needed: int
    profile: str
    ballot: int  # its place among the ballots: PPWP 0
    areas: tuple[str, ...] = ("",)  # beginnings of the codes of the TPS that vote by it

    def is_for(self, tps: str) -> bool:
        return tps.startswith(self.areas)


def add_areas(connection: Connection, areas: Iterable[AreaRow]) -> None:
    """Add or rename areas."""
    connection.executemany(
        "INSERT INTO area (code, level, name, parent, kpu_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET "
        "name = excluded.name, level = excluded.level, parent = excluded.parent, kpu_id = excluded.kpu_id",
        ((a.code, a.level, a.name, a.parent, a.kpu_id) for a in areas),
    )


def areas(connection: Connection) -> list[AreaRow]:
    """All areas by code."""
    rows = connection.execute("SELECT code, level, name, parent, kpu_id FROM area ORDER BY code")
    return [AreaRow(*row) for row in rows]


def add_station(
    connection: Connection, station: StationRow, kinds: Iterable[FormKind], added_at: float | None = None
) -> None:
    """One station with a C1 row for each form it votes by. Raises driver.IntegrityError when the station exists."""
    tps = station.tps
    cursor = connection.execute(
        "INSERT INTO station (tps, desa, kecamatan, desa_name, kecamatan_name, dpt_l, dpt_p, kpu_id, added_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            tps,
            tps[:10],
            tps[:6],
            station.desa_name,
            station.kecamatan_name,
            station.dpt_l,
            station.dpt_p,
            station.kpu_id,
            added_at,
        ),
    )
    row_id = cursor.lastrowid
    number = tps[-_NUMBER_DIGITS:]
    words = f"n{int(number)} {number} tps {tps} {station.desa_name} {station.kecamatan_name}"
    connection.execute("INSERT INTO station_search (rowid, words) VALUES (?, ?)", (row_id, words))
    for kind in kinds:
        if kind.is_for(tps):
            add_c1(connection, tps, kind, 1, int(row_id or 0))


def add_c1(connection: Connection, tps: str, kind: FormKind, round_: int, station: int | None = None) -> None:
    """One expected form."""
    if station is None:
        station = int(connection.execute("SELECT id FROM station WHERE tps = ?", (tps,)).fetchone()["id"])
    connection.execute(
        "INSERT INTO c1 (tps, form, round, station, kecamatan, desa, page_count, readings_needed, profile, ballot) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            tps,
            kind.form,
            round_,
            station,
            tps[:6],
            tps[:10],
            kind.page_count,
            kind.readings_needed,
            kind.profile,
            kind.ballot,
        ),
    )


def kinds_of(connection: Connection) -> list[FormKind]:
    """What every station is expected to bring from now on."""
    return [
        FormKind(form, pages, readings, profile, ballot, tuple(areas))
        for form, pages, readings, profile, areas, ballot in meta.get_json(connection, "kinds")
    ]


def keep_kinds(connection: Connection, kinds: Iterable[FormKind]) -> None:
    """The same, anew."""
    rows: list[object] = [
        [k.form, k.page_count, k.readings_needed, k.profile, k.areas, k.ballot] for k in kinds
    ]
    meta.put_json(connection, "kinds", rows)


def change_kind(connection: Connection, kind: FormKind) -> int:
    """Profile and readers of the forms nobody has begun to read; returns how many those are."""
    return connection.execute(
        "UPDATE c1 SET profile = ?, readings_needed = ? WHERE form = ? AND outcome = 'unread' AND draft IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM reading WHERE reading.c1 = c1.id)",
        (kind.profile, kind.readings_needed, kind.form),
    ).rowcount


def add_kind(connection: Connection, kind: FormKind) -> int:
    """A form of this kind for every station that brings others and votes by it; returns how many."""
    return sum(
        connection.execute(
            "INSERT INTO c1 (tps, form, round, station, kecamatan, desa, page_count, readings_needed, profile, ballot) "
            "SELECT s.tps, :form, 1, s.id, s.kecamatan, s.desa, :pages, :readings, :profile, :ballot FROM station s "
            "WHERE s.tps >= :area AND s.tps < :area || ':' AND EXISTS (SELECT 1 FROM c1 WHERE c1.station = s.id) "
            "AND NOT EXISTS (SELECT 1 FROM c1 WHERE c1.station = s.id AND c1.form = :form)",
            {
                "form": kind.form,
                "pages": kind.page_count,
                "readings": kind.readings_needed,
                "profile": kind.profile,
                "ballot": kind.ballot,
                "area": area,
            },
        ).rowcount
        for area in kind.areas
    )


def form_counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Form -> how many are expected, and how many somebody reads or has read."""
    rows = connection.execute(
        "SELECT form, count(*), sum(outcome <> 'unread' OR draft IS NOT NULL) FROM c1 GROUP BY form"
    )
    return {str(form): (int(expected), int(begun)) for form, expected, begun in rows}


_STATION = "SELECT tps, desa_name, kecamatan_name, dpt_l, dpt_p, kpu_id FROM station"


def station(connection: Connection, tps: str) -> StationRow | None:
    """One station by its code."""
    row = connection.execute(f"{_STATION} WHERE tps = ?", (tps,)).fetchone()
    return _station(row) if row else None


def find_stations(connection: Connection, text: str, limit: int) -> list[StationRow]:
    """Stations whose words start with every word of `text`, in order of their code; all when the text is empty."""
    query = match_query(text)
    if query is None:
        rows = connection.execute(f"{_STATION} ORDER BY tps LIMIT ?", (limit,))
    else:
        rows = connection.execute(
            f"{_STATION} WHERE id IN (SELECT rowid FROM station_search WHERE station_search MATCH ?) "  # noqa: S608 - constant
            "ORDER BY tps LIMIT ?",
            (query, limit),
        )
    return [_station(row) for row in rows]


def stations_of(connection: Connection, desa: str) -> list[StationRow]:
    """All stations of one desa, in order of their number."""
    rows = connection.execute(f"{_STATION} WHERE kecamatan = ? AND desa = ? ORDER BY tps", (desa[:6], desa))
    return [_station(row) for row in rows]


def stations_with_dpt(connection: Connection, dpt_l: int, dpt_p: int, limit: int = 20) -> list[StationRow]:
    """Stations whose registered voters are exactly these."""
    rows = connection.execute(
        f"{_STATION} WHERE dpt_l = ? AND dpt_p = ? ORDER BY tps LIMIT ?", (dpt_l, dpt_p, limit)
    )
    return [_station(row) for row in rows]


def match_query(text: str) -> str | None:
    """FTS5 query for what a person typed; None for nothing. `1` is TPS 1 exactly, `3204...` a code's beginning."""
    terms = []
    for word in _WORD.findall(text.casefold()):
        if word.isdigit() and len(word) <= _NUMBER_DIGITS:
            terms.append(f'"n{int(word)}"')
        else:
            terms.append(f'"{word}"*')
    return " ".join(terms) or None


def _station(row: Row) -> StationRow:
    return StationRow(*row)


def add_arrival(connection: Connection, c1: int, by: str, now: float) -> bool:
    """Paper noted at the counter; False when it was noted before."""
    return bool(
        connection.execute(
            "INSERT OR IGNORE INTO arrival (c1, at, by) VALUES (?, ?, ?)", (c1, now, by)
        ).rowcount
    )
