"""Commands that hand facts out: exports, the journal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, show
from app.services import export as export_service
from app.services import journal as journal_service


@click.group()
def export() -> None:
    """Laporan."""


@export.command("csv")
@DATA
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Tanpa ini ke keluaran standar.")
def export_csv(folder: Path, out: Path | None) -> None:
    """Semua formulir: angka, keadaan, waktu."""
    with bootstrap.opened(folder, read_only=True) as wp:
        text = export_service.csv_text(wp)
    if out:
        out.write_text(text, encoding="utf-8", newline="")
    else:
        click.echo(text, nl=False)


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
