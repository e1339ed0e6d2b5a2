"""The boxes of a form grouped as the paper prints them: sections, rows, and up to three boxes in a row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.form import Field, FormDefinition


@dataclass(frozen=True, slots=True)
class GridRow:
    """One printed row; `heading` is set on the first row of its section."""

    id: str
    code: str
    label: str
    fields: tuple[Field, ...]
    heading: str = ""
    page: int = 1


def grid_rows(form: FormDefinition, fields: Sequence[str], language: str = "id") -> tuple[GridRow, ...]:
    """Rows in paper order, only with the boxes in `fields`."""
    wanted = set(fields)
    titles = {section.id: section.title.in_language(language) for section in form.sections}
    rows: list[GridRow] = []
    section = ""
    for row, boxes in groupby((one for one in form.fields if one.id in wanted), key=lambda one: one.row):
        group = tuple(boxes)
        first = group[0]
        label = (first.row_label if first.row_label.id else first.label).in_language(language)
        heading = titles.get(first.section, "") if first.section != section else ""
        section = first.section
        rows.append(GridRow(row, first.code, label, group, heading, first.page))
    return tuple(rows)


def spoken_name(field: Field, language: str = "id") -> str:
    """What a screen reader says for a box: paper code and full label."""
    return f"{field.code} {field.label.in_language(language)}"
