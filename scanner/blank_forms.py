"""The empty form, drawn from its definition's boxes, sections and texts.

Two uses: the sheet practice pages are written on, and the layout that scanned pages are registered against.
Invariant: every rule drawn here comes from the definition's millimetres, so a page drawn from a definition registers
on that definition. The texts are our own short wording of KPU's public form. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont

from app.domain.form import Box, Field, FormDefinition, Page, Section
from app.domain.geometry import MM_PER_INCH, around, digit_boxes, page_of

PAPER = 255
PRINT = 38  # printed black as an office scanner sees it
FAINT = 120
CODE_WIDTH_MM = 9.0
CODE_LETTERS = 4  # that fit into its column: `A.1`, `V.C`; of a longer code its last part
HEADER = (
    ("tps", "NOMOR TPS"),
    ("kecamatan", "KECAMATAN"),
    ("provinsi", "PROVINSI"),
    ("desa", "DESA/KELURAHAN"),
    ("kabupaten", "KABUPATEN/KOTA"),
)
KPPS_SEATS = 7
WITNESS_SEATS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one printed row (L, P, J or one number) and the rectangle around them."""

    fields: tuple[Field, ...]
    box: Box

    @property
    def label(self) -> str:
        """What the row is called: the part its fields' labels share (`Pemilih dalam DPT` of `..., laki-laki`)."""
        shared = self.fields[0].label.id
        for one in self.fields[1:]:
            while not one.label.id.startswith(shared):
                shared = shared[:-1]
        return shared.rstrip(" ,-(")

    @property
    def boxes(self) -> Box:
        """Around the digit boxes of all its fields."""
        return around(one.box for one in self.fields)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn on one side; everything in it is hashable, so a drawn sheet can be kept and copied."""

    form_id: str
    version: int
    title: str
    ballot: str
    heading: str
    page: Page
    pages: int
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    names: tuple[tuple[str, str], ...]  # field id -> what is printed beside it: a candidate, a line of a list


def sheet_of(form: FormDefinition, number: int) -> Sheet:
    """Page `number` of `form`. Raises KeyError when it does not have one."""
    page = page_of(form, number)
    return Sheet(
        form.id,
        form.version,
        form.title.id,
        form.ballot.id,
        form.extra.get("heading", "SERTIFIKAT HASIL PENGHITUNGAN SUARA DI TPS"),
        page,
        len(form.pages),
        tuple(one for one in form.fields if one.page == number),
        tuple(one for one in form.sections if one.page == number),
        tuple(_printed(form)),
    )


def _printed(form: FormDefinition) -> Iterator[tuple[str, str]]:
    yield from ((one.field, one.name) for one in form.publication.candidates)
    yield from ((one.id, one.printed) for one in form.fields if one.section in form.lists)


def rows_of(fields: Iterable[Field]) -> tuple[Row, ...]:
    """Fields in paper order, grouped by printed row."""
    rows = []
    for _, group in groupby(fields, key=lambda one: (one.section, one.row)):
        members = tuple(group)
        rows.append(Row(members, around([*(one.row_box for one in members), *(one.box for one in members)])))
    return tuple(rows)


def header_places(sheet: Sheet) -> Mapping[str, Box]:
    """Where each header word is written (name -> millimetres), two columns below the top edge."""
    body = around(one.row_box for one in sheet.fields)
    room = _first_title_y(sheet)
    step = min(7.5, max(3.5, room * 0.42 / 3))
    top = max(6.0, room - 3 * step - 3.0)
    places: dict[str, Box] = {}
    half = body.w / 2
    for n, (name, _) in enumerate(HEADER):
        column, line = divmod(n, 3)
        left = body.x + column * half
        places[name] = Box(left + 36.0, top + line * step, half - 40.0, step)
    return places


def draw_blank(sheet: Sheet, dpi: int) -> Image.Image:
    """A fresh grey image of the empty sheet at `dpi` (the caller may write on it)."""
    return _drawn(sheet, dpi).copy()


@lru_cache(maxsize=12)
def _drawn(sheet: Sheet, dpi: int) -> Image.Image:
    return _Press(sheet, dpi).print()


def _first_title_y(sheet: Sheet) -> float:
    top = min(one.row_box.y for one in sheet.fields)
    return top - (11.0 if any(one.column for one in sheet.fields[:1]) else 7.0)


@lru_cache(maxsize=64)
def font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own scalable font: the same on every machine."""
    return ImageFont.load_default(max(6, size_px))


class _Press:
    """Draws one sheet once; a helper of `draw_blank`, not kept."""

    def __init__(self, sheet: Sheet, dpi: int) -> None:
        self._sheet = sheet
        self._scale = dpi / MM_PER_INCH
        size = (round(sheet.page.width_mm * self._scale), round(sheet.page.height_mm * self._scale))
        self._image = Image.new("L", size, PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def print(self) -> Image.Image:
        self._header()
        rows = rows_of(self._sheet.fields)
        for section in self._sheet.sections:
            members = [row for row in rows if row.fields[0].section == section.id]
            if members:
                self._section(section, members)
        for row in rows:
            self._row(row)
        self._footer(max(row.box.y + row.box.h for row in rows))
        return self._image

    def _px(self, mm: float) -> int:
        return round(mm * self._scale)

    def _rule(self, box: Box, width_mm: float = 0.25, fill: int = PRINT) -> None:
        corners = (self._px(box.x), self._px(box.y), self._px(box.x + box.w), self._px(box.y + box.h))
        self._draw.rectangle(corners, outline=fill, width=max(1, round(width_mm * self._scale)))

    def _line(self, start: tuple[float, float], stop: tuple[float, float], width_mm: float = 0.2) -> None:
        ends = (self._px(start[0]), self._px(start[1]), self._px(stop[0]), self._px(stop[1]))
        self._draw.line(ends, fill=PRINT, width=max(1, round(width_mm * self._scale)))

    def _text(
        self,
        words: str,
        x: float,
        y: float,
        height_mm: float,
        *,
        anchor: str = "lm",
        bold: bool = False,
        fill: int = PRINT,
    ) -> None:
        stroke = max(0.3, height_mm * self._scale / 22) if bold else 0
        place = (self._px(x), self._px(y))
        self._draw.text(
            place, words, fill=fill, font=font(self._px(height_mm)), anchor=anchor, stroke_width=stroke
        )

    def _fitted(self, words: str, box: Box, height_mm: float, *, bold: bool = False) -> None:
        """Left-aligned text in `box`, broken into as many lines as fit, smaller when it must."""
        size = height_mm
        while True:
            lines = self._broken(words, box.w, size)
            if len(lines) * size * 1.15 <= box.h or size <= 1.6:
                break
            size *= 0.9
        top = box.y + box.h / 2 - (len(lines) - 1) * size * 0.575
        for n, line in enumerate(lines):
            self._text(line, box.x, top + n * size * 1.15, size, bold=bold)

    def _broken(self, words: str, width_mm: float, size_mm: float) -> list[str]:
        face, lines = font(self._px(size_mm)), [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and face.getlength(longer) > width_mm * self._scale:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _header(self) -> None:
        sheet = self._sheet
        body = around(one.row_box for one in sheet.fields)
        places = header_places(sheet)
        words_top = min(place.y for place in places.values())
        box = Box(body.x + body.w - 32, 7, 32, 9)
        self._rule(box, 0.4)
        self._text("MODEL", box.x + box.w / 2, box.y + 2.8, 2.6, anchor="mm", bold=True)
        self._text(sheet.title, box.x + box.w / 2, box.y + 6.2, 3.0, anchor="mm", bold=True)
        self._text(
            f"Halaman {sheet.page.n} dari {sheet.pages}", box.x + box.w / 2, box.y + 11.2, 2.2, anchor="mm"
        )
        if words_top >= 21:
            self._text(sheet.heading, sheet.page.width_mm / 2 - 8, 10, 3.6, anchor="mm", bold=True)
            self._text(
                f"PEMILIHAN UMUM {sheet.ballot.upper()}",
                sheet.page.width_mm / 2 - 8,
                15,
                3.2,
                anchor="mm",
                bold=True,
            )
        centre, radius = (self._px(body.x + 7), self._px(12)), self._px(5.5)
        for shrink in (1.0, 0.6, 0.3):
            reach = radius * shrink
            ring = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
            self._draw.ellipse(ring, outline=PRINT, width=max(1, self._px(0.4)))
        for name, label in HEADER:
            place = places[name]
            middle = place.y + place.h * 0.72
            self._text(label, place.x - 36, middle - 1.2, 2.8, bold=True)
            self._text(":", place.x - 3, middle - 1.2, 2.8, bold=True)
            for dot in range(int(place.w / 1.5)):
                self._line((place.x + dot * 1.5, middle), (place.x + dot * 1.5 + 0.4, middle), 0.3)

    def _section(self, section: Section, rows: list[Row]) -> None:
        top = rows[0].box
        columns = {one.column: one for one in rows[0].fields if one.column}
        is_numbered = section.title.id.startswith((section.id, f"{section.id.split('.')[0]}."))
        title = section.title.id if is_numbered else f"{section.id}. {section.title.id}"
        self._text(title.upper(), top.x, top.y - (8.2 if columns else 3.6), 3.2, bold=True)
        if columns:
            self._rule(Box(top.x, top.y - 5, top.w, 5), 0.3)
            self._text("URAIAN", top.x + CODE_WIDTH_MM + 20, top.y - 2.5, 2.4, bold=True)
        for name, one in columns.items():
            full = {"L": "LAKI-LAKI", "P": "PEREMPUAN", "J": "JUMLAH"}.get(name, name)
            self._text(full, one.box.x + one.box.w / 2, top.y - 2.5, 2.2, anchor="mm", bold=True)

    def _row(self, row: Row) -> None:
        first, box, boxes = row.fields[0], row.box, row.boxes
        self._rule(box)
        self._line((box.x + CODE_WIDTH_MM, box.y), (box.x + CODE_WIDTH_MM, box.y + box.h))
        code = first.code if len(first.code) < CODE_LETTERS else first.code.rsplit(".", 1)[-1]
        self._text(code, box.x + CODE_WIDTH_MM / 2, box.y + box.h / 2, 3.0, anchor="mm", bold=True)
        words = words_place(row)
        is_below = words is not None and words.y > boxes.y
        left = box.x + CODE_WIDTH_MM
        right = words.x if words and not is_below else boxes.x
        tall = words.y - 1 - box.y if words and is_below else box.h
        label = Box(left + 1.5, box.y + 0.5, right - left - 3.0, tall - 1.0)
        self._fitted(dict(self._sheet.names).get(first.id, row.label), label, 3.0)
        if words:
            if is_below:
                self._line((left, words.y - 1), (box.x + box.w, words.y - 1))
            else:
                self._line((words.x - 2, box.y), (words.x - 2, box.y + box.h))
            self._text("(ditulis dengan huruf)", words.x + words.w - 1, box.y + box.h - 1.6, 1.9, anchor="rm")
        for one in row.fields:
            self._rule(one.box, 0.45)
            for digit in digit_boxes(one)[1:]:
                self._line((digit.x, digit.y), (digit.x, digit.y + digit.h), 0.3)

    def _footer(self, below: float) -> None:
        page = self._sheet.page
        note = f"LATIHAN - bukan formulir resmi - {self._sheet.form_id} hlm. {page.n}"
        self._text(note, page.width_mm / 2, page.height_mm - 6, 2.2, anchor="mm", fill=FAINT)
        places = signature_places(self._sheet)
        if not places:
            corner = initials_place(self._sheet)
            self._text("Paraf KPPS:", corner.x - 2, corner.y + corner.h / 2, 2.4, anchor="rm")
            return
        title = "NAMA DAN TANDA TANGAN KPPS DAN SAKSI" if page.n == self._sheet.pages else "PARAF KPPS"
        self._text(title, page.width_mm / 2, min(below + 6, places[0].y - 3.5), 3.0, anchor="mm", bold=True)
        for n, place in enumerate(places):
            seat = (
                "KETUA"
                if n == 0
                else (f"ANGGOTA {n + 1}" if n < KPPS_SEATS else f"SAKSI 0{n - KPPS_SEATS + 1}")
            )
            self._rule(place)
            self._line((place.x, place.y + 4.5), (place.x + place.w, place.y + 4.5))
            self._text(seat, place.x + place.w / 2, place.y + 2.3, 2.1, anchor="mm", bold=True)
            if place.h > 15:
                left = place.x + 3
                self._line(
                    (left, place.y + place.h - 4), (place.x + place.w - 3, place.y + place.h - 4), 0.12
                )


def words_place(row: Row) -> Box | None:
    """Where the number is written in words: under its boxes in a tall row, left of them in a wide one."""
    if len(row.fields) != 1 or row.fields[0].column:
        return None
    below = row.boxes.y + row.boxes.h
    if row.box.y + row.box.h - below >= 10:
        return Box(row.box.x + 32, below + 3, row.box.w - 35, 8)
    room = row.boxes.x - row.box.x - CODE_WIDTH_MM
    if room < 130 or row.box.h < 9:
        return None
    width = room * 0.5
    return Box(row.boxes.x - width - 1.5, row.box.y, width, row.box.h)


def signature_places(sheet: Sheet) -> tuple[Box, ...]:
    """Boxes for the seven KPPS members (and the witnesses on the last page), as far as there is room below the rows."""
    body = around(one.row_box for one in sheet.fields)
    below = body.y + body.h
    room = sheet.page.height_mm - 9 - below
    if room < 30:
        return ()
    has_witnesses = sheet.page.n == sheet.pages and room >= 60
    height = min(26.0, (room - 14) / 2 if has_witnesses else room - 12)
    width, top = body.w / KPPS_SEATS, below + 9
    places = [Box(body.x + n * width, top, width, height) for n in range(KPPS_SEATS)]
    if has_witnesses:
        half = body.w / WITNESS_SEATS
        places += [Box(body.x + n * half, top + height + 3, half, height) for n in range(WITNESS_SEATS)]
    return tuple(places)


def initials_place(sheet: Sheet) -> Box:
    """The bottom right corner, where KPPS put their initials on a page without a signature table."""
    body = around(one.row_box for one in sheet.fields)
    top = body.y + body.h + 1.5
    return Box(body.x + body.w - 60, top, 60, min(12.0, max(6.0, sheet.page.height_mm - 7 - top)))
