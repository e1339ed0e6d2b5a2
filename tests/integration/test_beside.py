"""The engine's process and the window's end of it: real processes, which die, hang and come back."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.errors import Unavailable
from app.ports import Lane, LineState, SyncStatus
from app.secrets import MemorySecrets
from sync.beside import Beside
from sync.switch import STARTING
from tests.fakes import beside_child
from tests.fakes.clock import RealClock

WAIT_S = 20.0


class Line:
    """A `Beside` and what was heard from it."""

    def __init__(self, beside: Beside) -> None:
        self.beside = beside
        self._heard: queue.Queue[SyncStatus] = queue.Queue()
        self.unsubscribe = beside.subscribe(self._heard.put)

    def hear(self, is_it: Callable[[SyncStatus], bool]) -> SyncStatus:
        """Every status until the wanted one."""
        deadline = time.monotonic() + WAIT_S
        while True:
            status = self._heard.get(timeout=max(0.01, deadline - time.monotonic()))
            if is_it(status):
                return status

    def hears(self, *words: str) -> list[str]:
        """What the process was asked, once all of the words are among it."""
        return self.hear(lambda one: set(words) <= set(one.sentence.split())).sentence.split()

    @property
    def is_quiet(self) -> bool:
        return self._heard.empty()


@contextmanager
def line(
    serve: Callable[..., None] = beside_child.honest,
    secrets: MemorySecrets | None = None,
    close_s: float = 3.0,
) -> Iterator[Line]:
    beside = Beside(serve, RealClock(), secrets, close_s=close_s)
    try:
        yield Line(beside)
    finally:
        beside.close()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_is_asked_goes_down_and_what_it_says_comes_up() -> None:
    with line() as one:
        assert (one.beside.status(), one.beside.pid) == (STARTING, 0)
        one.beside.start()
        one.hears("start")
        one.beside.pause([Lane.SCANS])
        one.beside.resume()
        one.beside.wake()
        one.beside.retry_now()
        words = one.hears("retry_now")
        assert words[1:] == ["start", "pause:scans", "resume:" + ",".join(Lane), "wake", "retry_now"]
        assert words[0] == f"pid={one.beside.pid}" != f"pid={os.getpid()}"
        assert one.beside.status().sentence == " ".join(words)
        pid = one.beside.pid
        one.beside.close()
        assert not is_alive(pid)
        assert one.hears("close")


def test_one_that_was_killed_is_replaced_and_told_again_what_was_paused() -> None:
    with line() as one:
        one.beside.start()
        one.hears("start")
        one.beside.pause([Lane.SCANS, Lane.RECORDS])
        one.beside.resume([Lane.RECORDS])
        one.hears("pause:scans,records", "resume:records")
        first = one.beside.pid
        os.kill(first, signal.SIGKILL)
        told = one.hear(lambda status: status.line is LineState.HERE)
        assert "Data aman" in told.sentence
        assert told.next_try_at is not None
        one.beside.retry_now()
        words = one.hears("pause:scans", "resume:records", "retry_now")
        assert words[0] != f"pid={first}"


def test_a_pause_before_it_runs_holds() -> None:
    with line() as one:
        one.beside.pause([Lane.VERDICTS])
        one.beside.start()
        one.hears("start", "pause:verdicts")


def test_one_that_dies_at_once_is_not_started_again_at_once() -> None:
    with line(beside_child.stillborn) as one:
        one.beside.start()
        told = one.hear(lambda status: status.line is LineState.HERE)
        assert told.next_try_at is not None
        assert told.next_try_at - time.time() > 3
        one.beside.retry_now()
        again = one.hear(lambda status: status.line is LineState.HERE)
        assert again.next_try_at is not None
        assert again.next_try_at - time.time() > told.next_try_at - told.since
        assert again.since == told.since


def test_what_keeps_it_from_working_is_said() -> None:
    with line(beside_child.kept_from_work) as one:
        one.beside.start()
        assert "penuh" in one.hear(lambda status: status.line is LineState.HERE).sentence


def test_one_that_hangs_holds_up_nobody_and_is_ended() -> None:
    with line(beside_child.deaf, close_s=0.2) as one:
        one.beside.start()
        pid = int(one.hear(lambda status: status.line is LineState.OK).sentence.removeprefix("pid="))
        began = time.monotonic()
        for _ in range(20_000):  # more than the pipe holds
            one.beside.wake()
        assert time.monotonic() - began < 1
        one.beside.close()
        assert not is_alive(pid)


def test_a_new_token_comes_up_to_the_keyring() -> None:
    kept = MemorySecrets()
    with line(beside_child.with_secret, kept) as one:
        one.beside.start()
        assert one.hear(lambda status: status.line is LineState.OK).sentence == "lama None baru"
        assert kept.get(beside_child.TOKEN) == "baru"


class LockedSecrets(MemorySecrets):
    def put(self, name: str, value: str) -> None:
        raise Unavailable(f"Gantungan kunci terkunci: {name}, {len(value)} huruf.")


def test_a_locked_keyring_costs_a_token_and_nothing_else() -> None:
    with line(beside_child.with_secret, LockedSecrets()) as one:
        one.beside.start()
        assert one.hear(lambda status: status.line is LineState.OK).sentence == "lama None baru"


def test_one_that_cannot_even_start_is_tried_again() -> None:
    def nobody_can_import_this(_: object) -> None: ...

    with line(nobody_can_import_this) as one:
        one.beside.start()
        told = one.hear(lambda status: status.line is LineState.HERE)
        one.beside.retry_now()
        assert one.hear(lambda status: status.line is LineState.HERE).since == told.since


def test_who_unsubscribed_hears_nothing_and_a_listener_that_fails_stops_nobody() -> None:
    def fails(_: SyncStatus) -> None:
        raise ValueError("a listener's own bug")

    with line() as one:
        one.beside.subscribe(fails)
        left: list[SyncStatus] = []
        leave = one.beside.subscribe(left.append)
        leave()
        leave()
        one.beside.start()
        one.hears("start")
        assert left == []


def test_closed_before_it_began_or_twice_is_nothing() -> None:
    with line() as one:
        one.beside.close()
        one.beside.start()
        one.hears("start")
        one.beside.start()
        one.beside.close()
    assert one.beside.pid == 0


@pytest.mark.skipif(os.name == "nt", reason="priorities are asked for in another way there")
def test_the_window_comes_first() -> None:
    with line() as one:
        one.beside.start()
        one.hears("start")
        assert os.getpriority(os.PRIO_PROCESS, one.beside.pid) > os.getpriority(os.PRIO_PROCESS, 0)
