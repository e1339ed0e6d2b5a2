"""One client of ours on virtual time. Decides nothing itself.

What next: `sync.plan`. How hard: `sync.gate`. Sign-in, polls and back-off of the line: `sync.line.LineBook`. What an
answer means: `sync.outcome` (Retry-After, `sync.classify`) and `sync.consequence`. How long to wait for one:
`sync.patience.ask_times`. Here are only a queue in memory and requests to the modelled centre, in the order in which
`sync.core`, `sync.control` and `sync.deliver` do the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from app.http.reply import LinkError, LinkFault, Reply
from app.ports import ChannelState, FeedCursor, Item, ItemKind, Lane, Reason
from sync import consequence, gate, wire
from sync import policy as p
from sync.classify import Call
from sync.consequence import Fate
from sync.line import LineBook
from sync.outcome import Failed, failure
from sync.patience import ask_times
from sync.plan import LANE_OF, Hello, Login, PullFeed, SendRecords, SendVerdicts, View, WaitUntil, plan
from sync.policy import Policy
from tests.benchmarks.fleet.cells import LIMIT_IN_FLIGHT, RTT_S
from tests.benchmarks.fleet.centre import FEED_HEAD, LANES, Centre, Request
from tests.benchmarks.fleet.world import World

REALM, KEY_ID = "simulasi", "k1"
Delivered = Callable[[str, int], None]


class Client:
    """See the module's docstring. Items carry the record's number as their id."""

    def __init__(
        self,
        world: World,
        centre: Centre,
        district: int,
        records: Sequence[int],
        rng: random.Random,
        delivered: Delivered,
        policy: Policy = p.DEFAULT,
    ) -> None:
        self._world, self._centre, self._district = world, centre, district
        self._rng, self._delivered, self._policy = rng, delivered, policy
        self._own = frozenset(records)
        self._waiting = {(ItemKind.RECORD, one): _item(ItemKind.RECORD, one) for one in records}
        self._channels = {lane: gate.fresh(lane) for lane in Lane}
        self._in_flight = dict.fromkeys(Lane, 0)
        self._alone: set[int] = set()
        self._excused: set[int] = set()
        self._line = LineBook(world, rng, policy, FeedCursor("", 0))
        self._wake_at = 0.0
        self.turn()

    # ---- look, plan, act ----

    def turn(self) -> None:
        """As `Core._turn`, again and again until there is nothing to send."""
        while True:
            steps = plan(self._look())
            for step in steps[:-1]:
                self._start(step)
            if len(steps) == 1:
                break
        assert isinstance(steps[-1], WaitUntil)
        self._sleep_until(steps[-1].at)

    def _look(self) -> View:
        now, line = self._world.now(), self._line
        due: dict[ItemKind, list[Item]] = {}
        for kind in (ItemKind.VERDICT, ItemKind.RECORD):
            channel = self._channels[LANE_OF[kind]]
            room = gate.room(channel, now, self._in_flight[LANE_OF[kind]])
            if room and not (line.needs_hello or line.needs_login):
                limit = room * gate.batch_size(channel, p.BATCH_MOST)
                ready = [one for one in self._waiting.values() if one.kind is kind and one.next_at <= now]
                due[kind] = sorted(ready, key=lambda one: (one.attempts, one.id))[:limit]
        times = [one.next_at for one in self._waiting.values() if one.next_at > now]
        return View(
            now,
            self._channels,
            due,
            self._in_flight,
            line.facts(),
            line.welcome_batch,
            frozenset(self._alone),
            next_due_at=min(times, default=None),
        )

    def _start(self, step: object) -> None:
        match step:
            case SendRecords(items) | SendVerdicts(items):
                self._send(items)
            case Hello():
                self._line.is_busy = True
                self._hello(p.CALL_S, self._met, self._line_failed)
            case Login():
                self._control("token", self._signed_in)
            case PullFeed():
                self._control("feed", self._read_feed)
            case _:
                raise AssertionError(f"not simulated: {step}")

    def _sleep_until(self, at: float) -> None:
        if self._world.now() < self._wake_at <= at:
            return  # awake before that anyway
        self._wake_at = at
        t = max(self._world.t, at - self._world.now() + self._world.t)

        def wake() -> None:
            if at == self._wake_at:
                self._wake_at = 0.0
                self.turn()

        self._world.at(t, wake)

    # ---- batches ----

    def _send(self, items: tuple[Item, ...]) -> None:
        kind = items[0].kind
        lane = LANE_OF[kind]
        is_resend = any(one.attempts and one.id not in self._excused for one in items)
        self._excused -= {one.id for one in items}
        for one in items:
            del self._waiting[kind, one.id]
        self._in_flight[lane] += 1
        self._react(lane, gate.Sent(is_resend))

        def end(_: Request, result: Reply | LinkError) -> None:
            self._in_flight[lane] -= 1
            self._settle(lane, items, result, self._world.t - request.sent_at)
            self.turn()

        ids = tuple(one.id for one in items)
        request = Request(LANES[kind is ItemKind.VERDICT], self._district, ids, end, self._world.t)
        self._centre.submit(request)
        self._watch(request, _asks(self._policy))

    def _watch(self, request: Request, asks: list[float]) -> None:
        """As `sync.patience.patiently`: a `hello` beside the silent request decides."""

        def look() -> None:
            if not request.is_open:
                return
            if len(asks) == 1:
                give_up(LinkFault.DEADLINE)
            else:
                self._hello(
                    self._policy.hello_answer_s,
                    lambda _: self._watch(request, asks[1:]),
                    lambda _: give_up(LinkFault.SILENT),
                )

        def give_up(fault: LinkFault) -> None:
            if request.is_open:
                request.is_open = False
                request.answered(request, LinkError(fault, "", 0.0))

        self._world.at(max(self._world.t, request.sent_at + asks[0]), look)

    def _settle(self, lane: Lane, items: Sequence[Item], result: Reply | LinkError, took_s: float) -> None:
        """As `Deliverer._settle` and `Core._conclude`."""
        self._note_head(result)
        if isinstance(result, Reply) and result.status == 200:
            self._react(lane, gate.Succeeded(took_s, is_full=len(items) >= p.BATCH_LEAST))
            for one in items:
                self._delivered(LANES[one.kind is ItemKind.VERDICT], one.id)
            self._line.answered(0.0, was_let_in=True)
            self._line.expect_news(took_s)
            return
        failed = self._failure(result)
        ids = {one.id for one in items}
        outcome = consequence.of_batch(failed, len(items), self._policy, was_alone=ids <= self._alone)
        if outcome.event is not None:
            self._react(lane, outcome.event)
        self._alone |= ids if outcome.is_alone else set()
        self._excused |= ids if outcome.is_excused else set()
        if outcome.fate is Fate.STOPPED:
            return
        if outcome.fate is Fate.WAITS_FOR_LINE:
            self._line.failed(failed)
        self._defer(items, outcome.fate, failed, self._channels[lane])

    def _defer(self, items: Sequence[Item], fate: Fate, failed: Failed, channel: ChannelState) -> None:
        now = self._world.now()
        wait_s = 0.0
        if fate is not Fate.QUEUED:
            retry_at = self._line.retry_at
            tried = max(one.attempts for one in items)
            wait_s = consequence.wait_s(fate, failed, channel, retry_at, tried, now, self._rng, self._policy)
        for one in items:
            tries = one.attempts + (fate is not Fate.QUEUED)
            self._waiting[one.kind, one.id] = replace(one, attempts=tries, next_at=now + wait_s)

    # ---- hello, sign-in, feed ----

    def _hello(
        self, answer_s: float, ok: Callable[[wire.Hello], None], failed: Callable[[LinkError], None]
    ) -> None:
        """Outside the workers' queue: answered at once, refused at once, or not at all."""
        self._centre.counts.requests["hello"] += 1
        is_silent = self._centre.cell.is_silent

        def arrive() -> None:
            if not self._centre.is_out():
                answer = self._greeting()
                self._world.at(self._world.t + RTT_S / 2, lambda: ok(answer))
                return
            error = LinkError(LinkFault.SILENT if is_silent else LinkFault.REFUSED, "", 0.0)
            self._world.at(self._world.t + (answer_s if is_silent else RTT_S / 2), lambda: failed(error))

        self._world.at(self._world.t + RTT_S / 2, arrive)

    def _greeting(self) -> wire.Hello:
        left_s = self._centre.pause_left_s()
        pause = wire.Pause(for_s=left_s, classes=list(LANES), reason="") if left_s else None
        limits = wire.Limits(batch=self._centre.cell.batch, in_flight=LIMIT_IN_FLIGHT)
        return wire.Hello(
            server=wire.SERVER_NAME,
            api=[wire.PROTOCOL],
            realm=REALM,
            time="",
            epoch="1",
            pause=pause,
            limits=limits,
            key_id=KEY_ID,
        )

    def _met(self, hello: wire.Hello) -> None:
        """As `ControlCalls._hello`."""
        self._line.is_busy = False
        if self._line.greeted(hello, REALM, {KEY_ID: ""}, RTT_S):
            for lane in Lane:
                self._react(lane, gate.Welcomed(hello.limits.in_flight))
                if hello.pause is not None and lane.value in hello.pause.classes:
                    reason = Reason("paused_there", "")
                    self._react(lane, consequence.pause(hello.pause.for_s, reason, self._policy))
        self.turn()

    def _line_failed(self, error: LinkError) -> None:
        self._line.is_busy = False
        self._line.failed(self._failure(error))
        self.turn()

    def _control(self, kind: str, answered: Callable[[float], None]) -> None:
        self._line.is_busy = True

        def end(_: Request, result: Reply | LinkError) -> None:
            self._line.is_busy = False
            self._note_head(result)
            if isinstance(result, Reply) and result.status == 200:
                answered(self._world.t - request.sent_at)
            else:
                self._line.failed(self._failure(result))
            self.turn()

        request = Request(kind, self._district, (), end, self._world.t)
        self._centre.submit(request)

        def give_up() -> None:
            if request.is_open:
                request.is_open = False
                end(request, LinkError(LinkFault.DEADLINE, "", p.CALL_S))

        self._world.at(self._world.t + self._policy.call_s, give_up)

    def _signed_in(self, took_s: float) -> None:
        self._line.signed_in(took_s)

    def _read_feed(self, took_s: float) -> None:
        """As `ControlCalls._pull_feed`; one page holds it all. A returned record of ours is verified at once."""
        self._line.answered(took_s, was_let_in=True)
        feed, after = self._centre.feed[self._district], self._line.cursor.after
        for record in feed[after:]:
            if record in self._own:
                self._waiting[ItemKind.VERDICT, record] = _item(ItemKind.VERDICT, record)
        self._line.new_cursor(FeedCursor("1", len(feed)))
        self._line.polled(len(feed), len(feed) > after, took_s)

    # ---- small things ----

    def _react(self, lane: Lane, event: gate.Event) -> None:
        channel = self._channels[lane]
        self._channels[lane] = gate.react(channel, event, self._world.now(), self._rng, self._policy)

    def _failure(self, result: Reply | LinkError) -> Failed:
        return failure(Call.API, result, self._world.now())

    def _note_head(self, result: Reply | LinkError) -> None:
        if isinstance(result, Reply):
            self._line.on_feed_head(int(result.headers[FEED_HEAD]))


def _item(kind: ItemKind, record: int) -> Item:
    """Each record is of a TPS of its own, so no key is needed for the round robin."""
    return Item(record, kind, "", None, 100, 0, 0.0, 1000)


def _asks(policy: Policy) -> list[float]:
    """When a silent request is looked at: the asks of a `hello` beside it, then the longest deadline."""
    times: list[float] = []
    for ask_at_s in ask_times(policy):
        if ask_at_s >= policy.deadline_most_s:
            return [*times, policy.deadline_most_s]
        times.append(ask_at_s)
    return times
