"""Commands about this PC's account at the centre."""

from __future__ import annotations

from pathlib import Path

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, show
from app.errors import NotFound
from app.services import account as accounts
from app.services import workplace
from app.services.workplace import Workplace


@click.group()
def account() -> None:
    """Akun PC ini di KPU RI."""


@account.command("show")
@DATA
@AS_JSON
def account_show(folder: Path, as_json: bool) -> None:
    """Server, nama PC ini di sana, kunci yang dipercaya."""
    with bootstrap.opened(folder, read_only=True) as wp:
        server = _server(wp)
        facts = {
            "server": server.server_url,
            "device": workplace.device_name(wp),
            "enrolled": accounts.is_enrolled(wp),
            "keys": sorted(server.keys),
            "retired": sorted(server.retired),
        }
    show(facts, as_json)


@account.command("enrol")
@DATA
@click.option("--code", help="Kode baru dari KPU RI; tanpa ini hanya berkas pengaturannya dipakai.")
@click.option(
    "--setup", type=click.Path(path_type=Path, dir_okay=False), help="Berkas pengaturan baru dari KPU RI."
)
@click.option("--usb", "by_usb", is_flag=True, help="Tanpa jaringan: kode ikut bundel USB berikutnya.")
def account_enrol(folder: Path, code: str | None, setup: Path | None, *, by_usb: bool) -> None:
    """Mendaftarkan PC ini kembali, atau memakai berkas pengaturan yang baru. Pekerjaan tidak berubah."""
    if not code and setup is None:
        raise click.UsageError("Beri --code, --setup, atau keduanya.")
    with bootstrap.opened(folder) as wp:
        _server(wp)
        click.echo(bootstrap.enrol_again(wp, setup, code, by_usb=by_usb))


def _server(wp: Workplace) -> workplace.ServerAccount:
    server = workplace.server_of(wp)
    if server is None:
        raise NotFound(
            "Tempat kerja ini belum mempunyai akun server.",
            hint="Jalankan init dengan --setup dan --code dari KPU RI.",
        )
    return server
