"""What carrying one scan is given, and how it may end. Values. Thread: any."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from msgspec import Struct

from app.ports import Clock, Item, Reason, ScanQueue
from sync import gate
from sync import policy as p
from sync.outcome import Answer, Failed
from sync.policy import Policy

R = TypeVar("R")


class Arrived(Struct, frozen=True):
    """The server has every byte. `was_held`: it had them before."""

    was_held: bool


class Deferred(Struct, frozen=True):
    """Not now. `wait_s` is the item's own wait; None: as long as the channel waits."""

    failure: Failed
    wait_s: float | None


class Stopped(Struct, frozen=True):
    """This file cannot go as it is; a person has to act."""

    reason: Reason


class GateShut(Struct, frozen=True):
    """The lane closed between two requests: back to the queue without blame."""


Ended = Arrived | Deferred | Stopped | GateShut


class Run(Protocol):
    """Does blocking work (disk, store) off the event loop."""

    def __call__(self, work: Callable[[], R], /) -> Awaitable[R]: ...


class ScanSeams(Struct, frozen=True):
    """What a sender is given: where rows live, how blocking work runs, who listens."""

    queue: ScanQueue
    run: Run
    clock: Clock
    rng: random.Random
    policy: Policy
    on_event: Callable[[gate.Event], None]  # each answer, for the lane's gate
    failures: Callable[[], int]  # of the lane since its last success
    may_go_on: Callable[[Item], bool]  # False when the lane's gate, or its hours, closed meanwhile
    on_room: Callable[[], None] = lambda: None  # another transfer may begin
    bodies_most: Callable[[], int] = lambda: (
        p.IN_FLIGHT_MOST
    )  # at once; a transfer beyond them stops at its creation
    on_accepted: Callable[[int], None] = lambda _: None  # bytes the server confirmed
    # By hash, own centre only; True: on a connection of its own.
    holds: Callable[[Item, bool], Awaitable[Answer[bool] | Failed]] | None = None
    is_hashed: bool = True  # `ScanFile.sha256` is the content's hash (not so in `sync.send`)
