"""The window, joined: a workplace, its engine and its intake on one desk. The only part of `app` that meets Qt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app import bootstrap
from app.bootstrap.beside import engine_beside
from app.bootstrap.bundles import WorkplaceBundles
from app.domain.people import Role
from app.errors import ExpectedError, NotFound, Unavailable
from app.forms.choice import FormChoice
from app.forms.wilayah import Region
from app.services import people, workplace
from app.services.people import Session
from app.services.workplace import Workplace
from scanner.intake import Intake
from scanner.sources.watched import WatchedFolder
from sync.switch import Switch
from ui.app import has_screen, run_first_run, run_window, show_problem
from ui.desk import Desk

if TYPE_CHECKING:
    from app.training.guide import Guide

Watch = Callable[[Path | None], str]


@contextlib.contextmanager
def told() -> Iterator[None]:
    """An expected error at start is shown in a box: whoever clicked an icon sees no standard error."""
    if not has_screen():
        raise Unavailable(
            "Sesi ini tidak mempunyai layar; jendela tidak dapat dibuka.",
            hint="Jalankan di komputer dengan layar, atau pakai perintah lain (--help).",
        )
    try:
        yield
    except ExpectedError as error:
        show_problem(error)
        raise


def run(folder: Path | None) -> int:
    """The window on a real workplace, or its first run."""
    with told():
        return _run(folder)


def _run(folder: Path | None) -> int:
    place = folder or bootstrap.default_folder()

    def make(*, realm: str, district: str, region: Region, choices: Sequence[FormChoice]) -> Workplace:
        secrets = bootstrap.secrets_of(place, realm)
        bootstrap.need_lasting(secrets)
        return workplace.create(
            place,
            realm=realm,
            district=district,
            region=region,
            clock=bootstrap.SystemClock(),
            secrets=secrets,
            choices=choices,
        )

    if not bootstrap.has_workplace(place) and not run_first_run(make, _train_now, _obstacle(place)):
        return 0
    with (
        bootstrap.opened(place) as wp,
        bootstrap.intake(wp) as pages_in,
        contextlib.closing(Switch(lambda: engine_beside(wp))) as line,
        watching(wp, pages_in) as watch,
    ):
        line.start()
        _warm(pages_in)
        return run_window(desk_of(wp, line, pages_in, watch))


def _obstacle(place: Path) -> str:
    """Why no workplace can be made on this computer; said before anything is typed."""
    try:
        bootstrap.need_lasting(bootstrap.secrets_of(place, bootstrap.REAL_REALM))
    except Unavailable as error:
        return error.sentence()
    return ""


def _train_now() -> int:
    from app.bootstrap.practice import Practice
    from app.bootstrap.practice_window import train

    return train(Practice())


def _warm(pages_in: Intake) -> None:
    """Start the first image worker while the person signs in; it also clears what a killed take-over left."""
    threading.Thread(target=pages_in.warm_up, name="pemanasan", daemon=True).start()


def desk_of(
    wp: Workplace,
    line: Switch,
    pages_in: Intake,
    watch: Watch,
    site: Callable[[], str] = str,
    sign_in_hint: str = "",
    guide: Guide | None = None,
) -> Desk:
    """Everything the window gets."""

    def enrol_here(setup_path: Path | None, code: str, session: Session) -> str:
        people.need_role(session, Role.COORDINATE)
        sentence = bootstrap.enrol_again(wp, setup_path, code)
        line.renew()
        return sentence

    return Desk(
        wp=wp,
        sync=line,
        intake=pages_in,
        practice=wp.is_practice,
        enrol=enrol_here,
        watch=watch,
        cover_sheets=lambda desa, out: bootstrap.cover_sheets(wp, desa, out),
        bundles=WorkplaceBundles(wp),
        public_url=site,
        sign_in_hint=sign_in_hint,
        guide=guide,
    )


@contextlib.contextmanager
def watching(wp: Workplace, pages_in: Intake) -> Iterator[Watch]:
    """The watched folder's thread: `watch(folder)` points it elsewhere, `watch(None)` ends it."""
    running: list[tuple[threading.Event, threading.Thread]] = []

    def end() -> None:
        while running:
            stop, thread = running.pop()
            stop.set()
            thread.join()

    def watch(folder: Path | None) -> str:
        end()
        if folder is None:
            return "Tidak ada folder yang diamati."
        if not folder.is_dir():
            raise NotFound(f"Folder {folder} tidak ada.", hint="Pilih folder tempat pemindai menyimpan.")
        stop = threading.Event()
        watched = WatchedFolder(folder, pages_in, wp.clock)
        thread = threading.Thread(target=watched.run, args=(stop,), name="folder-pindai", daemon=True)
        running.append((stop, thread))
        thread.start()
        return f"Halaman baru di {folder} diambil sendiri."

    kept = workplace.preference(wp, "watched_folder")
    if kept and Path(kept).is_dir():
        watch(Path(kept))
    try:
        yield watch
    finally:
        end()
