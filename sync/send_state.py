"""The queue of `sync.send`: every file of a folder, with its upload's URL in a small append-only file.

Invariants: a URL is on disk before a byte depends on it; a torn last line is dropped; a file that changed (size or
time) is a new file. Attempts and waits live in memory: after a restart everything may be tried at once. Thread: any
(one lock).
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from msgspec.structs import replace

from app.ports import ChannelState, Item, ItemKind, Json, Lane, Reason, ScanFile, ScanQueue, UploadState
from sync import gate

STATE_NAME = "send.jsonl"


class FolderQueue(ScanQueue):
    """A `ScanQueue` over FOLDER and DIR/send.jsonl."""

    def __init__(self, folder: Path, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._uploads: dict[tuple[str, str], UploadState] = {}
        self._done: set[str] = set()
        self._is_under_way = False  # by the file's last word
        self._log = self._open(state / STATE_NAME)
        self._files: dict[int, ScanFile] = {}
        self._items: dict[int, Item] = {}
        self._in_flight: set[int] = set()
        self.stopped: dict[Path, Reason] = {}
        self._channel = gate.fresh(Lane.SCANS)
        for path in _files_in(folder, state):
            self._add(path, path.relative_to(folder).as_posix())
        begun = {
            name for name, _ in self._uploads
        }  # bytes of them may be at the server: finished before others begin
        self._items = dict(sorted(self._items.items(), key=lambda entry: entry[1].what not in begun))
        self.was_cut_short = bool(self._items) and self._is_under_way  # a run before this one did not end
        if self._items:
            self._write({"run": "begun"})  # before the first byte leaves: the next run knows of this one

    @property
    def left(self) -> int:
        """Files neither delivered nor stopped."""
        return len(self._items)

    def close(self) -> None:
        if not self._items:
            self._write({"run": "ended"})
        self._log.close()

    # ---- the file ----

    def _open(self, path: Path) -> BinaryIO:
        whole = path.read_bytes() if path.exists() else b""
        good = whole[: whole.rfind(b"\n") + 1]
        for line in good.splitlines():
            self._replay(line)
        log = path.open("r+b" if path.exists() else "w+b")
        log.truncate(len(good))  # what a power cut tore off would spoil the next line
        log.seek(len(good))
        return log

    def _replay(self, line: bytes) -> None:
        try:
            entry: dict[str, Any] = json.loads(line)
            self._is_under_way = entry.get("run") != "ended"
            if "run" in entry:
                return
            name, endpoint = str(entry["id"]), str(entry.get("endpoint", ""))
            if entry.get("done"):
                self._done.add(name)
            elif entry.get("url"):
                state = UploadState(name, endpoint, str(entry["url"]), 0, int(entry["length"]))
                self._uploads[(name, endpoint)] = state
            else:
                self._uploads.pop((name, endpoint), None)
        except (ValueError, KeyError, TypeError):
            return  # a line of another version says nothing to us

    def _write(self, entry: Json, *, is_urgent: bool = False) -> None:
        self._log.write(json.dumps(entry).encode("utf-8") + b"\n")
        self._log.flush()
        if is_urgent:
            os.fsync(self._log.fileno())

    def _add(self, path: Path, name: str) -> None:
        about = path.stat()  # what a folder's listing says of a file that is being written may be old
        identity = hashlib.sha256(f"{name}\n{about.st_size}\n{about.st_mtime_ns}".encode()).hexdigest()
        if identity in self._done:
            return
        number = len(self._files) + 1
        self._files[number] = ScanFile(path, identity, about.st_size)
        self._items[number] = Item(number, ItemKind.SCAN, identity, None, 0, 0, 0.0, about.st_size)

    # ---- ScanQueue ----

    def release_in_flight(self) -> None:
        with self._lock:
            self._in_flight.clear()

    def due(self, kind: ItemKind, now: float, limit: int) -> Sequence[Item]:
        with self._lock:
            found = []
            for number, item in self._items.items():
                if number not in self._in_flight and item.next_at <= now:
                    found.append(item)
                    if len(found) == limit:
                        break
            return found if kind is ItemKind.SCAN else []

    def next_due_at(self, now: float) -> float | None:
        with self._lock:
            first: float | None = None
            for number, item in self._items.items():
                if number in self._in_flight:
                    continue
                if item.next_at <= now:
                    return now  # of thousands, the first will do
                first = item.next_at if first is None else min(first, item.next_at)
            return first

    def claim(self, ids: Sequence[int]) -> Sequence[int]:
        with self._lock:
            taken = [one for one in ids if one in self._items and one not in self._in_flight]
            self._in_flight.update(taken)
            return taken

    def release(self, ids: Sequence[int]) -> None:
        with self._lock:
            self._in_flight.difference_update(ids)

    def defer(self, ids: Sequence[int], next_at: float, reason: Reason) -> None:  # noqa: ARG002 - shown by the gate
        with self._lock:
            for one in ids:
                item = self._items[one]
                self._items[one] = replace(item, attempts=item.attempts + 1, next_at=next_at)
            self._in_flight.difference_update(ids)

    def stop(self, ids: Sequence[int], reason: Reason) -> None:
        with self._lock:
            for one in ids:
                self.stopped[self._files[one].path] = reason
                del self._items[one]
            self._in_flight.difference_update(ids)

    def scan_file(self, item: Item) -> ScanFile:
        return self._files[item.id]

    def upload(self, sha256: str, endpoint: str) -> UploadState | None:
        with self._lock:
            return self._uploads.get((sha256, endpoint))

    def save_upload(self, state: UploadState) -> None:
        with self._lock:
            self._uploads[(state.sha256, state.endpoint)] = state
            entry = {"id": state.sha256, "endpoint": state.endpoint, "url": state.url, "length": state.length}
            self._write(entry, is_urgent=True)

    def forget_upload(self, sha256: str, endpoint: str) -> None:
        with self._lock:
            self._uploads.pop((sha256, endpoint), None)
            self._write({"id": sha256, "endpoint": endpoint, "url": ""})

    def scan_delivered(self, item: Item, receipt: Json | None) -> None:  # noqa: ARG002 - plain tus gives no receipt
        with self._lock:
            self._write({"id": item.what, "done": True})
            self._items.pop(item.id, None)
            self._in_flight.discard(item.id)

    def channel(self, lane: Lane) -> ChannelState:
        return replace(self._channel, lane=lane)

    def save_channel(self, state: ChannelState) -> None:
        self._channel = state


def _files_in(folder: Path, state: Path) -> list[Path]:
    """Every file below the folder, in the order of their names, without our own state."""
    own, folders = state.resolve(), [folder]
    found: list[Path] = []
    while folders:
        where = folders.pop()
        if own in (real := where.resolve(), *real.parents):
            continue
        with os.scandir(where) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry))
                elif entry.is_file():
                    found.append(Path(entry))
    return sorted(found)
