from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.journal import GENESIS, Fault, Line, first_fault, line_hash
from app.services import journal as journal_service
from app.services import keying
from app.store import journal
from app.store.driver import Connection, open_writer
from tests.fakes.district import GOOD, Desk, key, make


def _chain(count: int) -> list[Line]:
    lines, previous = [], GENESIS
    for seq in range(1, count + 1):
        body = {"n": seq}
        digest = line_hash(previous, seq, "2019", "k", "w", "x", body)
        lines.append(Line(seq, "2019", "k", "w", "x", body, digest))
        previous = digest
    return lines


def test_a_whole_chain_has_no_fault() -> None:
    assert first_fault([]) is None
    assert first_fault(_chain(5)) is None


def test_a_missing_line_is_named() -> None:
    lines = _chain(5)
    assert first_fault(lines[1:]) == Fault(1, "baris 1 hilang")
    assert first_fault([*lines[:2], *lines[3:]]) == Fault(3, "baris 3 hilang")


@pytest.mark.parametrize("field", ["at", "kind", "who", "what", "body", "hash"])
def test_a_changed_field_is_found(field: str) -> None:
    lines = _chain(3)
    value = {"n": 9} if field == "body" else "y"
    lines[1] = dataclasses.replace(lines[1], **{field: value})  # type: ignore[arg-type]  # one field of several types
    assert first_fault(lines) == Fault(2, "baris 2 tidak cocok dengan rantainya")


# ---- on disk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path, stations=1)
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    yield desk
    desk.wp.close()


@pytest.fixture
def tamperer(desk: Desk) -> Iterator[Connection]:
    """Somebody with a database tool, who first takes the triggers away."""
    connection = open_writer(desk.wp.folder / "situng.db")
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute("DROP TRIGGER journal_no_delete")
    yield connection
    connection.close()


def test_one_changed_byte_anywhere_is_found(desk: Desk, tamperer: Connection) -> None:
    assert journal_service.verify(desk.wp).fault is None
    rows = [dict(row) for row in tamperer.execute("SELECT * FROM journal ORDER BY seq")]
    tried = 0
    for row in rows[-4:]:
        for column in ("at", "kind", "who", "what", "body", "hash"):
            text = str(row[column])
            for place in range(len(text)):
                other = "x" if text[place] != "x" else "y"
                for changed in (text[:place] + other + text[place + 1 :], text[:place] + text[place + 1 :]):
                    _set(tamperer, row["seq"], column, changed)
                    fault = first_fault(journal.lines(tamperer))
                    assert fault is not None, f"line {row['seq']}, {column}: {text!r} -> {changed!r}"
                    assert fault.seq == row["seq"]
                    tried += 1
            _set(tamperer, row["seq"], column, text)
    assert tried > 1_000
    assert first_fault(journal.lines(tamperer)) is None


def test_white_space_in_a_body_is_a_change_too(desk: Desk, tamperer: Connection) -> None:
    row = tamperer.execute(
        "SELECT seq, body FROM journal WHERE body <> '{}' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    _set(tamperer, row["seq"], "body", str(row["body"]).replace(",", ", ", 1))
    assert journal_service.verify(desk.wp).fault is not None


def test_lines_cut_off_at_the_end_are_missed(desk: Desk, tamperer: Connection) -> None:
    lines = journal_service.verify(desk.wp).lines
    tamperer.execute("DELETE FROM journal WHERE seq = ?", (lines,))
    report = journal_service.verify(desk.wp)
    assert report.fault == Fault(lines, f"baris {lines} sampai {lines} hilang")
    assert "Jurnal rusak" in report.sentence


def test_the_journal_holds_the_values_and_no_secret(desk: Desk) -> None:
    about = journal.lines_about(desk.wp.db.reader, key().text())
    reading = next(line for line in about if line.kind == "reading")
    assert reading.body["cells"] == GOOD
    whole = " ".join(str(line) for line in journal.lines(desk.wp.db.reader))
    assert "123456" not in whole
    assert desk["ani"].private_key.hex() not in whole


def _set(connection: Connection, seq: int, column: str, value: str) -> None:
    connection.execute(f"UPDATE journal SET {column} = ? WHERE seq = ?", (value, seq))  # noqa: S608 - names of this test
