"""Reports as PDF without a window: for technicians, scripts, and a PC whose screen is the projector. Thread: main."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.services import export
from app.services.report_tables import Report
from ui.report_pdf import pdf_bytes


def save_pdf(report: Report, path: Path) -> str:
    """Write it whole or not at all; the sentence to show. Raises Unavailable."""
    _application()
    export.save(path, pdf_bytes(report))
    return f"Laporan tersimpan di {path}."


def _application() -> QGuiApplication:
    """Qt for drawing alone. Elsewhere than on Windows and macOS it must not even look for a screen: without one, or
    with a `DISPLAY` left over from another session, it would abort."""
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    platform = [] if sys.platform in {"win32", "darwin"} else ["-platform", "offscreen"]
    return QGuiApplication(["situng-luring", *platform])
