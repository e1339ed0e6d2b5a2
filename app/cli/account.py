"""Commands about this PC's account at the centre."""

from __future__ import annotations

from pathlib import Path

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, show
from app.errors import NotFound
from app.services import account as accounts
from app.services import public_watch, workplace
from app.services.workplace import Workplace


@click.group()
def account() -> None:
    """Akun PC ini di KPU RI."""


@account.command("show")
@DATA
@AS_JSON
def account_show(folder: Path, as_json: bool) -> None:
    """Server, nama PC ini di sana, nama yang akan didaftarkan bundel USB (code_kept_for), kunci yang dipercaya."""
    with bootstrap.opened(folder, read_only=True) as wp:
        server, kept = _server(wp), accounts.pending(wp)
        facts = {
            "server": server.server_url,
            "device": workplace.device_name(wp),
            "enrolled": accounts.is_enrolled(wp),
            "code_kept_for": kept.device if kept else "",
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
@click.option(
    "--drop",
    "is_dropped",
    is_flag=True,
    help="Bersama --usb saja: membuang kode yang disimpan; bundel berikutnya memakai nama sekarang.",
)
def account_enrol(
    folder: Path, code: str | None, setup: Path | None, *, by_usb: bool, is_dropped: bool
) -> None:
    """Mendaftarkan PC ini kembali, atau memakai berkas pengaturan yang baru. Pekerjaan tidak berubah."""
    if is_dropped:
        if not by_usb or code or setup is not None:
            raise click.UsageError("--drop hanya bersama --usb, tanpa --code dan --setup.")
        _drop(folder)
        return
    if not code and setup is None:
        raise click.UsageError("Beri --code, --setup, atau keduanya.")
    with bootstrap.opened(folder) as wp:
        _server(wp)
        click.echo(bootstrap.enrol_again(wp, setup, code, by_usb=by_usb))


@account.command("public-site")
@DATA
@click.argument("address", required=False)
def account_public_site(folder: Path, address: str | None) -> None:
    """Situs publik yang dibandingkan dengan hasil verifikasi: ADDRESS, `off`, atau `centre` (situs server sendiri).

    Tanpa ADDRESS: menampilkan yang berlaku.
    """
    with bootstrap.opened(folder, read_only=address is None) as wp:
        if address is None:
            site = public_watch.tree_address(wp)
        else:
            site = public_watch.choose_site(wp, "" if address == "centre" else address)
    click.echo(f"Situs publik: {site}." if site else "Situs publik tidak dibandingkan.")


def _drop(folder: Path) -> None:
    with bootstrap.opened(folder) as wp:
        device = accounts.drop_code(wp)
    click.echo(
        f"Kode untuk {device} dibuang; bundel USB berikutnya tidak lagi memintanya."
        if device
        else "Tidak ada kode yang disimpan; tidak ada yang diubah."
    )


def _server(wp: Workplace) -> workplace.ServerAccount:
    server = workplace.server_of(wp)
    if server is None:
        raise NotFound(
            "Tempat kerja ini belum mempunyai akun server.",
            hint="Jalankan init dengan --setup dan --code dari KPU RI.",
        )
    return server
