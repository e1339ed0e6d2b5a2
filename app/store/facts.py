"""The eight facts of every form, kept on its `c1` row in the transaction that changes what they are computed from.

    received   the earliest of: noted at the counter, a page scanned, a part of the first reading finished
    scanned    every page of the form is here           sent       the head's numbers were handed to the centre
    keyed      the first reading is whole               at_centre  the centre's receipt (or return) for the head
    second     the second reading is whole              verified   an ok verdict on the head stands (or it is public)
                                                        public     the centre published the head

A form read in part has a head, which goes to the centre; but it counts for nothing before its first reading is whole:
34 of 39 numbers are not "Dientri", and nothing that comes after it either.

Beside them `differs_since`: the public site shows other numbers, and nobody has looked into it.

Invariants: public => verified, at_centre => sent => keyed => received, scanned => received. `refresh` is the only
writer of these columns; a test recomputes them from the raw rows. Call inside the writer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from app.domain.readings import Order, Outcome
from app.store import public_looks
from app.store.driver import Connection

# Work goes to what can be read: what was begun and can go on, everything scanned, some pages, paper on the table,
# nothing known. What was begun and waits for its page comes last, and is proposed to nobody.
RANK_GOES_ON, RANK_SCANNED, RANK_PARTLY, RANK_RECEIVED, RANK_UNKNOWN, RANK_ABSENT = range(-1, 5)
_NOT_WHOLE = (Outcome.UNREAD, Outcome.PARTLY_READ)


def refresh(connection: Connection, c1: int) -> None:
    """Recompute the facts of one form."""
    form = connection.execute(
        "SELECT generation, page_count, head, outcome, lacking FROM c1 WHERE id = ?", (c1,)
    ).fetchone()
    pages = {
        int(row["n"]): float(row["at"])
        for row in connection.execute("SELECT n, at FROM page WHERE c1 = ? AND state = 'assigned'", (c1,))
    }
    arrival = connection.execute("SELECT at FROM arrival WHERE c1 = ?", (c1,)).fetchone()
    begun, keyed, second = _readings(connection, c1, form["generation"], Outcome(form["outcome"]))
    scanned = max(pages.values()) if pages and len(pages) >= form["page_count"] else None
    received = _earliest([arrival["at"] if arrival else None, begun, *pages.values()])
    state, since, *of_head = _of_head(connection, form["head"])
    sent, at_centre, verified, public = of_head if keyed is not None else [None] * 4
    lacking = {int(page) for page in json.loads(form["lacking"])}
    connection.execute(
        "UPDATE c1 SET received_at = ?, scanned_at = ?, keyed_at = ?, second_at = ?, sent_at = ?, at_centre_at = ?, "
        "verified_at = ?, public_at = ?, head_state = ?, head_since = ?, pages_in = ?, work_rank = ?, "
        "differs_since = ? WHERE id = ?",
        (
            received,
            scanned,
            keyed,
            second,
            sent,
            at_centre,
            verified,
            public,
            state,
            since,
            len(pages),
            _rank(lacking, pages.keys(), scanned, received),
            public_looks.differs_since(connection, c1, state),
            c1,
        ),
    )


def _readings(
    connection: Connection, c1: int, generation: int, outcome: Outcome
) -> tuple[float | None, float | None, float | None]:
    """When a first reading was finished in part, the whole of it, and the whole of the second."""
    finished: dict[int, list[float]] = {}
    for row in connection.execute(
        "SELECT ordinal, finished_at FROM reading WHERE c1 = ? AND generation = ? AND finished_at IS NOT NULL",
        (c1, generation),
    ):
        finished.setdefault(row["ordinal"], []).append(row["finished_at"])
    first, second = finished.get(Order.FIRST, []), finished.get(Order.SECOND, [])
    is_keyed = outcome not in _NOT_WHOLE
    is_read_twice = is_keyed and outcome is not Outcome.NEEDS_SECOND
    return (
        min(first, default=None),
        max(first, default=None) if is_keyed else None,
        max(second, default=None) if is_read_twice else None,
    )


def set_outcome(
    connection: Connection, c1: int, outcome: Outcome, now: float, lacking: Mapping[int, int] | None = None
) -> None:
    """What the readings amount to, and which pages the reading under way lacks (page -> boxes); `since` moves only
    when one of them changes."""
    words = json.dumps({str(page): count for page, count in sorted((lacking or {}).items())})
    connection.execute(
        "UPDATE c1 SET outcome = ?, lacking = ?, outcome_since = ? WHERE id = ? AND (outcome, lacking) <> (?, ?)",
        (outcome.value, words, now, c1, outcome.value, words),
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


def _rank(lacking: set[int], pages: Collection[int], scanned: float | None, received: float | None) -> int:
    if lacking:
        return RANK_ABSENT if lacking.isdisjoint(pages) else RANK_GOES_ON
    if scanned is not None:
        return RANK_SCANNED
    if pages:
        return RANK_PARTLY
    return RANK_UNKNOWN if received is None else RANK_RECEIVED


def set_unread(connection: Connection, c1: int, now: float) -> None:
    """The form's readings start afresh."""
    set_outcome(connection, c1, Outcome.UNREAD, now)
