"""What to do next, decided from facts alone: due items, channels, the line. A thin loop performs the steps.

Invariants: verdicts before numbers before images, and images never take the numbers' place; round-robin over TPS, so
one poisoned item never blocks; a paused or closed lane gives nothing but its one due probe. Pure. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from app.domain.sending import PRIORITY_FIRST
from app.ports import ChannelState, Item, ItemKind, Lane
from sync import gate
from sync import policy as p

LANE_OF: Mapping[ItemKind, Lane] = {
    ItemKind.WITHDRAWAL: Lane.RECORDS,
    ItemKind.VERDICT: Lane.VERDICTS,
    ItemKind.RECORD: Lane.RECORDS,
    ItemKind.SCAN: Lane.SCANS,
}


# ---- steps -------------------------------------------------------------------------------------------------------


class Hello(Struct, frozen=True):
    """Ask who is there; also the quiet probe after a portal."""


class Login(Struct, frozen=True):
    """A new token."""


class SendOperators(Struct, frozen=True):
    """The coordinator's list changed: readings signed by a new person are refused until the centre knows them."""


class Compare(Struct, frozen=True):
    """After a new epoch: ask which forms the centre still holds."""


class CompareScans(Struct, frozen=True):
    """Then which images. A district has a thousand questions of them, so news is read in between."""


class PullFeed(Struct, frozen=True):
    """There is news, or it is time to ask."""


class SendVerdicts(Struct, frozen=True):
    items: tuple[Item, ...]


class SendWithdrawals(Struct, frozen=True):
    items: tuple[Item, ...]


class SendRecords(Struct, frozen=True):
    items: tuple[Item, ...]


class SendScan(Struct, frozen=True):
    item: Item


class WaitUntil(Struct, frozen=True):
    """Nothing to do before `at` (wall seconds); `reason` is a stable code."""

    at: float
    reason: str


Control = Hello | Login | SendOperators | Compare | CompareScans | PullFeed
Sending = SendVerdicts | SendWithdrawals | SendRecords | SendScan
Step = Control | Sending | WaitUntil


def items_of(step: Step) -> tuple[Item, ...]:
    """What a step carries."""
    match step:
        case SendRecords(items) | SendVerdicts(items) | SendWithdrawals(items):
            return items
        case SendScan(item):
            return (item,)
        case _:
            return ()


# ---- facts -------------------------------------------------------------------------------------------------------


class Line(Struct, frozen=True):
    """Where we stand with the centre, apart from the lanes."""

    needs_hello: bool = False
    needs_login: bool = False
    has_operators: bool = False
    needs_compare: bool = False
    needs_compare_scans: bool = False
    compare_scans_at: float = 0.0  # not before: the nation paused images
    poll_at: float | None = None  # when the feed is asked next; None: never (no feed at this server)
    has_news: bool = (
        False  # an answer spoke of events we have not read: they are worth a request of their own
    )
    is_busy: bool = False  # a control call is under way
    retry_at: float = 0.0  # control calls rest until then


class View(Struct, frozen=True):
    """Everything the planner may know."""

    now: float
    channels: Mapping[Lane, ChannelState]
    due: Mapping[ItemKind, Sequence[Item]]
    in_flight: Mapping[Lane, int] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    welcome_batch: int = p.BATCH_MOST
    alone: frozenset[int] = frozenset()  # items a whole batch was refused for: each travels by itself
    started: frozenset[str] = frozenset()  # scans with bytes at the centre: finished before new ones begin
    next_due_at: float | None = None
    scans_open_at: float | None = None  # the night schedule's next opening; None: open now


HORIZON_S = 3600.0  # the loop looks again at least so often, whatever happens


def plan(view: View) -> list[Step]:
    """The steps to start now, in order; always ends with the next time to look."""
    sending: list[Step] = []
    line = view.line
    if not (line.needs_hello or line.needs_login):
        sending += _batches(view, ItemKind.VERDICT, _calls(view))
        if not line.has_operators:
            sending += _numbers(view, _calls(view) - len(sending))
        sending += _scans(view, started=len(sending))
    is_travelling = bool(sending) or any(view.in_flight.values())
    control = _control(view, is_travelling)
    return [*([control] if control is not None else ()), *sending, _wait(view, is_travelling)]


def _control(view: View, is_travelling: bool) -> Control | None:
    line = view.line
    if line.is_busy or view.now < line.retry_at:
        return None
    if line.needs_hello:
        return Hello()
    if line.needs_login:
        return Login()
    if line.has_operators:
        return SendOperators()
    if line.needs_compare:
        return Compare()
    poll_at = _poll_at(view, is_travelling)
    if poll_at is not None and view.now >= poll_at:
        return PullFeed()
    if line.needs_compare_scans and view.now >= line.compare_scans_at:
        return CompareScans()
    return None


def _poll_at(view: View, is_travelling: bool) -> float | None:
    """When the feed is asked. While anything travels only for news: its answer tells whether there is any."""
    line = view.line
    if line.poll_at is None or line.is_busy or (is_travelling and not line.has_news):
        return None
    # It rests with every control call: a time that is past would make the loop spin until `retry_at`.
    return max(line.poll_at, line.retry_at)


def _calls(view: View) -> int:
    """How many more batches this PC may start: verdicts and numbers share its share of the centre. Images under way
    do not count: they never keep a number waiting."""
    return max(
        0, p.IN_FLIGHT_MOST - sum(view.in_flight.get(lane, 0) for lane in (Lane.VERDICTS, Lane.RECORDS))
    )


def _numbers(view: View, most: int) -> list[Step]:
    """Withdrawals first: the record that replaces one is refused by a form that still has its head."""
    steps = _batches(view, ItemKind.WITHDRAWAL, most)
    return steps + _batches(view, ItemKind.RECORD, most - len(steps), started=len(steps))


def _batches(view: View, kind: ItemKind, most: int, started: int = 0) -> list[Step]:
    due = view.due.get(kind)
    if not due:
        return []
    lane = LANE_OF[kind]
    state = view.channels[lane]
    room = min(most, gate.room(state, view.now, view.in_flight.get(lane, 0) + started))
    size = gate.batch_size(state, view.welcome_batch)
    items = round_robin(due)
    single = [item for item in items if item.id in view.alone]
    together = [item for item in items if item.id not in view.alone]
    batches = [tuple(together[start : start + size]) for start in range(0, len(together), size)]
    batches += [(item,) for item in single]
    return [_step(kind, batch) for batch in batches[:room]]


def _step(kind: ItemKind, batch: tuple[Item, ...]) -> Sending:
    if kind is ItemKind.VERDICT:
        return SendVerdicts(batch)
    return SendRecords(batch) if kind is ItemKind.RECORD else SendWithdrawals(batch)


def _scans(view: View, started: int) -> list[Step]:
    in_flight = sum(view.in_flight.values()) + started
    lane_room = gate.room(view.channels[Lane.SCANS], view.now, view.in_flight.get(Lane.SCANS, 0))
    room = max(0, min(lane_room, p.IN_FLIGHT_MOST - in_flight))
    items = [one for one in round_robin(view.due.get(ItemKind.SCAN, ())) if is_open(one, view.scans_open_at)]
    # What was begun is finished first. The probe of a closed gate is what was tried least: one that fails again and
    # again, begun or wanted now, would be it for ever, and nothing else would be tried. Both sorts are stable.
    if gate.phase(view.channels[Lane.SCANS], view.now) is gate.Phase.HALF_OPEN:
        items.sort(key=lambda item: (item.attempts, item.priority))
    else:
        items.sort(key=lambda item: (item.priority, item.what not in view.started))
    return [SendScan(item) for item in items[:room]]


def is_open(scan: Item, scans_open_at: float | None) -> bool:
    """Whether the night schedule lets this image go now; a TPS that a person wants now does not wait for it."""
    return scans_open_at is None or scan.priority == PRIORITY_FIRST


def round_robin(items: Sequence[Item]) -> list[Item]:
    """Within one priority, one item of each TPS after the other; the order given decides among equals."""
    turns: dict[tuple[int, str], int] = {}
    placed: list[tuple[int, int, int, Item]] = []
    for place, item in enumerate(items):
        tps = str(item.key.tps) if item.key is not None else f"#{item.id}"
        turn = turns.get((item.priority, tps), 0)
        turns[(item.priority, tps)] = turn + 1
        placed.append((item.priority, turn, place, item))
    return [item for *_, item in sorted(placed, key=lambda entry: entry[:3])]


def _wait(view: View, is_travelling: bool) -> WaitUntil:
    """The earliest thing that can change without anybody telling us."""
    times = [(view.now + HORIZON_S, "idle")]
    line = view.line
    if line.retry_at > view.now:
        times.append((line.retry_at, "line"))
    poll_at = _poll_at(view, is_travelling)
    if poll_at is not None:
        times.append((poll_at, "poll"))
    if line.needs_compare_scans and line.compare_scans_at > view.now:
        times.append((line.compare_scans_at, "compare"))
    times += [(state.gate_until, "gate") for state in view.channels.values() if state.gate_until > view.now]
    if view.scans_open_at is not None:
        times.append((view.scans_open_at, "schedule"))
    if view.next_due_at is not None and view.next_due_at > view.now:
        times.append((view.next_due_at, "item"))
    return WaitUntil(*min(times))
