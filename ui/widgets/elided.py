"""A label that shortens its words with an ellipsis instead of pushing its neighbours away.

Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

_SPARE_PX = 2  # a fractional scale factor rounds a text a little wider than its hint


class ElidedButton(QPushButton):
    """The same for a button."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(_SPARE_PX, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() - QSize(self._lettering() - self.fontMetrics().horizontalAdvance("MMM…"), 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option, painter = QStyleOptionButton(), QStylePainter(self)
        self.initStyleOption(option)
        room = self.width() - super().sizeHint().width() + self._lettering()
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _lettering(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.text())


class ElidedLabel(QLabel):
    """As wide as its text where there is room, as narrow as three letters where there is none."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(
            Qt.TextFormat.PlainText
        )  # as it is painted; markup in it would be laid out, images read
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        """What is shortened is told whole under the mouse; screen readers have the whole text anyway."""
        is_short = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if is_short else "")

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("MMM…"), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance(self.text()) + _SPARE_PX, super().sizeHint().height()
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
