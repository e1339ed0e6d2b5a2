"""The pages, in the order of the list on the left. Each is imported when it is first shown: the window is there sooner.

A new page: a class that inherits `ui.page.Page`, one `PageSpec` here. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.page import Context, Page, PageSpec


def page_specs() -> tuple[PageSpec, ...]:
    """All pages; Ctrl+1 is the first."""
    return (
        PageSpec("home", lambda: _tr("Beranda"), _home),
        PageSpec("queue", lambda: _tr("Antrean"), _queue),
        PageSpec("settings", lambda: _tr("Pengaturan"), _settings),
    )


def _home(context: Context) -> Page:
    from ui.pages.home import HomePage  # noqa: PLC0415 - imported when first shown

    return HomePage(context)


def _queue(context: Context) -> Page:
    from ui.pages.queue import QueuePage  # noqa: PLC0415 - imported when first shown

    return QueuePage(context)


def _settings(context: Context) -> Page:
    from ui.pages.settings import SettingsPage  # noqa: PLC0415 - imported when first shown

    return SettingsPage(context)


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)
