"""SIGKILL of the window while a person keys: the same person finds the same form and box, and every value but the last.

50 kills at random instants with `test --all`; a seeded sample otherwise.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.services import journal, keying, people, register, workplace
from app.services.workplace import PinCost
from tests.fakes.program import ROOT, Program
from tests.fakes.room import CELLS, CREW, FORM, PIN, key_of, region_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX; TerminateProcess is the same here")

REALM = "latihan-3204"
FIELDS = [one.id for one in FORM.fields]
PATIENCE_S = 60.0
KEPT = {
    "situng.db",
    "situng.db-wal",
    "situng.db-shm",
    "situng.lock",
    "situng.lock.info",
    "situng-kirim.lock",
    "rahasia.bin",
}
ALSO_KEPT = {"scans", "log", "window.ini"}

Facts = dict[str, Any]


@dataclass
class Window:
    """A process of `tests.fakes.window_driver`."""

    process: subprocess.Popen[str]
    lines: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)

    def read(self) -> Facts | None:
        """The next line; None when the process has ended. A process that says nothing fails the test."""
        line = self.lines.get(timeout=PATIENCE_S)
        return json.loads(line) if line else None

    def next(self) -> Facts:
        facts = self.read()
        assert facts is not None, f"the window ended: {self.end()}"
        return facts

    def kill(self) -> list[Facts]:
        """SIGKILL; what it had still said."""
        self.process.kill()
        rest = []
        while (facts := self.read()) is not None:
            rest.append(facts)
        return rest

    def end(self) -> str:
        """Wait for its end; its errors."""
        assert self.process.stderr is not None
        self.process.wait(PATIENCE_S)
        return self.process.stderr.read()


@contextmanager
def window(folder: Path, *options: str) -> Iterator[Window]:
    """The real window in a process of its own, with somebody at its keys."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.window_driver", str(folder), *options],
        cwd=ROOT,
        env=Program({"SITUNG_SECRETS_PASSPHRASE": ""}).environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        made = Window(process)
        reader = threading.Thread(target=_read, args=(process.stdout, made.lines))
        reader.start()
        try:
            yield made
        finally:
            process.kill()
            process.wait(PATIENCE_S)
            reader.join(PATIENCE_S)


def _read(stream: Any, lines: queue.SimpleQueue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


@pytest.fixture
def folder(workplace_dir: Path) -> Path:
    """A workplace without a server; forty forms lie on the table."""
    wp = workplace.create(
        workplace_dir,
        realm=REALM,
        district="3204",
        region=region_of(40, same_dpt=True),
        clock=bootstrap.SystemClock(),
        secrets=bootstrap.secrets_of(workplace_dir, REALM),
        profile="lengkap",
        pin_cost=PinCost(1, 64),
    )
    with contextlib.closing(wp):
        for name, (words, role) in CREW.items():
            people.add_person(wp, id=name, name=words, roles=[role], pin=PIN)
        register.receive(wp, people.sign_in(wp, "wulan", PIN), [key_of(n) for n in range(1, 41)])
    return workplace_dir


def assert_sound(folder: Path) -> None:
    """As the kill left it: a whole database, a whole journal, nothing half written."""
    with bootstrap.opened(folder, read_only=True) as wp:
        assert [row[0] for row in wp.db.reader.execute("PRAGMA integrity_check")] == ["ok"]
        assert wp.db.reader.execute("PRAGMA foreign_key_check").fetchall() == []
        assert journal.verify(wp).fault is None
    there = {path.name for path in folder.iterdir()}
    assert there >= {"situng.db", "situng.lock"}
    assert there <= KEPT | ALSO_KEPT


def place_of(report: Facts) -> int:
    """How many values are on the disk, counted over all forms; checks that they are the ones keyed, in paper order."""
    cells = report["cells"]
    done = FIELDS[: len(cells)]
    assert cells == {name: CELLS[name] for name in done}
    assert report["person"] == "rina"
    assert report["is_focused"]
    assert report["current"] == FIELDS[min(len(cells), len(FIELDS) - 1)]
    shown = dict(report["shown"])
    if len(cells) < len(FIELDS):
        begun = shown.pop(report["current"], "")
        assert str(CELLS[report["current"]]).startswith(begun)
    assert shown == {name: str(CELLS[name]) for name in done}
    return (int(report["tps"][-3:]) - 1) * len(FIELDS) + len(cells)


def test_after_a_kill_at_the_23rd_value_the_same_person_goes_on_at_the_same_box(folder: Path) -> None:
    with window(folder) as first:
        assert place_of(first.next()) == 0
        said = [first.next() for _ in range(23)]
        said += first.kill()
    assert_sound(folder)
    assert [line["field"] for line in said] == FIELDS[: len(said)]

    with window(folder, "--report") as again:
        report = again.next()
        assert again.read() is None
        assert "Traceback" not in again.end()
        assert again.process.returncode == 0
    assert report["key"] == key_of(1).text()
    assert len(said) - 1 <= place_of(report) <= len(said) + 1
    with bootstrap.opened(folder):  # the lock is free again
        assert_sound(folder)


@pytest.mark.sweep
def test_kills_at_random_instants_lose_nothing_that_was_on_the_disk(
    folder: Path, sweep_size: Callable[[int, int], int]
) -> None:
    kills, rng = sweep_size(4, 50), random.Random(20190417)
    said = 0  # values finished as the window said, over all forms
    for turn in range(kills + 1):
        with window(folder) as one:
            place = place_of(one.next())
            assert said - 1 <= place <= said + 1, turn
            said = place
            if turn == kills:
                break
            for _ in range(rng.randrange(30)):
                one.next()
                said += 1
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.process.wait(rng.uniform(0.0, 0.1))  # the instant: somewhere between two keys
            said += len(one.kill())
        assert_sound(folder)
    assert said > kills
    assert_finished(folder, said // len(FIELDS))


def assert_finished(folder: Path, count: int) -> None:
    """Every form that was left behind is finished, with exactly what was keyed: a second reader agrees at once."""
    with bootstrap.opened(folder) as wp:
        dedi = people.sign_in(wp, "dedi", PIN)
        assert len(keying.work_list(wp, dedi, "second")) == count
        for number in range(1, count + 1):
            assert keying.key_whole(wp, dedi, key_of(number), CELLS).outcome.value == "settled"
