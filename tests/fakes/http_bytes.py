"""HTTP/1.1 as bytes on a socket, just enough for servers that misbehave on purpose: heads, lengths, a hard reset."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO

BODILESS = frozenset({204, 304})  # answers that have no body whatever their headers say


@dataclass(frozen=True)
class Head:
    """A request's or an answer's head. `words`: its first line, split. Header names are lower-case."""

    raw: bytes  # with the empty line
    words: tuple[str, ...]
    headers: dict[str, str]

    @property
    def length(self) -> int:
        return int(self.headers.get("content-length", "0"))


def read_head(stream: BinaryIO) -> Head | None:
    """None when the other end left before a whole head."""
    lines: list[bytes] = []
    while not lines or lines[-1] not in (b"\r\n", b""):
        lines.append(stream.readline())
    if lines[-1] == b"" or len(lines) < 2:
        return None
    pairs = (line.decode("latin-1").partition(":") for line in lines[1:-1])
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Head(b"".join(lines), tuple(lines[0].decode("latin-1").split()), headers)


def reset(connection: socket.socket) -> None:
    """RST instead of FIN: what is under way is lost."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
