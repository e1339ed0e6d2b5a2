"""The centre's feed, applied: events and cursor in one transaction, each event at most once, unknown kinds kept.

News may come late, twice or before the receipt it follows from; the lifecycle table says what still changes something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.cell import cells_from_json
from app.domain.lifecycle import OutboxState, VersionEvent, VersionState
from app.domain.wilayah import TpsId
from app.ports import FeedCursor, ItemKind, Json
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, meta, outbox, pages, versions
from app.store.driver import Connection


@dataclass(frozen=True, slots=True)
class _News:
    """One event about one form of this district."""

    event: Json
    form: c1_rows.C1Row
    version: versions.VersionRow | None
    now: float

    @property
    def is_about_head(self) -> bool:
        return self.version is not None and self.version.id == self.form.head


def apply(connection: Connection, wp: Workplace, events: list[Json], cursor: FeedCursor) -> None:
    """Take events in and move the cursor."""
    for event in events:
        _take(connection, wp, event, cursor.epoch)
    meta.put_json(connection, "feed", {"epoch": cursor.epoch, "after": cursor.after})


def cursor_of(connection: Connection) -> FeedCursor:
    """How far the feed was read; an empty epoch before the first time."""
    kept = meta.get_json(connection, "feed")
    return FeedCursor(str(kept["epoch"]), int(kept["after"])) if kept else FeedCursor("", 0)


def _take(connection: Connection, wp: Workplace, event: Json, epoch: str) -> None:
    form = _form_of(connection, event)
    if not exchange.add_event(connection, epoch, event, form.id if form else None, wp.now()):
        return
    kind = str(event["kind"])
    if kind == "notice" and event.get("text"):
        exchange.add_notice(connection, str(event["text"]), wp.now())
    apply_one = _KINDS.get(kind)
    if form is None or apply_one is None:
        return
    values_hash = str(event.get("values_hash") or "")
    repeat = int(str(event.get("repeat") or 0))
    news = _News(event, form, versions.find(connection, form.id, values_hash, repeat), wp.now())
    apply_one(connection, news)
    facts.refresh(connection, form.id)
    body: Json = {"n": event["n"], "epoch": epoch, "event": kind, "values_hash": values_hash}
    if event.get("cells") is not None:
        body["cells"] = event["cells"]
    journal.add(connection, wp.now(), "feed", "kpu-ri", form.key.text(), body)


def _form_of(connection: Connection, event: Mapping[str, object]) -> c1_rows.C1Row | None:
    if not event.get("tps") or not event.get("form"):
        return None
    key = C1Key(TpsId(str(event["tps"])), str(event["form"]), int(str(event.get("round") or 1)))
    return c1_rows.find(connection, key)


def _on_returned(connection: Connection, news: _News) -> None:
    cells = cells_from_json(news.event.get("cells") or {})
    held = {int(page["n"]): str(page["sha256"]) for page in news.event.get("pages") or []}
    for sha256 in held.values():
        pages.mark_held(connection, sha256, news.now)
    if news.version is None:
        # The centre's head was read elsewhere: kept to compare with, and as the parent of our correction.
        exchange.put_rival(
            connection, news.form.id, str(news.event.get("values_hash") or ""), cells, "", news.now
        )
        return
    version = news.version
    exchange.put_returned(
        connection,
        exchange.ReturnedRow(version.id, cells, held, news.now, is_identical=cells == version.cells),
    )
    versions.note_time(connection, version.id, "sent_at", news.now)
    versions.note_time(connection, version.id, "returned_at", news.now)
    if versions.try_move(connection, version.id, VersionEvent.RETURN, news.now):
        stand_by_verdict(connection, version.id, news.now)


def catch_up(connection: Connection, c1: int, version: versions.VersionRow, now: float) -> None:
    """The feed spoke of these values before they were a version here (keyed on another PC, or before a backup)."""
    if version.repeat:
        return  # values that came back are returned anew
    form = c1_rows.by_id(connection, c1)
    for event in exchange.events_about(connection, c1, cursor_of(connection).epoch, version.values_hash):
        apply_one = _KINDS[str(event["kind"])]
        apply_one(connection, _News(event, form, versions.by_id(connection, version.id), now))


def stand_by_verdict(connection: Connection, version: int, now: float) -> None:
    """A verdict given before (the centre was restored) counts again as soon as the version is back."""
    verdict = exchange.last_verdict(connection, version)
    if verdict is None:
        return
    event = VersionEvent.CONFIRM if verdict.verdict == "ok" else VersionEvent.DISPUTE
    moved = versions.try_move(connection, version, event, now)
    item = outbox.find(connection, ItemKind.VERDICT, verdict.id)
    if moved and event is VersionEvent.CONFIRM and item is not None and item.state is OutboxState.DONE:
        versions.try_move(connection, version, VersionEvent.VERDICT_RECEIVED, now)


def _on_published(connection: Connection, news: _News) -> None:
    if news.version is not None:
        versions.note_time(connection, news.version.id, "sent_at", news.now)
        versions.note_time(connection, news.version.id, "public_at", news.now)
        versions.try_move(connection, news.version.id, VersionEvent.PUBLISH, news.now)


def _on_rival(connection: Connection, news: _News) -> None:
    if news.is_about_head and news.version is not None:
        versions.try_move(connection, news.version.id, VersionEvent.RIVAL, news.now)
        return
    exchange.put_rival(
        connection,
        news.form.id,
        str(news.event.get("values_hash") or ""),
        cells_from_json(news.event.get("cells") or {}),
        str(news.event.get("text") or ""),
        news.now,
    )


def _on_rejected(connection: Connection, news: _News) -> None:
    if news.version is not None:
        versions.try_move(connection, news.version.id, VersionEvent.REJECT, news.now)


def _on_withdrawn(connection: Connection, news: _News) -> None:
    if news.version is None or news.version.state is VersionState.WITHDRAWN:
        return
    if versions.try_move(connection, news.version.id, VersionEvent.WITHDRAW, news.now) and news.is_about_head:
        outbox.cancel_of_version(connection, news.version.id, [ItemKind.RECORD], news.now)
        drop_head(connection, news.form, news.version.id, news.now)


def drop_head(connection: Connection, form: c1_rows.C1Row, version: int, now: float) -> None:
    """The head left its form: its verdicts are not sent any more, and the form is read afresh."""
    outbox.cancel_of_version(connection, version, [ItemKind.VERDICT], now)
    c1_rows.set_head(connection, form.id, None)
    c1_rows.next_generation(connection, form.id)
    facts.set_unread(connection, form.id, now)


_KINDS: dict[str, Callable[[Connection, _News], None]] = {
    "returned": _on_returned,
    "published": _on_published,
    "rival": _on_rival,
    "rejected": _on_rejected,
    "withdrawn": _on_withdrawn,
}
