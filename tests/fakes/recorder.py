"""A relay that changes nothing and counts the bytes of every request: what was really sent, whatever a server says.

Thread: one pair for each connection; `seen` and `body_bytes` may be read at any time.
"""

from __future__ import annotations

import contextlib
import math
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.fakes.http_bytes import read_head

BUFFER_BYTES = 16 * 1024
LOOK_S = 0.05  # how often a wait looks whether the child still lives


@dataclass
class Sent:
    """One request as it passed. `body` grows; it stays below `length` when the client was cut off."""

    connection: int
    method: str
    path: str
    headers: dict[str, str]
    length: int
    body: int = 0


class Recorder:
    """Start with `with Recorder(url) as recorder`; `url` is the same endpoint through it."""

    def __init__(self, target: str) -> None:
        self.seen: list[Sent] = []
        self._target = urlsplit(target)
        self._grown = threading.Condition()
        self._hold_at = math.inf  # so many bytes of bodies pass, then the line stands still
        self._sock = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._sock.getsockname()[1]}{self._target.path}"

    def __enter__(self) -> Recorder:
        threading.Thread(target=self._accept, name="recorder", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._sock, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    @property
    def body_bytes(self) -> int:
        return sum(one.body for one in self.seen)

    def kill_at(self, body_bytes: int, child: subprocess.Popen[bytes]) -> list[Sent]:
        """SIGKILL once so many bytes of bodies passed; what may be lost by it. Empty when the child ended before.

        The line stands still for the kill, so that it hits the same moment on every machine. An answer is known to have
        been read only when another request followed it, and what it said (where an empty creation stands) may
        still not be on disk then: another transfer took the connection meanwhile.
        """
        begun = len(self.seen)
        with self._grown:
            self._hold_at = body_bytes
            while (self.body_bytes < body_bytes or len(self.seen) == begun) and child.poll() is None:
                self._grown.wait(LOOK_S)
        ended = child.poll() is not None
        child.kill()
        child.wait()
        with self._grown:
            self._hold_at = math.inf
            self._grown.notify_all()
        return [] if ended else list(_maybe_lost(self.seen[begun:]))

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                client, _ = self._sock.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._serve, args=(client, number), daemon=True).start()

    def _serve(self, client: socket.socket, number: int) -> None:
        server = socket.create_connection((self._target.hostname, self._target.port))
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open += [client, server]
        threading.Thread(target=_pump, args=(server, client), daemon=True).start()
        with client, server, contextlib.suppress(OSError):
            try:
                self._requests(client, server, number)
            finally:
                server.shutdown(
                    socket.SHUT_RDWR
                )  # closing alone says nothing while the other thread still reads

    def _requests(self, client: socket.socket, server: socket.socket, number: int) -> None:
        stream = client.makefile("rb")
        while (head := read_head(stream)) is not None:
            method, path, _ = head.words
            sent = Sent(number, method, path, head.headers, head.length)
            with self._grown:
                self.seen.append(sent)
            server.sendall(head.raw)
            while sent.body < sent.length and (
                part := stream.read1(min(BUFFER_BYTES, sent.length - sent.body))
            ):
                with self._grown:
                    sent.body += len(part)
                    self._grown.notify_all()
                    self._grown.wait_for(lambda: self.body_bytes < self._hold_at)
                server.sendall(part)


def _maybe_lost(seen: list[Sent]) -> Iterator[Sent]:
    """The last request of each connection, and the one before when it was a creation without a body."""
    by_connection: dict[int, list[Sent]] = {}
    for one in seen:
        by_connection.setdefault(one.connection, []).append(one)
    for requests in by_connection.values():
        yield requests[-1]
        yield from (one for one in requests[-2:-1] if one.method == "POST" and one.length == 0)


def _pump(server: socket.socket, client: socket.socket) -> None:
    """Answers pass as they are; the server's end is the client's."""
    with contextlib.suppress(OSError):
        while part := server.recv(BUFFER_BYTES):
            client.sendall(part)
        client.shutdown(socket.SHUT_WR)
