"""An `EngineStore` in memory, with the rules of the real one: guarded claims, reasons for what waits, receipts kept.

Thread-safe, because the engine calls it from its worker threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from app.domain.c1form import C1Key
from app.domain.journal import GENESIS
from app.domain.lifecycle import OutboxState
from app.domain.sending import PRIORITY_FIRST, Left, PoorLine, Sending
from app.domain.wilayah import TpsId
from app.ports import (
    ChannelState,
    Clock,
    FeedCursor,
    Item,
    ItemKind,
    Json,
    Lane,
    LineTurn,
    Reason,
    ScanFile,
    UploadState,
)
from sync import gate
from tests.fakes.clock import RealClock

S = OutboxState


@dataclass(slots=True)
class Row:
    """One outbox row and what is known of it."""

    item: Item
    body: Json | None = None
    path: Path | None = None
    state: OutboxState = S.QUEUED
    reason: Reason | None = None
    receipt: Json | None = None
    status: str = ""
    put_off_at: float = 0.0
    thrifty: Item | None = None  # its thrifty copy, while that may go ahead
    thrifty_path: Path | None = None
    thrifty_receipt: Json | None = None


@dataclass(slots=True)
class MemoryStore:
    """See the module's docstring. `rows` is by item id."""

    rows: dict[int, Row] = field(default_factory=dict)
    uploads: dict[tuple[str, str], UploadState] = field(default_factory=dict)
    channels: dict[Lane, ChannelState] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    turns: list[LineTurn] = field(default_factory=list)
    cursor: FeedCursor = field(default_factory=lambda: FeedCursor("", 0))
    operators: Json | None = None
    operators_done: list[Json] = field(default_factory=list)
    anchor: int = 0
    lines: dict[int, str] = field(
        default_factory=dict
    )  # of our own journal; {}: whatever is asked about is ours
    pinned: dict[str, str] = field(default_factory=dict)
    epochs: list[str] = field(default_factory=list)
    sending_choice: Sending = field(default_factory=Sending)
    to_ask: list[Json] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    scans_to_ask: set[str] = field(default_factory=set)
    scans_lost: set[str] = field(default_factory=set)
    line: tuple[Reason | None, float | None] = (None, None)
    poor: PoorLine | None = None
    given_up: list[Reason] = field(default_factory=list)
    on_delivered: Callable[[Row], None] | None = None
    on_thrifty: Callable[[Row], None] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    clock: Clock = field(default_factory=RealClock)

    # ---- filling ----

    def add(
        self,
        kind: ItemKind,
        what: str,
        tps: str = "3204052001001",
        *,
        body: Json | None = None,
        path: Path | None = None,
        form: str = "c1-ppwp-2019",
    ) -> int:
        with self.lock:
            number = len(self.rows) + 1
            size = path.stat().st_size if path is not None else 1000
            key = C1Key(TpsId(tps), form, 1)
            item = Item(number, kind, what, key, 100, 0, 0.0, size)
            self.rows[number] = Row(item, body, path)
            return number

    def add_thrifty(self, number: int, sha256: str, path: Path) -> None:
        """The scan of this row has a thrifty copy."""
        with self.lock:
            row = self.rows[number]
            item = replace(row.item, what=sha256, size_bytes=path.stat().st_size, stands_for=row.item.what)
            row.thrifty, row.thrifty_path = item, path

    def states(self, kind: ItemKind | None = None) -> list[OutboxState]:
        return [row.state for row in self.rows.values() if kind in (None, row.item.kind)]

    def unexplained(self, now: float) -> list[Row]:
        """Rows that neither arrived nor say why not and when next (the property no fault may break)."""
        with self.lock:
            return [row for row in self.rows.values() if not self._is_explained(row, now)]

    def _is_explained(self, row: Row, now: float) -> bool:
        if row.state is S.DONE:
            return row.receipt is not None or row.status in ("rejected", "stale", "sent")
        if row.state is S.WAITING:
            return row.reason is not None and row.item.next_at > 0
        return row.state is S.STOPPED and row.reason is not None

    # ---- ScanQueue ----

    def release_in_flight(self) -> None:
        with self.lock:
            for row in self.rows.values():
                if row.state is S.IN_FLIGHT:
                    row.state = S.QUEUED

    def due(self, kind: ItemKind, now: float, limit: int) -> Sequence[Item]:
        with self.lock:
            found = [
                row.item
                for row in self.rows.values()
                if row.item.kind is kind and row.state in (S.QUEUED, S.WAITING) and row.item.next_at <= now
            ]
        return sorted(found, key=lambda item: (item.priority, item.attempts, item.id))[:limit]

    def next_due_at(self, now: float) -> float | None:
        with self.lock:
            times = [row.item.next_at for row in self.rows.values() if row.state in (S.QUEUED, S.WAITING)]
        return min((time for time in times if time > now), default=None)

    def has_open(self, kinds: Collection[ItemKind], hurried: Collection[ItemKind] = ()) -> bool:
        with self.lock:
            items = [row.item for row in self.rows.values() if row.state in (S.QUEUED, S.WAITING)]
        return any(
            item.kind in kinds or (item.kind in hurried and item.priority == PRIORITY_FIRST) for item in items
        )

    def claim(self, ids: Sequence[int]) -> Sequence[int]:
        with self.lock:
            taken = [one for one in ids if self.rows[one].state in (S.QUEUED, S.WAITING)]
            for one in taken:
                self.rows[one].state = S.IN_FLIGHT
            return taken

    def release(self, ids: Sequence[int]) -> None:
        self._move(ids, S.QUEUED)

    def defer(self, ids: Sequence[int], next_at: float, reason: Reason) -> None:
        self._move(ids, S.WAITING, reason, next_at)

    def stop(self, ids: Sequence[int], reason: Reason) -> None:
        self._move(ids, S.STOPPED, reason)

    def _move(
        self, ids: Sequence[int], state: OutboxState, reason: Reason | None = None, next_at: float = 0.0
    ) -> None:
        with self.lock:
            for row in (self.rows[one] for one in ids):
                if row.state is not S.IN_FLIGHT:
                    continue
                row.state = state
                if reason is not None:
                    row.reason = reason
                    row.item = replace(row.item, attempts=row.item.attempts + 1, next_at=next_at)
                    row.put_off_at = self.clock.now()

    def rebase_waits(self) -> None:
        now = self.clock.now()
        with self.lock:
            for row in self.rows.values():
                if row.item.next_at > now and row.put_off_at > now:
                    row.item = replace(row.item, next_at=now + row.item.next_at - row.put_off_at)
                    row.put_off_at = now

    def scan_file(self, item: Item) -> ScanFile:
        row = self.rows[item.id]
        path = row.thrifty_path if item.stands_for else row.path
        assert path is not None
        return ScanFile(path, item.what, item.size_bytes)

    def upload(self, sha256: str, endpoint: str) -> UploadState | None:
        return self.uploads.get((sha256, endpoint))

    def save_upload(self, state: UploadState) -> None:
        self.uploads[(state.sha256, state.endpoint)] = state

    def forget_upload(self, sha256: str, endpoint: str) -> None:
        self.uploads.pop((sha256, endpoint), None)

    def scan_delivered(self, item: Item, receipt: Json | None) -> None:
        self.rows[item.id].thrifty = None
        self._done(item, "sent", receipt)

    def thrifty_due(self, now: float, limit: int) -> Sequence[Item]:
        with self.lock:
            found = [
                replace(row.thrifty, attempts=row.item.attempts, priority=row.item.priority)
                for row in self.rows.values()
                if row.thrifty and row.state in (S.QUEUED, S.WAITING) and row.item.next_at <= now
            ]
        return sorted(found, key=lambda item: (item.priority, item.attempts, item.id))[:limit]

    def thrifty_delivered(self, item: Item, receipt: Json | None) -> None:
        with self.lock:
            row = self.rows[item.id]
            row.thrifty, row.thrifty_receipt = None, receipt
            row.state = S.QUEUED if row.state is S.IN_FLIGHT else row.state
        if self.on_thrifty is not None:
            self.on_thrifty(row)

    def give_up_thrifty(self, item: Item, reason: Reason) -> None:
        with self.lock:
            row = self.rows[item.id]
            row.thrifty = None
            row.state = S.QUEUED if row.state is S.IN_FLIGHT else row.state
            self.given_up.append(reason)

    def poor_line(self) -> PoorLine | None:
        return self.poor

    def save_poor_line(self, poor: PoorLine | None) -> None:
        self.poor = poor

    def channel(self, lane: Lane) -> ChannelState:
        return self.channels.get(lane) or gate.fresh(lane)

    def save_channel(self, state: ChannelState) -> None:
        self.channels[state.lane] = state

    # ---- the rest of EngineStore ----

    def record_body(self, item: Item) -> Json | None:
        body = self._body(item)
        return None if body is None else body | {"as_of": 1}

    def verdict_body(self, item: Item) -> Json | None:
        return self._body(item)

    def withdrawal_body(self, item: Item) -> Json | None:
        return self._body(item)

    def _body(self, item: Item) -> Json | None:
        with self.lock:
            row = self.rows[item.id]
            if row.body is None:
                row.state, row.status = S.DONE, "rejected"
                return None
            return dict(row.body)

    def record_result(
        self, item: Item, status: str, receipt: Json | None, reason: Reason | None, sent: str | None = None
    ) -> None:
        self._done(item, status, receipt, reason)

    def verdict_result(self, item: Item, status: str, receipt: Json | None, reason: Reason | None) -> None:
        self._done(item, status, receipt, reason)

    def withdrawal_result(self, item: Item, status: str, receipt: Json | None, reason: Reason | None) -> None:
        self._done(item, status, receipt, reason)

    def _done(self, item: Item, status: str, receipt: Json | None, reason: Reason | None = None) -> None:
        with self.lock:
            row = self.rows[item.id]
            assert row.state is S.IN_FLIGHT, f"outcome for an item that is {row.state}"
            row.state = S.STOPPED if status == "rejected" else S.DONE
            row.status, row.receipt, row.reason = status, receipt, reason
        if self.on_delivered is not None:
            self.on_delivered(row)

    def journal_head(self, anchored_seq: int) -> Json:
        return {"seq": 0, "hash": GENESIS, "earlier": {}}

    def anchored_seq(self) -> int:
        return self.anchor

    def save_anchor(self, seq: int) -> None:
        self.anchor = seq

    def anchored(self, seq: int, line_hash: str) -> bool:
        self.anchor = seq
        return not self.lines or self.lines.get(seq) == line_hash

    def pin_keys(self, keys: Mapping[str, str]) -> None:
        self.pinned.update(keys)

    def feed_cursor(self) -> FeedCursor:
        return self.cursor

    def apply_feed(self, events: Sequence[Json], cursor: FeedCursor) -> None:
        with self.lock:
            self.events.extend(events)
            self.cursor = cursor

    def new_epoch(self, epoch: str) -> None:
        with self.lock:
            self.epochs.append(epoch)
            self.cursor = FeedCursor(epoch, 0)

    def left(self) -> Left:
        with self.lock:
            open_rows = [row for row in self.rows.values() if row.state not in (S.DONE, S.STOPPED)]
            open_items = [row.item for row in open_rows]
            copies = [row.thrifty for row in open_rows if row.thrifty and self.poor]
        scans = [item for item in open_items if item.kind is ItemKind.SCAN]
        reached = sum(one.offset for one in self.uploads.values())
        copy_bytes = sum(one.size_bytes for one in copies)
        return Left(
            len(open_items) - len(scans),
            len(scans),
            sum(one.size_bytes for one in scans) + copy_bytes - reached,
            len(copies),
            copy_bytes,
            self.poor is not None,
        )

    def sending(self) -> Sending:
        return self.sending_choice

    def answers_owed(self) -> int:
        return 0

    def newest_receipt(self) -> Json | None:
        with self.lock:
            kept = [row.receipt for row in self.rows.values() if row.receipt is not None]
        return max(kept, key=lambda one: int(one["sequence"]), default=None)

    def scans_to_compare(self, limit: int) -> Sequence[str]:
        return sorted(self.scans_to_ask)[:limit]

    def scans_compared(self, asked: Sequence[str], held: Collection[str], asked_at: float) -> None:
        with self.lock:
            self.scans_lost |= set(asked) - set(held)
            self.scans_to_ask -= set(asked)

    def to_compare(self, after: str, limit: int) -> Sequence[Json]:
        return [row for row in self.to_ask if str(row["key"]) > after][:limit]

    def end_comparing(self) -> bool:
        return not (self.to_ask or self.scans_to_ask)

    def compared(self, statuses: Sequence[Json]) -> None:
        with self.lock:
            self.answers.extend(statuses)
            asked = {status["key"] for status in statuses}
            self.to_ask = [row for row in self.to_ask if row["key"] not in asked]

    def operators_to_send(self) -> Json | None:
        return self.operators

    def operators_sent(self, body: Json) -> None:
        with self.lock:
            self.operators_done.append(body)
            self.operators = None

    def save_line(self, reason: Reason | None, next_try_at: float | None) -> None:
        with self.lock:
            self.line = (reason, next_try_at)

    def note_line(self, turns: Sequence[LineTurn]) -> None:
        with self.lock:
            self.turns += turns
