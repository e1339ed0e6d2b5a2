"""What a failure means for the lane it came by and for the items it carried. One table for engine and fleet simulation.

Invariant: whatever failed, every item ends stopped with a reason, waiting with a reason and a time, or back in the
queue to travel alone. Pure; randomness comes in. Thread: any.
"""

from __future__ import annotations

import random
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.ports import ChannelState, Reason
from sync import gate
from sync import policy as p
from sync.classify import Action
from sync.outcome import Failed
from sync.policy import Policy


class Fate(StrEnum):
    """What becomes of the items."""

    QUEUED = "queued"  # at once again
    STOPPED = "stopped"  # until a person acts
    WAITS_ITS_TURN = "waits_its_turn"  # its own wait; the lane goes on
    WAITS_LONGER = "waits_longer"  # ill by itself, it seems: longer with each try of its own
    WAITS_FOR_GATE = "waits_for_gate"
    WAITS_FOR_LINE = "waits_for_line"  # the trouble is the whole line's: `LineBook.failed` is told


class Consequence(Struct, frozen=True):
    """`event` is told to the lane before the items' wait is asked for."""

    fate: Fate
    event: gate.Event | None = None
    is_alone: bool = False  # each item travels by itself from now on
    is_excused: bool = False  # nobody's failure: the next sending is no resend


def of_batch(failure: Failed, count: int, policy: Policy, *, was_alone: bool = False) -> Consequence:
    """What becomes of a whole batch of `count` items (or of one scan) that did not get through.

    `was_alone`: an earlier consequence had the item travel by itself.
    """
    match failure.action:
        case Action.RETRY_ITEM if failure.reason.status == 500 and (was_alone or 1 < count <= p.BATCH_LEAST):
            # The centre dies on one of them. Halved to the floor they would share its fate for ever.
            fate = Fate.WAITS_LONGER if was_alone else Fate.WAITS_ITS_TURN
            return Consequence(fate, gate.Failed(failure.reason, failure.retry_after_s), is_alone=True)
        case Action.CLOSE_GATE:
            return Consequence(Fate.WAITS_FOR_GATE, gate.Silent(failure.reason, failure.is_deadline))
        case Action.STOP_ITEM | Action.SMALLER:
            # One bad item must not decide about its neighbours.
            return Consequence(Fate.QUEUED, is_alone=True) if count > 1 else Consequence(Fate.STOPPED)
        case Action.RETRY_ITEM | Action.HEAD_FIRST | Action.GHOST | Action.RESEND | Action.NEW_UPLOAD:
            return Consequence(Fate.WAITS_ITS_TURN, gate.Failed(failure.reason, failure.retry_after_s))
        case _:
            return of_lane(failure, policy)


def of_lane(failure: Failed, policy: Policy) -> Consequence:
    """Trouble that is the whole lane's or the whole line's."""
    reason = failure.reason
    match failure.action:
        case Action.PAUSED_THERE:
            event = pause(failure.retry_after_s or p.DEADLINE_S, reason, policy)
            return Consequence(Fate.WAITS_FOR_GATE, event, is_excused=True)
        case Action.PAUSE_CHANNEL:
            for_s = max(failure.retry_after_s or 0.0, p.FULL_WAIT_S * policy.scale)
            return Consequence(Fate.WAITS_FOR_GATE, gate.Shut(_coded(reason, "full"), for_s, for_s))
        case Action.ASK_PERSON | Action.OTHER_METHOD:
            # The proxy refused the method, and hidden behind POST as well: every scan would meet the same.
            wait_s = policy.person_wait_s
            return Consequence(Fate.WAITS_FOR_GATE, gate.Shut(reason, wait_s, wait_s * 0.1))
        case _:
            return Consequence(Fate.WAITS_FOR_LINE)


def pause(for_s: float, reason: Reason, policy: Policy) -> gate.Shut:
    """A national pause: come back spread out, but a short pause is not made long by the spread."""
    spread_s = min(policy.pause_spread_s, for_s)
    return gate.Shut(_coded(reason, "paused_there"), for_s, spread_s, is_pause=True)


def wait_s(
    fate: Fate,
    failure: Failed,
    channel: ChannelState,
    line_retry_at: float,
    attempts: int,
    now: float,
    rng: random.Random,
    policy: Policy,
) -> float:
    """Seconds from `now` until items of this fate are tried again.

    `channel` as it is after the event; `attempts`: of the item before this one.
    """
    match fate:
        case Fate.WAITS_ITS_TURN:
            return gate.item_wait_s(max(1, channel.failures), failure.retry_after_s, rng, policy)
        case Fate.WAITS_LONGER:
            return gate.item_wait_s(attempts, failure.retry_after_s, rng, policy, p.ILL_ITEM_WAIT_MOST_S)
        case Fate.WAITS_FOR_GATE:
            return max(0.0, channel.gate_until - now)
        case _:
            return max(0.0, line_retry_at - now)


def _coded(reason: Reason, code: str) -> Reason:
    """The same sentence under the code the status looks for."""
    return replace(reason, code=code)
