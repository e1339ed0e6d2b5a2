"""What must be true of a district PC and a centre, asked of their two databases: exactly once, nothing forgotten,
nothing without a reason. `wrong` at every instant, whatever just failed; `differences` once everything is quiet.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from app.store.driver import Connection

Row = tuple[Any, ...]


class Truth:
    """One example's. Remembers what the centre had at some time: a backup takes it away again."""

    def __init__(self) -> None:
        self._held: set[tuple[str, str]] = set()
        self._given: set[Row] = set()  # every receipt it ever gave

    def look(self, there: Connection) -> None:
        """Before a backup takes its place, and at every look."""
        for kind, question in _HELD.items():
            self._held |= {(kind, str(row[0])) for row in there.execute(question)}
        self._given |= set(_rows(there, _GIVEN))

    def wrong(self, here: Connection, there: Connection) -> list[str]:
        """True at every instant."""
        self.look(there)
        found = [f"{what}: {row}" for what, question in _NEVER_HERE for row in _rows(here, question)]
        found += [f"{what}: {row}" for what, question in _NEVER_THERE for row in _rows(there, question)]
        found += [f"no receipt of the centre's: {row}" for row in set(_rows(here, _RECEIPTS)) - self._given]
        for what, question in _SAID:
            missing = set(_rows(here, question)) - self._held
            found += [f"{what}, and the centre never had it: {row}" for row in missing]
        return found

    def differences(self, here: Connection, there: Connection) -> list[str]:
        """What must be gone once everything is quiet: here and there are the same, a receipt for each."""
        found = []
        for what, ours, theirs in _SAME:
            mine, its = sorted(_rows(here, ours)), sorted(_rows(there, theirs))
            if mine != its:
                found.append(f"{what}: here {mine}, at the centre {its}")
        for what, ours, theirs in _WITHIN:
            missing = sorted(set(_rows(here, ours)) - set(_rows(there, theirs)))
            found += [f"{what} not at the centre: {row}" for row in missing]
        return found + [f"{what}: {row}" for what, question in _NEVER_QUIET for row in _rows(here, question)]


class Undone(NamedTuple):
    """An item that has not reached the centre."""

    kind: str
    what: str
    state: str
    reason_code: str
    reason_text: str
    stopped_records: int  # of its form

    @property
    def is_stopped(self) -> bool:
        return self.state == "stopped"

    @property
    def waits_for_a_stopped_one(self) -> bool:
        """The centre must know the version before its verdict or withdrawal, and a person must look at that first; what
        was read after the withdrawal stays behind it."""
        return self.reason_code in {"later", "behind"} and self.stopped_records > 0


def undone(here: Connection) -> list[Undone]:
    """What has not reached the centre."""
    rows = here.execute(
        """
        SELECT kind, what, state, CASE WHEN reason_code = '' AND kind = 'record' AND EXISTS (SELECT 1 FROM outbox w
            WHERE w.c1 = o.c1 AND w.kind = 'withdrawal' AND w.id < o.id AND w.state = 'waiting'
            AND w.reason_code = 'later') THEN 'behind' ELSE reason_code END, reason_text, (SELECT count(*) FROM outbox r
            WHERE r.c1 = o.c1 AND r.kind = 'record' AND r.state = 'stopped')
        FROM outbox o WHERE state <> 'done'
        """
    )
    return [Undone(*row) for row in rows]


def in_flight(here: Connection) -> list[Row]:
    """What an engine has under way."""
    return _rows(here, "SELECT kind, what, state FROM outbox WHERE state = 'in_flight'")


def _rows(connection: Connection, question: str) -> list[Row]:
    return [tuple(row) for row in connection.execute(question)]


_HELD = {
    "record": "SELECT values_hash FROM version",
    "verdict": "SELECT id FROM verdict",
    "withdrawal": "SELECT id FROM withdrawal",
    "scan": "SELECT sha256 FROM scan",
}
_RECEIPTS = "SELECT kind, what, values_hash, sequence, epoch FROM receipt"
_GIVEN = """
    SELECT kind, what, json_extract(body, '$.values_hash'), sequence, json_extract(body, '$.epoch') FROM receipt
"""

# ---- nothing without a reason, nothing forgotten: at the PC ----
_NEVER_HERE = (
    (
        "waits without a reason or a time",
        """
        SELECT kind, what, reason_code, reason_text, next_at FROM outbox
        WHERE state = 'waiting' AND (reason_code = '' OR reason_text = '' OR next_at <= 0)
        """,
    ),
    (
        "stopped without a reason",
        "SELECT kind, what FROM outbox WHERE state = 'stopped' AND (reason_code = '' OR reason_text = '')",
    ),
    (
        "a version is to be sent and not in the queue",
        """
        SELECT values_hash FROM version v WHERE state = 'queued' AND NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.kind = 'record' AND o.version = v.id AND o.state <> 'done')
        """,
    ),
    (
        "a scan is not held and not in the queue",
        """
        SELECT sha256 FROM page JOIN scan ON sha256 = scan WHERE state = 'assigned' AND held_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.kind = 'scan' AND what = scan AND o.state <> 'done')
        """,
    ),
    (
        "a verdict was never in the queue",
        """
        SELECT id FROM verdict v WHERE NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.kind = 'verdict' AND what = v.id)
        """,
    ),
)

# ---- exactly once: at the centre ----
_NEVER_THERE = (
    (
        "the same values twice",
        "SELECT key, values_hash, repeat FROM version GROUP BY 1, 2, 3 HAVING count(*) > 1",
    ),
    ("two heads", "SELECT key FROM version WHERE state = 'head' GROUP BY 1 HAVING count(*) > 1"),
    (
        "two receipts",
        "SELECT kind, what FROM receipt WHERE kind <> 'record' GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    (
        "receipts are not as many as versions",
        """
        SELECT what, json_extract(body, '$.values_hash') AS name FROM receipt WHERE kind = 'record'
        GROUP BY 1, 2 HAVING count(*) <> (SELECT count(*) FROM version WHERE key = what AND values_hash = name)
        """,
    ),
)

# ---- what the PC says of the centre: kind and name, each of which it must have had ----
_SAID = (
    (
        # And not cancelled: what a newer version, verdict or page replaced before it left is nobody's loss.
        "done",
        """
        SELECT o.kind, o.what FROM outbox o LEFT JOIN version v ON v.id = o.version WHERE o.state = 'done'
        AND NOT (o.kind IN ('record', 'verdict') AND v.state IN ('superseded', 'withdrawn'))
        AND NOT (o.kind = 'scan' AND NOT EXISTS (SELECT 1 FROM page WHERE scan = o.what AND page.state = 'assigned'))
        AND NOT (o.kind = 'verdict' AND EXISTS (
            SELECT 1 FROM verdict a JOIN verdict b ON b.version = a.version AND b.rowid > a.rowid WHERE a.id = o.what))
        """,
    ),
    ("at the centre", "SELECT 'record', values_hash FROM version WHERE at_centre_at IS NOT NULL"),
    ("held", "SELECT 'scan', sha256 FROM scan WHERE held_at IS NOT NULL"),
)

# ---- once quiet: ours and theirs ----
_SAME = (
    (
        "heads",
        "SELECT tps, values_hash, repeat FROM c1 JOIN version ON version.id = c1.head",
        "SELECT tps, values_hash, repeat FROM form JOIN version ON version.id = form.head",
    ),
    (
        "pages of the heads",
        """
        SELECT tps, page.n, page.scan FROM c1 JOIN page ON page.c1 = c1.id
        WHERE page.state = 'assigned' AND c1.head IS NOT NULL
        """,
        "SELECT tps, page.n, page.sha256 FROM form JOIN page ON page.version = form.head",
    ),
    (
        "last verdicts on the heads",
        """
        SELECT tps, a.id, a.verdict FROM c1 JOIN verdict a ON a.version = c1.head WHERE NOT EXISTS (
            SELECT 1 FROM verdict b WHERE b.version = a.version AND b.rowid > a.rowid)
        """,
        """
        WITH said AS (  -- one may come after the one that names it as its `previous`: it stays replaced
            SELECT * FROM verdict a WHERE NOT EXISTS (SELECT 1 FROM verdict b WHERE b.version = a.version
                AND b.person = a.person AND json_extract(b.body, '$.previous') = a.id))
        SELECT tps, a.id, a.verdict FROM form JOIN said a ON a.version = form.head WHERE NOT EXISTS (
            SELECT 1 FROM said b WHERE b.version = a.version AND b.place > a.place)
        """,
    ),
    (
        "public heads",
        "SELECT tps FROM c1 WHERE head_state = 'public'",
        "SELECT form.tps FROM published JOIN form USING (key) WHERE published.version = form.head",
    ),
)

# ---- once quiet: ours are among theirs, which are more where something was replaced ----
_WITHIN = (
    (
        # Of every form, keyed or not: the pages of the heads are only those that a head names.
        "scans",
        "SELECT DISTINCT scan FROM page WHERE state = 'assigned'",
        "SELECT sha256 FROM scan",
    ),
    (
        "held scans",
        "SELECT sha256 FROM scan WHERE held_at IS NOT NULL",
        "SELECT sha256 FROM scan",
    ),
)

# ---- once quiet: receipts ----
_NEVER_QUIET = (
    (
        "a head without a receipt",
        """
        SELECT tps, values_hash FROM c1 JOIN version v ON v.id = c1.head WHERE NOT EXISTS (
            SELECT 1 FROM receipt r WHERE r.kind = 'record' AND r.values_hash = v.values_hash
            AND r.what = c1.tps || '/' || c1.form || '/' || c1.round)
        """,
    ),
    (
        "a scan without a receipt",
        """
        SELECT scan FROM page WHERE state = 'assigned' AND NOT EXISTS (
            SELECT 1 FROM receipt r WHERE r.kind = 'scan' AND r.what = scan)
        """,
    ),
    (
        "a withdrawal without a receipt",
        """
        SELECT what FROM outbox o WHERE kind = 'withdrawal' AND NOT EXISTS (
            SELECT 1 FROM receipt r WHERE r.kind = 'withdrawal' AND r.what = o.what)
        """,
    ),
    (
        "a verdict on a head without a receipt",
        """
        SELECT a.id FROM c1 JOIN verdict a ON a.version = c1.head WHERE NOT EXISTS (
            SELECT 1 FROM verdict b WHERE b.version = a.version AND b.rowid > a.rowid)
        AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.kind = 'verdict' AND r.what = a.id)
        """,
    ),
)
