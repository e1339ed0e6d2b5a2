"""One number box of a C1 form: typed by numpad or top row, left by Enter alone.

Invariants: the box never fills itself in, never takes a paste but plain digits, and tells its page about every key; it
decides nothing about where the focus goes. It paints itself, because restyling 39 boxes costs more than a key may.
Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDropEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.cell import Cell
from ui import theme
from ui.entry.box_text import REST_KEY, Hint, Typed, cell_of, paste, press, shown, text_of

RADIUS_PX = 5.0
SIDE_PX = 7.0
LEADS_AWAY = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CellEdit(QLineEdit):
    """A box. `typed` = the text changed by the person; `entered` carries whether the key was a held one's repeat."""

    typed = Signal()
    entered = Signal(bool)
    went_up = Signal()
    went_down = Signal()
    rest_wanted = Signal()  # `+` in an empty box: what is left of this list is blank
    leap_wanted = Signal(int)  # Page Down, Page Up: by a whole list
    hinted = Signal(object)
    focused = Signal()

    def __init__(self, limit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._typed_text = ""
        self._is_fresh = True  # the next digit replaces what stands here
        self._warns = False
        self.setFrame(False)
        self.setReadOnly(False)
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFont(theme.font(1.36, bold=True, fixed=True))

    # ---- what stands in it ---------------------------------------------------------------------------------------

    @property
    def typed_text(self) -> str:
        """As typed, without thousands."""
        return self._typed_text

    @property
    def cell(self) -> Cell | None:
        return cell_of(self._typed_text)

    def set_limit(self, digits: int) -> None:
        """How many digits the paper has room for; of a box that stands for one field after the other."""
        self._limit = digits

    def set_typed_text(self, text: str) -> None:
        """Put a stored or unfinished text in, without telling anybody."""
        self._typed_text = text
        self._is_fresh = True
        self._show()

    def set_cell(self, cell: Cell | None) -> None:
        self.set_typed_text(text_of(cell))

    def set_warning(self, *, warns: bool) -> None:
        """An amber edge: a check speaks about this box (the sentence stands beside it)."""
        if warns != self._warns:
            self._warns = warns
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(round(metrics.horizontalAdvance("0.000") + 2 * SIDE_PX), round(metrics.height() + 12))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(event.isAutoRepeat())
        elif key in LEADS_AWAY:
            self._lead_away(event)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            erased = "" if self._is_fresh or key == Qt.Key.Key_Delete else self._typed_text[:-1]
            self._take(Typed(erased))
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste(QGuiApplication.clipboard().text())
        elif event.text() == REST_KEY and not self._typed_text:
            if not event.isAutoRepeat():
                self.rest_wanted.emit()
        elif _is_plain(event):
            self._take(press("" if self._is_fresh else self._typed_text, event.text(), self._limit))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._end_fresh()
        else:
            event.ignore()  # F keys, Esc and shortcuts belong to the page
            return
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes the way of the arrows: over filled boxes, never past an empty one."""
        (self.went_down if forward else self.went_up).emit()
        return True

    def _lead_away(self, event: QKeyEvent) -> None:
        """The numpad's 3 and 9 without Num Lock are digits meant, not leaps."""
        key = event.key()
        if key == Qt.Key.Key_Up:
            self.went_up.emit()
        elif key == Qt.Key.Key_Down:
            self.went_down.emit()
        elif event.modifiers():
            self.hinted.emit(Hint.NUM_LOCK)
        else:
            self.leap_wanted.emit(+1 if key == Qt.Key.Key_PageDown else -1)

    def _paste(self, text: str) -> None:
        self._take(paste("" if self._is_fresh else self._typed_text, text, self._limit))

    def _take(self, typed: Typed) -> None:
        if typed.hint is Hint.NOT_A_KEY and self._is_fresh:
            self.hinted.emit(typed.hint)  # a stray key must not wipe a filled box
            return
        changed = typed.text != self._typed_text
        self._typed_text = typed.text
        self._is_fresh = False
        self._show()
        if changed:
            self.typed.emit()
        self.hinted.emit(typed.hint)

    def _end_fresh(self) -> None:
        self._is_fresh = False
        self.update()

    # ---- mouse, drop, focus --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the focus is all a click changes: no caret inside three digits, no middle-button paste

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._is_fresh = True
        self._show()
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show()

    def _show(self) -> None:
        """Thousands only without the focus; an unfinished text is shown as it is."""
        cell = self.cell
        text = self._typed_text if self.hasFocus() or cell is None else shown(cell)
        if text != self.text():
            self.setText(text)
        self.update()

    # ---- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_focus = self.hasFocus()
        edge = theme.BLUE if has_focus else theme.AMBER if self._warns else theme.EDGE
        width = 3.0 if has_focus else 2.0 if self._warns else 1.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(theme.CARD))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS_PX, RADIUS_PX)
        inner = QRectF(self.rect()).adjusted(SIDE_PX, 0, -SIDE_PX, 0)
        metrics = QFontMetricsF(self.font())
        text = self.text()
        advance = metrics.horizontalAdvance(text)
        if has_focus and self._is_fresh and text:
            wash = QRectF(
                inner.right() - advance - 2,
                inner.center().y() - metrics.height() / 2,
                advance + 4,
                metrics.height(),
            )
            painter.fillRect(wash, QColor(theme.CHOSEN))
        painter.setPen(QColor(theme.INK))
        painter.setFont(self.font())
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if has_focus and not (self._is_fresh and text):
            x = inner.right() + 2
            painter.setPen(QPen(QColor(theme.BLUE), 2))
            painter.drawLine(
                round(x),
                round(inner.center().y() - metrics.ascent() / 2),
                round(x),
                round(inner.center().y() + metrics.ascent() / 2),
            )


def _is_plain(event: QKeyEvent) -> bool:
    """A printable character without Ctrl, Alt or Meta (the numpad's modifier does not count)."""
    held = event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    return not held and len(event.text()) == 1 and event.text().isprintable()
