"""Bytes to evidence on disk: content-addressed, read-only, and there for good before any row speaks of them.

Order, and it matters: temporary file in the scans folder -> write -> fsync -> rename to `ab/abcdef...` -> fsync of the
folder -> (the caller's row). A kill at any point leaves the source untouched and at most a `.part` file or a scan
without a row; taking the same bytes in again finds it and goes on. Files are never overwritten and never deleted.
Thread: any one at a time per `ScanFolder`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.errors import Unavailable

Checkpoint: TypeAlias = Callable[[str], None]

TEMPORARY = "sementara"
CHECKPOINTS = ("begun", "written", "synced", "renamed", "kept")


def no_checkpoint(_step: str) -> None:
    """The usual: nothing happens between the steps. Tests put a kill here."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the scans folder."""

    sha256: str
    path: Path
    size_bytes: int
    was_known: bool


class ScanFolder:
    """`scans/` of one workplace."""

    def __init__(self, root: Path, checkpoint: Checkpoint = no_checkpoint) -> None:
        self._root = root
        self._checkpoint = checkpoint
        self._count = 0

    def path_of(self, sha256: str) -> Path:
        """Where a scan with that hash lies, whether it is there or not."""
        return self._root / sha256[:2] / sha256

    def keep(self, data: bytes) -> Kept:
        """Put `data` on disk under its hash, durable when this returns. Raises Unavailable (disk full, no access)."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path_of(sha256)
        if _is_whole(target, sha256):
            return Kept(sha256, target, len(data), was_known=True)
        try:
            self._write(data, target)
        except OSError as error:
            raise disk_trouble(error, self._root) from error
        return Kept(sha256, target, len(data), was_known=False)

    def sweep(self) -> int:
        """Remove what killed take-overs left half-written; call once at start, holding the workplace's lock."""
        removed = 0
        for path in (self._root / TEMPORARY).glob("*.part"):
            with suppress(OSError):
                path.unlink()
                removed += 1
        return removed

    def _write(self, data: bytes, target: Path) -> None:
        self._count += 1
        temporary = self._root / TEMPORARY / f"{os.getpid()}-{self._count}.part"
        temporary.parent.mkdir(parents=True, exist_ok=True)
        new_shelf = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        self._checkpoint("begun")
        try:
            with temporary.open("wb") as file:
                file.write(data)
                self._checkpoint("written")
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
            self._checkpoint("synced")
            if target.exists():  # a torn file of the right name: Windows does not replace what is read-only
                target.chmod(stat.S_IRUSR | stat.S_IWUSR)
            temporary.replace(target)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        self._checkpoint("renamed")
        sync_folder(target.parent)
        if new_shelf:
            sync_folder(self._root)
        self._checkpoint("kept")


def sync_folder(folder: Path) -> None:
    """Make a rename durable. Windows has no such call for folders: NTFS journals the rename itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_trouble(error: OSError, folder: Path) -> Unavailable:
    """The sentence for a disk that does not take the page."""
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return Unavailable(
            "Disk penuh; halaman ini belum disimpan. Berkas aslinya tidak diubah.",
            hint=f"Kosongkan ruang pada disk tempat {folder.name} berada, lalu masukkan lagi.",
            code="disk_full",
        )
    reason = error.strerror or type(error).__name__
    return Unavailable(
        f"Halaman ini belum dapat disimpan ({reason}). Berkas aslinya tidak diubah.",
        hint="Periksa disk dan izin folder data, lalu masukkan lagi.",
        code="disk_error",
    )


def _is_whole(path: Path, sha256: str) -> bool:
    """By its content: a failing disk or a hand can change a file and leave its size."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
