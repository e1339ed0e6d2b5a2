"""A process whose files may not grow beyond a size until its engine has complained of it: a full disk for anybody.

The kernel lets the write that crosses the limit pass in part, as a full disk does (RLIMIT_FSIZE, POSIX only).
"""

from __future__ import annotations

import random
import resource
from collections.abc import Mapping
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from app.ports import LineState, SyncStatus
from app.services import engine_store, workplace
from sync.account import Account
from sync.engine import Engine, run_until_idle
from tests.fakes.clock import MemorySecrets, RealClock
from tests.fakes.cut_world import HASTY, PATIENCE_S

COMPLAINTS = 3  # before there is room again


def sync_with_little_room(
    folder: Path, account: Account, secrets: Mapping[str, str], limit_bytes: int, tell: Pipe
) -> None:
    """The child's whole life; it tells whether all was sent, and each sentence about this PC."""
    kept = MemorySecrets()
    kept.kept |= secrets
    said: list[str] = []
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def hear(status: SyncStatus) -> None:
        if status.line is LineState.HERE:
            said.append(status.sentence)
            if len(said) == COMPLAINTS:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    with workplace.open_workplace(folder, clock=RealClock(), secrets=kept) as wp:
        store = engine_store.engine_store(wp)
        engine = Engine(store, account, wp.clock, random.Random(1), policy=HASTY, secrets=kept)
        engine.subscribe(hear)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, most))
        report = run_until_idle(engine, wp.clock, seconds=PATIENCE_S)
    tell.send((report.is_idle, said))
