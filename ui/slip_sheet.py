"""The printed slip of one form: its numbers with the paper's codes, who read them, what was accepted and why.

Invariants: it says that the paper counts, never that it does itself; LATIHAN stands across every practice page; a list
(party) is never split over two pages. Thread: UI.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app import forms
from app.domain.cell import Cell, Mark
from app.services.slip import Slip, SlipFinding
from ui import format as fmt
from ui.entry.rows import GridRow, grid_rows
from ui.palette import FAMILIES, INK, INK_SOFT, LINE, WATERMARK
from ui.paper import Size
from ui.paper_flow import Flowing, Standing, flow
from ui.places import proper
from ui.widgets.form_choices import readers_words

MARGIN, GAP = 100.0, 40.0  # tenths of a millimetre, as everything here
HEAD, FOOT = 250.0, 90.0
ROW, TITLE = 42.0, 60.0
TEXT, SMALL, LARGE = 30, 25, 46
CODE, VALUE, NARROW = 115.0, 150.0, 90.0  # the last one: a value in a list's column
WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
COLUMNS = {Size.A5: 2, Size.A4: 3}


@dataclass(frozen=True, slots=True)
class _Block:
    """Something that is never split: a section with its rows, or a paragraph."""

    heading: str
    rows: tuple[GridRow, ...] = ()
    text: str = ""
    is_wide: bool = True  # lists stand in columns

    @property
    def columns(self) -> int:
        return max(len(row.fields) for row in self.rows)

    @property
    def value_wide(self) -> float:
        return VALUE if self.is_wide else NARROW


class SlipSheet:
    """A `ui.paper.Sheet`."""

    def __init__(self, slip: Slip, language: str = "id") -> None:
        self._slip, self._language = slip, language
        form = forms.load(slip.key.form)
        self._form_title = form.title.in_language(language)
        self.title = f"{_tr('Slip entri')} {self._form_title} {slip.key.tps.label}"
        self.file_name = f"slip-{slip.key.form}-{slip.key.tps}"
        fields = [one.id for one in form.fields if one.id in slip.cells]
        rows = grid_rows(form, fields, language)
        by_section = groupby(rows, key=lambda row: row.fields[0].section)
        self._blocks: list[_Block] = []
        for section, grouped in by_section:
            of = tuple(grouped)
            self._blocks.append(_Block(of[0].heading, of, is_wide=section not in form.lists))
        self._blocks.append(_Block(_tr("Dibaca oleh"), text=self._readers()))
        for place, one in enumerate(slip.findings):
            heading = "" if place else _tr("Temuan dan alasannya")
            self._blocks.append(_Block(heading, text=_finding_words(form.paper_codes[one.field], one)))

    def _readers(self) -> str:
        slip = self._slip
        lines = []
        for one in slip.readers:
            at = fmt.from_iso(one.finished)
            lines.append(f"{one.words}: {one.name}, {_when(at) if at is not None else ''}")
        if slip.readings_needed == 1:
            lines.append(_tr("Formulir ini dibaca %1.").replace("%1", readers_words(1)))
        return "\n".join(lines)

    # ---- layout --------------------------------------------------------------------------------------------------

    def page_count(self, size: Size) -> int:
        return max(one.page for one in self._stand(size)) + 1

    def _stand(self, size: Size) -> list[Standing]:
        high = size.height_mm * 10 - 2 * MARGIN - self._head() - FOOT
        blocks = [Flowing(self._height(one, size), one.is_wide) for one in self._blocks]
        return flow(blocks, high, COLUMNS[size])

    def _head(self) -> float:
        return HEAD if self._slip.is_settled else HEAD + 80.0

    def _height(self, block: _Block, size: Size) -> float:
        if not block.text:
            return TITLE + ROW * len(block.rows) + 16.0
        room = QRectF(0, 0, size.width_mm * 10 - 2 * MARGIN, 10_000)
        title = TITLE if block.heading else 0.0
        return title + QFontMetricsF(_font(TEXT)).boundingRect(room, WRAP, block.text).height() + 16.0

    # ---- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, page: int, size: Size) -> None:
        wide = size.width_mm * 10 - 2 * MARGIN
        standing = self._stand(size)
        if self._slip.is_practice:
            _paint_practice(painter, size)
        self._paint_head(painter, wide, page, max(one.page for one in standing) + 1)
        column_wide = (wide - GAP * (COLUMNS[size] - 1)) / COLUMNS[size]
        for block, at in zip(self._blocks, standing, strict=True):
            if at.page != page:
                continue
            left = MARGIN + at.column * (column_wide + GAP)
            room = QRectF(left, MARGIN + self._head() + at.y, wide if block.is_wide else column_wide, 0)
            self._paint_block(painter, block, room)
        foot = QRectF(MARGIN, size.height_mm * 10 - MARGIN - 60, wide, 60)
        self._paint_foot(painter, foot)

    def _paint_head(self, painter: QPainter, wide: float, page: int, pages: int) -> None:
        slip, station = self._slip, self._slip.station
        _write(painter, QRectF(MARGIN, MARGIN, wide, 64), self.title, LARGE, is_bold=True)
        again = (
            f" · {_tr('pemungutan ke-%1').replace('%1', str(slip.key.round))}" if slip.key.round > 1 else ""
        )
        place = f"{proper(station.desa_name)} · {_tr('Kec.')} {proper(station.kecamatan_name)} · {slip.key.tps}{again}"
        _write(painter, QRectF(MARGIN, MARGIN + 70, wide, 44), place, TEXT)
        legend = _tr("– kosong di kertas   ∗ tidak terbaca")
        number = _tr("halaman %1 dari %2").replace("%1", str(page + 1)).replace("%2", str(pages))
        _write(painter, QRectF(MARGIN, MARGIN + 120, wide, 40), legend, SMALL, INK_SOFT)
        _write(painter, QRectF(MARGIN, MARGIN + 120, wide, 40), number, SMALL, INK_SOFT, flags=RIGHT)
        if not slip.is_settled:
            box = QRectF(MARGIN, MARGIN + 172, wide, 84)
            painter.setPen(QPen(QColor(INK), 4))
            painter.drawRect(box)
            words = _tr(
                "Belum tuntas dibaca. Simpan terpisah dari kertas: pembaca berikutnya tidak boleh melihat angka ini."
            )
            _write(painter, box.adjusted(14, 0, -14, 0), words, TEXT, is_bold=True, flags=LEFT | WRAP)
        line = MARGIN + self._head() - 20
        painter.setPen(QPen(QColor(INK), 3))
        painter.drawLine(round(MARGIN), round(line), round(MARGIN + wide), round(line))

    def _paint_block(self, painter: QPainter, block: _Block, room: QRectF) -> None:
        title = QRectF(room.x(), room.y(), room.width(), TITLE - 12)
        _write(painter, title, block.heading, TEXT, is_bold=True)
        y = room.y() + (TITLE if block.heading else 0.0)
        if block.text:
            _write(painter, QRectF(room.x(), y - 8, room.width(), 10_000), block.text, TEXT, flags=WRAP)
            return
        if block.columns > 1:
            for place, name in enumerate(("L", "P", "J")):
                _write(painter, _value_room(title, place, 3, VALUE), name, SMALL, INK_SOFT, flags=RIGHT)
        for row in block.rows:
            self._paint_row(painter, row, QRectF(room.x(), y, room.width(), ROW), block)
            y += ROW

    def _paint_row(self, painter: QPainter, row: GridRow, room: QRectF, block: _Block) -> None:
        painter.setPen(QPen(QColor(LINE), 2))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        _write(painter, QRectF(room.x(), room.y(), CODE, room.height()), row.code, SMALL, INK_SOFT)
        values = block.columns * block.value_wide
        label = QRectF(room.x() + CODE, room.y(), room.width() - CODE - values, room.height())
        short = QFontMetricsF(_font(SMALL)).elidedText(row.label, Qt.TextElideMode.ElideRight, label.width())
        _write(painter, label, short, SMALL)
        for field in row.fields:
            place = {"L": 0, "P": 1}.get(field.column, block.columns - 1)
            value = value_words(self._slip.cells[field.id])
            at = _value_room(room, place, block.columns, block.value_wide)
            _write(painter, at, value, TEXT, is_bold=True, flags=RIGHT)

    def _paint_foot(self, painter: QPainter, room: QRectF) -> None:
        slip = self._slip
        words = (
            _tr("Salinan angka yang diketik; yang berlaku adalah kertas C1. Dicetak %1 oleh %2.")
            .replace("%1", _when(slip.printed_at))
            .replace("%2", slip.printed_by)
        )
        _write(painter, room, words, SMALL, INK_SOFT)


def _value_room(room: QRectF, place: int, columns: int, wide: float) -> QRectF:
    return QRectF(room.right() - (columns - place) * wide, room.y(), wide - 8, room.height())


def _when(seconds: float) -> str:
    """`19/4/2019 14.00`: a slip is filed, so its year is written."""
    then = datetime.fromtimestamp(seconds).astimezone()
    return f"{then.day}/{then.month}/{then.year} {fmt.clock(seconds)}"


def value_words(cell: Cell) -> str:
    """As on the screen without the focus: thousands, a dash for blank, an asterisk for unreadable."""
    if isinstance(cell, Mark):
        return "–" if cell is Mark.BLANK else "∗"
    return fmt.number(cell)


def _finding_words(code: str, finding: SlipFinding) -> str:
    reason = f" → {finding.reason}" if finding.reason else ""
    note = f": {finding.note}" if finding.note else ""
    by = f" ({finding.by})" if finding.by else ""
    return f"{code}  {finding.sentence}{reason}{note}{by}"


def _paint_practice(painter: QPainter, size: Size) -> None:
    """Across the page, so that no copy of a part of it is without."""
    painter.save()
    painter.translate(size.width_mm * 5, size.height_mm * 5)
    painter.rotate(-50)
    painter.setFont(_font(round(size.width_mm * 2), is_bold=True))
    painter.setPen(QColor(WATERMARK))
    painter.drawText(QRectF(-2_000, -400, 4_000, 800), int(Qt.AlignmentFlag.AlignCenter), "LATIHAN")
    painter.restore()


def _font(size: int, *, is_bold: bool = False) -> QFont:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(size)
    font.setBold(is_bold)
    return font


def _write(
    painter: QPainter,
    room: QRectF,
    words: str,
    size: int,
    ink: str = INK,
    *,
    is_bold: bool = False,
    flags: int = LEFT,
) -> None:
    painter.setFont(_font(size, is_bold=is_bold))
    painter.setPen(QColor(ink))
    painter.drawText(room, flags, words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("slip", text)
