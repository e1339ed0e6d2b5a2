"""What a centre is started with. Values only; nothing here opens a file.

`folder` holds everything: `central.db`, `scans/` (by hash), `uploads/` (unfinished), `public/` (the published tree),
`keys/` and `console-token`. A backup of the folder is a backup of the centre.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sync.wire import Limits

if TYPE_CHECKING:
    from app.forms.wilayah import Region

TOKEN_LIFE_S = 12 * 3600  # one long shift; a stolen token is worthless the next day
UPLOAD_LIFE_S = 7 * 24 * 3600  # a district may be cut off for days in the week after the vote
MAX_SCAN_BYTES = 64 * 1024 * 1024  # a page is 100-700 kB; a 600-dpi colour page as PNG stays below this
DISK_RESERVE_BYTES = 256 * 1024 * 1024  # below this the centre says 507 while it can still write its database

# An upload's body that brings nothing for so long is given up, and what came is kept. Longer than the 20 s after which
# our client's own kernel gives a connection up: nobody alive is cut off.
BODY_IDLE_S = 30.0


@dataclass(frozen=True, slots=True)
class CentralSettings:
    """`regions`: codes of what is published (`("3204",)`); `register` replaces them with regions already loaded."""

    folder: Path
    realm: str = "pemilu-2019"
    regions: tuple[str, ...] = ("3204",)
    register: tuple[Region, ...] = ()
    forms: tuple[str, ...] = ()  # ids of form definitions, kept by the folder; none: those it was made for
    profile: str | None = None  # calm | slow | election-day: how ill the centre plays
    seed: int | None = None
    workers: int = 8  # requests worked on at once
    limits: Limits = field(default_factory=Limits)
    # A stored version goes back for verification at once, and again when its pages are complete.
    auto_return: bool = True
    public_url: str = ""  # where districts reach it, for set-up files; empty: where it listens
    was_restored: bool = False  # the whole folder came from a backup: take a new epoch
    max_scan_bytes: int = MAX_SCAN_BYTES
    disk_reserve_bytes: int = DISK_RESERVE_BYTES
    body_idle_s: float = BODY_IDLE_S

    @property
    def database(self) -> Path:
        return self.folder / "central.db"

    @property
    def scans(self) -> Path:
        return self.folder / "scans"

    @property
    def public(self) -> Path:
        return self.folder / "public"
