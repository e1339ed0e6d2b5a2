"""Commands that do what the people do: pages in, keying, verifying."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, LINES, is_standard_input, json_lines, read_pin, show
from app.domain.c1form import C1Key
from app.ports import IntakeState
from app.services import batch, people


@click.command()
@DATA
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--tps")
@click.option("--form", default="c1-ppwp-2019", show_default=True)
@click.option("--round", "round_", default=1, show_default=True)
@click.option("--page", type=click.IntRange(1, 99))
@click.option("--by", default="", help="Operator pindai.")
@AS_JSON
def scan(
    folder: Path,
    paths: tuple[Path, ...],
    tps: str | None,
    form: str,
    round_: int,
    page: int | None,
    by: str,
    as_json: bool,
) -> None:
    """Mengambil halaman; tanpa --tps dikenali dari lembar sampul, atau menunggu di kotak masuk."""
    key = C1Key(batch.tps_of(tps), form, round_) if tps else None
    with bootstrap.opened(folder) as wp, bootstrap.intake(wp) as pages_in:
        results = pages_in.take_in(list(paths), key=key, page=page, by=by)
    rows = [
        {
            "source": one.source,
            "state": one.state.value,
            "sha256": one.scan_sha256,
            "tps": one.key.tps if one.key else None,
            "page": one.page,
            "text": one.text,
        }
        for one in results
    ]
    amiss = [
        one for one in results if one.state is IntakeState.REFUSED or (key and one.state is IntakeState.INBOX)
    ]
    show(rows if as_json else [row for row in rows if row["state"] != IntakeState.REFUSED], as_json)
    for one in amiss:
        click.echo(f"situng-luring: {one.source}: {one.text}", err=True)
    sys.exit(1 if amiss else 0)


@click.command("cover-sheets")
@DATA
@click.option("--desa", required=True, help="Kode desa/kelurahan, 10 angka.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def cover_sheets(folder: Path, desa: str, out: Path) -> None:
    """Lembar sampul (PDF) untuk semua TPS satu desa: kode, nomor besar, halaman yang ditunggu."""
    with bootstrap.opened(folder, read_only=True) as wp:
        click.echo(bootstrap.cover_sheets(wp, desa, out))


@click.command()
@DATA
@click.option("--as", "who", required=True, help="ID operator; PIN dari SITUNG_PIN atau masukan standar.")
@click.argument("file", type=LINES)
@AS_JSON
def key(folder: Path, who: str, file: Any, as_json: bool) -> None:
    """Bacaan sebagai baris JSON; bacaan orang lain atas formulir yang sama adalah entri kedua, dan seterusnya."""
    pin = read_pin(is_input_taken=is_standard_input(file))
    failures = 0
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, pin)
        for number, line in json_lines(file):
            row = batch.attempt(
                number, line, lambda value: batch.key_line(wp, session, *batch.reading_of(value))
            )
            failures += "error" in row or bool(row.get("findings"))
            show(row, as_json)
    sys.exit(1 if failures else 0)


@click.command()
@DATA
@click.option("--as", "who", required=True)
@click.option("--ok-identical", is_flag=True, help="Konfirmasi semua yang identik.")
@click.argument("file", required=False, type=LINES)
@AS_JSON
def verify(folder: Path, who: str, ok_identical: bool, file: Any, as_json: bool) -> None:
    """Putusan verifikator atas yang dikembalikan KPU RI."""
    if not ok_identical and file is None:
        raise click.UsageError("Beri --ok-identical atau berkas putusan.")
    pin = read_pin(is_input_taken=is_standard_input(file))
    failures = 0
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, pin)
        if ok_identical:
            show(batch.confirm_identical(wp, session), as_json)
        for number, line in json_lines(file) if file else ():
            row = batch.attempt(
                number, line, lambda value: batch.verdict_line(wp, session, batch.key_of(value), value)
            )
            failures += "error" in row
            show(row, as_json)
    sys.exit(1 if failures else 0)
