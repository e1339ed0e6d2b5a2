"""The centre's SQLite file: one writer at a time, any number of readers, everything durable when a call returns.

Invariant: `synchronous=FULL`, so an answer that was sent is on disk. Beside the database stands a *witness* file
with the epoch and the newest receipt number: a database older than its witness was restored from a backup, and the
centre then takes a new epoch, so that clients compare everything again. Of a folder that came back whole, witness and
all, its clients have the proof (`evidence`). Thread: any; writers wait for one lock.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.errors import Unavailable
from sync.central.driver import Connection, Row, connect
from sync.central.schema import MIGRATIONS

BUSY_S = 10.0  # another program may be taking a backup
EPOCH = "epoch"  # the fact
BEFORE = "epoch_before"  # the fact: the epoch that this one ended

log = logging.getLogger(__name__)


class Database:
    """Open with `Database(path)`, end with `close()`."""

    def __init__(self, path: Path, *, was_restored: bool = False) -> None:
        self._path = path
        self._witness = path.with_name("epoch-witness")
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[Connection] = []
        self._writer = self._open()
        self._migrate()
        self.epoch = ""
        self._settle_epoch(was_restored)

    def _open(self) -> Connection:
        connection = connect(str(self._path), timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        connection.row_factory = Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _migrate(self) -> None:
        (done,) = self._writer.execute("PRAGMA user_version").fetchone()
        if done > len(MIGRATIONS):
            raise Unavailable(
                "Data server ini ditulis oleh program yang lebih baru. Tidak ada yang diubah.",
                hint="Jalankan versi program yang lebih baru.",
            )
        for number, script in enumerate(MIGRATIONS[done:], done + 1):
            self._writer.executescript(f"BEGIN IMMEDIATE;{script};PRAGMA user_version={number};COMMIT;")

    def _settle_epoch(self, was_restored: bool) -> None:
        """Compare database and witness; a database that is behind (or a stranger) begins a new epoch."""
        with self.write() as con:
            witness, newest = self._read_witness(), newest_receipt(con)
            # The epoch before is as good: its successor is committed before the witness says so.
            is_same = witness is not None and witness[0] in {self.epoch, fact(con, BEFORE)}
            is_behind = witness is not None and witness[1] > newest
            if was_restored or not self.epoch or not is_same or is_behind:
                begin_epoch(con)
            elif witness is not None and witness[0] != self.epoch:
                self._write_witness(self.epoch, newest)

    def _read_witness(self) -> tuple[str, int] | None:
        try:
            epoch, number = self._witness.read_text("ascii").split()
            return epoch, int(number)
        except (OSError, ValueError):
            return None

    def _write_witness(self, epoch: str, newest: int) -> None:
        # Fixed width, overwritten in place by one write: another process that opens the folder never sees half of it,
        # and whatever looks torn counts as a stranger, which is the safe side. Never fsynced, and no failure of what is
        # committed already: the witness may lag behind the database, only the opposite means something.
        try:
            self._witness.touch()
            with self._witness.open("r+b", buffering=0) as file:
                file.write(f"{epoch} {newest:020d}\n".encode("ascii"))
        except OSError:
            log.warning("The witness of the epoch could not be written.", exc_info=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction; committed and on disk when the block ends, rolled back when it raises.

        In it `epoch` is the one that holds: another program on this folder (a bundle that is taken in, a centre that
        serves meanwhile) may have begun one since.
        """
        with self._lock:
            con = self._writer
            con.execute("BEGIN IMMEDIATE")
            try:
                self.epoch = fact(con, EPOCH)
                before = self.epoch, newest_receipt(con)
                yield con
                after = fact(con, EPOCH), newest_receipt(con)
                con.execute("COMMIT")
            except BaseException:
                if con.in_transaction:  # a full disk may have ended it already
                    con.execute("ROLLBACK")
                raise
            self.epoch = after[0]
            if after != before:
                self._write_witness(*after)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, on this thread's own connection."""
        con: Connection | None = getattr(self._local, "connection", None)
        if con is None:
            con = self._local.connection = self._open()
            with self._lock:
                self._readers.append(con)
        con.execute("BEGIN")
        try:
            yield con
        finally:
            con.execute("ROLLBACK")

    def close(self) -> None:
        """Close every connection; the caller has stopped its threads."""
        with self._lock:
            for con in (*self._readers, self._writer):
                con.close()
            self._readers.clear()


def newest_receipt(con: Connection) -> int:
    """The number of the newest receipt given, 0 when there is none."""
    row = con.execute("SELECT max(sequence) FROM receipt").fetchone()
    return int(row[0] or 0)


def begin_epoch(con: Connection) -> str:
    """Another epoch, and its name. It holds once the transaction is committed, and with it all that this writes."""
    epoch = uuid.uuid4().hex
    set_fact(con, BEFORE, fact(con, EPOCH))
    set_fact(con, EPOCH, epoch)
    return epoch


def fact(con: Connection, name: str, default: str = "") -> str:
    """A single remembered value."""
    row = con.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else default


def set_fact(con: Connection, name: str, value: str) -> None:
    con.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def one(con: Connection, sql: str, *values: Any) -> Row | None:
    """First row or None."""
    row: Row | None = con.execute(sql, values).fetchone()
    return row
