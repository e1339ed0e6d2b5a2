"""A district in the middle of election night, for tests and pictures of the window.

Filled through services as people and the engine would: paper arrives, two people read, the centre's answers come in by
the engine's own port. Nothing is written past the services.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from app.domain.c1form import C1Key
from app.domain.cell import Cells, cells_to_json
from app.domain.people import Role
from app.forms.wilayah import Region, Station, load_region
from app.ports import (
    ChannelState,
    EngineStore,
    FeedCursor,
    IntakeState,
    Item,
    ItemKind,
    Json,
    Lane,
    LineState,
    NewScan,
    Reason,
)
from app.services import keying, pages, people, public_watch, register, verify, workplace
from app.services.engine_store import engine_store
from app.services.people import Session
from app.services.workplace import Workplace
from app.training.scenario import Paper, papers
from tests.fakes.desk import QUICK_PIN, FakeClock, FakeIntake, FakeSync, MemorySecrets
from ui.desk import Desk

PIN = "246810"
FORM = "c1-ppwp-2019"
CREW: dict[str, tuple[str, Role]] = {
    "rina": ("Rina S.", Role.COORDINATE),
    "budi": ("Budi Hartono", Role.KEY),
    "dewi": ("Dewi Lestari", Role.KEY),
    "agus": ("Agus Salim", Role.VERIFY),
    "siti": ("Siti Nurhaliza", Role.SCAN),
}
GATE = Reason("http_503", "KPU RI menjawab 503 tujuh kali dari sepuluh; menunggu gerbang.", 503)
REFUSED = Reason("tps_unregistered", "KPU RI menolak: TPS tidak dikenal (tps_unregistered).", 422)


@dataclass(frozen=True)
class Demo:
    """The desk, and what a test wants to move by hand."""

    desk: Desk
    clock: FakeClock
    sync: FakeSync
    sessions: dict[str, Session]
    papers: tuple[Paper, ...]

    @property
    def wp(self) -> Workplace:
        return self.desk.wp


def small_region(per_desa: int = 3, kecamatan: Sequence[str] = ("320405", "320406", "320408")) -> Region:
    """A few TPS of every desa in a few kecamatan."""
    whole = load_region("3204")
    return Region(whole.areas, tuple(one for one in whole.stations if _is_in(one, per_desa, kecamatan)))


def _is_in(station: Station, per_desa: int, kecamatan: Sequence[str]) -> bool:
    return station.tps.kecamatan in kecamatan and station.tps.number <= per_desa


def open_desk(
    folder: Path,
    region: Region | None = None,
    realm: str = "latihan-2019",
    form_ids: Sequence[str] = (FORM,),
) -> Demo:
    """An empty workplace with its crew."""
    clock, sync = FakeClock(), FakeSync()
    wp = workplace.create(
        folder,
        realm=realm,
        district="3204",
        region=region or small_region(),
        clock=clock,
        secrets=MemorySecrets(),
        form_ids=form_ids,
        pin_cost=QUICK_PIN,
    )
    sync.store = engine_store(wp)
    boss: Session | None = None
    sessions: dict[str, Session] = {}
    for who, (name, role) in CREW.items():
        people.add_person(wp, id=who, name=name, roles={role}, pin=PIN, by=boss)
        sessions[who] = people.sign_in(wp, who, PIN)
        boss = boss or sessions[who]
    stations = (region or small_region()).stations
    sheets = papers([(C1Key(one.tps, FORM), one.dpt_l, one.dpt_p) for one in stations])
    return Demo(Desk(wp, sync, FakeIntake(), wp.is_practice), clock, sync, sessions, sheets)


def fill(demo: Demo) -> Demo:
    """Shares as on election night: nearly all received, most keyed, fewer at the centre, some public, two stopped."""
    wp, clock, sheets, sessions = demo.wp, demo.clock, demo.papers, demo.sessions
    count = len(sheets)
    setup = {"realm": wp.realm, "district": wp.district, "keys": {"k1": "a" * 44}}
    workplace.connect_server(wp, server_url="https://situng.kpu.test", setup=setup)
    register.receive(wp, sessions["siti"], [one.key for one in sheets[: count * 95 // 100]])
    scan(demo, sheets[: count * 82 // 100])
    read(demo, "budi", sheets[: count * 88 // 100])
    clock.at += 1800
    read(demo, "dewi", sheets[: count * 80 // 100])
    clock.at += 1800
    store = engine_store(wp)
    records = list(store.due(ItemKind.RECORD, clock.now(), 10_000))
    delivered = records[: len(records) * 70 // 100]
    for number, item in enumerate(delivered, 1):
        answer(store, item, number)
    come_back(demo, store, delivered[: len(delivered) * 60 // 100])
    clock.at += 600
    waiting = [item.id for item in store.due(ItemKind.RECORD, clock.now(), 10_000)]
    store.claim(waiting)
    store.stop(waiting[:2], REFUSED)
    store.defer(waiting[2:], clock.now() + 320, GATE)
    store.save_channel(
        ChannelState(Lane.RECORDS, gate_until=clock.now() + 320, failures=7, recent="fsfffsfffs", reason=GATE)
    )
    clock.at += 240
    demo.sync.become(LineState.SLOW, "KPU RI lambat · 4 dari 10 jawaban gagal · coba lagi 14.05.20")
    return demo


def scan(demo: Demo, sheets: Sequence[Paper]) -> None:
    """Rows of scanned pages; the pictures themselves are not needed for what is shown here."""
    rows = pages.page_rows(demo.wp)
    for number, paper in enumerate(sheets):
        for n in (1, 2):
            if (number, n) in ((3, 2), (7, 1)):
                continue  # a page that went missing
            sha256 = _sha256(paper.key, n)
            scan = NewScan(
                sha256, 240_000, sha256, f"{paper.key.tps}-{n}.jpg", 900_000, sha256, 1654, 2339, {}
            )
            rows.add_page(scan, paper.key, n, IntakeState.ASSIGNED, "siti")


def _sha256(key: C1Key, page: int) -> str:
    return hashlib.sha256(f"{key.text()}#{page}".encode()).hexdigest()


def read(demo: Demo, who: str, sheets: Sequence[Paper]) -> None:
    """One person's readings of these papers, findings accepted as written."""
    reason = {"check": keying.EVERY_CHECK, "reason": "tertulis_demikian"}
    for paper in sheets:
        keying.key_whole(demo.wp, demo.sessions[who], paper.key, paper.cells, accept=[reason])


def answer(store: EngineStore, item: Item, number: int) -> None:
    """The centre stored a record; its receipt is the engine's business to check, not the store's."""
    store.claim([item.id])
    receipt: Json = {
        "kind": "record",
        "what": item.key.text() if item.key else "",
        "values_hash": item.what,
        "sequence": number,
        "epoch": "e1",
        "time": "2019-04-19T08:00:00Z",
        "key_id": "k1",
        "signature": "",
    }
    store.record_result(item, "stored", receipt, None)


def come_back(demo: Demo, store: EngineStore, items: Sequence[Item]) -> None:
    """The centre returns these; the verifier confirms half of them; half of those become public."""
    cells = {paper.key: paper.cells for paper in demo.papers}
    news: list[Json] = [
        _event(number, "returned", item, _as_stored(item.key, cells[item.key]))
        for number, item in enumerate(items, 1)
        if item.key is not None
    ]
    store.apply_feed(news, FeedCursor("e1", len(news)))
    verify.confirm_identical(
        demo.wp, demo.sessions["agus"], [one.key for one in items[: len(items) // 2] if one.key]
    )
    for verdict in store.due(ItemKind.VERDICT, demo.clock.now(), 10_000):
        store.claim([verdict.id])
        store.verdict_result(verdict, "stored", None, None)
    published = items[: len(items) // 4]
    after: list[Json] = [
        _event(len(news) + number, "published", item, {}) for number, item in enumerate(published, 1)
    ]
    store.apply_feed(after, FeedCursor("e1", len(news) + len(after)))


def tamper(demo: Demo, count: int) -> list[C1Key]:
    """The public site shows 9 for pair 01 of so many forms, and the engine saw it twice."""
    watch = public_watch.public_watch(demo.wp)
    demo.clock.at += 3600.0
    keys = {look.key for look in watch.looks(900.0, 1e9, count)}
    for _ in range(2):
        for look in watch.looks(900.0, 1e9, 1000):
            if look.key in keys:
                lie = structs.replace(look.ours, votes={**(look.ours.votes or {}), "21": 9})
                watch.seen(look, lie, "", 3600.0)
        demo.clock.at += 3700.0
    return sorted(keys, key=lambda key: key.text())


def _as_stored(key: C1Key, cells: Cells) -> Json:
    held = [{"n": n, "sha256": _sha256(key, n)} for n in (1, 2)]
    return {"cells": cells_to_json(cells), "pages": held}


def _event(number: int, kind: str, item: Item, more: Json) -> Json:
    key = item.key
    assert key is not None
    return {
        "n": number, "kind": kind, "tps": str(key.tps), "form": key.form, "round": key.round,
        "values_hash": item.what, **more,
    }  # fmt: skip
