"""A short table in memory (kecamatan, lanes, people): sorted here, refreshed without losing the place.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt

from ui.models.columns import Column, ColumnsModel, Index

T = TypeVar("T")


class RowsModel(ColumnsModel[T]):
    """`identity` says which row is which, so that a refresh with the same rows keeps selection and scroll place."""

    def __init__(self, columns: Sequence[Column[T]], identity: Callable[[T], Hashable]) -> None:
        super().__init__(columns)
        self._identity = identity
        self._given: list[T] = []
        self.rows: list[T] = []
        self._sorted_by: tuple[int, bool] | None = None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def row_at(self, row: int) -> T | None:
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def set_rows(self, rows: Sequence[T]) -> None:
        self._given = list(rows)
        self._show(self._in_order())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._show(self._in_order())

    def _in_order(self) -> list[T]:
        if self._sorted_by is None:
            return list(self._given)
        place, is_descending = self._sorted_by
        column = self.columns[place]
        return sorted(self._given, key=column.sort_key or column.text, reverse=is_descending)

    def _show(self, rows: list[T]) -> None:
        is_same = [self._identity(one) for one in rows] == [self._identity(one) for one in self.rows]
        if is_same:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
