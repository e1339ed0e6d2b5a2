import threading

from pytestqt.qtbot import QtBot

from app.ports import LineState, SyncStatus
from tests.fakes.desk import FakeSync
from ui.bridge import EngineBridge


def test_a_change_in_the_engines_thread_arrives_in_the_windows(qtbot: QtBot) -> None:
    sync = FakeSync()
    bridge = EngineBridge(sync)
    seen: list[tuple[SyncStatus, int]] = []
    bridge.status_changed.connect(lambda status: seen.append((status, threading.get_ident())))
    engine = threading.Thread(
        target=lambda: sync.become(LineState.DOWN, "KPU RI tidak menjawab sejak 13.13.")
    )
    engine.start()
    engine.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] == (sync.status(), threading.get_ident())
    bridge.close()


def test_a_burst_arrives_as_its_last_change(qtbot: QtBot) -> None:
    sync = FakeSync()
    bridge = EngineBridge(sync)
    seen: list[SyncStatus] = []
    bridge.status_changed.connect(seen.append)
    for number in range(500):
        sync.become(LineState.SLOW, f"percobaan {number}")
    qtbot.waitUntil(lambda: bool(seen))
    assert [status.sentence for status in seen] == ["percobaan 499"]
    assert bridge.status.sentence == "percobaan 499"
    bridge.close()


def test_after_close_the_engine_is_not_listened_to(qtbot: QtBot) -> None:
    sync = FakeSync()
    bridge = EngineBridge(sync)
    bridge.close()
    assert sync.listeners == []
