"""Where finished scans lie on the disk: `scans/ab/abcd...`, each under its own hash.

A row of the database says that a scan was delivered; only the disk says that it is here. A folder restored from a copy
that was made while the centre ran may know more than it has, and a disk may lose what it had. Thread: any.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

HASH = re.compile(r"[0-9a-f]{64}")
_ASIDE = ".rusak"


def place(scans: Path, sha256: str) -> Path:
    """Where a scan lies below the folder `scans`; raises ValueError for anything but 64 hex digits."""
    if not HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return scans / sha256[:2] / sha256


def has(scans: Path, sha256: str, size: int) -> bool:
    """A file of that size is there. Asked for every page of a list: its bytes are read when they are used."""
    try:
        return place(scans, sha256).stat().st_size == size
    except OSError:
        return False


def put(part: Path, target: Path) -> None:
    """Keep a synced file whose hash is the target's name. One that is there already is left alone while it is good:
    replacing a file that is being read fails on Windows."""
    if _is_good(target):
        part.unlink()
        return
    target.parent.mkdir(exist_ok=True)
    part.replace(target)
    sync_folder(target.parent)
    sync_folder(target.parent.parent)


def set_aside(path: Path) -> None:
    """Its bytes are not those of its name: it is here no more, like a file that was lost. Districts are not told: it
    comes again when they compare all they sent (after `central --restored`, or enrolled anew)."""
    path.replace(path.with_name(path.name + _ASIDE))


def hash_of(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk; Windows does that with the file and cannot open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_good(path: Path) -> bool:
    try:
        return hash_of(path) == path.name
    except OSError:
        return False
