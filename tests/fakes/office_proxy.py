"""An office's proxy: tunnels for those who know its word, refusals for all others. Thread: one of its own."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading

LOGIN = 407


class OfficeProxy:
    """Start with `with OfficeProxy(...) as proxy`.

    `to`: the port on this PC where every tunnel leads. `login` (name:password): who may pass; empty: everybody.
    `refuses`: the status that everybody is answered; 0: nobody is refused.
    """

    def __init__(self, to: int, login: str = "", refuses: int = 0) -> None:
        self.heads: list[bytes] = []
        self.refuses = refuses
        self._to, self._word = to, base64.b64encode(login.encode())
        self._port = 0
        self._loop: asyncio.AbstractEventLoop
        self._closing: asyncio.Event
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()))

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._port

    def url(self, login: str = "") -> str:
        """As it stands in the settings of a PC."""
        return f"http://{login}{'@' if login else ''}127.0.0.1:{self._port}"

    def __enter__(self) -> OfficeProxy:
        self._thread.start()
        self._is_ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    async def _live(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._one, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        await self._closing.wait()
        server.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            status = self.refuses or (0 if self._word in head else LOGIN)
            if status:
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\nno" % status)
                await reader.read()
            else:
                await self._tunnel(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # either side left; that is its right
        finally:
            writer.transport.abort()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_passed_on(reader, far_writer), _passed_on(far_reader, writer))
        finally:
            far_writer.transport.abort()


async def _passed_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    sink.close()
