"""The list of pages on the left: name, how many wait there, and the digit of its Ctrl shortcut.

Invariant: exactly one entry is checked; Up and Down move among them, as in any list. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui import format as fmt
from ui import theme

_LEFT_PX, _RIGHT_PX, _BAR_PX = 16, 12, 4
_MIN_WIDTH_PX = 176


class NavButton(QAbstractButton):
    """One page."""

    def __init__(self, page_id: str, title: str, digit: int) -> None:
        super().__init__()
        self.page_id, self.digit, self.badge = page_id, digit, 0
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(f"Ctrl+{digit}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name()

    def set_badge(self, count: int) -> None:
        if count != self.badge:
            self.badge = count
            self._name()
            self.updateGeometry()
            self.update()

    def _name(self) -> None:
        waiting = f", {fmt.number(self.badge)}" if self.badge else ""
        self.setAccessibleName(f"{self.text()}{waiting}, Ctrl+{self.digit}")

    def sizeHint(self) -> QSize:
        bold = theme.font(bold=True)
        width = (
            _LEFT_PX
            + self._digit_width()
            + self._advance(bold, self.text())
            + 12
            + self._pill_width()
            + _RIGHT_PX
        )
        return QSize(max(_MIN_WIDTH_PX, width), self.fontMetrics().height() + 22)

    @staticmethod
    def _advance(font: QFont, text: str) -> int:
        return QFontMetrics(font).horizontalAdvance(text)

    def _digit_width(self) -> int:
        return self._advance(theme.font(0.8), "0") + 8

    def _pill_width(self) -> int:
        return self._advance(theme.font(0.85), fmt.number(self.badge)) + 16 if self.badge else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect()
        if self.isChecked():
            painter.fillRect(area, QColor(theme.BLUE_WASH))
            painter.fillRect(0, 0, _BAR_PX, area.height(), QColor(theme.BLUE))
        elif self.underMouse():
            painter.fillRect(area, QColor(theme.LINE_SOFT))
        if self.hasFocus():
            painter.setPen(QColor(theme.BLUE))
            painter.drawRoundedRect(area.adjusted(_BAR_PX + 1, 2, -3, -3), 4, 4)
        self._paint_words(painter, area)
        if self.badge:
            self._paint_pill(painter, area)

    def _paint_words(self, painter: QPainter, area: QRect) -> None:
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(theme.font(0.8))
        painter.setPen(QColor(theme.INK_SOFT))
        painter.drawText(area.adjusted(_LEFT_PX, 0, 0, 0), middle, str(self.digit))
        painter.setFont(theme.font(bold=self.isChecked()))
        painter.setPen(QColor(theme.INK))
        painter.drawText(area.adjusted(_LEFT_PX + self._digit_width(), 0, 0, 0), middle, self.text())

    def _paint_pill(self, painter: QPainter, area: QRect) -> None:
        painter.setFont(theme.font(0.85))
        width, height = self._pill_width(), painter.fontMetrics().height() + 4
        pill = QRect(area.right() - _RIGHT_PX - width, (area.height() - height) // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.PILL))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(theme.INK))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), fmt.number(self.badge))


class Nav(QFrame):
    """All pages of the person at work."""

    page_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setStyleSheet(f"Nav {{ background: {theme.CARD}; border-right: 1px solid {theme.LINE}; }}")
        self._list = QWidget()  # scrolled on a screen that is lower than the list is long
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 10, 1, 10)
        self._column.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._list)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, NavButton] = {}
        self._foot = QLabel()
        theme.set_role(self._foot, "small")
        self._foot.setContentsMargins(_LEFT_PX, 0, 8, 0)
        self._foot.setWordWrap(True)
        self._column.addStretch(1)
        self._column.addWidget(self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rows = sum(button.sizeHint().height() for button in self.buttons.values())
        self._foot.setVisible(rows + 3 * self.fontMetrics().height() < event.size().height())

    def sizeHint(self) -> QSize:
        return QSize(self._list.sizeHint().width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._list.sizeHint().width(), super().minimumSizeHint().height())

    def set_pages(self, pages: Sequence[tuple[str, str, int]], foot: str) -> None:
        """(id, title, digit) of every page to show."""
        for button in self.buttons.values():
            self._group.removeButton(button)
            self._column.removeWidget(
                button
            )  # or both lists are as high as they are together, until it is deleted
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for place, (page_id, title, digit) in enumerate(pages):
            button = NavButton(page_id, title, digit)
            button.clicked.connect(self._on_clicked)
            self._group.addButton(button)
            self._column.insertWidget(place, button)
            self.buttons[page_id] = button
        self._foot.setText(foot)

    def select(self, page_id: str) -> None:
        if page_id in self.buttons:
            self.buttons[page_id].setChecked(True)

    def set_badge(self, page_id: str, count: int) -> None:
        if page_id in self.buttons:
            self.buttons[page_id].set_badge(count)

    def _on_clicked(self) -> None:
        button = self._group.checkedButton()
        if isinstance(button, NavButton):
            self.page_chosen.emit(button.page_id)
