"""The one table of the window: whole rows, thin lines, numbers to the right, Enter or double click opens the row.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui import theme
from ui.models.columns import ColumnsModel

_ROW_PADDING_PX = 14
_CELL_PADDING_PX = 26
_ICON_PX = 22
_STRETCH_MIN_LETTERS = 30
_GIVING_MIN_LETTERS = 8
_WRAPPED_PADDING_PX = 6
_ITEM_PADDING_PX = 12  # `QTableView::item` in ui/style.py, both sides, and a little


class _RowDelegate(QStyledItemDelegate):
    """Marks the whole chosen row while its table has the focus; a tone keeps its colour and icon there."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """In the room the words will have: Qt forgets the style sheet's padding, and cut what just did not fit."""
        option.rect.setWidth(option.rect.width() - _ITEM_PADDING_PX)
        return super().sizeHint(option, index)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        is_marked = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        option.state &= ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected)
        if is_marked:
            painter.fillRect(option.rect, QColor(theme.BLUE_WASH))
        super().paint(painter, option, index)
        if is_marked and index.column() == 0:
            painter.fillRect(
                option.rect.left(), option.rect.top(), 3, option.rect.height(), QColor(theme.BLUE)
            )


class Table(QTableView):
    """Give it a `ColumnsModel`; listen to `row_opened` (Enter, double click) and `back_pressed` (Backspace)."""

    row_opened = Signal(int)
    row_chosen = Signal(int)
    back_pressed = Signal()
    widths_changed = Signal()  # by a person

    def __init__(
        self,
        model: ColumnsModel[Any],
        name: str,
        *,
        sortable: bool = False,
        least_letters: int = _STRETCH_MIN_LETTERS,
    ) -> None:
        super().__init__()
        self._least_letters = least_letters
        self._columns_model = model
        self._own_widths: dict[str, int] = {}
        self._usual_px: dict[int, int] = {}  # column -> its width where there is room
        self._is_sizing = False
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(_RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        if sortable:
            header.setSectionsClickable(True)
            header.setSortIndicatorShown(True)
            header.setSortIndicatorClearable(True)
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)
        self.size_columns()
        header.sectionResized.connect(self._on_resized)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.row_chosen.emit(now.row()))
        model.modelReset.connect(self._keep_a_row)

    def size_columns(self) -> None:
        """Widths from the titles and samples; one column takes what is left."""
        header = self.horizontalHeader()
        header.ensurePolished()  # or its titles are measured in another font than they are drawn in
        for place, column in enumerate(self._columns_model.columns):
            text_metrics = QFontMetrics(theme.font(bold=column.is_bold))
            sample = text_metrics.horizontalAdvance(column.sample) + (_ICON_PX if column.tone else 0)
            width = max(header.sectionSizeHint(place), sample + _CELL_PADDING_PX)
            self._usual_px[place] = self._own_widths.get(column.title, width)
            self._resize(place, self._usual_px[place])
        self._give_way()
        self._stretch()

    @property
    def own_widths(self) -> dict[str, int]:
        """Title -> pixels of the columns a person made wider or narrower."""
        return dict(self._own_widths)

    def use_widths(self, kept: Mapping[str, int]) -> None:
        """As they were left."""
        self._own_widths = dict(kept)
        self.size_columns()

    def _resize(self, place: int, width: int) -> None:
        self._is_sizing = True
        self.horizontalHeader().resizeSection(place, width)
        self._is_sizing = False

    def _on_resized(self, place: int, _before: int, width: int) -> None:
        column = self._columns_model.columns[place]
        if not self._is_sizing and not column.is_stretched and width:  # none: the column was hidden
            self._own_widths[column.title] = self._usual_px[place] = width
            self._stretch()
            self.widths_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()
        self._stretch()

    def _give_way(self) -> None:
        """A name is cut where the age or the state would be out of sight; a width chosen by a person stays."""
        columns = self._columns_model.columns
        before = next((place for place, one in enumerate(columns) if one.is_stretched), len(columns))
        lacking = sum(self._usual_px[place] for place in range(before)) - self.viewport().width()
        for place, column in enumerate(columns[:before]):
            if column.gives_way and column.title not in self._own_widths:
                letters = self.fontMetrics().averageCharWidth() * _GIVING_MIN_LETTERS + _CELL_PADDING_PX
                least = max(letters, self.horizontalHeader().sectionSizeHint(place))
                usual = self._usual_px[place]
                self._resize(place, max(usual - max(lacking, 0), min(least, usual)))

    def _stretch(self) -> None:
        """The stretched column takes what is left, but never so little that its sentences cannot be read."""
        header = self.horizontalHeader()
        for place, column in enumerate(self._columns_model.columns):
            if column.is_stretched:
                left = self.viewport().width() - (header.length() - header.sectionSize(place))
                least = max(
                    header.sectionSizeHint(place), self.fontMetrics().averageCharWidth() * self._least_letters
                )
                self._resize(place, max(left, least))

    def show_whole(self) -> None:
        """A few rows with long sentences: words wrap, and the table is as high as its rows."""
        self.setWordWrap(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self.fit_rows)
        self.horizontalHeader().sectionResized.connect(lambda *_sizes: self._fitting.start())

    def fit_rows(self) -> None:
        """Row heights for the column widths of now."""
        self.resizeRowsToContents()
        for row in range(self.model().rowCount()):  # lines that wrapped need air, too
            if self.rowHeight(row) > self.verticalHeader().defaultSectionSize() + 1:
                self.setRowHeight(row, self.rowHeight(row) + _WRAPPED_PADDING_PX)
        header = self.horizontalHeader().sizeHint().height()
        is_scrolled = self.horizontalHeader().length() > self.viewport().width()
        scroll = self.horizontalScrollBar().sizeHint().height() if is_scrolled else 0
        rows = sum(self.rowHeight(row) for row in range(self.model().rowCount()))
        self.setFixedHeight(header + rows + scroll + 2)

    def _keep_a_row(self) -> None:
        if self.model().rowCount() and not self.currentIndex().isValid():
            self.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex().row())
            return
        if event.key() == Qt.Key.Key_Backspace:
            self.back_pressed.emit()
            return
        super().keyPressEvent(event)
