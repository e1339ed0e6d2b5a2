"""A USB stick as the window sees it: it can be full, and it holds one answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.bundle_ports import BundleChoice, BundlePreview, BundleProgress, Bundles, ExportReport, ImportReport
from app.errors import Unavailable
from app.ports import ItemKind


@dataclass
class Stick(Bundles):
    """A stick that can be full, and one answer."""

    is_full: bool = False
    problems: tuple[str, ...] = ()
    signature: str = "good"
    written: list[BundleChoice] = field(default_factory=list)
    taken: list[Path] = field(default_factory=list)
    kind: str = "answer"
    forwarded: list[Path] = field(default_factory=list)

    def export(
        self, target: Path, choice: BundleChoice, progress: BundleProgress | None = None
    ) -> ExportReport:
        if self.is_full:
            raise Unavailable("Tempat tidak cukup.", hint="Ganti USB.")
        if progress is not None:
            progress(3_000_000_000, 6_000_000_000)
        self.written.append(choice)
        return ExportReport((target / "situng.zip",), {"record": 2}, 100)

    def preview(self, path: Path) -> BundlePreview:
        return BundlePreview(
            self.kind, self.problems, "r", "3204", "pc-1", "2019-04-18T02:00:00Z", 1, 1, 9000, self.signature,
            {"record": 2, "event": 2}, 4,
        )  # fmt: skip

    def take_in(self, path: Path) -> ImportReport:
        self.taken.append(path)
        return ImportReport(2, 0, 0, 0, 2, "2 diterima KPU RI.")

    def relay(self, path: Path, answer: Path) -> None:
        self.forwarded.append(path)

    def size(self, choice: BundleChoice) -> tuple[int, int]:
        return (12, 4_000_000) if ItemKind.SCAN in choice.kinds else (2, 4_000)
