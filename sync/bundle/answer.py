"""What the centre says, taken in here: receipts and feed, applied exactly as if they had come over the line.

Invariants: nothing is believed but what a pinned key signed; the first receipt wins, so everything may come twice and
in any order; what grew since its export goes out once more. Thread: any but the UI's; blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice
from typing import TypeVar

import msgspec

from app.bundle_ports import BundleStore, ImportReport
from app.domain.c1form import body_digest
from app.ports import FeedCursor, Item, ItemKind, Json, Reason
from sync import receipts, wire
from sync.bundle.container import Bundle, BundleRefused, Fault
from sync.bundle.shapes import AnswerManifest, Result
from sync.bundle.signing import Origin, is_from
from sync.line import FORKED, REVOKED, UNKNOWN

T = TypeVar("T")
FEED_PAGE = 200
GROUP = 64  # results applied side by side, so that they share the writer's commits
_STATEMENTS = frozenset({ItemKind.VERDICT, ItemKind.WITHDRAWAL})
_ANEW = "Tanpa jaringan: account enrol --code KODE --usb, lalu buat bundel baru."
_OR_AS_BEFORE = "PC yang sudah terdaftar dapat juga membuang kode itu: account enrol --usb --drop."
_REFUSED = Reason("rejected", "KPU RI menolak kiriman ini.")


class Outcome(Enum):
    """What one result did here."""

    SETTLED = auto()
    KNOWN = auto()
    OPEN = auto()  # the centre says: later
    REFUSED = auto()


def faults(bundle: Bundle, origin: Origin, store: BundleStore) -> Iterator[BundleRefused]:
    """Why this PC would not take the answer in."""
    manifest = bundle.manifest
    if not isinstance(manifest, AnswerManifest):
        yield BundleRefused(Fault.WRONG_KIND)
        return
    if manifest.realm != origin.realm:
        yield BundleRefused(Fault.WRONG_REALM)
    if manifest.district != origin.district:
        yield BundleRefused(Fault.WRONG_DISTRICT)
    if manifest.device != origin.device_id:
        yield BundleRefused(Fault.WRONG_DEVICE)
        return
    key = {**origin.keys, **handed_over(manifest, origin.keys)}.get(manifest.key_id)
    if key is None:
        yield BundleRefused(Fault.UNKNOWN_KEY)
        return
    if not is_from(bundle, key, origin.realm):
        yield BundleRefused(Fault.WRONG_SIGNATURE)
        return
    # A restored centre begins a new epoch: its answer counts, one from before (asked elsewhere) does not.
    here = store.feed_cursor()
    if here.epoch and here.epoch not in {manifest.epoch, manifest.cursor.epoch}:
        yield BundleRefused(Fault.OLD_EPOCH)
    elif isinstance(manifest.refused, wire.Problem):
        yield _turned_away(manifest.refused)
    elif not _is_ours(manifest, store):
        yield BundleRefused(Fault.FORKED, sentence=FORKED.text, hint=_ANEW)


def handed_over(manifest: AnswerManifest, keys: Mapping[str, str]) -> dict[str, str]:
    """Keys of the centre that are not pinned here and that a pinned one vouches for, in the answer itself."""
    return receipts.followed(keys, manifest.keys or [], manifest.realm)


def _turned_away(problem: wire.Problem) -> BundleRefused:
    """KPU RI did not take the bundle, and says why: in the words that the line has for it."""
    try:
        fault = Fault(problem.code)
    except ValueError:  # of a later program
        return BundleRefused(Fault.WRONG_KIND, sentence=problem.detail or problem.title, hint=_ANEW)
    words = {Fault.FORKED: FORKED, Fault.REVOKED: REVOKED, Fault.UNKNOWN_DEVICE: UNKNOWN}.get(fault)
    hint = f"{_ANEW} {_OR_AS_BEFORE}" if fault is Fault.CODE else _ANEW
    return BundleRefused(fault, sentence=words.text if words else problem.detail, hint=hint)


def _is_ours(manifest: AnswerManifest, store: BundleStore) -> bool:
    """False when the centre was shown, in this PC's name, a journal line that is not here: before a disk was restored,
    or by its clone."""
    head = store.journal_head(manifest.anchor_seq)
    if manifest.anchor_hash is msgspec.UNSET:  # a centre of before: the number alone
        return bool(manifest.anchor_seq <= head["seq"])
    return bool(head["earlier"].get(str(manifest.anchor_seq)) == manifest.anchor_hash)


def open_item(store: BundleStore, result: Result) -> Item | None:
    """The row a result is about, while it still waits."""
    if result.kind == "scan":
        return store.scan_item(result.what)
    item = store.item(result.id)
    return item if item is not None and (item.kind.value, item.what) == (result.kind, result.what) else None


def judged(kind: ItemKind, result: Result, *, has_receipt: bool) -> Outcome:
    """What a result does to an item that waits: a good receipt or a plain refusal settles it. Any other word, one this
    program does not know as well, leaves it queued: the line or a later answer will tell."""
    match result.status:
        case "later":
            return Outcome.OPEN
        case "rejected":
            may_pass = result.problem is not None and result.problem.retryable
            return Outcome.OPEN if may_pass else Outcome.REFUSED
        case "stale" if kind in _STATEMENTS:
            return Outcome.REFUSED
        case _:
            return Outcome.SETTLED if has_receipt else Outcome.OPEN


@dataclass
class Answer:
    """One answer bundle being taken in. `bundle` was verified and has no faults."""

    bundle: Bundle
    manifest: AnswerManifest
    store: BundleStore
    origin: Origin

    def take_in(self) -> ImportReport:
        """Everything of it. Raises BundleRefused before anything is changed."""
        for _ in self.bundle.lines("results", Result):
            pass  # every line is read before the first one counts
        _check_feed(self.manifest, self.bundle.lines("feed", wire.FeedEvent))
        store, manifest = self.store, self.manifest
        new_keys = handed_over(manifest, self.origin.keys)
        if new_keys:
            store.pin_keys(new_keys)
            self.origin = replace(self.origin, keys={**self.origin.keys, **new_keys})
        if manifest.enrolled is True:
            store.enrolled(manifest.device)
        self._meet_epoch()
        counts = dict.fromkeys(Outcome, 0)
        with ThreadPoolExecutor(GROUP, "bundle") as pool:
            for group in _groups(self.bundle.lines("results", Result), GROUP):
                for outcome in pool.map(self._one, group):
                    counts[outcome] += 1
        if manifest.anchor_seq > store.anchored_seq():
            store.save_anchor(manifest.anchor_seq)
        events, tail = self._take_feed()
        sentence = (
            f"{counts[Outcome.SETTLED]} diterima KPU RI, {counts[Outcome.KNOWN]} sudah diketahui, "
            f"{counts[Outcome.OPEN]} masih menunggu, {counts[Outcome.REFUSED]} ditolak; {events} kabar baru.{tail}"
        )
        return ImportReport(
            counts[Outcome.SETTLED],
            counts[Outcome.KNOWN],
            counts[Outcome.OPEN],
            counts[Outcome.REFUSED],
            events,
            sentence,
        )

    def _meet_epoch(self) -> None:
        """As the engine does: a first epoch is taken, another one restarts the comparison with the centre."""
        here, epoch = self.store.feed_cursor(), self.manifest.epoch
        if not here.epoch:
            self.store.apply_feed([], FeedCursor(epoch, 0))
        elif here.epoch != epoch:
            self.store.new_epoch(epoch)

    def _one(self, result: Result) -> Outcome:
        if result.kind == "operators":
            return self._operators(result)
        item = open_item(self.store, result)
        if item is None:
            return Outcome.KNOWN
        receipt = self._checked(item, result)
        outcome = judged(item.kind, result, has_receipt=receipt is not None)
        if outcome is Outcome.REFUSED:
            self.store.claim([item.id])  # only what is on its way can stop; a kill in between gives it back
        if outcome is not Outcome.OPEN:
            self._write(item, result, receipt)
        return outcome

    def _write(self, item: Item, result: Result, receipt: Json | None) -> None:
        store, problem = self.store, result.problem
        reason = Reason(problem.code, problem.detail, problem.status) if problem is not None else None
        match item.kind:
            case ItemKind.SCAN if receipt is not None:
                store.scan_delivered(item, receipt)
            case ItemKind.SCAN:
                store.stop([item.id], reason or _REFUSED)
            case ItemKind.RECORD:
                store.record_result(item, result.status, receipt, reason, result.body_sha256)
            case ItemKind.VERDICT:
                store.verdict_result(item, result.status, receipt, reason)
            case ItemKind.WITHDRAWAL:
                store.withdrawal_result(item, result.status, receipt, reason)

    def _checked(self, item: Item, result: Result) -> Json | None:
        """The receipt, when it is genuine and for this very thing: the wire's own check."""
        what, values_hash = item.what, ""
        if item.kind is ItemKind.RECORD:
            what, values_hash = item.key.text() if item.key else "", item.what
        elif result.receipt is not None and item.kind is not ItemKind.SCAN:
            values_hash = result.receipt.values_hash  # the statement's id says which values it is about
        return receipts.checked(
            result.receipt,
            keys=self.origin.keys,
            realm=self.origin.realm,
            kind=item.kind.value,
            what=what,
            values_hash=values_hash,
        )

    def _operators(self, result: Result) -> Outcome:
        body = self.store.operators_to_send()
        if body is None or body_digest(body) != result.what:
            return Outcome.KNOWN
        if result.status != "stored":
            return Outcome.OPEN
        self.store.operators_sent(body)
        return Outcome.SETTLED

    def _take_feed(self) -> tuple[int, str]:
        """Events behind our cursor; returns how many were new and what is missing in between, as a sentence."""
        cursor = self.store.feed_cursor()
        if self.manifest.feed_after > cursor.after:
            return 0, " Kabar di antaranya belum ada; dibaca dari bundel berikut atau saat ada jaringan."
        taken = 0
        for page in _groups(self.bundle.lines("feed", wire.FeedEvent), FEED_PAGE):
            events = [msgspec.to_builtins(one) for one in page if one.n > cursor.after]
            if events:
                cursor = FeedCursor(self.manifest.epoch, events[-1]["n"])
                self.store.apply_feed(events, cursor)
                taken += len(events)
        return taken, ""


def _check_feed(manifest: AnswerManifest, events: Iterable[wire.FeedEvent]) -> None:
    """Gapless, and just as many as the manifest says."""
    expected = manifest.feed_after
    for event in events:
        expected += 1
        if event.n != expected:
            raise BundleRefused(Fault.ITEM_SHAPE, "feed")
    if expected != manifest.feed_to:
        raise BundleRefused(Fault.ITEM_SHAPE, "feed")


def _groups(items: Iterator[T], size: int) -> Iterator[Sequence[T]]:
    while group := list(islice(items, size)):
        yield group
