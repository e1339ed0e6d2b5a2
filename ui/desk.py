"""What the window gets from outside, in one frozen value. `app.bootstrap` makes it; nothing here builds anything.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.bundle_ports import Bundles
from app.ports import PageIntake, SyncControl
from app.services.people import Session
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.training.guide import Guide

Enrol = Callable[[Path | None, str, Session], str]  # a new file, a new code, or both
"""Set-up file, one-time code, the coordinator's session -> an Indonesian sentence. Blocking; raises ExpectedError."""

Watch = Callable[[Path | None], str]
"""Folder to take pages from (None = none) -> an Indonesian sentence. Blocking; raises ExpectedError."""


CoverSheets = Callable[[str, Path], str]
"""Desa code, PDF to write -> an Indonesian sentence. Blocking; raises ExpectedError."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One open workplace with its engine and its page intake."""

    wp: Workplace
    sync: SyncControl
    intake: PageIntake
    practice: bool
    enrol: Enrol | None = None
    watch: Watch | None = None
    cover_sheets: CoverSheets | None = None
    bundles: Bundles | None = None
    public_url: Callable[[], str] = (
        str  # the practice centre's public site, once it is there; in practice only
    )
    guide: Guide | None = None  # the first ten minutes of practice; in practice only
    sign_in_hint: str = ""  # a sentence on the sign-in panel: how one gets into the practice district
