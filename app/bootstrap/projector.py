"""The projector by itself: read-only, nobody signed in, beside whatever else works on the folder. Thread: main."""

from __future__ import annotations

from pathlib import Path

from app import bootstrap
from app.bootstrap.window import told
from ui.app import run_projector


def run(folder: Path | None) -> int:
    """Until Esc. Raises NotFound, Unavailable."""
    with told(), bootstrap.opened(folder or bootstrap.default_folder(), read_only=True) as wp:
        return run_projector(wp)
