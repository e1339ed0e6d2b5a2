"""The copy of a scan that the public sees: decoded and encoded anew, so that nothing hidden in a file travels on.

The centre gets this function from `app.bootstrap`. The decoding happens in one child process of its own: a decoder
that crashes or hangs takes only that process, and costs at most `LIMIT_S`. Thread-safe.
"""

from __future__ import annotations

import os
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from app.errors import BadInput
from scanner.child_process import Child, ChildLost, ChildTooSlow, answer_all
from scanner.decode import decode_grey
from scanner.pipeline import encode

LIMIT_S = 60.0
COPIES_PER_CHILD = 500  # then a fresh process: decoders leak


class PublicCopies:
    """`copies(source, target)` writes `target` whole or not at all. Raises BadInput for what is not an image."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._child: Child | None = None

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
        if self._child is None or self._child.answered >= COPIES_PER_CHILD:
            self._end()
            self._child = Child(_serve)
        try:
            return str(self._child.ask((source, target), self._limit_s))
        except (ChildLost, ChildTooSlow):
            self._end()
            return "Gambar ini menghentikan pemrosesnya."

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _serve(line: Connection) -> None:
    answer_all(line, lambda question: copy(*question))


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
