"""The ways to put a wrong entry right, as one menu: the same in a form's card and in Verifikasi. Thread: UI."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from ui.pages.correction_dialog import CorrectionDialog
from ui.pages.moving_dialog import MoveDialog, WithdrawDialog

Mending = type[CorrectionDialog | MoveDialog | WithdrawDialog]
CORRECT, MOVE, WITHDRAW = CorrectionDialog, MoveDialog, WithdrawDialog


def mending_menu(parent: QWidget, choose: Callable[[Mending], None], *, with_keys: bool = False) -> QMenu:
    """`with_keys`: the F keys of the page it stands on are named beside the words."""
    menu = QMenu(parent)
    ways: tuple[tuple[str, Mending, str], ...] = (
        (_tr("&Koreksi…"), CORRECT, "F5"),
        (_tr("&Pindahkan atau tukar…"), MOVE, "F6"),
        (_tr("&Tarik…"), WITHDRAW, ""),
    )
    for words, way, key in ways:
        text = f"{words}\t{key}" if with_keys and key else words
        menu.addAction(text).triggered.connect(lambda _checked=False, way=way: choose(way))
    return menu


def _tr(text: str) -> str:
    return QCoreApplication.translate("mending", text)
