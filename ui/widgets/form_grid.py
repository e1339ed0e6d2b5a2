"""The boxes of one form in paper order, with paper codes, section titles and the computed sums beside the totals.

Invariants: one `CellEdit` per box, each with the paper's code and label as its accessible name; codes, labels and notes
are painted, so that moving the focus repaints two rows and nothing else. Computed sums stand beside a box, never in it.
Thread: UI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.cell import Cell
from app.domain.form import Field, FormDefinition
from ui import theme
from ui.entry.rows import GridRow, grid_rows, spoken_name
from ui.theme import TONES, Tone
from ui.widgets.cell_edit import CellEdit

GAP = 4
NOTE_SAMPLE = "▲ hitung 8888"
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a box: icon and words in one text, coloured by its tone."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(slots=True)
class _Place:
    row: GridRow
    rect: QRect
    heading: QRect | None
    label: QRect
    note: QRect


class FormGrid(QWidget):
    """Signals carry the box's field id."""

    typed = Signal(str)
    entered = Signal(str, bool)
    went_up = Signal(str)
    went_down = Signal(str)
    rest_wanted = Signal(str)
    leap_wanted = Signal(int)
    hinted = Signal(str, object)
    focused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: FormDefinition | None = None
        self._fields: tuple[str, ...] = ()
        self._rows: tuple[GridRow, ...] = ()
        self._edits: dict[str, CellEdit] = {}
        self._places: list[_Place] = []
        self._row_of: dict[str, int] = {}
        self._notes: dict[str, Note] = {}
        self._titles: dict[str, Note] = {}
        self._current = ""
        self._small = theme.font(0.86)
        self._heading_font = theme.font(0.9, bold=True)

    # ---- what it shows -------------------------------------------------------------------------------------------

    @property
    def fields(self) -> tuple[str, ...]:
        return self._fields

    def set_form(self, form: FormDefinition, fields: Sequence[str], language: str = "id") -> None:
        """Build the boxes; the same boxes as before are emptied and used again."""
        if form is self._form and tuple(fields) == self._fields:
            self.clear_values()
            return
        for edit in self._edits.values():
            edit.hide()
            edit.setParent(None)
            edit.deleteLater()
        self._form, self._fields = form, tuple(fields)
        self._rows = grid_rows(form, fields, language)
        self._edits = {
            field.id: self._new_edit(field, language) for row in self._rows for field in row.fields
        }
        self._row_of = {field.id: place for place, row in enumerate(self._rows) for field in row.fields}
        self._notes, self._titles, self._current = {}, {}, ""
        self._lay_out()

    def _new_edit(self, field: Field, language: str) -> CellEdit:
        edit = CellEdit(len(str(field.maximum)), self)
        name = field.id
        edit.setAccessibleName(spoken_name(field, language))
        edit.setObjectName(f"box-{name}")
        edit.typed.connect(lambda: self.typed.emit(name))
        edit.entered.connect(lambda is_repeat: self.entered.emit(name, is_repeat))
        edit.went_up.connect(lambda: self.went_up.emit(name))
        edit.went_down.connect(lambda: self.went_down.emit(name))
        edit.leap_wanted.connect(self.leap_wanted)
        edit.rest_wanted.connect(lambda: self.rest_wanted.emit(name))
        edit.hinted.connect(lambda hint: self.hinted.emit(name, hint))
        edit.focused.connect(lambda: self.focused.emit(name))
        return edit

    def clear_values(self) -> None:
        """No value stays anywhere in the widget tree."""
        for edit in self._edits.values():
            edit.set_cell(None)
            edit.set_warning(warns=False)
        self._notes, self._titles, self._current = {}, {}, ""
        self.update()

    def set_cells(self, cells: Mapping[str, Cell]) -> None:
        for field_id, edit in self._edits.items():
            edit.set_cell(cells.get(field_id))

    def edit(self, field_id: str) -> CellEdit:
        return self._edits[field_id]

    def set_notes(self, notes: Mapping[str, Note]) -> None:
        """Sums and marks beside boxes; only rows whose note changed are painted again."""
        changed = {one for one in (*self._notes, *notes) if self._notes.get(one) != notes.get(one)}
        self._notes = dict(notes)
        for field_id in changed & self._edits.keys():
            note = self._notes.get(field_id)
            self._edits[field_id].set_warning(warns=note is not None and note.tone is Tone.WAIT)
            self._repaint_row(field_id)

    def title(self, section: str) -> str:
        """What stands at the right of a section's title."""
        note = self._titles.get(section)
        return "" if note is None else note.text

    def set_titles(self, titles: Mapping[str, Note]) -> None:
        """Section id -> what stands at the right of its title; only titles that changed are painted again."""
        changed = {one for one in (*self._titles, *titles) if self._titles.get(one) != titles.get(one)}
        self._titles = dict(titles)
        for place in self._places if changed else ():
            if place.heading is not None and place.row.fields[0].section in changed:
                self.update(place.heading)

    def set_current(self, field_id: str) -> None:
        """Light the row; the focus is the page's business."""
        before, self._current = self._current, field_id
        for one in {before, field_id} & self._edits.keys():
            self._repaint_row(one)

    def row_rect(self, field_id: str) -> QRect:
        """Where the box's row lies, with its section title when it is the first."""
        place = self._places[self._row_of[field_id]]
        return place.rect.united(place.heading) if place.heading is not None else place.rect

    def _repaint_row(self, field_id: str) -> None:
        if field_id in self._row_of and self._places:
            self.update(self._places[self._row_of[field_id]].rect)

    # ---- layout --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(self._least_width(), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least_width(), 80)

    def _least_width(self) -> int:
        code, box, note = self._column_widths()
        return code + 84 + self._box_columns() * (box + GAP) + note + GAP

    def _column_widths(self) -> tuple[int, int, int]:
        code = max((QFontMetrics(self.font()).horizontalAdvance(row.code) for row in self._rows), default=40)
        box = max((edit.sizeHint().width() for edit in self._edits.values()), default=60)
        return code + 14, box, QFontMetrics(self._small).horizontalAdvance(NOTE_SAMPLE)

    def _box_columns(self) -> int:
        return (
            3 if any(len(row.fields) > 1 or row.fields[0].column in ("L", "P") for row in self._rows) else 1
        )

    def _lay_out(self) -> None:
        """Place titles, labels, boxes and notes for the present width; sets the height they need."""
        if not self._rows:
            self._places = []
            return
        code_w, box_w, note_w = self._column_widths()
        columns = self._box_columns()
        width = max(self.width(), self._least_width())
        boxes_x = width - note_w - GAP - columns * (box_w + GAP)
        label_w = boxes_x - code_w - GAP
        metrics = QFontMetrics(self.font())
        box_h = next(iter(self._edits.values())).sizeHint().height()
        heading_h = QFontMetrics(self._heading_font).height() + 12
        places: list[_Place] = []
        y = 0
        for row in self._rows:
            heading = QRect(0, y, width, heading_h) if row.heading else None
            y += heading_h if heading is not None else 0
            alone = columns == 3 and row.fields[0].column in ("", "J")
            room = label_w + (2 * (box_w + GAP) if alone else 0)
            wrapped = metrics.boundingRect(QRect(0, 0, room, 400), WRAP, row.label)
            height = max(box_h + 8, wrapped.height() + 8)
            for field in row.fields:
                place = {"L": 0, "P": 1}.get(field.column, 2) if columns == 3 else 0
                x = boxes_x + place * (box_w + GAP)
                edit = self._edits[field.id]
                edit.setGeometry(x, y + (height - box_h) // 2, box_w, box_h)
                edit.show()
            label = QRect(code_w, y, room, height)
            note = QRect(width - note_w, y, note_w, height)
            places.append(_Place(row, QRect(0, y, width, height), heading, label, note))
            y += height
        self._places = places
        self.setMinimumHeight(y + 4)
        self.resize(self.width(), y + 4)
        self.update()

    # ---- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = event.rect()
        painter.fillRect(area, QColor(theme.CARD))
        for place in self._places:
            if place.heading is not None and place.heading.intersects(area):
                self._paint_heading(painter, place)
            if place.rect.intersects(area):
                self._paint_row(painter, place)

    def _paint_heading(self, painter: QPainter, place: _Place) -> None:
        assert place.heading is not None  # noqa: S101 - asked by the caller; tells the type checker
        painter.setFont(self._heading_font)
        painter.setPen(QColor(theme.INK_SOFT))
        painter.drawText(place.heading.adjusted(8, 4, 0, 0), LEFT, place.row.heading)
        if len(place.row.fields) > 1:
            for field in place.row.fields:
                box = self._edits[field.id].geometry()
                painter.drawText(
                    QRect(box.x(), place.heading.y() + 4, box.width() - 9, place.heading.height() - 4),
                    RIGHT,
                    field.column,
                )
        note = self._titles.get(place.row.fields[0].section)
        if note is not None and note.text:
            painter.setFont(self._small)
            painter.setPen(QColor(TONES[note.tone].ink))
            painter.drawText(place.heading.adjusted(0, 4, -8, 0), RIGHT, note.text)
        painter.setPen(QPen(QColor(theme.EDGE_SOFT), 1))
        painter.drawLine(place.heading.bottomLeft(), place.heading.bottomRight())

    def _paint_row(self, painter: QPainter, place: _Place) -> None:
        notes = [self._notes[field.id] for field in place.row.fields if field.id in self._notes]
        warns = any(note.tone is Tone.WAIT for note in notes)
        is_current = self._current in {field.id for field in place.row.fields}
        if warns or is_current:
            painter.fillRect(place.rect, QColor(TONES[Tone.WAIT].wash if warns else theme.BLUE_WASH))
        painter.setPen(QPen(QColor(theme.LINE_SOFT), 1))
        painter.drawLine(place.rect.bottomLeft(), place.rect.bottomRight())
        painter.setFont(self.font())
        painter.setPen(QColor(theme.INK_SOFT))
        painter.drawText(
            QRect(8, place.rect.y(), place.label.x() - 8, place.rect.height()), LEFT, place.row.code
        )
        painter.setPen(QColor(theme.INK))
        painter.drawText(place.label, WRAP, place.row.label)
        if notes:
            painter.setFont(self._small)
            step = place.note.height() / len(notes)
            for n, note in enumerate(notes):
                painter.setPen(QColor(TONES[note.tone].ink))
                painter.drawText(
                    QRectF(place.note.x(), place.note.y() + n * step, place.note.width(), step),
                    LEFT,
                    note.text,
                )
