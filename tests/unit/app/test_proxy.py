"""Offices where every line to the outside goes by a proxy: the tunnel, its name and password, its refusal."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.http.answer import AnswerReader
from app.http.connections import Connections, Proxy
from app.http.faults import Broken
from app.http.reply import LinkFault
from tests.fakes.fault_server import FaultServer, localhost_tls

HELLO = b"GET /api/v1/hello HTTP/1.1\r\nHost: localhost\r\n\r\n"


class OfficeProxy:
    """Opens tunnels for those who know the word."""

    def __init__(self, word: str) -> None:
        self.heads: list[bytes] = []
        self._word = word
        self.ended = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        if self._word.encode() not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno")
        else:
            host, _, port = head.split()[1].decode().rpartition(":")
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(passed_on(reader, far_writer), passed_on(far_reader, writer))
        writer.close()
        self.ended.set()


async def passed_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65_536):
            sink.write(data)
    sink.close()


@contextlib.asynccontextmanager
async def by(proxy: OfficeProxy, port: int, trust: ssl.SSLContext) -> AsyncIterator[Connections]:
    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    name = Proxy("http", "127.0.0.1", server.sockets[0].getsockname()[1], "kpu", "sandi: rahasia")
    lines = Connections("localhost", port, trust=trust, proxy=name, monotonic=asyncio.get_running_loop().time)
    try:
        yield lines
    finally:
        lines.close()
        await proxy.ended.wait()
        server.close()


def ask(proxy: OfficeProxy, folder: Path) -> AnswerReader:
    tls, authority = localhost_tls(folder, "localhost")

    async def story(port: int) -> AnswerReader:
        reader = AnswerReader("GET", 10_000)
        async with by(proxy, port, ssl.create_default_context(cafile=str(authority))) as lines:
            connection = await lines.take(5.0, is_fresh=False)
            await connection.exchange(HELLO, b"", reader, lambda: None)
            lines.give(connection)
        return reader

    with FaultServer(tls=tls) as server:
        return asyncio.run(story(int(server.url.rpartition(":")[2])))


def test_through_the_proxy_under_tls(tmp_path: Path) -> None:
    proxy = OfficeProxy(base64.b64encode(b"kpu:sandi: rahasia").decode())
    answer = ask(proxy, tmp_path)
    assert answer.status == 200
    assert proxy.heads[0].startswith(b"CONNECT localhost:")
    assert b"hello" not in proxy.heads[0]


def test_a_proxy_that_refuses_is_named(tmp_path: Path) -> None:
    proxy = OfficeProxy("another word")
    with pytest.raises(Broken, match="407") as broken:
        ask(proxy, tmp_path)
    assert broken.value.fault is LinkFault.REFUSED
    assert "rahasia" not in str(broken.value)
