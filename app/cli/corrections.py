"""Commands that put right what was keyed wrong or filed at the wrong TPS; each asks for a reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, LINES, is_standard_input, json_lines, read_pin, show
from app.domain.c1form import C1Key
from app.services import batch, corrections, moving, people

AS = click.option("--as", "who", required=True, help="ID operator; PIN dari SITUNG_PIN atau masukan standar.")
FORM = click.option("--form", default="c1-ppwp-2019", show_default=True)
ROUND = click.option("--round", "round_", default=1, show_default=True, type=click.IntRange(1, 9))
REASON = click.option("--reason", required=True, help="Mengapa; ikut ke KPU RI dan ke jurnal.")
VALUES_ONLY = click.option(
    "--values-only", is_flag=True, help="Angkanya saja: gambarnya sudah di TPS yang benar."
)

Command = TypeVar("Command", bound=Callable[..., Any])


def about_papers(command: Command) -> Command:
    """What every act on papers filed wrongly is told beside the TPS: why, which form, and how."""
    for option in (AS_JSON, ROUND, FORM, REASON):
        command = option(command)
    return command


@click.command()
@DATA
@AS
@click.argument("file", type=LINES)
@AS_JSON
def correct(folder: Path, who: str, file: Any, as_json: bool) -> None:
    """Koreksi sebagai baris JSON: {"tps", "cells": hanya kotak yang berubah, "reason"}; orang lain lalu membacanya."""
    pin = read_pin(is_input_taken=is_standard_input(file))
    failures = 0
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, pin)
        for number, line in json_lines(file):
            row = batch.attempt(number, line, lambda value: batch.correction_line(wp, session, value))
            failures += "error" in row
            show(row, as_json)
    sys.exit(1 if failures else 0)


@click.command()
@DATA
@AS
@click.argument("source")
@click.argument("target")
@VALUES_ONLY
@about_papers
def move(  # noqa: PLR0913, PLR0917 - click hands over one argument per option
    folder: Path,
    who: str,
    source: str,
    target: str,
    reason: str,
    form: str,
    round_: int,
    values_only: bool,
    as_json: bool,
) -> None:
    """Memindahkan formulir dari TPS SOURCE ke TPS TARGET yang masih kosong; di SOURCE ditarik, juga di KPU RI."""
    one, other = _pair(source, target, form, round_)
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, read_pin())
        moving.move_form(wp, session, one, other, reason, with_pages=not values_only)
    show({"moved": str(one.tps), "to": str(other.tps), "form": form, "round": round_}, as_json)


@click.command()
@DATA
@AS
@click.argument("one")
@click.argument("other")
@VALUES_ONLY
@about_papers
def swap(  # noqa: PLR0913, PLR0917 - click hands over one argument per option
    folder: Path,
    who: str,
    one: str,
    other: str,
    reason: str,
    form: str,
    round_: int,
    values_only: bool,
    as_json: bool,
) -> None:
    """Menukar formulir dua TPS yang tertukar, ke dua arah sekaligus."""
    first, second = _pair(one, other, form, round_)
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, read_pin())
        moving.swap(wp, session, first, second, reason, with_pages=not values_only)
    show({"swapped": [str(first.tps), str(second.tps)], "form": form, "round": round_}, as_json)


@click.command()
@DATA
@AS
@click.argument("tps")
@about_papers
def withdraw(folder: Path, who: str, tps: str, reason: str, form: str, round_: int, as_json: bool) -> None:
    """Menarik angka formulir: keluar dari TPS ini, juga di KPU RI dan di situs publik; lalu dientri ulang."""
    key = C1Key(batch.tps_of(tps), form, round_)
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, read_pin())
        corrections.withdraw(wp, session, key, reason)
    show({"withdrawn": str(key.tps), "form": form, "round": round_}, as_json)


def _pair(one: str, other: str, form: str, round_: int) -> tuple[C1Key, C1Key]:
    return C1Key(batch.tps_of(one), form, round_), C1Key(batch.tps_of(other), form, round_)
