"""What a report is made of: tables of plain values, the same for the page, the PDF and the CSV. Pure.

Invariant: a text that people or papers gave (names, notes, reasons) is one line without control or direction marks
before it gets here (`flat`): a name cannot break a row, turn its neighbours round or start a formula.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from app.services.export import defused

Value = int | str
NOT_RESULT = "Bukan hasil resmi"
PRACTICE = "LATIHAN"
NOT_YET = (
    "ditampilkan setelah tuntas dibaca"  # a report lies about: it tells no next reader what was read before
)
_NUMBER = re.compile(r"–|\d[\d.,]*( %)?")


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `lead` stands under the title; `total` is the last row; `group` heads several tables that follow."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    lead: str = ""
    total: tuple[Value, ...] | None = None
    group: str = ""

    @property
    def all_rows(self) -> tuple[tuple[Value, ...], ...]:
        return self.rows if self.total is None else (*self.rows, self.total)

    def is_number(self, column: int) -> bool:
        """A column of numbers, shares or rates: it stands on the right."""
        cells = [row[column] for row in self.all_rows]
        return bool(cells) and all(isinstance(cell, int) or _NUMBER.fullmatch(cell) for cell in cells)


def page_words(number: int, whole: int) -> str:
    return f"hal. {number} dari {whole}"


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. Times in seconds since 1970; `made_at` is the moment every number in it was true."""

    kind: str  # "daily", "shift"
    title: str
    place: str  # district and election
    period: str
    is_practice: bool
    made_at: float
    made_words: str
    tables: tuple[Table, ...]

    @property
    def foot(self) -> str:
        """Below every page."""
        return f"{NOT_RESULT} · keadaan pada {self.made_words} · Situng Luring"

    def table(self, table_id: str) -> Table:
        return next(one for one in self.tables if one.id == table_id)


def flat(text: object) -> str:
    """One line: line breaks and other control characters become spaces, marks that turn the direction are dropped."""
    kept = (
        " " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one
        for one in str(text)
        if unicodedata.category(one) not in {"Cf", "Cs", "Co"}
    )
    return " ".join("".join(kept).split())


def csv_bytes(report: Report) -> bytes:
    """For a double click in an Indonesian Excel: UTF-8 with its mark, semicolons, whole numbers without points.

    Tables below one another, each with its title; formula characters are defused, and every text is quoted: a program
    that takes commas for separators would begin a cell, and a formula, behind one.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)

    def write(*cells: Value) -> None:
        writer.writerow([defused(one) if isinstance(one, str) else one for one in cells])

    write(report.title, report.place, *((PRACTICE,) if report.is_practice else ()))
    write("Masa laporan", report.period)
    write("Keadaan pada", report.made_words, NOT_RESULT)
    for table in report.tables:
        write()
        write(f"{table.group}: {table.title}" if table.group else table.title)
        if table.lead:
            write(table.lead)
        if table.all_rows:
            write(*table.heads)
        for row in table.all_rows:
            write(*row)
    return ("\ufeff" + out.getvalue()).encode("utf-8")
