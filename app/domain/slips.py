"""How a wrong number came to stand in a box: one digit misread, dropped, swapped, a hundred too many.

Only words for a difference that is known already; nothing here decides which number is right. Source of the kinds:
344 real keying slips of 2019 (docs/rules.md). Thread: any, pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from app.domain.cell import Cell, Mark
from app.domain.form import Text


class Slip(StrEnum):
    """How one box, or two, went wrong."""

    LEFT_OUT = "left_out"  # a total without one of its parts: V.C without the invalid votes
    SWAPPED_BOXES = "swapped_boxes"  # two boxes hold each other's number
    EMPTY = "empty"  # nothing was written, or keyed
    HUNDRED = "hundred"  # exactly 100 too many or too few
    HUNDREDS_BOX = "hundreds_box"  # the first of the three digit boxes misread: 205 for 905
    SWAPPED_DIGITS = "swapped_digits"  # in each other's place: 18 for 81
    ONE_DIGIT = "one_digit"  # misread: 191 for 181
    DIGIT_COUNT = "digit_count"  # one dropped or added: 11 for 110
    OTHER = "other"


WORDS: Mapping[Slip, Text] = {
    Slip.LEFT_OUT: Text("jumlah ditulis tanpa {part}", "the total was written without {part}"),
    Slip.SWAPPED_BOXES: Text("isi dua kotak tertukar", "two boxes hold each other's number"),
    Slip.EMPTY: Text("kotak kosong", "the box was left blank"),
    Slip.HUNDRED: Text("selisih tepat 100", "off by exactly 100"),
    Slip.HUNDREDS_BOX: Text("kotak ratusan terbaca lain", "the hundreds box misread"),
    Slip.SWAPPED_DIGITS: Text("dua angka bertukar tempat", "two digits swapped"),
    Slip.ONE_DIGIT: Text("satu angka terbaca lain", "one digit misread"),
    Slip.DIGIT_COUNT: Text("satu angka kurang atau lebih", "one digit dropped or added"),
    Slip.OTHER: Text("bilangan lain", "another number"),
}


def kind_of(written: Cell, instead: int) -> Slip:
    """The likeliest name for `written` where `instead` belongs; the first that fits, the special before the general."""
    if isinstance(written, Mark):
        return Slip.EMPTY
    return next((kind for kind, fits in _KINDS.items() if fits(written, instead)), Slip.OTHER)


def _is_hundreds_box(written: int, instead: int) -> bool:
    return (written - instead) % 100 == 0 and min(written, instead) >= 100 and max(written, instead) < 1000


def _are_digits_swapped(written: int, instead: int) -> bool:
    a, b = str(written), str(instead)
    differ = [(one, other) for one, other in zip(a, b, strict=False) if one != other]
    return len(a) == len(b) and len(differ) == len("ab") and differ[0] == differ[1][::-1]


def _is_one_digit(written: int, instead: int) -> bool:
    a, b = str(written), str(instead)
    return len(a) == len(b) and sum(one != other for one, other in zip(a, b, strict=True)) == 1


def _is_digit_count(written: int, instead: int) -> bool:
    shorter, longer = sorted((str(written), str(instead)), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )


_KINDS: Mapping[Slip, Callable[[int, int], bool]] = {
    Slip.HUNDRED: lambda written, instead: abs(written - instead) == 100,
    Slip.HUNDREDS_BOX: _is_hundreds_box,
    Slip.SWAPPED_DIGITS: _are_digits_swapped,
    Slip.ONE_DIGIT: _is_one_digit,
    Slip.DIGIT_COUNT: _is_digit_count,
}
