"""Commands of the other end: the centre's server and the set-up file of a district."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.console import DATA, FORMS, PROFILES
from app.errors import BadInput


@click.command()
@DATA
@click.option("--port", default=8019, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--database", "database_url", help="Alamat PostgreSQL; tanpa ini SQLite di folder data.")
@click.option("--objects", "objects_url", help="Alamat penyimpanan S3; tanpa ini folder data.")
@click.option("--profile", type=PROFILES, help="Tiru server yang lambat.")
@click.option("--realm", help="Pemilihan yang dilayani, mis. pemilu-2019.")
@FORMS
@click.option("--auto-return/--no-auto-return", default=True, show_default=True)
@click.option(
    "--restored",
    is_flag=True,
    help="Seluruh folder ini dari cadangan: kabupaten/kota membandingkan lagi semuanya.",
)
def central(  # noqa: PLR0913, PLR0917 - click hands over one argument per option
    folder: Path,
    port: int,
    host: str,
    database_url: str | None,
    objects_url: str | None,
    profile: str | None,
    realm: str | None,
    forms: tuple[str, ...],
    auto_return: bool,
    restored: bool,
) -> None:
    """Server pusat (KPU RI)."""
    if database_url or objects_url:
        raise BadInput(
            "Server pusat ini memakai SQLite dan folder data.",
            hint="Jalankan tanpa --database dan --objects.",
        )
    from app.bootstrap import centre

    settings = centre.settings(
        folder, realm=realm, profile=profile, auto_return=auto_return, was_restored=restored, forms=forms
    )
    centre.run(settings, host=host, port=port, say=click.echo)


@click.command("central-setup")
@DATA
@click.option("--district", required=True)
@click.option("--server", required=True, help="Alamat server seperti dilihat kabupaten/kota.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--realm", help="Pemilihan yang dilayani, bila bukan pemilu-2019.")
@click.option(
    "--new-coordinator",
    is_flag=True,
    help="PC ini boleh menunjuk koordinator lagi (kuncinya hilang, atau PC kedua).",
)
def central_setup(
    folder: Path, district: str, server: str, out: Path, realm: str | None, new_coordinator: bool
) -> None:
    """Berkas pengaturan dan kode sekali pakai untuk satu kabupaten/kota; kode dicetak."""
    from app.bootstrap import centre

    settings = centre.settings(folder, realm=realm)
    click.echo(centre.make_setup(settings, district, server, out, names_coordinator=new_coordinator))


@click.command("central-revoke")
@DATA
@click.option("--device", required=True, help="Nama perangkat, mis. pc-0123456789ab (lihat konsol).")
def central_revoke(folder: Path, device: str) -> None:
    """Mencabut pendaftaran satu PC kabupaten/kota; yang sudah dikirimnya tetap tersimpan."""
    from app.bootstrap import centre

    click.echo(centre.revoke(centre.settings(folder), device))


@click.command("central-rotate-key")
@DATA
@click.option(
    "--lost", is_flag=True, help="Kunci lama hilang atau dicuri: tidak ada yang mengesahkan kunci baru."
)
def central_rotate_key(folder: Path, lost: bool) -> None:
    """Kunci tanda terima baru; berlaku setelah server dijalankan ulang."""
    from app.bootstrap import centre

    click.echo(centre.rotate_key(centre.settings(folder), is_lost=lost))
