"""Paper in: files to pages on disk with their rows. Implements `app.ports.PageIntake`.

Order per page: read -> pipeline (worker process) -> already known? -> original, upload copy, thumbnail, thrifty copy
on disk (`scanner.take_over`) -> row. The source file is never moved, changed or deleted here, so a kill at any point
loses nothing: taken in again, what has its row is a known duplicate, what has none gets it.
Thread: blocking, one worker thread at a time (a lock sees to it).
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.errors import ExpectedError
from app.ports import IntakeProgress, IntakeResult, IntakeState, NewScan, PageRows
from scanner.decode import MAGIC_BYTES, Kind, kind_of
from scanner.layout import layouts_of
from scanner.pipeline import Processed
from scanner.quality import WARNINGS, SharpnessMemory
from scanner.sets import Placement, Seen, SheetSet
from scanner.sources.files import expand, read
from scanner.take_over import Checkpoint, ScanFolder, no_checkpoint
from scanner.workers import MOST_PROCESSES, Refused, Workers


@dataclass(frozen=True, slots=True)
class _Job:
    """One page to come: under way (`ticket`), refused already (`result`), or the twin of one under way (neither)."""

    source: str
    name: str
    data: bytes
    index: int | None = None
    ticket: Future[Any] | None = None
    result: IntakeResult | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    key: C1Key | None
    page: int | None
    by: str


class Intake:
    """`forms` are those worked on here; `scans` is the workplace's scans folder. Close it at the end."""

    def __init__(
        self,
        rows: PageRows,
        scans: Path,
        forms: Sequence[FormDefinition],
        *,
        processes: int = MOST_PROCESSES,
        workers: Workers | None = None,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> None:
        self._rows = rows
        self._scans = ScanFolder(scans, checkpoint)
        self._checkpoint = checkpoint
        self._forms: Mapping[str, FormDefinition] = {one.id: one for one in forms}
        self._workers = workers or Workers(layouts_of(forms), processes=processes)
        self._sharpness = SharpnessMemory()
        self._lock = threading.Lock()

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()

    def warm_up(self) -> None:
        """Start the first worker before the first page comes, and clear what a killed take-over left behind."""
        self._scans.sweep()
        self._workers.warm_up()

    def new_set(self) -> SheetSet:
        """For a source that delivers sheet by sheet: keeps the open cover sheet from one call to the next."""
        return SheetSet(self._forms)

    def take_in(
        self,
        paths: Sequence[Path],
        *,
        key: C1Key | None = None,
        page: int | None = None,
        by: str = "",
        progress: Callable[[IntakeProgress], None] | None = None,
        sheets: SheetSet | None = None,
    ) -> Sequence[IntakeResult]:
        """Take files (and the files in folders) in, in order. One result per page; nothing expected is raised."""
        with self._lock:
            files = expand(paths)
            told, stream = _Told(key, page, by), sheets or SheetSet(self._forms)
            results: list[IntakeResult] = []
            under_way: deque[_Job] = deque()
            total, seen = len(files), set[str]()
            for job in self._jobs(files, seen):
                under_way.append(job)
                if len(under_way) >= self._workers.width:
                    self._settle(under_way.popleft(), told, stream, results, total, progress)
            while under_way:
                self._settle(under_way.popleft(), told, stream, results, total, progress)
            return results

    def _settle(
        self,
        job: _Job,
        told: _Told,
        stream: SheetSet,
        results: list[IntakeResult],
        total: int,
        progress: Callable[[IntakeProgress], None] | None,
    ) -> None:
        result = job.result or self._finished(job, told, stream)
        results.append(result)
        if progress is not None:
            progress(IntakeProgress(len(results), max(total, len(results)), result))

    def _jobs(self, files: Sequence[Path], seen: set[str]) -> Iterator[_Job]:
        for path in files:
            try:
                yield from self._jobs_of(path, seen)
            except ExpectedError as error:
                yield _refusal(path.name, error.code, error.sentence())

    def _jobs_of(self, path: Path, seen: set[str]) -> Iterator[_Job]:
        data = read(path)
        count: int | Refused = 0
        if kind_of(data[:MAGIC_BYTES]) in {Kind.PDF, Kind.TIFF}:
            count = self._workers.count(data)
        if isinstance(count, Refused):
            yield _refusal(path.name, count.code, count.sentence())
        elif count == 0:
            yield self._job(path.name, path.name, data, None, seen)
        else:
            for index in range(count):
                yield self._job(f"{path.name} hlm. {index + 1}", path.name, data, index, seen)

    def _job(self, source: str, name: str, data: bytes, index: int | None, seen: set[str]) -> _Job:
        if index is None:
            sha256 = hashlib.sha256(data).hexdigest()
            if (
                sha256 in seen
            ):  # its twin is under way: whether this one is a duplicate shows when the twin is done
                return _Job(source, name, data)
            seen.add(sha256)
        return _Job(source, name, data, index, self._workers.start(data, index))

    def _finished(self, job: _Job, told: _Told, stream: SheetSet) -> IntakeResult:
        before = stream.memo()
        try:
            done = self._workers.finish(job.ticket or self._workers.start(job.data, job.index))
            if isinstance(done, Refused):
                return IntakeResult(
                    job.source, IntakeState.REFUSED, text=done.sentence(), warnings=(done.code,)
                )
            own = job.data if job.index is None else done.extracted
            place = stream.place(
                Seen(done.code, done.form, done.page, done.is_blank, done.alike), told.key, told.page
            )
            # A known sheet gets no second row, but it was placed: a cover sheet opens its set again and a page counts,
            # so a batch that was cut off goes on where it stopped when the whole batch is taken in again.
            if self._rows.is_known_original(hashlib.sha256(own).hexdigest()):
                return self._again(job, own, done)
            return self._stored(job, own, done, place, told.by)
        except ExpectedError as error:
            stream.restore(before)
            return IntakeResult(
                job.source, IntakeState.REFUSED, text=error.sentence(), warnings=(error.code,)
            )

    def _again(self, job: _Job, own: bytes, done: Processed) -> IntakeResult:
        """Nothing new to record; but whatever of it is torn or gone from the disk is put right."""
        kept = [self._scans.keep(one) for one in (own, done.upload, done.thumbnail)]
        return _duplicate(job.source) if all(one.was_known for one in kept) else _restored(job.source)

    def _stored(self, job: _Job, own: bytes, done: Processed, place: Placement, by: str) -> IntakeResult:
        scan = self._kept(job, own, done)
        warnings = (*place.warnings, *(one for one in scan.warnings if one not in place.warnings))
        self._checkpoint("before_row")
        added = self._rows.add_page(replace(scan, warnings=warnings), place.key, place.page, place.state, by)
        self._checkpoint("after_row")
        return replace(
            added,
            source=job.source,
            warnings=warnings,
            text=added.text or place.text or _words(place, warnings),
        )

    def _kept(self, job: _Job, own: bytes, done: Processed) -> NewScan:
        """Every file of the page on disk, fsynced, before its row."""
        quality = dict(done.quality)
        if job.index is not None:
            quality["container_sha256"] = self._scans.keep(job.data).sha256
            quality["container_page"] = job.index + 1
        original = self._scans.keep(own)
        upload = self._scans.keep(done.upload)
        small = self._scans.keep(done.thumbnail)
        thrifty = self._scans.keep(done.thrifty) if done.thrifty else None
        soft = done.form != "" and self._sharpness.is_soft(float(done.quality["sharpness"]))
        return NewScan(
            sha256=upload.sha256,
            size_bytes=upload.size_bytes,
            original_sha256=original.sha256,
            original_name=job.name,
            original_bytes=original.size_bytes,
            thumbnail_sha256=small.sha256,
            width_px=done.width_px,
            height_px=done.height_px,
            quality=quality,
            warnings=(*done.warnings, *(("blurred",) if soft else ())),
            thrifty_sha256=thrifty.sha256 if thrifty else "",
            thrifty_bytes=thrifty.size_bytes if thrifty else 0,
        )


def _refusal(source: str, code: str, sentence: str) -> _Job:
    return _Job(
        source, source, b"", result=IntakeResult(source, IntakeState.REFUSED, text=sentence, warnings=(code,))
    )


def _duplicate(source: str) -> IntakeResult:
    text = "Berkas ini sudah pernah dimasukkan; tidak dicatat dua kali. Bila milik TPS lain, pindahkan lewat Pindai."
    return IntakeResult(source, IntakeState.DUPLICATE, text=text, warnings=("duplicate",))


def _restored(source: str) -> IntakeResult:
    text = "Halaman ini sudah tercatat, tetapi berkasnya di PC ini rusak atau hilang; berkas itu sudah dipulihkan."
    hint = "Bila pengirimannya berhenti, tekan Coba lagi di Antrean."
    return IntakeResult(source, IntakeState.DUPLICATE, text=f"{text} {hint}", warnings=("duplicate",))


def _words(place: Placement, warnings: Sequence[str]) -> str:
    if place.state is IntakeState.COVER and place.key is not None:
        return (
            f"Lembar pengantar {place.key.tps.label} ({place.key.tps}); lembar berikutnya masuk ke TPS ini."
        )
    return " ".join(WARNINGS[one] for one in warnings if one in WARNINGS)
