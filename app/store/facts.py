"""The eight facts of every form, kept on its `c1` row in the transaction that changes what they are computed from.

    received   the earliest of: noted at the counter, a page scanned, the first reading finished
    scanned    every page of the form is here           sent       the head's numbers were handed to the centre
    keyed      the first reading was finished once      at_centre  the centre's receipt (or return) for the head
    second     the second reading was finished          verified   an ok verdict on the head stands (or it is public)
                                                        public     the centre published the head

Invariants: public => verified, at_centre => sent => keyed => received, scanned => received. `refresh` is the only
writer of these columns; a test recomputes them from the raw rows. Call inside the writer.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.readings import Order, Outcome
from app.store.driver import Connection

# Work goes to what can be read: everything scanned, some pages, paper on the table, nothing known.
RANK_SCANNED, RANK_PARTLY, RANK_RECEIVED, RANK_UNKNOWN = range(4)


def refresh(connection: Connection, c1: int) -> None:
    """Recompute the facts of one form."""
    form = connection.execute("SELECT generation, page_count, head FROM c1 WHERE id = ?", (c1,)).fetchone()
    readings = {
        int(row["ordinal"]): row["finished_at"]
        for row in connection.execute(
            "SELECT ordinal, finished_at FROM reading WHERE c1 = ? AND generation = ?",
            (c1, form["generation"]),
        )
    }
    pages = [
        float(row["at"])
        for row in connection.execute("SELECT at FROM page WHERE c1 = ? AND state = 'assigned'", (c1,))
    ]
    arrival = connection.execute("SELECT at FROM arrival WHERE c1 = ?", (c1,)).fetchone()
    keyed = readings.get(Order.FIRST)
    scanned = max(pages) if pages and len(pages) >= form["page_count"] else None
    received = _earliest([arrival["at"] if arrival else None, keyed, *pages])
    state, since, sent, at_centre, verified, public = _of_head(connection, form["head"])
    connection.execute(
        "UPDATE c1 SET received_at = ?, scanned_at = ?, keyed_at = ?, second_at = ?, sent_at = ?, at_centre_at = ?, "
        "verified_at = ?, public_at = ?, head_state = ?, head_since = ?, pages_in = ?, work_rank = ? WHERE id = ?",
        (
            received,
            scanned,
            keyed,
            readings.get(Order.SECOND),
            sent,
            at_centre,
            verified,
            public,
            state,
            since,
            len(pages),
            _rank(scanned, pages, received),
            c1,
        ),
    )


def set_outcome(connection: Connection, c1: int, outcome: Outcome, now: float) -> None:
    """What the readings amount to; `since` moves only when it changes."""
    connection.execute(
        "UPDATE c1 SET outcome = ?, outcome_since = ? WHERE id = ? AND outcome <> ?",
        (outcome.value, now, c1, outcome.value),
    )


Times = tuple[str | None, float | None, float | None, float | None, float | None, float | None]


def _of_head(connection: Connection, head: int | None) -> Times:
    if head is None:
        return None, None, None, None, None, None
    row = connection.execute(
        "SELECT state, state_at, sent_at, at_centre_at, returned_at, verified_at, public_at FROM version WHERE id = ?",
        (head,),
    ).fetchone()
    public = row["public_at"]
    at_centre = _earliest([row["at_centre_at"], row["returned_at"], public])
    verified = row["verified_at"] if row["verified_at"] is not None else public
    sent = row["sent_at"] if row["sent_at"] is not None else at_centre
    return str(row["state"]), row["state_at"], sent, at_centre, verified, public


def _earliest(times: Iterable[float | None]) -> float | None:
    return min((one for one in times if one is not None), default=None)


def _rank(scanned: float | None, pages: list[float], received: float | None) -> int:
    if scanned is not None:
        return RANK_SCANNED
    if pages:
        return RANK_PARTLY
    return RANK_UNKNOWN if received is None else RANK_RECEIVED


def set_unread(connection: Connection, c1: int, now: float) -> None:
    """The form's readings start afresh."""
    set_outcome(connection, c1, Outcome.UNREAD, now)
