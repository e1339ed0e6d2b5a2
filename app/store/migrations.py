"""Frozen steps from an empty file to today's schema. A released step is never edited: a change is a new step.

Each step opens with its reason, is plain SQL, imports nothing of today's models and runs in one transaction together
with its record. `schema.sql` is generated from the result (`dump`) and compared in a test. `user_version`
counts the steps, so that an older program refuses the file.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database as UtilsDatabase
from sqlite_utils import Migrations

from app.store.driver import Connection
from app.store.first_schema import FIRST

APPLICATION_ID = 0x53495455  # "SITU": `file` and a support person can tell what this is
steps = Migrations("situng")
_SHADOWS = ("station_search_", "sqlite_", "_sqlite_migrations", "idx__sqlite_migrations")


def _run(db: UtilsDatabase, script: str) -> None:
    # executescript() would commit the step's transaction first.
    for statement in script.split("\n\n"):
        if statement.strip():
            db.execute(statement)


@steps(name="0001_workplace")
def _workplace(db: UtilsDatabase) -> None:
    """Why: the first schema. Who and where: the district, its polling stations, its people, their forms."""
    _run(db, FIRST)


@steps(name="0002_reading")
def _reading(db: UtilsDatabase) -> None:
    """Why: what was read: readings, drafts kept per keystroke, acceptances, versions; scans and pages."""
    _run(db, _0002)


@steps(name="0003_exchange")
def _exchange(db: UtilsDatabase) -> None:
    """Why: what goes to the centre and what comes back; the journal that proves it."""
    _run(db, _0003)


@steps(name="0004_funnel")
def _funnel(db: UtilsDatabase) -> None:
    """Why: the funnel is a view over facts, never counted by hand."""
    _run(db, _0004)


@steps(name="0005_receipt_by_key")
def _receipt_by_key(db: UtilsDatabase) -> None:
    """Why: a centre whose key was replaced signs its first receipts again; both are kept."""
    _run(db, _0005)


@steps(name="0006_thrifty")
def _thrifty(db: UtilsDatabase) -> None:
    """Why: on a poor line a small copy of each image goes first. Scans of before have none and go as they did."""
    _run(db, _0006)


@steps(name="0007_notice_read")
def _notice_read(db: UtilsDatabase) -> None:
    """Why: who has read which notice is kept: the window shows each person what they were not told yet."""
    _run(db, _0007)


@steps(name="0008_parts")
def _parts(db: UtilsDatabase) -> None:
    """Why: pages of a form may arrive days apart: a reading is made of parts, each with its person and signature.

    The order alone is no key any more, and SQLite drops no key: the table is made anew under its name, so that what
    refers to its rows finds them again at the commit. `c1.lacking` says which pages the reading under way lacks and how
    many boxes each (`{"2": 5}`), `c1.needs` which reading comes next.
    """
    _run(db, _0008)


@steps(name="0009_standing")
def _standing(db: UtilsDatabase) -> None:
    """Why: lists ask of 75,000 forms where each one stands and since when. Computed by SQLite from the facts, so that
    nobody can write something else there, and indexed, so that no list reads them all."""
    _run(db, _0009)


@steps(name="0010_line_log")
def _line_log(db: UtilsDatabase) -> None:
    """Why: the daily report lists outages; of the line's states only the present one was kept."""
    _run(db, _0010)


@steps(name="0011_public_look")
def _public_look(db: UtilsDatabase) -> None:
    """Why: what the public site was seen to show of each form is kept, so that a difference has an age and an end."""
    _run(db, _0011)


_0002 = """
CREATE TABLE reading (
    id INTEGER PRIMARY KEY, c1 INTEGER NOT NULL REFERENCES c1 (id), generation INTEGER NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 1 AND 4), by TEXT NOT NULL REFERENCES person (id),
    state TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT, finished_at REAL, taken_over_from TEXT NOT NULL DEFAULT '[]',
    fields TEXT NOT NULL,
    cells TEXT, values_hash TEXT, signature TEXT, current TEXT, typed TEXT NOT NULL DEFAULT '',
    updated_at REAL NOT NULL,
    UNIQUE (c1, generation, ordinal)
) STRICT

CREATE INDEX reading_draft ON reading (by) WHERE state = 'draft'

CREATE INDEX reading_by ON reading (by, finished_at)

CREATE TABLE draft_cell (
    reading INTEGER NOT NULL REFERENCES reading (id), field TEXT NOT NULL, cell TEXT NOT NULL,
    PRIMARY KEY (reading, field)
) STRICT, WITHOUT ROWID

CREATE TABLE acceptance (
    id INTEGER PRIMARY KEY, reading INTEGER NOT NULL REFERENCES reading (id), code TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    depends_on TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
    by TEXT NOT NULL REFERENCES person (id),
    at TEXT NOT NULL, lapsed_at REAL
) STRICT

CREATE INDEX acceptance_reading ON acceptance (reading)

CREATE TABLE version (
    id INTEGER PRIMARY KEY, c1 INTEGER NOT NULL REFERENCES c1 (id), generation INTEGER NOT NULL,
    values_hash TEXT NOT NULL,
    repeat INTEGER NOT NULL DEFAULT 0, parent TEXT, cause TEXT NOT NULL, cells TEXT NOT NULL, state TEXT NOT NULL,
    number INTEGER NOT NULL, created_at REAL NOT NULL, state_at REAL NOT NULL,
    sent_at REAL, at_centre_at REAL, returned_at REAL, verified_at REAL, public_at REAL, frozen TEXT,
    UNIQUE (c1, values_hash, repeat), UNIQUE (c1, number)
) STRICT

CREATE INDEX version_hash ON version (values_hash)

CREATE TABLE scan (
    sha256 TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, original_sha256 TEXT NOT NULL, original_name TEXT NOT NULL,
    original_bytes INTEGER NOT NULL, thumbnail_sha256 TEXT NOT NULL, width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    quality TEXT NOT NULL, warnings TEXT NOT NULL, at REAL NOT NULL, by TEXT NOT NULL, held_at REAL
) STRICT, WITHOUT ROWID

CREATE INDEX scan_original ON scan (original_sha256)

CREATE TABLE page (
    id INTEGER PRIMARY KEY, scan TEXT NOT NULL REFERENCES scan (sha256), c1 INTEGER REFERENCES c1 (id), n INTEGER,
    state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', suggested_tps TEXT, suggested_form TEXT,
    suggested_round INTEGER,
    suggested_n INTEGER, at REAL NOT NULL, by TEXT NOT NULL
) STRICT

CREATE UNIQUE INDEX page_place ON page (c1, n) WHERE state = 'assigned'

CREATE INDEX page_scan ON page (scan)

CREATE INDEX page_inbox ON page (id) WHERE state = 'inbox'
"""

_0003 = """
CREATE TABLE verdict (
    id TEXT PRIMARY KEY, c1 INTEGER NOT NULL REFERENCES c1 (id), version INTEGER NOT NULL REFERENCES version (id),
    values_hash TEXT NOT NULL, pages TEXT NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('ok', 'wrong')),
    previous TEXT,
    by TEXT NOT NULL REFERENCES person (id), at TEXT NOT NULL, reason TEXT NOT NULL, signature TEXT NOT NULL
) STRICT

CREATE INDEX verdict_version ON verdict (version)

CREATE TABLE withdrawal (
    id TEXT PRIMARY KEY, c1 INTEGER NOT NULL REFERENCES c1 (id), version INTEGER NOT NULL REFERENCES version (id),
    values_hash TEXT NOT NULL, by TEXT NOT NULL REFERENCES person (id), at TEXT NOT NULL, reason TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, what TEXT NOT NULL, c1 INTEGER NOT NULL REFERENCES c1 (id),
    version INTEGER REFERENCES version (id), tps TEXT NOT NULL, priority INTEGER NOT NULL,
    turn INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL, again INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0,
    reason_code TEXT NOT NULL DEFAULT '', reason_text TEXT NOT NULL DEFAULT '', last_status INTEGER,
    size_bytes INTEGER NOT NULL, since REAL NOT NULL, updated_at REAL NOT NULL
) STRICT

CREATE UNIQUE INDEX outbox_record ON outbox (version) WHERE kind = 'record'

CREATE UNIQUE INDEX outbox_other ON outbox (kind, what) WHERE kind <> 'record'

CREATE INDEX outbox_due ON outbox (kind, priority, attempts, turn, id, next_at) WHERE state IN ('queued', 'waiting')

CREATE INDEX outbox_next ON outbox (next_at) WHERE state IN ('queued', 'waiting')

CREATE INDEX outbox_open ON outbox (kind, state, size_bytes) WHERE state <> 'done'

CREATE INDEX outbox_list ON outbox (state <> 'stopped', since, id) WHERE state <> 'done'

CREATE INDEX outbox_tps ON outbox (tps, kind) WHERE state <> 'done'

CREATE INDEX outbox_c1 ON outbox (c1)

CREATE TABLE upload (
    sha256 TEXT NOT NULL, endpoint TEXT NOT NULL, url TEXT NOT NULL, "offset" INTEGER NOT NULL,
    length INTEGER NOT NULL,
    expires_at REAL, PRIMARY KEY (sha256, endpoint)
) STRICT, WITHOUT ROWID

CREATE TABLE channel (
    lane TEXT PRIMARY KEY, gate_until REAL NOT NULL, failures INTEGER NOT NULL, recent TEXT NOT NULL,
    "limit" REAL NOT NULL,
    tokens REAL NOT NULL, batch INTEGER NOT NULL, latencies_s TEXT NOT NULL, reason_code TEXT, reason_text TEXT,
    reason_status INTEGER, is_paused INTEGER NOT NULL, updated_at REAL NOT NULL
) STRICT, WITHOUT ROWID

CREATE TABLE receipt (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, what TEXT NOT NULL, values_hash TEXT NOT NULL, epoch TEXT NOT NULL,
    sequence INTEGER NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL, received_at REAL NOT NULL,
    UNIQUE (kind, what, values_hash, epoch, sequence)
) STRICT

CREATE TABLE feed_event (
    epoch TEXT NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, c1 INTEGER, body TEXT NOT NULL,
    received_at REAL NOT NULL,
    PRIMARY KEY (epoch, n)
) STRICT, WITHOUT ROWID

CREATE INDEX feed_event_c1 ON feed_event (c1) WHERE c1 IS NOT NULL

CREATE TABLE returned (
    version INTEGER PRIMARY KEY REFERENCES version (id), cells TEXT NOT NULL, pages TEXT NOT NULL, at REAL NOT NULL,
    is_identical INTEGER NOT NULL
) STRICT

CREATE TABLE rival (
    c1 INTEGER NOT NULL REFERENCES c1 (id), values_hash TEXT NOT NULL, cells TEXT NOT NULL, text TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (c1, values_hash)
) STRICT, WITHOUT ROWID

CREATE TABLE notice (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at REAL NOT NULL) STRICT

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL,
    what TEXT NOT NULL,
    body TEXT NOT NULL, hash TEXT NOT NULL
) STRICT

CREATE INDEX journal_what ON journal (what)
""" + "".join(
    f"""
CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
    for table in ("journal", "receipt", "feed_event", "verdict")
    for action in ("UPDATE", "DELETE")
)

_COUNTS = """count(*) AS expected, count(received_at) AS forms, count(received_at) AS received,
    count(scanned_at) AS scanned,
    count(keyed_at) AS keyed,
    count(second_at) AS second_read, count(sent_at) AS sent, count(at_centre_at) AS at_centre,
    count(verified_at) AS verified, count(public_at) AS public"""

_0004 = f"""
CREATE VIEW funnel AS SELECT {_COUNTS} FROM c1

CREATE VIEW funnel_by_kecamatan AS SELECT kecamatan AS code, {_COUNTS} FROM c1 GROUP BY kecamatan

CREATE VIEW funnel_by_desa AS SELECT kecamatan, desa AS code, {_COUNTS} FROM c1 GROUP BY kecamatan, desa
"""  # noqa: S608 - fixed text of this file

_0005 = """
CREATE TABLE receipt_by_key (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, what TEXT NOT NULL, values_hash TEXT NOT NULL, epoch TEXT NOT NULL,
    sequence INTEGER NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL, received_at REAL NOT NULL, key_id TEXT NOT NULL,
    UNIQUE (kind, what, values_hash, epoch, sequence, key_id)
) STRICT

INSERT INTO receipt_by_key SELECT id, kind, what, values_hash, epoch, sequence, time, body, received_at,
    json_extract(body, '$.key_id') FROM receipt

DROP TABLE receipt

ALTER TABLE receipt_by_key RENAME TO receipt

CREATE INDEX receipt_what ON receipt (what)

CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END

CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END
"""

_0006 = """
ALTER TABLE scan ADD COLUMN thrifty_sha256 TEXT

ALTER TABLE scan ADD COLUMN thrifty_bytes INTEGER

ALTER TABLE scan ADD COLUMN thrifty_held_at REAL

CREATE INDEX scan_thrifty ON scan (thrifty_sha256) WHERE thrifty_sha256 IS NOT NULL

CREATE INDEX scan_thrifty_held ON scan (thrifty_bytes) WHERE thrifty_held_at IS NOT NULL

ALTER TABLE outbox ADD COLUMN thrifty_bytes INTEGER NOT NULL DEFAULT 0

CREATE INDEX outbox_thrifty ON outbox (priority, attempts, turn, id, next_at, state, thrifty_bytes)
WHERE thrifty_bytes > 0 AND state <> 'done'
"""

_0007 = """
CREATE TABLE notice_read (
    notice INTEGER NOT NULL REFERENCES notice (id), by TEXT NOT NULL REFERENCES person (id), at REAL NOT NULL,
    PRIMARY KEY (notice, by)
) STRICT, WITHOUT ROWID
"""

_0008 = """
PRAGMA defer_foreign_keys=ON

CREATE TABLE reading_before AS SELECT * FROM reading

DROP TABLE reading

CREATE TABLE reading (
    id INTEGER PRIMARY KEY, c1 INTEGER NOT NULL REFERENCES c1 (id), generation INTEGER NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 1 AND 4), part INTEGER NOT NULL CHECK (part >= 1),
    by TEXT NOT NULL REFERENCES person (id),
    state TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT, finished_at REAL, taken_over_from TEXT NOT NULL DEFAULT '[]',
    fields TEXT NOT NULL,
    cells TEXT, values_hash TEXT, signature TEXT, current TEXT, typed TEXT NOT NULL DEFAULT '',
    updated_at REAL NOT NULL,
    UNIQUE (c1, generation, ordinal, part)
) STRICT

INSERT INTO reading SELECT id, c1, generation, ordinal, 1, by, state, started, finished, finished_at, taken_over_from,
    fields, cells, values_hash, signature, current, typed, updated_at FROM reading_before

DROP TABLE reading_before

CREATE INDEX reading_draft ON reading (by) WHERE state = 'draft'

CREATE INDEX reading_by ON reading (by, finished_at)

ALTER TABLE c1 ADD COLUMN lacking TEXT NOT NULL DEFAULT '{}'

ALTER TABLE c1 ADD COLUMN needs INTEGER GENERATED ALWAYS AS (CASE outcome WHEN 'unread' THEN 1 WHEN 'partly_read' THEN 1
    WHEN 'needs_second' THEN 2 WHEN 'needs_third' THEN 3 WHEN 'needs_coordinator' THEN 4 END) VIRTUAL

DROP INDEX c1_work

CREATE INDEX c1_work ON c1 (needs, work_rank, tps, form, round) WHERE draft IS NULL
"""

# A state that needs a person hides what else the form waits for; then the readings, the missing sheets, the centre.
_0009 = """
ALTER TABLE c1 ADD COLUMN head_since REAL

UPDATE c1 SET head_since = (SELECT state_at FROM version WHERE version.id = c1.head)

ALTER TABLE c1 ADD COLUMN stop TEXT GENERATED ALWAYS AS (CASE
    WHEN head_state IN ('disputed', 'rejected', 'rival') THEN head_state
    WHEN head_state = 'public' THEN NULL
    WHEN received_at IS NULL THEN 'not_received'
    WHEN outcome <> 'settled' THEN outcome
    WHEN scanned_at IS NULL THEN 'missing_pages'
    ELSE coalesce(head_state, outcome) END) VIRTUAL

ALTER TABLE c1 ADD COLUMN stop_since REAL GENERATED ALWAYS AS (CASE
    WHEN head_state IN ('disputed', 'rejected', 'rival') THEN head_since
    WHEN head_state = 'public' OR received_at IS NULL THEN NULL
    WHEN outcome = 'unread' THEN received_at
    WHEN outcome <> 'settled' THEN coalesce(outcome_since, received_at)
    WHEN scanned_at IS NULL THEN received_at
    ELSE coalesce(head_since, outcome_since) END) VIRTUAL

CREATE INDEX c1_stop ON c1 (stop, stop_since, tps, form, round)

CREATE INDEX c1_age ON c1 (stop_since IS NULL, stop_since, tps, form, round)

CREATE INDEX reading_taken_over ON reading (id) WHERE taken_over_from <> '[]'
"""

_0010 = """
CREATE TABLE line_log (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL
) STRICT

CREATE TRIGGER line_log_no_update BEFORE UPDATE ON line_log
BEGIN SELECT RAISE(ABORT, 'line_log is append-only'); END

CREATE TRIGGER line_log_no_delete BEFORE DELETE ON line_log
BEGIN SELECT RAISE(ABORT, 'line_log is append-only'); END
"""

_0011 = """
CREATE TABLE public_look (
    c1 INTEGER PRIMARY KEY REFERENCES c1 (id), version INTEGER NOT NULL REFERENCES version (id),
    sight TEXT NOT NULL, times INTEGER NOT NULL, shown TEXT NOT NULL, validator TEXT NOT NULL, since REAL NOT NULL,
    seen_at REAL NOT NULL, equal_at REAL, next_at REAL NOT NULL, checked_by TEXT REFERENCES person (id), checked_at REAL
) STRICT

CREATE INDEX public_look_odd ON public_look (sight, since) WHERE sight NOT IN ('', 'equal')
"""

VERSION = 11  # steps above; a test counts them
SCHEMA_FILE = Path(__file__).with_name("schema.sql")


def apply(connection: Connection) -> None:
    """Bring the file up to `VERSION`."""
    steps.apply(UtilsDatabase(connection, execute_plugins=False))
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={VERSION}")


def dump(connection: Connection) -> str:
    """The schema as text, as `schema.sql` holds it (shadow tables of the search index left out)."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    wanted = [str(row["sql"]).rstrip() for row in rows if not str(row["name"]).startswith(_SHADOWS)]
    head = "-- Generated by python -m app.store.migrations; a test compares it. Do not edit.\n\n"
    return head + ";\n\n".join(wanted) + ";\n"


if __name__ == "__main__":
    from app.store.driver import Row, connect

    memory = connect(":memory:", isolation_level=None)
    memory.row_factory = Row
    apply(memory)
    SCHEMA_FILE.write_text(dump(memory), encoding="utf-8", newline="\n")
