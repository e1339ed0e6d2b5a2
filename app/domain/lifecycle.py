"""Every state and every transition of readings, versions and outbox items. Nothing about transitions lives elsewhere.

An illegal event raises `IllegalTransition` and changes nothing. `docs/lifecycles.md` is generated from these tables
(`diagram`), and a test compares it. Source: design section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class IllegalTransition(Exception):
    """A bug: the event cannot happen in this state."""


class ReadingState(StrEnum):
    DRAFT = "draft"
    FINISHED = "finished"
    AGREED = "agreed"
    DIFFERS = "differs"
    SETTLED = "settled"


class ReadingEvent(StrEnum):
    FINISH = "finish"
    REOPEN = "reopen"  # F2 before anybody read after it
    MATCH = "match"
    MISMATCH = "mismatch"
    SETTLE = "settle"


class VersionState(StrEnum):
    READY = "ready"
    QUEUED = "queued"
    AT_CENTRE = "at_centre"
    RETURNED = "returned"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    VERDICT_AT_CENTRE = "verdict_at_centre"
    PUBLIC = "public"
    REJECTED = "rejected"
    RIVAL = "rival"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class VersionEvent(StrEnum):
    QUEUE = "queue"
    RECEIVE = "receive"  # the centre's receipt came
    RETURN = "return"
    CONFIRM = "confirm"  # ok verdict given here
    DISPUTE = "dispute"  # wrong verdict given here
    VERDICT_RECEIVED = "verdict_received"
    PUBLISH = "publish"
    REJECT = "reject"
    RIVAL = "rival"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    REQUEUE = "requeue"  # the centre was restored from a backup and no longer holds it


class OutboxState(StrEnum):
    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    DONE = "done"
    WAITING = "waiting"
    STOPPED = "stopped"


class OutboxEvent(StrEnum):
    CLAIM = "claim"
    DELIVER = "deliver"
    DEFER = "defer"
    STOP = "stop"
    RELEASE = "release"  # at start: what was in flight goes back
    RETRY = "retry"  # the person says try again
    CANCEL = "cancel"  # a newer version took its place
    THRIFTY_ARRIVES = "thrifty_arrives"  # the small copy of an image, ahead of it on a poor line


S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)
Table = Mapping[tuple[S, E], S]

_R, _RE = ReadingState, ReadingEvent
READING: Table[ReadingState, ReadingEvent] = {
    (_R.DRAFT, _RE.FINISH): _R.FINISHED,
    (_R.FINISHED, _RE.REOPEN): _R.DRAFT,
    (_R.FINISHED, _RE.MATCH): _R.AGREED,
    (_R.FINISHED, _RE.MISMATCH): _R.DIFFERS,
    (_R.FINISHED, _RE.SETTLE): _R.SETTLED,  # policy of one reading, or a third reading that decides
    (_R.AGREED, _RE.SETTLE): _R.SETTLED,
    (_R.DIFFERS, _RE.SETTLE): _R.SETTLED,
}

_V, _VE = VersionState, VersionEvent
# A receipt may come for a version in any state before the centre had it; a newer version replaces any open one.
_OPEN = (
    _V.READY,
    _V.QUEUED,
    _V.AT_CENTRE,
    _V.RETURNED,
    _V.VERIFIED,
    _V.DISPUTED,
    _V.VERDICT_AT_CENTRE,
    _V.PUBLIC,
)
VERSION: Table[VersionState, VersionEvent] = {
    (_V.READY, _VE.QUEUE): _V.QUEUED,
    (_V.QUEUED, _VE.RECEIVE): _V.AT_CENTRE,
    (_V.QUEUED, _VE.REJECT): _V.REJECTED,
    (_V.QUEUED, _VE.RIVAL): _V.RIVAL,
    (_V.QUEUED, _VE.RETURN): _V.RETURNED,  # the receipt was lost, the feed came first
    (_V.AT_CENTRE, _VE.RIVAL): _V.RIVAL,
    (_V.AT_CENTRE, _VE.RETURN): _V.RETURNED,
    (_V.RETURNED, _VE.CONFIRM): _V.VERIFIED,
    (_V.RETURNED, _VE.DISPUTE): _V.DISPUTED,
    (_V.VERIFIED, _VE.DISPUTE): _V.DISPUTED,
    (_V.DISPUTED, _VE.CONFIRM): _V.VERIFIED,
    (_V.VERIFIED, _VE.VERDICT_RECEIVED): _V.VERDICT_AT_CENTRE,
    (_V.VERDICT_AT_CENTRE, _VE.PUBLISH): _V.PUBLIC,
    (_V.VERIFIED, _VE.PUBLISH): _V.PUBLIC,  # the verdict's receipt was lost, the feed came first
    (_V.QUEUED, _VE.PUBLISH): _V.PUBLIC,  # verified on another PC of the district
    (_V.AT_CENTRE, _VE.PUBLISH): _V.PUBLIC,
    (_V.RETURNED, _VE.PUBLISH): _V.PUBLIC,
    (_V.AT_CENTRE, _VE.REJECT): _V.REJECTED,  # the centre changed its mind: the feed says why
    (_V.RETURNED, _VE.REJECT): _V.REJECTED,
    # After a comparison: the centre goes by other values meanwhile, whatever was true of ours before.
    **{
        (state, _VE.RIVAL): _V.RIVAL
        for state in (_V.RETURNED, _V.VERIFIED, _V.DISPUTED, _V.VERDICT_AT_CENTRE, _V.PUBLIC)
    },
    (_V.RIVAL, _VE.RETURN): _V.RETURNED,  # the other version was withdrawn: ours is the centre's head now
    (_V.VERDICT_AT_CENTRE, _VE.DISPUTE): _V.DISPUTED,
    (_V.PUBLIC, _VE.DISPUTE): _V.DISPUTED,
    (_V.REJECTED, _VE.QUEUE): _V.QUEUED,
    **{(state, _VE.SUPERSEDE): _V.SUPERSEDED for state in (*_OPEN, _V.REJECTED, _V.RIVAL)},
    **{(state, _VE.WITHDRAW): _V.WITHDRAWN for state in (*_OPEN, _V.REJECTED, _V.RIVAL)},
    **{
        (state, _VE.REQUEUE): _V.QUEUED
        for state in (
            _V.AT_CENTRE,
            _V.RETURNED,
            _V.VERIFIED,
            _V.DISPUTED,
            _V.VERDICT_AT_CENTRE,
            _V.PUBLIC,
            _V.RIVAL,
        )
    },
}

_O, _OE = OutboxState, OutboxEvent
OUTBOX: Table[OutboxState, OutboxEvent] = {
    (_O.QUEUED, _OE.CLAIM): _O.IN_FLIGHT,
    (_O.WAITING, _OE.CLAIM): _O.IN_FLIGHT,
    (_O.IN_FLIGHT, _OE.DELIVER): _O.DONE,
    (_O.IN_FLIGHT, _OE.DEFER): _O.WAITING,
    (_O.IN_FLIGHT, _OE.STOP): _O.STOPPED,
    (_O.IN_FLIGHT, _OE.RELEASE): _O.QUEUED,
    (_O.IN_FLIGHT, _OE.THRIFTY_ARRIVES): _O.QUEUED,  # the small copy is there, the image itself is next
    (_O.QUEUED, _OE.DELIVER): _O.DONE,  # the receipt came another way (USB bundle, by-hash)
    (_O.WAITING, _OE.DELIVER): _O.DONE,
    (_O.STOPPED, _OE.DELIVER): _O.DONE,
    (_O.QUEUED, _OE.DEFER): _O.WAITING,  # channel gate or schedule
    (_O.WAITING, _OE.RETRY): _O.QUEUED,
    (_O.STOPPED, _OE.RETRY): _O.QUEUED,
    (_O.DONE, _OE.RETRY): _O.QUEUED,  # the centre lost it
    **{(state, _OE.CANCEL): _O.DONE for state in (_O.QUEUED, _O.WAITING, _O.STOPPED, _O.IN_FLIGHT)},
}


def advance(table: Table[S, E], state: S, event: E) -> S:
    """The next state; raises IllegalTransition and changes nothing when the table has none."""
    try:
        return table[(state, event)]
    except KeyError:
        raise IllegalTransition(f"{event} in {state}") from None


def sources(table: Table[S, E], event: E) -> tuple[S, ...]:
    """States in which the event is legal: the `WHERE state IN (...)` of a guarded UPDATE."""
    return tuple(state for (state, one) in table if one is event)


def target(table: Table[S, E], event: E) -> S:
    """The one state the event leads to: the `SET state = ?` of the same UPDATE. Every event here has exactly one."""
    (state,) = {state for (_, one), state in table.items() if one is event}
    return state


def diagram(title: str, table: Table[S, E]) -> str:
    """Mermaid text of one table, for `docs/lifecycles.md`."""
    rows = [
        f"    {state.value} --> {target.value}: {event.value}" for (state, event), target in table.items()
    ]
    return "\n".join([f"## {title}", "", "```mermaid", "stateDiagram-v2", *rows, "```", ""])


def document() -> str:
    """The whole of `docs/lifecycles.md`."""
    head = (
        "# Lifecycles\n\nGenerated from the tables of `app/domain/lifecycle.py`; a test compares it. "
        "States say what is, events what happens.\n\n"
    )
    parts = [diagram("Reading", READING), diagram("Version", VERSION), diagram("Outbox item", OUTBOX)]
    return head + "\n".join(parts)
