"""The calls that are not deliveries: hello, login, operators, compare, feed. Each one tells the line how it went.

Invariant: a new epoch is committed before anything of the new feed is read; feed events and cursor go into the store
together and without gaps. Thread: the engine's event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

import msgspec

from app.ports import Clock, EngineStore, FeedCursor, ItemKind, Json, Lane, Reason, Secrets
from sync import gate, receipts, wire
from sync import policy as p
from sync.account import Account, login_body
from sync.classify import Action
from sync.client import CentreClient
from sync.line import FORKED, UNKNOWN, LineBook
from sync.outcome import Answer, Failed
from sync.plan import Compare, CompareScans, Control, Hello, Login, PullFeed, SendOperators

T = TypeVar("T")

FEED_PAGE = 200  # events in one answer
COMPARE_PAGE = 100  # forms in one question
COMPARE_SCANS = 200  # images in one question: 70 kB of receipts, packed to a third
_GAP = Failed(Action.RETRY_ITEM, Reason("feed_gap", "Urutan kabar dari KPU RI tidak lengkap."))
_PARTLY = Failed(
    Action.RETRY_ITEM, Reason("status_gap", "Jawaban KPU RI tentang formulir yang ditanyakan tidak lengkap.")
)
_PAUSE = "KPU RI menghentikan penerimaan sementara."


class ControlHost(Protocol):
    """What these calls use of the engine around them."""

    store: EngineStore
    account: Account
    clock: Clock
    client: CentreClient
    line: LineBook

    async def run(self, work: Callable[[], T], /) -> T: ...

    def react(self, lane: Lane, event: gate.Event) -> None: ...

    def welcomed(self, chunk: int) -> None: ...

    def pause_there(self, lane: Lane, for_s: float, reason: Reason) -> None: ...


class ControlCalls:
    """One per engine run."""

    def __init__(self, host: ControlHost, secrets: Secrets | None) -> None:
        self._host, self._secrets = host, secrets
        self._operators: Json | None = None
        self._compared_to = ""
        self._anchor: tuple[int, str] | None = None  # line and hash, as the centre told it last
        self._is_anchor_known = True

    def on_anchor(self, seq: int, line_hash: str) -> None:
        """An answer named the line of our journal that is anchored."""
        if (seq, line_hash) != self._anchor:
            self._anchor, self._is_anchor_known = (seq, line_hash), False

    async def check_anchor(self) -> None:
        """A line the centre was shown by this device and that is not here: the journal went back, or has a twin."""
        if self._is_anchor_known or self._anchor is None:
            return
        host, (seq, line_hash) = self._host, self._anchor
        self._is_anchor_known = True
        if not await host.run(lambda: host.store.anchored(seq, line_hash)):
            self._anchor = None  # should it be told again after people have acted
            host.line.failed(Failed(Action.FORKED, FORKED))

    async def look_for_debts(self) -> None:
        """What an earlier run left: operators not yet sent, a comparison not yet finished."""
        host = self._host
        self._operators = await host.run(host.store.operators_to_send)
        host.line.has_operators = self._operators is not None
        await self._end_comparing()

    def doubt_operators(self) -> None:
        """Ask the store again; the planner sends them before the next numbers."""
        self._host.line.has_operators = True

    async def perform(self, step: Control) -> None:
        match step:
            case Hello():
                await self._hello()
            case Login():
                await self._login()
            case SendOperators():
                await self._send_operators()
            case Compare():
                await self._compare()
            case CompareScans():
                await self._compare_scans()
            case PullFeed():
                await self._pull_feed()

    async def _hello(self) -> None:
        host = self._host
        newest = await host.run(host.store.newest_receipt)
        answer = await host.client.hello(host.client.call_s, newest)
        if isinstance(answer, Failed):
            host.line.failed(answer)
            return
        hello = answer.value
        failed = await self._follow_key() if hello.key_id not in host.account.keys else None
        if failed is not None:
            host.line.failed(failed)
            return
        if not host.line.greeted(hello, host.account.realm, host.account.keys, answer.took_s):
            return
        await self._meet_epoch(hello.epoch)
        self._welcome(hello)

    async def _follow_key(self) -> Failed | None:
        """The centre signs with a key we have not pinned: pin it when one that is pinned hands over to it.

        A line that fails meanwhile says nothing of the key. A refusal does: a centre of before knows no such call.
        """
        host = self._host
        answer = await host.client.keys()
        if isinstance(answer, Failed):
            return None if answer.action is Action.STOP_ITEM else answer
        new = receipts.followed(host.account.keys, answer.value.keys, host.account.realm)
        if new:
            await host.run(lambda: host.store.pin_keys(new))
            host.account = replace(host.account, keys={**host.account.keys, **new})
        return None

    def _welcome(self, hello: wire.Hello) -> None:
        self._host.welcomed(hello.limits.chunk)
        for lane in Lane:
            self._host.react(lane, gate.Welcomed(hello.limits.in_flight))
            if hello.pause is not None and lane.value in hello.pause.classes:
                reason = Reason("paused_there", f"{_PAUSE} {hello.pause.reason}".strip())
                self._host.pause_there(lane, hello.pause.for_s, reason)

    async def _meet_epoch(self, epoch: str) -> None:
        """The first epoch is simply taken; another one means the centre was restored from a backup."""
        host = self._host
        known = host.line.cursor
        if known.epoch == epoch:
            return
        cursor = FeedCursor(epoch, 0)
        if known.epoch:
            await host.run(lambda: host.store.new_epoch(epoch))
            self._compared_to = ""
            self._operators = None
            host.line.restarted(cursor)
            host.line.has_operators = True  # people named since the backup are unknown there, too
        else:
            await host.run(lambda: host.store.apply_feed([], cursor))
            host.line.new_cursor(cursor)

    async def _login(self) -> None:
        host = self._host
        answer = await host.client.login(login_body(host.account, host.clock.now()))
        if isinstance(answer, Failed):
            if answer.action is Action.SIGN_IN:  # refused at the door itself: only people can help
                reason = UNKNOWN if answer.reason.code == UNKNOWN.code else answer.reason
                answer = Failed(Action.ASK_PERSON, reason, answer.retry_after_s, answer.took_s)
            host.line.failed(answer)
            return
        host.line.signed_in(answer.took_s)
        if self._secrets is not None:
            await host.run(partial(self._secrets.put, host.account.token_name, answer.value.token))

    async def _send_operators(self) -> None:
        host = self._host
        body = self._operators or await host.run(host.store.operators_to_send)
        if body is None:
            host.line.has_operators = False
            return
        answer = await host.client.operators(body)
        if isinstance(answer, Failed):
            self._operators = None
            if answer.action is Action.STOP_ITEM:
                host.line.has_operators = False  # refused for good: numbers must not wait for it
            host.line.failed(answer)
            return
        host.line.answered(answer.took_s, was_let_in=True)
        await host.run(lambda: host.store.operators_sent(body))
        self._operators = await host.run(host.store.operators_to_send)
        host.line.has_operators = self._operators is not None

    async def _compare(self) -> None:
        """One page of forms; the planner comes back until there is none."""
        host = self._host
        asked_at = host.clock.now()
        rows = await host.run(lambda: host.store.to_compare(self._compared_to, COMPARE_PAGE))
        if not rows:
            host.line.needs_compare = False
            self._compared_to = ""
            return
        hashes = [str(row["values_hash"]) for row in rows]
        keys = [str(row["key"]) for row in rows]
        answer = await host.client.status(keys, [one for one in hashes if one])
        if isinstance(answer, Answer) and [one.key for one in answer.value.forms] != keys:
            answer = _PARTLY
        if isinstance(answer, Failed):
            host.line.failed(answer)
            return
        known = set(answer.value.known_hashes)
        statuses = [
            msgspec.to_builtins(status) | {"knows_ours": ours in known, "asked_at": asked_at}
            for status, ours in zip(answer.value.forms, hashes, strict=True)
        ]
        host.line.answered(answer.took_s, was_let_in=True)
        await host.run(lambda: host.store.compared(statuses))
        self._compared_to = keys[-1]

    async def _compare_scans(self) -> None:
        """One page of images; after the last one the comparison is over."""
        host, asked_at = self._host, self._host.clock.now()
        scans = await host.run(lambda: host.store.scans_to_compare(COMPARE_SCANS))
        if not scans:
            await self._end_comparing()
            return
        answer = await host.client.scan_receipts(scans)
        if isinstance(answer, Failed):
            if answer.action is Action.PAUSED_THERE:
                host.line.images_paused(answer.retry_after_s or p.DEADLINE_S, answer.took_s)
            else:
                host.line.failed(answer)
            return
        given = {one.what: one for one in answer.value.receipts if one.kind == ItemKind.SCAN.value}
        held = {what for what, receipt in given.items() if self._is_genuine(receipt, what)}
        if held != given.keys():
            host.line.mistrust(receipts.WRONG_KEY)
            return
        host.line.answered(answer.took_s, was_let_in=True)
        await host.run(lambda: host.store.scans_compared(scans, held, asked_at))

    def _is_genuine(self, receipt: wire.Receipt, scan: str) -> bool:
        keys, realm = self._host.account.keys, self._host.account.realm
        return (
            receipts.checked(receipt, keys=keys, realm=realm, kind=ItemKind.SCAN.value, what=scan) is not None
        )

    async def _end_comparing(self) -> None:
        """Nothing is left to ask about; or there is, because a comparison began anew meanwhile or in an earlier run."""
        host = self._host
        if await host.run(host.store.end_comparing):
            host.line.needs_compare = host.line.needs_compare_scans = False
        else:
            host.line.begin_comparing()

    async def _pull_feed(self) -> None:
        """To the head, page by page."""
        host = self._host
        got_events = False
        while True:
            after = host.line.cursor.after
            answer = await host.client.feed(after, FEED_PAGE)
            if isinstance(answer, Answer) and answer.value.epoch != host.line.cursor.epoch:
                host.line.needs_hello = True  # restored meanwhile: hello commits the new epoch first
                return
            if isinstance(answer, Answer) and not _is_gapless(answer.value, after):
                answer = _GAP
            if isinstance(answer, Failed):
                host.line.failed(answer)
                return
            host.line.answered(answer.took_s, was_let_in=True)
            events = [msgspec.to_builtins(event) for event in answer.value.events]
            if events:
                got_events = True
                cursor = FeedCursor(answer.value.epoch, after + len(events))
                await host.run(partial(host.store.apply_feed, events, cursor))
                host.line.new_cursor(cursor)
            if not events or host.line.cursor.after >= answer.value.feed_head:
                host.line.polled(answer.value.feed_head, got_events, answer.took_s)
                return


def _is_gapless(feed: wire.Feed, after: int) -> bool:
    numbers = [event.n for event in feed.events]
    is_in_order = numbers == list(range(after + 1, after + 1 + len(numbers)))
    return is_in_order and (bool(numbers) or feed.feed_head <= after)
