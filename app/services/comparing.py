"""Compare everything that was sent with what the centre holds: after the centre was restored from a backup, after this
PC was enrolled anew, after the centre's key was replaced. What it lost is queued again; what replaced ours is shown.

Invariants: the comparison survives a restart (it goes on behind the last answered form) and changes nothing where the
centre still holds what it gave receipts for that a pinned key proves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.domain.c1form import C1Key
from app.domain.lifecycle import OutboxState, VersionEvent
from app.domain.wilayah import TpsId
from app.ports import ItemKind, Json
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, meta, outbox, pages, reports, thrifty, versions
from app.store.driver import Connection

RESTORED = (
    "KPU RI memulihkan servernya dari cadangan. Data di PC ini aman; semua yang pernah dikirim dibandingkan lagi,"
    " dan yang tidak ada lagi di sana dikirim ulang dengan sendirinya."
)
_PENDING, _BEHIND, _COUNTS = "compare_pending", "compare_behind", "compare_counts"


def begin(connection: Connection, wp: Workplace, epoch: str) -> None:
    """The cursor restarts, everything sent is to be compared."""
    meta.put_json(connection, "feed", {"epoch": epoch, "after": 0})
    meta.put(connection, _PENDING, "1")
    meta.put(connection, _BEHIND, "")
    meta.put_json(connection, _COUNTS, {"forms": 0, "lost": 0})
    thrifty.doubt_all(connection)
    journal.add(connection, wp.now(), "epoch", "kpu-ri", epoch, {"epoch": epoch})


def is_pending(connection: Connection) -> bool:
    """True until the last form was compared."""
    return meta.get(connection, _PENDING) == "1"


def end(connection: Connection, wp: Workplace) -> None:
    """All compared; people are told how it came out."""
    meta.put(connection, _PENDING, "")
    counts = meta.get_json(connection, _COUNTS) or {"forms": 0, "lost": 0}
    text = f"{counts['forms']} formulir sudah dibandingkan dengan KPU RI"
    tail = f"{counts['lost']} dikirim ulang." if counts["lost"] else "tidak ada yang kurang di sana."
    tell(connection, wp, f"{text}; {tail}")


def tell(connection: Connection, wp: Workplace, text: str) -> None:
    """A sentence for everybody here."""
    exchange.add_notice(connection, text, wp.now())


def page(connection: Connection, after: str, limit: int) -> list[Json]:
    """Forms to ask about, behind `after` and behind what was answered before."""
    if not is_pending(connection):
        return []
    behind = max((_key(after), _key(meta.get(connection, _BEHIND))), key=lambda key: (key is not None, key))
    return [
        {"key": form.key.text(), "values_hash": form.values_hash, "pages": list(form.pages)}
        for form in reports.sent_forms(connection, behind, limit)
    ]


def take(connection: Connection, wp: Workplace, statuses: Sequence[Json]) -> None:
    """The centre's answers."""
    keys = _pinned(connection)
    counts = meta.get_json(connection, _COUNTS) or {"forms": 0, "lost": 0}
    for status in statuses:
        key = _key(str(status["key"]))
        form = c1_rows.find(connection, key) if key is not None else None
        meta.put(connection, _BEHIND, str(status["key"]))
        if form is None:
            continue
        _withdraw_again(connection, wp, form, str(status.get("head") or ""))
        is_lost = form.head is not None and _take_one(
            connection, wp, form, versions.by_id(connection, form.head), status
        )
        _prove_again(connection, wp, form, keys)
        facts.refresh(connection, form.id)
        counts = {"forms": counts["forms"] + 1, "lost": counts["lost"] + is_lost}
    meta.put_json(connection, _COUNTS, counts)


def _pinned(connection: Connection) -> frozenset[str]:
    return frozenset((meta.get_json(connection, "server") or {"keys": {}})["keys"])


def _prove_again(connection: Connection, wp: Workplace, form: c1_rows.C1Row, keys: frozenset[str]) -> None:
    """What has a receipt, but none of a key that counts, is sent once more: the centre answers with its first receipt
    under its key of today. Bytes of scans do not travel: they are asked about by hash."""
    now, what = wp.now(), form.key.text()
    if not keys:
        return
    for kind, name, values_hash in exchange.unproven(connection, what, form.id, keys):
        if kind == ItemKind.RECORD:
            version = versions.find(connection, form.id, values_hash)
            if version is not None:
                outbox.put(
                    connection, ItemKind.RECORD, values_hash, form.id, version.id, outbox.REQUEST_BYTES, now
                )
        else:
            item = outbox.find(connection, ItemKind(kind), name)
            if item is not None:
                outbox.put(connection, ItemKind(kind), name, form.id, item.version, outbox.REQUEST_BYTES, now)


def _withdraw_again(connection: Connection, wp: Workplace, form: c1_rows.C1Row, there: str) -> None:
    """The centre's head is what was withdrawn from this form: else a wrong TPS would be public again."""
    withdrawn = exchange.withdrawal_of(connection, form.id, there)
    if withdrawn is None or (
        form.head is not None and versions.by_id(connection, form.head).values_hash == there
    ):
        return
    item = outbox.find(connection, ItemKind.WITHDRAWAL, withdrawn.id)
    if item is not None and item.state is OutboxState.DONE:
        size, now = outbox.REQUEST_BYTES, wp.now()
        outbox.put(connection, ItemKind.WITHDRAWAL, withdrawn.id, form.id, withdrawn.version, size, now)
        body: Json = {"values_hash": there, "head": there, "lost": [withdrawn.id]}
        journal.add(connection, now, "lost_at_centre", "kpu-ri", form.key.text(), body)


def _take_one(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, head: versions.VersionRow, status: Json
) -> bool:
    """True when something of this form has to go again."""
    held = {str(one["sha256"]) for one in status.get("pages") or []}
    lost: list[str] = []
    asked_at = float(status.get("asked_at", math.inf))
    is_on_its_way = _arrived_after(connection, head, asked_at)
    for one in pages.of_form(connection, form.id):
        if one.scan not in held and one.held_at is not None and one.held_at < asked_at:
            pages.mark_lost(connection, one.scan)
            outbox.put(connection, ItemKind.SCAN, one.scan, form.id, None, one.size_bytes, wp.now())
            thrifty.mark_lost(connection, one.scan)
            lost.append(one.scan)
    there = str(status.get("head") or "")
    is_other = there != head.values_hash
    # Values that came back (a repeat) have a namesake there; sending them again harms nothing.
    is_lost = is_other and not is_on_its_way and (head.repeat > 0 or not status.get("knows_ours"))
    if is_lost:
        _send_again(connection, wp, form, head, there)
    elif is_other and there:
        # It had ours and goes by others (corrected at another PC, or here after the backup): people compare with paper.
        versions.try_move(connection, head.id, VersionEvent.RIVAL, wp.now())
    verdict = exchange.last_verdict(connection, head.id)
    if verdict is not None and status.get("verdict") != verdict.verdict:
        item = outbox.find(connection, ItemKind.VERDICT, verdict.id)
        if item is not None and item.state is OutboxState.DONE:
            outbox.put(
                connection, ItemKind.VERDICT, verdict.id, form.id, head.id, outbox.REQUEST_BYTES, wp.now()
            )
            lost.append(verdict.id)
    if is_lost or lost:
        body: Json = {"values_hash": head.values_hash, "head": status.get("head"), "lost": lost}
        journal.add(connection, wp.now(), "lost_at_centre", "kpu-ri", form.key.text(), body)
    return is_lost or (
        bool(lost) and not is_on_its_way
    )  # what pages a form has there is told with its head only


def _arrived_after(connection: Connection, head: versions.VersionRow, asked_at: float) -> bool:
    """It is on its way for the first time, or came when the question had been asked: nobody can have lost it."""
    if head.at_centre_at is not None:
        return head.at_centre_at >= asked_at
    item = outbox.find(connection, ItemKind.RECORD, head.values_hash, head.id)
    return item is not None and item.state is not OutboxState.DONE


def _send_again(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, head: versions.VersionRow, there: str
) -> None:
    """The head, and before it the corrections between it and what the centre goes by: else it would be a rival."""
    chain = [head]
    while chain[0].parent is not None and chain[0].parent != there:
        before = versions.find(connection, form.id, chain[0].parent)
        if before is None or before in chain:
            break
        chain.insert(0, before)
    if chain[0].parent != there:
        chain = [head]  # it has nothing of ours to go on from
    versions.try_move(connection, head.id, VersionEvent.REQUEUE, wp.now())
    versions.forget_centre(connection, head.id)
    for one in chain:
        outbox.put(
            connection, ItemKind.RECORD, one.values_hash, form.id, one.id, outbox.REQUEST_BYTES, wp.now()
        )


def _key(text: str) -> C1Key | None:
    parts = text.split("/")
    return C1Key(TpsId(parts[0]), parts[1], int(parts[2])) if len(parts) == 3 else None
