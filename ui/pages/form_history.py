"""What happened to one form, line by line; a line that holds values opens onto them where the viewer may see them.

Invariant: what is withheld was never fetched (`app.services.history`): it is in no item and in no accessible text.
Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from app.services.status import HistoryLine
from ui import format as fmt
from ui import theme

_WHEN, _WHAT, _WHO = range(3)
_PADDING_PX = 10


class _Wrapped(QStyledItemDelegate):
    """As high as its sentence in the width there is: Qt's own row height is for one line, and cuts the rest."""

    def __init__(self, view: QTreeWidget) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if option.state & QStyle.StateFlag.State_Selected:  # marked as the tables of the window are
            painter.fillRect(option.rect, QColor(theme.BLUE_WASH))
        option.state &= ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected)
        super().paint(painter, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint, is_inside = super().sizeHint(option, index), index.parent().isValid()
        if index.column() != (_WHEN if is_inside else _WHAT):
            return QSize(0, hint.height()) if is_inside else hint
        indent = self._view.indentation() * 2
        room = self._view.viewport().width() - indent if is_inside else self._view.columnWidth(_WHAT)
        words = self._view.fontMetrics().boundingRect(
            QRect(0, 0, room - _PADDING_PX, 10_000), Qt.TextFlag.TextWordWrap, str(index.data())
        )
        return QSize(0 if is_inside else hint.width(), max(hint.height(), words.height() + _PADDING_PX))


class FormHistory(QTreeWidget):
    """Oldest first. Right, Enter or + opens a line, Left or - closes it, * opens all."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Riwayat"))
        self.setColumnCount(3)
        self.setHeaderLabels([self.tr("Waktu"), self.tr("Apa"), self.tr("Siapa")])
        self.setWordWrap(True)
        self.setUniformRowHeights(False)
        self.setIndentation(16)
        self.setItemDelegate(_Wrapped(self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_WHEN, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_WHO, QHeaderView.ResizeMode.ResizeToContents)

    def show_lines(self, lines: Sequence[HistoryLine], now: float) -> None:
        """A refresh keeps the place and what is open: lines are only ever added."""
        opened = {place for place, item in enumerate(self.lines()) if item.isExpanded()}
        chosen = self._line_of(self.currentItem())
        before = self.lines().index(chosen) if chosen is not None else -1
        self.clear()
        for line in lines:
            item = self._item(line, now)
            self.addTopLevelItem(item)
            for n in range(item.childCount()):
                self.setFirstColumnSpanned(n, self.indexFromItem(item), True)
        if not lines:
            nothing = self.tr("Belum ada yang terjadi pada formulir ini.")
            self.addTopLevelItem(QTreeWidgetItem(["", nothing, ""]))
        shown = self.lines()
        for place in opened:
            shown[place].setExpanded(True)
        self.setCurrentItem(shown[before])

    def text(self) -> str:
        """Every line as it is read out, what is inside the lines too."""
        found = []
        for item in self.lines():
            inside = [one for n in range(item.childCount()) if (one := item.child(n)) is not None]
            found += [" ".join(one.text(column) for column in range(3)).strip() for one in (item, *inside)]
        return "\n".join(found)

    def lines(self) -> list[QTreeWidgetItem]:
        """The lines themselves, not what is inside them."""
        items = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        return [item for item in items if item is not None]

    def _item(self, line: HistoryLine, now: float) -> QTreeWidgetItem:
        at = fmt.from_iso(line.at)
        who = line.who if line.who not in line.text else ""
        item = QTreeWidgetItem([fmt.moment(at, now) if at is not None else "", line.text, who])
        for label, value in line.values:
            self._inside(item, f"{label}: {value}", theme.INK)
        if line.is_withheld:
            self._inside(
                item,
                self.tr(
                    "Angkanya tidak ditampilkan: formulir ini masih dibaca tanpa melihat bacaan orang lain."
                ),
                theme.INK_SOFT,
            )
        return item

    @staticmethod
    def _inside(line: QTreeWidgetItem, words: str, ink: str) -> None:
        item = QTreeWidgetItem(line, [words])
        item.setForeground(_WHEN, QColor(ink))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    @staticmethod
    def _line_of(item: QTreeWidgetItem | None) -> QTreeWidgetItem | None:
        return item.parent() or item if item is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self._line_of(self.currentItem())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            item.setExpanded(not item.isExpanded())
            self.setCurrentItem(item)
        else:
            super().keyPressEvent(event)
