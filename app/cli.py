"""The command line: for technicians, tests and benchmarks. A contract: programs we do not see use it, so it only grows.

Exit codes: 0 done, 1 an expected error (one line on standard error: what happened, what to do), 2 wrong use,
3 something waits (reasons on standard error). Facts go to standard output, with `--json` as JSON.
Thread: main.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from app import bootstrap
from app import forms as definitions
from app.domain.c1form import C1Key
from app.domain.people import Role
from app.errors import BadInput, ExpectedError
from app.ports import IntakeState
from app.services import batch, people
from app.services import export as export_service
from app.services import journal as journal_service
from app.services import status as status_service

T = TypeVar("T")
DATA = click.option(
    "--data", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder data."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Keluaran JSON.")
LINES = click.File(encoding="utf-8", errors="surrogateescape")  # a line that is no UTF-8 spoils no other
PAGES = click.Choice(["home", "pages", "keying", "second", "verify", "queue", "settings"])
PROFILES = click.Choice(["calm", "slow", "election-day"])
WAITS = 3


class _Group(click.Group):
    """Turns expected errors into one line; everything else is a bug and keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ExpectedError as error:
            click.echo(f"situng-luring: {error.sentence()}", err=True)
            ctx.exit(1)
        except BrokenPipeError:  # `| head` went away; nothing of ours is wrong
            os._exit(0)


@click.group(cls=_Group, invoke_without_command=True)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Situng Luring: formulir C1 dari kertas ke halaman publik, juga tanpa jaringan."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(gui)


@main.command()
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder data.")
def gui(folder: Path | None = None) -> None:
    """Jendela program."""
    from app.bootstrap import window

    sys.exit(window.run(folder))


@main.command()
@click.option("--forms", default=12, show_default=True, type=click.IntRange(1, 500))
@click.option("--profile", default="calm", show_default=True, type=PROFILES)
@click.option("--headless", is_flag=True, help="Memainkan seluruh jalan sendiri, lalu selesai.")
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder latihan.")
@click.option("--seed", default=2019, show_default=True)
@click.option(
    "--screenshot", type=click.Path(path_type=Path, dir_okay=False), help="Simpan gambar jendela, lalu tutup."
)
@click.option("--as", "person", default="", help="Langsung masuk sebagai orang ini, mis. rina.")
@click.option("--page", type=PAGES, help="Halaman yang dibuka.")
@AS_JSON
def train(  # noqa: PLR0913, PLR0917 - click hands over one argument per option
    forms: int,
    profile: str,
    headless: bool,
    folder: Path | None,
    seed: int,
    screenshot: Path | None,
    person: str,
    page: str | None,
    as_json: bool,
) -> None:
    """Latihan: server pusat tiruan di komputer ini, formulir latihan, jendela."""
    from app.bootstrap import practice

    plan = practice.Practice(forms=forms, profile=profile, folder=folder, seed=seed)
    if not headless:
        from app.bootstrap import practice_window

        show = practice_window.Show(person, page or "", screenshot) if person or page or screenshot else None
        sys.exit(practice_window.train(plan, show))
    result = practice.train_headless(plan, say=lambda text: click.echo(text, err=as_json))
    funnel = {name: value for name, value in asdict(result.funnel).items() if name != "expected"}
    _show(funnel | {"site": result.site}, as_json)
    if result.funnel.public != result.funnel.forms:
        click.echo("situng-luring: belum semua terbit; jalankan lagi dengan waktu lebih lama.", err=True)
        sys.exit(WAITS)


@main.command()
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


@main.command("central-setup")
@DATA
@click.option("--district", required=True)
@click.option("--server", required=True, help="Alamat server seperti dilihat kabupaten/kota.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--realm", help="Pemilihan yang dilayani, bila bukan pemilu-2019.")
def central_setup(folder: Path, district: str, server: str, out: Path, realm: str | None) -> None:
    """Berkas pengaturan dan kode sekali pakai untuk satu kabupaten/kota; kode dicetak."""
    from app.bootstrap import centre

    click.echo(centre.make_setup(centre.settings(folder, realm=realm), district, server, out))


@main.command()
@DATA
@click.option("--district", required=True, help="Kode kabupaten/kota, mis. 3204.")
@click.option("--server", help="Alamat server pusat.")
@click.option(
    "--setup", type=click.Path(path_type=Path, dir_okay=False), help="Berkas pengaturan dari KPU RI."
)
@click.option("--code", help="Kode sekali pakai dari KPU RI.")
@click.option("--tps-list", type=click.Path(path_type=Path, dir_okay=False), help="Daftar TPS (CSV).")
@click.option("--realm", help="Pemilihan; tanpa ini menurut berkas pengaturan.")
@click.option("--profile", "entry_profile", type=click.Choice(["lengkap", "ringkas"]), default="lengkap")
@click.option("--send-when", type=click.Choice(["keyed", "settled"]), default="keyed", show_default=True)
def init(  # noqa: PLR0913, PLR0917 - click hands over one argument per option
    folder: Path,
    district: str,
    server: str | None,
    setup: Path | None,
    code: str | None,
    tps_list: Path | None,
    realm: str | None,
    entry_profile: str,
    send_when: str,
) -> None:
    """Membuat tempat kerja; akun server dapat menyusul (jalankan lagi dengan --setup dan --code)."""
    start = bootstrap.Start(
        district=district,
        server=server,
        setup=setup,
        code=code,
        tps_list=tps_list,
        realm=realm,
        profile=entry_profile,
        send_when=send_when,
    )
    click.echo(bootstrap.init(folder, start))


@main.group()
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
    try:
        chosen = frozenset(Role(one) for one in wanted)
    except ValueError as error:
        raise click.UsageError(f"Peran tidak dikenal: {error}. Pilihan: {', '.join(Role)}.") from None
    pin = _pin()
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
    _show(rows, as_json)


@main.command()
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
    _show(rows if as_json else [row for row in rows if row["state"] != IntakeState.REFUSED], as_json)
    for one in amiss:
        click.echo(f"situng-luring: {one.source}: {one.text}", err=True)
    sys.exit(1 if amiss else 0)


@main.command("cover-sheets")
@DATA
@click.option("--desa", required=True, help="Kode desa/kelurahan, 10 angka.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def cover_sheets(folder: Path, desa: str, out: Path) -> None:
    """Lembar sampul (PDF) untuk semua TPS satu desa: kode, nomor besar, halaman yang ditunggu."""
    with bootstrap.opened(folder, read_only=True) as wp:
        click.echo(bootstrap.cover_sheets(wp, desa, out))


@main.command()
@DATA
@click.option("--as", "who", required=True, help="ID operator; PIN dari SITUNG_PIN atau masukan standar.")
@click.argument("file", type=LINES)
@AS_JSON
def key(folder: Path, who: str, file: Any, as_json: bool) -> None:
    """Bacaan sebagai baris JSON; bacaan orang lain atas formulir yang sama adalah entri kedua, dan seterusnya."""
    pin = _pin(is_input_taken=_is_standard_input(file))
    failures = 0
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, pin)
        for number, line in _json_lines(file):
            row = batch.attempt(
                number, line, lambda value: batch.key_line(wp, session, *batch.reading_of(value))
            )
            failures += "error" in row or bool(row.get("findings"))
            _show(row, as_json)
    sys.exit(1 if failures else 0)


@main.command()
@DATA
@click.option("--as", "who", required=True)
@click.option("--ok-identical", is_flag=True, help="Konfirmasi semua yang identik.")
@click.argument("file", required=False, type=LINES)
@AS_JSON
def verify(folder: Path, who: str, ok_identical: bool, file: Any, as_json: bool) -> None:
    """Putusan verifikator atas yang dikembalikan KPU RI."""
    if not ok_identical and file is None:
        raise click.UsageError("Beri --ok-identical atau berkas putusan.")
    pin = _pin(is_input_taken=_is_standard_input(file))
    failures = 0
    with bootstrap.opened(folder) as wp:
        session = people.sign_in(wp, who, pin)
        if ok_identical:
            _show(batch.confirm_identical(wp, session), as_json)
        for number, line in _json_lines(file) if file else ():
            row = batch.attempt(
                number, line, lambda value: batch.verdict_line(wp, session, batch.key_of(value), value)
            )
            failures += "error" in row
            _show(row, as_json)
    sys.exit(1 if failures else 0)


@main.command()
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
        _show({"waiting": [asdict(one) for one in waiting]}, as_json=True)
    sys.exit(WAITS if waiting else 0)


@main.command()
@DATA
@click.option("--waiting", "only_waiting", is_flag=True, help="Hanya yang menunggu, dengan alasannya.")
@AS_JSON
def status(folder: Path, only_waiting: bool, as_json: bool) -> None:
    """Corong, jalur, apa yang menunggu dan mengapa."""
    with bootstrap.opened(folder, read_only=True) as wp:
        facts = status_service.facts_json(wp)
    if as_json:
        _show(facts, as_json=True)
        return
    if not only_waiting:
        _show(facts["funnel"], as_json=False)
        for lane in facts["channels"]:
            click.echo(f"jalur {lane['class']}: {lane['state']} {lane['reason'] or ''}".rstrip())
    for one in facts["waiting"]:
        click.echo(
            f"{one['tps']} {one['form']} {one['step']}: {one['reason']} "
            f"Sejak {one['since']}. Coba lagi: {one['next_try'] or 'perlu tindakan'}"
        )


@main.group()
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


@main.group()
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
    }
    _show(facts, as_json)
    sys.exit(1 if report.fault else 0)


@main.group()
def forms() -> None:
    """Definisi formulir."""


@forms.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def forms_check(file: Path | None) -> None:
    """Memeriksa definisi formulir: berkas, baris, kesalahan."""
    faults = [
        fault
        for path in ([file] if file else map(definitions.path_of, definitions.available()))
        for fault in definitions.check_file(path)
    ]
    for fault in faults:
        click.echo(fault, err=True)
    click.echo("Definisi formulir baik." if not faults else f"{len(faults)} kesalahan.")
    sys.exit(1 if faults else 0)


@main.command()
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False))
def doctor(folder: Path | None) -> None:
    """Memeriksa komputer ini: SQLite, gantungan kunci, folder data, server."""
    from app.bootstrap import doctor as examination

    lines = examination.examine(folder)
    for one in lines:
        click.echo(f"{'baik ' if one.is_well else 'PERLU'} {one.name}: {one.text}")
    sys.exit(0 if all(one.is_well for one in lines) else 1)


# ---- reading the input, showing the output ---------------------------------------------------------------------


def _json_lines(file: Any) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file, start=1):
        if line.strip("\ufeff \t\r\n"):
            yield number, line.removeprefix("\ufeff")  # Windows' editor puts a mark before the first line


def _is_standard_input(file: Any) -> bool:
    # click hands over a stream of its own for `-`, so identity says nothing.
    return getattr(file, "name", "") == "<stdin>"


def _pin(*, is_input_taken: bool = False) -> str:
    pin = os.environ.get("SITUNG_PIN")
    if pin is not None:
        return pin
    if is_input_taken:
        raise click.UsageError("Masukan standar dipakai untuk data; beri PIN lewat SITUNG_PIN.")
    if sys.stdin.isatty():
        return str(click.prompt("PIN", hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")


def _show(value: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    for row in value if isinstance(value, list) else [value]:
        text = "  ".join(f"{name}={_plain(one)}" for name, one in row.items() if one not in (None, "", []))
        is_error = isinstance(row, dict) and "error" in row
        click.echo(text, err=is_error)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
