"""Rules as a form writes them, once for many rows, columns, fields, lists or ballots, and the checks they become.

Filled in are `<row>`, `<column>`, `<column-title>`, `<field>`; of lists `<nn>`, `<number>`, `<name>`; of the station's
other forms `<ballot>`, `<ballot-name>`. A `*` in a box's name stands for every box that fits (`T*`: the totals of all
parties), in examples too. Thread: any.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from app.domain.form import Check, Column, Group, Severity, Text
from app.forms import limits
from app.forms.blocks import filled, names_of
from app.forms.source import Places, Table

_LEFT_OVER = re.compile(r"<[a-z-]+>")


@dataclass(frozen=True)
class Known:
    """What a template may be spread over."""

    fields: tuple[str, ...]  # ids in paper order
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    ballot: str  # the form's own

    def matching(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Each name with a `*` replaced by the boxes that fit; one that fits none stays, and is reported as unknown."""
        found: list[str] = []
        for name in names:
            found += self._fitting(name) if "*" in name else [name]
        return tuple(found)

    def _fitting(self, name: str) -> list[str]:
        # Its patterns never go back, however many stars: a chain of `.*` would take for ever.
        pattern = re.compile(fnmatch.translate(name.replace("[", "[[]").replace("?", "[?]")))
        return [one for one in self.fields if pattern.fullmatch(one)] or [name]


def read_checks(root: Table, known: Known, places: Places) -> Iterator[Check]:
    for table in root.tables("check"):
        template = _Template.read(table, known)
        for names in template.names():
            if len(places.checks) >= limits.CHECKS:
                table.fault(f"lebih dari {limits.CHECKS} aturan.")
                return
            check = template.expand(names)
            if check.code in places.checks:
                table.fault(f"aturan `{check.code}` sudah ada.", "code")
            places.checks.setdefault(check.code, table.place)
            yield check


@dataclass(frozen=True)
class _Template:
    """A check as written, before its rows, columns, fields or lists are filled in."""

    table: Table
    known: Known
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    is_for_groups: bool
    ballots: Mapping[str, str]  # of the station's other forms -> how they are called
    check: Check

    @classmethod
    def read(cls, table: Table, known: Known) -> _Template:
        severity = table.string("severity")
        if severity and severity not in [one.value for one in Severity]:
            table.fault(f"severity `{severity}` tidak dikenal; yang ada: paper, warning, note.", "severity")
            severity = ""
        check = Check(
            code=table.string("code"),
            kind=table.string("kind"),
            severity=Severity(severity or "note"),
            message=table.text("message"),
            ask=table.text("ask") if table.has("ask") else None,
            advice=table.text("advice") if table.has("advice") else None,
            version=table.integer("version", default=1),
            left=table.strings("left"),
            right=table.strings("right", default=()),
            limit=table.number("limit", default=0.0),
            floor=table.number("floor", default=0.0),
            mark=table.strings("mark", default=()),
            silenced_by=table.strings("silenced_by", default=()),
            examples_pass=tuple(_cells(table, "pass")),
            examples_fail=tuple(_cells(table, "fail")),
        )
        template = cls(
            table,
            known,
            rows=table.strings("for_rows", default=()),
            columns=table.strings("for_columns", default=()),
            fields=known.matching(table.strings("for_fields", default=())),
            is_for_groups=table.flag("for_groups"),
            ballots=table.mapping("for_ballots", optional=True),
            check=check,
        )
        table.close()
        return template

    def names(self) -> Iterator[dict[str, tuple[str, str]]]:
        """What is filled in for each check the template stands for, in both languages."""
        titles = {one.id: one.title for one in self.known.columns}
        groups = self.known.groups if self.is_for_groups else (None,)
        for row, column, one, group, ballot in product(
            self.rows or ("",), self.columns or ("",), self.fields or ("",), groups, self.ballots or ("",)
        ):
            if ballot and ballot == self.known.ballot:
                continue  # nothing is beside itself
            given = {"<row>": row, "<column>": column, "<field>": one, "<ballot>": ballot}
            given["<ballot-name>"] = self.ballots.get(ballot, "")
            same = {name: value for name, value in given.items() if value}
            same |= {} if group is None else names_of(group)
            names = {name: (value, value) for name, value in same.items()}
            if column in titles:
                names["<column-title>"] = (titles[column].id, titles[column].en)
            yield names

    def expand(self, names: Mapping[str, tuple[str, str]]) -> Check:
        by_language = {
            language: {name: texts[at] for name, texts in names.items()}
            for at, language in enumerate(("id", "en"))
        }

        def fill(text: str, language: str = "id") -> str:
            result = filled(text, by_language[language])
            if left_over := _LEFT_OVER.search(result):
                self.table.fault(
                    f"`{left_over[0]}` tidak terisi: for_rows, for_columns, for_fields, for_groups, for_ballots?"
                )
            return result

        def both(text: Text) -> Text:
            return Text(id=fill(text.id), en=fill(text.en, "en"))

        def boxes(texts: tuple[str, ...]) -> tuple[str, ...]:
            return self.known.matching(tuple(fill(text) for text in texts))

        def cells(examples: tuple[Mapping[str, int | str], ...]) -> tuple[dict[str, int | str], ...]:
            return tuple(
                {box: cell for name, cell in example.items() for box in boxes((name,))}
                for example in examples
            )

        one = self.check
        return Check(
            code=fill(one.code),
            kind=one.kind,
            severity=one.severity,
            message=both(one.message),
            ask=both(one.ask) if one.ask else None,
            advice=both(one.advice) if one.advice else None,
            version=one.version,
            left=boxes(one.left),
            right=boxes(one.right),
            limit=one.limit,
            floor=one.floor,
            mark=boxes(one.mark),
            silenced_by=tuple(fill(code) for code in one.silenced_by),
            examples_pass=cells(one.examples_pass),
            examples_fail=cells(one.examples_fail),
        )


def _cells(table: Table, key: str) -> Iterator[dict[str, int | str]]:
    for cells in table.objects(key):
        good: dict[str, int | str] = {}
        for name, value in cells.items():
            if isinstance(value, bool) or not isinstance(value, int | str):
                table.fault(f"contoh `{key}`: nilai `{name}` harus angka atau teks.", key)
            elif isinstance(value, int) and abs(value) > limits.WHOLE_NUMBER:
                table.fault(f"contoh `{key}`: nilai `{name}` terlalu besar.", key)
            else:
                good[name] = value
        yield good
