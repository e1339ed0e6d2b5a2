"""The funnel as a picture: eight facts, each with its bar, its number and its share. A list underneath, so that keys
and screen readers find in it what they find in any list: the step chosen is read out with its number.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui import format as fmt
from ui import theme

_BAR_PX, _RADIUS_PX, _GAP_PX = 16, 3, 16
_LEFT, _RIGHT, _MIDDLE = (
    int(flag)
    for flag in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter)
)


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of the funnel."""

    label: str
    count: int


class FunnelChart(QListWidget):
    """Up and Down choose a step. Enter or a click on its bar asks for those that have not come that far; Shift+Enter or
    a click on its number asks for those it counts."""

    step_opened = Signal(int, bool)  # place, whether they have come that far

    def __init__(self) -> None:
        super().__init__()
        self.steps: tuple[Step, ...] = ()
        self.total = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_BarDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def show_steps(self, steps: Sequence[Step], total: int) -> None:
        """The chosen step stays chosen when only numbers changed."""
        chosen = max(0, self.currentRow())
        self.steps, self.total = tuple(steps), total
        lines = [f"{one.label}: {fmt.number(one.count)}, {fmt.percent(one.count, total)}" for one in steps]
        self.setAccessibleName(self.tr("Corong: %1 formulir").replace("%1", fmt.number(total)))
        self.setAccessibleDescription("; ".join(lines))
        while self.count() > len(lines):
            self.takeItem(self.count() - 1)
        while self.count() < len(lines):
            self.addItem(QListWidgetItem())
        for row, line in enumerate(lines):
            self.item(row).setText(line)  # what is read out; the picture is the delegate's
        self.setCurrentRow(min(chosen, len(lines) - 1))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(560, self._nominal_height() * max(1, len(self.steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(340, (self.fontMetrics().height() + 1) * max(1, len(self.steps)))

    def row_height(self) -> int:
        """Rows move closer together where the window is low."""
        return max(1, min(self._nominal_height(), self.height() // max(1, len(self.steps))))

    def widths(self) -> tuple[int, int, int]:
        """Pixels that label, number and share take; the bar has what is left."""
        plain, bold = self.fontMetrics(), QFontMetrics(theme.font(bold=True))
        return (
            max((plain.horizontalAdvance(one.label) for one in self.steps), default=0) + _GAP_PX,
            bold.horizontalAdvance(fmt.number(max(self.total, 1000))) + _GAP_PX,
            plain.horizontalAdvance("100,0 %") + _GAP_PX,
        )

    def _nominal_height(self) -> int:
        return max(_BAR_PX, self.fontMetrics().height()) + 10

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if row >= 0:
            _label, number, share = self.widths()
            self.step_opened.emit(row, event.position().x() >= self.viewport().width() - number - share)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step_opened.emit(self.currentRow(), is_shifted)
        else:
            super().keyPressEvent(event)


class _BarDelegate(QStyledItemDelegate):
    """Draws one step: label, bar, number, share."""

    def __init__(self, chart: FunnelChart) -> None:
        super().__init__(chart)
        self._chart = chart

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), self._chart.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if index.row() >= len(self._chart.steps):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, step = option.rect, self._chart.steps[index.row()]
        self._paint_ground(painter, row, option.state)
        label, number, share = self._chart.widths()
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.INK))
        painter.drawText(row.adjusted(6, 0, 0, 0), _LEFT | _MIDDLE, step.label)
        high = min(_BAR_PX, row.height() - 3)
        bar = QRect(
            row.left() + label, row.top() + (row.height() - high) // 2,
            max(40, row.width() - label - number - share - 6), high,
        )  # fmt: skip
        self._paint_bar(painter, bar, index.row(), step)
        counted = QRect(bar.right(), row.top(), number, row.height())
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(theme.INK))
        painter.drawText(counted, _RIGHT | _MIDDLE, fmt.number(step.count))
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.INK_SOFT))
        beside = QRect(counted.right(), row.top(), share, row.height())
        painter.drawText(beside, _RIGHT | _MIDDLE, fmt.percent(step.count, self._chart.total))
        painter.restore()

    def _paint_ground(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        is_chosen = self._chart.hasFocus() and bool(state & QStyle.StateFlag.State_Selected)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(theme.BLUE) if is_chosen else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.BLUE_WASH))
            painter.drawRoundedRect(row.adjusted(0, 1, -1, -2), 4, 4)

    def _paint_bar(self, painter: QPainter, bar: QRect, place: int, step: Step) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.LINE_SOFT))
        painter.drawRoundedRect(bar, _RADIUS_PX, _RADIUS_PX)
        if self._chart.total > 0 and step.count > 0:
            filled = QRect(bar)
            filled.setWidth(max(2, round(bar.width() * min(1.0, step.count / self._chart.total))))
            painter.setBrush(QColor(theme.FUNNEL[place % len(theme.FUNNEL)]))
            painter.drawRoundedRect(filled, _RADIUS_PX, _RADIUS_PX)
