"""A whole district in one step: 15,000 TPS with five forms each, work at every stage.

Rows without readings: for lists and counts.
"""

from __future__ import annotations

from pathlib import Path

from app.domain.wilayah import TpsId
from app.forms.wilayah import Area, Level, Region, Station
from app.secrets import MemorySecrets
from app.services import workplace
from app.services.workplace import Workplace
from app.store import facts, register
from app.store.driver import Connection
from app.store.writer import Work
from tests.fakes.clock import RealClock
from tests.fakes.district import WEAK

KECAMATAN = 31
DESA = 10
FORMS = 5
OTHERS = ("c1-dpr-2019", "c1-dpd-2019", "c1-dprd-prov-2019", "c1-dprd-kab-2019")
NAMES = ("CILEUNYI", "SOREANG", "MAJALAYA", "RANCAEKEK", "MARGAHAYU", "PANGALENGAN", "CIWIDEY", "BALEENDAH")


def region(stations: int) -> Region:
    """Evenly spread over 31 kecamatan of ten desa."""
    areas = [Area("3204", Level.KABUPATEN, "BANDUNG", "32", "1")]
    places: list[Station] = []
    per_desa = -(-stations // (KECAMATAN * DESA))
    for k in range(1, KECAMATAN + 1):
        kecamatan = f"3204{k:02d}"
        areas.append(Area(kecamatan, Level.KECAMATAN, f"{NAMES[k % 8]} {k}", "3204", kecamatan))
        for d in range(1, DESA + 1):
            desa = f"{kecamatan}2{d:03d}"
            areas.append(
                Area(desa, Level.DESA, f"{NAMES[d % 8]} {('KULON', 'WETAN')[d % 2]}", kecamatan, desa)
            )
            places += [
                Station(TpsId(f"{desa}{n:03d}"), 90 + n % 60, 95 + d, f"9{desa}{n}")
                for n in range(1, per_desa + 1)
            ]
    return Region(tuple(areas), tuple(places[:stations]))


def make(folder: Path, stations: int = 15_000) -> Workplace:
    """The workplace, with `stations * 5` forms of which the first 70 % are somewhere on their way."""
    wp = workplace.create(
        folder,
        realm="latihan-besar",
        district="3204",
        region=region(stations),
        clock=RealClock(),
        secrets=MemorySecrets(),
        profile="ringkas",
        pin_cost=WEAK,
    )
    wp.db.write(_add_forms)
    wp.db.write(_fill)
    return wp


def hands_of(person: str, share: int = 15) -> Work[None]:
    """First readings of every `share`th keyed form are this person's: what four eyes have to look through."""

    def work(connection: Connection) -> None:
        connection.execute(
            "INSERT INTO reading (c1, generation, ordinal, part, by, state, started, finished, finished_at, fields, "
            "updated_at) "
            "SELECT id, 1, 1, 1, ?, 'finished', 'x', 'x', 1, '[]', 1 FROM c1 WHERE outcome <> 'unread' AND id % ? = 0",
            (person, share),
        )

    return work


def _add_forms(connection: Connection) -> None:
    for row in connection.execute("SELECT id, tps FROM station").fetchall():
        for place, form in enumerate(OTHERS, start=1):
            register.add_c1(
                connection, row["tps"], register.FormKind(form, 2, 2, "ringkas", place), 1, int(row["id"])
            )


def _fill(connection: Connection) -> None:
    rows = connection.execute("SELECT id, form FROM c1 ORDER BY tps, form").fetchall()
    states = ("queued", "at_centre", "returned", "public", "queued")
    for place, row in enumerate(rows[: len(rows) * 7 // 10]):
        c1, own = int(row["id"]), row["form"] == workplace.DEFAULT_FORM
        at = 1_555_500_000.0 + place
        connection.execute("INSERT INTO arrival (c1, at, by) VALUES (?, ?, 'pindai')", (c1, at))
        for n in (1, 2):
            _scan(connection, c1, n, at)
        if place % 6 < 5:
            state = states[place // 5 % 5]
            _version(connection, c1, "at_centre" if state == "returned" and not own else state, at)
        facts.refresh(connection, c1)


def _scan(connection: Connection, c1: int, n: int, at: float) -> None:
    sha = f"{c1:060x}{n:04x}"
    connection.execute(
        "INSERT INTO scan (sha256, size_bytes, original_sha256, original_name, original_bytes, thumbnail_sha256, "
        "width_px, height_px, quality, warnings, at, by, held_at) "
        "VALUES (?, 280000, ?, 'scan.jpg', 600000, ?, 1654, 2339, '{}', '[]', ?, 'pindai', NULL)",
        (sha, sha, sha, at),
    )
    connection.execute(
        "INSERT INTO page (scan, c1, n, state, at, by) VALUES (?, ?, ?, 'assigned', ?, 'pindai')",
        (sha, c1, n, at),
    )
    _queue(connection, "scan", sha, c1, None, at, "queued" if c1 % 3 else "done")


def _version(connection: Connection, c1: int, state: str, at: float) -> None:
    sent = None if state == "queued" else at
    public = at if state == "public" else None
    cursor = connection.execute(
        "INSERT INTO version (c1, generation, values_hash, cause, cells, state, number, created_at, state_at, sent_at, "
        "at_centre_at, returned_at, verified_at, public_at) "
        "VALUES (?, 1, ?, 'first', '{\"V1\": 1}', ?, 1, ?, ?, ?, ?, ?, ?, ?)",
        (c1, f"{c1:064x}", state, at, at, sent, sent, public, public, public),
    )
    version = int(cursor.lastrowid or 0)
    connection.execute(
        "UPDATE c1 SET head = ?, outcome = ?, outcome_since = ? WHERE id = ?",
        (version, "settled" if c1 % 2 else "needs_second", at, c1),
    )
    if state == "returned":
        connection.execute(
            "INSERT INTO returned VALUES (?, '{\"V1\": 1}', '{}', ?, ?)", (version, at, c1 % 7 > 0)
        )
    _queue(connection, "record", f"{c1:064x}", c1, version, at, "queued" if state == "queued" else "done")


def _queue(
    connection: Connection, kind: str, what: str, c1: int, version: int | None, at: float, state: str
) -> None:
    connection.execute(
        "INSERT INTO outbox (kind, what, c1, version, tps, priority, state, size_bytes, since, updated_at) "
        "VALUES (?, ?, ?, ?, (SELECT tps FROM c1 WHERE id = ?), ?, ?, 2000, ?, ?)",
        (kind, what, c1, version, c1, 40 if kind == "scan" else 30, state, at, at),
    )
