"""One sentence that passes by at the bottom of the window; it never takes the focus and never hides a field for long.

A sentence with bad news stays until Esc, a click or the next one. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui import theme
from ui.theme import TONES, Tone
from ui.widgets.icons import pixmap

SHOWN_MS = 5_000
_ABOVE_PX = 8


class Toast(QFrame):
    """One per window."""

    def __init__(self, window: QWidget, over: QWidget) -> None:
        """It stands on the lower edge of `over`: the way through practice below it stays legible."""
        super().__init__(window)
        self._window, self._over = window, over
        theme.set_role(self, "toast")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(10)
        self._icon = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words, 1)
        self.timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self.timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def say(self, words: str, tone: Tone = Tone.GOOD) -> None:
        look = TONES[tone]
        self._icon.setPixmap(pixmap(look.icon, look.on_navy))
        self.words.setText(words)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        if tone is Tone.BAD:
            self.timer.stop()
            self._listen(is_on=True)
        else:
            self.timer.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._listen(is_on=False)

    def _listen(self, *, is_on: bool) -> None:
        """For Esc, whoever has the focus: without a mouse it would stay over the keys for ever."""
        app = QCoreApplication.instance()
        if app is not None:
            (app.installEventFilter if is_on else app.removeEventFilter)(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.hide()  # the key goes on to where it is meant
        elif watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        window = self._window
        width = min(640, window.width() - 40)
        needed = self.words.fontMetrics().horizontalAdvance(self.words.text()) + 70
        width = min(width, needed)
        height = max(self._row.heightForWidth(width), self._row.sizeHint().height() if width == needed else 0)
        left = (window.width() - width) // 2
        bottom = self._over.mapTo(window, self._over.rect().bottomLeft()).y() - _ABOVE_PX
        self.setGeometry(left, bottom - height, width, height)
