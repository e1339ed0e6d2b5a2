"""A page that scrolls when the window is smaller than its contents (150 % on a 1366 x 768 screen), and only then.

Thread: UI.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


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
