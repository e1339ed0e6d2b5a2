"""The funnel as a picture: eight facts, each with its bar, its number and its share. Also readable without seeing it.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import format as fmt
from ui import theme

_BAR_PX, _RADIUS_PX, _GAP_PX = 16, 3, 16


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of the funnel."""

    label: str
    count: int


class FunnelChart(QWidget):
    """Up and Down choose a step. Enter or a click on its bar asks for those that have not come that far; Shift+Enter or
    a click on its number asks for those it counts."""

    step_opened = Signal(int, bool)  # place, whether they have come that far

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[Step, ...] = ()
        self._total = 0
        self._current = 0
        self._hovered = -1
        self._numbers_px = 0  # how wide number and share are, on the right
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_steps(self, steps: Sequence[Step], total: int) -> None:
        self._steps, self._total = tuple(steps), total
        lines = [
            f"{one.label}: {fmt.number(one.count)}, {fmt.percent(one.count, total)}" for one in self._steps
        ]
        self.setAccessibleName(self.tr("Corong: %1 formulir").replace("%1", fmt.number(total)))
        self.setAccessibleDescription("; ".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, self._nominal_height() * max(1, len(self._steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(340, (self.fontMetrics().height() + 1) * max(1, len(self._steps)))

    def _nominal_height(self) -> int:
        return max(_BAR_PX, self.fontMetrics().height()) + 10

    def _row_height(self) -> int:
        """Rows move closer together where the window is low."""
        return max(1, min(self._nominal_height(), self.height() // max(1, len(self._steps))))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = QFontMetrics(theme.font(bold=True))
        widths = (
            max((self.fontMetrics().horizontalAdvance(one.label) for one in self._steps), default=0)
            + _GAP_PX,
            bold.horizontalAdvance(fmt.number(max(self._total, 1000))) + _GAP_PX,
            self.fontMetrics().horizontalAdvance("100,0 %") + _GAP_PX,
        )
        self._numbers_px = widths[1] + widths[2]
        for place, step in enumerate(self._steps):
            row = QRect(0, place * self._row_height(), self.width(), self._row_height())
            self._paint_row(painter, row, place, step, widths)

    def _paint_row(
        self, painter: QPainter, row: QRect, place: int, step: Step, widths: tuple[int, int, int]
    ) -> None:
        label_width, number_width, share_width = widths
        if place == self._hovered or (self.hasFocus() and place == self._current):
            painter.setPen(
                QColor(theme.BLUE) if self.hasFocus() and place == self._current else Qt.PenStyle.NoPen
            )
            painter.setBrush(QColor(theme.BLUE_WASH))
            painter.drawRoundedRect(row.adjusted(0, 1, -1, -2), 4, 4)
        left, right = int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignRight)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.INK))
        painter.drawText(row.adjusted(6, 0, 0, 0), left | middle, step.label)
        bar = QRect(
            label_width, row.top() + (row.height() - min(_BAR_PX, row.height() - 3)) // 2,
            max(40, row.width() - label_width - number_width - share_width - 6), min(_BAR_PX, row.height() - 3),
        )  # fmt: skip
        self._paint_bar(painter, bar, place, step)
        number = QRect(bar.right(), row.top(), number_width, row.height())
        share = QRect(number.right(), row.top(), share_width, row.height())
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(theme.INK))
        painter.drawText(number, right | middle, fmt.number(step.count))
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.INK_SOFT))
        painter.drawText(share, right | middle, fmt.percent(step.count, self._total))

    def _paint_bar(self, painter: QPainter, bar: QRect, place: int, step: Step) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.LINE_SOFT))
        painter.drawRoundedRect(bar, _RADIUS_PX, _RADIUS_PX)
        if self._total > 0 and step.count > 0:
            filled = QRect(bar)
            filled.setWidth(max(2, round(bar.width() * min(1.0, step.count / self._total))))
            painter.setBrush(QColor(theme.FUNNEL[place % len(theme.FUNNEL)]))
            painter.drawRoundedRect(filled, _RADIUS_PX, _RADIUS_PX)

    def _place_at(self, y: float) -> int:
        place = int(y // self._row_height())
        return place if 0 <= place < len(self._steps) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._place_at(event.position().y())
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if self._hovered >= 0 else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        if place >= 0:
            self._current = place
            self.step_opened.emit(place, event.position().x() >= self.width() - self._numbers_px)

    def leaveEvent(self, _event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._steps:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._current = max(0, min(len(self._steps) - 1, self._current + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._steps:
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step_opened.emit(self._current, is_shifted)
        else:
            super().keyPressEvent(event)
