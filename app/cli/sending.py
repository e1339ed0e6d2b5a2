"""Commands of the engine: run it, see what waits and why."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, WAITS, show
from app.services import status as status_service


@click.command()
@DATA
@click.option("--until-idle", is_flag=True, help="Selesai bila tidak ada yang menunggu.")
@click.option("--for", "seconds", type=float, help="Paling lama sekian detik.")
@AS_JSON
def sync(folder: Path, until_idle: bool, seconds: float | None, as_json: bool) -> None:
    """Mesin pengirim tanpa jendela."""
    with bootstrap.opened(folder) as wp:
        waiting = bootstrap.run_sync(wp, until_idle=until_idle, seconds=seconds)
    for one in waiting:
        click.echo(
            f"{one.tps} {one.form} {one.step}: {one.reason} Coba lagi: {one.next_try or '-'}", err=True
        )
    if as_json:
        show({"waiting": [asdict(one) for one in waiting]}, as_json=True)
    sys.exit(WAITS if waiting else 0)


@click.command()
@DATA
@click.option("--waiting", "only_waiting", is_flag=True, help="Hanya yang menunggu, dengan alasannya.")
@AS_JSON
def status(folder: Path, only_waiting: bool, as_json: bool) -> None:
    """Corong, jalur, apa yang menunggu dan mengapa."""
    with bootstrap.opened(folder, read_only=True) as wp:
        facts = status_service.facts_json(wp)
    if as_json:
        show(facts, as_json=True)
        return
    if not only_waiting:
        show(facts["funnel"], as_json=False)
        for lane in facts["channels"]:
            click.echo(f"jalur {lane['class']}: {lane['state']} {lane['reason'] or ''}".rstrip())
    for one in facts["waiting"]:
        click.echo(
            f"{one['tps']} {one['form']} {one['step']}: {one['reason']} "
            f"Sejak {one['since']}. Coba lagi: {one['next_try'] or 'perlu tindakan'}"
        )
