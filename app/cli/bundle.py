"""Commands of the USB bundle: out of a workplace, into the centre, and the answer back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from app import bootstrap
from app.bundle_ports import BundleChoice, BundlePreview
from app.cli.console import AS_JSON, DATA, show
from app.errors import BadInput
from app.ports import ItemKind

FILE = click.argument("file", type=click.Path(path_type=Path))
KINDS = {
    "records": (ItemKind.RECORD, ItemKind.WITHDRAWAL),
    "verdicts": (ItemKind.VERDICT,),
    "scans": (ItemKind.SCAN,),
}


@click.group()
def bundle() -> None:
    """Bundel USB: bila tidak ada jaringan."""


@bundle.command("export")
@DATA
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--only", "only", multiple=True, type=click.Choice(list(KINDS)), help="Hanya ini; boleh berulang."
)
@click.option("--area", "areas", multiple=True, help="Hanya TPS berawalan kode ini; boleh berulang.")
@click.option(
    "--part-mb", type=click.IntRange(1, 3500), default=3500, show_default=True, help="Bagian terbesar."
)
@AS_JSON
def export(
    folder: Path, target: Path, only: tuple[str, ...], areas: tuple[str, ...], part_mb: int, as_json: bool
) -> None:
    """Menulis semua yang menunggu ke folder atau berkas TARGET; tetap antre sampai ada tanda terima."""
    from app.bootstrap.bundles import WorkplaceBundles

    if bad := [one for one in areas if not (one.isascii() and one.isdigit() and len(one) <= 13)]:
        raise click.UsageError(f"Kode wilayah tidak dikenal: {bad[0]}.")
    kinds = tuple(kind for name in only for kind in KINDS[name]) or tuple(ItemKind)
    with bootstrap.opened(folder) as wp:
        report = WorkplaceBundles(wp, part_bytes=part_mb * 1_000_000).export(
            target, BundleChoice(kinds, areas)
        )
    files = [str(one) for one in report.files]
    show({"files": files, "bytes": report.size_bytes, "counts": dict(report.counts)}, as_json)
    for one in report.left_out:
        click.echo(f"situng-luring: {one}", err=True)


@bundle.command("preview")
@FILE
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder data.")
@AS_JSON
@click.pass_context
def preview(ctx: click.Context, file: Path, folder: Path | None, as_json: bool) -> None:
    """Isi bundel, tanpa mengubah apa pun. Kode keluar 1 bila akan ditolak."""
    from app.bootstrap.bundles import WorkplaceBundles, preview_alone

    if folder is None:
        found = preview_alone(file)
    else:
        with bootstrap.opened(folder, read_only=True) as wp:
            found = WorkplaceBundles(wp).preview(file)
    show(_plain(found), as_json)
    for one in found.problems:
        click.echo(f"situng-luring: {one}", err=True)
    ctx.exit(1 if found.problems else 0)


def _plain(found: BundlePreview) -> dict[str, object]:
    return asdict(found) | {"problems": list(found.problems), "counts": dict(found.counts)}


@bundle.command("import")
@click.option(
    "--data", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder data PC ini."
)
@click.option("--central", type=click.Path(path_type=Path, file_okay=False), help="Folder data server pusat.")
@click.option(
    "--answer", type=click.Path(path_type=Path, dir_okay=False), help="Jawaban untuk dibawa pulang."
)
@FILE
@AS_JSON
def import_(
    folder: Path | None, central: Path | None, answer: Path | None, file: Path, as_json: bool
) -> None:
    """Dengan --data: jawaban KPU RI diambil, bundel PC lain diteruskan ke KPU RI. Dengan --central: di server."""
    if (folder is None) == (central is None):
        raise click.UsageError("Beri --data atau --central.")
    place = answer or file.with_name(f"{file.stem}-jawaban.zip")
    if place.resolve() == file.resolve():
        raise BadInput("Jawaban tidak boleh menimpa bundelnya.", hint="Pilih nama lain untuk --answer.")
    if central is not None:
        from app.bootstrap import centre

        report = centre.take_in_bundle(centre.settings(central), file, place)
        show(asdict(report) | {"answer": str(place)}, as_json)
        return
    from app.bootstrap.bundles import WorkplaceBundles, is_answer

    assert folder is not None  # noqa: S101 - one of the two was given
    if not is_answer(file):
        with bootstrap.opened(folder, read_only=True) as wp:  # beside an open window, too
            WorkplaceBundles(wp).relay(file, place)
        show({"answer": str(place)}, as_json)
        return
    with bootstrap.opened(folder) as wp:
        show(asdict(WorkplaceBundles(wp).take_in(file)), as_json)
