"""What the centre said and what we tell it beside records: receipts, feed, returned forms, rivals, verdicts,
withdrawals, notices and who has read them.

Receipts, feed events and verdicts are append-only (triggers). Everything may come twice: the second time changes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.cell import Cell, cells_from_json, cells_to_json
from app.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class VerdictRow:
    id: str
    c1: int
    version: int
    values_hash: str
    pages: tuple[str, ...]
    verdict: str
    previous: str | None
    by: str
    at: str
    reason: str
    signature: str


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    id: str
    c1: int
    version: int
    values_hash: str
    by: str
    at: str
    reason: str
    signature: str


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    version: int
    cells: dict[str, Cell]
    pages: dict[int, str]
    at: float
    is_identical: bool


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`read_at`: when the person it was asked for read it; seconds since 1970, None: not yet."""

    id: int
    text: str
    at: float
    read_at: float | None


def add_receipt(connection: Connection, receipt: Mapping[str, Any], now: float) -> bool:
    """Keep a receipt; False when it was here before."""
    return bool(
        connection.execute(
            "INSERT OR IGNORE INTO receipt (kind, what, values_hash, epoch, sequence, time, body, received_at, key_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                receipt["kind"],
                receipt["what"],
                receipt["values_hash"],
                receipt["epoch"],
                receipt["sequence"],
                receipt["time"],
                json.dumps(dict(receipt), sort_keys=True),
                now,
                receipt["key_id"],
            ),
        ).rowcount
    )


def receipts(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every receipt, oldest first."""
    for row in connection.execute("SELECT body FROM receipt ORDER BY id"):
        yield json.loads(row["body"])


def unproven(connection: Connection, what: str, c1: int, keys: Collection[str]) -> list[tuple[str, str, str]]:
    """(kind, what, values_hash) of a form's receipts of which none was signed by one of these keys; `what` = the form's
    key, under which the receipts of its records are kept."""
    rows = connection.execute(
        "SELECT kind, what, values_hash, json_group_array(key_id) AS signed FROM receipt WHERE what = ? OR what IN "
        "(SELECT what FROM outbox WHERE c1 = ? AND kind <> 'record') GROUP BY kind, what, values_hash ORDER BY min(id)",
        (what, c1),
    )
    return [
        (str(row["kind"]), str(row["what"]), str(row["values_hash"]))
        for row in rows
        if set(keys).isdisjoint(json.loads(row["signed"]))
    ]


def last_receipt(connection: Connection) -> tuple[dict[str, Any], float] | None:
    """The newest receipt and when it came."""
    row = connection.execute("SELECT body, received_at FROM receipt ORDER BY id DESC LIMIT 1").fetchone()
    return (json.loads(row["body"]), float(row["received_at"])) if row else None


def newest_receipt(connection: Connection, epoch: str) -> dict[str, Any] | None:
    """The one with the highest number of an epoch. Looked for among the last that came: answers overtake one another,
    and what was sent once more brings a receipt of long ago."""
    row = connection.execute(
        "SELECT body FROM (SELECT * FROM receipt ORDER BY id DESC LIMIT 1000) WHERE epoch = ? "
        "ORDER BY sequence DESC LIMIT 1",
        (epoch,),
    ).fetchone()
    return None if row is None else dict(json.loads(row["body"]))


def sequence_of(connection: Connection, what: str, values_hash: str) -> int | None:
    """The number of the newest receipt for these values of a form (`what`: its key)."""
    row = connection.execute(
        "SELECT sequence FROM receipt WHERE kind = 'record' AND what = ? AND values_hash = ? ORDER BY id DESC LIMIT 1",
        (what, values_hash),
    ).fetchone()
    return None if row is None else int(row["sequence"])


def add_event(
    connection: Connection, epoch: str, event: Mapping[str, Any], c1: int | None, now: float
) -> bool:
    """Keep a feed event; False when it was here before."""
    return bool(
        connection.execute(
            "INSERT OR IGNORE INTO feed_event (epoch, n, kind, c1, body, received_at) VALUES (?, ?, ?, ?, ?, ?)",
            (epoch, event["n"], event["kind"], c1, json.dumps(dict(event), sort_keys=True), now),
        ).rowcount
    )


def events_of(connection: Connection, c1: int) -> list[tuple[float, dict[str, Any]]]:
    """What the feed said about a form, in the order it came."""
    rows = connection.execute(
        "SELECT received_at, body FROM feed_event WHERE c1 = ? ORDER BY received_at, n", (c1,)
    )
    return [(float(row["received_at"]), json.loads(row["body"])) for row in rows]


def events_about(connection: Connection, c1: int, epoch: str, values_hash: str) -> list[dict[str, Any]]:
    """What the feed of this epoch said of these values: `returned` and `published`, in order."""
    rows = connection.execute(
        "SELECT body FROM feed_event WHERE c1 = ? AND epoch = ? AND kind IN ('returned', 'published') "
        "AND json_extract(body, '$.values_hash') = ? ORDER BY n",
        (c1, epoch, values_hash),
    )
    return [json.loads(row["body"]) for row in rows]


def put_returned(connection: Connection, row: ReturnedRow) -> None:
    """What the centre stores for a version; the newest word counts."""
    connection.execute(
        "INSERT INTO returned (version, cells, pages, at, is_identical) VALUES (?, ?, ?, ?, ?) ON CONFLICT (version) "
        "DO UPDATE SET cells = excluded.cells, pages = excluded.pages, is_identical = excluded.is_identical",
        (
            row.version,
            json.dumps(cells_to_json(row.cells)),
            json.dumps({str(n): sha for n, sha in sorted(row.pages.items())}),
            row.at,
            int(row.is_identical),
        ),
    )


def returned(connection: Connection, version: int) -> ReturnedRow | None:
    """What came back for a version."""
    row = connection.execute(
        "SELECT version, cells, pages, at, is_identical FROM returned WHERE version = ?", (version,)
    ).fetchone()
    if row is None:
        return None
    return ReturnedRow(
        int(row["version"]),
        cells_from_json(json.loads(row["cells"])),
        {int(n): str(sha) for n, sha in json.loads(row["pages"]).items()},
        float(row["at"]),
        bool(row["is_identical"]),
    )


def put_rival(
    connection: Connection, c1: int, values_hash: str, cells: Mapping[str, Cell], text: str, now: float
) -> None:
    """Other values the centre holds for the form."""
    connection.execute(
        "INSERT INTO rival (c1, values_hash, cells, text, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (c1, values_hash) "
        "DO UPDATE SET at = excluded.at, text = excluded.text",
        (c1, values_hash, json.dumps(cells_to_json(cells)), text, now),
    )


def rivals(connection: Connection, c1: int) -> list[tuple[str, dict[str, Cell], str]]:
    """Other values of the form with what the centre said, newest last."""
    rows = connection.execute("SELECT values_hash, cells, text FROM rival WHERE c1 = ? ORDER BY at", (c1,))
    return [
        (str(row["values_hash"]), cells_from_json(json.loads(row["cells"])), str(row["text"])) for row in rows
    ]


def centre_head(connection: Connection, c1: int) -> str | None:
    """The values the centre holds where ours became a rival."""
    found = rivals(connection, c1)
    return found[-1][0] if found else None


def add_verdict(connection: Connection, row: VerdictRow) -> None:
    """A signed verdict."""
    connection.execute(
        "INSERT INTO verdict (id, c1, version, values_hash, pages, verdict, previous, by, at, reason, signature) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.id,
            row.c1,
            row.version,
            row.values_hash,
            json.dumps(list(row.pages)),
            row.verdict,
            row.previous,
            row.by,
            row.at,
            row.reason,
            row.signature,
        ),
    )


_VERDICT = (
    "SELECT id, c1, version, values_hash, pages, verdict, previous, by, at, reason, signature FROM verdict"
)


def verdict(connection: Connection, verdict_id: str) -> VerdictRow | None:
    """A verdict by its id."""
    row = connection.execute(f"{_VERDICT} WHERE id = ?", (verdict_id,)).fetchone()
    return _verdict(row) if row else None


def last_verdict(connection: Connection, version: int, by: str | None = None) -> VerdictRow | None:
    """The newest verdict on a version, of one person or of anybody."""
    row = connection.execute(
        f"{_VERDICT} WHERE version = ? AND (? IS NULL OR by = ?) ORDER BY rowid DESC LIMIT 1",
        (version, by, by),
    ).fetchone()
    return _verdict(row) if row else None


def previous_of(connection: Connection, c1: int, by: str) -> str | None:
    """This person's earlier verdict on the form."""
    row = connection.execute(
        "SELECT id FROM verdict WHERE version IN (SELECT id FROM version WHERE c1 = ?) AND by = ? "
        "ORDER BY rowid DESC LIMIT 1",
        (c1, by),
    ).fetchone()
    return str(row["id"]) if row else None


def add_withdrawal(connection: Connection, row: WithdrawalRow) -> None:
    """A signed withdrawal."""
    connection.execute(
        "INSERT INTO withdrawal (id, c1, version, values_hash, by, at, reason, signature) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (row.id, row.c1, row.version, row.values_hash, row.by, row.at, row.reason, row.signature),
    )


def withdrawal(connection: Connection, withdrawal_id: str) -> WithdrawalRow | None:
    """A withdrawal by its id."""
    row = connection.execute(
        "SELECT id, c1, version, values_hash, by, at, reason, signature FROM withdrawal WHERE id = ?",
        (withdrawal_id,),
    ).fetchone()
    return WithdrawalRow(*row) if row else None


def withdrawals_of(connection: Connection, c1: int) -> list[WithdrawalRow]:
    """All that was withdrawn from a form, oldest first."""
    rows = connection.execute(
        "SELECT id, c1, version, values_hash, by, at, reason, signature FROM withdrawal WHERE c1 = ? ORDER BY rowid",
        (c1,),
    )
    return [WithdrawalRow(*row) for row in rows]


def add_notice(connection: Connection, text: str, now: float) -> None:
    """A sentence from the centre for everybody."""
    connection.execute("INSERT INTO notice (text, at) VALUES (?, ?)", (text, now))


def notices(connection: Connection, limit: int) -> Sequence[tuple[str, float]]:
    """The newest notices first."""
    rows = connection.execute("SELECT text, at FROM notice ORDER BY id DESC LIMIT ?", (limit,))
    return [(str(row["text"]), float(row["at"])) for row in rows]


def notices_for(connection: Connection, person: str, limit: int, *, with_read: bool) -> list[NoticeRow]:
    """The newest first, as one person stands to them: what they have not read yet, or all."""
    rows = connection.execute(
        "SELECT n.id, n.text, n.at, r.at AS read_at FROM notice n "
        "LEFT JOIN notice_read r ON r.notice = n.id AND r.by = ? WHERE ? OR r.at IS NULL ORDER BY n.id DESC LIMIT ?",
        (person, with_read, limit),
    )
    return [NoticeRow(*row) for row in rows]


def count_notices(connection: Connection, person: str) -> tuple[int, int]:
    """How many this person has not read, and has read."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM notice) AS whole, (SELECT count(*) FROM notice_read WHERE by = ?) AS read",
        (person,),
    ).fetchone()
    return int(row["whole"]) - int(row["read"]), int(row["read"])


def set_notice_read(
    connection: Connection, notice: int, person: str, now: float, *, is_read: bool
) -> str | None:
    """Note it, or take it back; the notice's sentence where that changed something."""
    if is_read:
        done = connection.execute(
            "INSERT OR IGNORE INTO notice_read (notice, by, at) SELECT id, ?, ? FROM notice WHERE id = ?",
            (person, now, notice),
        )
    else:
        done = connection.execute("DELETE FROM notice_read WHERE notice = ? AND by = ?", (notice, person))
    if not done.rowcount:
        return None
    return str(connection.execute("SELECT text FROM notice WHERE id = ?", (notice,)).fetchone()["text"])


def _verdict(row: Row) -> VerdictRow:
    values = dict(row)
    return VerdictRow(**{**values, "pages": tuple(json.loads(values["pages"]))})


def signed(row: VerdictRow, signature: str) -> VerdictRow:
    """The same verdict with its signature."""
    return replace(row, signature=signature)


def with_signature(row: WithdrawalRow, signature: str) -> WithdrawalRow:
    """The same withdrawal with its signature."""
    return replace(row, signature=signature)
