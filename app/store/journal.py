"""The journal: append-only lines chained by hash, written in the transaction of the fact they tell.

Bodies hold the values themselves; a PIN, a token or a key never. The text kept is canonical JSON, so that reading back
notices even a change that means the same. Triggers refuse UPDATE and DELETE.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping

from app.domain.c1form import canonical_json
from app.domain.journal import GENESIS, Line, line_hash
from app.domain.times import iso
from app.store.driver import Connection, Row


def add(
    connection: Connection, now: float, kind: str, who: str, what: str, body: Mapping[str, object]
) -> None:
    """Append one line. Call inside the writer only: the hash of the last line must not move meanwhile."""
    last = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    previous, seq = (str(last["hash"]), int(last["seq"]) + 1) if last else (GENESIS, 1)
    at = iso(now)
    connection.execute(
        "INSERT INTO journal (seq, at, kind, who, what, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            seq,
            at,
            kind,
            who,
            what,
            canonical_json(body).decode("utf-8"),
            line_hash(previous, seq, at, kind, who, what, body),
        ),
    )


def lines(connection: Connection) -> Iterator[Line]:
    """Every line in order; a body that is not the canonical text it was written as comes as `{"?": raw text}`."""
    for row in connection.execute("SELECT seq, at, kind, who, what, body, hash FROM journal ORDER BY seq"):
        yield _line(row)


def lines_of(connection: Connection, kind: str) -> Iterator[Line]:
    """The lines of one kind, oldest first."""
    for row in connection.execute(
        "SELECT seq, at, kind, who, what, body, hash FROM journal WHERE kind = ? ORDER BY seq", (kind,)
    ):
        yield _line(row)


def lines_between(connection: Connection, kinds: Collection[str], start: float, end: float) -> list[Line]:
    """The lines of some kinds in [start, end), oldest first."""
    rows = connection.execute(
        "SELECT seq, at, kind, who, what, body, hash FROM journal WHERE at >= ? AND at < ? "  # noqa: S608 - marks only
        f"AND kind IN ({', '.join('?' * len(kinds))}) ORDER BY seq",
        (iso(start), iso(end), *kinds),
    )
    return [_line(row) for row in rows]


def lines_about(connection: Connection, what: str) -> list[Line]:
    """The lines of one form (by `C1Key.text()`), oldest first."""
    rows = connection.execute(
        "SELECT seq, at, kind, who, what, body, hash FROM journal WHERE what = ? ORDER BY seq", (what,)
    )
    return [_line(row) for row in rows]


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the newest line; (0, genesis) for an empty journal."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row["seq"]), str(row["hash"])) if row else (0, GENESIS)


def hash_at(connection: Connection, seq: int) -> str | None:
    """Hash of one line; genesis for line 0, None for a line that is not there."""
    if seq == 0:
        return GENESIS
    row = connection.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    return str(row["hash"]) if row else None


def highest_ever(connection: Connection) -> int:
    """The highest number SQLite ever gave out here: shows lines cut off at the end."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(row["seq"]) if row else 0


def _line(row: Row) -> Line:
    raw = str(row["body"])
    body: Mapping[str, object] = {"?": raw}
    try:
        parsed = json.loads(raw)
        if isinstance(parsed, dict) and canonical_json(parsed).decode("utf-8") == raw:
            body = parsed
    except (ValueError, TypeError, RecursionError):
        pass  # a damaged body: the chain breaks at this line, which is what the caller looks for
    return Line(
        int(row["seq"]),
        str(row["at"]),
        str(row["kind"]),
        str(row["who"]),
        str(row["what"]),
        body,
        str(row["hash"]),
    )
