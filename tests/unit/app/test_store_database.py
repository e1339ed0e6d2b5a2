from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlite_utils import Database as UtilsDatabase

from app.errors import BadInput, Unavailable
from app.services import keying
from app.store import journal, meta, migrations, register
from app.store.database import Database, create_file
from app.store.driver import Connection, Error, IntegrityError, Row, connect, open_writer, sqlite_version_info
from app.store.writer import Writer
from tests.fakes import district


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "situng.db"
    create_file(file, lambda connection: meta.put(connection, "realm", "latihan-uji"))
    return file


def test_the_schema_file_is_what_the_migrations_make() -> None:
    memory = connect(":memory:", isolation_level=None)
    memory.row_factory = Row
    migrations.apply(memory)
    assert migrations.SCHEMA_FILE.read_text(encoding="utf-8") == migrations.dump(memory)
    memory.close()


def test_the_version_counts_the_steps_and_every_step_has_its_reason() -> None:
    memory = connect(":memory:", isolation_level=None)
    memory.row_factory = Row
    assert memory.execute("PRAGMA user_version").fetchone()[0] == 0
    migrations.apply(memory)
    assert memory.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] == migrations.VERSION
    assert memory.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION
    memory.close()


def test_a_file_of_version_7_keeps_its_readings_and_what_hangs_on_them(tmp_path: Path) -> None:
    """A real file, copied back into the shape of before: finished readings, a draft, an acceptance."""
    desk = district.make(tmp_path)
    keying.key_whole(desk.wp, desk["ani"], district.key(1), district.BROKEN, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["budi"], district.key(1), district.GOOD)
    draft = keying.open_draft(desk.wp, desk["ani"], district.key(2))
    keying.save_cell(desk.wp, draft.reading_id, "A1.J", 198, "B4.J", "18").result()
    desk.wp.close()
    now, before = tmp_path / "data" / "situng.db", tmp_path / "before.db"
    kept = as_of_version_7(now, before)
    before.replace(now)
    migrated = Database.open(now)
    assert migrations.dump(migrated.reader) == migrations.SCHEMA_FILE.read_text(encoding="utf-8")
    assert migrated.reader.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(kept["reading"]) == 3
    for table, rows in kept.items():
        columns = ", ".join(rows[0])
        found = [dict(row) for row in migrated.reader.execute(f"SELECT {columns} FROM {table}")]  # noqa: S608 - names of the schema
        assert found == rows, table
    assert [row[0] for row in migrated.reader.execute("SELECT part FROM reading")] == [1, 1, 1]
    assert (
        migrated.write(lambda connection: connection.execute("PRAGMA defer_foreign_keys").fetchone()[0]) == 0
    )
    with pytest.raises(IntegrityError):
        migrated.write(lambda connection: connection.execute("DELETE FROM reading"))
    migrated.close()


def test_a_file_of_before_learns_the_order_of_its_ballots_and_what_the_site_shows(path: Path) -> None:
    """Forms of other definitions come last; kinds kept by the first programs name no areas."""
    path.unlink()
    connection = open_writer(path)
    migrations.steps.apply(
        UtilsDatabase(connection, execute_plugins=False), stop_before="0012_ballot_and_site"
    )
    forms = ("c1-dpd-2019-jabar", "c1-ppwp-2019", "c9-desa")
    connection.execute(
        "INSERT INTO station (id, tps, desa, kecamatan, desa_name, kecamatan_name) "
        "VALUES (1, '3204052001001', '3204052001', '320405', 'A', 'B')"
    )
    for form in forms:
        connection.execute(
            "INSERT INTO c1 (tps, form, round, station, kecamatan, desa, page_count, readings_needed, profile) "
            "VALUES ('3204052001001', ?, 1, 1, '320405', '3204052001', 2, 2, 'ringkas')",
            (form,),
        )
    connection.execute(
        "INSERT INTO version (id, c1, generation, values_hash, cause, cells, state, number, created_at, state_at) "
        "VALUES (7, 2, 1, 'x', 'first', '{}', 'public', 1, 3.0, 4.0)"
    )
    connection.execute("UPDATE c1 SET head = 7, head_state = 'public' WHERE id = 2")
    connection.execute(
        "INSERT INTO public_look (c1, version, sight, times, shown, validator, since, seen_at, next_at) "
        "VALUES (2, 7, 'differs', 2, '{}', '', 8.0, 9.0, 10.0)"
    )
    meta.put_json(
        connection, "kinds", [[forms[0], 5, 2, "a", ["32"]], [forms[1], 2, 1, "b"], [forms[2], 1, 2, "c"]]
    )
    migrations.apply(connection)
    rows = connection.execute("SELECT form FROM c1 ORDER BY ballot")
    assert [row[0] for row in rows] == ["c1-ppwp-2019", "c1-dpd-2019-jabar", "c9-desa"]
    stops = connection.execute("SELECT stop, stop_since FROM c1 WHERE stop_since IS NOT NULL").fetchall()
    assert [tuple(row) for row in stops] == [("public_differs", 8.0)]
    assert register.kinds_of(connection) == [
        register.FormKind(forms[0], 5, 2, "a", 2, ("32",)),
        register.FormKind(forms[1], 2, 1, "b", 0),
        register.FormKind(forms[2], 1, 2, "c", 5),
    ]
    connection.close()


def as_of_version_7(now: Path, before: Path) -> dict[str, list[dict[str, object]]]:
    """Writes `before`, what a program of version 7 would hold of `now`; returns the rows that hang together."""
    connection = open_writer(before)
    migrations.steps.apply(UtilsDatabase(connection, execute_plugins=False), stop_before="0008_parts")
    connection.execute(f"PRAGMA application_id={migrations.APPLICATION_ID}")
    connection.execute("PRAGMA user_version=7")
    connection.execute("ATTACH ? AS now", (str(now),))
    names = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    kept: dict[str, list[dict[str, object]]] = {}
    connection.execute("PRAGMA foreign_keys=OFF")
    for (table,) in names:
        if table.startswith(("station_search", "sqlite_", "_sqlite")):
            continue
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}")  # noqa: S608 - names of the schema
        if table in ("reading", "draft_cell", "acceptance", "c1", "version"):
            rows = connection.execute(f"SELECT {columns} FROM main.{table}")  # noqa: S608 - names of the schema
            kept[table] = [dict(row) for row in rows]
    connection.execute("DETACH now")
    connection.close()
    return kept


def test_every_table_is_strict() -> None:
    memory = connect(":memory:", isolation_level=None)
    memory.row_factory = Row
    migrations.apply(memory)
    loose = [
        row["name"]
        for row in memory.execute("PRAGMA table_list")
        if row["type"] == "table" and not row["strict"] and not row["name"].startswith(("sqlite_", "_sqlite"))
    ]
    memory.close()
    assert loose == []


def test_the_driver_is_past_the_wal_reset_bug() -> None:
    assert sqlite_version_info >= (3, 51, 3)


def test_a_database_of_a_newer_program_is_refused_and_not_touched(path: Path) -> None:
    connection = open_writer(path)
    connection.execute(f"PRAGMA user_version={migrations.VERSION + 1}")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="lebih baru"):
        Database.open(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = open_writer(other)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(BadInput, match="bukan basis data"):
        Database.open(other)
    text = tmp_path / "text.db"
    text.write_text("not a database, but long enough to be looked at by anybody" * 20, encoding="utf-8")
    with pytest.raises(Unavailable, match="bukan basis data"):
        Database.open(text)
    with pytest.raises(BadInput, match="tidak ada data"):
        Database.open(tmp_path / "missing.db")


def test_a_half_made_file_is_never_left_behind(tmp_path: Path) -> None:
    def fail(_connection: Connection) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        create_file(tmp_path / "situng.db", fail)
    assert list(tmp_path.iterdir()) == []


def test_wal_and_full_durability(path: Path) -> None:
    db = Database.open(path)
    assert db.write(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()[0]) == "wal"
    assert db.write(lambda connection: connection.execute("PRAGMA synchronous").fetchone()[0]) == 2
    assert db.write(lambda connection: connection.execute("PRAGMA foreign_keys").fetchone()[0]) == 1
    db.close()


def test_many_functions_share_a_commit_and_a_failing_one_takes_nobody_with_it(path: Path) -> None:
    db = Database.open(path)
    gate = threading.Event()
    before = db.commits
    first = db.submit(lambda _connection: gate.wait(10))

    def fail(connection: Connection) -> None:
        meta.put(connection, "bad", "1")
        raise ValueError("mine alone")

    others = [db.submit(lambda connection, n=n: meta.put(connection, f"n{n}", "1")) for n in range(50)]  # type: ignore[misc]  # mypy cannot type a lambda's default
    bad = db.submit(fail)
    gate.set()
    assert first.result() is True
    for one in others:
        one.result()
    with pytest.raises(ValueError, match="mine alone"):
        bad.result()
    assert db.commits - before <= 2, "at most one for the gate, one for the fifty-one behind it"
    assert meta.get(db.reader, "n49") == "1"
    assert meta.get(db.reader, "bad") == ""
    db.close()


def test_a_future_is_done_only_after_its_commit(path: Path) -> None:
    db = Database.open(path)
    for n in range(20):
        db.submit(lambda connection, n=n: meta.put(connection, "n", str(n))).result()  # type: ignore[misc]  # the same
        assert meta.get(db.reader, "n") == str(n)
    db.close()


def test_close_flushes_and_then_refuses(path: Path) -> None:
    db = Database.open(path)
    futures = [db.submit(lambda connection, n=n: meta.put(connection, f"n{n}", "1")) for n in range(500)]  # type: ignore[misc]  # the same
    db.close()
    db.close()
    assert all(one.done() and one.exception() is None for one in futures)
    with pytest.raises(Unavailable, match="ditutup"):
        db.write(lambda _connection: None)
    again = Database.open(path, read_only=True, quick_check=True)
    assert meta.get(again.reader, "n499") == "1"
    with pytest.raises(Unavailable, match="hanya untuk dibaca"):
        again.submit(lambda _connection: None)
    with pytest.raises(Error):
        meta.put(again.reader, "x", "1")
    again.close()


def test_a_damaged_file_is_named(path: Path) -> None:
    db = Database.open(path)

    def fill(connection: Connection) -> None:
        for n in range(500):
            meta.put(connection, f"n{n}", "x" * 500)

    db.write(fill)
    db.close()
    data = bytearray(path.read_bytes())
    for place in range(40_000, len(data), 4096):
        data[place : place + 200] = b"\xff" * min(200, len(data) - place)
    path.write_bytes(bytes(data))
    with pytest.raises(Unavailable, match="rusak"):
        Database.open(path, quick_check=True)


@pytest.mark.parametrize("table", ["journal", "receipt", "feed_event", "verdict"])
def test_append_only_tables_refuse_change(table: str, path: Path) -> None:
    connection = open_writer(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    rows = {
        "journal": "(1, 'a', 'b', 'c', 'd', '{}', 'h')",
        "receipt": "(1, 'a', 'b', 'c', 'd', 1, 'e', '{}', 0.0, 'k')",
        "feed_event": "('e', 1, 'k', NULL, '{}', 0.0)",
        "verdict": "('a', 1, 1, 'h', '[]', 'ok', NULL, 'p', 't', '', 's')",
    }
    connection.execute(f"INSERT INTO {table} VALUES {rows[table]}")  # noqa: S608 - names of this test
    column = {"journal": "kind", "receipt": "kind", "feed_event": "kind", "verdict": "reason"}[table]
    with pytest.raises(IntegrityError, match="append-only"):
        connection.execute(f"UPDATE {table} SET {column} = 'x'")  # noqa: S608 - the same
    with pytest.raises(IntegrityError, match="append-only"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the same
    with pytest.raises(IntegrityError, match="append-only"):
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES {rows[table]}")  # noqa: S608 - the same
    connection.close()


def test_a_transaction_that_dies_is_run_again_one_by_one(path: Path) -> None:
    """As on a full disk: SQLite gives the whole transaction up; whoever is not to blame succeeds alone."""
    writer = Writer(open_writer(path))
    gate = threading.Event()
    first = writer.submit(lambda _connection: gate.wait(10))
    good = writer.submit(lambda connection: meta.put(connection, "good", "1"))

    def ruin(connection: Connection) -> None:
        connection.execute("ROLLBACK")
        connection.execute("SELECT * FROM no_such_table")

    bad = writer.submit(ruin)
    late = writer.submit(lambda connection: journal.add(connection, 0.0, "k", "w", "x", {}))
    gate.set()
    first.result()
    good.result()
    late.result()
    with pytest.raises(Error):
        bad.result()
    assert writer.write(lambda connection: meta.get(connection, "good")) == "1"
    writer.close()


def test_a_reader_sees_one_state_for_several_statements(path: Path) -> None:
    db = Database.open(path)
    with db.reading() as connection, db.reading() as same:
        assert connection is same
        before = meta.get(connection, "n")
        db.write(lambda writer: meta.put(writer, "n", "2"))
        assert meta.get(connection, "n") == before
    assert meta.get(db.reader, "n") == "2"
    db.close()


def test_an_older_database_is_read_only_after_it_was_brought_up_to_date(path: Path) -> None:
    connection = open_writer(path)
    connection.execute(f"PRAGMA user_version={migrations.VERSION - 1}")
    connection.close()
    with pytest.raises(Unavailable, match="lebih lama"):
        Database.open(path, read_only=True)
    Database.open(path).close()
    Database.open(path, read_only=True).close()
