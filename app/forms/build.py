"""From a form's TOML tables to a `FormDefinition`: rows become fields, check templates become checks.

Invariant: every piece remembers its place in the file (`Places`), so that a later fault can name its line. Meaning is
not judged here (see `app.forms.validate`). Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.domain.form import (
    Box,
    Candidate,
    Check,
    Column,
    Field,
    FormDefinition,
    Page,
    Profile,
    Publication,
    Section,
    Severity,
    Text,
)
from app.forms.source import Place, Table

_LEFT_OVER = re.compile(r"<[a-z-]+>")
EVERY_FIELD = ("*",)


@dataclass
class Places:
    """Where each piece stands in the file, and what stands twice."""

    fields: dict[str, Place] = field(default_factory=dict)
    checks: dict[str, Place] = field(default_factory=dict)
    sections: dict[str, Place] = field(default_factory=dict)
    profiles: dict[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class _Layout:
    """Sizes shared by all rows, in millimetres."""

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


def build(root: Table) -> tuple[FormDefinition, Places]:
    """Read the whole file. Faults are collected in `root.faults`; with any, the result is only good for reporting."""
    places = Places()
    columns = tuple(_column(one) for one in _unique(root.tables("column"), "id", "kolom"))
    layout = _layout(root.table("layout"))
    sections, fields = _sections(root, layout, columns, places)
    everything = tuple(one.id for one in fields)
    form = FormDefinition(
        id=root.string("id"),
        version=root.integer("version"),
        title=root.text("title"),
        ballot=root.text("ballot"),
        pages=tuple(_page(one) for one in root.tables("page")),
        sections=sections,
        fields=fields,
        checks=tuple(_checks(root, columns, everything, places)),
        profiles=tuple(_profiles(root, everything, places)),
        default_profile=root.string("default_profile"),
        readings=root.integer("readings"),
        publication=_publication(root.table("publication")),
        extra=root.mapping("extra", optional=True),
        columns=columns,
    )
    root.close()
    return form, places


def _unique(tables: list[Table], key: str, noun: str) -> Iterator[Table]:
    """Reports a second table with the same key; tables without the key are reported by their reader."""
    seen: set[str] = set()
    for table in tables:
        name = table.string(key) if table.has(key) else ""
        if name and name in seen:
            table.fault(f"{noun} `{name}` sudah ada.", key)
        seen.add(name)
        yield table


def _page(table: Table) -> Page:
    page = Page(
        n=table.integer("n"),
        title=table.text("title"),
        width_mm=table.number("width_mm"),
        height_mm=table.number("height_mm"),
    )
    table.close()
    return page


def _column(table: Table) -> Column:
    column = Column(id=table.string("id"), title=table.text("title"), x=table.number("x"))
    table.close()
    return column


def _layout(table: Table) -> _Layout:
    def strip(key: str, offset: str) -> Box:
        inner = table.table(key)
        box = Box(inner.number("x"), inner.number(offset), inner.number("w"), inner.number("h"))
        inner.close()
        return box

    layout = _Layout(
        digits=table.integer("digits"),
        maximum=table.integer("maximum"),
        digit_w=table.number("digit_w"),
        digit_h=table.number("digit_h"),
        single_x=table.number("single_x"),
        row=strip("row", "above"),
        row_with_words=strip("row_with_words", "above"),
        words=strip("words", "below"),
    )
    table.close()
    return layout


def _sections(
    root: Table, layout: _Layout, columns: tuple[Column, ...], places: Places
) -> tuple[tuple[Section, ...], tuple[Field, ...]]:
    sections: list[Section] = []
    fields: list[Field] = []
    for table in _unique(root.tables("section"), "id", "bagian"):
        heading = Box(layout.row.x, table.number("y"), layout.row.w, table.number("h"))
        section = Section(table.string("id"), table.integer("page"), table.text("title"), heading)
        sections.append(section)
        places.sections[section.id] = table.place
        for row in table.tables("row"):
            for one in _row(row, section, layout, columns):
                if one.id in places.fields:
                    row.fault(f"kotak `{one.id}` sudah ada.", "id")
                places.fields.setdefault(one.id, row.place)
                fields.append(one)
        table.close()
    return tuple(sections), tuple(fields)


def _row(table: Table, section: Section, layout: _Layout, columns: tuple[Column, ...]) -> Iterator[Field]:
    row, code, y, label = table.string("id"), table.string("code"), table.number("y"), table.text("label")
    printed, words = table.string("printed"), table.flag("words")
    wanted = table.strings("columns", default=())
    table.close()
    strip = layout.row_with_words if words else layout.row
    by_id = {column.id: column for column in columns}
    for name in wanted or ("",):
        column = by_id.get(name)
        if name and column is None:
            table.fault(f"kolom `{name}` tidak dikenal.", "columns")
        yield Field(
            id=f"{row}.{name}" if name else row,
            row=row,
            column=name,
            page=section.page,
            section=section.id,
            code=code,
            label=_with_column(label, column),
            box=layout.digit_box(column.x if column else layout.single_x, y),
            row_box=Box(strip.x, y - strip.y, strip.w, strip.h),
            digits=layout.digits,
            maximum=layout.maximum,
            row_label=label,
            printed=printed,
            words_box=Box(layout.words.x, y + layout.words.y, layout.words.w, layout.words.h)
            if words
            else None,
        )


def _with_column(label: Text, column: Column | None) -> Text:
    if column is None:
        return label
    return Text(id=f"{label.id}, {column.title.id}", en=f"{label.en}, {column.title.en}")


def _profiles(root: Table, everything: tuple[str, ...], places: Places) -> Iterator[Profile]:
    for table in _unique(root.tables("profile"), "name", "profil"):
        name, title, fields = table.string("name"), table.text("title"), table.strings("fields")
        places.profiles[name] = table.place
        table.close()
        yield Profile(name, title, everything if fields == EVERY_FIELD else fields)


def _publication(table: Table) -> Publication:
    candidates = []
    for one in _unique(table.tables("candidate"), "id", "calon"):
        candidates.append(
            Candidate(one.string("id"), one.integer("number"), one.string("name"), one.string("field"))
        )
        one.close()
    publication = Publication(table.string("ballot"), table.mapping("fields"), tuple(candidates))
    table.close()
    return publication


def _checks(
    root: Table, columns: tuple[Column, ...], everything: tuple[str, ...], places: Places
) -> Iterator[Check]:
    for table in root.tables("check"):
        template = _Template.read(table, everything)
        for row in template.rows:
            for column in template.columns:
                for one in template.fields:
                    check = template.expand(_filler(row, column, one, columns))
                    if check.code in places.checks:
                        table.fault(f"aturan `{check.code}` sudah ada.", "code")
                    places.checks.setdefault(check.code, table.place)
                    yield check


def _filler(row: str, column: str, one: str, columns: tuple[Column, ...]) -> Callable[[str, str], str]:
    """Fills `<row>`, `<column>`, `<column-title>`, `<field>`; what is not given stays and is reported as left over."""
    title = next((known.title for known in columns if known.id == column), None)

    def fill(text: str, language: str) -> str:
        if title is not None:
            text = text.replace("<column-title>", title.in_language(language))
        for name, value in (("<row>", row), ("<column>", column), ("<field>", one)):
            if value:
                text = text.replace(name, value)
        return text

    return fill


@dataclass(frozen=True)
class _Template:
    """A check as written, before its rows, columns or fields are filled in."""

    table: Table
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    check: Check

    @classmethod
    def read(cls, table: Table, everything: tuple[str, ...]) -> _Template:
        fields = table.strings("for_fields", default=())
        severity = table.string("severity")
        if severity and severity not in [one.value for one in Severity]:
            table.fault(f"severity `{severity}` tidak dikenal; yang ada: paper, warning, note.", "severity")
            severity = ""
        check = Check(
            code=table.string("code"),
            kind=table.string("kind"),
            severity=Severity(severity or "note"),
            message=table.text("message"),
            left=table.strings("left"),
            right=table.strings("right", default=()),
            limit=table.number("limit", default=0.0),
            floor=table.number("floor", default=0.0),
            mark=table.strings("mark", default=()),
            silenced_by=table.strings("silenced_by", default=()),
            examples_pass=tuple(_cells(table, "pass")),
            examples_fail=tuple(_cells(table, "fail")),
        )
        rows, columns = table.strings("for_rows", default=()), table.strings("for_columns", default=())
        table.close()
        return cls(
            table,
            rows or ("",),
            columns or ("",),
            (everything if fields == EVERY_FIELD else fields) or ("",),
            check,
        )

    def expand(self, fill: Callable[[str, str], str]) -> Check:
        def filled(text: str, language: str = "id") -> str:
            result = fill(text, language)
            if left_over := _LEFT_OVER.search(result):
                self.table.fault(
                    f"`{left_over[0]}` tidak terisi: for_rows, for_columns atau for_fields belum ada."
                )
            return result

        def each(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(filled(text) for text in texts)

        one = self.check
        return Check(
            code=filled(one.code),
            kind=one.kind,
            severity=one.severity,
            message=Text(id=filled(one.message.id), en=filled(one.message.en, "en")),
            left=each(one.left),
            right=each(one.right),
            limit=one.limit,
            floor=one.floor,
            mark=each(one.mark),
            silenced_by=each(one.silenced_by),
            examples_pass=tuple(
                {filled(key): cell for key, cell in cells.items()} for cells in one.examples_pass
            ),
            examples_fail=tuple(
                {filled(key): cell for key, cell in cells.items()} for cells in one.examples_fail
            ),
        )


def _cells(table: Table, key: str) -> Iterator[dict[str, int | str]]:
    for cells in table.objects(key):
        good: dict[str, int | str] = {}
        for name, value in cells.items():
            if isinstance(value, int | str) and not isinstance(value, bool):
                good[name] = value
            else:
                table.fault(f"contoh `{key}`: nilai `{name}` harus angka atau teks.", key)
        yield good
