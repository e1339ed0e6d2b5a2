"""Offices where every line to the outside goes by a proxy: the tunnel, its word, its refusal, its change."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from app.http.answer import AnswerReader
from app.http.carrier import Carrier
from app.http.connection import Connection
from app.http.connections import Connections, Proxy
from app.http.faults import Broken
from app.http.reply import LinkError, LinkFault, Reply
from tests.fakes.fault_server import FaultServer, localhost_tls
from tests.fakes.office_proxy import OfficeProxy

HELLO = b"GET /api/v1/hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
LOGIN = "kpu:sandi: rahasia"
HASTE_S = 5.0


class Centre:
    """A server under TLS, and the authority that vouches for it."""

    def __init__(self, port: int, trust: ssl.SSLContext) -> None:
        self.port, self._trust = port, trust

    @contextlib.asynccontextmanager
    async def lines(self, look: Callable[[], Proxy | None]) -> AsyncIterator[Connections]:
        monotonic = asyncio.get_running_loop().time
        lines = Connections("localhost", self.port, trust=self._trust, proxy=look, monotonic=monotonic)
        try:
            yield lines
        finally:
            lines.close()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    tls, authority = localhost_tls(tmp_path, "localhost")
    with FaultServer(tls=tls) as server:
        yield Centre(int(server.url.rpartition(":")[2]), ssl.create_default_context(cafile=str(authority)))


def set_to(proxy: OfficeProxy, login: str = LOGIN) -> Proxy:
    """As this PC's settings name it."""
    name, _, password = login.partition(":")
    return Proxy("http", *proxy.address, name, password)


async def ask(lines: Connections, *, is_fresh: bool = False) -> int:
    """One hello; its status."""
    reader = AnswerReader("GET", 10_000)
    connection = await lines.take(HASTE_S, is_fresh=is_fresh)
    await connection.exchange(HELLO, b"", reader, lambda: None)
    lines.give(connection)
    return reader.status


def ask_once(centre: Centre, proxy: Proxy) -> int:
    async def story() -> int:
        async with centre.lines(lambda: proxy) as lines:
            return await ask(lines)

    return asyncio.run(story())


def test_through_the_proxy_under_tls(centre: Centre) -> None:
    with OfficeProxy(centre.port, LOGIN) as proxy:
        assert ask_once(centre, set_to(proxy)) == 200
    assert proxy.heads[0].startswith(b"CONNECT localhost:")
    assert b"hello" not in proxy.heads[0]


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (407, LinkFault.PROXY_LOGIN),
        (302, LinkFault.PROXY_REFUSED),
        (403, LinkFault.PROXY_REFUSED),
        (502, LinkFault.PROXY_REFUSED),
        (503, LinkFault.PROXY_REFUSED),
    ],
)
def test_a_proxy_that_refuses_is_named(status: int, fault: LinkFault, centre: Centre) -> None:
    with (
        OfficeProxy(centre.port, refuses=status) as proxy,
        pytest.raises(Broken, match=str(status)) as broken,
    ):
        ask_once(centre, set_to(proxy))
    assert broken.value.fault is fault
    assert "rahasia" not in str(broken.value)


def test_another_word_than_the_proxys_is_a_login_it_asks_for(centre: Centre) -> None:
    with OfficeProxy(centre.port, LOGIN) as proxy, pytest.raises(Broken) as broken:
        ask_once(centre, set_to(proxy, "kpu:lama"))
    assert broken.value.fault is LinkFault.PROXY_LOGIN


def test_where_nobody_is_the_proxy_it_is_not_the_centre_that_is_blamed(centre: Centre) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    with pytest.raises(Broken) as broken:
        ask_once(centre, Proxy("http", "127.0.0.1", port))
    assert broken.value.fault is LinkFault.PROXY_DOWN


def test_a_proxy_that_is_corrected_is_used_at_the_next_dial(centre: Centre) -> None:
    async def story(old: OfficeProxy, new: OfficeProxy) -> list[int]:
        settings = set_to(old)
        async with centre.lines(lambda: settings) as lines:
            with pytest.raises(Broken):
                await ask(lines)
            settings = set_to(new)
            return [await ask(lines)]

    with OfficeProxy(centre.port, refuses=403) as old, OfficeProxy(centre.port, LOGIN) as new:
        assert asyncio.run(story(old, new)) == [200]


def test_connections_through_the_proxy_of_before_are_not_used_again(centre: Centre) -> None:
    """Neither one that was kept, nor one that was under way when the settings changed."""

    async def story(old: OfficeProxy, new: OfficeProxy) -> tuple[Connection, list[Connection]]:
        settings: Proxy | None = set_to(old)
        async with centre.lines(lambda: settings) as lines:
            await ask(lines)
            under_way = await lines.take(HASTE_S, is_fresh=True)
            settings = set_to(new)
            await ask(lines, is_fresh=True)  # the kept one would be taken otherwise
            lines.give(under_way)
            taken = [await lines.take(HASTE_S, is_fresh=False) for _ in range(2)]
            settings = None
            taken.append(await lines.take(HASTE_S, is_fresh=True))
            for connection in taken:
                lines.give(connection)
            return under_way, taken

    with OfficeProxy(centre.port, LOGIN) as old, OfficeProxy(centre.port, LOGIN) as new:
        under_way, taken = asyncio.run(story(old, new))
    assert under_way not in taken
    assert (len(old.heads), len(new.heads)) == (2, 2)


def send(address: str) -> Reply | LinkError:
    async def story() -> Reply | LinkError:
        carrier = Carrier(address)
        try:
            return await carrier.send("GET", "/", total_s=HASTE_S)
        finally:
            await carrier.close()

    return asyncio.run(story())


def test_a_proxy_that_cannot_be_used_is_a_fault_of_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended the whole engine once, as a bug of the program."""
    monkeypatch.setenv("https_proxy", "socks5://nama:rahasia@proxy.example:1080")
    monkeypatch.delenv("no_proxy", raising=False)
    result = send("https://pusat.example")
    assert isinstance(result, LinkError)
    assert result.fault is LinkFault.PROXY_UNUSABLE
    assert "rahasia" not in result.text


def test_this_pc_itself_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://proxy.example:1080")
    monkeypatch.delenv("no_proxy", raising=False)
    with FaultServer() as server:
        assert isinstance(send(server.url), Reply)
