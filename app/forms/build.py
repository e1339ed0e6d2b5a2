"""From a form's TOML tables to a `FormDefinition`: rows become fields, lists become blocks, templates become checks.

Invariant: every piece remembers its place in the file (`Places`), so that a later fault can name its line. Meaning is
not judged here (see `app.forms.validate`). Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.form import (
    Box,
    Candidate,
    Column,
    Field,
    FormDefinition,
    Group,
    Page,
    Profile,
    Publication,
    Section,
    Text,
)
from app.forms.blocks import LAST, Blocks, filled, names_of, names_of_members, read_blocks, read_groups
from app.forms.layout import Layout, read_layout
from app.forms.source import Places, Table
from app.forms.templates import Known, read_checks


def build(root: Table) -> tuple[FormDefinition, Places]:
    """Read the whole file. Faults are collected in `root.faults`; with any, the result is only good for reporting."""
    places = Places()
    columns = tuple(_column(one) for one in _unique(root.tables("column"), "id", "kolom"))
    layout = read_layout(root.table("layout"))
    groups = read_groups(root)
    blocks = read_blocks(root, groups, layout)
    pages = _pages(root, blocks)
    sections, fields = _sections(root, layout, columns, blocks, len(pages), places)
    publication = _publication(root.table("publication"), groups)
    known = Known(tuple(one.id for one in fields), columns, groups, publication.ballot)
    form = FormDefinition(
        id=root.string("id"),
        version=root.integer("version"),
        title=root.text("title"),
        ballot=root.text("ballot"),
        pages=pages,
        sections=sections,
        fields=fields,
        checks=tuple(read_checks(root, known, places)),
        profiles=tuple(_profiles(root, known, places)),
        default_profile=root.string("default_profile"),
        readings=root.integer("readings"),
        publication=publication,
        extra=root.mapping("extra", optional=True),
        columns=columns,
        groups=groups,
        areas=root.strings("areas", default=("",)),
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


def _pages(root: Table, blocks: Blocks) -> tuple[Page, ...]:
    """In the order of their numbers; the blocks' pages among those the form names."""
    tables = root.tables("page")
    last = len(tables) + len(blocks.pages)
    named = [_page(one, last) for one in tables]
    return tuple(sorted([*named, *blocks.pages], key=lambda page: page.n) if blocks.pages else named)


def _page(table: Table, last: int) -> Page:
    n = table.integer("n")
    page = Page(
        n=last if n == LAST else n,
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


def _sections(
    root: Table, layout: Layout, columns: tuple[Column, ...], blocks: Blocks, last: int, places: Places
) -> tuple[tuple[Section, ...], tuple[Field, ...]]:
    sections: list[Section] = [*blocks.sections]
    fields: list[Field] = [*blocks.fields]
    places.sections.update(blocks.section_places)
    places.fields.update(blocks.field_places)
    for table in _unique(root.tables("section"), "id", "bagian"):
        heading = Box(layout.row.x, table.number("y"), layout.row.w, table.number("h"))
        n = table.integer("page")
        section = Section(table.string("id"), last if n == LAST else n, table.text("title"), heading)
        sections.append(section)
        places.sections[section.id] = table.place
        for row in table.tables("row"):
            for one in _row(row, section, layout, columns):
                if one.id in places.fields:
                    row.fault(f"kotak `{one.id}` sudah ada.", "id")
                places.fields.setdefault(one.id, row.place)
                fields.append(one)
        table.close()
    if blocks.sections:  # their pages lie among the others'
        sections.sort(key=lambda section: section.page)
        fields.sort(key=lambda one: one.page)
    return tuple(sections), tuple(fields)


def _row(table: Table, section: Section, layout: Layout, columns: tuple[Column, ...]) -> Iterator[Field]:
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


def _profiles(root: Table, known: Known, places: Places) -> Iterator[Profile]:
    for table in _unique(root.tables("profile"), "name", "profil"):
        name, title, fields = table.string("name"), table.text("title"), table.strings("fields")
        places.profiles[name] = table.place
        table.close()
        yield Profile(name, title, known.matching(fields))


def _publication(table: Table, groups: tuple[Group, ...]) -> Publication:
    candidates = [*_listed(table, groups)]
    if table.has("candidate") or not candidates:
        for one in _unique(table.tables("candidate"), "id", "calon"):
            candidates.append(
                Candidate(one.string("id"), one.integer("number"), one.string("name"), one.string("field"))
            )
            one.close()
    publication = Publication(table.string("ballot"), table.mapping("fields"), tuple(candidates))
    table.close()
    return publication


def _listed(table: Table, groups: tuple[Group, ...]) -> Iterator[Candidate]:
    """`groups` or `members` names the box with the votes of each list, or of each person on it."""
    if table.has("groups"):
        pattern = table.string("groups")
        for one in groups:
            yield Candidate(one.id, one.number, one.name, filled(pattern, names_of(one)))
    elif table.has("members"):
        pattern = table.string("members")
        for group in groups:
            for names, member in names_of_members(group):
                yield Candidate(str(member.number), member.number, member.name, filled(pattern, names))
