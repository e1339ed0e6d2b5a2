"""The first step's tables, as they were released (see `app.store.migrations`): never edited."""

FIRST = """
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
