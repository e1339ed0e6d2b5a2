"""Commands that hand facts out: exports, the journal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, show
from app.domain.periods import Period, day_of, moment_of
from app.services import export as export_service
from app.services import journal as journal_service
from app.services import report_tables, reporting
from app.services.report_tables import Report
from app.services.workplace import Workplace

KINDS = click.Choice(reporting.KINDS)


def _period(command: Callable[..., None]) -> Callable[..., None]:
    """Of what time a report is."""
    options = (
        click.option("--day", help="Hari laporan harian, mis. 2019-04-18; tanpa ini hari ini."),
        click.option(
            "--from", "start", help="Awal giliran, mis. '2019-04-18 07:00'; tanpa ini giliran sekarang."
        ),
        click.option("--to", "end", help="Akhir giliran; tanpa ini sampai sekarang."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def export() -> None:
    """Laporan."""


@export.command("csv")
@DATA
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Tanpa ini ke keluaran standar.")
@click.option("--report", "kind", type=KINDS, help="Laporan sebagai tabel untuk Excel, bukan semua formulir.")
@_period
def export_csv(
    folder: Path, out: Path | None, kind: str | None, day: str | None, start: str | None, end: str | None
) -> None:
    """Semua formulir: angka, keadaan, waktu. Dengan --report: laporan harian atau giliran kerja."""
    if kind is None and (day or start or end):
        raise click.UsageError("--day, --from dan --to memerlukan --report.")
    with bootstrap.opened(folder, read_only=True) as wp:
        if kind is None:
            data = export_service.csv_text(wp).encode("utf-8")
        else:
            data = report_tables.csv_bytes(_report(wp, kind, day, start, end))
    if out:
        export_service.save(out, data)
    else:
        click.echo(data, nl=False)


@export.command("pdf")
@DATA
@click.option(
    "--report", "kind", type=KINDS, default="daily", show_default=True, help="Harian atau giliran kerja."
)
@_period
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def export_pdf(
    folder: Path, kind: str, day: str | None, start: str | None, end: str | None, path: Path
) -> None:
    """Laporan harian atau laporan giliran kerja, siap cetak (A4)."""
    from app.bootstrap import reports

    with bootstrap.opened(folder, read_only=True) as wp:
        report = _report(wp, kind, day, start, end)
    click.echo(reports.save_pdf(report, path))


def _report(wp: Workplace, kind: str, day: str | None, start: str | None, end: str | None) -> Report:
    """Raises click.UsageError for a period that is none."""
    if kind == "daily":
        if start or end:
            raise click.UsageError(
                "--from dan --to hanya untuk --report shift; laporan harian memakai --day."
            )
        return reporting.daily(wp, _day(day) if day else None)
    if day:
        raise click.UsageError("--day hanya untuk --report daily; laporan giliran memakai --from dan --to.")
    if start is None and end is None:
        return reporting.shift(wp)
    if start is None:
        raise click.UsageError("--to perlu --from.")
    wanted = Period(_moment(start), _moment(end) if end else wp.now())
    if wanted.end <= wanted.start:
        raise click.UsageError("--from harus sebelum --to.")
    return reporting.shift(wp, wanted)


def _day(text: str) -> date:
    try:
        return day_of(text)
    except ValueError:
        raise click.UsageError(f"{text!r} bukan tanggal; tulis seperti 2019-04-18.") from None


def _moment(text: str) -> float:
    try:
        return moment_of(text)
    except ValueError:
        raise click.UsageError(f"{text!r} bukan waktu; tulis seperti '2019-04-18 07:00'.") from None


@click.group()
def journal() -> None:
    """Jurnal berantai."""


@journal.command("verify")
@DATA
@AS_JSON
def journal_verify(folder: Path, as_json: bool) -> None:
    """Memeriksa rantai jurnal dari baris pertama."""
    with bootstrap.opened(folder, read_only=True) as wp:
        report = journal_service.verify(wp)
    facts = {
        "lines": report.lines,
        "head": report.head,
        "whole": report.fault is None,
        "text": report.sentence,
        "anchored": report.anchored,
        "receipts": report.receipts,
        "unproven": report.unproven,
    }
    show(facts, as_json)
    sys.exit(1 if report.fault else 0)
