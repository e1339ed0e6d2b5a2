"""The engine in a process of its own: beside the window, which never shares its interpreter with the sending.

`Beside` is the window's end: what is asked goes down a pipe, what the engine says comes up. `serve` is the life of the
process. Invariants: no method waits for the process, `close` apart; a process that died is replaced, later each time,
and is told again what was paused; it ends by itself when the window is gone, so a window that was killed leaves nothing
behind. Nothing secret is on a command line: the token and the device's key go to the process as it starts, and a new
token comes up the pipe. Thread-safe; listeners are called from a thread of this object.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from queue import SimpleQueue

from app.ports import Clock, Lane, Reason, Secrets, SyncControl, SyncStatus
from sync import policy as p
from sync.listeners import Listener, Listeners
from sync.sentences import BUG, describe_here, trouble_here
from sync.switch import STARTING

log = logging.getLogger(__name__)
CLOSE_S = 3.0  # the engine needs two at most; more than this is a bug that must not hang the window
NICE = 5  # the person at the window comes first
ORPHAN_S = 5.0  # to close in order once the window is gone; it needs two

Serve = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class _NewSecret:
    """Up the pipe: keep this in the keyring."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotHere:
    """Up the pipe, as the last word: this PC keeps the engine from working; `code` of `app.errors`."""

    code: str


class Beside(SyncControl):
    """`serve(pipe)` is run in a new process: a function of a module, with picklable arguments bound."""

    def __init__(
        self, serve: Serve, clock: Clock, secrets: Secrets | None = None, *, close_s: float = CLOSE_S
    ) -> None:
        self._serve, self._clock, self._secrets, self._close_s = serve, clock, secrets, close_s
        self._listeners = Listeners(STARTING)
        self._asked: SimpleQueue[tuple[str, Sequence[Lane]] | None] = SimpleQueue()
        self._sending = threading.Lock()  # of the pipe and of what a new process is told first
        self._pipe: Connection | None = None
        self._paused: dict[Lane, bool] = {}  # what people chose here
        self._is_retry_owed = False
        self._process: multiprocessing.process.BaseProcess | None = None  # one that runs
        self._closing = threading.Event()
        self._hurry = threading.Event()  # ends the wait for the next process
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """Of the process now; 0 while there is none."""
        process = self._process
        with contextlib.suppress(ValueError):  # it has just ended
            return (process.pid or 0) if process is not None else 0
        return 0

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="engine-beside", daemon=True)
            self._thread.start()
            threading.Thread(target=self._pass_on, name="engine-asked", daemon=True).start()

    def close(self) -> None:
        """Waits until the process is gone; one that does not go is ended."""
        if self._thread is None:
            return
        self._closing.set()
        self._hurry.set()
        self._asked.put(None)
        self._thread.join(self._close_s)
        process = self._process
        if self._thread.is_alive() and process is not None:
            log.error("the engine's process did not close in time")
            with contextlib.suppress(ValueError, OSError):  # it has just ended
                process.kill()
            self._thread.join(self._close_s)
        self._thread = None

    def wake(self) -> None:
        self._asked.put(("wake", ()))

    def retry_now(self) -> None:
        self._asked.put(("retry_now", ()))
        self._hurry.set()

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._asked.put(("pause", tuple(lanes)))

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._asked.put(("resume", tuple(lanes)))

    def status(self) -> SyncStatus:
        return self._listeners.status

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._listeners.subscribe(listener)

    # ---- what is asked: a thread, because a pipe may be full -----------------------------------------------------

    def _pass_on(self) -> None:
        while (asked := self._asked.get()) is not None:
            what, lanes = asked
            with self._sending:
                if what in {"pause", "resume"}:
                    self._paused.update(dict.fromkeys(lanes, what == "pause"))
                elif what == "retry_now":
                    self._is_retry_owed = self._pipe is None
                self._send(asked)
        with self._sending:
            self._send(("close", ()))

    def _send(self, asked: tuple[str, Sequence[Lane]]) -> None:
        """Under `_sending`. A process that died hears nothing: the next one is told what counts."""
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                self._pipe.send(asked)

    def _tell_first(self, pipe: Connection) -> None:
        """What was asked while no process heard it."""
        with self._sending:
            self._pipe = pipe
            for lane, is_paused in self._paused.items():
                self._send(("pause" if is_paused else "resume", (lane,)))
            if self._is_retry_owed:
                self._is_retry_owed = False
                self._send(("retry_now", ()))
            if self._closing.is_set():
                self._send(("close", ()))

    # ---- what it says: a thread for one process after the other --------------------------------------------------

    def _run(self) -> None:
        failures, since = 0, self._clock.now()
        while not self._closing.is_set():
            began = self._clock.monotonic()
            try:
                trouble = self._live()
            except Exception:
                log.exception("the engine's process could not be started or heard")
                trouble = BUG
            if self._closing.is_set():
                break
            is_old = self._clock.monotonic() - began > p.HERE_WAIT_MOST_S
            failures, since = (0, self._clock.now()) if is_old else (failures + 1, since)
            wait_s = min(p.HERE_WAIT_MOST_S, p.HERE_WAIT_S * 2 ** min(failures, 10))
            log.warning("the engine's process ended; the next one begins in %.0f s", wait_s)
            self._hurry.clear()
            self._listeners.tell(describe_here(trouble, since, self._clock.now() + wait_s))
            if not self._closing.is_set():
                self._hurry.wait(wait_s)

    def _live(self) -> Reason:
        """From its start to its end; why it ended, unless it was closed."""
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        try:
            with theirs:  # on POSIX its end is then the only one; elsewhere its death is seen by the sentinel
                process = context.Process(target=self._serve, args=(theirs,), name="engine", daemon=True)
                process.start()
            self._process = process
            try:
                self._tell_first(pipe)
                return self._hear(pipe, process.sentinel)
            finally:
                self._process = None
                process.kill()
                process.join()
        finally:
            with self._sending:  # nobody may be writing to a number that is somebody else's a moment later
                self._pipe = None
                pipe.close()

    def _hear(self, pipe: Connection, sentinel: int) -> Reason:
        """Everything it says until it has ended, or has said its last word."""
        trouble = BUG
        with contextlib.suppress(EOFError, OSError):
            while True:
                if sentinel in connection.wait([pipe, sentinel]) and not pipe.poll():
                    return trouble
                said = pipe.recv()
                if isinstance(said, NotHere):
                    trouble = trouble_here(said.code)
                else:
                    self._take(said)
        return trouble

    def _take(self, said: object) -> None:
        if isinstance(said, SyncStatus):
            self._listeners.tell(said)
        elif isinstance(said, _NewSecret) and self._secrets is not None:
            try:
                self._secrets.put(said.name, said.value)
            except Exception:  # a keyring that is locked: it costs the next process one log-in
                log.warning("the engine's new token could not be kept", exc_info=True)


# ---- in the process --------------------------------------------------------------------------------------------------


class PipeSecrets:
    """What the window's process gave along; what is new goes up to its keyring."""

    is_lasting = True
    warning = ""

    def __init__(self, values: dict[str, str], send: Callable[[object], None]) -> None:
        self._values, self._send = dict(values), send

    def get(self, name: str) -> str | None:
        """None when it was not given along and not put."""
        return self._values.get(name)

    def put(self, name: str, value: str) -> None:
        """Known here at once, in the keyring soon."""
        self._values[name] = value
        self._send(_NewSecret(name, value))

    def delete(self, name: str) -> None:
        """Only here: the engine forgets nothing for good."""
        self._values.pop(name, None)


class Up:
    """The process's end of the pipe; several threads speak."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def send(self, said: object) -> None:
        """Nobody listens any more: then the end is near, and `obey` sees it."""
        with self._lock, contextlib.suppress(OSError):
            self._pipe.send(said)


def settle_in() -> None:
    """End with the window, leave Ctrl+C to it, and let its work come first.

    Not on Windows, where a process of lower priority may not run at all for seconds, perhaps with the database locked.
    """
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window ends this process in order
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.nice(NICE)


def _end_with_parent() -> None:
    """Whatever this process is doing: it may end in order when the window is gone, but not stay."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        threading.Event().wait(ORPHAN_S)
        os._exit(1)


def obey(pipe: Connection, engine: SyncControl) -> None:
    """Pass on what is asked until the window closes it or is gone."""
    calls: dict[str, Callable[[Sequence[Lane]], None]] = {
        "wake": lambda _: engine.wake(),
        "retry_now": lambda _: engine.retry_now(),
        "pause": engine.pause,
        "resume": engine.resume,
    }
    with contextlib.suppress(EOFError, OSError):
        while (asked := pipe.recv())[0] != "close":
            calls[asked[0]](asked[1])


def speaking(engine: SyncControl, up: Up) -> None:
    """Every status goes up, beginning with the one now."""
    engine.subscribe(up.send)
    up.send(engine.status())
