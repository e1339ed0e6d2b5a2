from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import pytest

from app.errors import BadInput
from app.http.address import check_address, is_loopback, same_place, system_proxy
from app.http.api import Http
from app.http.carrier import Carrier
from app.http.connections import Proxy
from app.http.faults import Broken, connect_fault, line_fault
from app.http.reply import LinkError, LinkFault, Reply
from tests.fakes.fault_server import (
    BOMB,
    ENDLESS_HEADERS,
    Answer,
    CutAnswer,
    CutRequest,
    Drip,
    FaultServer,
    NeverAnswer,
    Script,
    WrongLength,
)

Fetch = Callable[..., Reply | LinkError]


@pytest.mark.parametrize(
    "url",
    [
        "https://pusat.example",
        "https://pusat.example/x/",
        "http://127.0.0.1:8000",
        "http://[::1]:1",
        "http://localhost",
    ],
)
def test_allowed_addresses(url: str) -> None:
    assert check_address(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://pusat.example",
        "ftp://127.0.0.1",
        "https://",
        "",
        "https://nama:sandi@pusat.example",
        "https://p.example/?a=1",
        "https://p.example/#a",
        "http://10.0.0.1",
        "http://127.0.0.1.example",
        "https://[::1",
        "https://p.example:x",
        "https://p.example:0",
        "https://p.example/a b",
        "https://p.example/\x07",
        "https://p.ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple",
        f"https://p.example/{'a' * 3000}",
    ],
)
def test_refused_addresses(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_address(url)
    assert "https://" in refused.value.hint
    assert len(str(refused.value)) < 200


BASE = "https://pusat.example/api/v1/scans/"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/api/v1/scans/u1", f"{BASE}u1"),
        ("u1", f"{BASE}u1"),
        (f"{BASE}u1?x=1", f"{BASE}u1?x=1"),
        ("https://elsewhere.example/api/v1/scans/u1", None),
        ("http://pusat.example/api/v1/scans/u1", None),
        ("https://pusat.example:444/api/v1/scans/u1", None),
        ("https://a@pusat.example/api/v1/scans/u1", None),
        ("/api/v1/records", None),
        ("../records", None),
        ("/api/v1/scans/", None),
        ("", None),
        ("//elsewhere.example/u1", None),
        ("https://pusat.example:port/api/v1/scans/u1", None),
        ("/api/v1/scans/u1#x", None),
    ],
)
def test_a_location_must_stay_where_it_was_asked(location: str, target: str | None) -> None:
    assert same_place(BASE, location, BASE) == target


@pytest.fixture(params=[Http, Carrier])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    """GET from a fault server: by httpx's client and without it."""
    return partial(get, request.param)


def get(
    kind: type[Http | Carrier], script: Script | None = None, total_s: float = 5.0, cap: int = 10_000
) -> Reply | LinkError:
    async def run(url: str) -> Reply | LinkError:
        client = kind(url)
        try:
            return await client.send("GET", "/api/v1/hello", total_s=total_s, cap=cap)
        finally:
            await client.close()

    with FaultServer(script) as server:
        return asyncio.run(run(server.url))


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        (lambda _: NeverAnswer(), LinkFault.DEADLINE),
        (lambda _: CutAnswer(0), LinkFault.RESET),
        (lambda _: CutAnswer(40), LinkFault.RESET),
        (lambda _: WrongLength(), LinkFault.RESET),
        (lambda _: CutRequest(0), LinkFault.RESET),
        (lambda _: Answer(200, {}, b"x" * 20_000), LinkFault.TOO_BIG),
        (lambda _: Answer(200, {"Content-Encoding": "gzip"}, b"no gzip"), LinkFault.NOT_HTTP),
        (
            lambda _: Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 99)[:-9]),
            LinkFault.NOT_HTTP,
        ),
        (lambda _: ENDLESS_HEADERS, LinkFault.NOT_HTTP),
        (lambda _: Drip(), LinkFault.DEADLINE),
    ],
)
def test_faults_are_values(fetch: Fetch, script: Script, fault: LinkFault) -> None:
    result = fetch(script, total_s=0.3)
    assert isinstance(result, LinkError)
    assert result.fault is fault, result.text


def test_a_bomb_is_never_unpacked(fetch: Fetch) -> None:
    tracemalloc.start()
    try:
        result = fetch(lambda _: BOMB, cap=1 << 20)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(result, LinkError)
    assert result.fault is LinkFault.TOO_BIG
    assert peak < 8 << 20, "of 64 MiB"


def test_a_packed_reply_is_unpacked(fetch: Fetch) -> None:
    result = fetch(lambda _: Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(b"Selamat pagi")))
    assert isinstance(result, Reply)
    assert result.body == b"Selamat pagi"


def test_a_reply_and_no_redirects(fetch: Fetch) -> None:
    result = fetch(lambda _: Answer(302, {"Location": "/api/v1/login", "X-Other": "Yes"}))
    assert isinstance(result, Reply)
    assert (result.status, result.headers["x-other"]) == (302, "Yes")


def refused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


def ask(url: str) -> Reply | LinkError:
    async def run() -> Reply | LinkError:
        client = Http(url)
        try:
            return await client.send("GET", "/", total_s=5.0)
        finally:
            await client.close()

    return asyncio.run(run())


def test_nobody_listens() -> None:
    result = ask(f"http://127.0.0.1:{refused_port()}")
    assert isinstance(result, LinkError)
    assert result.fault is LinkFault.REFUSED


def test_plain_text_where_tls_was_expected_is_not_our_server() -> None:
    def portal(sock: socket.socket) -> None:
        connection, _ = sock.accept()
        with connection:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as sock:
        thread = threading.Thread(target=portal, args=(sock,))
        thread.start()
        result = ask(f"https://127.0.0.1:{sock.getsockname()[1]}")
        thread.join()
    assert isinstance(result, LinkError)
    assert result.fault is LinkFault.NOT_HTTP


def caused(outer: Exception, cause: BaseException) -> Exception:
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ssl.SSLCertVerificationError("x"), LinkFault.CERTIFICATE),
        (ssl.SSLError("x"), LinkFault.NOT_HTTP),
        (caused(OSError("x"), ExceptionGroup("x", [socket.gaierror("x")])), LinkFault.NO_NAME),
        (TimeoutError(), LinkFault.SILENT),
        (ConnectionRefusedError(), LinkFault.REFUSED),
    ],
)
def test_why_nothing_was_connected(error: Exception, fault: LinkFault) -> None:
    assert connect_fault(error) is fault


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (None, LinkFault.RESET),
        (ConnectionResetError(), LinkFault.RESET),
        (OSError(errno.ETIMEDOUT, "x"), LinkFault.SILENT),
    ],
)
def test_what_a_connection_died_from(error: Exception | None, fault: LinkFault) -> None:
    assert line_fault(error) is fault


def test_the_systems_proxy_is_used_for_the_centre_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "dekat.example")
    proxy = system_proxy("https://pusat.example")
    assert proxy == Proxy("http", "proxy.example", 3128)
    assert system_proxy("https://dekat.example") is None
    assert not is_loopback("pusat.example")


@pytest.mark.parametrize(
    "address",
    [
        "http://nama:ra/hasia@proxy:80",
        "socks5://nama:rahasia@proxy:80",
        "http://nama:rahasia@:80",
        "http://nama:rahasia@pro..xy:80",
        "http://nama:rahasia@proxy:80000",
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", address)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(Broken) as refused:
        system_proxy("https://pusat.example")
    assert refused.value.fault is LinkFault.PROXY_UNUSABLE
    assert "hasia" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert "rahasia" not in repr(Proxy("http", "proxy", 80, "nama", "rahasia"))


def test_a_cancelled_request_ends_at_once() -> None:
    async def run(url: str) -> float:
        client = Http(url)
        task = asyncio.create_task(client.send("GET", "/api/v1/hello", total_s=30.0))
        await asyncio.wait({task}, timeout=0.05)
        started = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        took_s = time.monotonic() - started
        await client.close()
        return took_s

    with FaultServer(lambda _: NeverAnswer()) as server:
        assert asyncio.run(run(server.url)) < 0.1
