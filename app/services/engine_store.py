"""The workplace as the engine sees it: `app.ports.EngineStore` over the store.

Invariants: every method is one transaction; an outcome writes item, version, receipt, facts and journal together;
what the centre answers twice changes nothing the second time. Call from worker threads: methods wait for the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from app.domain.c1form import body_digest
from app.domain.lifecycle import OutboxEvent, OutboxState, VersionEvent, VersionState
from app.domain.sending import Left, PoorLine, Sending
from app.ports import (
    ChannelState,
    EngineStore,
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
from app.services import account, comparing, feeding, queue, records
from app.services import sending as sending_choice
from app.services.pages import scan_path
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import (
    channels,
    exchange,
    facts,
    journal,
    line_log,
    meta,
    outbox,
    pages,
    reports,
    thrifty,
    versions,
)
from app.store.driver import Connection

T = TypeVar("T")
# After these nobody knows whether the centre has it: it counts as sent until the centre says otherwise.
UNCERTAIN = frozenset({"silence", "deadline", "malformed", "no_receipt", "wrong_key"})
LATER_S = 60.0
_STALE = Reason("stale", "KPU RI sudah memegang versi lain. Bandingkan lagi dengan kertas.", 409)
_REFUSED = Reason("rejected", "KPU RI menolak kiriman ini.")


def engine_store(wp: Workplace) -> EngineStore:
    """The engine's view of an open workplace."""
    return WorkplaceStore(wp)


class WorkplaceStore:
    """See `app.ports.EngineStore`."""

    def __init__(self, wp: Workplace) -> None:
        self._wp = wp

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._wp.db.write(work)

    # ---- queue ---------------------------------------------------------------------------------------------------

    def release_in_flight(self) -> None:
        def work(connection: Connection) -> None:
            self._released(connection, outbox.release_in_flight(connection, self._wp.now()))

        self._write(work)

    def rebase_waits(self) -> None:
        self._write(lambda connection: outbox.rebase_waits(connection, self._wp.now()))

    def due(self, kind: ItemKind, now: float, limit: int) -> Sequence[Item]:
        return outbox.due(self._wp.db.reader, kind, now, limit)

    def next_due_at(self, now: float) -> float | None:
        return outbox.next_due_at(self._wp.db.reader, now)

    def has_open(self, kinds: Collection[ItemKind], hurried: Collection[ItemKind] = ()) -> bool:
        return outbox.has_open(self._wp.db.reader, kinds, hurried)

    def claim(self, ids: Sequence[int]) -> Sequence[int]:
        def work(connection: Connection) -> list[int]:
            claimed = outbox.move(connection, ids, OutboxEvent.CLAIM, self._wp.now())
            for version, c1 in outbox.records_among(connection, claimed):
                versions.note_time(connection, version, "sent_at", self._wp.now())
                facts.refresh(connection, c1)
            return claimed

        return self._write(work)

    def release(self, ids: Sequence[int]) -> None:
        def work(connection: Connection) -> None:
            self._released(connection, outbox.move(connection, ids, OutboxEvent.RELEASE, self._wp.now()))

        self._write(work)

    def defer(self, ids: Sequence[int], next_at: float, reason: Reason) -> None:
        def work(connection: Connection) -> None:
            moved = outbox.settle_as(connection, ids, OutboxEvent.DEFER, reason, next_at, self._wp.now())
            if reason.code not in UNCERTAIN:
                self._not_sent(connection, moved)

        self._write(work)

    def stop(self, ids: Sequence[int], reason: Reason) -> None:
        self._write(lambda connection: self._stopped(connection, ids, reason))

    def scan_file(self, item: Item) -> ScanFile:
        return ScanFile(scan_path(self._wp, item.what), item.what, item.size_bytes)

    def upload(self, sha256: str, endpoint: str) -> UploadState | None:
        return channels.upload(self._wp.db.reader, sha256, endpoint)

    def save_upload(self, state: UploadState) -> None:
        self._write(lambda connection: channels.save_upload(connection, state))

    def forget_upload(self, sha256: str, endpoint: str) -> None:
        self._write(lambda connection: channels.forget_upload(connection, sha256, endpoint))

    def scan_delivered(self, item: Item, receipt: Json | None) -> None:
        def work(connection: Connection) -> None:
            pages.mark_held(connection, item.what, self._wp.now())
            channels.forget_upload(connection, item.what)
            channels.forget_upload(connection, thrifty.copy_of(connection, item.what))
            thrifty.drop(connection, item.what)
            outbox.deliver(connection, item.id, self._wp.now())
            self._keep(connection, receipt, item)

        self._write(work)

    def thrifty_due(self, now: float, limit: int) -> Sequence[Item]:
        return thrifty.due(self._wp.db.reader, now, limit)

    def thrifty_delivered(self, item: Item, receipt: Json | None) -> None:
        def work(connection: Connection) -> None:
            channels.forget_upload(connection, item.what)
            thrifty.arrived(connection, item, self._wp.now())
            self._keep(connection, receipt, item)

        self._write(work)

    def give_up_thrifty(self, item: Item, reason: Reason) -> None:
        def work(connection: Connection) -> None:
            channels.forget_upload(connection, item.what)
            thrifty.give_up(connection, item, self._wp.now())
            what = item.key.text() if item.key else item.stands_for
            body: Json = {
                "scan": item.stands_for,
                "copy": item.what,
                "code": reason.code,
                "text": reason.text,
            }
            journal.add(connection, self._wp.now(), "thrifty_given_up", "", what, body)

        self._write(work)

    def poor_line(self) -> PoorLine | None:
        return sending_choice.poor_line(self._wp.db.reader)

    def save_poor_line(self, poor: PoorLine | None) -> None:
        self._write(lambda connection: sending_choice.keep_poor_line(connection, poor))

    def channel(self, lane: Lane) -> ChannelState:
        return channels.channel(self._wp.db.reader, lane)

    def save_channel(self, state: ChannelState) -> None:
        self._write(lambda connection: channels.save_channel(connection, state))

    # ---- bodies --------------------------------------------------------------------------------------------------

    def record_body(self, item: Item) -> Json | None:
        with self._wp.db.reading() as connection:
            row = outbox.by_id(connection, item.id)
            if row is None or row.version is None or row.state is OutboxState.DONE:
                return None
            return records.record_body(connection, versions.by_id(connection, row.version))

    def verdict_body(self, item: Item) -> Json | None:
        with self._wp.db.reading() as connection:
            row, verdict = outbox.by_id(connection, item.id), exchange.verdict(connection, item.what)
            if row is None or row.state is OutboxState.DONE or verdict is None:
                return None
            body = verdict_statement(connection, verdict)
            body["signature"] = verdict.signature
            return body

    def withdrawal_body(self, item: Item) -> Json | None:
        with self._wp.db.reading() as connection:
            row, withdrawal = outbox.by_id(connection, item.id), exchange.withdrawal(connection, item.what)
            if row is None or row.state is OutboxState.DONE or withdrawal is None:
                return None
            body = withdrawal_statement(connection, withdrawal)
            body["signature"] = withdrawal.signature
            return body

    # ---- outcomes ------------------------------------------------------------------------------------------------

    def record_result(
        self, item: Item, status: str, receipt: Json | None, reason: Reason | None, sent: str | None = None
    ) -> None:
        def work(connection: Connection) -> None:
            row = outbox.by_id(connection, item.id)
            if row is None or row.version is None:
                return
            now = self._wp.now()
            if status == "rejected":
                if self._is_taken_back(connection, row.version):
                    return
                versions.try_move(connection, row.version, VersionEvent.REJECT, now)
                self._stopped(connection, [item.id], reason or _REFUSED)
                return
            version = versions.by_id(connection, row.version)
            if sent is not None and body_digest(records.record_body(connection, version)) != sent:
                outbox.send_again(connection, item.id)
            versions.note_time(connection, row.version, "sent_at", now)
            versions.note_time(connection, row.version, "at_centre_at", now)
            event = VersionEvent.RIVAL if status == "rival" else VersionEvent.RECEIVE
            versions.try_move(connection, row.version, event, now)
            if event is VersionEvent.RECEIVE:
                feeding.catch_up(connection, row.c1, versions.by_id(connection, row.version), now)
            outbox.deliver(connection, item.id, now)
            facts.refresh(connection, row.c1)
            self._keep(connection, receipt, item, status)

        self._write(work)

    def verdict_result(self, item: Item, status: str, receipt: Json | None, reason: Reason | None) -> None:
        def work(connection: Connection) -> None:
            if self._is_open_answer(connection, item, status, reason):
                return
            verdict = exchange.verdict(connection, item.what)
            outbox.deliver(connection, item.id, self._wp.now())
            if verdict is not None and verdict.verdict == "ok":
                versions.try_move(connection, verdict.version, VersionEvent.VERDICT_RECEIVED, self._wp.now())
                facts.refresh(connection, verdict.c1)
            self._keep(connection, receipt, item, status)

        self._write(work)

    def withdrawal_result(self, item: Item, status: str, receipt: Json | None, reason: Reason | None) -> None:
        def work(connection: Connection) -> None:
            if not self._is_open_answer(connection, item, status, reason):
                outbox.deliver(connection, item.id, self._wp.now())
                self._keep(connection, receipt, item, status)

        self._write(work)

    # ---- journal, feed, people -----------------------------------------------------------------------------------

    def journal_head(self, anchored_seq: int) -> Json:
        with self._wp.db.reading() as connection:
            seq, digest = journal.head(connection)
            anchored = journal.hash_at(connection, anchored_seq)
        return {"seq": seq, "hash": digest, "earlier": {str(anchored_seq): anchored} if anchored else {}}

    def anchored_seq(self) -> int:
        return int(meta.get(self._wp.db.reader, "anchored_seq", "0"))

    def save_anchor(self, seq: int) -> None:
        self._write(lambda connection: meta.put(connection, "anchored_seq", str(seq)))

    def anchored(self, seq: int, line_hash: str) -> bool:
        if journal.hash_at(self._wp.db.reader, seq) != line_hash:
            return False
        if self.anchored_seq() != seq:
            self.save_anchor(seq)
        return True

    def pin_keys(self, keys: Mapping[str, str]) -> None:
        self._write(lambda connection: account.pin(connection, self._wp, keys))

    def feed_cursor(self) -> FeedCursor:
        return feeding.cursor_of(self._wp.db.reader)

    def apply_feed(self, events: Sequence[Json], cursor: FeedCursor) -> None:
        self._write(lambda connection: feeding.apply(connection, self._wp, list(events), cursor))

    def new_epoch(self, epoch: str) -> None:
        def work(connection: Connection) -> None:
            comparing.begin(connection, self._wp, epoch)
            comparing.tell(connection, self._wp, comparing.RESTORED)

        self._write(work)

    def left(self) -> Left:
        return queue.left(self._wp)

    def sending(self) -> Sending:
        return sending_choice.chosen(self._wp)

    def answers_owed(self) -> int:
        return reports.answers_owed(self._wp.db.reader)

    def newest_receipt(self) -> Json | None:
        with self._wp.db.reading() as connection:
            return exchange.newest_receipt(connection, feeding.cursor_of(connection).epoch)

    def scans_to_compare(self, limit: int) -> Sequence[str]:
        return comparing.scan_page(self._wp.db.reader, limit)

    def scans_compared(self, asked: Sequence[str], held: Collection[str], asked_at: float) -> None:
        self._write(lambda connection: comparing.take_scans(connection, self._wp, asked, held, asked_at))

    def to_compare(self, after: str, limit: int) -> Sequence[Json]:
        return comparing.page(self._wp.db.reader, after, limit)

    def end_comparing(self) -> bool:
        if not comparing.is_pending(self._wp.db.reader):
            return True
        return self._write(lambda connection: comparing.end(connection, self._wp))

    def compared(self, statuses: Sequence[Json]) -> None:
        self._write(lambda connection: comparing.take(connection, self._wp, statuses))

    def operators_to_send(self) -> Json | None:
        with self._wp.db.reading() as connection:
            body = meta.get_json(connection, "operators_body")
            if body is None or body == meta.get_json(connection, "operators_sent"):
                return None
            return dict(body)

    def operators_sent(self, body: Json) -> None:
        self._write(lambda connection: meta.put_json(connection, "operators_sent", body))

    def save_line(self, reason: Reason | None, next_try_at: float | None) -> None:
        kept = (
            None if reason is None else {"code": reason.code, "text": reason.text, "next_try_at": next_try_at}
        )
        self._write(lambda connection: meta.put_json(connection, "line", kept))

    def note_line(self, turns: Sequence[LineTurn]) -> None:
        self._write(lambda connection: line_log.add(connection, turns))

    # ---- shared --------------------------------------------------------------------------------------------------

    def _released(self, connection: Connection, ids: Sequence[int]) -> None:
        """Cut short on their way: not sent for the funnel, yet nobody may build on their never having left."""
        outbox.note_left(connection, ids)
        self._not_sent(connection, ids)

    def _not_sent(self, connection: Connection, ids: Sequence[int]) -> None:
        for version, c1 in outbox.records_among(connection, ids):
            versions.unsend(connection, version)
            facts.refresh(connection, c1)

    def _stopped(self, connection: Connection, ids: Sequence[int], reason: Reason) -> None:
        moved = outbox.settle_as(connection, ids, OutboxEvent.STOP, reason, 0.0, self._wp.now())
        self._not_sent(connection, moved)
        for item in moved:
            row = outbox.by_id(connection, item)
            if row is not None:
                key = c1_rows.by_id(connection, row.c1).key
                body: Json = {
                    "kind": row.kind.value,
                    "what": row.what,
                    "code": reason.code,
                    "text": reason.text,
                }
                journal.add(connection, self._wp.now(), "stopped", "", key.text(), body)
                if outbox.is_replaced_verdict(connection, row):  # *Coba lagi* would make it the last word
                    outbox.cancel(connection, item, self._wp.now())

    def _is_taken_back(self, connection: Connection, number: int) -> bool:
        """True when a refused version had left its form meanwhile and nothing of it is at the centre: there is nothing
        to withdraw either, and the withdrawal, never answered, would stand before all that follows."""
        version = versions.by_id(connection, number)
        if version.state is not VersionState.WITHDRAWN or version.at_centre_at is not None or version.parent:
            return False
        both = [ItemKind.RECORD, ItemKind.WITHDRAWAL]
        outbox.cancel_of_version(connection, number, both, self._wp.now())
        facts.refresh(connection, version.c1)
        return True

    def _is_open_answer(self, connection: Connection, item: Item, status: str, reason: Reason | None) -> bool:
        """True when the answer is not that it arrived; the item then waits or stops with its reason."""
        if status == "later":
            why = reason or Reason("later", "KPU RI belum mengenal versi ini.")
            outbox.settle_as(
                connection, [item.id], OutboxEvent.DEFER, why, self._wp.now() + LATER_S, self._wp.now()
            )
        elif status in {"stale", "rejected"}:
            self._stopped(connection, [item.id], reason or (_STALE if status == "stale" else _REFUSED))
        else:
            return False
        return True

    def _keep(self, connection: Connection, receipt: Json | None, item: Item, status: str = "stored") -> None:
        if receipt is not None and exchange.add_receipt(connection, receipt, self._wp.now()):
            what = item.key.text() if item.key else item.what
            body: Json = {
                "kind": item.kind.value,
                "what": item.what,
                "status": status,
                "receipt": dict(receipt),
            }
            journal.add(connection, self._wp.now(), "receipt", "kpu-ri", what, body)


def verdict_statement(connection: Connection, row: exchange.VerdictRow) -> Json:
    """What a verdict's signature covers."""
    key = c1_rows.by_id(connection, row.c1).key
    return {
        "id": row.id,
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "values_hash": row.values_hash,
        "pages": list(row.pages),
        "verdict": row.verdict,
        "previous": row.previous,
        "by": row.by,
        "at": row.at,
        "reason": row.reason,
    }


def withdrawal_statement(connection: Connection, row: exchange.WithdrawalRow) -> Json:
    """What a withdrawal's signature covers."""
    key = c1_rows.by_id(connection, row.c1).key
    return {
        "id": row.id,
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "values_hash": row.values_hash,
        "by": row.by,
        "at": row.at,
        "reason": row.reason,
    }
