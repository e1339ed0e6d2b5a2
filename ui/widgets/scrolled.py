"""Small screens (150 % on 1366 x 768): pages scroll when the window is smaller than their contents, dialogs fit.

Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

_AROUND = QSize(40, 60)  # frame and title bar of a dialog, and a little of what is behind it


def scrolling_column(page: QWidget) -> QVBoxLayout:
    """The column to put the page's contents into, with the margins all pages have."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    inner = QWidget()
    area.setWidget(inner)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
    column = QVBoxLayout(inner)
    column.setContentsMargins(18, 14, 18, 14)
    column.setSpacing(12)
    return column


def fitted(dialog: QDialog, width: int, height: int) -> QSize:
    """The size wanted, or what the screen leaves."""
    return QSize(width, height).boundedTo(dialog.screen().availableGeometry().size() - _AROUND)


class FollowingArea(QScrollArea):
    """What was brought into sight stays there when cards come below it, or the window becomes smaller."""

    def __init__(self) -> None:
        super().__init__()
        self._last: tuple[QWidget, int] | None = None

    def follow(self, widget: QWidget, margin: int) -> None:
        """Scroll until it is seen, with `margin` pixels above and below."""
        self._last = (widget, margin)
        self.ensureWidgetVisible(widget, 0, margin)

    def forget(self) -> None:
        """Back to the top; nothing is followed."""
        self._last = None
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.widget()
        if self._last is not None and inside is not None:
            widget, margin = self._last
            middle = widget.mapTo(inside, widget.rect().center())
            # `ensureWidgetVisible` keeps no margin while the widget is just in sight: rows after it would be hidden.
            reach = min(margin + widget.height() // 2, self.viewport().height() // 2)
            self.ensureVisible(0, middle.y(), 0, reach)


def bring_up(widget: QWidget) -> None:
    """Scroll the page it is on until it is seen whole."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 0, 14)
            return
        parent = parent.parentWidget()


class PageStack(QStackedWidget):
    """As small as the page in front can be; Qt's own is never smaller than the largest of all that were shown.

    `is_elastic`: the pages have tables and pictures that give way to wrapped sentences before anything is scrolled.
    """

    def __init__(self, *, is_elastic: bool) -> None:
        super().__init__()
        self._is_elastic = is_elastic
        self.currentChanged.connect(lambda _place: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        page = self.currentWidget()
        if page is None or self._is_elastic or not page.hasHeightForWidth():
            return self.minimumSizeHint().height()
        return page.heightForWidth(width)


class Held(QScrollArea):
    """The last resort of a small screen (200 % on 1366 x 768): what cannot become smaller is scrolled, never cut.

    What has the focus is brought into sight, by whatever way it got it.
    """

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(held)
        self._held = held
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        is_whole = self.horizontalScrollBar().maximum() == 0 and self.verticalScrollBar().maximum() == 0
        if now is not None and not is_whole and self._held.isAncestorOf(now):
            self.ensureWidgetVisible(now, 20, 20)
