"""Frozen steps from an empty file to today's schema. A released step is never edited: a change is a new step.

Each step opens with its reason, is plain SQL, imports nothing of today's models and runs in one transaction together
with its record. `schema.sql` is generated from the result (`dump`) and compared in a test. `user_version`
counts the steps, so that an older program refuses the file.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database as UtilsDatabase
from sqlite_utils import Migrations

from app.store import first_schema
from app.store.driver import Connection

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
    _run(db, first_schema.WORKPLACE)


@steps(name="0002_reading")
def _reading(db: UtilsDatabase) -> None:
    """Why: what was read: readings, drafts kept per keystroke, acceptances, versions; scans and pages."""
    _run(db, first_schema.READING)


@steps(name="0003_exchange")
def _exchange(db: UtilsDatabase) -> None:
    """Why: what goes to the centre and what comes back; the journal that proves it."""
    _run(db, first_schema.EXCHANGE)


@steps(name="0004_funnel")
def _funnel(db: UtilsDatabase) -> None:
    """Why: the funnel is a view over facts, never counted by hand."""
    _run(db, first_schema.FUNNEL)


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


@steps(name="0012_ballot_and_site")
def _ballot_and_site(db: UtilsDatabase) -> None:
    """Why: PPWP first. By the names of their forms the ballots of a district were read DPD, DPR, ..., PPWP last; a form
    now has the place of its ballot as KPU lists them, and every order of forms begins with that. Definitions of before
    are known by their ids; `meta.kinds`, of which new forms are made, learns it too.

    And: where the public site differs from what was verified, a person is asked; the lists, which are in the order of
    `stop_since`, knew nothing of it. `c1.differs_since` is a fact like the others, and a stop of its own.
    """
    _run(db, _0012)


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

_PLACE = """CASE {form} WHEN 'c1-ppwp-2019' THEN 0 WHEN 'c-hasil-ppwp-2024' THEN 0
    WHEN 'c1-dpr-2019-jabar-2' THEN 1 WHEN 'c1-dpd-2019-jabar' THEN 2 WHEN 'c1-dprd-prov-2019-jabar-2' THEN 3
    WHEN 'c1-dprd-kab-2019-3204' THEN 4 ELSE 5 END"""
_0012 = f"""
ALTER TABLE c1 ADD COLUMN ballot INTEGER NOT NULL DEFAULT 5

UPDATE c1 SET ballot = {_PLACE.format(form="form")}

UPDATE meta SET value = (SELECT json_group_array(json(kind)) FROM (
    SELECT json_insert(k.value, '$[4]', json('[""]'), '$[5]', {_PLACE.format(form="json_extract(k.value, '$[0]')")})
    AS kind FROM json_each(meta.value) k ORDER BY k.key)) WHERE name = 'kinds'

ALTER TABLE c1 ADD COLUMN differs_since REAL

UPDATE c1 SET differs_since = (SELECT l.since FROM public_look l WHERE l.c1 = c1.id AND l.version = c1.head
    AND l.sight = 'differs' AND l.times >= 2 AND l.checked_at IS NULL)
WHERE head_state IN ('public', 'verified', 'verdict_at_centre') AND id IN (SELECT c1 FROM public_look)
AND NOT EXISTS (SELECT 1 FROM c1 o WHERE o.tps = c1.tps AND o.form = c1.form AND o.round > c1.round)

DROP INDEX c1_work

CREATE INDEX c1_work ON c1 (needs, work_rank, ballot, tps, form, round) WHERE draft IS NULL

DROP INDEX c1_stop

DROP INDEX c1_age

ALTER TABLE c1 DROP COLUMN stop

ALTER TABLE c1 DROP COLUMN stop_since

ALTER TABLE c1 ADD COLUMN stop TEXT GENERATED ALWAYS AS (CASE
    WHEN head_state IN ('disputed', 'rejected', 'rival') THEN head_state
    WHEN differs_since IS NOT NULL THEN 'public_differs'
    WHEN head_state = 'public' THEN NULL
    WHEN received_at IS NULL THEN 'not_received'
    WHEN outcome <> 'settled' THEN outcome
    WHEN scanned_at IS NULL THEN 'missing_pages'
    ELSE coalesce(head_state, outcome) END) VIRTUAL

ALTER TABLE c1 ADD COLUMN stop_since REAL GENERATED ALWAYS AS (CASE
    WHEN head_state IN ('disputed', 'rejected', 'rival') THEN head_since
    WHEN differs_since IS NOT NULL THEN differs_since
    WHEN head_state = 'public' OR received_at IS NULL THEN NULL
    WHEN outcome = 'unread' THEN received_at
    WHEN outcome <> 'settled' THEN coalesce(outcome_since, received_at)
    WHEN scanned_at IS NULL THEN received_at
    ELSE coalesce(head_since, outcome_since) END) VIRTUAL

CREATE INDEX c1_stop ON c1 (stop, stop_since, tps, ballot, form, round)

CREATE INDEX c1_age ON c1 (stop_since IS NULL, stop_since, tps, ballot, form, round)

DROP INDEX c1_by_kecamatan

CREATE INDEX c1_by_kecamatan ON c1 (kecamatan, tps, ballot, form, round)

DROP INDEX c1_not_scanned

CREATE INDEX c1_not_scanned ON c1 (tps, ballot, form, round) WHERE received_at IS NOT NULL AND scanned_at IS NULL

CREATE INDEX c1_by_tps ON c1 (tps, ballot, form, round)
"""  # noqa: S608 - fixed text of this file

VERSION = 12  # steps above; a test counts them
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
