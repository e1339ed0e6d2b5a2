"""The queue of `sync.send`: every file of a folder, with its upload's URL in a small append-only file.

Invariants: a URL is on disk before a byte depends on it; a torn last line is dropped; a file that changed (size or
time) is a new file; what one endpoint has says nothing of another; one process at a time holds the file. Attempts and
waits live in memory: after a restart everything may be tried at once. Thread: any (one lock).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from app.errors import Unavailable
from app.ports import ChannelState, Item, ItemKind, Json, Lane, Reason, ScanFile, ScanQueue, UploadState
from sync import gate
from sync.send_file import Line, StateFile


class FolderQueue(ScanQueue):
    """A `ScanQueue` over FOLDER, DIR's state file and one endpoint. Raises Unavailable where they cannot be used."""

    def __init__(self, folder: Path, state: Path, endpoint: str) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._uploads: dict[tuple[str, str], UploadState] = {}
        self._done: set[str] = set()  # at this endpoint
        self._is_under_way = False  # by the file's last word
        self._files: dict[int, ScanFile] = {}
        self._items: dict[int, Item] = {}
        self._in_flight: set[int] = set()
        self._put_off: dict[int, float] = {}  # when they come due
        self.stopped: dict[Path, Reason] = {}
        self._channel = gate.fresh(Lane.SCANS)
        self._file = StateFile(state)
        with contextlib.ExitStack() as undo:
            undo.callback(self._file.close)
            for line in self._file.found:
                self._replay(line)
            self._take_in(folder, state)
            self.was_cut_short = bool(self._items) and self._is_under_way  # a run before this one did not end
            if self._items:
                self._file.write(Line(run="begun"))  # the next run knows of this one, however it ends
            undo.pop_all()

    @property
    def left(self) -> int:
        """Files neither delivered nor stopped."""
        return len(self._items)

    def close(self) -> None:
        if not self._items:
            with contextlib.suppress(Unavailable):  # then the next run takes this one for cut short, no more
                self._file.write(Line(run="ended"))
        self._file.close()

    # ---- what is found ----

    def _replay(self, line: Line) -> None:
        self._is_under_way = line.run != "ended"
        if line.done:
            # An older version did not say where: asking once more is safe, believing is not.
            if line.endpoint == self._endpoint:
                self._done.add(line.id)
        elif line.url:
            state = UploadState(line.id, line.endpoint, line.url, 0, line.length)
            self._uploads[(line.id, line.endpoint)] = state
        else:
            self._uploads.pop((line.id, line.endpoint), None)

    def _take_in(self, folder: Path, state: Path) -> None:
        try:
            for name in sorted(_files_in(folder, state)):
                with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                    self._add(folder, name)
        except OSError as error:
            raise Unavailable(
                f"Folder {folder} tidak dapat dibaca ({error.strerror}).",
                hint="Periksa disk dan izin folder, lalu jalankan perintah yang sama.",
            ) from error
        # Bytes of them may be at the server: finished before others begin.
        begun = {name for name, endpoint in self._uploads if endpoint == self._endpoint}
        self._items = dict(sorted(self._items.items(), key=lambda entry: entry[1].what not in begun))

    def _add(self, folder: Path, name: str) -> None:
        path = folder / name
        about = path.stat()  # what a folder's listing says of a file that is being written may be old
        known_by = os.fsencode(f"{name}\n{about.st_size}\n{about.st_mtime_ns}")
        identity = hashlib.sha256(known_by).hexdigest()
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
            return min((at for at in self._put_off.values() if at > now), default=None)

    def claim(self, ids: Sequence[int]) -> Sequence[int]:
        with self._lock:
            taken = [one for one in ids if one in self._items and one not in self._in_flight]
            self._in_flight.update(taken)
            for one in taken:
                self._put_off.pop(one, None)
            return taken

    def release(self, ids: Sequence[int]) -> None:
        with self._lock:
            self._in_flight.difference_update(ids)

    def defer(self, ids: Sequence[int], next_at: float, reason: Reason) -> None:  # noqa: ARG002 - shown by the gate
        with self._lock:
            for one in ids:
                item = self._items[one]
                self._items[one] = replace(item, attempts=item.attempts + 1, next_at=next_at)
                self._put_off[one] = next_at
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
            line = Line(id=state.sha256, endpoint=state.endpoint, url=state.url, length=state.length)
            self._file.write(line, is_urgent=True)
            self._uploads[(state.sha256, state.endpoint)] = state

    def forget_upload(self, sha256: str, endpoint: str) -> None:
        with self._lock:
            self._file.write(Line(id=sha256, endpoint=endpoint))
            self._uploads.pop((sha256, endpoint), None)

    def scan_delivered(self, item: Item, receipt: Json | None) -> None:  # noqa: ARG002 - plain tus gives no receipt
        with self._lock:
            self._file.write(Line(id=item.what, endpoint=self._endpoint, done=True))
            self._items.pop(item.id, None)
            self._in_flight.discard(item.id)

    def channel(self, lane: Lane) -> ChannelState:
        return replace(self._channel, lane=lane)

    def save_channel(self, state: ChannelState) -> None:
        self._channel = state


def _files_in(folder: Path, state: Path) -> Iterator[str]:
    """The name, with slashes, of every file below the folder, without our own state."""
    own, below = state.resolve(), [""]
    while below:
        where = below.pop()
        if own in (real := (folder / where).resolve(), *real.parents):
            continue
        with os.scandir(folder / where) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    below.append(f"{where}{entry.name}/")
                elif entry.is_file():
                    yield where + entry.name
