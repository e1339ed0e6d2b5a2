"""What stands above a long list: one line to search with, and choices beside it. Any list of forms may use it.

Invariants: a choice applies at once, typing after a short pause; setting values from the program tells nobody. `/` and
Ctrl+F of the page lead to `search`; Enter leads from there to the list (`entered`). Thread: UI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from ui import theme
from ui.theme import text_width
from ui.widgets.flow import Flow

TYPING_PAUSE_MS = 60  # the list follows the typing, but not every key of a fast typist
_LETTERS = 12  # of a choice in sight; the whole of it is in the list that opens, and is read out

Choice = tuple[str, str]
"""Code and words; the code of `any` is empty."""


class FilterBar(QWidget):
    """`changed`: ask again. `entered`: on to the list."""

    changed = Signal()
    entered = Signal()

    def __init__(self, hint: str, name: str) -> None:
        super().__init__()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._typing.timeout.connect(self.changed)
        self._flow = Flow(self, spacing_px=6)
        self.choices: dict[str, QComboBox] = {}
        self.search = _Search(hint, name)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._on_enter)
        self.search.left.connect(self.entered)
        self._flow.addWidget(self.search)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Every row of it, however low the window is: what is below gives way, then the page is scrolled."""
        super().resizeEvent(event)
        self.setMinimumHeight(self._flow.heightForWidth(event.size().width()))

    def add(self, name: str, title: str, choices: Sequence[Choice], letters: int = _LETTERS) -> QComboBox:
        """One more choice; hidden while there is nothing to choose."""
        box = QComboBox()
        box.setAccessibleName(title)
        box.setToolTip(title)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(letters)
        box.currentIndexChanged.connect(lambda _place: self._on_chosen(box))
        self.choices[name] = box
        self._flow.addWidget(box)
        self.offer(name, choices)
        return box

    def offer(self, name: str, choices: Sequence[Choice]) -> None:
        """Other choices; what was chosen stays where it is still among them."""
        box, before = self.choices[name], self.value(name)
        with QSignalBlocker(box):
            box.clear()
            for code, words in choices:
                box.addItem(words, code)
            box.setCurrentIndex(max(0, box.findData(before)))
        widest = max((text_width(words) for _code, words in choices), default=0)
        box.view().setMinimumWidth(widest)  # the list that opens shows whole sentences
        box.setVisible(len(choices) > 1)
        self._mark(box)

    @property
    def text(self) -> str:
        """The words searched for."""
        return self.search.text().strip()

    def value(self, name: str) -> str:
        """The code chosen; empty = any."""
        return str(self.choices[name].currentData() or "")

    def show_values(self, text: str, values: Mapping[str, str]) -> None:
        """From the program: a code that is not offered shows as `any`."""
        with QSignalBlocker(self.search):
            self.search.setText(text)
        self._typing.stop()
        for name, code in values.items():
            box = self.choices[name]
            with QSignalBlocker(box):
                box.setCurrentIndex(max(0, box.findData(code)))
            self._mark(box)

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_chosen(self, box: QComboBox) -> None:
        self._mark(box)
        self.changed.emit()

    def _on_enter(self) -> None:
        self._typing.stop()
        self.changed.emit()
        self.entered.emit()

    @staticmethod
    def _mark(box: QComboBox) -> None:
        """A choice that narrows the list is seen as one, not only read."""
        theme.set_role(box, "chosen" if box.currentIndex() > 0 else "")


class _Search(QLineEdit):
    """Down leaves to the list; Esc empties, then leaves."""

    left = Signal()

    def __init__(self, hint: str, name: str) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(text_width(hint))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down or (event.key() == Qt.Key.Key_Escape and not self.text()):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)
