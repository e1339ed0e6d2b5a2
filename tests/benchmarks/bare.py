"""What a server on this machine can take: `python -m tests.benchmarks.bare URL FOLDER`.

Eight connections of plain sockets, one request a file (creation with its data), nothing read of an answer but that it
is 201: no state, no resuming, no retry. The limit that `bench_transfer` prints beside loopback.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8


def main(url: str, folder: Path) -> None:
    files, turn = iter(sorted(folder.iterdir())), threading.Lock()
    threads = [threading.Thread(target=_send, args=(url, files, turn)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send(url: str, files: Iterator[Path], turn: threading.Lock) -> None:
    where = urlsplit(url)
    with socket.create_connection((where.hostname or "", where.port or 80)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            with turn:
                file = next(files, None)
            if file is None:
                return
            data = file.read_bytes()
            head = (
                f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nTus-Resumable: 1.0.0\r\n"
                f"Upload-Length: {len(data)}\r\nContent-Length: {len(data)}\r\n"
                "Content-Type: application/offset+octet-stream\r\n\r\n"
            )
            line.sendall(head.encode() + data)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += line.recv(65_536) or b"\r\n\r\n"
            assert answer.startswith(b"HTTP/1.1 201"), answer[:200]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
