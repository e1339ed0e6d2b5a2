"""Bodies under TLS: of any size, in one piece and in turns, cut by the server, given up by us."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from app.http.answer import AnswerReader
from app.http.connection import Content
from app.http.connections import Connections
from app.http.faults import Broken
from app.http.reply import LinkFault
from tests.fakes.fault_server import localhost_tls

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
HASTE_S = 5.0  # a body that hangs, hangs for ever


@contextlib.asynccontextmanager
async def serving(serve: Serve, folder: Path) -> AsyncIterator[Connections]:
    """A TLS server of one function, and connections that trust it; it ends when all its functions have returned."""
    tls, authority = localhost_tls(folder, "localhost")
    lives: list[asyncio.Future[None]] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        lives.append(ended)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await serve(reader, writer)
        writer.transport.abort()
        ended.set_result(None)

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=tls)
    loop, port = asyncio.get_running_loop(), server.sockets[0].getsockname()[1]
    trust = ssl.create_default_context(cafile=str(authority))
    lines = Connections("localhost", port, trust=trust, proxy=None, monotonic=loop.time)
    try:
        yield lines
    finally:
        lines.close()
        await asyncio.gather(*lives)
        server.close()


def small_listener() -> socket.socket:
    """Its kernel takes little that nobody reads."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    return listener


def head(size: int) -> bytes:
    return f"PATCH /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode()


async def patch(lines: Connections, size: int, body: Content) -> int:
    """The answer's status."""
    reader = AnswerReader("PATCH", 100)
    connection = await lines.take(HASTE_S, is_fresh=False)
    try:
        async with asyncio.timeout(HASTE_S):
            await connection.exchange(head(size), body, reader, lambda: None)
    finally:
        lines.give(connection)
    return reader.status


async def in_turns(size: int) -> AsyncIterator[bytes]:
    for start in range(0, size, 10_000):
        yield bytes(min(10_000, size - start))


@pytest.mark.parametrize("size", [100, 40_000, 98_304, 1_000_000, 8_000_000])
def test_bodies_of_any_size_one_after_the_other(size: int, tmp_path: Path) -> None:
    connections = 0

    async def takes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while await reader.readuntil(b"\r\n\r\n"):
            await reader.readexactly(size)
            writer.write(OK)

    async def story() -> list[int]:
        async with serving(takes, tmp_path) as lines:
            return [await patch(lines, size, body) for body in (bytes(size), in_turns(size), bytes(size))]

    assert asyncio.run(story()) == [200, 200, 200]
    assert connections == 1


@pytest.mark.parametrize("is_in_turns", [False, True])
def test_a_server_that_dies_in_mid_body_is_a_fault_and_no_error(is_in_turns: bool, tmp_path: Path) -> None:
    async def dies(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(300_000)

    async def story() -> int:
        size = 5_000_000
        async with serving(dies, tmp_path) as lines:
            return await patch(lines, size, in_turns(size) if is_in_turns else bytes(size))

    with pytest.raises(Broken) as broken:
        asyncio.run(story())
    assert broken.value.fault is LinkFault.RESET


def test_a_body_that_is_given_up_takes_with_it_what_tls_still_holds(tmp_path: Path) -> None:
    """TLS takes a piece at once; the line has not carried it, and it is not said to have left."""
    size, got = 32_000, 0
    tls, authority = localhost_tls(tmp_path, "localhost")
    may_read = threading.Event()

    def late(listener: socket.socket) -> None:
        nonlocal got
        plain, _ = listener.accept()
        with tls.wrap_socket(plain, server_side=True) as line, contextlib.suppress(OSError):
            may_read.wait(HASTE_S)
            while part := line.recv(65_536):
                got += len(part)

    async def story(port: int) -> float:
        trust = ssl.create_default_context(cafile=str(authority))
        loop = asyncio.get_running_loop()
        lines = Connections("localhost", port, trust=trust, proxy=None, monotonic=loop.time)
        connection = await lines.take(HASTE_S, is_fresh=False)
        reader = AnswerReader("PATCH", 100)
        sending = asyncio.create_task(connection.exchange(head(size), bytes(size), reader, lambda: None))
        await asyncio.wait({sending}, timeout=0.2)
        wrote_at = connection.wrote_at
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        lines.give(connection)
        return wrote_at

    with small_listener() as listener:
        thread = threading.Thread(target=late, args=(listener,))
        thread.start()
        wrote_at = asyncio.run(story(listener.getsockname()[1]))
        may_read.set()
        thread.join()
    assert wrote_at == math.inf
    assert got < size
