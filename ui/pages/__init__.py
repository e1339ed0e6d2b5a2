"""The pages, in the order of the list on the left. Each is imported when it is first shown: the window is there sooner.

A new page: a class that inherits `ui.page.Page`, one `PageSpec` here. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.people import Role
from ui.page import Context, Page, PageSpec


def page_specs() -> tuple[PageSpec, ...]:
    """All pages; Ctrl+1 is the first."""
    return (
        PageSpec("home", lambda: _tr("Beranda"), _home),
        PageSpec("pages", lambda: _tr("Pindai"), _pages_in, (Role.SCAN,)),
        PageSpec("keying", lambda: _tr("Entri"), _keying, (Role.KEY,)),
        PageSpec("second", lambda: _tr("Entri kedua"), _second, (Role.KEY, Role.VERIFY)),
        PageSpec("verify", lambda: _tr("Verifikasi"), _verify, (Role.VERIFY, Role.KEY)),
        PageSpec("queue", lambda: _tr("Antrean"), _queue),
        PageSpec("settings", lambda: _tr("Pengaturan"), _settings),
        PageSpec("forms", lambda: _tr("Formulir"), _forms),  # last: nobody's digits move
        PageSpec("reports", lambda: _tr("Laporan"), _reports, (Role.COORDINATE,)),
    )


def _home(context: Context) -> Page:
    from ui.pages.home import HomePage  # noqa: PLC0415 - imported when first shown

    return HomePage(context)


def _pages_in(context: Context) -> Page:
    from ui.pages.pages_in import PagesInPage  # noqa: PLC0415 - imported when first shown

    return PagesInPage(context)


def _keying(context: Context) -> Page:
    from ui.pages.keying import KeyingPage  # noqa: PLC0415 - imported when first shown

    return KeyingPage(context)


def _second(context: Context) -> Page:
    from ui.pages.second_reading import SecondReadingPage  # noqa: PLC0415 - imported when first shown

    return SecondReadingPage(context)


def _verify(context: Context) -> Page:
    from ui.pages.verification import VerificationPage  # noqa: PLC0415 - imported when first shown

    return VerificationPage(context)


def _queue(context: Context) -> Page:
    from ui.pages.queue import QueuePage  # noqa: PLC0415 - imported when first shown

    return QueuePage(context)


def _settings(context: Context) -> Page:
    from ui.pages.settings import SettingsPage  # noqa: PLC0415 - imported when first shown

    return SettingsPage(context)


def _forms(context: Context) -> Page:
    from ui.pages.forms_list import FormsPage  # noqa: PLC0415 - imported when first shown

    return FormsPage(context)


def _reports(context: Context) -> Page:
    from ui.pages.reports import ReportsPage  # noqa: PLC0415 - imported when first shown

    return ReportsPage(context)


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)
