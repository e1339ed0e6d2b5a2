"""A folder into which scanners and phones drop files: the source that works with every machine.

A file is taken when its size and time have not changed for two seconds (five on a network share), it opens, and it
decodes to its end. Only when its pages have their rows is it moved to `done/`; what cannot be read goes to
`tidak-terbaca/` with its reason beside it. Invariant: nothing is ever deleted or overwritten.
Thread: its own (`run`), or whoever calls `poll`; waiting is by the clock and event given, never by sleep.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.ports import Clock, IntakeResult, IntakeState
from scanner.intake import Intake
from scanner.take_over import sync_folder

DONE = "done"
UNREADABLE = "tidak-terbaca"
REASON_SUFFIX = ".alasan.txt"
SETTLE_S = 2.0
SETTLE_SHARE_S = 5.0  # SMB shows sizes late
PATIENCE = 10  # times the settling time before a broken file is believed broken: a copy may have stalled
UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
OURS_TO_RETRY = frozenset({"disk_full", "disk_error", "Unavailable", "worker_died", "cannot_read", "closed"})


@dataclass(slots=True)
class _Watch:
    size: int
    mtime_ns: int
    since: float  # monotonic seconds, when size and time were last seen to change
    retry_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """One file's outcome. `moved_to` is None while it stays where it is and is tried again."""

    name: str
    results: tuple[IntakeResult, ...]
    moved_to: Path | None


class WatchedFolder:
    """Watches `folder`; pages go to `intake` as `by`."""

    def __init__(
        self, folder: Path, intake: Intake, clock: Clock, *, by: str = "", is_share: bool = False
    ) -> None:
        self._folder = folder
        self._intake = intake
        self._clock = clock
        self._by = by
        self._settle_s = SETTLE_SHARE_S if is_share else SETTLE_S
        self._watched: dict[str, _Watch] = {}
        self._sheets = intake.new_set()

    def run(self, stop: threading.Event, every_s: float = 1.0) -> None:
        """Poll until `stop` is set."""
        while not stop.wait(every_s):
            self.poll()

    def poll(self) -> Sequence[Taken]:
        """Look once; take in what has settled, oldest first."""
        now = self._clock.monotonic()
        ready = [path for path in self._files() if self._has_settled(path, now)]
        return [one for path in ready if (one := self._take(path, now)) is not None]

    def waiting(self) -> int:
        """Files seen that are not taken in yet."""
        return len(self._watched)

    def _files(self) -> list[Path]:
        try:
            with os.scandir(self._folder) as entries:
                found = [
                    (entry.stat().st_mtime_ns, entry.name)
                    for entry in entries
                    if entry.is_file()
                    and not entry.name.startswith((".", "~"))
                    and not _is_unfinished(entry.name)
                ]
        except OSError:
            return []  # a share that went away for a moment: the next look finds it again
        names = {name for _, name in found}
        self._watched = {name: watch for name, watch in self._watched.items() if name in names}
        return [self._folder / name for _, name in sorted(found)]

    def _has_settled(self, path: Path, now: float) -> bool:
        try:
            facts = path.stat()
        except OSError:
            return False
        watch = self._watched.get(path.name)
        if watch is None or (watch.size, watch.mtime_ns) != (facts.st_size, facts.st_mtime_ns):
            self._watched[path.name] = _Watch(facts.st_size, facts.st_mtime_ns, now)
            return False
        return now - watch.since >= self._settle_s and now >= watch.retry_at and _opens(path)

    def _take(self, path: Path, now: float) -> Taken | None:
        watch = self._watched[path.name]
        results = tuple(self._intake.take_in([path], by=self._by, sheets=self._sheets))
        refused = [one for one in results if one.state is IntakeState.REFUSED]
        if any(set(one.warnings) & OURS_TO_RETRY for one in refused):
            watch.retry_at = now + self._settle_s * PATIENCE
            return Taken(path.name, results, None)
        if refused and now - watch.since < self._settle_s * PATIENCE:
            watch.retry_at = watch.since + self._settle_s * PATIENCE
            return None
        moved = self._move(path, UNREADABLE if refused or not results else DONE)
        if moved is not None:
            self._watched.pop(path.name, None)
            if refused:
                _write_reason(moved, refused)
        return Taken(path.name, results, moved)

    def _move(self, path: Path, to: str) -> Path | None:
        """Rename into the subfolder, under a free name; None when somebody holds the file (tried again next time)."""
        target = self._folder / to
        try:
            target.mkdir(exist_ok=True)
            free, n = target / path.name, 1
            while free.exists() or free.with_name(free.name + REASON_SUFFIX).exists():
                n += 1
                free = target / f"{path.stem} ({n}){path.suffix}"
            path.replace(free)
            sync_folder(target)
        except OSError:
            return None
        return free


def _opens(path: Path) -> bool:
    """False while another program holds the file for itself (Windows)."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _is_unfinished(name: str) -> bool:
    return name.lower().endswith(UNFINISHED) or name.endswith(REASON_SUFFIX)


def _write_reason(moved: Path, refused: Sequence[IntakeResult]) -> None:
    lines = [f"{one.source}: {one.text}" for one in refused]
    moved.with_name(moved.name + REASON_SUFFIX).write_text("\n".join(lines) + "\n", encoding="utf-8")
