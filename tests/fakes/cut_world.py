"""A district PC and a centre with everything between them still to do, and one line that may be broken.

One engine run over this world makes every kind of call: the centre was restored from a backup (hello, status, records
again) and has a new key since (keys), a token is missing (login), a person is new (operators), a form is confirmed
(verdict), corrected (a second version), withdrawn, and scans are new, half sent or of uncertain fate. The line is poor:
of what is new a thrifty copy goes first. Built once, copied for each case; judged by the centre's own database.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from app import bootstrap
from app.domain.lifecycle import OutboxState
from app.domain.people import Role
from app.domain.sending import PoorLine
from app.ports import IntakeState, Lane
from app.services import corrections, engine_store, keying, pages, people, queue, verify, waits, workplace
from app.services.workplace import Workplace
from app.store.database import FILE_NAME
from app.store.driver import connect
from sync.account import Account
from sync.central import keys
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from sync.engine import Engine, IdleReport, run_until_idle
from sync.policy import Bounds, Policy
from sync.wire import SCANS, Limits
from tests.fakes import office
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.district import WEAK, key, new_scan, own, region
from tests.fakes.http_bytes import Head
from tests.fakes.program import PIN
from tests.fakes.relay import CutAnswer, CutRequest, End, Fault, Point, Relay
from tests.unit.sync.central.office import JPEG

REALM = "latihan-uji"
DISTRICT = "3204"
STATIONS = 8
CHUNK = 64 * 1024
SMALL, LARGE = 3_000, 2 * CHUNK + 10_000  # one chunk, three chunks
COPY = 2_500  # bytes of a thrifty copy
COPIES = 4  # scans that have one
PATIENCE_S = 20.0
HASTY = replace(
    Policy.practice(),
    scale=0.01,
    pause_spread_s=0.05,
    idle_poll_s=(0.2, 0.4),
    expecting_poll_s=0.05,
    answer_patience_s=0.5,
    later_wait_s=(0.01, 0.05),
    person_wait_s=0.1,
    call_s=1.0,
    silence_least_s=0.3,
    deadline_s=1.0,
    deadline_most_s=1.5,
    hello_beside_s=(0.4,),
    hello_answer_s=0.4,
    body_deadline_s=1.0,
    thrift=Bounds(night_s=0.0, worth_s=0.0),  # whatever is left is too much for this line
)


@dataclass(frozen=True)
class Template:
    """Where the world lies that every case begins with."""

    folder: Path
    secrets: Mapping[str, str]
    keys: Mapping[str, str]


@dataclass
class World:
    """One case's own copy, running."""

    wp: Workplace
    centre: RunningCentre
    relay: Relay
    account: Account

    @property
    def clock(self) -> RealClock:
        """What a test may set."""
        assert isinstance(self.wp.clock, RealClock)
        return self.wp.clock

    def engine(self) -> Engine:
        """Not started."""
        return _engine(self.wp, self.account)

    def sync(self, seconds: float = PATIENCE_S) -> IdleReport:
        return run_until_idle(self.engine(), self.wp.clock, seconds=seconds)

    def here(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the workplace."""
        return rows(self.wp.folder / FILE_NAME, question, *values)

    def try_again(self) -> None:
        """What a person does: *Coba lagi* on everything that waits or stopped."""
        queue.retry(self.wp)

    def unexplained(self) -> list[str]:
        """Items of the outbox without a receipt, and without a reason and (unless stopped) a next time."""
        found = []
        for one in waits.waiting(self.wp):
            is_named = one.reason_code and one.reason
            if one.is_for_engine and not (is_named and one.reason_code != "queued"):
                found.append(f"{one.tps} waits without a reason: {one.reason_code} {one.reason}")
        stopped = {
            row[0] for row in self.here("SELECT id FROM outbox WHERE state = 'stopped' AND reason_code <> ''")
        }
        for number, state, code, next_at in self.here(
            "SELECT id, state, reason_code, next_at FROM outbox WHERE state NOT IN ('done', 'queued')"
        ):
            if number not in stopped and (state != "waiting" or not code or not next_at):
                found.append(f"item {number} is {state}, reason {code!r}, next {next_at}")
        return found

    def differences(self) -> list[str]:
        """Exactly once, all hashes equal, a receipt for each; empty when all of it is so."""
        found = []
        for what, here, there in _SAME:
            ours, theirs = sorted(self.here(here)), sorted(self._there(there))
            if ours != theirs:
                found.append(f"{what}: here {ours}, at the centre {theirs}")
        for what, question in _NONE:
            left = self.here(question)
            if left:
                found.append(f"{what}: {left}")
        # A comparison may have doubted a copy that is there, so there may be more of them at the centre, never fewer.
        absent = set(self.here(_COPIES)) - set(self.copies_there())
        found += [f"copies not at the centre: {sorted(absent)}"] if absent else []
        for (sha256,) in self.here(_FILES):
            held = self.centre.parts.scans.path(sha256)
            if not held.is_file() or held.read_bytes() != pages.scan_path(self.wp, sha256).read_bytes():
                found.append(f"scan {sha256[:8]} differs")
        return found

    def copies_there(self) -> list[tuple[Any, ...]]:
        """Scan, thrifty copy, bytes of it: what the centre keeps."""
        return self._there("SELECT scan, sha256, bytes FROM thrifty")

    def _there(self, question: str) -> list[tuple[Any, ...]]:
        return rows(self.centre.parts.centre.settings.database, question)


# What must be the same list here and at the centre: nothing missing, nothing twice.
_SAME = (
    (
        "versions",
        "SELECT tps || '/' || form || '/' || round, values_hash, repeat FROM version JOIN c1 ON c1.id = version.c1",
        "SELECT key, values_hash, repeat FROM version",
    ),
    (
        "heads",
        "SELECT tps, values_hash FROM c1 JOIN version ON version.id = c1.head",
        "SELECT tps, values_hash FROM form JOIN version ON version.id = form.head",
    ),
    ("scans", "SELECT sha256, size_bytes FROM scan", "SELECT sha256, bytes FROM scan"),
    ("verdicts", "SELECT id FROM verdict", "SELECT id FROM verdict"),
    ("withdrawals", "SELECT id FROM withdrawal", "SELECT id FROM withdrawal"),
    ("people", "SELECT id FROM person", "SELECT id FROM operator"),
)
_COPIES = "SELECT sha256, thrifty_sha256, thrifty_bytes FROM scan WHERE thrifty_held_at IS NOT NULL"
_FILES = "SELECT sha256 FROM scan UNION ALL SELECT thrifty_sha256 FROM scan WHERE thrifty_held_at IS NOT NULL"
# What must not be found here.
_NONE = (
    ("items not done", "SELECT kind, what, state, reason_code FROM outbox WHERE state <> 'done'"),
    (
        "without a receipt",
        """SELECT kind, what FROM outbox WHERE NOT EXISTS (SELECT 1 FROM receipt
           WHERE receipt.kind = outbox.kind AND outbox.what IN (receipt.what, receipt.values_hash))""",
    ),
    (
        "copies without a receipt",
        """SELECT sha256 FROM scan WHERE thrifty_held_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM receipt
           WHERE kind = 'thrifty' AND what = thrifty_sha256 AND values_hash = sha256)""",
    ),
    (
        "a gap in the feed",
        "SELECT epoch, count(*), max(n) FROM feed_event GROUP BY epoch HAVING count(*) <> max(n)",
    ),
)


@contextmanager
def building(folder: Path) -> Iterator[Bench]:
    """The template, and a line for its copies."""
    with Relay() as relay:
        yield Bench(folder, relay, _Builder(folder / "template", relay).build())


@dataclass
class Bench:
    """Makes worlds."""

    folder: Path
    relay: Relay
    template: Template

    @contextmanager
    def world(self, name: str) -> Iterator[World]:
        """A fresh copy, its centre running as restored from a backup."""
        place = self.folder / name
        shutil.copytree(self.template.folder, place)
        with _centre(place, was_restored=True) as centre:
            self.relay.target = centre.url
            secrets = MemorySecrets()
            secrets.kept |= self.template.secrets
            with workplace.open_workplace(place / "pc", clock=RealClock(), secrets=secrets) as wp:
                yield World(wp, centre, self.relay, _account(wp, self.relay, self.template.keys))
            self.relay.script = lambda _: None
            self.relay.cut_all()
        shutil.rmtree(place)


class _Builder:
    """Weeks of an office in two seconds."""

    def __init__(self, folder: Path, relay: Relay) -> None:
        self._folder, self._relay = folder, relay
        self._secrets = MemorySecrets()
        self._wp = workplace.create(
            folder / "pc",
            realm=REALM,
            district=DISTRICT,
            region=region(STATIONS),
            clock=RealClock(),
            secrets=self._secrets,
            profile="ringkas",
            pin_cost=WEAK,
        )
        self._crew = office.hire(self._wp)
        self._keys: Mapping[str, str] = {}
        self._rng = random.Random(2019)

    def build(self) -> Template:
        with self._wp:
            with _centre(self._folder) as centre:
                self._enrol(centre)
                self._arrived_and_returned()
                self._half_sent()
            backup = self._folder / "backup"
            shutil.copytree(self._folder / "pusat", backup)
            with _centre(self._folder) as centre:
                self._relay.target = centre.url
                self._lost_with_the_centre()
            shutil.rmtree(self._folder / "pusat")
            backup.rename(self._folder / "pusat")
            keys.rotate(self._folder / "pusat", REALM, self._wp.clock.now())
            self._new_work()
            account = _account(self._wp, self._relay, self._keys)
            self._secrets.delete(account.token_name)
        return Template(self._folder, dict(self._secrets.kept), self._keys)

    def _enrol(self, centre: RunningCentre) -> None:
        self._relay.target = centre.url
        setup, code = centre.setup_for(DISTRICT)
        self._keys = setup.keys
        setup = msgspec.structs.replace(setup, server=self._relay.url)
        bootstrap.connect(self._wp, setup, code)

    def _arrived_and_returned(self) -> None:
        """Stations 1-3: numbers there; of station 1 also both pages."""
        for page in (1, 2):
            self._scan(1, page, SMALL)
        for n in (1, 2, 3):
            self._read(n)
        assert self._sync().is_idle

    def _half_sent(self) -> None:
        """Station 4: one upload stopped in its second chunk, the answer to the creation of the other was lost."""

        def second_chunk(request: Head) -> Fault | None:
            if request.headers.get("upload-offset") == str(CHUNK):
                return CutRequest(Point.MIDDLE, End.RESET)
            return CutRequest(Point.NOTHING, End.RESET) if request.words[0] == "HEAD" else None

        def creation(request: Head) -> Fault | None:
            return CutAnswer(Point.NOTHING, End.RESET) if SCANS in request.words[1] else None

        for page, size, script in ((1, LARGE, second_chunk), (2, SMALL, creation)):
            scan = self._scan(4, page, size)
            self._relay.script = script
            self._until(scan, OutboxState.WAITING)
        self._relay.script = lambda _: None

    def _lost_with_the_centre(self) -> None:
        """Station 5: arrived, but after the backup was taken."""
        version = self._read(5)
        store = engine_store.engine_store(self._wp)
        rest = store.channel(Lane.SCANS)
        store.save_channel(replace(rest, is_paused=True))
        self._until(version, OutboxState.DONE)
        store.save_channel(rest)

    def _new_work(self) -> None:
        """A verdict, a correction, a withdrawal; stations 6-8 with pages, numbers of all but the last; a new person."""
        wp, crew = self._wp, self._crew
        verify.give_verdict(wp, crew["sari"], key(1), "ok")
        corrections.correct(wp, crew["rina"], key(2), {"P1": 70, "P2": 111}, "salah baca")
        corrections.withdraw(wp, crew["rina"], key(3), "Salah TPS.")
        self._scan(6, 1, LARGE, has_copy=True)
        for n, page in ((6, 2), (7, 1), (7, 2), (8, 1), (8, 2)):
            self._scan(n, page, SMALL, has_copy=n < 8)  # COPIES of them all
        engine_store.engine_store(wp).save_poor_line(PoorLine(wp.clock.now(), 10_000.0))
        for n in (4, 6, 7):
            self._read(n)
        people.add_person(wp, id="maya", name="Maya", roles=[Role.KEY], pin=PIN, by=crew["wulan"])

    def _read(self, n: int) -> str:
        """Two readings that agree; the values' name."""
        keying.key_whole(self._wp, self._crew["rina"], key(n), own(n))
        done = keying.key_whole(self._wp, self._crew["dedi"], key(n), own(n))
        assert done.version is not None
        return done.version

    def _scan(self, n: int, page: int, size: int, *, has_copy: bool = False) -> str:
        """A page as the scanner leaves it: the files, then its row."""
        sha256 = self._file(size)
        row = replace(new_scan(sha256), size_bytes=size)
        if has_copy:
            row = replace(row, thrifty_sha256=self._file(COPY), thrifty_bytes=COPY)
        pages.page_rows(self._wp).add_page(row, key(n), page, IntakeState.ASSIGNED, "rina")
        return sha256

    def _file(self, size: int) -> str:
        return keep_file(self._wp, JPEG + self._rng.randbytes(size - len(JPEG)))

    def _sync(self) -> IdleReport:
        return run_until_idle(self._engine(), self._wp.clock, seconds=PATIENCE_S)

    def _engine(self) -> Engine:
        return _engine(self._wp, _account(self._wp, self._relay, self._keys))

    def _until(self, what: str, state: OutboxState) -> None:
        """The engine runs until this item is so."""
        engine = self._engine()
        engine.start()
        try:
            while rows(self._wp.folder / FILE_NAME, "SELECT state FROM outbox WHERE what = ?", what) != [
                (state.value,)
            ]:
                engine.wait_idle(0.02)
        finally:
            engine.close()


@contextmanager
def _centre(folder: Path, *, was_restored: bool = False) -> Iterator[RunningCentre]:
    settings = CentralSettings(
        folder / "pusat",
        realm=REALM,
        register=(region(STATIONS),),
        limits=Limits(chunk=CHUNK),
        was_restored=was_restored,
        seed=1,
    )
    centre = RunningCentre(settings)
    centre.start()
    try:
        yield centre
    finally:
        centre.stop()


def _account(wp: Workplace, relay: Relay, keys: Mapping[str, str]) -> Account:
    return Account(relay.url, REALM, DISTRICT, keys, wp.device_id, workplace.device_key(wp))


def _engine(wp: Workplace, account: Account) -> Engine:
    store = engine_store.engine_store(wp)
    return Engine(store, account, wp.clock, random.Random(1), policy=HASTY, secrets=wp.secrets)


def keep_file(wp: Workplace, data: bytes) -> str:
    """A file where the scanner leaves it; its hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = pages.scan_path(wp, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return sha256


def rows(database: Path, question: str, *values: object) -> list[tuple[Any, ...]]:
    """Read beside whoever writes."""
    db = connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [tuple(row) for row in db.execute(question, values)]
    finally:
        db.close()
