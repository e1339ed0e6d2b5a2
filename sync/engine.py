"""The engine as the window and the command line see it: a thread of its own around `sync.core`.

Invariant: no method blocks longer than a hand-over; `close` leaves nothing in flight and takes at most about a second.
Thread-safe; listeners are called from the engine's thread.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.errors import Unavailable
from app.ports import (
    Clock,
    EngineStore,
    ItemKind,
    Lane,
    LineState,
    LineTurn,
    PublicWatch,
    Reason,
    Secrets,
    SyncControl,
    SyncStatus,
)
from sync import policy as p
from sync.account import Account
from sync.core import Core
from sync.listeners import Listener, Listeners
from sync.policy import DEFAULT, Policy
from sync.sentences import BUG, describe_here, trouble_here
from sync.watching import Watcher

__all__ = ["Account", "Engine", "IdleReport", "NoServer", "run_until_idle"]

log = logging.getLogger(__name__)
CLOSE_S = 2.0  # the loop needs one at most; more than this is a bug that must not hang the window
NEEDS_PERSON = frozenset(
    {
        LineState.NO_SERVER,
        LineState.SIGN_IN,
        LineState.PROXY,
        LineState.FORKED,
        LineState.REVOKED,
        LineState.WRONG_KEY,
    }
)
_STARTING = SyncStatus(LineState.STARTING, "Menghubungi KPU RI. Pekerjaan dapat dilanjutkan.")
_NO_SERVER = SyncStatus(
    LineState.NO_SERVER, "Belum terhubung ke server KPU RI. Semua pekerjaan tersimpan di PC ini."
)


class Engine(SyncControl):
    """Sends what waits and brings home what the centre says. Nothing happens before `start`."""

    def __init__(
        self,
        store: EngineStore,
        account: Account,
        clock: Clock,
        rng: random.Random | None = None,
        *,
        policy: Policy = DEFAULT,
        secrets: Secrets | None = None,
        public: PublicWatch | None = None,
    ) -> None:
        self._account = account
        self._rng = rng or random.Random()
        self._policy = policy
        self._secrets = secrets
        self._public = public
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._core: Core | None = None
        self._resting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._is_closing = False
        self._stopped = 0  # by cores that ended
        self._waiting_calls: list[Callable[[Core], None]] = []
        self._listeners = Listeners(_STARTING)
        self._idle = threading.Event()
        self._unheard = 0  # calls on their way to the loop: what it calls idle knows nothing of them yet
        self._store = store
        self._clock = clock

    def start(self) -> None:
        with self._lock:
            if self._thread is not None:
                return
            self._idle.clear()
            self._is_closing, self._stopped, self._unheard = False, 0, 0
            self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def close(self) -> None:
        with self._lock:
            thread = self._thread
        if thread is None:
            return
        self._is_closing = True
        self._call(Core.close)
        thread.join(CLOSE_S)
        if thread.is_alive():
            log.error("engine did not close in time")
        with self._lock:
            self._thread = None

    def wake(self) -> None:
        self._call(Core.wake)

    def retry_now(self) -> None:
        self._call(Core.retry_now)

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._call(lambda core: core.set_paused(lanes, True))

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._call(lambda core: core.set_paused(lanes, False))

    def status(self) -> SyncStatus:
        return self._listeners.status

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._listeners.subscribe(listener)

    # ---- for `sync --until-idle` ----

    @property
    def stopped_items(self) -> int:
        """Items this run stopped: they need a person."""
        core = self._core
        return self._stopped + (core.stopped_items if core is not None else 0)

    def wait_idle(self, timeout_s: float) -> bool:
        """True as soon as nothing waits but what people hold back (paused lanes, images outside their hours), and the
        feed is read to its head."""
        return self._idle.wait(timeout_s)

    def is_running(self) -> bool:
        with self._lock:
            return self._thread is not None and self._thread.is_alive()

    def waiting_items(self) -> int:
        """How many items are queued or wait, up to a thousand a kind; asks the store."""
        far = self._clock.now() + 10 * 366 * 86_400
        return sum(len(self._store.due(kind, far, 1000)) for kind in ItemKind)

    # ---- the thread ----

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception:
            log.exception("engine ended by a bug")

    async def _main(self) -> None:
        """One core after the other. What cannot be written down on this PC ends one, and the next begins as after a
        power cut: whatever was in flight is sent again, and the centre replays its receipts.
        """
        failures, since, trouble = 0, 0.0, None
        while True:
            began = self._clock.monotonic()
            core = self._new_core()
            try:
                await self._live(core, trouble, since)
                return
            except Unavailable as error:
                log.info("the store is not available: %s", error)
                trouble = trouble_here(error.code)
            except Exception:
                log.exception("the engine's core ended by a bug")
                trouble = BUG
            finally:
                self._leave(core)
            is_old = self._clock.monotonic() - began < p.HERE_WAIT_MOST_S * self._policy.scale
            failures, since = (failures + 1, since or self._clock.now()) if is_old else (0, self._clock.now())
            if self._is_closing:
                return
            await self._rest(trouble, since, failures)

    def _new_core(self) -> Core:
        core = Core(
            self._store,
            self._account,
            clock=self._clock,
            rng=self._rng,
            policy=self._policy,
            secrets=self._secrets,
            on_status=self._on_status,
            on_idle=self._on_idle,
        )
        core.watcher = Watcher(core, self._public)
        return core

    async def _live(self, core: Core, trouble: Reason | None, since: float) -> None:
        """From its start to its close. After trouble (`since`) one real write tells whether it is over."""
        if trouble is not None:
            await core.run(lambda: self._store.save_line(trouble, None))
            await core.run(lambda: self._store.note_line([LineTurn(since, LineState.HERE, trouble)]))
        await core.prepare()
        with self._lock:
            self._loop, self._core = asyncio.get_running_loop(), core
            early, self._waiting_calls = self._waiting_calls, []
        for call in early:
            call(core)
        if self._is_closing:
            core.close()
        await core.run_until_closed()

    def _leave(self, core: Core) -> None:
        """What people chose, and what the run counted, outlives it even where nothing could be written."""
        core.dispose()
        with self._lock:
            self._loop = self._core = None
            self._unheard = 0
            self._stopped += core.stopped_items
            if core.channels:
                paused = [lane for lane, state in core.channels.items() if state.is_paused]
                others = [lane for lane in core.channels if lane not in paused]
                self._waiting_calls.insert(0, lambda core: core.set_paused(paused, True))
                self._waiting_calls.insert(0, lambda core: core.set_paused(others, False))

    async def _rest(self, reason: Reason, since: float, failures: int) -> None:
        """Until it may be over, or somebody asks."""
        wait_s = min(p.HERE_WAIT_MOST_S, p.HERE_WAIT_S * 2 ** min(failures, 10)) * self._policy.scale
        self._on_idle(False)
        self._on_status(describe_here(reason, since, self._clock.now() + wait_s))
        asked = asyncio.Event()
        with self._lock:
            self._resting = asyncio.get_running_loop(), asked
        try:
            async with asyncio.timeout(wait_s):
                await asked.wait()
        except TimeoutError:
            pass
        with self._lock:
            self._resting = None

    def _call(self, call: Callable[[Core], None]) -> None:
        """Hand over to the loop; before it runs, keep for later (a pause before the start must hold)."""
        with self._lock:
            self._idle.clear()
            loop, core = self._loop, self._core
            if loop is None or core is None:
                self._waiting_calls.append(call)
                if self._resting is not None:
                    resting, asked = self._resting
                    resting.call_soon_threadsafe(asked.set)
                return
            try:
                loop.call_soon_threadsafe(self._do, call, core)
                self._unheard += 1
            except RuntimeError:
                log.debug("the engine's loop has just ended")

    def _do(self, call: Callable[[Core], None], core: Core) -> None:
        call(core)
        with self._lock:
            if core is self._core:
                self._unheard -= 1

    def _on_status(self, status: SyncStatus) -> None:
        self._listeners.tell(status)

    def _on_idle(self, is_idle: bool) -> None:
        with self._lock:
            if is_idle and not self._unheard:
                self._idle.set()
            else:
                self._idle.clear()


class NoServer(SyncControl):
    """A workplace without an account: everything stays here, and says so."""

    def start(self) -> None:
        """Nothing to start."""

    def close(self) -> None:
        """Nothing to close."""

    def wake(self) -> None:
        """Nobody to wake."""

    def retry_now(self) -> None:
        """Nobody to ask."""

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        """Nothing is sent anyway."""

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        """Nothing is sent anyway."""

    def status(self) -> SyncStatus:
        return _NO_SERVER

    def subscribe(self, listener: Listener) -> Callable[[], None]:  # noqa: ARG002 - nothing will ever change
        return lambda: None


@dataclass(frozen=True, slots=True)
class IdleReport:
    """How a headless run ended. `waiting`: queued and waiting items; `stopped`: those a person must look at."""

    is_idle: bool
    waiting: int
    stopped: int
    sentence: str
    needs_person: bool = False  # the line itself does: nothing goes before somebody acted
    is_stuck_here: bool = False  # this PC cannot write: no item could be told so


_LOOK_EVERY_S = 0.1


def run_until_idle(
    control: SyncControl,
    clock: Clock,
    *,
    seconds: float | None = None,
    until_idle: bool = True,
    stop: threading.Event | None = None,
) -> IdleReport:
    """Start the engine, wait until nothing is queued, waiting or in flight, at most `seconds`; then close it.

    Ends early when only a person can help (see NEEDS_PERSON), when what is left is held back by people (a paused lane,
    the night schedule), or `stop` is set.
    """
    if not isinstance(control, Engine):
        return IdleReport(False, 0, 0, control.status().sentence)
    control.start()
    deadline = float("inf") if seconds is None else clock.monotonic() + seconds
    stop = stop or threading.Event()
    is_idle = False
    try:
        while not (is_idle and until_idle) and clock.monotonic() < deadline and control.is_running():
            if stop.is_set() or (until_idle and control.status().line in NEEDS_PERSON):
                break
            is_idle = control.wait_idle(_LOOK_EVERY_S)
            if is_idle and not until_idle:
                stop.wait(_LOOK_EVERY_S)
        status, stopped = control.status(), control.stopped_items
    finally:
        control.close()
    waiting = control.waiting_items()
    return IdleReport(
        is_idle and not stopped and not waiting,
        waiting,
        stopped,
        status.sentence,
        status.line in NEEDS_PERSON,
        status.line is LineState.HERE,
    )
