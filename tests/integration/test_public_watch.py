"""The engine looks at the public site over real sockets: a real centre's tree, a tampered one, hostile answers."""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from app.bootstrap.beside import engine_beside
from app.domain.lifecycle import OutboxState
from app.domain.publication import Shown, Sight
from app.ports import Clock, FeedCursor, ItemKind, Lane, LineState, PublicLook, Reason
from app.services import public_watch, verify, workplace
from sync import gate
from sync.account import Account
from sync.engine import Engine, run_until_idle
from sync.line import LineBook
from sync.policy import Policy, WatchPace
from sync.watching import Watcher
from tests.fakes import engine_desk
from tests.fakes.clock import HandClock, MemorySecrets, RealClock
from tests.fakes.district import Desk, back, key, make
from tests.fakes.fault_bench import IMPATIENT, RECORDS, Bench, fault_bench
from tests.fakes.fault_server import (
    BOMB,
    HTML,
    JSON,
    Answer,
    CutAnswer,
    Fault,
    FaultServer,
    NeverAnswer,
    Request,
    Twice,
    WrongLength,
)
from tests.fakes.memory_store import MemoryStore
from tests.unit.sync.central.office import JPEG, QUICK, REALM, Office, small_region
from tests.unit.sync.central.running import joined, running

T = TypeVar("T")
AT_ONCE = WatchPace((0.0, 0.01), 0.0, 0.0, 0.0, 0.0, 0.0, (0.0, 0.01), 0.0)
LEAF = "/static/json/hhcw/ppwp/26141/27407/27408/27409/927409001.json"
RIGHT: dict[str, Any] = {
    "pemilih_j": 198,
    "pengguna_j": 184,
    "suara_sah": 181,
    "suara_tidak_sah": 3,
    "suara_total": 184,
    "chart": {"21": 71, "22": 110},
    "images": [],
    "ts": "2019-04-19 23:00:03",
}
SHOWN = Shown(
    {name: value for name, value in RIGHT.items() if name not in ("chart", "images", "ts")}, RIGHT["chart"]
)
PAGES = {1: JPEG + b"1", 2: JPEG + b"2"}
WAIT_S = 10.0
MOST_NEWS = 5000  # looks come in milliseconds here: what never comes must not be waited for for ever


def leaf(**changes: Any) -> Answer:
    return Answer(200, JSON, json.dumps({**RIGHT, **changes}).encode())


class Told:
    """A workplace's watch that also tells the test what was seen, or that nothing was."""

    def __init__(self, desk: Desk) -> None:
        self._watch = public_watch.public_watch(desk.wp)
        self.news: SimpleQueue[Sight | str] = SimpleQueue()

    def site(self) -> str:
        return self._watch.site()

    def looks(self, published_s: float, verified_s: float, limit: int) -> Any:
        return self._watch.looks(published_s, verified_s, limit)

    def seen(self, look: PublicLook, shown: Shown | None, validator: str, wait_s: float) -> None:
        self._watch.seen(look, shown, validator, wait_s)
        (one,) = self._watch.looks(0.0, 0.0, 1)
        assert one.sight is not None
        self.news.put(one.sight)

    def put_off(self, look: PublicLook, wait_s: float) -> None:
        self._watch.put_off(look, wait_s)
        self.news.put("put off")

    def blind(self, reason: Reason | None) -> None:
        self._watch.blind(reason)

    def until(self, wanted: Sight | str, times: int = 1) -> None:
        for _ in range(MOST_NEWS):
            times -= self.news.get(timeout=WAIT_S) == wanted
            if not times:
                return
        raise AssertionError(wanted)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """TPS 1 of a small district, verified and said to be published."""
    desk = make(tmp_path, of=small_region())
    name = back(desk)
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    desk.send(ItemKind.VERDICT)
    desk.feed("published", key(), values_hash=name)
    yield desk
    desk.wp.close()


def test_a_tampered_tree_is_noticed_reopened_and_closed_again(desk: Desk, tmp_path: Path) -> None:
    with running(tmp_path / "pusat") as centre, joined(centre, device="pc-9") as office:
        office.send(office.settled(pages=PAGES))
        for data in PAGES.values():
            office.upload(data)
        told, line = Told(desk), engine_desk.Desk(centre, tmp_path)
        line.store.operators = None  # the other PC of the district has told them
        public_watch.choose_site(desk.wp, centre.url)
        policy = replace(engine_desk.QUICKLY, watch=AT_ONCE)
        engine = Engine(
            line.store, line.account, line.clock, policy=policy, secrets=line.secrets, public=told
        )
        engine.start()
        try:
            told.until(Sight.EMPTY)
            office.judge(office.verdict(pages=list(PAGES.values())))
            centre.parts.publication.drain()
            told.until(Sight.EQUAL, 3)
            assert public_watch.differences(desk.wp) == []
            file = tmp_path / "pusat/public/json" / LEAF.removeprefix("/static/json/")
            honest = file.read_bytes()
            tampered = {**json.loads(honest), "chart": {"21": 17, "22": 110}}
            swap(file, json.dumps(tampered).encode())
            told.until(Sight.DIFFERS, 2)
            (one,) = public_watch.differences(desk.wp)
            assert (one.boxes, one.ours["P1"], one.shown["P1"]) == (("IV.01",), 71, 17)
            swap(file, b"<html>")
            told.until("put off")
            assert len(public_watch.differences(desk.wp)) == 1, "what cannot be read ends nothing"
            swap(file, honest)
            told.until(Sight.EQUAL)
            assert public_watch.differences(desk.wp, only_open=False) == []
            assert engine.wait_idle(WAIT_S), "looking is no work: a run until idle does not wait for it"
            assert engine.status().line is LineState.OK
        finally:
            engine.close()


def swap(file: Path, data: bytes) -> None:
    part = file.with_suffix(".neu")
    part.write_bytes(data)
    part.replace(file)


HOSTILE: tuple[Fault, ...] = (
    HTML,
    BOMB,
    Answer(302, {"Location": f"{LEAF}?tampered"}),
    Answer(200, JSON, json.dumps({**RIGHT, "chart": {"21": 1, "22": 1}, "x": "y" * 70_000}).encode()),
    Answer(200, JSON, b" " * 70_000 + json.dumps({**RIGHT, "suara_sah": 1}).encode()),
    Answer(200, JSON, b'{"chart": {"21": 1, "22": 1}}'),
    Answer(200, JSON, b'{"status": "ok"}'),
    Answer(204),
    Answer(304),
    Answer(401, JSON, json.dumps({**RIGHT, "suara_sah": 1}).encode()),
    Answer(404, JSON, json.dumps({**RIGHT, "suara_sah": 1}).encode()),
    Answer(503, {"Retry-After": "0"}),
    CutAnswer(40),
    CutAnswer(0),
    leaf(chart={"21": True, "22": 1}),
    leaf(chart={"21": 1}),
)


def test_a_hostile_site_reopens_nothing_and_disturbs_nothing(desk: Desk) -> None:
    answers: list[Fault | None] = [*HOSTILE, *HOSTILE, leaf()]

    def script(request: Request) -> Fault | None:
        if not request.path.startswith("/static/"):
            return None
        assert request.path == LEAF, "no redirect is followed"
        return answers.pop(0) if len(answers) > 1 else answers[0]

    told = Told(desk)
    with FaultServer(script) as server:
        public_watch.choose_site(desk.wp, server.url)
        account, store = _account(server)
        engine = Engine(store, account, RealClock(), random.Random(1), policy=_policy(), public=told)
        engine.start()
        try:
            assert told.news.get(timeout=WAIT_S) == "put off"
            told.until(Sight.EQUAL)
            line = engine.status().line
        finally:
            engine.close()
    assert line is LineState.OK
    assert public_watch.differences(desk.wp, only_open=False) == []
    assert len(answers) == 1


@pytest.mark.parametrize("fault", [WrongLength(10), Twice(leaf(chart={"21": 1, "22": 1}))])
def test_an_answer_that_goes_wrong_is_no_sight(desk: Desk, fault: Fault) -> None:
    """Twice: the second answer may be taken for the one to the next request, were the connection kept."""
    told = Told(desk)

    def script(request: Request) -> Fault | None:
        return fault if request.path == LEAF and server.count("GET", LEAF) <= 3 else None

    with FaultServer(script) as server:
        public_watch.choose_site(desk.wp, server.url)
        account, store = _account(server)
        engine = Engine(store, account, RealClock(), random.Random(1), policy=_policy(), public=told)
        engine.start()
        try:
            told.until("put off")  # honest about nothing: 404
        finally:
            engine.close()
    assert public_watch.differences(desk.wp, only_open=False) == []


def test_nothing_is_asked_of_the_site_while_anything_waits(desk: Desk, tmp_path: Path) -> None:
    """Numbers are refused, the image waits its own half second with every gate open: the site comes after both."""
    told = Told(desk)
    with fault_bench(tmp_path) as bench:
        refusals = [Answer(503, {"Retry-After": "0"}) for _ in range(3)]
        image = next(row.item.id for row in bench.store.rows.values() if row.item.kind is ItemKind.SCAN)
        bench.store.claim([image])
        bench.store.defer([image], bench.clock.now() + 0.5, Reason("busy", "KPU RI sibuk."))

        def script(request: Request) -> Fault | None:
            if request.path == LEAF:
                return leaf()
            return refusals.pop() if request.path == RECORDS and refusals else None

        bench.server.script = script
        public_watch.choose_site(desk.wp, bench.server.url)
        engine = _engine(bench, told)
        engine.start()
        try:
            told.until(Sight.EQUAL)
            assert {row.state for row in bench.store.rows.values()} == {OutboxState.DONE}
            first = next(place for place, (_, path) in enumerate(bench.server.seen) if path == LEAF)
            before = bench.server.seen[:first]
            sent = [path for _, path in before if path.startswith(("/api/v1/records", "/api/v1/scans"))]
            assert len(sent) >= 5
            assert not refusals
        finally:
            engine.close()


@pytest.mark.whole
def test_the_windows_engine_looks_too(desk: Desk) -> None:
    """It has a process of its own, which is made elsewhere than the command line's."""
    seen: SimpleQueue[str] = SimpleQueue()

    def script(request: Request) -> Fault | None:
        if request.path != LEAF:
            return None
        seen.put(request.headers.get("if-none-match", ""))
        return Answer(200, {**JSON, "ETag": '"a"'}, leaf().body)

    with FaultServer(script) as server:
        server.epoch = "e1"  # as the desk knows it
        setup = {"realm": desk.wp.realm, "district": desk.wp.district, "keys": server.keys}
        workplace.connect_server(desk.wp, server_url=server.url, setup=setup)
        engine = engine_beside(desk.wp)
        engine.start()
        try:
            assert seen.get(timeout=2 * WAIT_S) == ""
        finally:
            engine.close()


def test_a_paused_or_refused_line_asks_nothing_of_the_site(desk: Desk, tmp_path: Path) -> None:
    told = Told(desk)
    with fault_bench(tmp_path) as bench:
        bench.server.script = lambda request: HTML if request.path.startswith("/api/") else leaf()
        public_watch.choose_site(desk.wp, bench.server.url)
        run_until_idle(_engine(bench, told), bench.clock, seconds=0.5)  # a portal before the centre
        assert bench.server.count("GET", "/static/") == 0
        bench.server.script = lambda request: leaf() if request.path == LEAF else None
        engine = _engine(bench, told)
        engine.pause((Lane.RECORDS, Lane.VERDICTS, Lane.SCANS))
        run_until_idle(engine, bench.clock, seconds=0.3, until_idle=False)
        assert bench.server.count("GET", "/static/") == 0


class Everything:
    """Every form is due at any time."""

    def __init__(self, url: str, looks: list[PublicLook] | None = None) -> None:
        self.url, self.asked, self.waits, self._looks = url, list[str](), list[float](), looks

    def site(self) -> str:
        return f"{self.url}/static/json"

    def looks(self, published_s: float, verified_s: float, limit: int) -> list[PublicLook]:
        return self._looks or [PublicLook(key(), 1, f"{n}.json", SHOWN) for n in range(limit)]

    def seen(self, look: PublicLook, shown: Shown | None, validator: str, wait_s: float) -> None:
        self.asked.append(look.path)
        self.waits.append(wait_s)

    def put_off(self, look: PublicLook, wait_s: float) -> None:
        raise AssertionError(look.path)

    def blind(self, reason: Reason | None) -> None:
        assert reason is None


class Host:
    """The engine around it, as far as it is used."""

    def __init__(self) -> None:
        self.hand, self.rng, self.policy = HandClock(), random.Random(1), Policy()
        self.clock: Clock = self.hand
        self.kicked = asyncio.Event()
        self.line = LineBook(self.clock, self.rng, self.policy, FeedCursor("e1", 0))
        self.line.needs_hello = self.line.needs_login = False
        self.line.on_feed_head(0)
        self.channels = {lane: gate.fresh(lane) for lane in Lane}

    async def run(self, work: Callable[[], T], /) -> T:
        return work()

    def look_again(self) -> None:
        self.kicked.set()

    async def look(self) -> None:
        async with asyncio.timeout(WAIT_S):
            await self.kicked.wait()
        self.kicked.clear()


def test_so_many_looks_an_hour_and_no_more() -> None:
    """A district with everything due, an hour of nothing else to do, real requests."""

    async def hour(store: Everything) -> None:
        host = Host()
        watcher = Watcher(host, store)
        for _ in range(3600):
            watcher.tend(host.channels, host.line, is_busy=False)
            if watcher.due_in_s == math.inf:
                await host.look()
            host.hand.forward(1.0)
        await watcher.close()

    with FaultServer(lambda _: leaf()) as server:
        store = Everything(server.url)
        asyncio.run(hour(store))
    assert 90 <= len(store.asked) <= 180
    assert server.count("GET") == len(store.asked)


def test_what_was_to_be_asked_of_one_site_is_not_asked_of_another() -> None:
    async def story(store: Everything, other: str) -> None:
        host = Host()
        watcher = Watcher(host, store)
        for _ in range(2):
            host.hand.forward(60.0)
            watcher.tend(host.channels, host.line, is_busy=False)
            await host.look()
            store.url = other
        await watcher.close()

    with FaultServer(lambda _: leaf()) as server, FaultServer(lambda _: leaf()) as second:
        store = Everything(server.url)
        asyncio.run(story(store, second.url))
    assert store.asked == ["0.json", "0.json"], "found anew, without what the first site answered with"
    assert (server.count("GET"), second.count("GET")) == (1, 1)


@pytest.mark.parametrize(("p1", "wait_s"), [(17, 3600.0), (18, 600.0)], ids=["the same", "another"])
def test_another_wrong_number_is_looked_at_again_as_soon_as_the_first_was(p1: int, wait_s: float) -> None:
    votes = {"21": 17, "22": 110}
    before = PublicLook(
        key(), 1, "1.json", SHOWN, sight=Sight.DIFFERS, times=2, shown=replace(SHOWN, votes=votes)
    )

    async def story(store: Everything) -> None:
        host = Host()
        watcher = Watcher(host, store)
        host.hand.forward(60.0)
        watcher.tend(host.channels, host.line, is_busy=False)
        await host.look()
        await watcher.close()

    with FaultServer(lambda _: leaf(chart={**votes, "21": p1})) as server:
        store = Everything(server.url, [before])
        asyncio.run(story(store))
    (waited,) = store.waits
    assert wait_s <= waited <= 1.25 * wait_s


def test_a_look_under_way_is_cut_when_something_is_to_be_sent() -> None:
    asked: SimpleQueue[str] = SimpleQueue()

    def script(request: Request) -> Fault:
        asked.put(request.path)
        return NeverAnswer()

    async def story(store: Everything) -> None:
        host = Host()
        watcher = Watcher(host, store)
        host.hand.forward(60.0)
        watcher.tend(host.channels, host.line, is_busy=False)
        await asyncio.to_thread(asked.get, timeout=WAIT_S)
        watcher.tend(host.channels, host.line, is_busy=True)
        await host.look()  # long before its own deadline
        host.hand.forward(60.0)
        assert watcher.due_in_s == math.inf, "the loop must not turn for what it may not do"
        await watcher.close()

    with FaultServer(script) as server:
        store = Everything(server.url)
        asyncio.run(story(store))
    assert store.asked == []


def _policy() -> Policy:
    return replace(IMPATIENT, watch=AT_ONCE)


def _engine(bench: Bench, told: Told) -> Engine:
    return Engine(
        bench.store,
        bench.account,
        bench.clock,
        random.Random(1),
        policy=_policy(),
        secrets=MemorySecrets(),
        public=told,
    )


def _account(server: FaultServer) -> tuple[Account, MemoryStore]:
    office = Office()
    account = Account(server.url, REALM, "3204", server.keys, office.device, office.device_key)
    return account, MemoryStore(clock=RealClock())


assert QUICK["P1"] == RIGHT["chart"]["21"]
