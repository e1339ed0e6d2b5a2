"""The page on the left of the boxes: the row that is being keyed in the light, the rest dimmed, the box ringed.

Invariants: it follows the focus and never takes it; it shows what lies on disk, moved and scaled, never altered. The
picture comes ready scaled (`ui.widgets.page_images`), so following the focus is one blit. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.form import Field, FormDefinition
from app.domain.geometry import around, page_of
from ui import theme

PX_PER_MM = 5.2  # at 100 %: a digit box of 7 mm is 36 px, comfortable at arm's length
LEAST_MM, MOST_MM = 100.0, 210.0  # of the page's width that is in sight
BAND_MARGIN_MM = 1.5
RIGHT_MARGIN_MM = 11.0
LOW_PX = 220
NUMBER_MM = 18.0  # the line with the polling station's number lies within so much above the first section
DIM = QColor(*theme.SHADE)
RING = QColor(theme.AMBER)
DESK = QColor(theme.DESK)  # what the page lies on


def in_shade(color: QColor) -> QColor:
    """The colour with the shade over it, opaque."""
    alpha = DIM.alphaF()

    def mixed(over: int, under: int) -> int:
        return round(over * alpha + under * (1 - alpha))

    return QColor(
        mixed(DIM.red(), color.red()), mixed(DIM.green(), color.green()), mixed(DIM.blue(), color.blue())
    )


DIM_DESK = in_shade(DESK)


class CropView(QWidget):
    """`size_wanted` tells the page picture's width in device pixels whenever it changes."""

    size_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: FormDefinition | None = None
        self._field: Field | None = None
        self._row: tuple[Field, ...] = ()
        self._picture: QImage | None = None
        self._dimmed: QImage | None = None  # the same in the shade
        self._badge = ""
        self._message = ""
        self._is_whole = False
        self._is_wide = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(200, 96)
        self._badge_font = theme.font(0.86)

    def sizeHint(self) -> QSize:
        return QSize(640, 560)

    # ---- what it shows -------------------------------------------------------------------------------------------

    @property
    def is_whole(self) -> bool:
        return self._is_whole

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    @property
    def field_id(self) -> str:
        return self._field.id if self._field is not None else ""

    def set_form(self, form: FormDefinition | None) -> None:
        self._form, self._field, self._picture, self._dimmed = form, None, None, None
        self.update()

    def set_field(self, field: Field | None) -> None:
        """Follow the focus."""
        self._field = field
        if field is not None and self._form is not None:
            self._row = tuple(one for one in self._form.fields if one.row == field.row)
        self.update()

    def set_picture(self, picture: QImage | None, badge: str, message: str = "") -> None:
        """The page's picture; `message` stands in its place while there is none."""
        self._picture, self._badge, self._message = picture, badge, message
        self._dimmed = None
        self.setAccessibleName(badge)
        self.update()

    def set_wide(self, *, is_wide: bool) -> None:
        """The page's whole width: a drawn layout has no handwriting to enlarge, but labels to read."""
        self._is_wide = is_wide

    def set_whole(self, *, is_whole: bool) -> None:
        self._is_whole = is_whole
        self.size_wanted.emit(self.picture_width())
        self.update()

    def clear(self) -> None:
        """Nothing of a form stays in sight or memory."""
        self._form = self._field = self._picture = self._dimmed = None
        self._row, self._badge, self._message = (), "", ""
        self.setAccessibleName("")
        self.update()

    def picture_width(self) -> int:
        """Device pixels across the whole page at the present zoom."""
        return max(1, round(self._page_size().width() * self.devicePixelRatioF()))

    # ---- geometry ------------------------------------------------------------------------------------------------

    def _millimetres(self) -> tuple[float, float]:
        if self._form is None:
            return 210.0, 297.0
        page = page_of(self._form, self._field.page if self._field is not None else 1)
        return page.width_mm, page.height_mm

    def _page_size(self) -> QRectF:
        """The whole page at the present zoom, in logical pixels, origin 0."""
        wide, high = self._millimetres()
        if self._is_whole:
            scale = min(self.width() / wide, self.height() / high)
        else:
            in_sight = wide if self._is_wide else min(MOST_MM, max(LEAST_MM, self.width() / PX_PER_MM))
            scale = self.width() / in_sight
        return QRectF(0, 0, wide * scale, high * scale)

    def _origin(self, page: QRectF) -> QPointF:
        """Where the page's top left corner lies in this widget."""
        if self._field is None and not self._is_whole:
            return QPointF(0, -self._heading_top(page))
        if self._is_whole or self._field is None:
            return QPointF((self.width() - page.width()) / 2, max(0.0, (self.height() - page.height()) / 2))
        scale = page.width() / self._millimetres()[0]
        boxes = around([one.box for one in self._row])
        field, row = self._field, self._field.row_box
        left = (boxes.x + boxes.w + RIGHT_MARGIN_MM) * scale - self.width()
        left = min(left, (boxes.x - 4) * scale)
        left = max(0.0, min(left, page.width() - self.width()))
        is_low = (
            row.h * scale > self.height() * 0.8
        )  # the row with its words does not fit: the box comes first
        middle = field.box.y + field.box.h * 0.9 if is_low else row.y + row.h / 2
        top = middle * scale - self.height() * 0.5
        top = max(0.0, min(top, page.height() - self.height()))
        return QPointF(-left, -top)

    def _heading_top(self, page: QRectF) -> float:
        """The polling station's number stands above the first section: on a low screen that line is at the top."""
        if self._form is None:
            return 0.0
        first = min((one.box.y for one in self._form.sections if one.page == 1), default=0.0)
        scale = page.width() / self._millimetres()[0]
        return max(0.0, first * scale - max(self.height(), NUMBER_MM * scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.size_wanted.emit(self.picture_width())

    # ---- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), DESK)
        page = self._page_size()
        page.moveTopLeft(self._origin(page))
        if self._picture is None:
            self._paint_message(painter)
        else:
            self._paint_page(painter, page, self._picture)
        if self._badge:
            self._paint_badge(painter)
        painter.setPen(QPen(QColor(theme.LINE), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_picture(self, painter: QPainter, page: QRectF, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        if abs(image.width() - page.width() * ratio) > 1.0:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(page, image, QRectF(image.rect()))
            return
        in_sight = page.intersected(QRectF(self.rect()))
        source = in_sight.translated(-page.topLeft())
        painter.drawImage(
            in_sight,
            image,
            QRectF(source.x() * ratio, source.y() * ratio, source.width() * ratio, source.height() * ratio),
        )

    def _paint_page(self, painter: QPainter, page: QRectF, image: QImage) -> None:
        """The row in full light, the rest dimmed. The dimmed page is kept: to shade half a screen took longer than all
        else between two boxes."""
        if self._field is None:
            self._paint_picture(painter, page, image)
            return
        if self._dimmed is None:
            self._dimmed = dimmed(image)
        painter.fillRect(self.rect(), DIM_DESK)
        self._paint_picture(painter, page, self._dimmed)
        band = self._band(page, self._field)
        painter.setClipRect(band)
        painter.fillRect(band, DESK)
        self._paint_picture(painter, page, image)
        painter.setClipping(False)
        self._paint_light(painter, page, self._field, band)

    def _band(self, page: QRectF, field: Field) -> QRectF:
        """The strip across the view that holds the row."""
        stretch = page.height() / self._millimetres()[1]
        top = page.y() + (field.row_box.y - BAND_MARGIN_MM) * stretch
        return QRectF(0, top, self.width(), (field.row_box.h + 2 * BAND_MARGIN_MM) * stretch)

    def _paint_light(self, painter: QPainter, page: QRectF, field: Field, band: QRectF) -> None:
        scale = page.width() / self._millimetres()[0]
        stretch = page.height() / self._millimetres()[1]
        painter.setPen(QPen(QColor(theme.BLUE), 2))
        painter.drawLine(band.topLeft(), band.topRight())
        painter.drawLine(band.bottomLeft(), band.bottomRight())
        ring = QRectF(
            page.x() + field.box.x * scale,
            page.y() + field.box.y * stretch,
            field.box.w * scale,
            field.box.h * stretch,
        ).adjusted(-7, -7, 7, 7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(RING, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ring, 4, 4)

    def _paint_badge(self, painter: QPainter) -> None:
        painter.setFont(self._badge_font)
        text = painter.fontMetrics().boundingRect(self._badge)
        high = text.height() + 8
        top = (
            12 if self.height() >= LOW_PX else self.height() - high - 8
        )  # a low view keeps its top for the paper
        plate = QRectF(14, top, text.width() + 20, high)
        path = QPainterPath()
        path.addRoundedRect(plate, 3, 3)
        painter.fillPath(path, QColor(theme.CARD))
        painter.setPen(QColor(theme.INK))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._badge)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.INK_SOFT))
        painter.drawText(
            QRectF(self.rect()).adjusted(24, 24, -24, -24),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self._message,
        )


def dimmed(image: QImage) -> QImage:
    """The picture in the shade that stands beside the row in work."""
    copy = image.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(copy)
    painter.fillRect(copy.rect(), DIM)
    painter.end()
    return copy
