"""A full disk, for real: a tmpfs of two megabytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.errors import Unavailable
from scanner.take_over import Kept, ScanFolder
from tests.fakes.small_disk import small_disk

SIZE_BYTES = 2 * 1024 * 1024


@pytest.fixture(name="small_disk")
def scans_on_a_small_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "scans", SIZE_BYTES) as folder:
        yield folder


def test_a_full_disk_is_said_and_leaves_only_whole_files(small_disk: Path) -> None:
    folder, random = ScanFolder(small_disk), Random(7)
    kept: list[Kept] = []

    def fill() -> None:
        while True:
            kept.append(folder.keep(random.randbytes(300_000)))

    with pytest.raises(Unavailable) as caught:
        fill()
    assert caught.value.code == "disk_full"
    assert "Disk penuh" in str(caught.value)
    assert len(kept) >= 5
    files = [one for one in small_disk.rglob("*") if one.is_file()]
    assert sorted(files) == sorted(one.path for one in kept)
    assert all(hashlib.sha256(one.read_bytes()).hexdigest() == one.name for one in files)


def test_room_made_again_is_used_again(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * (SIZE_BYTES - 64 * 1024))
    folder = ScanFolder(small_disk)
    with pytest.raises(Unavailable):
        folder.keep(b"\1" * 300_000)
    ballast.unlink()
    assert folder.keep(b"\1" * 300_000).path.stat().st_size == 300_000
