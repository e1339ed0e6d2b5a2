"""One database file: refuses what is newer, migrates what is older, one writer, many readers.

Invariants: every change goes through the writer thread; readers are per thread and `query_only`; a database written by
a newer version of the program is refused before anything is opened for writing. Thread: any.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from app.errors import BadInput, Unavailable
from app.store import migrations
from app.store.driver import Connection, Error, open_reader, open_writer, unavailable
from app.store.writer import T, Work, Writer

FILE_NAME = "situng.db"


class Database:
    """Open with `Database.open(path)`; close with `close()`, which flushes."""

    def __init__(self, path: Path, writer: Writer | None) -> None:
        self.path = path
        self._writer = writer
        self._local = threading.local()
        self._readers: list[Connection] = []
        self._readers_lock = threading.Lock()
        self._is_closed = False

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = False, quick_check: bool = False, rest_s: float = 0.0
    ) -> Database:
        """Open an existing file (`create_file` makes one). `rest_s`: see Writer. Raises Unavailable (newer, disk),
        BadInput (not ours)."""
        if not path.is_file():
            raise BadInput(
                f"Di folder {path.parent} tidak ada data Situng Luring.",
                hint="Periksa folder, atau buat baru.",
            )
        try:
            check_version(path, may_migrate=not read_only)
            database = cls(path, None if read_only else Writer(_migrated(path), rest_s=rest_s))
        except Error as error:
            raise unavailable(error) or error from error
        if quick_check:
            database.quick_check()
        return database

    @property
    def is_read_only(self) -> bool:
        return self._writer is None

    @property
    def commits(self) -> int:
        """How many transactions the writer has committed since it started."""
        return self._writer.commits if self._writer else 0

    @property
    def version(self) -> int:
        """Another number than before when anybody has committed since, the engine's process too; 0 while the disk does
        not say. Per thread."""
        try:
            return int(self.reader.execute("PRAGMA data_version").fetchone()[0])
        except Error:
            return 0  # whoever reads next says what is wrong

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue a function for the writer; never waits."""
        if self._writer is None:
            raise Unavailable(
                "Folder data dibuka hanya untuk dibaca.",
                hint="Tutup program lain yang memakainya, lalu buka ulang.",
            )
        return self._writer.submit(work)

    def write(self, work: Work[T]) -> T:
        """Run a function in a transaction and wait until it is on the disk."""
        return self.submit(work).result()

    @property
    def reader(self) -> Connection:
        """This thread's reading connection; each statement sees the newest commit."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._readers_lock:
                if self._is_closed:
                    raise Unavailable("Folder data sudah ditutup.", hint="Buka ulang program.")
                connection = open_reader(self.path)
                self._readers.append(connection)
            self._local.connection = connection
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Several statements over one state of the database."""
        connection = self.reader
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    def quick_check(self) -> None:
        """Raises Unavailable when SQLite finds the file damaged."""
        faults = [str(row[0]) for row in self.reader.execute("PRAGMA quick_check(5)")]
        if faults != ["ok"]:
            raise Unavailable(
                f"Basis data rusak: {faults[0]}.",
                hint="Jangan dihapus; pakai cadangan terakhir dan hubungi teknisi.",
            )

    def close(self) -> None:
        """Commit what is queued, then close every connection."""
        if self._writer is not None:
            self._writer.close()
        with self._readers_lock:
            self._is_closed = True
            for connection in self._readers:
                connection.close()
            self._readers.clear()


def create_file(path: Path, fill: Work[None]) -> None:
    """Make a complete database in one step: built beside its place, filled, closed and only then renamed."""
    building = path.with_name(path.name + ".new")
    _remove(building)
    try:
        connection = open_writer(building)
        try:
            migrations.apply(connection)
            connection.execute("BEGIN IMMEDIATE")
            fill(connection)
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
        building.replace(path)
    except Error as error:
        raise unavailable(error) or error from error
    finally:
        _remove(building)


def check_version(path: Path, *, may_migrate: bool = True) -> None:
    """Raises Unavailable for a database of a newer program (or one that must be migrated first), BadInput for one
    that is not ours; changes nothing.
    """
    connection = open_reader(path)
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()
    if application != migrations.APPLICATION_ID:
        raise BadInput(f"{path.name} bukan basis data Situng Luring.", hint="Periksa folder yang dipilih.")
    if version > migrations.VERSION:
        raise Unavailable(
            f"Data ini ditulis oleh versi program yang lebih baru (skema {version}, program ini {migrations.VERSION}). "
            "Tidak ada yang diubah.",
            hint="Pasang versi terbaru, lalu buka lagi.",
            code="newer_database",
        )
    if version < migrations.VERSION and not may_migrate:
        raise Unavailable(
            "Data ini ditulis oleh versi program yang lebih lama dan perlu disesuaikan dulu. Tidak ada yang diubah.",
            hint="Buka sekali dengan jendela program ini, lalu ulangi.",
            code="older_database",
        )


def _migrated(path: Path) -> Connection:
    connection = open_writer(path)
    try:
        migrations.apply(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _remove(building: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        building.with_name(building.name + suffix).unlink(missing_ok=True)
