"""A lane's manners: one gate for the whole channel, a limit that learns (AIMD), a retry budget, the batch's size.

Owns the meaning of every number in `ChannelState`; pure: (state, event, now, rng, policy) -> state. Invariants:
while the gate is closed nothing is sent; half open lets one real batch through; only a real success opens it (a
green `hello` as the probe cost 13 requests per record). `recent` holds the last answers, newest last: `s` success,
`f` failure, `q` silence, `|` start of a round, `h` the limit was halved in this round, `l` the line was busy with a
body, `x` shut on purpose (what was already under way cannot open it), `p` shut by a national pause (over when it is
over: no probe), `g` growing from the start: no trouble yet, so a clean round doubles the limit. Thread: any.
"""

from __future__ import annotations

import random
from enum import StrEnum
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from app.ports import ChannelState, Lane, Reason
from sync import policy as p
from sync.policy import Policy

_ANSWERS = frozenset("sfq")


class Phase(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    HALF_OPEN = "half_open"


class Sent(Struct, frozen=True):
    """A request left; `is_resend` when it repeats items that failed before. A probe is free."""

    is_resend: bool


class Succeeded(Struct, frozen=True):
    """Real work was accepted. `is_full`: the batch was as large as the lane allows.

    `took_s` None: the answer to a long body. Its time is the line's, and says nothing of the server's strength.
    """

    took_s: float | None
    is_full: bool = False
    is_line_bound: bool = False  # the body kept the line busy: more at once would carry no more


class Failed(Struct, frozen=True):
    """An answer that says no for now (408, 425, 429, 5xx)."""

    reason: Reason
    retry_after_s: float | None = None


class Silent(Struct, frozen=True):
    """No answer: refused, reset, dead, or past its deadline (`is_deadline` halves the batch)."""

    reason: Reason
    is_deadline: bool = False


class Shut(Struct, frozen=True):
    """The lane is to rest for `for_s` and a spread: a pause there, a full disk, a wrong key, a portal."""

    reason: Reason
    for_s: float
    spread_s: float
    is_pause: bool = False


class Welcomed(Struct, frozen=True):
    """`hello` told what the centre welcomes at once."""

    in_flight: int


class Retried(Struct, frozen=True):
    """The person pressed *Coba sekarang*, or the PC woke up: one probe now."""


class ClockJumped(Struct, frozen=True):
    """`gate_until` may come from a clock that was ahead of this one: no rest lasts longer than it was meant to."""


_FRESH = Sent(is_resend=False)  # changes nothing
Event = Sent | Succeeded | Failed | Silent | Shut | Welcomed | Retried | ClockJumped


def fresh(lane: Lane) -> ChannelState:
    """A lane before its first request."""
    return ChannelState(
        lane, limit=float(p.IN_FLIGHT_UNKNOWN), tokens=p.TOKENS_MOST, batch=p.BATCH_MOST, recent="g|"
    )


def phase(state: ChannelState, now: float) -> Phase:
    """Open, closed, or due for its one probe."""
    if state.gate_until <= 0:
        return Phase.OPEN
    if now < state.gate_until:
        return Phase.CLOSED
    # A pause says nothing of the centre's strength; its end is spread out already.
    return Phase.OPEN if "p" in state.recent else Phase.HALF_OPEN


def room(state: ChannelState, now: float, in_flight: int) -> int:
    """How many more requests this lane may start now."""
    if state.is_paused:
        return 0
    current = phase(state, now)
    if current is Phase.CLOSED:
        return 0
    if current is Phase.HALF_OPEN:
        return 1 if in_flight == 0 else 0
    return max(0, int(state.limit) - in_flight)


def is_line_bound(state: ChannelState, now: float) -> bool:
    """The lane is open, and of late bodies took longer to leave than to be answered: the server waits for the line."""
    return phase(state, now) is Phase.OPEN and "l" in state.recent


def batch_size(state: ChannelState, welcome: int) -> int:
    """Records in the next request: all that waits, at most what the centre welcomes and this lane has learnt."""
    return max(1, min(state.batch, welcome, p.BATCH_MOST))


def median_s(state: ChannelState, needed: int = p.LATENCIES_NEEDED) -> float:
    """Median of the last answers' times, 0 when fewer than `needed` are known."""
    known = sorted(state.latencies_s)
    half = len(known) // 2
    return (known[half] + known[-half - 1]) / 2 if len(known) >= max(1, needed) else 0.0


def item_wait_s(
    failures: int,
    retry_after_s: float | None,
    rng: random.Random,
    policy: Policy = p.DEFAULT,
    most_s: float = p.ITEM_WAIT_MOST_S,
) -> float:
    """One item's own wait: Retry-After spread over twice its length, else full jitter under a low ceiling."""
    if retry_after_s is not None:
        return retry_after_s * (1 + rng.random())
    return rng.uniform(0, _ceiling(failures, most_s)) * policy.scale


def react(
    state: ChannelState, event: Event, now: float, rng: random.Random, policy: Policy = p.DEFAULT
) -> ChannelState:
    """The lane after `event`. Pure: the caller persists the answer."""
    if isinstance(event, ClockJumped):
        return _rebased(state, now)
    if isinstance(event, Succeeded):
        return _succeeded(state, event, now)
    state = state if event == _FRESH else replace(state, updated_at=now)
    match event:
        case Sent(is_resend):
            return _sent(state, is_resend, now, rng, policy)
        case Failed():
            return _failed(state, event, now, rng, policy)
        case Silent():
            return _silent(state, event, now, rng, policy)
        case Shut():
            return _shut(state, event, now, rng)
        case Welcomed(in_flight):
            # Only before the lane has learnt better: a restart must not forget that the centre is overloaded.
            known = any(letter in _ANSWERS for letter in state.recent)
            start = float(min(in_flight, p.IN_FLIGHT_MOST))
            return state if known else replace(state, limit=start)
        case _:  # Retried
            return replace(state, gate_until=min(state.gate_until, now))


def _rebased(state: ChannelState, now: float) -> ChannelState:
    """How much of the rest has passed nobody knows: it lasts from now on as long as was left when it was written."""
    if state.updated_at <= now:
        return state
    left_s = max(0.0, state.gate_until - state.updated_at)
    return replace(state, gate_until=now + left_s if state.gate_until > 0 else 0.0, updated_at=now)


def _sent(
    state: ChannelState, is_resend: bool, now: float, rng: random.Random, policy: Policy
) -> ChannelState:
    if not is_resend or phase(state, now) is not Phase.OPEN:
        return state
    tokens = max(0.0, state.tokens - 1)
    state = replace(state, tokens=tokens)
    if tokens > 0:
        return state
    reason = Reason("budget", "Terlalu banyak kiriman ulang; menunggu server pulih.")
    return _close(replace(state, reason=reason), None, p.GATE_WAIT_MOST_S, now, rng, policy)


def _shut(state: ChannelState, event: Shut, now: float, rng: random.Random) -> ChannelState:
    """Once for one cause: eight refusals of the same pause must not draw its spread eight times."""
    mark = "p" if event.is_pause else "x"
    if phase(state, now) is Phase.CLOSED and mark in state.recent and now + event.for_s <= state.gate_until:
        return state
    until = now + event.for_s + rng.uniform(0, event.spread_s)
    return replace(state, gate_until=max(until, state.gate_until), reason=event.reason, recent=f"{mark}|")


def _succeeded(state: ChannelState, event: Succeeded, now: float) -> ChannelState:
    was = phase(state, now)
    if was is Phase.CLOSED and ("x" in state.recent or "p" in state.recent):
        return replace(state, failures=0, updated_at=now)  # asked before the centre told us to rest
    recent = (
        state.recent if was is Phase.OPEN and state.gate_until <= 0 else "|"
    )  # what failed before is over
    usual_s = median_s(state)
    timed = () if event.took_s is None else (event.took_s,)
    is_slow = usual_s > 0 and any(seconds > p.SLOW_FACTOR * usual_s for seconds in timed)
    state = replace(
        state,
        gate_until=0.0,
        failures=0,
        reason=None,
        tokens=min(p.TOKENS_MOST, state.tokens + p.TOKEN_PER_SUCCESS),
        batch=min(p.BATCH_MOST, state.batch * 2) if event.is_full else state.batch,
        latencies_s=(*state.latencies_s, *timed)[-p.LATENCIES_KEPT :],
        recent=_trim(recent + ("sl" if event.is_line_bound else "s")),
        updated_at=now,
    )
    return _end_round(_halve_limit(state) if is_slow else state)


def _failed(
    state: ChannelState, event: Failed, now: float, rng: random.Random, policy: Policy
) -> ChannelState:
    was = phase(state, now)
    state = _after_pause(state, was)
    state = replace(state, recent=_trim(state.recent + "f"))
    if (
        event.reason.status == 500
    ):  # it died on what we sent: smaller next time; a busy 429/503 says nothing of size
        state = replace(state, batch=max(p.BATCH_LEAST, state.batch // 2))
    if was is Phase.CLOSED:  # a straggler of the same trouble: it only may know better how long to wait
        wait_s = (event.retry_after_s or 0.0) * (1 + rng.random())
        return replace(state, gate_until=max(state.gate_until, now + wait_s))
    state = replace(state, failures=state.failures + 1)
    answers = [letter for letter in state.recent if letter in _ANSWERS][-p.RECENT_KEPT :]
    is_ill = len(answers) == p.RECENT_KEPT and sum(a != "s" for a in answers) >= p.RECENT_FAILED
    if was is Phase.HALF_OPEN or is_ill:
        state = replace(_halve_limit(state), reason=event.reason)
        return _end_round(_close(state, event.retry_after_s, p.GATE_WAIT_MOST_S, now, rng, policy))
    return _end_round(state)


def _silent(
    state: ChannelState, event: Silent, now: float, rng: random.Random, policy: Policy
) -> ChannelState:
    was = phase(state, now)
    state = _after_pause(state, was)
    state = replace(state, recent=_trim(state.recent + "q"), reason=event.reason)
    if event.is_deadline:
        state = replace(state, batch=max(p.BATCH_LEAST, state.batch // 2))
    if was is Phase.CLOSED:
        return state
    state = _halve_limit(replace(state, failures=state.failures + 1))
    return _end_round(_close(state, None, p.GATE_WAIT_SILENT_MOST_S, now, rng, policy))


def _after_pause(state: ChannelState, was: Phase) -> ChannelState:
    """The first answer after a pause ran out: the gate is simply open again."""
    if was is Phase.OPEN and state.gate_until > 0:
        return replace(state, gate_until=0.0, recent="|", reason=None)
    return state


def _close(
    state: ChannelState,
    retry_after_s: float | None,
    most_s: float,
    now: float,
    rng: random.Random,
    policy: Policy,
) -> ChannelState:
    wait_s = rng.uniform(0, _ceiling(state.failures, most_s)) * policy.scale
    if retry_after_s is not None:
        wait_s = max(wait_s, retry_after_s * (1 + rng.random()))
    return replace(state, gate_until=now + wait_s, recent=_grown(state.recent))


def _grown(recent: str) -> str:
    """After trouble the limit grows by one (and after many answers with a busy line: `_trim` forgets the start)."""
    return recent.replace("g", "")


def _halve_limit(state: ChannelState) -> ChannelState:
    """Once a round: eight answers that were already under way tell one story, not eight."""
    if "h" in state.recent.rpartition("|")[2]:
        return state
    return replace(state, limit=max(1.0, state.limit // 2), recent=_grown(state.recent) + "h")


def _end_round(state: ChannelState) -> ChannelState:
    """A round is `limit` answers. Clean (nothing halved, no silence, the line not busy; a lone failure spoils nothing)
    it earns one more, or as many again as long as the lane grows from the start."""
    this_round = state.recent.rpartition("|")[2]
    answers = sum(map(this_round.count, _ANSWERS))
    if answers < int(state.limit):
        recent = _trim(state.recent)
        return state if recent == state.recent else replace(state, recent=recent)
    is_clean = not set("hql") & set(this_round)
    gain = state.limit if "g" in state.recent else p.ROUND_GAIN
    limit = min(float(p.IN_FLIGHT_MOST), state.limit + gain) if is_clean else state.limit
    return replace(state, limit=limit, recent=_trim(state.recent + "|"))


def _trim(recent: str) -> str:
    """Keep the last answers and this round's marks; the whole stays short enough to be persisted."""
    return recent[-2 * (p.RECENT_KEPT + p.IN_FLIGHT_MOST) :]


@cache
def _ceiling(failures: int, most_s: float) -> float:
    """min(most, base x 2^failures) by tenacity's strategy; the jitter under it is drawn from the caller's generator."""
    from tenacity import AsyncRetrying, RetryCallState, wait_exponential  # noqa: PLC0415 - not before a first failure

    strategy = wait_exponential(multiplier=p.BACKOFF_BASE_S, max=most_s)
    attempt = RetryCallState(AsyncRetrying(), None, (), {})
    attempt.attempt_number = failures + 1
    return float(strategy(attempt))
