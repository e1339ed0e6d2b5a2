import errno
import hashlib
import os
from pathlib import Path

import pytest

from app.errors import Unavailable
from scanner.take_over import CHECKPOINTS, ScanFolder, disk_trouble


def test_bytes_lie_under_their_hash_read_only(tmp_path: Path) -> None:
    kept = ScanFolder(tmp_path).keep(b"a page")
    sha256 = hashlib.sha256(b"a page").hexdigest()
    assert kept.path == tmp_path / sha256[:2] / sha256
    assert kept.path.read_bytes() == b"a page"
    assert not kept.path.stat().st_mode & 0o222
    assert not kept.was_known


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    folder = ScanFolder(tmp_path)
    first = folder.keep(b"a page")
    before = first.path.stat()
    assert folder.keep(b"a page").was_known
    assert first.path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_torn_file_of_the_right_name_is_replaced(tmp_path: Path) -> None:
    folder = ScanFolder(tmp_path)
    path = folder.keep(b"a page").path
    path.chmod(0o644)
    path.write_bytes(b"a p")
    path.chmod(0o444)
    assert not folder.keep(b"a page").was_known
    assert path.read_bytes() == b"a page"


def test_the_steps_come_in_their_order(tmp_path: Path) -> None:
    steps: list[str] = []
    ScanFolder(tmp_path, steps.append).keep(b"a page")
    assert tuple(steps) == CHECKPOINTS


@pytest.mark.parametrize("step", CHECKPOINTS[:3])
def test_trouble_on_the_way_leaves_nothing_behind(tmp_path: Path, step: str) -> None:
    def fail(reached: str) -> None:
        if reached == step:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unavailable) as caught:
        ScanFolder(tmp_path, fail).keep(b"a page")
    assert caught.value.code == "disk_full"
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert files == []
    assert ScanFolder(tmp_path).keep(b"a page").path.read_bytes() == b"a page"


def test_other_trouble_names_the_systems_reason(tmp_path: Path) -> None:
    error = disk_trouble(OSError(errno.EACCES, "Permission denied"), tmp_path)
    assert "Permission denied" in str(error)
    assert error.code == "disk_error"


def test_the_sweep_takes_only_what_was_left_half_written(tmp_path: Path) -> None:
    folder = ScanFolder(tmp_path)
    kept = folder.keep(b"a page")
    left = tmp_path / "sementara" / f"{os.getpid()}-99.part"
    left.write_bytes(b"half a pa")
    assert folder.sweep() == 1
    assert kept.path.exists()
    assert not left.exists()
