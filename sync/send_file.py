"""The file in which `sync.send` keeps its state: lines that are only ever appended, by one process at a time.

Invariants: what a power cut tore off is cut away before another line is written; after a write that failed none is. The
lock is the kernel's and dies with its process: nothing is left that somebody would have to clear away. Thread: any one
at a time.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path

import msgspec

from app.errors import Unavailable

STATE_NAME = "send.jsonl"
_LOCKED_AT = 1 << 30  # Windows keeps others from even reading the byte that is locked: one far from all lines


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run began or ended; or what became of one file at one endpoint: its URL, none any more, or done."""

    run: str = ""
    id: str = ""
    endpoint: str = ""
    url: str = ""
    length: int = 0  # bytes
    done: bool = False


class StateFile:
    """DIR/send.jsonl, held until `close`. Raises Unavailable, here and later, where it cannot be kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trouble: Unavailable | None = None
        with self._on_disk(), contextlib.ExitStack() as undo:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = undo.enter_context((folder / STATE_NAME).open("a+b", buffering=0))
            if not _is_ours(self._file):
                raise Unavailable(
                    f"Catatan kiriman di {folder} sedang dipakai oleh kiriman lain.",
                    hint="Tunggu sampai selesai atau hentikan dahulu; untuk folder lain pakai --state lain.",
                )
            self._file.seek(0)
            whole = self._file.readall()
            good = whole[: whole.rfind(b"\n") + 1]
            self._file.truncate(len(good))
            self.found = list(_understood(good.splitlines()))  # what earlier runs wrote
            undo.pop_all()

    def write(self, line: Line, *, is_urgent: bool = False) -> None:
        """On the disk when this returns if `is_urgent`, else in the system's hands."""
        if self._trouble is not None:  # half a line may stand there
            raise self._trouble
        rest = msgspec.json.encode(line) + b"\n"
        with self._on_disk():
            while rest:
                rest = rest[self._file.write(rest) :]
            if is_urgent:
                os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    @contextlib.contextmanager
    def _on_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._trouble = Unavailable(
                f"Catatan kiriman di {self._folder} gagal dibaca atau ditulis ({error.strerror});"
                " yang sudah tercatat aman.",
                hint="Periksa ruang dan izin disk, lalu jalankan perintah yang sama.",
            )
            raise self._trouble from error


def _understood(lines: Iterable[bytes]) -> Iterator[Line]:
    """A line of another version may say nothing to us."""
    decoder = msgspec.json.Decoder(Line)
    for line in lines:
        with contextlib.suppress(msgspec.DecodeError):
            yield decoder.decode(line)


def _is_ours(file: FileIO) -> bool:
    """Lock it until it is closed; False while another process has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_LOCKED_AT)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # as Linux and as Windows say it
        return False
    return True
