"""Blocks of a form that its contest's lists fill: a party with its candidates, the persons of a DPD ballot.

The form says once how a block looks (`[blocks]`) and who stands on the lists (`[[group]]`); here they become pages,
sections and fields. Blocks follow one another over the places of a page, then over pages; a list too long for one place
goes on in the next. Meaning is not judged here (see `app.forms.validate`). Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.domain.form import Box, Field, Group, Member, Page, Section, Text
from app.forms import limits
from app.forms.layout import Layout
from app.forms.source import Place, Table

LAST = -1  # as the number of a page: the last one, however many pages the blocks take
_BELOW_HEADING_MM = 1.5
Names: TypeAlias = Mapping[str, str]  # "<nn>" -> "03": what stands for what in the texts of one block or row


@dataclass
class Blocks:
    """What the lists became, and where each piece stands in the file."""

    pages: list[Page] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    section_places: dict[str, Place] = field(default_factory=dict)
    field_places: dict[str, Place] = field(default_factory=dict)


def read_groups(root: Table) -> tuple[Group, ...]:
    """`[[group]]`: this contest's lists in the order of the paper; none on a form without lists."""
    return tuple(map(_group, root.tables("group"))) if root.has("group") else ()


def names_of(group: Group) -> dict[str, str]:
    """What a text may say of a list."""
    return {"<nn>": f"{group.number:02}", "<number>": str(group.number), "<name>": group.name}


def names_of_members(group: Group) -> Iterator[tuple[Names, Member]]:
    """What a text may say of each person on a list."""
    for one in group.members:
        of_member = {"<mm>": f"{one.number:02}", "<member>": str(one.number), "<member-name>": one.name}
        yield {**names_of(group), **of_member}, one


def filled(text: str, names: Names) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def read_blocks(root: Table, groups: tuple[Group, ...], layout: Layout) -> Blocks:
    """Empty on a form without lists."""
    if not groups:
        return Blocks()
    table = root.table("blocks")
    look = _Look.read(table)
    found = Blocks()
    if not look.places or look.rows < 1 or not look.lines:
        return found  # reported already, or nothing to lay out
    if sum(len(list(look.lines_of(group))) for group in groups) > limits.BOXES:
        table.fault(f"daftar-daftarnya membutuhkan lebih dari {limits.BOXES} kotak.")
        return found
    for group in groups:
        lines = list(look.lines_of(group))
        for start in range(0, len(lines), look.rows):
            _lay(found, look, layout, group, lines[start : start + look.rows], part=start // look.rows + 1)
    return found


@dataclass(frozen=True)
class _Line:
    """A row of a block as written, before names are filled in."""

    place: Place
    is_of_member: bool
    id: str
    code: str
    label: Text
    printed: str


@dataclass(frozen=True)
class _Look:
    """`[blocks]`: how a block looks and where blocks stand."""

    table: Table
    first_page: int
    size: tuple[float, float]  # of its pages
    rows: int  # in one place
    step: float
    above: float  # a row's strip begins so far above its boxes
    width: float
    heading: float
    digits_x: float  # from the place's left edge
    page_title: Text
    section: str  # its id
    title: Text
    places: tuple[tuple[float, float], ...]  # of one page
    lines: tuple[_Line, ...]

    @classmethod
    def read(cls, table: Table) -> _Look:
        look = cls(
            table,
            first_page=table.integer("page"),
            size=(table.number("width_mm"), table.number("height_mm")),
            rows=table.integer("rows"),
            step=table.number("step"),
            above=table.number("above"),
            width=table.number("width"),
            heading=table.number("heading"),
            digits_x=table.number("digits_x"),
            page_title=table.text("page_title"),
            section=table.string("section"),
            title=table.text("title"),
            places=tuple(_point(one) for one in table.tables("place")),
            lines=tuple(_line(one) for one in table.tables("row")),
        )
        table.close()
        return look

    def lines_of(self, group: Group) -> Iterator[tuple[_Line, Names]]:
        """A row written for members stands once for each of them."""
        for line in self.lines:
            if line.is_of_member:
                yield from ((line, names) for names, _ in names_of_members(group))
            else:
                yield line, names_of(group)


def _lay(
    found: Blocks, look: _Look, layout: Layout, group: Group, lines: list[tuple[_Line, Names]], part: int
) -> None:
    """One block, or a part of one, at the next place."""
    page_index, place_index = divmod(len(found.sections), len(look.places))
    number, (x, y) = look.first_page + page_index, look.places[place_index]
    if place_index == 0:
        title = _text(look.page_title, {"<page>": str(number)})
        found.pages.append(Page(number, title, *look.size))
    more = Text("", "") if part == 1 else Text(" (lanjutan)", " (continued)")
    title = _text(look.title, names_of(group))
    section = Section(
        filled(look.section, names_of(group)) + (f".{part}" if part > 1 else ""),
        number,
        Text(title.id + more.id, title.en + more.en),
        Box(x, y, look.width, look.heading),
        group.id,
    )
    found.sections.append(section)
    found.section_places[section.id] = look.table.place
    y += look.heading + _BELOW_HEADING_MM
    for place, (line, names) in enumerate(lines):
        top, label = y + place * look.step, _text(line.label, names)
        one = Field(
            id=filled(line.id, names),
            row=filled(line.id, names),
            column="",
            page=number,
            section=section.id,
            code=filled(line.code, names),
            label=label,
            box=layout.digit_box(x + look.digits_x, top),
            row_box=Box(x, top - look.above, look.width, look.step),
            digits=layout.digits,
            maximum=layout.maximum,
            row_label=label,
            printed=filled(line.printed, names),
        )
        if one.id in found.field_places:
            look.table.faults.add((*line.place, "id"), f"kotak `{one.id}` sudah ada.")
        found.field_places.setdefault(one.id, line.place)
        found.fields.append(one)


def _group(table: Table) -> Group:
    """Its members by name, or only how many where names are not at hand; those are marked as examples."""
    id_, number, name = table.string("id"), table.integer("number"), table.string("name")
    first, names = table.integer("first", default=1), table.strings("names", default=())
    count = table.integer("members", default=0)
    table.close()
    if bool(names) is (count > 0):
        table.fault("`names` (daftar nama) atau `members` (banyaknya calon): isi salah satu.")
    if count > limits.BOXES:
        table.fault(f"`members` paling banyak {limits.BOXES}.", "members")
        count = 0
    listed = names or tuple(f"Calon {n} (contoh)" for n in range(first, first + count))
    return Group(id_, number, name, tuple(Member(first + at, one) for at, one in enumerate(listed)))


def _point(table: Table) -> tuple[float, float]:
    point = table.number("x"), table.number("y")
    table.close()
    return point


def _line(table: Table) -> _Line:
    line = _Line(
        table.place,
        is_of_member=table.flag("members"),
        id=table.string("id"),
        code=table.string("code"),
        label=table.text("label"),
        printed=table.string("printed"),
    )
    table.close()
    return line


def _text(text: Text, names: Names) -> Text:
    return Text(filled(text.id, names), filled(text.en, names))
