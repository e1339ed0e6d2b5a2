"""After the centre was restored from a backup: ask about everything that was sent, queue again what it lost.

Invariants: the comparison survives a restart (it goes on behind the last answered form) and changes nothing where the
centre still holds what it gave receipts for.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.c1form import C1Key
from app.domain.lifecycle import OutboxState, VersionEvent
from app.domain.wilayah import TpsId
from app.ports import ItemKind, Json
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, meta, outbox, pages, reports, versions
from app.store.driver import Connection

_PENDING, _BEHIND = "compare_pending", "compare_behind"


def begin(connection: Connection, wp: Workplace, epoch: str) -> None:
    """A new epoch: the cursor restarts, everything sent is to be compared."""
    meta.put_json(connection, "feed", {"epoch": epoch, "after": 0})
    meta.put(connection, _PENDING, "1")
    meta.put(connection, _BEHIND, "")
    journal.add(connection, wp.now(), "epoch", "kpu-ri", epoch, {"epoch": epoch})


def is_pending(connection: Connection) -> bool:
    """True until the last form was compared."""
    return meta.get(connection, _PENDING) == "1"


def end(connection: Connection) -> None:
    """All compared."""
    meta.put(connection, _PENDING, "")


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
    for status in statuses:
        key = _key(str(status["key"]))
        form = c1_rows.find(connection, key) if key is not None else None
        if form is not None:
            _withdraw_again(connection, wp, form, str(status.get("head") or ""))
        if form is not None and form.head is not None:
            _take_one(connection, wp, form, versions.by_id(connection, form.head), status)
            facts.refresh(connection, form.id)
        meta.put(connection, _BEHIND, str(status["key"]))


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
) -> None:
    held = {str(one["sha256"]) for one in status.get("pages") or []}
    lost: list[str] = []
    for one in pages.of_form(connection, form.id):
        if one.scan not in held and one.held_at is not None:
            pages.mark_lost(connection, one.scan)
            outbox.put(connection, ItemKind.SCAN, one.scan, form.id, None, one.size_bytes, wp.now())
            lost.append(one.scan)
    is_lost = status.get("head") != head.values_hash
    if is_lost:
        versions.try_move(connection, head.id, VersionEvent.REQUEUE, wp.now())
        versions.forget_centre(connection, head.id)
        outbox.put(
            connection, ItemKind.RECORD, head.values_hash, form.id, head.id, outbox.REQUEST_BYTES, wp.now()
        )
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


def _key(text: str) -> C1Key | None:
    parts = text.split("/")
    return C1Key(TpsId(parts[0]), parts[1], int(parts[2])) if len(parts) == 3 else None
