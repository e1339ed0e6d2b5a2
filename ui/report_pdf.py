"""A report as a PDF for A4: drawn with Qt's own PDF writer as `ui.report_layout` laid it out, pages numbered.

No further package is needed and the type is the window's (docs/decisions/095-reports.md). Needs a QGuiApplication, no
screen; any thread.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from app.services.report_tables import PRACTICE, Report, page_words
from ui import palette
from ui.report_layout import DPI, PAD_Y, Block, Kind, Weight, dots, lay_out

A4 = QRectF(0, 0, dots(595), dots(842))
SIDE, TOP, FOOT = dots(40), dots(72), dots(48)
ROOM = A4.adjusted(SIDE, TOP, -SIDE, -FOOT)
_SIZES_PT = {
    Weight.BODY: 8.4,
    Weight.STRONG: 8.4,
    Weight.HEAD: 7.2,
    Weight.SMALL: 7.8,
    Weight.TITLE: 10.5,
    Weight.PART: 12.5,
}
_LIGHT = frozenset({Weight.BODY, Weight.SMALL})
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def pdf_bytes(report: Report) -> bytes:
    """The whole file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(f"{report.title} – {report.place}")
    writer.setCreator("Situng Luring")
    face = Face(writer)
    pages = lay_out(report, face, ROOM.width(), ROOM.height())
    painter = QPainter(writer)
    try:
        for number, page in enumerate(pages, start=1):
            if number > 1:
                writer.newPage()
            _head(painter, face, report)
            _foot(painter, face, report, page_words(number, len(pages)))
            for block in page.blocks:
                _block(painter, face, block)
    finally:
        painter.end()
    buffer.close()
    return bytes(buffer.data().data())


class Face:
    """The window's type as the PDF writer measures it; the measure of the layout."""

    def __init__(self, writer: QPdfWriter) -> None:
        self.fonts = {weight: _font(size, bold=weight not in _LIGHT) for weight, size in _SIZES_PT.items()}
        self.metrics = {weight: QFontMetricsF(font, writer) for weight, font in self.fonts.items()}
        self._widths: dict[tuple[str, Weight], float] = {}

    def width(self, text: str, weight: Weight) -> float:
        """The same few words are measured over and over: a report of 10,338 TPS asks half a million times."""
        place = text, weight
        if place not in self._widths:
            self._widths[place] = self.metrics[weight].horizontalAdvance(text)
        return self._widths[place]

    def height(self, weight: Weight) -> float:
        return self.metrics[weight].height()


def _font(size_pt: float, *, bold: bool) -> QFont:
    made = QFont()
    made.setFamilies(list(palette.FAMILIES))
    made.setPointSizeF(size_pt)
    made.setBold(bold)
    return made


def _head(painter: QPainter, face: Face, report: Report) -> None:
    row = QRectF(SIDE, dots(30), ROOM.width(), dots(16))
    _write(painter, face, row, report.title, Weight.PART)
    if report.is_practice:
        width = face.width(PRACTICE, Weight.STRONG) + dots(14)
        badge = QRectF(row.right() - width, row.top() - dots(1), width, dots(15))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.YELLOW))
        painter.drawRoundedRect(badge, dots(3), dots(3))
        _write(painter, face, badge, PRACTICE, Weight.STRONG, Qt.AlignmentFlag.AlignHCenter)
    below = row.translated(0, dots(16))
    _write(painter, face, below, f"{report.place} · {report.period}", Weight.SMALL, ink=palette.INK_SOFT)
    _rule(painter, dots(65), palette.NAVY, 1.0)


def _foot(painter: QPainter, face: Face, report: Report, number: str) -> None:
    line = A4.bottom() - dots(38)
    _rule(painter, line, palette.LINE, 0.6)
    row = QRectF(SIDE, line + dots(4), ROOM.width(), dots(12))
    _write(painter, face, row, report.foot, Weight.SMALL, ink=palette.INK_SOFT)
    _write(painter, face, row, number, Weight.SMALL, _RIGHT, palette.INK_SOFT)


def _block(painter: QPainter, face: Face, block: Block) -> None:
    top, line = ROOM.top() + block.top, face.height(block.weight)
    pad = PAD_Y if block.kind in {Kind.HEAD, Kind.ROW, Kind.TOTAL} else 0.0
    ink = palette.INK_SOFT if block.kind in {Kind.HEAD, Kind.LEAD} else palette.INK
    if block.kind is Kind.TOTAL:
        _rule(painter, top, palette.INK_SOFT, 0.7)
    for cell in block.cells:
        # Heads stand on the line below them, whatever the number of their lines.
        spare = block.height - 2 * pad - len(cell.lines) * line if block.kind is Kind.HEAD else 0.0
        for place, text in enumerate(cell.lines):
            row = QRectF(SIDE + cell.left, top + pad + spare + place * line, cell.width, line)
            _write(painter, face, row, text, block.weight, _RIGHT if cell.is_right else _LEFT, ink)
    if block.kind in {Kind.HEAD, Kind.ROW}:
        strong = block.kind is Kind.HEAD
        _rule(
            painter, top + block.height, palette.INK_SOFT if strong else palette.LINE, 0.7 if strong else 0.4
        )


def _write(
    painter: QPainter,
    face: Face,
    row: QRectF,
    text: str,
    weight: Weight,
    side: Qt.AlignmentFlag = _LEFT,
    ink: str = palette.INK,
) -> None:
    painter.setFont(face.fonts[weight])
    painter.setPen(QColor(ink))
    spare = row.width() - face.width(text, weight)
    left = {_LEFT: 0.0, _RIGHT: spare}.get(side, spare / 2)
    metrics = face.metrics[weight]
    baseline = row.top() + (row.height() - metrics.height()) / 2 + metrics.ascent()
    painter.drawText(QPointF(row.left() + left, baseline), text)


def _rule(painter: QPainter, y: float, colour: str, width_pt: float) -> None:
    painter.setPen(QPen(QColor(colour), dots(width_pt)))
    painter.drawLine(QLineF(SIDE, y, A4.right() - SIDE, y))
