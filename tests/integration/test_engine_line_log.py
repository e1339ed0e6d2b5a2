"""The engine writes down how its line turned: what the reports' list of outages is made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app.ports import LineState, LineTurn, Reason
from app.store import line_log
from app.store.driver import Connection, IntegrityError
from tests.fakes.district import make
from tests.fakes.fault_bench import Bench, fault_bench
from tests.fakes.fault_server import once, problem


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with fault_bench(tmp_path) as made:
        yield made


def test_a_run_begins_works_and_is_closed(bench: Bench) -> None:
    assert bench.sync().is_idle
    assert [turn.line for turn in bench.store.turns] == [LineState.STARTING, LineState.OK, None]


def test_an_outage_is_written_once_with_its_reason_and_its_end(bench: Bench) -> None:
    bench.server.script = once("GET", "/hello", *(problem(503, "busy") for _ in range(3)))
    assert bench.sync().is_idle
    states = [turn.line for turn in bench.store.turns]
    assert states == [LineState.STARTING, LineState.SLOW, LineState.OK, None], "three refusals are one outage"
    outage = bench.store.turns[1]
    assert outage.reason is not None
    assert outage.reason.status == 503
    assert bench.store.turns[0].at <= outage.at <= bench.store.turns[2].at


def test_the_log_is_kept_for_good(tmp_path: Path) -> None:
    with make(tmp_path).wp as wp:
        turns = [
            LineTurn(10.0, LineState.DOWN, Reason("silence", "Tidak menjawab.")),
            LineTurn(20.0, LineState.OK),
            LineTurn(30.0, None),
        ]
        wp.db.write(lambda connection: line_log.add(connection, turns))
        kept = line_log.until(wp.db.reader, 30.0)
        assert [(one.at, one.state, one.code, one.text) for one in kept] == [
            (10.0, "down", "silence", "Tidak menjawab."),
            (20.0, "ok", "", ""),
        ]
        newest = line_log.last(wp.db.reader)
        assert newest is not None
        assert newest.state == "closed"
        for change in ("DELETE FROM line_log", "UPDATE line_log SET at = 0"):
            with pytest.raises(IntegrityError, match="append-only"):
                wp.db.write(partial(_execute, change))


def _execute(statement: str, connection: Connection) -> None:
    connection.execute(statement)
