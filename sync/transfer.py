"""One tus upload as a pure state machine: events in, next action out, every transition in one table.

Invariants: HEAD is asked before every resume and the server's offset is believed, also when it is lower; the URL is
known (and committed by the caller) before the first byte that depends on it; an upload of another length is abandoned.
An illegal event raises `IllegalTransition` and changes nothing. Source: tus 1.0, sync notes section 2. Thread: any.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.domain.lifecycle import IllegalTransition
from app.ports import UploadState
from sync import policy as p

_CORRUPT_MOST = 2  # 460 twice: the file itself is hashed again by the caller before a third try


class Stage(StrEnum):
    """Which answer the transfer waits for; the last four wait for none."""

    LOOK_UP = "look_up"
    CREATE = "create"
    HEAD = "head"
    PATCH = "patch"
    WHOLE = "whole"  # the server has all bytes; its receipt is another call
    HELD = "held"  # the centre already had this scan under its hash
    LOCKED = "locked"  # some request still holds the upload: this run ends, the next one asks again
    REFUSED = "refused"  # cannot go on: too large for the proxy, or corrupt again and again


class Locks(Struct, frozen=True):
    """How long one file's uploads have been waited for; kept from one run to the next.

    `patience` is doubled with each upload that was given up, so that the bytes in vain stay few also where every upload
    is locked after its first chunk.
    """

    ghosts: int = 0  # answers in a row that named a lock
    patience: int = p.GHOSTS_MOST  # so many, and the upload is given up


class Transfer(Struct, frozen=True):
    """Where one upload stands."""

    length: int
    stage: Stage
    url: str = ""
    offset: int = 0
    can_look_up: bool = False  # the server answers by hash (our own centre)
    with_body: bool = False  # creation carries the whole file
    chunk_most: int = p.CHUNK_MOST  # learnt from 413
    conflicts: int = 0  # cuts, dead connections and 409 in a row without progress
    corrupt: int = 0
    locks: Locks = Locks()


# ---- events ------------------------------------------------------------------------------------------------------


class Created(Struct, frozen=True):
    """201 with a Location; `offset` is what the server took of a body sent along."""

    url: str
    offset: int = 0


class Offset(Struct, frozen=True):
    """HEAD's answer."""

    offset: int
    length: int | None = None


class Moved(Struct, frozen=True):
    """PATCH was accepted up to here."""

    offset: int


class Unsure(Struct, frozen=True):
    """The connection broke, the offset differs, or the answer says too little: whatever was sent may have arrived."""


class Gone(Struct, frozen=True):
    """404 or 410: the upload is no more."""


class Found(Struct, frozen=True):
    """The centre holds this hash."""


class Missing(Struct, frozen=True):
    """It does not, or cannot say."""


class TooLarge(Struct, frozen=True):
    """413 for a body of this size."""

    size: int


class Corrupt(Struct, frozen=True):
    """460: the server dropped the chunk."""


class Locked(Struct, frozen=True):
    """423, or words of a lock: an earlier request, most often our own, still holds the upload."""


Event = Created | Offset | Moved | Unsure | Gone | Found | Missing | TooLarge | Corrupt | Locked


# ---- actions -----------------------------------------------------------------------------------------------------


class LookUp(Struct, frozen=True):
    """Ask whether the hash is there."""


class Create(Struct, frozen=True):
    """POST; the body goes along when `with_body`."""

    with_body: bool


class Head(Struct, frozen=True):
    url: str


class Patch(Struct, frozen=True):
    url: str
    offset: int
    size: int


class Done(Struct, frozen=True):
    """All bytes are there; `was_held` when nothing had to be sent."""

    was_held: bool


class Rest(Struct, frozen=True):
    """Nothing before a while has passed."""


class Restart(Struct, frozen=True):
    """Nothing more can be done with this file as it is."""

    code: str


NextAction = LookUp | Create | Head | Patch | Done | Rest | Restart


def begin(
    length: int,
    upload: UploadState | None,
    *,
    can_look_up: bool,
    is_retry: bool,
    with_body: bool,
    locks: Locks | None = None,
) -> Transfer:
    """A known URL is asked first. Without one, a retry asks by hash: a creation's answer may have been lost.

    `locks`: of the last run, if it met any.
    """
    if upload is not None and upload.length == length:
        stage, url = Stage.HEAD, upload.url
    else:
        stage, url = (Stage.LOOK_UP if can_look_up and is_retry else Stage.CREATE), ""
    if locks is None:
        locks = Locks(patience=p.GHOSTS_MOST if can_look_up else p.GHOSTS_MOST_BLIND)
    return Transfer(length, stage, url, can_look_up=can_look_up, with_body=with_body, locks=locks)


def next_action(transfer: Transfer, chunk: int) -> NextAction:
    """What to do now; `chunk` is the size the line's measured rate allows."""
    match transfer.stage:
        case Stage.LOOK_UP:
            return LookUp()
        case Stage.CREATE:
            return Create(transfer.with_body)
        case Stage.HEAD:
            return Head(transfer.url)
        case Stage.PATCH:
            size = min(chunk, transfer.chunk_most, transfer.length - transfer.offset)
            return Patch(transfer.url, transfer.offset, size)
        case Stage.WHOLE:
            return Done(was_held=False)
        case Stage.HELD:
            return Done(was_held=True)
        case Stage.LOCKED:
            return Rest()
        case _:  # REFUSED
            return Restart("corrupt" if transfer.corrupt > _CORRUPT_MOST else "too_large")


def advance(transfer: Transfer, event: Event) -> Transfer:
    """The transfer after `event`."""
    try:
        step = TABLE[(transfer.stage, type(event))]
    except KeyError:
        raise IllegalTransition(f"{type(event).__name__} in {transfer.stage}") from None
    return step(transfer, event)


def _created(t: Transfer, e: Created) -> Transfer:
    if e.offset > t.length:
        return _abandon(t)
    if e.offset in (0, t.length):
        return replace(t, url=e.url, offset=e.offset, stage=_stage_at(t, e.offset))
    # Half a body taken is not an offset to trust: the creation's answer may be older than the server's disk.
    return replace(t, url=e.url, stage=Stage.HEAD, with_body=False)


def _asked(t: Transfer, e: Offset) -> Transfer:
    if (e.length is not None and e.length != t.length) or e.offset > t.length:
        return _abandon(t)
    conflicts = 0 if e.offset > t.offset else t.conflicts  # more arrived than we knew: the line carries
    return replace(_at(t, e.offset), conflicts=conflicts)


def _asked_beside(t: Transfer, e: Offset) -> Transfer:
    """The connection died, and the offset was asked on another one meanwhile."""
    t = replace(t, conflicts=t.conflicts + 1)
    return _asked(t, e)


def _moved(t: Transfer, e: Moved) -> Transfer:
    if e.offset <= t.offset or e.offset > t.length:
        return replace(t, stage=Stage.HEAD, conflicts=t.conflicts + 1)
    return replace(_at(t, e.offset), conflicts=0, corrupt=0, locks=replace(t.locks, ghosts=0))


def _at(t: Transfer, offset: int) -> Transfer:
    return replace(t, offset=offset, stage=_stage_at(t, offset))


def _stage_at(t: Transfer, offset: int) -> Stage:
    return Stage.WHOLE if offset == t.length else Stage.PATCH


def _ask(t: Transfer, _: Unsure) -> Transfer:
    return replace(t, stage=Stage.HEAD, conflicts=t.conflicts + 1)


def _unsure_creation(t: Transfer, _: Unsure) -> Transfer:
    """No URL came. With a body along it may be whole at the centre; ask by hash where that can be asked."""
    return replace(t, stage=Stage.LOOK_UP if t.can_look_up else Stage.CREATE, with_body=False)


def _gone(t: Transfer, _: Gone) -> Transfer:
    return _abandon(t)


def _abandon(t: Transfer) -> Transfer:
    """A new upload; by hash first, because servers also say 410 for a finished one."""
    return replace(
        t,
        stage=Stage.LOOK_UP if t.can_look_up else Stage.CREATE,
        url="",
        offset=0,
        with_body=False,
        conflicts=t.conflicts + 1,
        locks=replace(t.locks, ghosts=0),
    )


def _locked(t: Transfer, _: Locked) -> Transfer:
    """A lock that no request of ours can still hold is never released: what it holds is given up for a new upload."""
    locks = replace(t.locks, ghosts=t.locks.ghosts + 1)
    if locks.ghosts < locks.patience:
        return replace(t, stage=Stage.LOCKED, locks=locks)
    return replace(_abandon(t), locks=Locks(patience=2 * locks.patience))


def _held(t: Transfer, _: Found) -> Transfer:
    return replace(t, stage=Stage.HELD, offset=t.length)


def _missing(t: Transfer, _: Missing) -> Transfer:
    return replace(t, stage=Stage.CREATE)


def _smaller(t: Transfer, e: TooLarge) -> Transfer:
    if e.size <= p.CHUNK_LEAST:
        return replace(t, stage=Stage.REFUSED)
    return replace(t, chunk_most=max(p.CHUNK_LEAST, e.size // 2), stage=Stage.HEAD)


def _without_body(t: Transfer, e: TooLarge) -> Transfer:
    if not t.with_body:
        return replace(t, stage=Stage.REFUSED)
    return replace(t, with_body=False, chunk_most=max(p.CHUNK_LEAST, e.size // 2))


def _corrupt(t: Transfer, _: Corrupt) -> Transfer:
    again = t.corrupt + 1
    return replace(t, corrupt=again, stage=Stage.REFUSED if again > _CORRUPT_MOST else Stage.HEAD)


def _corrupt_creation(t: Transfer, _: Corrupt) -> Transfer:
    again = t.corrupt + 1
    return replace(
        t, corrupt=again, with_body=False, stage=Stage.REFUSED if again > _CORRUPT_MOST else Stage.CREATE
    )


# Handlers take their own event's type; the table's key guarantees it, which `Any` says to the type checker.
TABLE: dict[tuple[Stage, type[Event]], Callable[[Transfer, Any], Transfer]] = {
    (Stage.LOOK_UP, Found): _held,
    (Stage.LOOK_UP, Missing): _missing,
    (Stage.CREATE, Created): _created,
    (Stage.CREATE, Unsure): _unsure_creation,
    (Stage.CREATE, TooLarge): _without_body,
    (Stage.CREATE, Corrupt): _corrupt_creation,
    (Stage.HEAD, Offset): _asked,
    (Stage.HEAD, Gone): _gone,
    (Stage.HEAD, Locked): _locked,
    (Stage.PATCH, Moved): _moved,
    (Stage.PATCH, Offset): _asked_beside,
    (Stage.PATCH, Unsure): _ask,
    (Stage.PATCH, Gone): _gone,
    (Stage.PATCH, Locked): _locked,
    (Stage.PATCH, TooLarge): _smaller,
    (Stage.PATCH, Corrupt): _corrupt,
}
