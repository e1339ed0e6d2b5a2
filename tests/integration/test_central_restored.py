"""A centre whose whole folder came back from a backup, its witness with it: only what it signed can tell it so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync.central.driver import connect
from sync.central.server import RunningCentre
from tests.unit.sync.central.office import TPS, TPS_2, TPS_3, Office, signed
from tests.unit.sync.central.running import joined, running


def hello(centre: RunningCentre, receipt: object = None) -> str:
    """The epoch it names to somebody who shows this."""
    shown = (
        {}
        if receipt is None
        else {"Situng-Receipt": receipt if isinstance(receipt, str) else json.dumps(receipt)}
    )
    answer = httpx.get(f"{centre.url}/api/v1/hello", headers=shown)
    assert answer.status_code == 200
    return str(answer.json()["epoch"])


@contextmanager
def came_back(folder: Path) -> Iterator[tuple[RunningCentre, Office, list[Any]]]:
    """It runs from a backup, which has the first of these receipts and not the second; nobody said so."""
    with running(folder) as centre, joined(centre) as office:
        assert office.client is not None
        kept = office.send(office.settled(tps=TPS))[0]["receipt"]
        centre.stop()
        backup = folder.with_name("cadangan")
        shutil.copytree(folder, backup)
        with running(folder) as later:
            office.client.base_url = httpx.URL(later.url)
            lost = office.send(office.settled(tps=TPS_2))[0]["receipt"]
        shutil.rmtree(folder)
        backup.rename(folder)
        with running(folder) as again:
            office.client.base_url = httpx.URL(again.url)
            yield again, office, [kept, lost]


def test_a_receipt_it_signed_and_does_not_have_is_the_proof(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with came_back(tmp_path / "pusat") as (centre, _, (kept, lost)):
        epoch = hello(centre)
        assert hello(centre, kept) == epoch == lost["epoch"], "this one it has"
        after = hello(centre, lost)
        assert after != epoch
        assert hello(centre, lost) == after, "proved once: the receipt is of an epoch that is over"
        assert "restored from a backup" in caplog.text
        page = console(centre)
        assert "dipulihkan dari cadangan" in page
    with running(tmp_path / "pusat") as again:
        assert hello(again) == after, "and kept"


def test_a_proof_that_cannot_be_written_down_costs_nobody_his_hello(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk without room answered 500 to every PC that showed the proof. The next hello brings it again."""
    with came_back(tmp_path / "pusat") as (centre, _, (_, lost)):
        with full_for(tmp_path / "pusat", "fact"):
            assert hello(centre, lost) == lost["epoch"]
            assert "cannot be looked at" in caplog.text
        with full_for(tmp_path / "pusat", "fact", "WHEN NEW.name = 'restored_at'"):
            assert hello(centre, lost) == lost["epoch"], "the epoch and its note on the console, or neither"
        caplog.clear()
        assert hello(centre, lost) != lost["epoch"]
        assert "restored from a backup" in caplog.text
        assert "dipulihkan dari cadangan" in console(centre)


def test_the_number_alone_says_nothing_once_it_was_given_again(tmp_path: Path) -> None:
    """Others were quicker: what they sent since has the number of what was lost."""
    with came_back(tmp_path / "pusat") as (centre, office, (_, lost)):
        given = office.send(office.settled(tps=TPS_3))[0]["receipt"]
        assert (given["sequence"], given["epoch"]) == (lost["sequence"], lost["epoch"])
        assert hello(centre, given) == given["epoch"]
        assert hello(centre, lost) != given["epoch"]


def test_every_answer_says_where_it_stands(tmp_path: Path) -> None:
    with came_back(tmp_path / "pusat") as (centre, office, (kept, lost)):
        assert office.client is not None
        before = office.client.get("/api/v1/feed?after=0").headers["situng-epoch"]
        assert before == f"{kept['epoch']} {kept['sequence']}"
        after = hello(centre, lost)
        assert (
            office.client.post("/api/v1/login", json=office.login()).headers["situng-epoch"].split()[0]
            == after
        )
        assert office.client.get("/api/v1/feed?after=0").headers["situng-epoch"].split()[0] == after


def test_nobody_else_can_force_a_new_epoch(tmp_path: Path) -> None:
    with came_back(tmp_path / "pusat") as (centre, office, (kept, lost)):
        epoch = hello(centre)
        higher = {**lost, "sequence": 10**6}
        forged: list[Mapping[str, Any] | str] = [
            higher,
            signed(office.device_key, "receipt", {k: v for k, v in higher.items() if k != "signature"}),
            {**lost, "what": kept["what"]},
            {**lost, "epoch": "0" * 32},
            {**lost, "key_id": "0" * 16},
            {**lost, "more": 1},
            {**lost, "sequence": 2**70},
            "",
            "[]",
            "\x01{",
            "x" * 5000,
        ]
        for one in forged:
            assert hello(centre, one) == epoch, one


@contextmanager
def full_for(folder: Path, table: str, when: str = "") -> Iterator[None]:
    """Nothing can be written into this table."""
    (path,) = folder.glob("*.db")
    con = connect(str(path), isolation_level=None)
    con.execute(
        f"CREATE TRIGGER full BEFORE INSERT ON {table} {when} BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )
    yield
    con.execute("DROP TRIGGER full")
    con.close()


def console(centre: RunningCentre) -> str:
    with httpx.Client(follow_redirects=True) as client:
        return client.get(centre.console_url).text
