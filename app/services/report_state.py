"""The funnel's tables of a report: the whole district, each ballot, each kecamatan. Inside the report's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.periods import Period
from app.errors import NotFound
from app.services import status, words
from app.services.report_tables import Table, Value, flat
from app.services.workplace import Workplace, definition
from app.store import reports, work_done
from app.store.driver import Connection
from app.store.reports import FACTS, Counts

FACT_WORDS = {
    "received": "Diterima",
    "scanned": "Dipindai",
    "keyed": "Dientri",
    "second_read": "Entri kedua",
    "sent": "Diunggah",
    "at_centre": "Diterima KPU RI",
    "verified": "Diverifikasi",
    "public": "Dipublikasikan",
}


def tables(wp: Workplace, connection: Connection, period: Period) -> tuple[Table, ...]:
    """Funnel; per ballot where the office has several; per kecamatan."""
    counts = reports.funnel(connection)
    by_form = work_done.funnel_by_form(connection)
    found = [_funnel(connection, counts, period)]
    if len(by_form) > 1:
        found.append(
            _table("ballots", "Corong per surat suara", "Surat suara", _by_form(wp, by_form), counts)
        )
    areas = status.funnel_by_area(wp, wp.district)
    rows = [(flat(one.name), one.forms, *(getattr(one, fact) for fact in FACTS[1:])) for one in areas]
    found.append(_table("areas", "Corong per kecamatan", "Kecamatan", rows, counts))
    return tuple(found)


def form_title(form: str) -> str:
    """`C1-DPR`; the id of a form this program does not know."""
    try:
        return definition(form).title.id
    except NotFound:
        return form


def share(part: int, whole: int) -> str:
    """`95,5 %`: all is exactly `100 %`, nearly all is not, and of nothing there is no share."""
    if whole <= 0:
        return "–"
    if part >= whole:
        return "100 %"
    return f"{min(99.9, 100 * part / whole):.1f} %".replace(".", ",")


def _funnel(connection: Connection, counts: Counts, period: Period) -> Table:
    new = work_done.reached(connection, period.start, period.end)
    rows = tuple(
        (FACT_WORDS[fact], getattr(counts, fact), share(getattr(counts, fact), counts.expected), new[fact])
        for fact in FACTS
    )
    heads = ("Langkah", "Formulir", "Bagian", "Dalam masa laporan")
    lead = f"{words.number(counts.expected)} formulir ditunggu. {words.gap(counts)}"
    return Table("funnel", "Corong", heads, rows, lead)


def _by_form(wp: Workplace, by_form: dict[str, Counts]) -> list[tuple[Value, ...]]:
    order = [*wp.form_ids, *(form for form in by_form if form not in wp.form_ids)]
    return [
        (flat(form_title(form)), *(getattr(by_form[form], fact) for fact in FACTS))
        for form in order
        if form in by_form
    ]


def _table(table_id: str, title: str, first: str, rows: Sequence[tuple[Value, ...]], counts: Counts) -> Table:
    total = ("Jumlah", *(getattr(counts, fact) for fact in FACTS))
    return Table(table_id, title, (first, *FACT_WORDS.values()), tuple(rows), total=total)
