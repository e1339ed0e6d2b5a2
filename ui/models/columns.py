"""How one column of a table is shown: its words, side, tone, and how it sorts. Shared by short and long tables.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ui import theme
from ui.theme import TONES, Tone
from ui.widgets.icons import tone_icon

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`sample` is a wide but usual text: it gives the column its width, so that no table jumps while it loads."""

    title: str
    text: Callable[[T], str]
    sample: str = ""
    is_number: bool = False
    is_bold: bool = False
    is_stretched: bool = False
    gives_way: bool = (
        False  # on a small screen it is cut, so that what stands before the stretched column is seen
    )
    tone: Callable[[T], Tone] | None = None
    sort_key: Callable[[T], Any] | None = None
    tooltip: Callable[[T], str] | None = None


class ColumnsModel(QAbstractTableModel, Generic[T]):
    """The part of a table model that only depends on its columns. `row_at` gives the row, or None while it loads."""

    def __init__(self, columns: Sequence[Column[T]]) -> None:
        super().__init__()
        self.columns = tuple(columns)

    def row_at(self, row: int) -> T | None:
        """The row, or None while it is not there; each kind of model has its own."""
        del row
        return None

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        row = self.row_at(index.row())
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        return _cell(column, row, role)


def _side(column: Column[Any]) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _plain(tip: str) -> str:
    """Qt takes a tip that looks like markup for markup; names, notes and anybody's file are text."""
    return f'<p style="white-space: pre-wrap">{escape(tip)}</p>' if "<" in tip else tip


def _cell(column: Column[T], row: T, role: int) -> Any:
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return column.text(row)
    if role == Qt.ItemDataRole.FontRole:
        return theme.font(bold=True) if column.is_bold else None
    if role == Qt.ItemDataRole.ToolTipRole:
        return _plain((column.tooltip or column.text)(row))
    if column.tone is None:
        return None
    tone = column.tone(row)
    if role == Qt.ItemDataRole.ForegroundRole:
        return QColor(TONES[tone].ink)
    if role == Qt.ItemDataRole.DecorationRole and tone is not Tone.PLAIN and column.text(row):
        return tone_icon(tone)
    return None
