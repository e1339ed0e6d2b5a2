"""A district PC and a centre in one event loop on virtual time: the real engine over the real store, the real centre's
application and database, and a line that fails as it is told. Built once a process, copied for each example.

What the outside does (people, clocks, power, KPU RI's technicians) are this world's methods; `wrong` says what is not
as it must be. Thread: one; nothing here waits in real time.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from app import bootstrap
from app.domain.sending import Sending
from app.errors import ExpectedError
from app.ports import IntakeState, Lane
from app.services import engine_store, journal, pages, sending, workplace
from app.services.people import Session
from app.services.workplace import Workplace
from app.store.database import FILE_NAME, Database
from app.store.driver import open_writer
from sync.account import Account
from sync.central.server import Parts, RunningCentre, build
from sync.central.settings import CentralSettings
from sync.policy import DEFAULT
from tests.fakes import machine_truth, office
from tests.fakes.clock import MemorySecrets
from tests.fakes.district import WEAK, key, new_scan, region
from tests.fakes.machine_line import Dead, Line
from tests.fakes.machine_process import (
    BEGIN,
    Clock,
    InlineLoop,
    InlineWriter,
    MachineCore,
    MortalStore,
    life,
    told,
)
from tests.fakes.machine_truth import Truth
from tests.unit.sync.central.office import JPEG

REALM = "latihan-uji"
DISTRICT = "3204"
STATIONS = 2
POLICY = structs.replace(DEFAULT, start_spread_s=1.0, answer_patience_s=1.0)
HOUR_S = 3600.0
MOMENT_S = 0.001
SHM = Path("/dev/shm")  # noqa: S108 - the name of a disk in memory, where folders are made by `mkdtemp`
MEMORY = SHM if SHM.is_dir() else None  # a disk that costs nothing: power is cut in this process only


@dataclass(frozen=True)
class Template:
    """Where the world lies that every example begins with."""

    folder: Path
    secrets: Mapping[str, str]
    account: Account
    crew: Mapping[str, Session]


def build_template(folder: Path) -> Template:
    """An office that is enrolled and whose people are known to it; nothing was sent yet."""
    secrets = MemorySecrets()
    with workplace.create(
        folder / "pc", realm=REALM, district=DISTRICT, region=region(STATIONS), clock=bootstrap.SystemClock(),
        secrets=secrets, profile="ringkas", pin_cost=WEAK,
    ) as wp:  # fmt: skip
        crew = office.hire(wp)
        centre = RunningCentre(centre_settings(folder))
        centre.start()
        try:
            setup, code = centre.setup_for(DISTRICT)
            bootstrap.connect(wp, setup, code)
        finally:
            centre.stop()
        account = bootstrap.account_of(wp)
        assert account is not None
        secrets.delete(account.token_name)
    return Template(folder, dict(secrets.kept), account, crew)


def centre_settings(folder: Path) -> CentralSettings:
    return CentralSettings(
        folder / "pusat", realm=REALM, register=(region(STATIONS),), seed=1, disk_reserve_bytes=0
    )


class World:
    """One example."""

    def __init__(self, template: Template, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="situng-machine-", dir=MEMORY))
        shutil.copytree(template.folder, self.folder, dirs_exist_ok=True)
        self.loop = InlineLoop()
        self.loop.set_exception_handler(told)
        self.clock = Clock(self.loop)
        self.rng = random.Random(seed)
        self.crew = template.crew
        self._account = template.account
        self._secrets = MemorySecrets()
        self._secrets.kept |= template.secrets
        self.wp = self._open()
        self.line = Line(self._there, is_dead=lambda: self.store is not None and self.store.is_dead)
        self._open_centre()
        self.core: MachineCore | None = None
        self.store: MortalStore | None = None
        self._life: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._was_closed = False  # the last engine ended as *Keluar* ends it
        self._truth = Truth()
        self._damaged: dict[Path, bytes] = {}

    def _there(self) -> float:
        """The centre's clock is right."""
        return BEGIN + self.loop.now

    def close(self) -> None:
        self._kill()
        self._end_tasks(asyncio.all_tasks(self.loop))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        self.wp.close()
        self.parts.centre.db.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- the centre --------------------------------------------------------------------------------------------------

    def _open_centre(self, *, was_restored: bool = False) -> None:
        settings = replace(centre_settings(self.folder), was_restored=was_restored)
        self.line.app = build(settings, clock=self._there)
        self.parts: Parts = self.line.app.state.parts

    @property
    def _backup(self) -> Path:
        return self.folder / "backup.db"

    @property
    def _witness(self) -> Path:
        return self.folder / "pusat" / "epoch-witness"

    @property
    def _witness_then(self) -> Path:
        return self.folder / "backup-witness"

    @property
    def has_backup(self) -> bool:
        return self._backup.exists()

    def back_up_centre(self) -> None:
        """Its database and its witness as they are now."""
        self._backup.unlink(missing_ok=True)
        shutil.copyfile(self._witness, self._witness_then)
        with self.parts.centre.db.read() as con:
            con.execute("ROLLBACK")  # VACUUM wants none; `read` ends what it finds
            con.execute("VACUUM INTO ?", (str(self._backup),))
            con.execute("BEGIN")

    def restart_centre(self, *, from_backup: bool, is_told: bool = True) -> None:
        """Whatever it was at is cut. Its database is the backup's again, or as it was; files lie there as they were.

        Not told: the witness is the backup's, too, and nobody says `--restored`.
        """
        with self.parts.centre.db.read() as there:
            self._truth.look(there)
        self.line.app = None
        self._end_tasks(self.line.at_work)
        self.parts.centre.db.close()
        place = self.parts.centre.settings.database
        if from_backup:
            _remove_log(place)
            shutil.copyfile(self._backup, place)
            shutil.copyfile(self._witness_then, self._witness)
        self._open_centre(was_restored=from_backup and is_told)

    def publish(self) -> None:
        self.parts.publication.drain()

    # ---- the engine --------------------------------------------------------------------------------------------------

    def _open(self) -> Workplace:
        place = self.folder / "pc"
        wp = workplace.open_workplace(place, clock=self.clock, secrets=self._secrets, read_only=True)
        wp.db.close()
        return replace(wp, db=Database(place / FILE_NAME, InlineWriter(open_writer(place / FILE_NAME))))

    @property
    def is_running(self) -> bool:
        return self.core is not None

    @property
    def can_hear(self) -> bool:
        return self.store is not None and not self.store.is_dead

    def at_call(self, calls: int, happens: Callable[[], None], *, is_before: bool) -> None:
        """When the engine has asked its store that many more times."""
        assert self.store is not None
        self.store.at_call(calls, happens, is_before=is_before)

    def dies_at_call(self, calls: int, *, is_before: bool) -> None:
        assert self.store is not None
        self.store.at_call(calls, self.store.die, is_before=is_before)

    def forget_calls(self) -> None:
        if self.store is not None:
            self.store.forget()

    def start(self) -> None:
        self.store = MortalStore(engine_store.engine_store(self.wp))
        self.core = MachineCore(
            self.store,
            self._account,
            clock=self.clock,
            rng=self.rng,
            policy=POLICY,
            secrets=self._secrets,
            on_status=lambda _: None,
            on_idle=self._on_idle,
        )
        self.core.line_out = self.line
        self._was_closed = False
        self._idle.clear()
        self._life = self.loop.create_task(life(self.core))
        self.passes(MOMENT_S)  # what was kept is loaded

    def _on_idle(self, is_idle: bool) -> None:
        if is_idle:
            self._idle.set()
        else:
            self._idle.clear()

    def stop(self) -> None:
        """As *Keluar* does it."""
        assert self.core is not None
        assert self._life is not None
        self.core.close()
        self.loop.run_until_complete(asyncio.wait({self._life}, timeout=HOUR_S))
        assert self._life.done(), "the engine does not close"
        self._was_closed = self.can_hear
        self._bury()

    def crash(self) -> None:
        """The power goes: nothing more is written or sent, and the file is what the disk has."""
        self._kill()
        place = self.folder / "pc" / FILE_NAME
        image = {one: one.read_bytes() for one in (place, _log(place)) if one.exists()}
        self.wp.close()  # tidies up, which nobody did
        _remove_log(place)
        for one, data in image.items():
            one.write_bytes(data)
        self.wp = self._open()

    def _kill(self) -> None:
        if self.store is not None:
            self.store.is_dead = True
        self._bury()

    def _bury(self) -> None:
        """What is left of a dead or closed process."""
        if self._life is not None:
            self._end_tasks(asyncio.all_tasks(self.loop) - self.line.at_work)
            if self._life.done() and not self._life.cancelled():
                error = self._life.exception()
                assert error is None or isinstance(error, Dead), error
        self.core = self.store = self._life = None

    def _end_tasks(self, tasks: set[asyncio.Task[Any]]) -> None:
        chosen = set(tasks)
        for task in chosen:
            task.cancel()
        if chosen:
            self.loop.run_until_complete(asyncio.wait(chosen, timeout=HOUR_S))
        for task in chosen:
            if not task.cancelled():
                task.exception()  # taken note of

    def passes(self, seconds: float) -> None:
        """Time; a process that died in it is gone afterwards."""
        self.loop.run_until_complete(asyncio.sleep(seconds))
        if self.store is not None and self.store.is_dead:
            self.crash()

    def until_idle(self, most_s: float) -> bool:
        """True when the engine says that nothing waits."""
        wait = asyncio.wait_for(self._idle.wait(), most_s)
        with suppress(TimeoutError):
            self.loop.run_until_complete(wait)
        return self._idle.is_set()

    # ---- people ------------------------------------------------------------------------------------------------------

    def try_to(self, act: Callable[[], object]) -> bool:
        """What a person does; the program may say no, in a sentence."""
        with suppress(ExpectedError):
            act()
            if self.core is not None:
                self.core.wake()
            return True
        return False

    def scan(self, n: int, page: int, size: int) -> None:
        """A page as the scanner leaves it: the file, then its row."""
        data = JPEG + self.rng.randbytes(size)
        sha256 = hashlib.sha256(data).hexdigest()
        path = pages.scan_path(self.wp, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        row = structs.replace(new_scan(sha256), size_bytes=len(data))
        pages.page_rows(self.wp).add_page(row, key(n), page, IntakeState.ASSIGNED, "rina")

    def damage_scans(self, n: int) -> None:
        """The disk loses half of every page of this form."""
        for one in pages.pages_of(self.wp, key(n)):
            path = pages.scan_path(self.wp, one.scan_sha256)
            if path not in self._damaged:
                self._damaged[path] = path.read_bytes()
                path.write_bytes(self._damaged[path][: len(self._damaged[path]) // 2])

    def mend_scans(self) -> None:
        """A person scanned them again, or copied them back."""
        for path, data in self._damaged.items():
            path.write_bytes(data)
        self._damaged.clear()

    def choose_sending(self, chosen: Sending) -> None:
        self.try_to(lambda: sending.choose(self.wp, chosen))

    def set_paused(self, lanes: Sequence[Lane], is_paused: bool) -> None:
        assert self.core is not None
        self.core.set_paused(lanes, is_paused)

    def retry_now(self) -> None:
        assert self.core is not None
        self.core.retry_now()

    # ---- what must be true -------------------------------------------------------------------------------------------

    def wrong(self) -> list[str]:
        """Must be empty at every instant."""
        here = self.wp.db.reader
        with self.parts.centre.db.read() as there:
            found = self._truth.wrong(here, there)
        if self._was_closed:
            found += [f"closed, and in flight: {row}" for row in machine_truth.in_flight(here)]
        return found

    def undone(self) -> list[machine_truth.Undone]:
        """What has not reached the centre."""
        return machine_truth.undone(self.wp.db.reader)

    def differences(self) -> list[str]:
        """Must be empty once everything is quiet."""
        here = self.wp.db.reader
        with self.parts.centre.db.read() as there:
            found = self._truth.differences(here, there)
        for (sha256,) in here.execute("SELECT DISTINCT scan FROM page WHERE state = 'assigned'"):
            kept = self.parts.scans.path(sha256)
            if not kept.is_file() or kept.read_bytes() != pages.scan_path(self.wp, sha256).read_bytes():
                found.append(f"scan {sha256[:8]} differs")
        report = journal.verify(self.wp)
        if report.fault is not None or report.unproven:
            found.append(f"journal: {report}")
        return found


def _log(place: Path) -> Path:
    return place.with_name(place.name + "-wal")


def _remove_log(place: Path) -> None:
    """A database file without what belongs to another state of it."""
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
