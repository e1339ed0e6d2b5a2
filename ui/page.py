"""What a page of the window is, and what the window offers its pages.

A page is a QWidget that the window makes when it is first shown. Invariant: no page shows a value of a form while
nobody is signed in (`on_person_changed(None)` comes before the sign-in panel is drawn). Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.c1form import C1Key
from app.domain.people import Role
from app.forms.choice import FormChoice
from app.forms.wilayah import Region
from app.ports import SyncStatus
from app.services.people import Session
from app.services.workplace import Workplace
from ui.bridge import EngineBridge
from ui.desk import Desk
from ui.tasks import Tasks
from ui.theme import Tone


class Make(Protocol):
    """Makes and opens a workplace in the folder the program was started for (`app.services.workplace.create`)."""

    def __call__(
        self, *, realm: str, district: str, region: Region, choices: Sequence[FormChoice]
    ) -> Workplace: ...


class Shell(Protocol):
    """The window as its pages see it."""

    @property
    def session(self) -> Session | None: ...

    def navigate(self, page_id: str, key: C1Key | None = None, part: str = "") -> None:
        """Show a page, and there the form `key` or the part of it where the page can."""
        ...

    def open_form(self, key: C1Key) -> None:
        """The form's card: eight facts, history, why it waits."""
        ...

    def toast(self, text: str, tone: Tone = Tone.GOOD) -> None:
        """One sentence that passes by and is read out."""
        ...

    def refresh(self) -> None:
        """Something was written here: the page in front and the bars read anew at once."""
        ...

    def show_projector(self) -> None:
        """The district on the wall, in a window of its own."""
        ...

    def rebuild(self) -> None:
        """Build the window anew (language or text size changed); the person stays signed in."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a page gets."""

    desk: Desk
    tasks: Tasks
    bridge: EngineBridge
    shell: Shell


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One line of the F1 card: keys as printed on them, and what they do."""

    keys: str
    text: str


class Page(QWidget):
    """Base of all pages; override what the page needs."""

    badge_changed = Signal(int)  # work waiting here; 0 hides the badge

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def on_shown(self) -> None:
        """The page came to the front (also after signing in). Put the focus where work goes on."""

    def on_hidden(self) -> None:
        """Another page came to the front."""

    def on_person_changed(self, session: Session | None) -> None:
        """Somebody signed in, or (None) everything must be hidden at once."""

    def on_store_changed(self) -> None:
        """Something in the workplace changed; called at most once a second, for the visible page only."""

    def on_line_changed(self, status: SyncStatus) -> None:
        """The line to KPU RI changed; called for every page that was built."""

    def open_target(self, key: C1Key) -> None:
        """`navigate` was called with a form."""

    def open_part(self, part: str) -> None:
        """`navigate` was called with a part of this page."""

    def form_on_screen(self) -> C1Key | None:
        """The form whose boxes are being keyed here now."""
        return None

    def may_close(self) -> bool:
        """False keeps the window open (something runs that must not be cut)."""
        return True

    def key_help(self) -> tuple[KeyHelp, ...]:
        """Keys of this page for F1."""
        return ()

    def help_topic(self) -> str:
        """File name in resources/help, without language and ending."""
        return "umum"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page that may be shown: in the list on the left, made on first use. Empty `roles` = for everybody."""

    id: str
    title: Callable[[], str]  # called after the language is chosen
    make: Callable[[Context], Page]
    roles: tuple[Role, ...] = ()
