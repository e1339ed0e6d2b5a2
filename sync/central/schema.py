"""The centre's tables, as frozen migrations. A released migration is never edited; a later one changes what it made.

Every migration opens with its reason. The number of those applied is SQLite's `user_version`; a database with a higher
number was written by a newer program and is refused.
"""

from __future__ import annotations

_FIRST = """
-- Why: the first shape. A form's `head` is the version that counts; everything that names a version is append-only.
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE district (code TEXT PRIMARY KEY, feed_head INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE enrol_code (
    code_hash TEXT PRIMARY KEY, district TEXT NOT NULL, expires_at REAL NOT NULL,
    used_by TEXT, used_key TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE device (
    id TEXT PRIMARY KEY, district TEXT NOT NULL, public_key TEXT NOT NULL, enrolled_at REAL NOT NULL,
    anchor_seq INTEGER NOT NULL DEFAULT 0, anchor_at REAL NOT NULL DEFAULT 0, unproven INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE anchor (
    device TEXT NOT NULL REFERENCES device (id), seq INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE token (hash TEXT PRIMARY KEY, device TEXT NOT NULL, expires_at REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE nonce (device TEXT NOT NULL, nonce TEXT NOT NULL, PRIMARY KEY (device, nonce)) STRICT, WITHOUT ROWID;
CREATE TABLE operator (
    district TEXT NOT NULL, id TEXT NOT NULL, roles TEXT NOT NULL, inactive_since TEXT, said_at TEXT NOT NULL,
    PRIMARY KEY (district, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE operator_key (
    district TEXT NOT NULL, id TEXT NOT NULL, public_key TEXT NOT NULL, PRIMARY KEY (district, id, public_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE receipt (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, what TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE form (
    key TEXT PRIMARY KEY, district TEXT NOT NULL, tps TEXT NOT NULL, form TEXT NOT NULL, round INTEGER NOT NULL,
    head INTEGER REFERENCES version (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX form_tps ON form (form, tps);
CREATE TABLE version (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL REFERENCES form (key), values_hash TEXT NOT NULL, repeat INTEGER NOT NULL,
    cells TEXT NOT NULL, parent TEXT, cause TEXT NOT NULL, device TEXT NOT NULL, received_at REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('head', 'superseded', 'rival', 'withdrawn')),
    receipt INTEGER NOT NULL REFERENCES receipt (sequence),
    returned_n INTEGER, returned_pages TEXT NOT NULL DEFAULT '',
    UNIQUE (key, values_hash, repeat)
) STRICT;
CREATE UNIQUE INDEX version_one_head ON version (key) WHERE state = 'head';
CREATE INDEX version_hash ON version (values_hash);
CREATE TABLE reading (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version (id), ord INTEGER NOT NULL,
    person TEXT NOT NULL,
    values_hash TEXT NOT NULL, cells TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (version, body)
) STRICT;
CREATE TABLE acceptance (
    version INTEGER NOT NULL REFERENCES version (id), body TEXT NOT NULL, PRIMARY KEY (version, body)
) STRICT, WITHOUT ROWID;
CREATE TABLE page (
    version INTEGER NOT NULL REFERENCES version (id), n INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (version, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_sha256 ON page (sha256);
CREATE TABLE scan (
    sha256 TEXT NOT NULL, district TEXT NOT NULL, bytes INTEGER NOT NULL, device TEXT NOT NULL, at REAL NOT NULL,
    receipt INTEGER NOT NULL REFERENCES receipt (sequence), PRIMARY KEY (sha256, district)
) STRICT, WITHOUT ROWID;
CREATE TABLE upload (
    id TEXT PRIMARY KEY, device TEXT NOT NULL, district TEXT NOT NULL, sha256 TEXT NOT NULL, length INTEGER NOT NULL,
    expires_at REAL NOT NULL, is_done INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_expires ON upload (expires_at);
CREATE INDEX upload_device ON upload (device) WHERE is_done = 0;
CREATE TABLE feed_event (
    district TEXT NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (district, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE verdict (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL REFERENCES version (id), person TEXT NOT NULL, verdict TEXT NOT NULL,
    place INTEGER NOT NULL, body TEXT NOT NULL, receipt INTEGER NOT NULL REFERENCES receipt (sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_version ON verdict (version, place);
CREATE TABLE withdrawal (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL REFERENCES version (id), body TEXT NOT NULL,
    receipt INTEGER NOT NULL REFERENCES receipt (sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE published (
    key TEXT PRIMARY KEY, tps TEXT NOT NULL, form TEXT NOT NULL, round INTEGER NOT NULL, version INTEGER NOT NULL,
    votes TEXT NOT NULL, fields TEXT NOT NULL, images TEXT NOT NULL, ts TEXT NOT NULL, readings INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX published_tps ON published (form, tps, round);
CREATE TABLE to_consider (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE unpublished_reason (key TEXT PRIMARY KEY, reasons TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE to_write (key TEXT PRIMARY KEY, event TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_SECOND = """
-- Why: a stolen or lost PC is locked out without taking back what it sent; a district whose coordinator's key is lost
-- gets a code that lets it name a coordinator once more.
ALTER TABLE device ADD COLUMN revoked_at REAL;
ALTER TABLE device ADD COLUMN names_coordinator INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrol_code ADD COLUMN names_coordinator INTEGER NOT NULL DEFAULT 0;
"""

_THIRD = """
-- Why: on a poor line a small copy of each scan comes first and is shown until the scan is here.
CREATE TABLE thrifty (
    scan TEXT NOT NULL, district TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, device TEXT NOT NULL,
    at REAL NOT NULL, receipt INTEGER NOT NULL REFERENCES receipt (sequence), PRIMARY KEY (scan, district, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX thrifty_sha256 ON thrifty (sha256, district);
ALTER TABLE upload ADD COLUMN thrifty_of TEXT NOT NULL DEFAULT '';
"""

_FOURTH = """
-- Why: two requests of one device may overtake one another; the pages a form is said to have follow its journal.
ALTER TABLE page ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN as_of INTEGER NOT NULL DEFAULT 0;
"""

_FIFTH = """
-- Why: forms read page by page are understood now; what waited for that alone is looked at once more.
INSERT OR IGNORE INTO to_consider SELECT key FROM unpublished_reason WHERE instr(reasons, 'not_settled') > 0;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
