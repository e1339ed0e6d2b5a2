"""What a file holds: counts, who made it, what is new, what is wrong with it.

Invariant: reads only, in bounded memory, and says every fault it can find. Thread: any but the UI's; blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.bundle_ports import BundlePreview, BundleStore
from app.domain.attestation import public_key_of
from sync import wire
from sync.bundle import answer
from sync.bundle.container import Bundle, BundleRefused, Fault, opened
from sync.bundle.shapes import PART_BYTES, AnswerManifest, Item, Manifest, Result
from sync.bundle.signing import Origin, is_from


def preview(
    path: Path, store: BundleStore | None = None, origin: Origin | None = None, *, limit: int = PART_BYTES
) -> BundlePreview:
    """Never raises for a bad file: its faults are `problems`. Without a workplace nothing counts as new."""
    try:
        with opened(path, limit=limit) as bundle:
            return _Look(bundle, store, origin).look()
    except BundleRefused as refused:
        return BundlePreview(kind="", problems=(str(refused),))


class _Look:
    def __init__(self, bundle: Bundle, store: BundleStore | None, origin: Origin | None) -> None:
        self._bundle, self._store, self._origin = bundle, store, origin
        self._problems: list[str] = []
        self._counts: dict[str, int] = {}
        self._new = 0

    def look(self) -> BundlePreview:
        manifest = self._bundle.manifest
        self._problems += [str(refused) for refused in self._faults(manifest)]
        try:
            self._bundle.verify()
            self._count(manifest)
        except BundleRefused as refused:
            self._problems.append(str(refused))
        return BundlePreview(
            kind="answer" if isinstance(manifest, AnswerManifest) else "bundle",
            problems=tuple(self._problems),
            realm=manifest.realm,
            district=manifest.district,
            device=manifest.device,
            made_at=manifest.made_at,
            part=manifest.part,
            parts=manifest.parts,
            size_bytes=self._bundle.size_bytes,
            signature=self._signature(manifest),
            counts=self._counts,
            new=self._new,
        )

    def _faults(self, manifest: Manifest | AnswerManifest) -> Iterator[BundleRefused]:
        if isinstance(manifest, Manifest):
            if not is_from(self._bundle, manifest.device_key, manifest.realm):
                yield BundleRefused(Fault.WRONG_SIGNATURE)
            if self._origin is not None:
                if manifest.realm != self._origin.realm:
                    yield BundleRefused(Fault.WRONG_REALM)
                if manifest.district != self._origin.district:
                    yield BundleRefused(Fault.WRONG_DISTRICT)
        elif self._origin is not None and self._store is not None:
            yield from answer.faults(self._bundle, self._origin, self._store)

    def _signature(self, manifest: Manifest | AnswerManifest) -> str:
        """The centre's key must be known here. A bundle names its own key, and anybody can make one: whether it is the
        enrolled one only the centre knows, and of its own this PC."""
        if isinstance(manifest, Manifest):
            if not is_from(self._bundle, manifest.device_key, manifest.realm):
                return "wrong"
            return "good" if self._is_own(manifest) else "claimed"
        keys = self._origin.keys if self._origin else {}
        key = {**keys, **answer.handed_over(manifest, keys)}.get(manifest.key_id)
        if key is None:
            return "unknown"
        return "good" if is_from(self._bundle, key, manifest.realm) else "wrong"

    def _is_own(self, manifest: Manifest) -> bool:
        own = self._origin
        if own is None:
            return False
        return (manifest.device, manifest.device_key) == (own.device_id, public_key_of(own.device_key))

    def _count(self, manifest: Manifest | AnswerManifest) -> None:
        if isinstance(manifest, Manifest):
            for item in self._bundle.lines("items", Item):
                self._add(item.kind)
                self._new += self._store is not None and self._store.item(item.id) is not None
            for entry in self._bundle.of("scans"):
                self._add("scan")
                self._new += self._store is not None and self._store.scan_item(entry.sha256) is not None
            return
        for result in self._bundle.lines("results", Result):
            self._add(result.kind)
            self._new += self._store is not None and answer.open_item(self._store, result) is not None
        for event in self._bundle.lines("feed", wire.FeedEvent):
            self._add("event")
            self._new += self._store is not None and event.n > self._store.feed_cursor().after

    def _add(self, kind: str) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
