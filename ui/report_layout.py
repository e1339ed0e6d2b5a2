"""Where everything of a report stands on its pages: column widths, wrapped lines, page breaks. Pure.

Invariants: nothing is wider or lower than the page; a table's head stands again on each page it goes on; a heading
never stands alone at a page's foot. Lengths are in dots. Thread: any.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from app.services.report_tables import Report, Table, Value
from ui import format as fmt

DPI = 600


def dots(points: float) -> float:
    """A length in points (1/72 inch) in dots."""
    return points * DPI / 72


class Weight(Enum):
    """In what type something is set."""

    BODY = auto()
    STRONG = auto()
    HEAD = auto()
    SMALL = auto()
    TITLE = auto()
    PART = auto()


class Kind(Enum):
    """What a block is."""

    PART = auto()  # a heading over several tables
    TITLE = auto()
    LEAD = auto()
    HEAD = auto()
    ROW = auto()
    TOTAL = auto()


class Measure(Protocol):
    """The type, as wide and as high as the device sets it."""

    def width(self, text: str, weight: Weight) -> float: ...

    def height(self, weight: Weight) -> float: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of one cell, and where they stand in the row."""

    lines: tuple[str, ...]
    left: float
    width: float
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One row of the page: cells of one height."""

    kind: Kind
    weight: Weight
    cells: tuple[Cell, ...]
    height: float
    top: float = 0.0


@dataclass(slots=True)
class Page:
    blocks: list[Block] = field(default_factory=list)


PAD_X, PAD_Y = dots(4), dots(2.4)
GAP = {Kind.PART: dots(20), Kind.TITLE: dots(16), Kind.LEAD: dots(1), Kind.HEAD: dots(4)}  # above a block
UNBROKEN = dots(60)  # a column this narrow is not broken: "TPS 001" in two lines doubles a list
MOST_LINES = 30  # of one cell; the CSV has the whole
LEAST_ROWS = 2  # that stand below a head before the page ends
_WEIGHTS = {
    Kind.PART: Weight.PART,
    Kind.TITLE: Weight.TITLE,
    Kind.LEAD: Weight.SMALL,
    Kind.HEAD: Weight.HEAD,
    Kind.ROW: Weight.BODY,
    Kind.TOTAL: Weight.STRONG,
}


def lay_out(report: Report, measure: Measure, width: float, height: float) -> list[Page]:
    """Pages of `width` by `height`; at least one."""
    return _Layout(measure, width, height).of(report)


def shown(value: Value) -> str:
    """As it is printed: `10.338`."""
    return fmt.number(value) if isinstance(value, int) else value


def wrapped(text: str, weight: Weight, width: float, measure: Measure) -> tuple[str, ...]:
    """Lines no wider than `width`, broken between words, and inside one only where it is wider than a line."""
    if measure.width(text, weight) <= width:
        return (text,)
    lines, line = [], ""
    for piece in _pieces(text, weight, width, measure):
        longer = f"{line} {piece}" if line else piece
        if line and measure.width(longer, weight) > width:
            lines.append(line)
            line = piece
        else:
            line = longer
    lines.append(line)
    return tuple(lines) if len(lines) <= MOST_LINES else (*lines[: MOST_LINES - 1], "…")


def column_widths(table: Table, measure: Measure, room: float) -> list[float]:
    """Every column as wide as its widest word at least, the rest shared by how much each would like; all of `room`."""
    least, liked = [], []
    for column, head in enumerate(table.heads):
        cells = [shown(row[column]) for row in table.all_rows]
        whole = max((measure.width(cell, Weight.STRONG) for cell in cells), default=0.0)
        words = {word for cell in cells for word in cell.split()}
        word = max((measure.width(one, Weight.STRONG) for one in words), default=0.0)
        of_head = max(measure.width(one, Weight.HEAD) for one in head.split())
        is_whole = table.is_number(column) or whole <= UNBROKEN
        least.append(max(of_head, whole if is_whole else min(word, room / 4)) + 2 * PAD_X)
        liked.append(max(least[-1], whole + 2 * PAD_X))
    if sum(least) > room:
        return [one * room / sum(least) for one in least]
    spare, wish = room - sum(least), sum(liked) - sum(least)
    if wish > spare:
        return [low + (high - low) * spare / wish for low, high in zip(least, liked, strict=True)]
    over = (room - sum(liked)) / len(liked)
    return [one + over for one in liked]


class _Layout:
    def __init__(self, measure: Measure, width: float, height: float) -> None:
        self._measure, self._width, self._height = measure, width, height
        self._pages = [Page()]
        self._y = 0.0

    def of(self, report: Report) -> list[Page]:
        group = ""
        for table in report.tables:
            opening = [] if table.group == group or not table.group else [self._line(Kind.PART, table.group)]
            group = table.group
            self._table(table, opening)
        return self._pages

    def _table(self, table: Table, opening: list[Block]) -> None:
        opening = [*opening, self._line(Kind.TITLE, table.title)]
        opening += [self._line(Kind.LEAD, table.lead)] if table.lead else []
        rows = list(self._rows(table))
        head = rows[:1]  # the head itself, when there are rows
        kept = [*opening, *rows[: 1 + LEAST_ROWS]]
        if self._pages[-1].blocks and self._y + _height(kept) > self._height:
            self._break()
        for block in opening:
            self._put(block)
        for place, block in enumerate(rows):
            is_last_pair = place == len(rows) - 2 and rows[-1].kind is Kind.TOTAL
            needed = block.height + (rows[-1].height if is_last_pair else 0.0)
            if place > 1 and self._y + needed > self._height:
                self._break()
                self._put(head[0])
            self._put(block)

    def _rows(self, table: Table) -> Iterator[Block]:
        """Head, rows, total; nothing of a table without rows, whose lead says that there are none."""
        if not table.all_rows:
            return
        widths = column_widths(table, self._measure, self._width)
        right = [table.is_number(column) for column in range(len(table.heads))]
        yield self._row(Kind.HEAD, table.heads, widths, right)
        for row in table.rows:
            yield self._row(Kind.ROW, row, widths, right)
        if table.total is not None:
            yield self._row(Kind.TOTAL, table.total, widths, right)

    def _row(self, kind: Kind, row: Sequence[Value], widths: list[float], right: list[bool]) -> Block:
        weight, cells, left = _WEIGHTS[kind], [], 0.0
        for value, width, is_right in zip(row, widths, right, strict=True):
            inner = width - 2 * PAD_X
            lines = wrapped(shown(value), weight, inner, self._measure)
            cells.append(Cell(lines, left + PAD_X, inner, is_right))
            left += width
        height = max(len(cell.lines) for cell in cells) * self._measure.height(weight) + 2 * PAD_Y
        return Block(kind, weight, tuple(cells), height)

    def _line(self, kind: Kind, text: str) -> Block:
        weight = _WEIGHTS[kind]
        lines = wrapped(text, weight, self._width, self._measure)
        return Block(
            kind,
            weight,
            (Cell(lines, 0.0, self._width),),
            len(lines) * self._measure.height(weight) + dots(2),
        )

    def _put(self, block: Block) -> None:
        page = self._pages[-1]
        self._y += GAP.get(block.kind, 0.0) if page.blocks else 0.0
        page.blocks.append(Block(block.kind, block.weight, block.cells, block.height, self._y))
        self._y += block.height

    def _break(self) -> None:
        self._pages.append(Page())
        self._y = 0.0


def _height(blocks: Sequence[Block]) -> float:
    return sum(block.height + GAP.get(block.kind, 0.0) for block in blocks)


def _pieces(text: str, weight: Weight, width: float, measure: Measure) -> Iterator[str]:
    """Words; one wider than a line in parts that fit."""
    for word in text.split(" "):
        rest = word
        while len(rest) > 1 and measure.width(rest, weight) > width:
            fits = _letters_that_fit(rest, weight, width, measure)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _letters_that_fit(word: str, weight: Weight, width: float, measure: Measure) -> int:
    """At least one: a column is never so narrow that nothing is printed."""

    def is_wide(letters: int) -> bool:
        return measure.width(word[:letters], weight) > width

    return max(1, bisect_left(range(1, len(word)), True, key=is_wide))
