"""Commands that set a workplace up: the folder, its people, this computer, the forms."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from app import bootstrap
from app import forms as definitions
from app.cli.console import AS_JSON, CHOICES, DATA, read_pin, show
from app.domain.form import FormDefinition
from app.domain.people import Role
from app.domain.rule_help import help_page
from app.errors import NotFound
from app.services import batch, people

EXAMPLES = 12  # codes named to somebody who asked for one that is none


@click.command()
@DATA
@click.option("--district", required=True, help="Kode kabupaten/kota, mis. 3204.")
@click.option("--server", help="Alamat server pusat.")
@click.option(
    "--setup", type=click.Path(path_type=Path, dir_okay=False), help="Berkas pengaturan dari KPU RI."
)
@click.option("--code", help="Kode sekali pakai dari KPU RI.")
@click.option("--usb", "by_usb", is_flag=True, help="Tanpa jaringan: kode ikut bundel USB berikutnya.")
@click.option("--tps-list", type=click.Path(path_type=Path, dir_okay=False), help="Daftar TPS (CSV).")
@click.option("--realm", help="Pemilihan; tanpa ini menurut berkas pengaturan.")
@CHOICES
@click.option(
    "--profile",
    "entry_profile",
    type=click.Choice(["lengkap", "ringkas"]),
    default="lengkap",
    help="Untuk formulir yang tidak menyebut profilnya sendiri.",
)
@click.option("--send-when", type=click.Choice(["keyed", "settled"]), default="keyed", show_default=True)
def init(  # noqa: PLR0913, PLR0917 - click hands over one argument per option
    folder: Path,
    district: str,
    server: str | None,
    setup: Path | None,
    code: str | None,
    by_usb: bool,
    tps_list: Path | None,
    realm: str | None,
    forms: tuple[str, ...],
    entry_profile: str,
    send_when: str,
) -> None:
    """Membuat tempat kerja; akun server dapat menyusul (jalankan lagi dengan --setup dan --code)."""
    start = bootstrap.Start(
        district=district,
        server=server,
        setup=setup,
        code=code,
        by_usb=by_usb,
        tps_list=tps_list,
        realm=realm,
        forms=forms,
        profile=entry_profile,
        send_when=send_when,
    )
    click.echo(bootstrap.init(folder, start))


@click.group()
def operator() -> None:
    """Orang dan perannya."""


@operator.command("add")
@DATA
@click.argument("operator_id", required=False)
@click.option("--id", "id_option", help="ID operator, bila tidak sebagai argumen.")
@click.option("--name", help="Nama; tanpa ini sama dengan ID.")
@click.option("--role", "--roles", "roles", multiple=True, help="Peran; boleh berulang atau dipisah koma.")
@click.option("--by", help="Koordinator yang menambahkan; tanpa ini koordinator pertama.")
def operator_add(
    folder: Path,
    operator_id: str | None,
    id_option: str | None,
    name: str | None,
    roles: tuple[str, ...],
    by: str | None,
) -> None:
    """Menambah orang. PIN dari SITUNG_PIN atau masukan standar; PIN koordinator dari SITUNG_COORDINATOR_PIN."""
    operator_id = operator_id or id_option
    if not operator_id:
        raise click.UsageError("Beri ID operator.")
    wanted = [one.strip() for text in roles for one in text.split(",") if one.strip()]
    unknown = [one for one in wanted if one not in set(Role)]
    if unknown:
        raise click.UsageError(f"Peran tidak dikenal: {', '.join(unknown)}. Pilihan: {', '.join(Role)}.")
    chosen = frozenset(Role(one) for one in wanted)
    pin = read_pin()
    with bootstrap.opened(folder) as wp:
        click.echo(
            batch.add_person(
                wp,
                person_id=operator_id,
                name=name or operator_id,
                roles=chosen or frozenset({Role.KEY}),
                pin=pin,
                by=by,
                by_pin=os.environ.get("SITUNG_COORDINATOR_PIN", pin),
            )
        )


@operator.command("list")
@DATA
@AS_JSON
def operator_list(folder: Path, as_json: bool) -> None:
    """Siapa saja."""
    with bootstrap.opened(folder, read_only=True) as wp:
        rows = [
            {"id": one.id, "name": one.name, "roles": sorted(one.roles), "active": one.active}
            for one in people.people(wp)
        ]
    show(rows, as_json)


@click.command()
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False))
def doctor(folder: Path | None) -> None:
    """Memeriksa komputer ini: SQLite, gantungan kunci, folder data, server."""
    from app.bootstrap import doctor as examination

    lines = examination.examine(folder)
    for one in lines:
        click.echo(f"{'baik ' if one.is_well else 'PERLU'} {one.name}: {one.text}")
    sys.exit(0 if all(one.is_well for one in lines) else 1)


@click.group()
def forms() -> None:
    """Definisi formulir."""


@forms.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--explain", "code", metavar="KODE", help="Menjelaskan satu aturan, mis. SUM.V1.")
def forms_check(file: Path | None, code: str | None) -> None:
    """Memeriksa definisi formulir: berkas, baris, kesalahan."""
    paths = [file] if file else [definitions.path_of(one) for one in definitions.available()]
    if code is not None:
        click.echo(_explained(code, [definitions.load_file(path) for path in paths]))
        return
    faults = [fault for path in paths for fault in definitions.check_file(path)]
    for fault in faults:
        click.echo(fault, err=True)
    click.echo("Definisi formulir baik." if not faults else f"{len(faults)} kesalahan.")
    sys.exit(1 if faults else 0)


def _explained(code: str, known: list[FormDefinition]) -> str:
    """The rule's help page, by the first form that has it. Raises NotFound with rules that begin alike."""
    having = [form for form in known if code in {check.code for check in form.checks}]
    if not having:
        codes = sorted({check.code for form in known for check in form.checks})
        alike = [one for one in codes if one.split(".")[0] == code.split(".", maxsplit=1)[0].upper()] or codes
        raise NotFound(f"Aturan {code!r} tidak ada.", hint=f"Yang ada: {', '.join(alike[:EXAMPLES])}.")
    check = next(check for check in having[0].checks if check.code == code)
    page = help_page(having[0], check, "id")
    others = ", ".join(form.title.id for form in having[1:])
    return f"{page}\nJuga pada: {others}." if others else page
