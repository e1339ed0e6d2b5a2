"""The one place that imports the SQLite driver.

`pysqlite3` brings SQLite 3.53; every SQLite from 3.7.0 to 3.51.2 can corrupt a WAL database that has two connections
(the WAL-reset bug, fixed in 3.51.3), and the interpreter's own is older. Its exceptions are its own, not `sqlite3`'s,
so nobody else may catch them by name: use `Error` from here. Thread: a connection belongs to one thread at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Unavailable

if TYPE_CHECKING:
    # The same interface with types; pysqlite3 ships none.
    from sqlite3 import Connection, Error, IntegrityError, Row, connect, sqlite_version_info
else:
    from pysqlite3.dbapi2 import Connection, Error, IntegrityError, Row, connect, sqlite_version_info

__all__ = [
    "BUSY_TIMEOUT_S",
    "Connection",
    "Error",
    "IntegrityError",
    "Row",
    "connect",
    "open_reader",
    "open_writer",
    "sqlite_version_info",
    "unavailable",
]

BUSY_TIMEOUT_S = (
    10.0  # another process (the engine) holds the write lock for one commit, or while it migrates
)
CACHE_KIB = 32 * 1024  # page cache of one connection: the indexes of 75,000 forms fit
_SAFE = "Semua yang sudah tersimpan aman."
_CAUSES = {
    "SQLITE_FULL": ("Disk penuh: perubahan terakhir tidak tersimpan.", "Kosongkan ruang disk, lalu ulangi."),
    "SQLITE_READONLY": (
        "Folder data hanya dapat dibaca: perubahan terakhir tidak tersimpan.",
        "Periksa izin folder data.",
    ),
    "SQLITE_IOERR": (
        "Disk gagal dibaca atau ditulis: perubahan terakhir tidak tersimpan.",
        "Periksa disk dan kabelnya, lalu buka ulang.",
    ),
    "SQLITE_CANTOPEN": ("Basis data tidak dapat dibuka.", "Periksa folder data dan izinnya."),
    "SQLITE_BUSY": ("Basis data sedang dipakai proses lain.", "Tunggu sebentar, lalu ulangi."),
    "SQLITE_CORRUPT": ("Basis data rusak.", "Jangan dihapus; pakai cadangan terakhir dan hubungi teknisi."),
    "SQLITE_NOTADB": ("Berkas situng.db bukan basis data Situng Luring.", "Periksa folder yang dipilih."),
}


def open_writer(path: Path) -> Connection:
    """The writing connection: WAL, a commit is on the disk before it returns, foreign keys enforced."""
    connection = _connect(f"{path.absolute().as_uri()}?mode=rwc")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA recursive_triggers=ON")  # so REPLACE cannot slip past the append-only triggers
    return connection


def open_reader(path: Path) -> Connection:
    """A reading connection; it can change nothing."""
    connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
    connection.execute("PRAGMA query_only=ON")
    return connection


def _connect(uri: str) -> Connection:
    # Autocommit mode: transactions are opened by name. The pool hands a connection to one thread, close() to another.
    connection = connect(
        uri,
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    connection.row_factory = Row
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return connection


def unavailable(error: Error) -> Unavailable | None:
    """The sentence for an error the disk or another process caused; None for a bug of ours."""
    name = str(getattr(error, "sqlite_errorname", "") or "")
    for cause, (what, hint) in _CAUSES.items():
        if name.startswith(cause):
            return Unavailable(f"{what} {_SAFE}", hint=hint, code=cause.lower())
    return None
