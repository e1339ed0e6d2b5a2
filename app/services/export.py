"""Exports. CSV: one line a form, its values and its eight facts; formula characters are defused."""

from __future__ import annotations

import contextlib
import csv as csv_module
import io
from collections.abc import Iterator
from pathlib import Path

from app.domain.cell import Mark, cells_to_json
from app.domain.times import iso_or_none
from app.errors import Unavailable
from app.services import words
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import forms_list, reports, versions

PAGE = 2_000  # forms read at once
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(wp: Workplace) -> str:
    """The whole table as text (UTF-8, comma, CRLF)."""
    out = io.StringIO()
    writer = csv_module.writer(out)
    fields = [field for form in wp.form_ids for field in definition(form).by_id]
    names = list(dict.fromkeys(fields))
    facts = [f"waktu_{fact}" for fact in reports.FACTS]
    writer.writerow(
        ["tps", "kecamatan", "desa", "formulir", "pemungutan", "keadaan", "tuntas_dibaca", *facts, *names]
    )
    for row in _rows(wp, names):
        writer.writerow([defused(cell) for cell in row])
    return out.getvalue()


def csv(wp: Workplace, out: Path) -> None:
    """Write the table to a file, whole or not at all. Raises Unavailable."""
    save(out, csv_text(wp).encode("utf-8"))


def save(out: Path, data: bytes) -> None:
    """Write a file whole or not at all: what was there before stays until the new one is complete. Raises Unavailable.

    Windows refuses to replace a file that is open in a reader.
    """
    building = out.with_name(out.name + ".new")
    try:
        building.write_bytes(data)
        building.replace(out)
    except PermissionError as error:
        _forget(building)
        raise Unavailable(
            f"{out.name} tidak dapat ditulis: {error.strerror}. Berkas lama tidak diubah.",
            hint="Tutup berkas itu bila sedang dibuka di program lain, atau pilih nama atau folder lain.",
        ) from error
    except OSError as error:
        _forget(building)
        raise Unavailable(
            f"{out.name} tidak dapat ditulis: {error.strerror}.", hint="Pilih folder lain."
        ) from error


def _forget(building: Path) -> None:
    with contextlib.suppress(OSError):
        building.unlink(missing_ok=True)


def _rows(wp: Workplace, names: list[str]) -> Iterator[list[str]]:
    offset = 0
    with wp.db.reading() as connection:
        while lines := forms_list.lines(connection, forms_list.FormFilter(), PAGE, offset):
            offset += len(lines)
            for line in lines:
                form = c1_rows.find(connection, line.key)
                head = versions.by_id(connection, form.head) if form and form.head is not None else None
                cells = cells_to_json(head.cells) if head else {}
                values = [
                    "" if cells.get(name) == Mark.BLANK.value else str(cells.get(name, "")) for name in names
                ]
                settled = "ya" if line.outcome == "settled" else "belum"
                times = [iso_or_none(line.facts[fact]) or "" for fact in reports.FACTS]
                yield [
                    str(line.key.tps),
                    line.kecamatan_name,
                    line.desa_name,
                    line.key.form,
                    str(line.key.round),
                    words.form_state(line),
                    settled,
                    *times,
                    *values,
                ]


def defused(cell: str) -> str:
    """A spreadsheet takes a cell that begins with one of these for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
