"""The queue of `sync.send`: what it finds again after a run that was cut short."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import pytest

from app.errors import Unavailable
from app.ports import ItemKind, UploadState
from sync.send_file import STATE_NAME
from sync.send_state import FolderQueue

HERE = "http://127.0.0.1:1/files"
THERE = "http://127.0.0.1:2/files"


def folder_of(place: Path, *names: str) -> Path:
    place.mkdir()
    for name in names:
        (place / name).write_bytes(name.encode())
    return place


def names(queue: FolderQueue, limit: int = 9) -> list[str]:
    return [queue.scan_file(item).path.name for item in queue.due(ItemKind.SCAN, 0.0, limit)]


def begin(queue: FolderQueue, name: str) -> None:
    item = next(one for one in queue.due(ItemKind.SCAN, 0.0, 9) if queue.scan_file(one).path.name == name)
    queue.save_upload(UploadState(item.what, HERE, f"{HERE}/{name}", 0, item.size_bytes))


def test_what_has_bytes_at_the_server_comes_first_after_a_restart(tmp_path: Path) -> None:
    folder, state = folder_of(tmp_path / "scans", "a", "b", "c", "d"), tmp_path / "state"
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        assert names(queue) == ["a", "b", "c", "d"]
        begin(queue, "c")
        begin(queue, "d")
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        assert names(queue, 3) == ["c", "d", "a"]
        assert queue.was_cut_short


def test_a_delivered_file_is_never_asked_about_again_and_a_changed_one_is_new(tmp_path: Path) -> None:
    folder, state = folder_of(tmp_path / "scans", "a", "b"), tmp_path / "state"
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        for item in queue.due(ItemKind.SCAN, 0.0, 9):
            queue.scan_delivered(item, None)
        assert queue.left == 0
    os.utime(folder / "b", ns=(1, 1))
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        assert names(queue) == ["b"]
        assert not queue.was_cut_short


def test_what_one_endpoint_has_says_nothing_of_another(tmp_path: Path) -> None:
    folder, state = folder_of(tmp_path / "scans", "a", "b"), tmp_path / "state"
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        begin(queue, "b")
        queue.scan_delivered(queue.due(ItemKind.SCAN, 0.0, 1)[0], None)
    with contextlib.closing(FolderQueue(folder, state, THERE)) as queue:
        assert names(queue) == ["a", "b"], "in order: no bytes of b are there"
        assert all(queue.upload(one.what, THERE) is None for one in queue.due(ItemKind.SCAN, 0.0, 9))
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        assert names(queue) == ["b"]


def test_a_state_of_an_older_version_is_asked_about_again(tmp_path: Path) -> None:
    """It did not write down where a file was delivered. Its uploads, which say so, are still asked first."""
    folder, state = folder_of(tmp_path / "scans", "a", "b"), tmp_path / "state"
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        begin(queue, "b")
        for item in queue.due(ItemKind.SCAN, 0.0, 9):
            queue.scan_delivered(item, None)
    written = [json.loads(line) for line in (state / STATE_NAME).read_bytes().splitlines()]
    for entry in written:
        if "done" in entry:
            del entry["endpoint"]
    (state / STATE_NAME).write_text("".join(f"{json.dumps(one)}\n" for one in [*written, [1], "x"]))
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        assert names(queue) == ["b", "a"]
        (b, a) = queue.due(ItemKind.SCAN, 0.0, 9)
        assert queue.upload(b.what, HERE) is not None
        assert queue.upload(a.what, HERE) is None


def test_a_state_belongs_to_one_queue_at_a_time(tmp_path: Path) -> None:
    folder, state = folder_of(tmp_path / "scans", "a"), tmp_path / "state"
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        with pytest.raises(Unavailable, match="sedang dipakai"):
            FolderQueue(folder, state, HERE)
        begin(queue, "a")
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        assert queue.upload(queue.due(ItemKind.SCAN, 0.0, 1)[0].what, HERE) is not None


def test_a_torn_last_line_is_dropped_and_the_next_one_is_whole(tmp_path: Path) -> None:
    folder, state = folder_of(tmp_path / "scans", "a", "b"), tmp_path / "state"
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        begin(queue, "b")
    with (state / STATE_NAME).open("ab") as log:
        log.write(b'{"id": "torn')
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        begin(queue, "a")
    with contextlib.closing(FolderQueue(folder, state, HERE)) as queue:
        (first, second) = queue.due(ItemKind.SCAN, 0.0, 9)
        assert all(queue.upload(one.what, HERE) is not None for one in (first, second))
