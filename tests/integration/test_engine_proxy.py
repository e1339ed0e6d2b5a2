"""The engine in an office whose only way out is a proxy: it says what ails the proxy, and goes on without a restart."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.ports import ItemKind, LineState, SyncStatus
from sync.account import Account
from sync.engine import Engine
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.fault_bench import IMPATIENT
from tests.fakes.fault_server import FaultServer, localhost_tls
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office_proxy import OfficeProxy
from tests.unit.sync.central.office import QUICK, REALM, TPS, Office

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only there the trusted authorities can be named by a variable"
)
CENTRE = "pusat.example"  # no name server knows it; the proxy leads there
LOGIN = "kpu:rahasia"
HASTE_S = 10.0


@dataclass
class Bench:
    """One record to deliver, through `proxy` alone; `set_to` changes this PC's settings."""

    server: FaultServer
    proxy: OfficeProxy
    engine: Engine
    set_to: Callable[[str], None]

    def said(self, line: LineState, words: str) -> SyncStatus:
        """Wait until the engine says so."""
        is_said = threading.Event()

        def listen(status: SyncStatus) -> None:
            if status.line is line and words in status.sentence:
                is_said.set()

        stop = self.engine.subscribe(listen)
        listen(self.engine.status())
        try:
            assert is_said.wait(HASTE_S), self.engine.status()
        finally:
            stop()
        return self.engine.status()

    def delivers(self) -> None:
        self.engine.retry_now()
        assert self.engine.wait_idle(HASTE_S), self.engine.status()
        assert len(self.server.records) == 1
        assert self.engine.status().line is LineState.OK


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    tls, authority = localhost_tls(tmp_path, CENTRE)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    office, store, clock = Office(), MemoryStore(), RealClock()
    store.add(ItemKind.RECORD, office.hash_of(QUICK), TPS, body=office.settled())
    with (
        FaultServer(tls=tls) as server,
        OfficeProxy(int(server.url.rpartition(":")[2]), LOGIN) as proxy,
    ):
        address = f"https://{CENTRE}"
        account = Account(address, REALM, "3204", server.keys, office.device, office.device_key)
        engine = Engine(store, account, clock, random.Random(1), policy=IMPATIENT, secrets=MemorySecrets())
        yield Bench(server, proxy, engine, lambda url: monkeypatch.setenv("https_proxy", url))
        engine.close()


def test_a_login_that_the_proxy_wants_is_asked_of_people_and_found_without_a_restart(bench: Bench) -> None:
    bench.set_to(bench.proxy.url("kpu:lama"))
    bench.engine.start()
    bench.said(LineState.PROXY, "Proxy kantor meminta nama dan kata sandi. Data tetap aman di PC ini.")
    assert bench.server.seen == []
    bench.set_to(bench.proxy.url(LOGIN))
    bench.delivers()


def test_a_proxy_that_cannot_be_used_is_no_bug_of_the_program(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.set_to("socks5://127.0.0.1:1080")
    bench.engine.start()
    bench.said(LineState.PROXY, "Proxy pada pengaturan PC ini tidak dapat dipakai")
    bench.set_to(bench.proxy.url(LOGIN))
    bench.delivers()
    assert "bug" not in caplog.text


def test_a_proxy_that_refuses_closes_the_gate_and_is_named(bench: Bench) -> None:
    bench.proxy.refuses = 403
    bench.set_to(bench.proxy.url(LOGIN))
    bench.engine.start()
    status = bench.said(
        LineState.DOWN, "Proxy kantor menolak atau tidak dapat meneruskan sambungan ke KPU RI."
    )
    assert "tidak menjawab" not in status.sentence
    bench.proxy.refuses = 0
    bench.delivers()


def test_a_laptop_in_another_office_uses_its_proxy(bench: Bench) -> None:
    with OfficeProxy(0) as elsewhere:
        old = elsewhere.url()
    bench.set_to(old)
    bench.engine.start()
    bench.said(LineState.DOWN, "Proxy kantor tidak dapat dihubungi.")
    bench.set_to(bench.proxy.url(LOGIN))
    bench.delivers()
