"""A line that breaks where a script says: a relay before a real server that knows one request from the next.

It cuts at a named byte boundary of a request or an answer, or answers by itself, before or after the server did the
work. Everything else passes unchanged, so what the server holds in the end is what a real line would have brought.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO
from urllib.parse import urlsplit

from tests.fakes.http_bytes import BODILESS, Head, read_head, reset

BUFFER_BYTES = 64 * 1024


class Point(StrEnum):
    """A class of byte boundaries of one message."""

    NOTHING = "nothing"
    LINE = "in the first line"
    HEADERS = "in the headers"
    HEAD = "after the headers"
    FIRST = "after the body's first byte"
    MIDDLE = "in the middle of the body"
    LAST = "before the last byte"
    WHOLE = "after the last byte"

    def of(self, head: int, body: int, line: int) -> int:
        """How many bytes pass; `head` with its empty line, `line` of its first line."""
        return {
            Point.NOTHING: 0,
            Point.LINE: line // 2,
            Point.HEADERS: (line + head) // 2,
            Point.HEAD: head,
            Point.FIRST: head + 1,
            Point.MIDDLE: head + body // 2,
            Point.LAST: head + body - 1,
            Point.WHOLE: head + body,
        }[self]


class End(StrEnum):
    """How the line breaks."""

    RESET = "reset"  # RST
    CLOSED = "closed"  # FIN
    SILENT = "silent"  # stays open, nothing comes any more
    LOST = "lost"  # silent, and the server never hears that the client has left


@dataclass(frozen=True)
class CutRequest:
    """So much of the request passes. `reaches`: the server gets that part; else it gets nothing."""

    point: Point
    end: End
    reaches: bool = True


@dataclass(frozen=True)
class CutAnswer:
    """The server does its work, so much of its answer passes."""

    point: Point
    end: End


@dataclass(frozen=True)
class Instead:
    """Another answer than the server's. `does_work`: the server got the request all the same."""

    raw: bytes
    does_work: bool = False


Fault = CutRequest | CutAnswer | Instead
Script = Callable[[Head], Fault | None]


class _Over(Exception):
    """This connection has ended."""


class Relay:
    """Start with `with Relay() as relay`; `target` (a base URL) may change between two connections."""

    def __init__(self) -> None:
        self.target = ""
        self.script: Script = lambda _: None
        self._sock = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._sock.getsockname()[1]}"

    def __enter__(self) -> Relay:
        threading.Thread(target=self._accept, name="relay", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # wakes `accept`; close alone does not everywhere
        self._sock.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Nobody's connection outlives this."""
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._sock.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.suppress(OSError, _Over))
            place = urlsplit(self.target)
            server = socket.create_connection((place.hostname, place.port))
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stack.enter_context(one)
                stack.callback(self._forget, one)
            with self._lock:
                self._open |= {client, server}
            line = _Line(client, server, self.script)
            while True:
                line.pass_one()

    def _forget(self, one: socket.socket) -> None:
        with self._lock:
            self._open.discard(one)


class _Line:
    """One client's connection and ours behind it."""

    def __init__(self, client: socket.socket, server: socket.socket, script: Script) -> None:
        self._client, self._server, self._script = client, server, script
        self._asked: BinaryIO = client.makefile("rb")
        self._answered: BinaryIO = server.makefile("rb")

    def pass_one(self) -> None:
        """One request and its answer. Raises _Over when the connection has ended."""
        head = self._head(self._asked)
        match self._script(head):
            case CutRequest(point, end, reaches):
                passing = _passing(head, head.length, point)
                body = self._asked.read(max(0, passing - len(head.raw)))
                if reaches:
                    self._server.sendall((head.raw + body)[:passing])
                self._break(end)
            case CutAnswer(point, end):
                self._pass_request(head)
                answer, body = self._answer(head)
                self._client.sendall((answer.raw + body)[: _passing(answer, len(body), point)])
                self._break(end)
            case Instead(raw, does_work):
                if does_work:
                    self._pass_request(head)
                    self._answer(head)
                else:
                    self._asked.read(head.length)
                # A HEAD has no body, and a stray one would be the next answer on this connection.
                first, blank, _ = raw.partition(b"\r\n\r\n")
                whole = first + blank if head.words[0] == "HEAD" else raw
                self._client.sendall(whole)
            case _:
                self._pass_request(head)
                answer, body = self._answer(head)
                self._client.sendall(answer.raw + body)

    def _pass_request(self, head: Head) -> None:
        self._server.sendall(head.raw)
        left = head.length
        while left:
            part = self._asked.read(min(left, BUFFER_BYTES))
            if not part:
                raise _Over
            self._server.sendall(part)
            left -= len(part)

    def _answer(self, asked: Head) -> tuple[Head, bytes]:
        head = self._head(self._answered)
        assert "transfer-encoding" not in head.headers, "this relay counts bytes by Content-Length"
        has_body = asked.words[0] != "HEAD" and int(head.words[1]) not in BODILESS
        return head, self._answered.read(head.length) if has_body else b""

    def _head(self, stream: BinaryIO) -> Head:
        head = read_head(stream)
        if head is None:
            raise _Over
        return head

    def _break(self, end: End) -> None:
        if end is End.RESET:
            self._asked.close()  # the file holds the socket open: without this no RST leaves
            reset(self._client)
        elif end is End.CLOSED:
            self._client.shutdown(socket.SHUT_WR)
        if end is not End.RESET:
            while self._asked.read1(BUFFER_BYTES):  # type: ignore[attr-defined]  # BinaryIO hides BufferedReader's
                pass  # what still comes is lost; the client leaves when it has had enough
        if end is End.LOST:
            while self._answered.read1(BUFFER_BYTES):  # type: ignore[attr-defined]  # BinaryIO hides BufferedReader's
                pass  # until the server has had enough
        raise _Over


def _passing(head: Head, body: int, point: Point) -> int:
    return point.of(len(head.raw), body, head.raw.index(b"\r\n"))
