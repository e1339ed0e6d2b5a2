"""Commands of the engine: run it, say how images are sent, what goes first; see what waits and why."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from app import bootstrap
from app.cli.console import AS_JSON, DATA, WAITS, show
from app.domain.sending import checked_limit, hours_of
from app.services import batch, queue
from app.services import sending as choice
from app.services import status as status_service


@click.command()
@DATA
@click.option("--until-idle", is_flag=True, help="Selesai bila tidak ada yang menunggu.")
@click.option("--for", "seconds", type=float, help="Paling lama sekian detik.")
@AS_JSON
def sync(folder: Path, until_idle: bool, seconds: float | None, as_json: bool) -> None:
    """Mesin pengirim tanpa jendela."""
    with bootstrap.opened(folder) as wp:
        ended = bootstrap.run_sync(wp, until_idle=until_idle, seconds=seconds)
    if ended.sentence:
        click.echo(f"situng-luring: {ended.sentence}", err=True)
    for one in ended.waiting:
        click.echo(
            f"{one.tps} {one.form} {one.step}: {one.reason} Coba lagi: {one.next_try or '-'}", err=True
        )
    if as_json:
        show({"waiting": [asdict(one) for one in ended.waiting]}, as_json=True)
    sys.exit(WAITS if ended.waiting or ended.sentence else 0)


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
        if facts["line"]:
            click.echo(f"sambungan: {facts['line']['text']}")
        if facts["thrifty"]["text"]:
            click.echo(f"gambar: {facts['thrifty']['text']}")
        for notice in facts["notices"]:
            click.echo(f"kabar {notice['at']}: {notice['text']}")
    for one in facts["waiting"]:
        click.echo(
            f"{one['tps']} {one['form']} {one['step']}: {one['reason']} "
            f"Sejak {one['since']}. Coba lagi: {one['next_try'] or 'perlu tindakan'}"
        )


@click.command()
@DATA
@click.option("--images", help="Kapan gambar dikirim: always, atau jam PC ini, mis. 22.00-06.00.")
@click.option("--limit", help="Batas untuk semua gambar dalam kbit/s, atau off.")
@AS_JSON
def sending(folder: Path, images: str | None, limit: str | None, as_json: bool) -> None:
    """Jadwal malam dan batas kecepatan gambar; tanpa pilihan hanya menampilkan. Angka selalu dikirim."""
    with bootstrap.opened(folder, read_only=images is None and limit is None) as wp:
        now = choice.chosen(wp)
        wanted = now
        if images is not None:
            wanted = replace(wanted, hours=None if images == "always" else hours_of(images))
        if limit is not None:
            wanted = replace(wanted, limit_kbit_s=None if limit == "off" else checked_limit(_number(limit)))
        if wanted != now:
            choice.choose(wp, wanted)
    hours = str(wanted.hours) if wanted.hours else "always"
    show({"images": hours, "limit_kbit_s": wanted.limit_kbit_s}, as_json)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise click.UsageError("--limit: bilangan kbit/s, atau off.")
    return int(text)


@click.command("send-now")
@DATA
@click.option("--tps", required=True, help="13 angka: desa/kelurahan dan nomor TPS.")
@AS_JSON
def send_now(folder: Path, tps: str, as_json: bool) -> None:
    """Kirim TPS ini sekarang: mendahului semua yang lain dan tidak menunggu jadwal malam."""
    with bootstrap.opened(folder) as wp:
        items = queue.send_first(wp, batch.tps_of(tps))
    show({"tps": tps, "items": items}, as_json)
