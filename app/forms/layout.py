"""Sizes shared by all rows of a form, in millimetres. Thread: any."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.form import Box
from app.forms import limits
from app.forms.source import Table


@dataclass(frozen=True)
class Layout:
    """`[layout]`."""

    digits: int
    maximum: int
    digit_w: float
    digit_h: float
    single_x: float
    row: Box  # y = how far above the digit boxes the crop begins
    row_with_words: Box
    words: Box  # y = how far below the digit boxes' top the words begin

    def digit_box(self, x: float, y: float) -> Box:
        return Box(x, y, self.digit_w * self.digits, self.digit_h)


def read_layout(table: Table) -> Layout:
    def strip(key: str, offset: str) -> Box:
        inner = table.table(key)
        box = Box(inner.number("x"), inner.number(offset), inner.number("w"), inner.number("h"))
        inner.close()
        return box

    layout = Layout(
        digits=table.integer("digits"),
        maximum=table.integer("maximum"),
        digit_w=table.number("digit_w"),
        digit_h=table.number("digit_h"),
        single_x=table.number("single_x"),
        row=strip("row", "above"),
        row_with_words=strip("row_with_words", "above"),
        words=strip("words", "below"),
    )
    if not 1 <= layout.digits <= limits.DIGITS:
        table.fault(f"`digits` harus 1-{limits.DIGITS}.", "digits")
    if not 1 <= layout.maximum < 10**limits.DIGITS:
        table.fault(f"`maximum` harus 1 sampai {limits.DIGITS} angka.", "maximum")
    table.close()
    return layout
