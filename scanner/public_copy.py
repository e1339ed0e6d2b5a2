"""The copy of a scan that the public sees: decoded and encoded anew, so that nothing hidden in a file travels on.

The centre gets this function from `app.bootstrap`. The decoding happens in one worker process of its own (a decoder
that crashes takes only that process), at most `LIMIT_S` per image. Thread-safe.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as CopyTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from app.errors import BadInput
from scanner.child_process import settle_in
from scanner.decode import decode_grey
from scanner.pipeline import encode

LIMIT_S = 60.0
COPIES_PER_WORKER = 500  # then a fresh process: decoders leak


class PublicCopies:
    """`copies(source, target)` writes `target` whole or not at all. Raises BadInput for what is not an image."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, source: Path, target: Path) -> None:
        with self._lock:
            try:
                refusal = self._running().submit(copy, source, target).result(LIMIT_S)
            except (BrokenProcessPool, CopyTimeout):
                self._end()
                refusal = "Gambar ini menghentikan pemrosesnya."
        if refusal:
            raise BadInput(refusal, hint="Angka tetap dapat dipublikasikan setelah gambar diganti.")

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._end()

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                max_tasks_per_child=COPIES_PER_WORKER,
                initializer=settle_in,
            )
        return self._pool

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def copy(source: Path, target: Path) -> str:
    """In the worker: re-encode; the refusal's sentence, or "" when done."""
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
