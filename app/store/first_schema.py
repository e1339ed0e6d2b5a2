"""The SQL of steps 0001 to 0004 of `app.store.migrations`: the schema as it was first made. Frozen."""

from __future__ import annotations

WORKPLACE = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID

CREATE TABLE preference (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID

CREATE TABLE area (
    code TEXT PRIMARY KEY, level TEXT NOT NULL, name TEXT NOT NULL, parent TEXT, kpu_id TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID

CREATE INDEX area_parent ON area (parent, code)

CREATE TABLE station (
    id INTEGER PRIMARY KEY, tps TEXT NOT NULL UNIQUE CHECK (length(tps) = 13), desa TEXT NOT NULL,
    kecamatan TEXT NOT NULL,
    desa_name TEXT NOT NULL, kecamatan_name TEXT NOT NULL, dpt_l INTEGER, dpt_p INTEGER,
    kpu_id TEXT NOT NULL DEFAULT '',
    added_at REAL
) STRICT

CREATE INDEX station_area ON station (kecamatan, desa)

CREATE INDEX station_dpt ON station (dpt_l, dpt_p)

CREATE VIRTUAL TABLE station_search USING fts5 (words, content='', prefix='1 2 3',
    tokenize='unicode61 remove_diacritics 2')

CREATE TABLE person (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, public_key TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    pin_salt BLOB NOT NULL, pin_check BLOB NOT NULL, wrapped_key BLOB NOT NULL, cost TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT, WITHOUT ROWID

CREATE TABLE pin_attempt (
    person TEXT PRIMARY KEY REFERENCES person (id), failures INTEGER NOT NULL, locked_until REAL NOT NULL
) STRICT, WITHOUT ROWID

CREATE TABLE c1 (
    id INTEGER PRIMARY KEY,
    tps TEXT NOT NULL REFERENCES station (tps), form TEXT NOT NULL,
    round INTEGER NOT NULL CHECK (round BETWEEN 1 AND 9),
    station INTEGER NOT NULL REFERENCES station (id), kecamatan TEXT NOT NULL, desa TEXT NOT NULL,
    page_count INTEGER NOT NULL, readings_needed INTEGER NOT NULL CHECK (readings_needed IN (1, 2)),
    profile TEXT NOT NULL,
    generation INTEGER NOT NULL DEFAULT 1,
    outcome TEXT NOT NULL DEFAULT 'unread', outcome_since REAL, draft INTEGER,
    work_rank INTEGER NOT NULL DEFAULT 3, pages_in INTEGER NOT NULL DEFAULT 0,
    head INTEGER, head_state TEXT,
    received_at REAL, scanned_at REAL, keyed_at REAL, second_at REAL,
    sent_at REAL, at_centre_at REAL, verified_at REAL, public_at REAL,
    UNIQUE (tps, form, round)
) STRICT

CREATE INDEX c1_station ON c1 (station)

CREATE INDEX c1_work ON c1 (outcome, work_rank, tps, form, round) WHERE draft IS NULL

CREATE INDEX c1_head_state ON c1 (head_state, tps) WHERE head_state IS NOT NULL

CREATE INDEX c1_area ON c1 (
    kecamatan, desa, received_at, scanned_at, keyed_at, second_at, sent_at, at_centre_at, verified_at, public_at
)

CREATE INDEX c1_not_scanned ON c1 (tps, form, round) WHERE received_at IS NOT NULL AND scanned_at IS NULL

CREATE INDEX c1_by_kecamatan ON c1 (kecamatan, tps, form, round)

CREATE TABLE arrival (
    c1 INTEGER PRIMARY KEY REFERENCES c1 (id), at REAL NOT NULL, by TEXT NOT NULL
) STRICT
"""

READING = """
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

EXCHANGE = """
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

FUNNEL = f"""
CREATE VIEW funnel AS SELECT {_COUNTS} FROM c1

CREATE VIEW funnel_by_kecamatan AS SELECT kecamatan AS code, {_COUNTS} FROM c1 GROUP BY kecamatan

CREATE VIEW funnel_by_desa AS SELECT kecamatan, desa AS code, {_COUNTS} FROM c1 GROUP BY kecamatan, desa
"""  # noqa: S608 - fixed text of this file
