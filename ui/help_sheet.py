"""The help of every page a person works with, on one printed sheet: the same keys and texts as F1. Thread: UI.

Invariant: it is one A4 page; the letters become as small as they must, and never smaller than can be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextDocument

from ui.palette import FAMILIES, INK, NAVY
from ui.paper import Size
from ui.paper_flow import Flowing, Standing, flow

MARGIN, GAP, HEAD = 60.0, 40.0, 110.0  # tenths of a millimetre
COLUMNS = 3
LETTERS = tuple(range(32, 17, -1))  # 3.2 mm down to 1.8 mm
AROUND = 12.0
_FONTS = re.compile(
    r"font-(?:size|family):[^;\"]*;?"
)  # Qt writes the screen's into what it makes of Markdown


class HelpSheet:
    """A `ui.paper.Sheet`; `sections` are HTML, one for each page of the window."""

    def __init__(self, sections: Sequence[str]) -> None:
        self.title = QCoreApplication.translate("HelpDialog", "Situng Luring: lembar bantuan")
        self.file_name = "situng-luring-bantuan"
        self._sections = tuple(sections)

    def page_count(self, size: Size) -> int:
        _documents, standing = self._fitted(size)
        return max((one.page for one in standing), default=0) + 1

    def paint(self, painter: QPainter, page: int, size: Size) -> None:
        wide = size.width_mm * 10 - 2 * MARGIN
        font = _font(46)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(NAVY))
        painter.drawText(
            QRectF(MARGIN, MARGIN, wide, 60),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
            self.title,
        )
        painter.setPen(QPen(QColor(INK), 3))
        painter.drawLine(round(MARGIN), round(MARGIN + 76), round(MARGIN + wide), round(MARGIN + 76))
        documents, standing = self._fitted(size)
        column = _column(size)
        for document, at in zip(documents, standing, strict=True):
            if at.page == page:
                painter.save()
                painter.translate(MARGIN + at.column * (column + GAP), MARGIN + HEAD + at.y)
                document.drawContents(painter)
                painter.restore()

    def _fitted(self, size: Size) -> tuple[list[QTextDocument], list[Standing]]:
        """With the largest letters that need one page, or with the smallest."""
        for letters in LETTERS[:-1]:
            documents, standing = self._laid_out(size, letters)
            if all(one.page == 0 for one in standing):
                return documents, standing
        return self._laid_out(size, LETTERS[-1])

    def _laid_out(self, size: Size, letters: int) -> tuple[list[QTextDocument], list[Standing]]:
        high = size.height_mm * 10 - 2 * MARGIN - HEAD
        documents = [_document(one, letters, _column(size)) for one in self._sections]
        return documents, flow([Flowing(one.size().height() + AROUND) for one in documents], high, COLUMNS)


def _column(size: Size) -> float:
    return (size.width_mm * 10 - 2 * MARGIN - GAP * (COLUMNS - 1)) / COLUMNS


def _document(html: str, letters: int, wide: float) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(_font(letters))
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(
        f"h1 {{ font-size: large; color: {NAVY}; }} h2 {{ font-size: medium; color: {NAVY}; }} "
        f"td {{ padding: 1px 12px 1px 0; }} body {{ color: {INK}; }}"
    )
    document.setHtml(_FONTS.sub("", html))
    document.setTextWidth(wide)
    return document


def _font(letters: int) -> QFont:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(letters)
    return font
