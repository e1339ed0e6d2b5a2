"""The store under what offices do to it: killed processes, two programs on one folder, a full disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from app.domain.journal import first_fault
from app.errors import Unavailable
from app.secrets import PassphraseSecrets
from app.services import keying, people, workplace
from app.store import journal, readings
from app.store.driver import Connection
from tests.fakes import recount
from tests.fakes.clock import HandClock
from tests.fakes.district import GOOD, PIN, WEAK, key, make

ROOT = Path(__file__).parents[2]
TYPIST = """
    import sys
    from pathlib import Path
    from app.secrets import PassphraseSecrets
    from app.services import keying, people, workplace
    from tests.fakes.clock import HandClock
    from tests.fakes.district import GOOD, PIN, WEAK, key

    folder = Path(sys.argv[1])
    secrets = PassphraseSecrets(folder / "rahasia.bin", "latihan", memory_kib=64)
    wp = workplace.open_workplace(folder, clock=HandClock(), secrets=secrets, pin_cost=WEAK)
    ani = people.sign_in(wp, "ani", PIN)
    draft = keying.open_draft(wp, ani, key())
    print("ready", flush=True)
    for n in range(1_000_000):
        keying.save_cell(wp, draft.reading_id, "P1", n % 1000, "P1", str(n)).result()
        print(n, flush=True)
"""

ENGINE = """
    import sys
    from pathlib import Path
    from app.secrets import MemorySecrets
    from app.services import workplace
    from app.store import journal
    from tests.fakes.clock import HandClock

    wp = workplace.open_beside(Path(sys.argv[1]), clock=HandClock(), secrets=MemorySecrets())
    print("ready", flush=True)
    for n in range(int(sys.argv[2])):
        wp.db.write(lambda connection: journal.add(connection, wp.now(), "beside", "", str(n), {}))
    wp.close()
"""


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workplace whose secrets other processes can read."""
    desk = make(tmp_path, stations=1)
    kept = PassphraseSecrets(desk.wp.folder / "rahasia.bin", "latihan", memory_kib=64)
    for name, value in desk.secrets._values.items():  # noqa: SLF001 - moves the test's secrets to a file
        kept.put(name, value)
    desk.wp.close()
    return desk.wp.folder


@pytest.mark.parametrize("keys", [1, 37, 120])
def test_kill_9_loses_nothing_that_was_acknowledged(folder: Path, keys: int) -> None:
    process = _start(TYPIST, str(folder))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    last = -1
    while last < keys:
        last = int(process.stdout.readline())
    process.kill()
    rest = [int(line) for line in process.stdout.read().split("\n") if line]
    process.wait()
    process.stdout.close()
    last = max([last, *rest])
    wp = workplace.open_workplace(
        folder, clock=HandClock(), secrets=_secrets(folder), quick_check=True, pin_cost=WEAK
    )
    row = readings.drafts_of(wp.db.reader, "ani")[0]
    typed = int(row.typed)
    assert typed in (last, last + 1), "what was acknowledged is there; at most the key under way came too"
    assert readings.draft_cells(wp.db.reader, row.id) == {"P1": typed % 1000}
    assert first_fault(journal.lines(wp.db.reader)) is None
    assert recount.kept(wp.db.reader) == recount.recounted(wp.db.reader)
    wp.close()


def test_two_programs_on_one_folder(folder: Path) -> None:
    process = _start(TYPIST, str(folder))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    with pytest.raises(Unavailable, match=f"proses {process.pid} di komputer"):
        workplace.open_workplace(folder, clock=HandClock(), secrets=_secrets(folder))
    with workplace.open_workplace(folder, clock=HandClock(), secrets=_secrets(folder), read_only=True) as wp:
        assert len(keying.drafts_of(wp, "ani")) == 1, "reading goes on beside a writer"
    os.kill(process.pid, signal.SIGTERM)
    process.wait()
    process.stdout.close()
    workplace.open_workplace(folder, clock=HandClock(), secrets=_secrets(folder)).close()


def test_the_window_and_its_engine_write_side_by_side(folder: Path) -> None:
    """Two processes, each with its one writer: no line of the journal is lost, the chain holds, nobody waits long."""
    lines = 150
    wp = workplace.open_workplace(folder, clock=HandClock(), secrets=_secrets(folder), pin_cost=WEAK)
    before, version = len(list(journal.lines(wp.db.reader))), wp.db.version
    process = _start(ENGINE, str(folder), str(lines))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    waits: list[float] = []
    while process.poll() is None:
        began = time.monotonic()
        wp.db.write(partial(_add, wp, str(len(waits))))
        waits.append(time.monotonic() - began)
        own = journal.head(wp.db.reader)[0]
        while process.poll() is None and journal.head(wp.db.reader)[0] == own:
            pass  # until the other has written again
    process.stdout.close()
    assert process.returncode == 0
    assert wp.db.version != version
    assert first_fault(journal.lines(wp.db.reader)) is None
    written = list(journal.lines(wp.db.reader))[before:]
    for kind, count in (("window", len(waits)), ("beside", lines)):
        assert [one.what for one in written if one.kind == kind] == [str(n) for n in range(count)]
    assert len(waits) > lines / 3, "the other wrote nearly all of it while the window waited"
    assert sorted(waits)[len(waits) * 9 // 10] < 0.1
    wp.close()


def _add(wp: workplace.Workplace, what: str, connection: Connection) -> None:
    journal.add(connection, wp.now(), "window", "", what, {})


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("ab", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)


def _type_until_it_fails(wp: workplace.Workplace, reading: int) -> None:
    for n in range(10_000):
        keying.save_cell(wp, reading, "P1", n % 1000, "P1", "x" * 1000).result()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_stops_the_change_and_leaves_what_was_saved(small_disk: Path) -> None:
    desk = make(small_disk, stations=1)
    draft = keying.open_draft(desk.wp, desk["ani"], key())
    keying.save_cell(desk.wp, draft.reading_id, "P1", 71, "P1").result()
    _fill(small_disk / "filler")
    with pytest.raises(Unavailable, match=r"Disk penuh.*sudah tersimpan aman"):
        _type_until_it_fails(desk.wp, draft.reading_id)
    assert readings.draft_cells(desk.wp.db.reader, draft.reading_id), "committed rows are readable"
    (small_disk / "filler").unlink()
    keying.save_cell(desk.wp, draft.reading_id, "P1", 72, "P1").result()
    for field, value in GOOD.items():
        keying.save_cell(desk.wp, draft.reading_id, field, value, field)
    done = keying.finish(desk.wp, desk["ani"], draft.reading_id)
    assert done.is_finished, "work goes on as soon as there is room"
    desk.wp.close()


def _secrets(folder: Path) -> PassphraseSecrets:
    return PassphraseSecrets(folder / "rahasia.bin", "latihan", memory_kib=64)


def test_the_crew_signs_in_in_another_process(folder: Path) -> None:
    with workplace.open_workplace(folder, clock=HandClock(), secrets=_secrets(folder), pin_cost=WEAK) as wp:
        assert people.sign_in(wp, "ani", PIN).person.id == "ani"
