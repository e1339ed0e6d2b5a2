"""A bad line as a TCP proxy: rate, delay, resets and outages between any client and any server on this PC.

`with Link(Line(rate=250_000, delay_s=0.075), server_port) as link:` then speak to `link.port`. One rate each way is
shared by all connections, as on a real line; each connection has at most one quantum waiting for its turn, and the
socket buffers are small, so that a sender feels the line at once and the kernel hides little of it. `Line.limit_s` is
the physical limit every measured figure stands beside.

What it is not: TCP itself. There is no slow start, no retransmission time-out after an outage, no loss. That flatters
every client alike. Thread: its own, with its own event loop; the counters may be read from any.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

QUANTUM = 4 * 1024  # bytes that take their turn on the line together: 16 ms at 2 Mbit/s
SOCKET_BUFFER = 16 * 1024  # the kernel doubles it
SEGMENT = (
    1460  # bytes, as on Ethernet: loopback's 64 KiB would let a sender start with megabytes in its kernel
)
MBIT = 125_000  # bytes/s
LATENESS_S = 0.02  # of our own event loop; it must not cost the line its rate

_LINGER_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a RST

Pipe = asyncio.Queue[tuple[float, bytes]]  # when a quantum arrives; no bytes: the end


@dataclass(frozen=True, slots=True)
class Outage:
    """Up for `up_s`, down for `down_s`, again and again (`times`; None: for ever).

    `is_deadly`: connections that exist when the line goes down never pass another byte, and nobody is told. Otherwise
    they thaw with the line.
    """

    up_s: float
    down_s: float
    is_deadly: bool = False
    times: int | None = None

    def spans(self) -> Iterator[tuple[float, float]]:
        """Start and end of every outage, in seconds of the line's life."""
        for number in itertools.count() if self.times is None else range(self.times):
            start = self.up_s + number * (self.up_s + self.down_s)
            yield start, start + self.down_s


@dataclass(frozen=True, slots=True)
class Line:
    """A line's nature. `rate` in bytes/s each way; `delay_s` one way; `reset_every` bytes that went up."""

    rate: float
    delay_s: float = 0.0
    reset_every: int | None = None
    outage: Outage | None = None

    def after(self, start: float, work_s: float) -> float:
        """When `work_s` seconds of a working line have passed since `start`."""
        end = start + work_s
        for down, up in self.outage.spans() if self.outage else ():
            if down >= end:
                break
            if up > start:
                end += up - max(down, start)
        return end

    def outages_until(self, at: float) -> int:
        """How many deadly outages began by then; a connection with an older number is dead."""
        if self.outage is None or not self.outage.is_deadly:
            return 0
        return sum(1 for _ in itertools.takewhile(lambda span: span[0] <= at, self.outage.spans()))

    def limit_s(self, payload: int) -> float:
        """The physical limit: nobody carries `payload` bytes up this line in less."""
        return self.after(0.0, payload / self.rate)


class _Reset(Exception):
    """The line kills this connection."""


class _Way:
    """One direction of the line. Whoever asks first has the next turn."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._free_at = 0.0
        self.bytes = 0

    def take(self, size: int, now: float) -> float:
        """When `size` bytes, offered now, have left."""
        begin = max(self._free_at, now - LATENESS_S)
        self._free_at = self._line.after(begin, size / self._line.rate)
        self.bytes += size
        return self._free_at


class Link:
    """The proxy, while entered. Its life (and the outages' clock) begins with the first connection."""

    def __init__(self, line: Line, server_port: int, host: str = "127.0.0.1") -> None:
        self.line = line
        self.resets = 0
        self._server = (host, server_port)
        self._up, self._down = _Way(line), _Way(line)
        self._since_reset = 0
        self._born: float | None = None
        self._listener = _listener()
        self._loop = asyncio.SelectorEventLoop()  # sockets by hand, on Windows too
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._live, name="link", daemon=True)

    @property
    def port(self) -> int:
        """Where clients connect, on 127.0.0.1."""
        return int(self._listener.getsockname()[1])

    @property
    def bytes_up(self) -> int:
        """Every byte that went up: bodies and headers, those in vain too."""
        return self._up.bytes

    def __enter__(self) -> Link:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()

    # ---- the loop's life ----

    def _live(self) -> None:
        self._spawn(self._accept())
        self._loop.run_forever()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._listener.close()
        self._loop.close()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._loop.stop()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _now(self) -> float:
        if self._born is None:
            self._born = time.monotonic()
        return time.monotonic() - self._born

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self._now()))

    # ---- connections ----

    async def _accept(self) -> None:
        while True:
            client, _ = await self._loop.sock_accept(self._listener)
            self._spawn(self._connect(client))

    async def _connect(self, client: socket.socket) -> None:
        """One connection's life; whatever breaks one of its parts resets both ends."""
        born = self.line.outages_until(self._now())
        with client, socket.socket() as server:
            for one in (client, server):
                one.setblocking(False)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # The client's kernel thinks it is connected; its first byte waits for the round trip of a handshake.
            await self._until(self.line.after(self._now(), 2 * self.line.delay_s))
            try:
                await self._loop.sock_connect(server, self._server)
                async with asyncio.TaskGroup() as parts:
                    for way, source, sink in ((self._up, client, server), (self._down, server, client)):
                        pipe: Pipe = asyncio.Queue(self._room)
                        parts.create_task(self._carry(way, source, pipe, born))
                        parts.create_task(self._deliver(pipe, sink))
            except* (OSError, _Reset):
                for one in (client, server):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)

    @property
    def _room(self) -> int:
        """Quanta one connection may have on their way: what fits the round trip, and a little for the ends."""
        return int(2 * self.line.rate * self.line.delay_s) // QUANTUM + 4

    async def _carry(self, way: _Way, source: socket.socket, pipe: Pipe, born: int) -> None:
        """Read a quantum, wait for its turn, let it travel; no bytes are the end. A dead connection stops here."""
        data = b"?"
        while data:
            data = await self._loop.sock_recv(source, QUANTUM)
            await self._until(way.take(len(data), self._now()))
            if self.line.outages_until(self._now()) > born:
                await asyncio.Future()  # for ever: neither end is told
            await pipe.put((self._now() + self.line.delay_s, data))
            if way is self._up and self._is_worn(len(data)):
                await pipe.join()  # what passed before arrives
                raise _Reset

    async def _deliver(self, pipe: Pipe, sink: socket.socket) -> None:
        while True:
            at, data = await pipe.get()
            await self._until(at)
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            await self._loop.sock_sendall(sink, data)
            pipe.task_done()

    def _is_worn(self, size: int) -> bool:
        """Every so many bytes upwards the line kills the connection that carried the last of them."""
        self._since_reset += size
        if self.line.reset_every is None or self._since_reset < self.line.reset_every:
            return False
        self._since_reset -= self.line.reset_every
        self.resets += 1
        return True


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER)
    if hasattr(socket, "TCP_MAXSEG"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    listener.setblocking(False)
    return listener
