"""Pictures of form pages at the size they are shown: decoded and scaled off the UI thread, kept for the next form.

Invariants: nothing is decoded on the UI thread, and the few newest pictures are kept, so that Enter never waits for a
file. A page without a scan is drawn from its form definition, with the paper's codes. Thread: UI; `load` and `draw`
run on a worker and touch QImage only, which Qt allows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPen
from PySide6.QtWidgets import QApplication

from app.domain.form import Box, FormDefinition
from app.domain.geometry import digit_boxes, page_of
from app.errors import ExpectedError, Unavailable
from ui import theme
from ui.entry.rows import grid_rows
from ui.tasks import Tasks

KEPT = 10  # two pages of this form and of the next ones, at two sizes
_Place = tuple[str, int]
NAME_LETTERS = 12  # of a scan's hash: enough to find the file, short enough for where it is said
_ONE_AT_A_TIME = threading.Lock()


class PageImages(QObject):
    """`ready` names the picture that arrived; `failed` the one that cannot be shown, with the sentence why."""

    ready = Signal(str)
    failed = Signal(str, str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None, *, keep: int = KEPT) -> None:
        super().__init__(parent)
        self._tasks, self._keep = tasks, keep
        self._kept: OrderedDict[_Place, QImage] = OrderedDict()
        self._wanted: OrderedDict[_Place, Callable[[], QImage]] = OrderedDict()
        self._making: _Place | None = None

    def scan(self, path: Path, width_px: int, *, is_urgent: bool = False) -> QImage | None:
        """The picture when it is there; else None, and it is being fetched; an urgent one before all others."""
        return self._get((str(path), width_px), lambda: load(path, width_px), is_urgent=is_urgent)

    def paper(self, form: FormDefinition, page: int, width_px: int, language: str = "id") -> QImage | None:
        """The drawn layout of a page that has no scan."""
        return self._get(
            (paper_name(form, page), width_px), lambda: draw_paper(form, page, width_px, language)
        )

    def forget(self) -> None:
        """At a change of person: no picture stays in memory longer than it is needed."""
        self._kept.clear()

    def _get(self, place: _Place, make: Callable[[], QImage], *, is_urgent: bool = False) -> QImage | None:
        kept = self._kept.get(place)
        if kept is not None:
            self._kept.move_to_end(place)
            return kept
        if place != self._making:
            self._wanted[place] = make
            if is_urgent:
                self._wanted.move_to_end(place, last=False)
            self._make_next()
        return None

    def _make_next(self) -> None:
        """One at a time: two would take both processors of an office PC from the person who types."""
        if self._making is not None or not self._wanted:
            return
        place, make = self._wanted.popitem(last=False)
        self._making = place
        self._tasks.run(
            self,
            make,
            lambda image: self._on_made(place, image),
            lambda error: self._on_failed(place, error),
        )

    def _on_made(self, place: _Place, image: QImage) -> None:
        self._making = None
        self._kept[place] = image
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)
        self._make_next()
        self.ready.emit(place[0])

    def _on_failed(self, place: _Place, error: ExpectedError) -> None:
        self._making = None
        self._make_next()
        self.failed.emit(place[0], error.sentence())


def paper_name(form: FormDefinition, page: int) -> str:
    """The name `ready` uses for a drawn page."""
    return f"paper:{form.id}:{page}"


def load(path: Path, width_px: int) -> QImage:
    """Read and scale one stored page. Raises Unavailable when it cannot be read.

    Under a lock: the first readers of a process, made on two threads at once, crash inside PySide 6.11 (8 of 25 tries
    at a switch interval of 0.1 ms).

    The reader scales while it reads: `QImage.scaledToWidth` keeps Python's lock for 20 ms, and a key pressed meanwhile
    would wait for it (seen in bench_keying).
    """
    with _ONE_AT_A_TIME:
        reader = QImageReader(str(path))
        size = reader.size()
        if size.width() > 0:
            reader.setScaledSize(QSize(width_px, max(1, round(size.height() * width_px / size.width()))))
        image = reader.read()
    if image.isNull():
        begin = path.name[:NAME_LETTERS]
        raise Unavailable(
            QApplication.translate("PageImages", "Pindaian tidak dapat dibuka: %1.").replace("%1", begin),
            hint=QApplication.translate(
                "PageImages", "Entri dapat diteruskan dari kertas; pindai ulang halaman ini."
            ),
        )
    return image.convertToFormat(QImage.Format.Format_RGB32)


def draw_paper(form: FormDefinition, number: int, width_px: int, language: str = "id") -> QImage:
    """The page's layout from its definition: titles, codes, labels and empty digit boxes."""
    page = page_of(form, number)
    scale = width_px / page.width_mm
    image = QImage(width_px, round(page.height_mm * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(theme.PAPER))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def place(box: Box) -> QRectF:
        return QRectF(box.x * scale, box.y * scale, box.w * scale, box.h * scale)

    def write(box: Box, text: str, size_mm: float, *, bold: bool = False) -> None:
        font = theme.font(bold=bold)
        font.setPixelSize(max(6, round(size_mm * scale)))
        painter.setFont(font)
        painter.setPen(QColor(theme.INK))
        painter.drawText(place(box), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text)

    write(Box(12, 14, 150, 12), form.title.in_language(language), 7, bold=True)
    write(Box(12, 27, 180, 8), page.title.in_language(language), 4)
    fields = [one.id for one in form.fields if one.page == number]
    for section in (one for one in form.sections if one.page == number):
        painter.fillRect(place(section.box), QColor(theme.PAPER_HEADING))
        write(
            Box(section.box.x + 3, section.box.y, section.box.w, section.box.h),
            section.title.in_language(language),
            4,
            bold=True,
        )
    for row in grid_rows(form, fields, language):
        first = row.fields[0]
        painter.setPen(QPen(QColor(theme.LINE), max(1.0, 0.2 * scale)))
        painter.drawRect(place(first.row_box))
        left = first.box.x - first.row_box.x - 22
        write(Box(first.row_box.x + 2, first.box.y, 18, first.box.h), row.code, 3.4, bold=True)
        write(Box(first.row_box.x + 20, first.row_box.y, left, 12), row.label, 3.2)
        painter.setPen(QPen(QColor(theme.INK), max(1.0, 0.3 * scale)))
        for field in row.fields:
            for box in digit_boxes(field):
                painter.drawRect(place(box))
    painter.end()
    return image
