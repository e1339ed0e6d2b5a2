"""The command line: for technicians, tests and benchmarks. A contract: programs we do not see use it, so it only grows.

Exit codes: 0 done, 1 an expected error (one line on standard error: what happened, what to do), 2 wrong use,
3 something waits (reasons on standard error). Facts go to standard output, with `--json` as JSON.
Thread: main.
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.cli import account, bundle, centre, corrections, reports, sending, work, workplace
from app.cli.console import AS_JSON, PROFILES, WAITS, show
from app.errors import ExpectedError

PAGES = click.Choice(["home", "pages", "keying", "second", "verify", "queue", "settings", "forms", "reports"])
COMMANDS: tuple[click.Command, ...] = (
    centre.central,
    centre.central_setup,
    centre.central_revoke,
    centre.central_rotate_key,
    account.account,
    workplace.init,
    workplace.operator,
    workplace.doctor,
    workplace.forms,
    work.scan,
    work.cover_sheets,
    work.key,
    work.verify,
    corrections.correct,
    corrections.move,
    corrections.swap,
    corrections.withdraw,
    sending.sync,
    sending.status,
    bundle.bundle,
    sending.sending,
    sending.send_now,
    reports.export,
    reports.journal,
)


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
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder data.")
def projector(folder: Path | None = None) -> None:
    """Proyektor: keadaan seluruh kabupaten/kota, layar penuh, hanya dibaca; juga di samping jendela program."""
    from app.bootstrap import projector as wall

    sys.exit(wall.run(folder))


@main.command()
@click.option("--forms", default=12, show_default=True, type=click.IntRange(1, 500))
@click.option("--profile", default="calm", show_default=True, type=PROFILES)
@click.option("--headless", is_flag=True, help="Memainkan seluruh jalan sendiri, lalu selesai.")
@click.option("--data", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder latihan.")
@click.option("--seed", default=2019, show_default=True)
@click.option("--form", "form_ids", multiple=True, help="Formulir yang dilatih; boleh beberapa kali.")
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
    form_ids: tuple[str, ...],
    screenshot: Path | None,
    person: str,
    page: str | None,
    as_json: bool,
) -> None:
    """Latihan: server pusat tiruan di komputer ini, formulir latihan, jendela."""
    from app.bootstrap import practice

    plan = practice.Practice(
        forms=forms,
        profile=profile,
        folder=folder,
        seed=seed,
        form_ids=tuple(dict.fromkeys(form_ids)) or practice.USUAL_FORMS,
    )
    plan.papers()  # a form that is none, or that practice does not know, leaves no trace
    if not headless:
        from app.bootstrap import practice_window

        screen = (
            practice_window.Show(person, page or "", screenshot) if person or page or screenshot else None
        )
        sys.exit(practice_window.train(plan, screen))
    result = practice.train_headless(plan, say=lambda text: click.echo(text, err=as_json))
    funnel = {name: value for name, value in asdict(result.funnel).items() if name != "expected"}
    show(funnel | {"site": result.site}, as_json)
    if result.funnel.public != result.funnel.forms:
        click.echo("situng-luring: belum semua terbit; jalankan lagi dengan waktu lebih lama.", err=True)
        sys.exit(WAITS)


for _command in COMMANDS:
    main.add_command(_command)
