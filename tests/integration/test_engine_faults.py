"""The engine against a server that misbehaves on a real socket.

One property for all: exactly one record at the centre, every hash equal, and every item ends with a receipt, or with a
named reason and a next time.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import threading
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from app.domain.lifecycle import OutboxState
from app.ports import ItemKind, Lane, LineState, SyncStatus
from sync.account import Account
from sync.engine import Engine, run_until_idle
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.fault_bench import IMPATIENT, RECORDS, SIZE, Bench, fault_bench
from tests.fakes.fault_server import (
    BOMB,
    ENDLESS_HEADERS,
    HTML,
    JSON,
    Answer,
    Before,
    CutAnswer,
    CutRequest,
    Drip,
    Fault,
    FaultServer,
    NeverAnswer,
    Preceded,
    Request,
    Script,
    Twice,
    WrongLength,
    localhost_tls,
    once,
    problem,
)
from tests.fakes.honest_centre import AT
from tests.fakes.memory_store import MemoryStore
from tests.unit.sync.central.office import JPEG, QUICK, REALM, TPS, Office


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with fault_bench(tmp_path) as made:
        yield made


def _dated(_: Request) -> Answer:
    """Retry-After as a date, by a server whose clock is a day off."""
    return Answer(
        503, {"Retry-After": formatdate(86_401, usegmt=True), "Date": formatdate(86_400, usegmt=True)}
    )


SCANS = "/api/v1/scans/"
RECOVERS: dict[str, Script] = {
    "record: connection reset before the body": once("POST", RECORDS, CutRequest(0)),
    "record: reset inside the body": once("POST", RECORDS, CutRequest(300)),
    "record: the answer is lost after the work": once("POST", RECORDS, CutAnswer(0)),
    "record: the answer is cut in its head": once("POST", RECORDS, CutAnswer(20)),
    "record: the answer is cut in its body": once("POST", RECORDS, CutAnswer(200)),
    "record: fewer bytes than promised": once("POST", RECORDS, WrongLength()),
    "record: never answered, nothing done": once("POST", RECORDS, NeverAnswer()),
    "record: never answered, work done": once("POST", RECORDS, NeverAnswer(does_work=True)),
    "record: 503 with seconds": once("POST", RECORDS, problem(503, "busy", {"Retry-After": "0"})),
    "record: 429 in the problem": once("POST", RECORDS, problem(429, "busy", retry_after_s=0.01)),
    "record: 503 with a Retry-After that is no number": once(
        "POST", RECORDS, Answer(503, {"Retry-After": "\u00b2"})
    ),
    "record: a problem that is no text": once("POST", RECORDS, Answer(503, JSON, b'{"code": "\xff"}')),
    "record: 500 with a bug's page": once(
        "POST", RECORDS, Answer(500, {"Content-Type": "text/html"}, b"<html>")
    ),
    "record: 401 once": once("POST", RECORDS, problem(401, "sign_in")),
    "record: 507 once": once("POST", RECORDS, problem(507, "full", {"Retry-After": "0"})),
    "record: portal once": once("POST", RECORDS, HTML),
    "record: redirect elsewhere": once("POST", RECORDS, Answer(302, {"Location": "http://127.0.0.1:1/"})),
    "record: JSON of another shape": once(
        "POST", RECORDS, Answer(200, {"Content-Type": "application/json"}, b"[]")
    ),
    "record: fewer results than records": once(
        "POST", RECORDS, Answer(200, {"Content-Type": "application/json"}, b'{"results":[],"feed_head":0}')
    ),
    "record: the answer drips": once("POST", RECORDS, Drip()),
    "record: a gzip bomb": once("POST", RECORDS, BOMB),
    "record: headers without end": once("POST", RECORDS, ENDLESS_HEADERS),
    "record: 1xx before the answer": once(
        "POST", RECORDS, Preceded(b"HTTP/1.1 103 X\r\nLink: <a>\r\n\r\n" * 50)
    ),
    "record: no HTTP before the answer": once("POST", RECORDS, Preceded(b"\x00\xff junk \r\n\r\n")),
    "record: the answer of another request behind it": once(
        "POST", RECORDS, Twice(problem(403, "not_yours"))
    ),
    "record: the answer of another request instead": once(
        "POST",
        RECORDS,
        Answer(200, {"Content-Type": "application/json"}, b'{"events":[],"feed_head":0,"epoch":"e"}'),
    ),
    "hello: no text": once("GET", "/hello", Answer(200, JSON, b'{"server": "\xff"}')),
    "hello: drips": once("GET", "/hello", Drip()),
    "hello: a gzip bomb": once("GET", "/hello", BOMB),
    "hello: headers without end": once("GET", "/hello", ENDLESS_HEADERS),
    "hello: portal, then the centre": once("GET", "/hello", HTML, HTML),
    "hello: silence, then the centre": once("GET", "/hello", NeverAnswer()),
    "login: 503 once": once("POST", "/login", problem(503, "busy", {"Retry-After": "0"})),
    "feed: with a gap": once(
        "GET",
        "/feed",
        Answer(200, {"Content-Type": "application/json"}, b'{"events":[],"feed_head":9,"epoch":"epoch-1"}'),
    ),
    "feed: news and anchor that are no numbers": once(
        "GET",
        "/feed",
        Answer(
            200,
            {**JSON, "Situng-Feed-Head": "\u00b2", "Situng-Anchor": "\u00b9 abc"},
            b'{"events":[],"feed_head":0,"epoch":"epoch-1"}',
        ),
    ),
    "scan: creation refused once": once("POST", SCANS, problem(503, "busy", {"Retry-After": "0"})),
    "scan: a lost 201": once("POST", SCANS, CutAnswer(0)),
    "scan: 201 without Tus-Resumable": once("POST", SCANS, Answer(201, {"Location": f"{SCANS}u1"})),
    "scan: a hostile Location": once(
        "POST", SCANS, Answer(201, {"Tus-Resumable": "1.0.0", "Location": "https://elsewhere.example/u1"})
    ),
    "scan: reset at the first byte": once("PATCH", SCANS, CutRequest(0)),
    "scan: reset in the middle": once("PATCH", SCANS, CutRequest(SIZE // 2)),
    "scan: reset three times": once("PATCH", SCANS, *[CutRequest(SIZE // 5)] * 3),
    "scan: reset after the last byte": once("PATCH", SCANS, CutRequest(SIZE + 2100)),
    "scan: a lost 204": once("PATCH", SCANS, CutAnswer(0)),
    "scan: a 204 without an offset": once("PATCH", SCANS, Answer(204, {"Tus-Resumable": "1.0.0"})),
    "scan: a 204 with an offset that is no number": once(
        "PATCH", SCANS, Answer(204, {"Tus-Resumable": "1.0.0", "Upload-Offset": "\u00b2"})
    ),
    "scan: HTML instead of 204": once("PATCH", SCANS, HTML),
    "scan: never answered": once("PATCH", SCANS, NeverAnswer(does_work=True)),
    "scan: 409": once("PATCH", SCANS, Answer(409, {"Tus-Resumable": "1.0.0"})),
    "scan: 423": once("PATCH", SCANS, Answer(423, {"Tus-Resumable": "1.0.0"})),
    "scan: 423 for ever": lambda r: (
        Answer(423, {"Tus-Resumable": "1.0.0"}) if r.path == f"{SCANS}u1" and r.method != "POST" else None
    ),
    "scan: a lock in a 500": once(
        "PATCH", SCANS, Answer(500, {"Tus-Resumable": "1.0.0"}, b"ERR_LOCK_TIMEOUT")
    ),
    "scan: 410 on PATCH": once("PATCH", SCANS, Answer(410, {"Tus-Resumable": "1.0.0"})),
    "scan: 413": once("PATCH", SCANS, Answer(413)),
    "scan: a proxy's limit": lambda r: (
        Answer(413) if int(r.headers.get("content-length", "0")) > 70_000 else None
    ),
    "scan: 460": once("PATCH", SCANS, Answer(460, {"Tus-Resumable": "1.0.0"})),
    "scan: 507": once("PATCH", SCANS, problem(507, "full", {"Retry-After": "0"})),
    "scan: 403 once": once("PATCH", SCANS, problem(403, "no")),
    "scan: the 204 drips": once("PATCH", SCANS, Drip()),
    "scan: headers without end": once("PATCH", SCANS, ENDLESS_HEADERS),
    "scan: 1xx before the 204": once("PATCH", SCANS, Preceded(b"HTTP/1.1 104 X\r\nUpload-Offset: 9\r\n\r\n")),
    "scan: the answer of another request behind it": once(
        "POST", SCANS, Twice(Answer(204, {"Tus-Resumable": "1.0.0", "Upload-Offset": str(SIZE + len(JPEG))}))
    ),
    "scan: PATCH refused by a proxy": lambda r: (
        Answer(405) if r.method == "PATCH" and "x-http-method-override" not in r.headers else None
    ),
    "scan: HEAD refused after a cut": lambda r: (
        CutRequest(9000)
        if r.method == "PATCH" and r.headers["upload-offset"] == "0"
        else Answer(501)
        if r.method == "HEAD" and "x-http-method-override" not in r.headers and "by-hash" not in r.path
        else None
    ),
    "scan: whole, they say, but no receipt": once(
        "POST",
        "/scans/receipts",
        Answer(200, {"Content-Type": "application/json"}, b'{"receipts":[],"feed_head":0}'),
    ),
    "scan: receipts refused once": once("POST", "/scans/receipts", problem(500, "ill")),
}


@pytest.mark.parametrize("name", RECOVERS)
def test_recovers_from(name: str, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    fired = threading.Event()

    def script(request: Request) -> Fault | None:
        fault = RECOVERS[name](request)
        if fault is not None:
            fired.set()
        return fault

    bench.server.script = script
    engine = bench.engine()
    engine.start()
    try:
        assert fired.wait(10), "the fault never happened"
        engine.wake()
        assert engine.wait_idle(10), engine.status()
        assert engine.stopped_items == 0
    finally:
        engine.close()
    bench.check()
    assert len(bench.server.records) == 1
    assert len(bench.server.scans) == 1
    assert bench.server.receipts
    assert "bug" not in caplog.text


def test_an_offset_that_went_back_is_believed(bench: Bench) -> None:
    def forget(server: FaultServer) -> None:
        for upload in server.uploads.values():
            del upload.data[1000:]

    faults = iter((CutRequest(100_000), None))

    def script(request: Request) -> CutRequest | Before | None:
        if request.method == "PATCH":
            return next(faults, None)
        return Before(forget) if request.method == "HEAD" and "by-hash" not in request.path else None

    bench.server.script = script
    assert bench.sync().is_idle
    bench.check()
    assert len(bench.server.scans) == 1


def test_retry_after_as_a_date_is_read_against_the_servers_clock(bench: Bench) -> None:
    answers = iter((True,))
    bench.server.script = lambda r: _dated(r) if r.path == RECORDS and next(answers, False) else None
    assert bench.sync().is_idle  # one to two seconds, not a day
    bench.check()


@pytest.mark.skipif(
    sys.platform != "linux", reason="only there the trusted authorities can be named by a variable"
)
@pytest.mark.parametrize(
    ("name", "line"), [("localhost", LineState.OK), ("elsewhere.example", LineState.PORTAL)]
)
def test_a_certificate_for_another_name_gets_nothing(
    name: str, line: LineState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed by an authority this PC trusts, and still not ours: nothing is sent, nobody is asked to trust it."""
    tls, authority = localhost_tls(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with FaultServer(tls=tls) as server:
        office, store, clock = Office(), MemoryStore(), RealClock()
        store.add(ItemKind.RECORD, office.hash_of(QUICK), TPS, body=office.settled())
        account = Account(server.url, REALM, "3204", server.keys, office.device, office.device_key)
        engine = Engine(store, account, clock, random.Random(1), policy=IMPATIENT, secrets=MemorySecrets())
        report = run_until_idle(engine, clock, seconds=5.0 if line is LineState.OK else 0.5)
    assert report.is_idle is (line is LineState.OK)
    assert engine.status().line is line
    assert len(server.records) == (1 if line is LineState.OK else 0)
    assert bool(server.seen) is (line is LineState.OK)


STOPS: dict[str, tuple[Script, str, OutboxState]] = {
    "record: 400": (
        lambda r: problem(400, "malformed") if r.path == RECORDS else None, "malformed", OutboxState.STOPPED
    ),
    "record: paused": (
        lambda r: problem(503, "paused", {"Retry-After": "30"}) if r.path == RECORDS else None,
        "paused",
        OutboxState.WAITING,
    ),
    "record: refused for ever": (
        lambda r: problem(403, "no_right") if r.path == RECORDS else None, "no_right", OutboxState.WAITING
    ),
    "record: forked": (
        lambda r: problem(409, "forked") if r.path == RECORDS else None, "forked", OutboxState.WAITING
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPS)
def test_names_its_reason(name: str, bench: Bench) -> None:
    script, code, state = STOPS[name]
    bench.server.script = script
    report = bench.sync(1.0)
    assert not report.is_idle
    row = bench.store.rows[1]
    # An end in the middle of a further try gives the item back to the queue; its reason stays.
    given_back = {OutboxState.QUEUED} if state is OutboxState.WAITING else set()
    assert row.state in {state} | given_back
    assert row.reason is not None
    assert row.reason.code == code
    assert bench.server.records == {}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.write_bytes(b""), "local_changed"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?"), "local_changed"),
        (lambda path: path.unlink(), "local_read"),
    ],
    ids=["emptied", "changed", "missing"],
)
def test_a_spoilt_file_is_never_sent(spoil: Callable[[Path], object], code: str, bench: Bench) -> None:
    path = bench.store.rows[2].path
    assert path is not None
    spoil(path)
    report = bench.sync()
    assert report.stopped == 1
    row = bench.store.rows[2]
    assert row.state is OutboxState.STOPPED
    assert row.reason is not None
    assert row.reason.code == code
    assert bench.server.body_bytes == 0


def test_one_bad_record_never_holds_up_its_neighbours(bench: Bench) -> None:
    office = Office()
    poisoned = "3204052002001"
    bench.store.add(
        ItemKind.RECORD, office.hash_of(QUICK, poisoned), poisoned, body=office.settled(tps=poisoned)
    )

    def script(request: Request) -> Answer | None:
        # The head alone decides, and it does not name the record: refuse every batch of two.
        is_batch = request.path == RECORDS and int(request.headers["content-length"]) > 1100
        return problem(400, "malformed") if is_batch and not bench.server.records else None

    bench.server.script = script
    bench.sync()
    bench.check()
    assert len(bench.server.records) == 2


def test_the_sentence_says_since_when_and_when_next(bench: Bench) -> None:
    bench.server.script = lambda r: CutRequest(0) if r.path == RECORDS else None
    seen: list[SyncStatus] = []
    engine = bench.engine()
    engine.subscribe(seen.append)
    run_until_idle(engine, bench.clock, seconds=1.0)
    down = [status for status in seen if status.line is LineState.DOWN]
    assert down
    assert down[0].sentence.startswith("KPU RI tidak menjawab sejak ")
    assert "Pekerjaan dapat dilanjutkan. Dicoba lagi " in down[0].sentence


def test_a_restored_centre_is_compared_again(bench: Bench) -> None:
    bench.sync()
    bench.server.epoch = "epoch-2"
    key = bench.store.rows[1].item.key
    assert key is not None
    bench.store.to_ask = [{"key": key.text(), "values_hash": bench.store.rows[1].item.what, "pages": []}]
    assert bench.sync().is_idle
    assert bench.store.epochs == ["epoch-2"]
    assert [answer["head"] for answer in bench.store.answers] == [bench.store.rows[1].item.what]


def test_an_answer_about_some_of_the_forms_is_none(bench: Bench) -> None:
    """The others counted as compared, and what was lost of them stayed lost."""
    bench.sync()
    record = bench.store.rows[1].item
    assert record.key is not None
    bench.server.epoch = "epoch-2"
    bench.store.to_ask = [{"key": record.key.text(), "values_hash": record.what, "pages": []}]
    none = {"forms": [], "known_hashes": [], "feed_head": 0, "epoch": "epoch-2"}
    bench.server.script = once("POST", "/status", Answer(200, JSON, json.dumps(none).encode()))
    assert bench.sync().is_idle
    assert [answer["head"] for answer in bench.store.answers] == [record.what]
    assert bench.server.count("POST", "/status") == 2


@pytest.mark.parametrize("is_pressed", [True, False])
def test_a_nation_that_paused_images_holds_up_their_comparison_and_nothing_else(
    bench: Bench, is_pressed: bool
) -> None:
    """A centre of before answers 503 to the question about them: the feed, the operators and the forms waited an hour
    for it, again and again, and the line said that everything is paused."""
    bench.sync()
    record, image = bench.store.rows[1].item, bench.store.rows[2].item
    assert record.key is not None
    bench.server.epoch = "epoch-2"
    bench.store.to_ask = [{"key": record.key.text(), "values_hash": record.what, "pages": []}]
    bench.store.scans_to_ask = {image.what}
    bench.store.operators = Office().operators()
    bench.server.events = [{"n": 1, "kind": "notice", "at": AT, "text": "Uji."}]
    wait = {"Retry-After": "3000" if is_pressed else "1"}
    is_paused = threading.Event()
    is_paused.set()
    bench.server.script = lambda r: (
        problem(503, "paused", wait) if "receipts" in r.path and is_paused.is_set() else None
    )
    seen: list[SyncStatus] = []
    engine = bench.engine()
    engine.subscribe(seen.append)
    engine.start()
    try:
        assert not engine.wait_idle(0.6)
        asked = bench.server.count("POST", "receipts")
        assert [answer["head"] for answer in bench.store.answers] == [record.what]
        assert len(bench.store.events) == 1
        assert bench.store.operators_done
        assert bench.store.scans_to_ask, "not over"
        is_paused.clear()
        if is_pressed:
            engine.retry_now()
        assert engine.wait_idle(5)
        assert bench.server.count("POST", "receipts") == asked + 1
    finally:
        engine.close()
    assert (bench.store.scans_to_ask, bench.store.scans_lost) == (set(), set())
    assert LineState.PAUSED_THERE not in {status.line for status in seen}
    assert "sedang dibandingkan" in next(one.sentence for one in reversed(seen[:-1]))


def test_a_refused_question_for_many_receipts_costs_one_resend(bench: Bench, tmp_path: Path) -> None:
    """Once it cost one per scan: on election day that emptied the budget, shut the gate and halved the limit to one."""
    count = 30
    for number in range(count - 1):
        data = JPEG + random.Random(number).randbytes(2_000)
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        bench.store.add(ItemKind.SCAN, hashlib.sha256(data).hexdigest(), TPS, path=path)

    def busy_until_all_are_whole(request: Request) -> Answer | None:
        is_early = "receipts" in request.path and len(bench.server.scans) < count
        return problem(503, "overloaded", {"Retry-After": "1"}) if is_early else None

    bench.server.script = busy_until_all_are_whole
    assert bench.sync().is_idle
    bench.check()
    assert bench.store.channel(Lane.SCANS).tokens > 10


def test_a_firewall_that_cuts_every_body_closes_the_gate(bench: Bench, tmp_path: Path) -> None:
    """Each scan was tried in turn, four bodies each, and every creation between them passed for a success."""
    for number in range(100, 108):
        data = JPEG + random.Random(number).randbytes(SIZE)
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        bench.store.add(ItemKind.SCAN, hashlib.sha256(data).hexdigest(), TPS, path=path)
    bench.server.script = lambda r: CutRequest(0) if r.method == "PATCH" else None
    assert not bench.sync(1.5).is_idle
    lane = bench.store.channel(Lane.SCANS)
    assert lane.failures >= 3
    assert lane.reason is not None
    assert lane.reason.code == "reset"
    bench.server.script = lambda _: None
    assert bench.sync().is_idle
    bench.check()
    assert len(bench.server.scans) == 9


@pytest.mark.parametrize("path", ["/login", "/operators"])
def test_whatever_holds_everything_up_is_named(path: str, bench: Bench) -> None:
    """It was silent once: the centre had been met, its sign-in said 503 for hours, and the queue said *its turn*."""
    bench.store.operators = Office().operators()
    bench.server.script = lambda r: problem(503, "busy", retry_after_s=0.2) if path in r.path else None
    seen: list[SyncStatus] = []
    engine = bench.engine()
    engine.subscribe(seen.append)
    assert not run_until_idle(engine, bench.clock, seconds=0.5).is_idle
    assert any(status.line is LineState.SLOW and status.next_try_at for status in seen)
