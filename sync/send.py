"""`python -m sync.send URL FOLDER --state DIR`: the transfer engine alone, against any tus 1.0 server.

Sends every file in FOLDER; exit 0 when the server has them all, 1 when some cannot be sent (named on standard error),
3 when `--for` ran out. After a kill -9 the same command goes on from DIR. It starts in a blink: no SQL, no Qt, no wire
schema. Thread: main, one event loop.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from app.errors import ExpectedError, NotFound
from app.http.carrier import Carrier
from app.ports import Clock, Item, ItemKind, Lane, Reason
from sync import gate
from sync import policy as p
from sync.classify import Action
from sync.outcome import Failed
from sync.plan import SendScan, View, plan
from sync.policy import DEFAULT, Policy
from sync.scan_seams import Arrived, Deferred, GateShut, ScanSeams, Stopped
from sync.scans import ScanSender
from sync.send_state import FolderQueue
from sync.tus import Tus

R = TypeVar("R")


class SystemClock:
    """The system's clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


class Sender:
    """One run over one queue."""

    def __init__(
        self,
        queue: FolderQueue,
        carrier: Carrier,
        endpoint: str,
        *,
        clock: Clock,
        rng: random.Random,
        policy: Policy = DEFAULT,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._queue, self._rng, self._policy, self._say = queue, rng, policy, say
        # Nothing that is waited for outlives the process: lengths of time, by a clock that nobody can set.
        self._now = clock.monotonic
        self._channel = queue.channel(Lane.SCANS)
        self._idle_lanes = {lane: gate.fresh(lane) for lane in Lane}
        self._tasks: dict[int, asyncio.Task[None]] = {}  # by item
        self._kick = asyncio.Event()
        self._told = ""
        self._error: Exception | None = None  # of a transfer: it ends the run
        seams = ScanSeams(
            queue,
            _at_once,
            clock,
            rng,
            policy,
            on_event=self._react,
            failures=lambda: self._channel.failures,
            on_room=self._kick.set,
            bodies_most=lambda: int(self._channel.limit),
            may_go_on=self._may_go_on,
            is_hashed=False,
        )
        self._sender = ScanSender(Tus(carrier, endpoint, clock=clock, policy=policy), seams)
        # What was killed once may be killed again, and a creation that carried its file would leave no trace of it.
        self._sender.takes_bodies = self._sender.leads = not queue.was_cut_short

    async def run(self, for_s: float | None) -> bool:
        """Until nothing is left to send; False when `for_s` ran out before. Raises what a transfer raised."""
        deadline = float("inf") if for_s is None else self._now() + for_s
        try:
            while self._queue.left and self._error is None:
                left_s = deadline - self._now()
                if left_s <= 0:
                    return False
                await self._turn(left_s)
        finally:
            rest = list(self._tasks.values())
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
        if self._error is not None:
            raise self._error
        return True

    async def _turn(self, left_s: float) -> None:
        now, queue = self._now(), self._queue
        in_flight = self._in_flight(now)
        free = max(1, p.IN_FLIGHT_MOST - in_flight)  # more the planner never starts at once
        view = View(
            now,
            {**self._idle_lanes, Lane.SCANS: self._channel},
            {ItemKind.SCAN: queue.due(ItemKind.SCAN, now, free)},
            {Lane.SCANS: in_flight},
            next_due_at=queue.next_due_at(now),
        )
        *steps, wait = plan(view)
        for step in steps:
            if isinstance(step, SendScan) and queue.claim([step.item.id]):
                self._react(gate.Sent(step.item.attempts > 0))
                self._tasks[step.item.id] = asyncio.create_task(self._carry(step.item))
        at = getattr(wait, "at", now)
        rest_s = min(left_s, max(0.0, at - self._now()))
        alarm = asyncio.get_running_loop().call_later(rest_s, self._kick.set)
        await self._kick.wait()
        alarm.cancel()
        self._kick.clear()

    def _in_flight(self, now: float) -> int:
        return self._sender.places.taken(len(self._tasks), self._channel, now)

    async def _carry(self, item: Item) -> None:
        """What it raises is the run's to raise: nobody waits for a task."""
        try:
            await self._send(item)
        except Exception as error:  # noqa: BLE001 - raised again by `run`
            self._error = error
        finally:
            del self._tasks[item.id]
            self._kick.set()

    async def _send(self, item: Item) -> None:
        ended = await self._sender.send(item)
        match ended:
            case Arrived():
                self._queue.scan_delivered(item, None)
            case GateShut():
                self._queue.release([item.id])
            case Stopped(reason):
                self._queue.stop([item.id], reason)
                self._say(f"{self._queue.scan_file(item).path.name}: {reason.text}")
            case Deferred(failure, wait_s):
                if wait_s is None:
                    wait_s = self._channel_wait_s(failure)
                self._queue.defer([item.id], self._now() + wait_s, failure.reason)

    def _channel_wait_s(self, failure: Failed) -> float:
        """Trouble of the whole line; said once. A closed gate says when."""
        if failure.action is not Action.CLOSE_GATE:
            for_s = p.FULL_WAIT_S if failure.action is Action.PAUSE_CHANNEL else p.DEADLINE_S
            for_s = max(failure.retry_after_s or 0.0, for_s * self._policy.scale)
            self._react(gate.Shut(failure.reason, for_s, for_s * 0.1))
        self._tell(failure.reason)
        return max(0.0, self._channel.gate_until - self._now())

    def _tell(self, reason: Reason) -> None:
        if reason.text != self._told:
            self._told = reason.text
            self._say(reason.text)

    def _react(self, event: gate.Event) -> None:
        self._channel = gate.react(self._channel, event, self._now(), self._rng, self._policy)

    def _may_go_on(self, _item: Item) -> bool:
        return gate.phase(self._channel, self._now()) is not gate.Phase.CLOSED


async def _at_once(work: Callable[[], R], /) -> R:
    """Small local files: a hop to a thread costs more than the read."""
    return work()


async def send_folder(
    endpoint: str, queue: FolderQueue, for_s: float | None = None, policy: Policy = DEFAULT
) -> int:
    """The exit code. Raises ExpectedError for an address that cannot be used, or a state that cannot be kept."""
    clock = SystemClock()
    carrier = Carrier(endpoint, monotonic=clock.monotonic)
    try:
        sender = Sender(
            queue, carrier, endpoint, clock=clock, rng=random.Random(), policy=policy, say=_say_error
        )
        is_done = await sender.run(for_s)
    finally:
        await carrier.close()
    if not is_done:
        _say_error(f"{queue.left} berkas belum terkirim; jalankan perintah yang sama untuk melanjutkan.")
        return 3
    return 1 if queue.stopped else 0


def _say_error(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Parse, send, and turn expected errors into one line."""
    # A width of its own: argparse asks for the terminal's, and loads three packers with the module it asks.
    shape = partial(argparse.HelpFormatter, width=100)
    told = "Mengirim semua berkas di satu folder ke server tus 1.0; sesudah terputus, perintah yang sama meneruskan."
    parser = argparse.ArgumentParser(prog="python -m sync.send", description=told, formatter_class=shape)
    parser.add_argument("url", help="alamat tus; https, atau http di PC ini")
    parser.add_argument("folder", type=Path, help="semua berkas di folder ini dikirim")
    parser.add_argument("--state", type=Path, required=True, help="folder tempat keadaan pengiriman disimpan")
    parser.add_argument("--for", dest="for_s", type=float, default=None, help="berhenti sesudah sekian detik")
    given = parser.parse_args(arguments)
    try:
        if not given.folder.is_dir():
            raise NotFound(f"Folder {given.folder} tidak ada.", hint="Periksa alamat folder.")
        with contextlib.closing(FolderQueue(given.folder, given.state, given.url)) as queue:
            return asyncio.run(send_folder(given.url, queue, given.for_s))
    except ExpectedError as error:
        _say_error(error.sentence())
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # everything is on disk: the interpreter's own tidying costs a tenth of a second
