"""Which ballot a row is of, and the ballots of one station; seen only where the office counts more than one.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.c1form import C1Key
from app.services.workplace import Workplace, definition
from ui.models.columns import Column

R = TypeVar("R")


def form_column(wp: Workplace, key_of: Callable[[R], C1Key]) -> list[Column[R]]:
    """One column or none."""
    if len(wp.form_ids) < 2:
        return []
    title = QCoreApplication.translate("forms", "Surat suara")
    return [Column(title, lambda row: form_title(key_of(row)), "C1-DPRD Prov")]


def station_menu(parent: QWidget, keys: Sequence[C1Key], choose: Callable[[C1Key], None]) -> QMenu:
    """The forms of one station, each on its own key."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addSection(keys[0].tps.label)
    for place, key in enumerate(keys, start=1):
        again = f" · {key.round}" if key.round > 1 else ""
        action = menu.addAction(f"&{place}  {form_title(key)}{again}")
        action.triggered.connect(lambda _checked=False, key=key: choose(key))
    menu.setActiveAction(menu.actions()[1])
    return menu


def form_title(key: C1Key) -> str:
    """`C1-DPR`."""
    return ballot_title(key.form)


def ballot_title(form: str) -> str:
    """The same, by the form's id."""
    return definition(form).title.id
