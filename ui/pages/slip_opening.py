"""A form's slip, from its card or after it was finished: asked of the store, shown before it is printed. Thread: UI."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.c1form import C1Key
from app.errors import ExpectedError
from app.services.people import Session
from app.services.slip import Slip, slip
from app.services.workplace import preference
from ui.page import Context
from ui.pages.print_dialog import PrintDialog
from ui.paper import Size
from ui.slip_sheet import SlipSheet

LONG = 60  # boxes: more than these want the larger paper


def open_slip(
    context: Context,
    parent: QWidget,
    key_of: Callable[[Session], C1Key],
    failed: Callable[[ExpectedError], None],
) -> None:
    """`key_of` runs on a worker and may raise; what the person may not see is a sentence in `failed`."""
    session, wp = context.shell.session, context.desk.wp
    if session is None:
        return

    def show(found: Slip) -> None:
        if context.shell.session is session:  # somebody else may sit there by now
            sheet = SlipSheet(found, preference(wp, "language", "id"))
            PrintDialog(parent, sheet, Size.A4 if len(found.cells) > LONG else Size.A5).open()

    context.tasks.run(parent, lambda: slip(wp, session, key_of(session)), show, failed, slot="slip")
