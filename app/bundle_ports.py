"""The seam of the USB bundle: what the window and the command line ask of it, and what it asks of the store.

Beside `app.ports`, on which it builds; only frozen values cross.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.ports import EngineStore, Item, ItemKind, Json


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """What is exported: these kinds, and TPS that begin with one of the prefixes (none = all)."""

    kinds: tuple[ItemKind, ...] = tuple(ItemKind)
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written. `left_out`: scans that could not be read any more, each as a sentence."""

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    size_bytes: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BundlePreview:
    """What a file holds. `problems`: each reason for which it would be refused; empty = it can be taken in.

    `signature`: good | wrong | unknown (the key is not known here) | claimed (by the key that the bundle itself names:
    only KPU RI knows whether it is that PC's). `new`: items or results that change something here.
    """

    kind: str  # bundle | answer | "" (unreadable)
    problems: tuple[str, ...]
    realm: str = ""
    district: str = ""
    device: str = ""
    made_at: str = ""
    part: int = 0
    parts: int = 0
    size_bytes: int = 0
    signature: str = "unknown"
    counts: Mapping[str, int] = field(default_factory=dict)
    new: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an answer changed here: items settled, events taken, results that were known before or say to wait."""

    settled: int
    known: int
    open: int
    refused: int
    events: int
    sentence: str


class BundleStore(EngineStore, Protocol):
    """The engine's store, and what only a bundle asks of it."""

    def open_items(self, choice: BundleChoice, after: int, limit: int) -> Sequence[Item]:
        """Everything not done, by row number above `after`: the order in which it was queued."""
        ...

    def item(self, item_id: int) -> Item | None:
        """A row that is not done; None for any other."""
        ...

    def scan_item(self, sha256: str) -> Item | None:
        """The open row of a scan."""
        ...

    def enrolled(self, device: str) -> None:
        """The centre let in this name, for which a code was kept; nothing when that is done."""
        ...

    def mark_exported(self, ids: Sequence[int], about: Json) -> None:
        """From now on nobody knows whether the centre has them: each counts as tried. With its journal line."""
        ...


BundleProgress = Callable[[int, int], None]
"""Bytes done, bytes in all."""


class Bundles(Protocol):
    """The USB bundle as the window and the command line see it. Blocking; raises ExpectedError."""

    def export(
        self, target: Path, choice: BundleChoice, progress: BundleProgress | None = None
    ) -> ExportReport: ...

    def preview(self, path: Path) -> BundlePreview: ...

    def take_in(self, path: Path) -> ImportReport:
        """The centre's answer to a bundle of this PC."""
        ...

    def relay(self, path: Path, answer: Path) -> None:
        """Another PC's bundle to KPU RI over this PC's line; the answer is written for the way home."""
        ...

    def size(self, choice: BundleChoice) -> tuple[int, int]:
        """How many items wait, and about how many bytes they are."""
        ...
