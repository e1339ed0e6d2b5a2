"""A small district with people who can sign in quickly, and a centre that answers by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.c1form import C1Key
from app.domain.cell import Cell, cells_to_json
from app.domain.lifecycle import VersionState
from app.domain.people import Role
from app.domain.wilayah import TpsId
from app.forms.wilayah import Area, Level, Region, Station
from app.ports import EngineStore, FeedCursor, IntakeState, Item, ItemKind, Json, NewScan
from app.secrets import MemorySecrets
from app.services import engine_store, keying, pages, people, register, workplace
from app.services.people import Session
from app.services.workplace import PinCost, Workplace
from app.store import c1 as c1_rows
from app.store import versions
from tests.fakes.clock import HandClock

WEAK = PinCost(1, 64)  # a sign-in in a millisecond
PIN = "123456"
DESA = "3204052001"
GOOD: dict[str, Cell] = {"A1.J": 198, "B4.J": 184, "P1": 71, "P2": 110, "V1": 181, "V2": 3, "V3": 184}
BROKEN: dict[str, Cell] = {**GOOD, "V1": 191, "V3": 194}  # the paper itself does not add up
CREW: tuple[tuple[str, Role], ...] = (
    ("koor", Role.COORDINATE),
    ("ani", Role.KEY),
    ("budi", Role.KEY),
    ("citra", Role.KEY),
    ("vera", Role.VERIFY),
    ("pindai", Role.SCAN),
)


def region(stations: int = 4) -> Region:
    """One desa with a few stations: DPT 97 + n men, 101 women."""
    areas = (
        Area("32", Level.PROVINSI, "JAWA BARAT", "", "26141"),
        Area("3204", Level.KABUPATEN, "BANDUNG", "32", "27407"),
        Area("320405", Level.KECAMATAN, "CILEUNYI", "3204", "27408"),
        Area(DESA, Level.DESA, "CILEUNYI KULON", "320405", "27409"),
    )
    return Region(
        areas, tuple(Station(TpsId(f"{DESA}{n:03d}"), 96 + n, 101, f"9{n}") for n in range(1, stations + 1))
    )


def key(n: int = 1) -> C1Key:
    """The form of station n."""
    return C1Key(TpsId(f"{DESA}{n:03d}"), workplace.DEFAULT_FORM, 1)


@dataclass
class Desk:
    """An open workplace with everybody signed in."""

    wp: Workplace
    clock: HandClock
    secrets: MemorySecrets
    crew: dict[str, Session]
    store: EngineStore
    cursor: int = 0
    sequence: int = 0
    scans: list[str] = field(default_factory=list)

    def __getitem__(self, person: str) -> Session:
        return self.crew[person]

    def scan(self, at: C1Key, n: int, content: str = "", *, thrifty_bytes: int = 0) -> str:
        """A page of a form, as the scanner would hand it in; returns its hash."""
        sha = hashlib.sha256(f"{at.text()} {n} {content}".encode()).hexdigest()
        result = pages.page_rows(self.wp).add_page(
            new_scan(sha, thrifty_bytes=thrifty_bytes), at, n, IntakeState.ASSIGNED, "pindai"
        )
        self.scans.append(sha)
        assert result.state in (IntakeState.ASSIGNED, IntakeState.DUPLICATE)
        return sha

    def receipt(self, kind: str, what: str, values_hash: str = "") -> Json:
        """An answer of the centre (its signature is the engine's business)."""
        self.sequence += 1
        return {
            "kind": kind,
            "what": what,
            "values_hash": values_hash,
            "sequence": self.sequence,
            "epoch": "e1",
            "time": "2019-04-19T08:00:00Z",
            "key_id": "k1",
            "signature": "AA==",
        }

    def send(self, kind: ItemKind, status: str = "stored", limit: int = 100) -> list[tuple[Item, Json]]:
        """Everything due of one kind is claimed and answered; returns items and bodies."""
        sent = []
        for item in self.store.due(kind, self.clock.now(), limit):
            if not self.store.claim([item.id]):
                continue
            sent.append((item, self._answer(item, status)))
        return sent

    def _answer(self, item: Item, status: str) -> Json:
        if item.kind is ItemKind.SCAN:
            self.store.scan_delivered(item, self.receipt("scan", item.what))
            return {}
        read = {
            ItemKind.RECORD: self.store.record_body,
            ItemKind.VERDICT: self.store.verdict_body,
            ItemKind.WITHDRAWAL: self.store.withdrawal_body,
        }[item.kind]
        write = {
            ItemKind.RECORD: self.store.record_result,
            ItemKind.VERDICT: self.store.verdict_result,
            ItemKind.WITHDRAWAL: self.store.withdrawal_result,
        }[item.kind]
        body = read(item)
        what = item.key.text() if item.kind is ItemKind.RECORD and item.key else item.what
        values_hash = item.what if item.kind is ItemKind.RECORD else str((body or {}).get("values_hash", ""))
        good = (
            None
            if status in ("rejected", "stale", "later")
            else self.receipt(item.kind.value, what, values_hash)
        )
        write(item, status, good, None)
        return body or {}

    def feed(self, kind: str, at: C1Key | None = None, **more: Any) -> Json:
        """The centre tells something; returns the event."""
        self.cursor += 1
        event: Json = {"n": self.cursor, "kind": kind, "at": "2019-04-19T08:00:00Z", **more}
        if at is not None:
            event |= {"tps": str(at.tps), "form": at.form, "round": at.round}
        self.store.apply_feed([event], FeedCursor("e1", self.cursor))
        return event

    def give_back(
        self, at: C1Key, values_hash: str, cells: Mapping[str, Cell], held: Sequence[tuple[int, str]] = ()
    ) -> Json:
        """The centre returns a form."""
        return self.feed(
            "returned",
            at,
            values_hash=values_hash,
            cells=cells_to_json(cells),
            pages=[{"n": n, "sha256": sha, "bytes": 10} for n, sha in held],
        )


def thrifty_of(sha: str) -> str:
    """The hash of a made-up scan's thrifty copy."""
    return hashlib.sha256(f"thrifty {sha}".encode()).hexdigest()


def new_scan(sha: str, original: str = "", name: str = "scan.jpg", *, thrifty_bytes: int = 0) -> NewScan:
    """A scan's row with made-up measures."""
    copy = thrifty_of(sha) if thrifty_bytes else ""
    return NewScan(
        sha, 1000, original or sha, name, 2000, sha, 1654, 2339, {"blur": 0.5}, (), copy, thrifty_bytes
    )


def make(
    folder: Path,
    *,
    stations: int = 4,
    profile: str = "ringkas",
    send_when: str = "keyed",
    of: Region | None = None,
    clock: HandClock | None = None,
) -> Desk:
    """A fresh workplace in `folder / "data"` with the crew signed in."""
    clock, secrets = clock or HandClock(), MemorySecrets()
    wp = workplace.create(
        folder / "data",
        realm="latihan-uji",
        district="3204",
        region=of or region(stations),
        clock=clock,
        secrets=secrets,
        profile=profile,
        send_when=send_when,
        pin_cost=WEAK,
    )
    boss: Session | None = None
    crew: dict[str, Session] = {}
    for name, role in CREW:
        people.add_person(wp, id=name, name=name.title(), roles=[role], pin=PIN, by=boss)
        crew[name] = people.sign_in(wp, name, PIN)
        boss = boss or crew[name]
    assert register.key_for(wp, f"{DESA}001") == key(1)
    return Desk(wp, clock, secrets, crew, engine_store.engine_store(wp))


def own(n: int) -> dict[str, Cell]:
    """What stands on the paper of station n: its own DPT."""
    return {**GOOD, "A1.J": 197 + n}


def settled(desk: Desk, n: int = 1) -> str:
    """Both readers agree, both pages scanned, everything at the centre; returns the values' name."""
    for page in (1, 2):
        desk.scan(key(n), page)
    cells = own(n)
    keying.key_whole(desk.wp, desk["ani"], key(n), cells)
    done = keying.key_whole(desk.wp, desk["budi"], key(n), cells)
    desk.send(ItemKind.SCAN)
    desk.send(ItemKind.RECORD)
    assert done.version is not None
    return done.version


def back(desk: Desk, n: int = 1) -> str:
    """Settled and returned with its pages."""
    name = settled(desk, n)
    held = [(one.n, one.scan_sha256) for one in pages.pages_of(desk.wp, key(n))]
    desk.give_back(key(n), name, own(n), held)
    return name


def head_state(desk: Desk, n: int = 1) -> VersionState | None:
    row = c1_rows.find(desk.wp.db.reader, key(n))
    assert row is not None
    return row.head_state


def record_name(desk: Desk) -> str:
    """The values' name of the head of station 1."""
    row = c1_rows.find(desk.wp.db.reader, key())
    assert row is not None
    assert row.head is not None
    return versions.by_id(desk.wp.db.reader, row.head).values_hash
