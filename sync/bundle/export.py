"""What waits here, written to a stick: as many parts as it takes, each whole by itself.

Invariants: the bodies are those the engine would post; everything is on the disk under hidden names and marked as
exported before the first part is seen; a full stick leaves nothing behind. Thread: any but the UI's; blocks.
"""

from __future__ import annotations

import errno
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.bundle_ports import BundleChoice, BundleProgress, BundleStore, ExportReport
from app.domain.attestation import public_key_of
from app.domain.c1form import body_digest
from app.errors import NotFound, Unavailable
from app.ports import Clock, Item, ItemKind, Json
from sync import wire
from sync.bundle import shapes
from sync.bundle.container import Lines, Writer
from sync.bundle.shapes import PART_BYTES, Manifest
from sync.bundle.signing import Origin, enrol_proof, signed
from sync.outcome import iso

PAGE = 200  # rows read at a time
_HIDDEN = ".bundel-ditulis"  # ends the names of parts under way
_NAMES: Mapping[ItemKind, shapes.ItemName] = {
    ItemKind.RECORD: "record",
    ItemKind.VERDICT: "verdict",
    ItemKind.WITHDRAWAL: "withdrawal",
}


def waiting(store: BundleStore, choice: BundleChoice) -> Iterator[Item]:
    """Everything open, in the order it was queued, scans last."""
    scans = tuple(kind for kind in choice.kinds if kind is ItemKind.SCAN)
    words = tuple(kind for kind in choice.kinds if kind is not ItemKind.SCAN)
    for kinds in (words, scans):
        after = 0
        while kinds and (page := store.open_items(BundleChoice(kinds, choice.areas), after, PAGE)):
            yield from page
            after = page[-1].id


@dataclass
class _Part:
    writer: Writer
    lines: Lines = field(default_factory=lambda: Lines("items"))


class Exporter:
    """One export. `run` once."""

    def __init__(
        self,
        store: BundleStore,
        origin: Origin,
        clock: Clock,
        *,
        part_bytes: int = PART_BYTES,
        progress: BundleProgress | None = None,
    ) -> None:
        self._store, self._origin, self._clock = store, origin, clock
        self._part_bytes, self._progress = part_bytes, progress or (lambda _done, _all: None)
        self._set_id = secrets.token_hex(16)
        self._parts: list[_Part] = []
        self._counts: dict[str, int] = {}
        self._ids: list[int] = []
        self._left_out: list[str] = []
        self._done = self._total = 0
        head = store.journal_head(store.anchored_seq())  # before any body is read: as of it, or later
        self._head = head | {"earlier": {**head["earlier"], shapes.TAKES: shapes.EXTRAS}}

    def run(self, target: Path, choice: BundleChoice) -> ExportReport:
        """Write to a folder (named by us) or to a file. Raises NotFound (nothing waits), Unavailable (stick)."""
        self._total = sum(item.size_bytes for item in waiting(self._store, choice))
        place = self._place(target)
        try:
            self._sweep(place)
            for item in waiting(self._store, choice):
                self._take(item, place)
                self._done += item.size_bytes
                self._progress(min(self._done, self._total), self._total)
            if self._origin.code:
                self._part(place)  # to be enrolled is reason enough
            if not self._ids and not self._origin.code:
                raise NotFound("Tidak ada yang menunggu untuk dibawa.", hint=" ".join(self._left_out[:3]))
            return self._show(place)
        except OSError as error:
            raise _unwritable(place.parent, error) from error
        finally:
            for part in self._parts:
                part.writer.discard()

    def _place(self, target: Path) -> Path:
        if not target.is_dir():
            return target
        stamp = iso(self._clock.now())[:16].replace("-", "").replace(":", "")
        return target / f"{self._own_prefix}{stamp}-{self._set_id[:6]}.zip"

    @property
    def _own_prefix(self) -> str:
        return f"situng-{self._origin.district}-{self._origin.device_id}-"

    def _sweep(self, place: Path) -> None:
        """What a killed export of this PC left on the stick."""
        for left in place.parent.glob(f"*{_HIDDEN}"):
            if left.name.startswith((self._own_prefix, place.name)):
                with suppress(OSError):
                    left.unlink()

    # ---- filling -------------------------------------------------------------------------------------------------

    def _take(self, item: Item, place: Path) -> None:
        if item.kind is ItemKind.SCAN:
            self._take_scan(item, place)
            return
        read = {
            ItemKind.RECORD: self._store.record_body,
            ItemKind.VERDICT: self._store.verdict_body,
            ItemKind.WITHDRAWAL: self._store.withdrawal_body,
        }[item.kind]
        body = read(item)
        if body is None:
            return  # settled since it was listed
        if item.kind is ItemKind.RECORD:
            body["sent_at"] = iso(self._clock.now())
            body.pop(wire.AS_OF, None)  # the manifest says it for all: centres of before take a bundle, too
        line = shapes.Item(id=item.id, kind=_NAMES[item.kind], what=item.what, body=body)
        part = self._part(place)
        if not part.lines.add(part.writer, line):
            part = self._next_part(place)
            if not part.lines.add(part.writer, line):
                self._left_out.append(f"{item.what[:12]} terlalu besar untuk satu bagian.")
                return
        self._note(item)

    def _take_scan(self, item: Item, place: Path) -> None:
        file = self._store.scan_file(item)
        try:
            data = file.path.read_bytes()
        except OSError as error:
            self._left_out.append(f"Pindaian {item.what[:12]} tidak dapat dibaca ({error.strerror}).")
            return
        if hashlib.sha256(data).hexdigest() != file.sha256:
            self._left_out.append(f"Pindaian {item.what[:12]} kosong atau berubah; pindai ulang.")
            return
        part = self._part(place)
        part.lines.flush(part.writer)
        if not part.writer.has_room(len(data)):
            part = self._next_part(place)
        if not part.writer.has_room(len(data)):
            self._left_out.append(f"Pindaian {item.what[:12]} terlalu besar untuk satu bagian.")
            return
        part.writer.add(f"scans/{file.sha256}", data)
        self._note(item)

    def _note(self, item: Item) -> None:
        self._ids.append(item.id)
        self._counts[item.kind.value] = self._counts.get(item.kind.value, 0) + 1

    def _part(self, place: Path) -> _Part:
        return self._parts[-1] if self._parts else self._next_part(place)

    def _next_part(self, place: Path) -> _Part:
        if self._parts:
            self._parts[-1].lines.flush(self._parts[-1].writer)
        hidden = place.with_name(f"{place.name}.{len(self._parts) + 1}{_HIDDEN}")
        part = _Part(Writer(hidden, limit=self._part_bytes))
        self._parts.append(part)
        operators = self._store.operators_to_send()  # in every part: whichever comes first is understood
        if operators is not None:
            what = body_digest(operators)
            part.lines.add(part.writer, shapes.Item(id=0, kind="operators", what=what, body=operators))
        return part

    # ---- showing -------------------------------------------------------------------------------------------------

    def _show(self, place: Path) -> ExportReport:
        """Seal all parts, mark what they hold, then show them."""
        for number, part in enumerate(self._parts, 1):
            part.lines.flush(part.writer)
            part.writer.seal(self._manifest(number, part))
        about: Json = {"set_id": self._set_id, "parts": len(self._parts), "counts": self._counts}
        self._store.mark_exported(self._ids, about)
        paths = [_numbered(place, number, len(self._parts)) for number in range(1, len(self._parts) + 1)]
        for part, path in zip(self._parts, paths, strict=True):
            part.writer.publish(path)
        size = sum(path.stat().st_size for path in paths)
        return ExportReport(tuple(paths), dict(self._counts), size, tuple(self._left_out))

    def _manifest(self, number: int, part: _Part) -> Manifest:
        origin, cursor = self._origin, self._store.feed_cursor()
        manifest = Manifest(
            format=shapes.FORMAT,
            realm=origin.realm,
            district=origin.district,
            device=origin.device_id,
            device_key=public_key_of(origin.device_key),
            set_id=self._set_id,
            part=number,
            parts=len(self._parts),
            made_at=iso(self._clock.now()),
            journal_head=msgspec.convert(self._head, wire.JournalHead),
            cursor=shapes.Cursor(epoch=cursor.epoch, after=cursor.after),
            entries=part.writer.entries,
            signature="",
        )
        if origin.code:
            proof = enrol_proof(wire.code_hash(origin.code), manifest)
            manifest = msgspec.structs.replace(manifest, enrol_proof=proof)
        return signed(manifest, origin.device_key)


def _numbered(place: Path, number: int, parts: int) -> Path:
    return place if parts == 1 else place.with_name(f"{place.stem}-{number}-dari-{parts}{place.suffix}")


def _unwritable(folder: Path, error: OSError) -> Unavailable:
    if error.errno == errno.ENOSPC:
        return Unavailable(
            f"Tempat di {folder} tidak cukup. Tidak ada bundel yang ditulis; data di PC ini aman.",
            hint="Kosongkan atau ganti USB, atau bawa angka dahulu tanpa gambar.",
            code="stick_full",
        )
    return Unavailable(
        f"Bundel tidak dapat ditulis ke {folder}: {error.strerror}. Data di PC ini aman.",
        hint="Periksa USB (penuh, dilepas, atau terkunci), lalu ulangi.",
        code="stick_unwritable",
    )
