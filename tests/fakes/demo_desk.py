"""A district in the middle of election night, for tests and pictures of the window.

Filled through services as people and the engine would: paper arrives, two people read, the centre's answers come in by
the engine's own port. Nothing is written past the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.c1form import C1Key
from app.domain.cell import cells_to_json
from app.domain.people import Role
from app.forms.wilayah import Region, Station, load_region
from app.ports import ChannelState, EngineStore, FeedCursor, Item, ItemKind, Json, Lane, LineState, Reason
from app.services import keying, people, register, verify, workplace
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


def open_desk(folder: Path, region: Region | None = None, realm: str = "latihan-2019") -> Demo:
    """An empty workplace with its crew."""
    clock, sync = FakeClock(), FakeSync()
    wp = workplace.create(
        folder,
        realm=realm,
        district="3204",
        region=region or small_region(),
        clock=clock,
        secrets=MemorySecrets(),
        pin_cost=QUICK_PIN,
    )
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
    register.receive(wp, sessions["siti"], [one.key for one in sheets[: count * 95 // 100]])
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
    store.defer(waiting[2:], clock.now() + 80, GATE)
    store.save_channel(
        ChannelState(Lane.RECORDS, gate_until=clock.now() + 80, failures=7, recent="fsfffsfffs", reason=GATE)
    )
    clock.at += 240
    demo.sync.become(LineState.SLOW, "KPU RI lambat · 4 dari 10 jawaban gagal · coba lagi 14.05.20")
    return demo


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
        _event(number, "returned", item, {"cells": cells_to_json(cells[item.key]), "pages": []})
        for number, item in enumerate(items, 1)
        if item.key is not None
    ]
    store.apply_feed(news, FeedCursor("e1", len(news)))
    keys = [item.key for item in items[: len(items) // 2] if item.key is not None]
    for key in keys:
        verify.give_verdict(demo.wp, demo.sessions["agus"], key, "ok")
    for verdict in store.due(ItemKind.VERDICT, demo.clock.now(), 10_000):
        store.claim([verdict.id])
        store.verdict_result(verdict, "stored", None, None)
    published = items[: len(items) // 4]
    after: list[Json] = [
        _event(len(news) + number, "published", item, {}) for number, item in enumerate(published, 1)
    ]
    store.apply_feed(after, FeedCursor("e1", len(news) + len(after)))


def _event(number: int, kind: str, item: Item, more: Json) -> Json:
    key = item.key
    assert key is not None
    return {
        "n": number, "kind": kind, "tps": str(key.tps), "form": key.form, "round": key.round,
        "values_hash": item.what, **more,
    }  # fmt: skip
