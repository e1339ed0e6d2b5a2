"""What a transfer needs of its sockets: early answers, little in the kernel, buffers dropped with a cut body."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.http.carrier import Carrier
from app.http.reply import LinkError, LinkFault, Reply

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Honest:
    """Answers every request, and counts the connections they came by."""

    def __init__(self) -> None:
        self.opened = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(OK)
            await writer.drain()


@contextlib.asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[Carrier]:
    """A server of one function; its connections are closed when the function returns."""
    lives: list[asyncio.Future[None]] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        lives.append(ended)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        ended.set_result(None)

    listener = socket.socket()
    listener.setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024
    )  # or a slow reader's own kernel reads on
    listener.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(one, sock=listener, limit=4 * 1024)
    http = Carrier(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield http
    finally:
        await http.close()
        await asyncio.gather(*lives)
        server.close()


def test_an_answer_before_the_end_of_the_body_is_heard() -> None:
    """A server that refuses a large chunk at once need not be sent the rest of it."""
    taken = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        while await reader.read(1 << 16):
            pass  # polite: closing at once would reset the answer away

    async def story() -> Reply | LinkError:
        nonlocal taken
        async with serving(refuse) as http:

            def moved() -> None:
                nonlocal taken
                taken += 1

            return await http.send("PATCH", "/x", body=bytes(50_000_000), total_s=10, on_moved=moved)

    answer = asyncio.run(story())
    assert isinstance(answer, Reply), answer
    assert answer.status == 413
    assert taken * 32 * 1024 < 25_000_000


def test_a_pause_in_mid_body_is_felt_at_the_server_within_100_ms() -> None:
    arrivals: list[float] = []
    is_under_way = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reads like a slow line; a reset ends it."""
        await reader.readuntil(b"\r\n\r\n")
        while await reader.read(8 * 1024):
            arrivals.append(time.monotonic())
            if len(arrivals) == 20:
                is_under_way.set()
            turn = asyncio.Event()
            asyncio.get_running_loop().call_later(0.01, turn.set)  # 800 kB/s
            await turn.wait()

    async def story() -> float:
        async with serving(slow) as http:
            task = asyncio.create_task(http.send("PATCH", "/x", body=bytes(20_000_000), total_s=10))
            await is_under_way.wait()
            cut_at = time.monotonic()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return cut_at  # the server ends with the reset

    cut_at = asyncio.run(story())
    assert arrivals[-1] - cut_at < 0.1 + 0.064  # and what the server itself had read already
    assert len(arrivals) < 20_000_000 // 8_192


@pytest.mark.parametrize(("is_distrusted", "connections"), [(False, 1), (True, 2)])
def test_a_distrusted_connection_is_not_used_again(is_distrusted: bool, connections: int) -> None:
    honest = Honest()

    async def story() -> None:
        async with serving(honest) as http:
            for _ in range(2):
                assert isinstance(await http.send("GET", "/", total_s=5), Reply)
                if is_distrusted:
                    http.distrust()

    asyncio.run(story())
    assert honest.opened == connections


def test_a_connection_that_spoke_since_is_trusted_again() -> None:
    opened = 0
    is_asked, going_on = asyncio.Event(), asyncio.Event()

    async def honest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while await reader.readuntil(b"\r\n\r\n"):
            is_asked.set()
            await going_on.wait()
            writer.write(OK)
            await writer.drain()

    async def story() -> None:
        async with serving(honest) as http:
            under_way = asyncio.create_task(http.send("GET", "/", total_s=5))
            await is_asked.wait()
            http.distrust()
            going_on.set()
            assert isinstance(await under_way, Reply)
            assert isinstance(await http.send("GET", "/", total_s=5), Reply)

    asyncio.run(story())
    assert opened == 1


def test_a_pause_before_the_answer_leaves_the_connection_behind() -> None:
    """Its answer may still come, and would be taken for the next one's."""
    opened = 0
    is_asked = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        await reader.readuntil(b"\r\n\r\n")
        is_asked.set()
        if opened > 1:
            writer.write(OK)
        await reader.read()

    async def story() -> Reply | LinkError:
        async with serving(mute) as http:
            task = asyncio.create_task(http.send("GET", "/", total_s=5))
            await is_asked.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return await http.send("GET", "/", total_s=5)

    assert isinstance(asyncio.run(story()), Reply)
    assert opened == 2


def test_what_came_while_the_loop_was_busy_is_no_answer_to_the_next_request() -> None:
    """It waits in the kernel, where the loop has not seen it yet."""
    is_first_read, is_second_out = threading.Event(), threading.Event()
    one = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"

    def late(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.recv(65_536)
            line.sendall(one + b"1")
            is_first_read.wait(5)
            line.sendall(one + b"2")
            is_second_out.set()
            other, _ = listener.accept()
        with other:
            other.recv(65_536)
            other.sendall(one + b"3")

    async def story(url: str) -> bytes:
        http = Carrier(url)
        assert isinstance(await http.send("GET", "/a", total_s=5), Reply)
        is_first_read.set()
        is_second_out.wait(5)  # the loop stands still
        reply = await http.send("GET", "/b", total_s=5)
        await http.close()
        assert isinstance(reply, Reply), reply
        return reply.body

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=late, args=(listener,))
        thread.start()
        body = asyncio.run(story(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        thread.join()
    assert body == b"3"


def test_a_server_that_speaks_unasked_is_not_listened_to() -> None:
    is_cut = asyncio.Event()

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        try:
            while True:
                writer.write(bytes(65_536))
                await writer.drain()
        finally:
            is_cut.set()

    async def story() -> Reply | LinkError:
        async with serving(flood) as http:
            reply = await http.send("GET", "/", total_s=5)
            await is_cut.wait()
            return reply

    assert isinstance(asyncio.run(story()), Reply)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/a b", {}),
        ("/a\r\nX-Other: 1", {}),
        ("/\u00e9", {}),
        ("http://127.0.0.1:1/x", {}),
        ("/", {"X-A": "1\r\nX-Other: 1"}),
        ("/", {"X-A": "1\nX-Other: 1"}),
        ("/", {"X-A\r\nX-Other": "1"}),
        ("/", {"X-A": "\u20ac"}),
    ],
)
def test_nothing_of_an_address_or_a_header_begins_another_line(path: str, headers: dict[str, str]) -> None:
    honest = Honest()

    async def story() -> Reply | LinkError:
        async with serving(honest) as http:
            return await http.send("GET", path, headers=headers, total_s=5)

    refused = asyncio.run(story())
    assert isinstance(refused, LinkError)
    assert refused.fault is LinkFault.NOT_HTTP
    assert honest.opened == 0
    assert not any(value in refused.text for value in headers.values())


def test_the_same_server_in_other_words() -> None:
    async def story() -> Reply | LinkError:
        async with serving(Honest()) as http:
            return await http.send("GET", http.base_url.replace("http", "HTTP") + "?a=1", total_s=5)

    assert isinstance(asyncio.run(story()), Reply)


def test_a_fresh_request_has_a_connection_of_its_own() -> None:
    honest = Honest()

    async def story() -> None:
        async with serving(honest) as http:
            for is_fresh in (False, True, False):
                assert isinstance(await http.send("GET", "/", total_s=5, is_fresh=is_fresh), Reply)

    asyncio.run(story())
    assert honest.opened == 2


def test_when_a_body_had_left_is_told_beside_when_its_answer_came() -> None:
    async def thinks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(1_000)
        turn = asyncio.Event()
        asyncio.get_running_loop().call_later(0.3, turn.set)
        await turn.wait()
        writer.write(OK)

    async def story() -> Reply | LinkError:
        async with serving(thinks) as carrier:
            return await carrier.send("PATCH", "/x", body=bytes(1_000), total_s=5)

    reply = asyncio.run(story())
    assert isinstance(reply, Reply)
    assert 0 < reply.sent_s < 0.2
    assert reply.took_s >= 0.3
