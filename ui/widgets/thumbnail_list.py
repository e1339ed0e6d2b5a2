"""Small pictures of pages in a column, with a line of words; fetched as they come into sight. Thread: UI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui import theme
from ui.theme import TONES, Tone
from ui.widgets.page_images import PageImages

WIDTH_PX, HEIGHT_PX = 64, 90
_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One page."""

    id: int
    path: Path
    text: str
    tone: Tone = Tone.PLAIN


class ThumbnailList(QListWidget):
    """`picked` carries the id of the page in front, 0 for none."""

    picked = Signal(int)

    def __init__(self, images: PageImages, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._waiting: dict[str, list[int]] = {}
        self.setAccessibleName(name)
        self.setIconSize(QSize(WIDTH_PX, HEIGHT_PX))
        self.setUniformItemSizes(True)
        self.setWordWrap(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        images.ready.connect(self._on_ready)
        self.currentItemChanged.connect(lambda item, _old: self.picked.emit(_id_of(item)))

    def set_pages(self, pages: Sequence[Thumbnail]) -> None:
        """Show these, keeping the place of the person."""
        old = self.current_id()
        place = max(0, self.currentRow())
        self.blockSignals(True)
        self.clear()
        self._waiting.clear()
        for page in pages:
            item = QListWidgetItem(page.text)
            item.setData(_ID, page.id)
            item.setForeground(QColor(TONES[page.tone].ink))
            item.setIcon(QIcon(_empty()))
            self.addItem(item)
            self._fetch(page, self.count() - 1)
        self.blockSignals(False)
        ids = [page.id for page in pages]
        if pages:
            self.setCurrentRow(ids.index(old) if old in ids else min(place, len(ids) - 1))
        self.picked.emit(self.current_id())

    def current_id(self) -> int:
        return _id_of(self.currentItem())

    def _fetch(self, page: Thumbnail, row: int) -> None:
        picture = self._images.scan(page.path, round(WIDTH_PX * self.devicePixelRatioF()))
        if picture is not None:
            self.item(row).setIcon(QIcon(QPixmap.fromImage(picture)))
        else:
            self._waiting.setdefault(str(page.path), []).append(row)

    def _on_ready(self, name: str) -> None:
        for row in self._waiting.pop(name, ()):
            picture = self._images.scan(Path(name), round(WIDTH_PX * self.devicePixelRatioF()))
            if picture is not None and row < self.count():
                self.item(row).setIcon(QIcon(QPixmap.fromImage(picture)))


def _id_of(item: QListWidgetItem | None) -> int:
    return 0 if item is None else int(item.data(_ID))


def _empty() -> QPixmap:
    pixmap = QPixmap(WIDTH_PX, HEIGHT_PX)
    pixmap.fill(QColor(theme.LINE_SOFT))
    return pixmap
