"""What every command shares: its options, reading its input, showing its facts."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

DATA = click.option(
    "--data", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder data."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Keluaran JSON.")
LINES = click.File(encoding="utf-8", errors="surrogateescape")  # a line that is no UTF-8 spoils no other
FORMS = click.option("--form", "forms", multiple=True, help="Formulir yang dipakai; boleh berulang.")
CHOICES = click.option(
    "--form",
    "forms",
    multiple=True,
    metavar="ID[=PROFIL][:PEMBACA]",
    help="Formulir yang dipakai; boleh berulang. Mis. c1-dpr-2019-jabar-2=ringkas:1 (dibaca satu orang).",
)
PROFILES = click.Choice(["calm", "slow", "election-day"])
WAITS = 3  # exit code


def json_lines(file: Any) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file, start=1):
        if line.strip("\ufeff \t\r\n"):
            yield number, line.removeprefix("\ufeff")  # Windows' editor puts a mark before the first line


def is_standard_input(file: Any) -> bool:
    # click hands over a stream of its own for `-`, so identity says nothing.
    return getattr(file, "name", "") == "<stdin>"


def read_pin(*, is_input_taken: bool = False) -> str:
    pin = os.environ.get("SITUNG_PIN")
    if pin is not None:
        return pin
    if is_input_taken:
        raise click.UsageError("Masukan standar dipakai untuk data; beri PIN lewat SITUNG_PIN.")
    if sys.stdin.isatty():
        return str(click.prompt("PIN", hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")


def show(value: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    for row in value if isinstance(value, list) else [value]:
        text = "  ".join(f"{name}={_plain(one)}" for name, one in row.items() if one not in (None, "", []))
        is_error = isinstance(row, dict) and "error" in row
        click.echo(text, err=is_error)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
