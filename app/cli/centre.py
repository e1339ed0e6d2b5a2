"""Commands of the other end: the centre's server and the set-up file of a district."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.console import DATA, PROFILES
from app.errors import BadInput


@click.command()
@DATA
@click.option("--port", default=8019, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--database", "database_url", help="Alamat PostgreSQL; tanpa ini SQLite di folder data.")
@click.option("--objects", "objects_url", help="Alamat penyimpanan S3; tanpa ini folder data.")
@click.option("--profile", type=PROFILES, help="Tiru server yang lambat.")
@click.option("--realm", help="Pemilihan yang dilayani, mis. pemilu-2019.")
@click.option("--auto-return/--no-auto-return", default=True, show_default=True)
def central(
    folder: Path,
    port: int,
    host: str,
    database_url: str | None,
    objects_url: str | None,
    profile: str | None,
    realm: str | None,
    auto_return: bool,
) -> None:
    """Server pusat (KPU RI)."""
    if database_url or objects_url:
        raise BadInput(
            "Server pusat ini memakai SQLite dan folder data.",
            hint="Jalankan tanpa --database dan --objects.",
        )
    from app.bootstrap import centre

    settings = centre.settings(folder, realm=realm, profile=profile, auto_return=auto_return)
    centre.run(settings, host=host, port=port, say=click.echo)


@click.command("central-setup")
@DATA
@click.option("--district", required=True)
@click.option("--server", required=True, help="Alamat server seperti dilihat kabupaten/kota.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--realm", help="Pemilihan yang dilayani, bila bukan pemilu-2019.")
def central_setup(folder: Path, district: str, server: str, out: Path, realm: str | None) -> None:
    """Berkas pengaturan dan kode sekali pakai untuk satu kabupaten/kota; kode dicetak."""
    from app.bootstrap import centre

    click.echo(centre.make_setup(centre.settings(folder, realm=realm), district, server, out))
