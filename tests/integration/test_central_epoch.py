"""Epoch and witness where two programs work on one folder: the centre that serves, and a bundle that is taken in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.central.database import Database, begin_epoch
from sync.central.driver import Connection, IntegrityError, connect


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    Database(tmp_path / "pusat.db").close()
    yield tmp_path
    known = _known(tmp_path)
    assert _epoch_of(Database(tmp_path / "pusat.db")) == known, "the next start takes no needless one"


def test_an_epoch_begun_by_another_program_is_adopted_with_the_next_write(folder: Path) -> None:
    """It signed receipts of the epoch that was over, and wrote that into the witness."""
    serving, taking_in = Database(folder / "pusat.db"), Database(folder / "pusat.db")
    before = serving.epoch
    with serving.write() as con:
        after = begin_epoch(con)
    assert serving.epoch == after != before
    with taking_in.write() as con:
        assert taking_in.epoch == after, "known before anything is signed"
        con.execute("INSERT INTO receipt (kind, what, body) VALUES ('scan', 'x', '')")
    assert _witness(folder) == f"{after} {1:020d}"
    serving.close()
    taking_in.close()


def test_a_folder_that_is_opened_between_the_new_epoch_and_its_witness_begins_no_third(folder: Path) -> None:
    serving = Database(folder / "pusat.db")
    witness = (folder / "epoch-witness").read_bytes()
    with serving.write() as con:
        after = begin_epoch(con)
    (folder / "epoch-witness").write_bytes(
        witness
    )  # not yet written, or another program's last word came late
    assert _epoch_of(Database(folder / "pusat.db")) == after
    assert _witness(folder).startswith(after), "and is put right"
    serving.close()


def test_a_database_behind_the_witness_of_the_epoch_before_was_restored_all_the_same(folder: Path) -> None:
    serving = Database(folder / "pusat.db")
    before = serving.epoch
    with serving.write() as con:
        after = begin_epoch(con)
    serving.close()
    for stranger in (f"{before} {1:020d}\n", f"{uuid.uuid4().hex} {0:020d}\n", "torn"):
        (folder / "epoch-witness").write_text(stranger, "ascii")
        later = _epoch_of(Database(folder / "pusat.db"))
        assert later not in {before, after}
        before, after = after, later


def test_an_epoch_that_was_not_written_has_not_begun(folder: Path) -> None:
    serving = Database(folder / "pusat.db")
    epoch, witness = serving.epoch, _witness(folder)
    with pytest.raises(IntegrityError):
        _write(serving, begin_epoch, lambda con: con.execute("INSERT INTO fact VALUES ('epoch', 'twice')"))
    assert (serving.epoch, _witness(folder)) == (epoch, witness)
    serving.close()


def test_a_commit_that_fails_ends_its_transaction(folder: Path) -> None:
    """It was left open: every later write said that there is one already, until the centre was started again."""
    serving = Database(folder / "pusat.db")
    with serving.write() as con:
        con.execute("CREATE TABLE child (parent TEXT REFERENCES fact (name) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        _write(serving, lambda con: con.execute("INSERT INTO child VALUES ('nobody')"))
    with serving.write() as con:
        con.execute("DROP TABLE child")
    serving.close()


def _write(db: Database, *acts: Callable[[Connection], object]) -> None:
    with db.write() as con:
        for act in acts:
            act(con)


def _epoch_of(db: Database) -> str:
    db.close()
    return db.epoch


def _known(folder: Path) -> str:
    con = connect(str(folder / "pusat.db"))
    (epoch,) = con.execute("SELECT value FROM fact WHERE name = 'epoch'").fetchone()
    con.close()
    return str(epoch)


def _witness(folder: Path) -> str:
    return (folder / "epoch-witness").read_text("ascii").strip()
