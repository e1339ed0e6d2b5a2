"""A process that sends until nothing waits, and kills itself with SIGKILL at one of its commits.

The workplace, the engine and its loop are the real ones; only the writing connection is wrapped, where the writer takes
it as an argument. Started from a fork server, so that a hundred of them cost no hundred imports.
"""

from __future__ import annotations

import os
import random
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, cast

from app.services import engine_store, workplace
from app.store.database import FILE_NAME, Database
from app.store.driver import Connection, open_writer
from app.store.writer import Writer
from sync.account import Account
from sync.engine import Engine, run_until_idle
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.cut_world import HASTY, PATIENCE_S

ENDS_S = 60.0  # a safety net
_WRITES = re.compile(r"\s*(?:UPDATE(?: OR \w+)?|INSERT(?: OR \w+)? INTO|DELETE FROM)\s+(\w+)", re.IGNORECASE)


class Moment(StrEnum):
    BEFORE = "before"  # everything is written, nothing is committed
    AFTER = "after"  # it is on the disk, and nobody was told


@dataclass(frozen=True)
class Point:
    """The n-th commit of its kind in a run, from 1; 0 is never reached. `kind`: the tables it has written to."""

    kind: str
    nth: int
    moment: Moment


@dataclass
class MortalConnection:
    """Counts the commits that pass through it and dies at one; `kinds`: the tables each of them had written to."""

    connection: Connection
    point: Point
    kinds: list[str] = field(default_factory=list)
    _tables: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, sql: str, *values: Any) -> Any:
        if sql != "COMMIT":
            self._note(sql)
            return self.connection.execute(sql, *values)
        self.kinds.append("+".join(sorted(self._tables)) or "nothing")
        self._tables.clear()
        self._die_if(Moment.BEFORE)
        done = self.connection.execute(sql)
        self._die_if(Moment.AFTER)
        return done

    def executemany(self, sql: str, values: Any) -> Any:
        self._note(sql)
        return self.connection.executemany(sql, values)

    def _note(self, sql: str) -> None:
        found = _WRITES.match(sql)
        if found:
            self._tables.add(found[1])

    def _die_if(self, moment: Moment) -> None:
        kind = self.kinds[-1]
        if self.point == Point(kind, self.kinds.count(kind), moment):
            os.kill(os.getpid(), signal.SIGKILL)


def sync_and_die(
    folder: Path, account: Account, secrets: Mapping[str, str], point: Point, tell: Pipe
) -> None:
    """The child's whole life."""
    kept = MemorySecrets()
    kept.kept |= secrets
    wp = workplace.open_workplace(folder, clock=RealClock(), secrets=kept)
    wp.db.close()
    mortal = MortalConnection(open_writer(folder / FILE_NAME), point)
    wp = replace(wp, db=Database(folder / FILE_NAME, Writer(cast("Connection", mortal))))
    with wp:
        store = engine_store.engine_store(wp)
        engine = Engine(store, account, wp.clock, random.Random(1), policy=HASTY, secrets=kept)
        run_until_idle(engine, wp.clock, seconds=PATIENCE_S)
    tell.send(mortal.kinds)


@dataclass(frozen=True)
class Ended:
    """`kinds`: of every commit, in a run that was not killed."""

    was_killed: bool
    kinds: Sequence[str]


def run_child(folder: Path, account: Account, secrets: Mapping[str, str], point: Point) -> Ended:
    """Start it and see it end."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    hear, tell = context.Pipe(duplex=False)
    child = context.Process(target=sync_and_die, args=(folder, account, dict(secrets), point, tell))
    child.start()
    tell.close()
    try:
        child.join(ENDS_S)
        assert child.exitcode in (0, -signal.SIGKILL), f"{point}: the child ended with {child.exitcode}"
        return Ended(child.exitcode != 0, hear.recv() if child.exitcode == 0 else ())
    finally:
        hear.close()
        child.kill()
        child.join()
        child.close()
