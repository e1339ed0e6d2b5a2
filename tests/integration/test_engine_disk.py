"""This PC's disk is full, cannot be written, or its database is held by somebody else, while the engine works.

The real engine over a real workplace and the real centre behind a relay (`tests/fakes/cut_world.py`); the trouble is
SQLite's own. People are told what stands in the way; nothing is sent over and over; and when it is over, all of it is
at the centre exactly once, without a restart.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest

from app.domain.outages import End, outages
from app.ports import LineState, SyncStatus
from app.services import journal
from app.store import line_log
from app.store.database import FILE_NAME, Database
from app.store.driver import Connection, open_writer
from app.store.writer import Writer
from sync.engine import Engine
from sync.wire import API
from tests.fakes.cut_world import PATIENCE_S, Bench, World, building
from tests.fakes.http_bytes import Head

BUSY_MS = 150  # how long this PC waits for whoever holds the database
HOLDER = """
import sys
from app.store.driver import connect
db = connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
Disk = tuple[World, Connection]
Trouble = Callable[[Disk], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with building(tmp_path_factory.mktemp("disk")) as made:
        yield made


@pytest.fixture
def disk(bench: Bench) -> Iterator[Disk]:
    """A world, and the connection its writer has."""
    with bench.world("case") as world:
        world.wp.db.close()
        connection = open_writer(world.wp.folder / FILE_NAME)
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        world.wp = replace(world.wp, db=Database(world.wp.folder / FILE_NAME, Writer(connection)))
        with world.wp:
            yield world, connection


@contextmanager
def full(disk: Disk) -> Iterator[None]:
    """The database cannot grow by a page. What fits into the pages it has is still taken, as on a real full disk."""
    _, connection = disk
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    yield
    connection.execute("PRAGMA max_page_count=1000000")


@contextmanager
def read_only(disk: Disk) -> Iterator[None]:
    _, connection = disk
    connection.execute("PRAGMA query_only=ON")
    yield
    connection.execute("PRAGMA query_only=OFF")


@contextmanager
def held(disk: Disk) -> Iterator[None]:
    """Another process has the write lock for longer than anybody waits for it."""
    world, _ = disk
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(world.wp.folder / FILE_NAME)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield


TROUBLES: dict[str, tuple[Trouble, str]] = {
    "full": (full, "Disk PC ini penuh. Kosongkan ruang disk."),
    "read-only": (read_only, "Folder data di PC ini hanya dapat dibaca. Periksa izin folder data."),
    "held": (held, "Basis data di PC ini sedang dipakai program lain."),
}
every_trouble = pytest.mark.parametrize(("trouble", "words"), TROUBLES.values(), ids=TROUBLES)


class Watched:
    """An engine, and a way to wait for what it says."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.here: list[SyncStatus] = []
        self._said = threading.Event()
        engine.subscribe(self._hear)

    def _hear(self, status: SyncStatus) -> None:
        if status.line is LineState.HERE:
            self.here.append(status)
            self._said.set()

    def said(self) -> SyncStatus:
        """What is said of this PC, the next time it is."""
        self._said.clear()
        assert self._said.wait(PATIENCE_S), self.engine.status()
        return self.here[-1]


class Counted:
    """Passes every request; how many records were posted, and what happens before the first one is answered."""

    def __init__(self, first: Callable[[], None] = lambda: None) -> None:
        self.posts, self._first = 0, first

    def __call__(self, request: Head) -> None:
        if request.words[:2] == ("POST", f"{API}/records"):
            self.posts += 1
            if self.posts == 1:
                self._first()


def check(world: World) -> None:
    assert world.unexplained() == []
    assert world.differences() == []
    assert journal.verify(world.wp).fault is None


@every_trouble
def test_from_the_start(trouble: Trouble, words: str, disk: Disk) -> None:
    world, _ = disk
    with_engine = Watched(world.engine())
    with trouble(disk):
        with_engine.engine.start()
        said = with_engine.said()
        with_engine.said()
        assert said.sentence.startswith(words)
        assert "semua yang sudah tersimpan aman" in said.sentence
        assert "Dicoba lagi " in said.sentence
        assert said.next_try_at is not None
        assert not with_engine.engine.wait_idle(0.05)
    try:
        assert with_engine.engine.wait_idle(PATIENCE_S), with_engine.engine.status()
        assert with_engine.engine.status().line is LineState.OK
    finally:
        with_engine.engine.close()
    check(world)
    found = [one for one in outages(line_log.until(world.wp.db.reader, 4e9), 0, 4e9) if one.state == "here"]
    assert found, "what could not be written then is written after"
    # In pieces, when the full disk took a row in between.
    assert (found[0].began, found[-1].end) == (said.since, End.OVER)


@every_trouble
def test_while_an_answer_is_on_its_way(trouble: Trouble, words: str, disk: Disk) -> None:
    """The centre has it, and its receipt cannot be written down: it is asked for again, and is the first one."""
    world, _ = disk
    begins = trouble(disk)
    world.relay.script = counted = Counted(begins.__enter__)
    watched = Watched(world.engine())
    watched.engine.start()
    try:
        assert watched.said().sentence.startswith(words)
        for _ in range(3):
            watched.said()
        posts = counted.posts
        begins.__exit__(None, None, None)
        assert watched.engine.wait_idle(PATIENCE_S), watched.engine.status()
    finally:
        watched.engine.close()
    assert posts <= 5, "it asks the disk before it asks the centre"
    check(world)


@every_trouble
def test_closed_in_the_middle_of_it_and_started_anew(trouble: Trouble, words: str, disk: Disk) -> None:
    world, _ = disk
    begins = trouble(disk)
    world.relay.script = Counted(begins.__enter__)
    watched = Watched(world.engine())
    watched.engine.start()
    watched.said()
    began = world.clock.monotonic()
    watched.engine.close()
    assert world.clock.monotonic() - began < 1.0
    assert not watched.engine.is_running()
    begins.__exit__(None, None, None)
    assert world.sync().is_idle
    check(world)


def test_a_pause_chosen_while_the_disk_is_full_holds_when_there_is_room(disk: Disk) -> None:
    world, _ = disk
    watched = Watched(world.engine())
    with read_only(disk):
        watched.engine.start()
        watched.said()
        watched.engine.pause()
        watched.said()
    paused = threading.Event()
    watched.engine.subscribe(lambda status: paused.set() if status.line is LineState.PAUSED_HERE else None)
    try:
        assert paused.wait(PATIENCE_S)
        assert not watched.engine.wait_idle(0.1)
        watched.engine.resume()
        assert watched.engine.wait_idle(PATIENCE_S)
    finally:
        watched.engine.close()
    check(world)
