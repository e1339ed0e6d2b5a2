"""A scan's file on this PC is torn, empty, missing, changed or cannot be read: before its turn, and in mid-transfer.

The real engine over a real workplace and the real centre (`tests/fakes/cut_world.py`). Not one byte of such a file is
taken for the page; the form's numbers and everything else arrive; the page is stopped with its reason until the file is
put right or the paper is scanned again.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.ports import IntakeState
from app.services import pages
from sync.policy import CHUNK_MOST
from tests.fakes.cut_world import Bench, World, building, keep_file
from tests.fakes.district import key, new_scan
from tests.fakes.http_bytes import Head
from tests.unit.sync.central.office import JPEG

STATION = 6  # its numbers and two pages are new
LARGE = CHUNK_MOST + 300_000  # read range by range while it is sent


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with building(tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture
def world(bench: Bench) -> Iterator[World]:
    with bench.world("case") as made:
        yield made


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def remove(path: Path) -> None:
    path.unlink()


def make_unreadable(path: Path) -> None:
    """Whoever asks gets the system's error, an administrator too."""
    path.unlink()
    try:
        path.symlink_to(path.name)
    except OSError as error:
        pytest.skip(f"this system lets nobody make a link: {error}")


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "torn": (truncate, "local_changed"),
    "empty": (empty, "local_changed"),
    "changed": (change, "local_changed"),
    "missing": (remove, "local_read"),
    "unreadable": (make_unreadable, "local_read"),
}
every_fault = pytest.mark.parametrize(("spoil", "code"), SPOILT.values(), ids=SPOILT)


def page_of(world: World, n: int = 1) -> Path:
    return next(one.path for one in pages.pages_of(world.wp, key(STATION)) if one.n == n)


def add_page(world: World, n: int, size: int, seed: int = 1) -> Path:
    """The paper scanned (again)."""
    data = JPEG + random.Random(seed).randbytes(size - len(JPEG))
    sha256 = keep_file(world.wp, data)
    row = replace(new_scan(sha256), size_bytes=size)
    pages.page_rows(world.wp).add_page(row, key(STATION), n, IntakeState.ASSIGNED, "rina")
    return pages.scan_path(world.wp, sha256)


def item(world: World, path: Path) -> tuple[str, str, str]:
    """State, code and sentence of a scan's row in the queue."""
    (row,) = world.here("SELECT state, reason_code, reason_text FROM outbox WHERE what = ?", path.name)
    return row


def is_at_centre(world: World, path: Path) -> bool:
    return world.centre.parts.scans.path(path.name).exists()


def check_all_but(world: World, path: Path, code: str) -> None:
    """It stopped with its reason; everything else is done."""
    state, found, text = item(world, path)
    assert (state, found) == ("stopped", code)
    assert "indai ulang" in text
    assert world.here("SELECT kind, what FROM outbox WHERE state <> 'done'") == [("scan", path.name)]
    assert not is_at_centre(world, path)
    assert world.unexplained() == []


@every_fault
def test_it_is_never_sent_and_goes_when_it_is_put_right(
    spoil: Callable[[Path], None], code: str, world: World, tmp_path: Path
) -> None:
    path = page_of(world)
    shutil.copy(path, tmp_path / "good")
    spoil(path)
    patched: list[str] = []
    world.relay.script = lambda request: patched.append(request.headers.get("upload-metadata", ""))
    report = world.sync()
    assert (report.is_idle, report.stopped) == (False, 1)
    assert not [one for one in patched if path.name in one], "nothing was even announced"
    check_all_but(world, path, code)
    path.unlink(missing_ok=True)
    shutil.copy(tmp_path / "good", path)
    world.try_again()
    assert world.sync().is_idle
    assert world.differences() == []


@every_fault
def test_the_paper_scanned_again_takes_its_place(
    spoil: Callable[[Path], None], code: str, world: World
) -> None:
    """The file that can never be sent once stayed in the queue for ever, asking for a person."""
    path = page_of(world)
    spoil(path)
    assert world.sync().stopped == 1
    again = add_page(world, 1, 4_000)
    assert world.sync().is_idle
    assert is_at_centre(world, again)
    assert item(world, path)[0] == "done"
    assert world.here("SELECT 1 FROM outbox WHERE state <> 'done'") == []
    assert [one.path for one in pages.pages_of(world.wp, key(STATION))] == [again, page_of(world, 2)]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(truncate, "local_changed"), (change, "local_changed"), (remove, "local_read")],
    ids=["torn", "changed", "missing"],
)
def test_a_file_that_goes_bad_in_mid_transfer(
    spoil: Callable[[Path], None], code: str, world: World, tmp_path: Path
) -> None:
    path = add_page(world, 1, LARGE)
    shutil.copy(path, tmp_path / "good")
    is_spoilt = False

    def at_half(request: Head) -> None:
        nonlocal is_spoilt
        if not is_spoilt and int(request.headers.get("upload-offset", "0")) > LARGE // 4:
            is_spoilt = True
            spoil(path)

    world.relay.script = at_half
    report = world.sync()
    assert is_spoilt
    assert (report.is_idle, report.stopped) == (False, 1)
    check_all_but(world, path, code)
    path.unlink(missing_ok=True)
    shutil.copy(tmp_path / "good", path)
    world.try_again()
    assert world.sync().is_idle
    assert is_at_centre(world, path)
    assert world.here("SELECT 1 FROM outbox WHERE state <> 'done'") == []
