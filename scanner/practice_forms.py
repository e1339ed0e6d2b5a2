"""Practice pages: a blank form filled in by hand and scanned, all drawn here, all seeded.

For training, tests and benchmarks: nothing here ever touches real pages. One form is filled in by one hand (chosen by
the form's key and seed), each page is worn by its own random state, so the same arguments give the same bytes.
Values are written as given: wrong sums, blanks and unreadable boxes included. Pure, any thread or process.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from random import Random

from PIL import Image, ImageDraw

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells, Mark
from app.domain.form import Field, FormDefinition
from app.domain.geometry import MM_PER_INCH, digit_boxes
from scanner.blank_forms import (
    KPPS_SEATS,
    Row,
    Sheet,
    draw_blank,
    header_places,
    initials_place,
    rows_of,
    sheet_of,
    signature_places,
    words_place,
)
from scanner.handwriting import Hand, Pen, new_hand
from scanner.wear import Wear, worn

JPEG_QUALITY = 85
ONES = (
    "NOL",
    "SATU",
    "DUA",
    "TIGA",
    "EMPAT",
    "LIMA",
    "ENAM",
    "TUJUH",
    "DELAPAN",
    "SEMBILAN",
    "SEPULUH",
    "SEBELAS",
)


def practice_page(
    form: FormDefinition,
    page: int,
    key: C1Key,
    header: Mapping[str, str],
    cells: Cells,
    seed: int,
    *,
    dpi: int = 150,
    rough: bool = True,
) -> bytes:
    """JPEG (grey, quality 85) of one filled page, `dpi` dots per inch.

    `header` may hold `tps`, `desa`, `kecamatan`, `kabupaten`, `provinsi`; the TPS number is taken from `key` when it is
    missing. A field absent from `cells` leaves its boxes empty. Raises KeyError for a page the form does not have.
    """
    image = written_page(form, page, key, header, cells, seed, dpi=dpi)
    if rough:
        other = next((one.n for one in form.pages if one.n != page), None)
        behind = None if other is None else draw_blank(sheet_of(form, other), dpi).resize(image.size)
        image = worn(image, behind, Random(f"{seed}/{key.text()}/{page}/wear"), dpi, Wear())
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=JPEG_QUALITY, dpi=(dpi, dpi))
    return buffer.getvalue()


def written_page(
    form: FormDefinition,
    page: int,
    key: C1Key,
    header: Mapping[str, str],
    cells: Cells,
    seed: int,
    *,
    dpi: int,
) -> Image.Image:
    """The filled page before scanner and paper have had their way: straight, clean, grey."""
    sheet = sheet_of(form, page)
    image = draw_blank(sheet, dpi)
    hand = new_hand(Random(f"{seed}/{key.text()}/hand"))
    writer = _Writer(image, sheet, hand, Random(f"{seed}/{key.text()}/{page}/pen"), dpi)
    writer.header({"tps": f"{key.tps.number:03d}", **header})
    for row in rows_of(sheet.fields):
        for field in row.fields:
            if field.id in cells:
                writer.cell(field, cells[field.id])
        writer.words(row, cells)
    writer.signatures()
    return image


class _Writer:
    """Fills one sheet with one hand; a helper of `written_page`, not kept."""

    def __init__(self, image: Image.Image, sheet: Sheet, hand: Hand, random: Random, dpi: int) -> None:
        self._image = image
        self._sheet = sheet
        self._hand = hand
        self._random = random
        self._scale = dpi / MM_PER_INCH
        self._pen = Pen(image, hand, random, self._scale)

    def header(self, words: Mapping[str, str]) -> None:
        for name, place in header_places(self._sheet).items():
            height = min(3.6, place.h * 0.62)
            y = place.y + place.h * 0.62 - height
            self._pen.text(words.get(name, ""), *self._px(place.x, y, height, place.w - 2))

    def cell(self, field: Field, value: Cell) -> None:
        boxes = digit_boxes(field)
        if value is Mark.UNREADABLE:
            self._illegible(field)
        elif value is Mark.BLANK:
            if self._random.random() < 0.4:
                for box in boxes:
                    self._pen.write("-", *self._px(box.x, box.y, box.w, box.h))
        else:
            digits = str(value)[-field.digits :]
            filler = self._hand.filler if self._random.random() < 0.75 else ""
            padded = digits.rjust(field.digits, filler) if filler else digits.rjust(field.digits)
            for box, character in zip(boxes, padded, strict=True):
                if character != " ":
                    self._pen.write(character, *self._px(box.x, box.y, box.w, box.h))

    def words(self, row: Row, cells: Cells) -> None:
        place = words_place(row)
        value = cells.get(row.fields[0].id)
        if place is None or not isinstance(value, int):
            return
        height = min(4.2, place.h * 0.45)
        y = place.y + place.h * 0.42 - height / 2
        self._pen.text(spelled(value), *self._px(place.x + 2, y, height, place.w - 4))

    def signatures(self) -> None:
        places = signature_places(self._sheet)
        for n, place in enumerate(places):
            if n < KPPS_SEATS or self._random.random() < 0.8:
                width = min(place.w * 0.75, 26.0)
                left = place.x + (place.w - width) / 2
                pen = Pen(self._image, new_hand(self._random), self._random, self._scale)
                pen.signature(*self._px(left, place.y + place.h * 0.3, width, place.h * 0.45))
        if not places:
            corner = initials_place(self._sheet)
            for n in range(3):
                pen = Pen(self._image, new_hand(self._random), self._random, self._scale)
                pen.signature(*self._px(corner.x + n * corner.w / 3, corner.y, corner.w / 4, corner.h * 0.8))
        else:
            first = places[0]
            self._stamp(first.x + first.w * 1.1, first.y + first.h * 0.55)

    def _stamp(self, x: float, y: float) -> None:
        """KPPS's round rubber stamp, uneven ink, over signature and rule."""
        radius = self._random.uniform(11.0, 13.0)
        side = round(radius * 2 * self._scale)
        mask = Image.new("L", (side, side), 0)
        canvas = ImageDraw.Draw(mask)
        for share, width in ((1.0, 0.5), (0.92, 0.25), (0.6, 0.3)):
            inset = side / 2 * (1 - share)
            canvas.ellipse(
                (inset, inset, side - inset - 1, side - inset - 1),
                outline=150,
                width=max(1, round(width * self._scale)),
            )
        pen_width = max(1, round(0.35 * self._scale))
        canvas.text(
            (side / 2, side / 2),
            "KPPS",
            fill=160,
            anchor="mm",
            font_size=round(4.5 * self._scale),
            stroke_width=0.5,
        )
        canvas.line((side * 0.2, side * 0.36, side * 0.8, side * 0.36), fill=140, width=pen_width)
        canvas.line((side * 0.2, side * 0.64, side * 0.8, side * 0.64), fill=140, width=pen_width)
        mask = mask.rotate(self._random.uniform(-30, 30), Image.Resampling.BILINEAR)
        self._image.paste(90, (round(x * self._scale) - side // 2, round(y * self._scale) - side // 2), mask)

    def _illegible(self, field: Field) -> None:
        digits = "".join(self._random.choice("0123456789") for _ in range(field.digits))
        for box, character in zip(digit_boxes(field), digits, strict=True):
            place = self._px(box.x, box.y, box.w, box.h)
            self._pen.write(character, *place)
            self._pen.write(self._random.choice("0123456789"), *place)
        self._pen.scribble(*self._px(field.box.x, field.box.y, field.box.w, field.box.h))

    def _px(self, *millimetres: float) -> list[float]:
        return [one * self._scale for one in millimetres]


def spelled(number: int) -> str:
    """A number up to 999,999 in Indonesian words, as KPPS writes it beside the digits."""
    if number < 12:
        return ONES[number]
    if number < 20:
        return f"{ONES[number - 10]} BELAS"
    for unit, word, single in ((1000, "RIBU", "SERIBU"), (100, "RATUS", "SERATUS"), (10, "PULUH", "")):
        if number >= unit:
            count, rest = divmod(number, unit)
            start = single if count == 1 and single else f"{spelled(count)} {word}"
            return f"{start} {spelled(rest)}" if rest else start
    raise ValueError(f"not a number of votes: {number}")
