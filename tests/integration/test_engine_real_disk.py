"""A disk that is really full, files that really cannot grow, a folder that really may not be written.

Beside `test_engine_disk.py`, where SQLite itself says so: here the system does. One case for root (a tmpfs), the others
for anybody.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.ports import LineState, SyncStatus
from app.services import journal, workplace
from app.store.database import FILE_NAME
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.cut_world import PATIENCE_S, Bench, World, building
from tests.fakes.small_disk import small_disk

ROOT = Path(__file__).parents[2]
ROOM_BYTES = 3 * 1024 * 1024  # beside what the workplace takes already
UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with building(tmp_path_factory.mktemp("real-disk")) as made:
        yield made


@pytest.fixture
def world(bench: Bench) -> Iterator[World]:
    with bench.world("case") as made:
        yield made


def reopen(world: World, folder: Path) -> None:
    world.wp = workplace.open_workplace(folder, clock=RealClock(), secrets=world.wp.secrets, quick_check=True)


def fill(ballast: Path) -> None:
    """Until the disk takes no byte more."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def check(world: World) -> None:
    assert world.unexplained() == []
    assert world.differences() == []
    assert journal.verify(world.wp).fault is None


def test_a_disk_without_one_free_byte(world: World, tmp_path: Path) -> None:
    world.wp.close()
    used = sum(one.stat().st_size for one in world.wp.folder.rglob("*") if one.is_file())
    with small_disk(tmp_path / "disk", 2 * used + ROOM_BYTES) as disk:
        folder = disk / "pc"
        shutil.copytree(world.wp.folder, folder)
        reopen(world, folder)
        ballast = disk / "ballast"
        fill(ballast)
        said: list[SyncStatus] = []
        engine = world.engine()
        engine.subscribe(lambda status: said.append(status) if status.line is LineState.HERE else None)
        try:
            engine.start()
            while len(said) < 3:
                assert not engine.wait_idle(0.02)
            ballast.unlink()
            assert engine.wait_idle(PATIENCE_S), engine.status()
        finally:
            engine.close()
        assert all(one.sentence.startswith("Disk PC ini ") for one in said)
        check(world)
        world.wp.close()


@pytest.mark.skipif(os.name == "nt", reason="a limit for the size of files is POSIX's")
@pytest.mark.parametrize("over_bytes", [0, 1_000, 20_000, 60_000], ids=str)
def test_files_that_cannot_grow(over_bytes: int, world: World) -> None:
    """The limit cuts a write in the middle, at the journal's beginning or well inside it."""
    from tests.fakes.limited_child import COMPLAINTS, sync_with_little_room

    world.wp.close()
    assert isinstance(world.wp.secrets, MemorySecrets)
    context = get_context("forkserver")
    hear, tell = context.Pipe(duplex=False)
    arguments = (world.wp.folder, world.account, dict(world.wp.secrets.kept), over_bytes, tell)
    child = context.Process(target=sync_with_little_room, args=arguments)
    child.start()
    tell.close()
    try:
        assert hear.poll(2 * PATIENCE_S), "the child says nothing"
        is_idle, said = hear.recv()
        child.join(PATIENCE_S)
        assert (child.exitcode, is_idle) == (0, True)
    finally:
        hear.close()
        child.kill()
        child.join()
    assert len(said) >= COMPLAINTS
    assert all(one.startswith("Disk PC ini gagal dibaca atau ditulis.") for one in said)
    reopen(world, world.wp.folder)
    with world.wp:
        check(world)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((FILE_NAME,), "Folder data di PC ini hanya dapat dibaca. Periksa izin folder data."),
        ((".",), "tidak dapat ditulis"),
    ],
    ids=["database", "folder"],
)
def test_what_may_not_be_written_is_said_by_the_program(
    names: tuple[str, ...], words: str, world: World
) -> None:
    """Not a traceback; and nothing was sent of which the answer could not be kept."""
    if os.name == "nt" or (os.geteuid() == 0 and not shutil.which("setpriv")):
        pytest.skip("needs permissions that hold for whoever runs this")
    world.wp.close()
    folder = world.wp.folder
    if names == (".",):
        (folder / "situng.lock").chmod(0o444)
    modes = {folder / name: (folder / name).stat().st_mode for name in names}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    prefix = UNPRIVILEGED if os.geteuid() == 0 else []
    environment = {**os.environ, "SITUNG_SECRETS_PASSPHRASE": "uji", "PYTHONUTF8": "1"}
    command = [
        *prefix,
        sys.executable,
        "-m",
        "app",
        "sync",
        "--data",
        str(folder),
        "--until-idle",
        "--for",
        "1",
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    (folder / "situng.lock").chmod(0o644)
    for path, mode in modes.items():
        path.chmod(mode)
    reopen(world, folder)
    with world.wp:
        assert world.sync().is_idle
        check(world)
