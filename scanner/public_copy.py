"""The copy of a scan that the public sees: decoded and encoded anew, so that nothing hidden in a file travels on.

The centre gets this function from `app.bootstrap`. The decoding happens in one child process of its own: a decoder
that crashes or hangs takes only that process, and costs at most `LIMIT_S`. Thread-safe.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from app.errors import BadInput
from scanner.child_process import settle_in
from scanner.decode import decode_grey
from scanner.pipeline import encode

LIMIT_S = 60.0
COPIES_PER_CHILD = 500  # then a fresh process: decoders leak


class PublicCopies:
    """`copies(source, target)` writes `target` whole or not at all. Raises BadInput for what is not an image."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._child: tuple[BaseProcess, Connection] | None = None
        self._copies = 0

    def __call__(self, source: Path, target: Path) -> None:
        with self._lock:
            refusal = self._ask(source, target)
        if refusal:
            raise BadInput(refusal, hint="Angka tetap dapat dipublikasikan setelah gambar diganti.")

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ask(self, source: Path, target: Path) -> str:
        if self._copies >= COPIES_PER_CHILD:
            self._end()
        line = self._running()
        self._copies += 1
        try:
            line.send((source, target))
            if line.poll(self._limit_s):
                return str(line.recv())
        except (EOFError, OSError):
            pass  # it died on this image
        self._end()
        return "Gambar ini menghentikan pemrosesnya."

    def _running(self) -> Connection:
        if self._child is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._child, self._copies = (process, ours), 0
        return self._child[1]

    def _end(self) -> None:
        if self._child is not None:
            process, line = self._child
            self._child = None
            line.close()
            process.kill()
            process.join()


def _serve(line: Connection) -> None:
    """The child: one answer an image, until the parent hangs up."""
    settle_in()
    while True:
        try:
            source, target = line.recv()
        except (EOFError, OSError):
            return
        line.send(copy(source, target))


def copy(source: Path, target: Path) -> str:
    """Re-encode; the refusal's sentence, or "" when done."""
    try:
        image, _ = decode_grey(source.read_bytes())
    except BadInput as error:
        return error.sentence()
    image.info = {}  # Pillow would carry a comment over
    data, _ = encode(image)
    temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
    temporary.write_bytes(data)
    temporary.replace(target)
    return ""
