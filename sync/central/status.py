"""`POST /status`: what the centre has of these forms and hashes, own district only."""

from __future__ import annotations

from sync.central import feed, receipts, verdicts, versions
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.database import one
from sync.central.driver import Connection
from sync.wire import FormStatus, StatusAnswer, StatusAsk


def answer(con: Connection, centre: Centre, who: Caller, ask: StatusAsk) -> StatusAnswer:
    """In the order asked; a form of another district looks like one never seen."""
    return StatusAnswer(
        forms=[_form(con, centre, who, key) for key in ask.forms],
        known_hashes=[one_hash for one_hash in ask.hashes if _is_known(con, who, one_hash)],
        feed_head=feed.head(con, who.district),
        epoch=centre.db.epoch,
    )


def _form(con: Connection, centre: Centre, who: Caller, key: str) -> FormStatus:
    head = versions.head_of(con, key)
    if head is None or versions.district_of(con, key) != who.district:
        return FormStatus(key=key[:128], head=None)
    verdict = verdicts.last_counting(con, head["id"])
    published = one(con, "SELECT 1 FROM published WHERE key = ? AND version = ?", key, head["id"])
    return FormStatus(
        key=key,
        head=head["values_hash"],
        pages=versions.held_pages(con, centre, who.district, head["id"]),
        verdict=verdict["verdict"] if verdict else None,
        published=published is not None,
        receipt=receipts.stored(con, centre, head["receipt"]),
    )


def _is_known(con: Connection, who: Caller, values_hash: str) -> bool:
    row = one(
        con,
        "SELECT 1 FROM version JOIN form ON form.key = version.key WHERE values_hash = ? AND district = ?",
        values_hash,
        who.district,
    )
    return row is not None
