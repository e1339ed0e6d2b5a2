"""The line that can be renewed: listeners stay, the old engine is closed, nothing starts after the end."""

from __future__ import annotations

import queue

from app.ports import Lane, LineState, SyncStatus
from sync.switch import STARTING, Switch
from tests.fakes.desk import FakeSync

WAIT_S = 10.0


def _made() -> tuple[Switch, list[FakeSync], queue.Queue[SyncStatus]]:
    engines: list[FakeSync] = []
    heard: queue.Queue[SyncStatus] = queue.Queue()

    def make() -> FakeSync:
        engines.append(FakeSync())
        return engines[-1]

    line = Switch(make)
    line.subscribe(heard.put)
    return line, engines, heard


def test_it_says_that_it_starts_and_then_what_the_engine_says() -> None:
    line, engines, heard = _made()
    assert line.status() == STARTING
    line.wake()
    line.retry_now()
    line.start()
    assert heard.get(timeout=WAIT_S).line is LineState.OK
    line.wake()
    line.pause()
    line.resume()
    assert line.status().line is LineState.OK
    line.close()
    assert engines[0].asked[0] == "start"
    assert sorted(engines[0].asked[1:-1]) == ["retry_now", "wake", "wake"]
    assert engines[0].asked[-1] == "close"


def test_a_pause_pressed_while_the_engine_starts_holds() -> None:
    line, engines, _ = _made()
    line.pause([Lane.SCANS])
    assert line.status() == STARTING
    line.start()
    line.close()
    assert engines[0].paused == {Lane.SCANS}


def test_a_renewal_closes_the_old_engine_and_keeps_the_listeners() -> None:
    line, engines, heard = _made()
    line.start()
    heard.get(timeout=WAIT_S)
    line.renew()
    heard.get(timeout=WAIT_S)
    engines[1].become(LineState.DOWN, "KPU RI tidak menjawab.")
    assert heard.get(timeout=WAIT_S).line is LineState.DOWN
    assert engines[0].asked == ["start", "close"]
    line.close()
    assert engines[1].asked == ["start", "close"]


def test_after_the_end_nothing_is_started() -> None:
    line, engines, _ = _made()
    line.close()
    line.start()
    line.close()
    assert engines == []
