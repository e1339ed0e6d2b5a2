"""A centre that is down, silent, paused, HTML or another one: what is said, and that all goes on by itself.

The same five states for the command line (`sync`, `status --waiting`) and for the window (top bar, Antrean, Entri).
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import httpx
import pytest

from app import bootstrap
from app.ports import Lane, LineState
from app.services import people, status
from sync.central.server import RunningCentre
from tests.fakes.line_office import (
    FORMS,
    PATIENCE_MS,
    Office,
    Room,
    office,
    quick_engine,
    room,
    template,
    versions_at,
)
from tests.fakes.program import Program
from tests.fakes.room import PIN, everything_readable, key_of, type_text
from ui.pages.keying import KeyingPage
from ui.pages.queue import QueuePage

__all__ = ["office", "room", "template"]  # fixtures of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

PAUSE_S = 15  # long enough for three programs to start in it on a busy machine; the client keeps to the end it was told


# ---- peers -------------------------------------------------------------------------------------------------------


class Peer:
    """Something on the centre's port that is not the centre: it answers everything with `answer`, or with silence."""

    def __init__(self, port: int, answer: bytes) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", port))
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Peer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave `accept` waiting on the old socket, and the port taken.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while connection.recv(65_536):
                if self._answer:
                    connection.sendall(self._answer)


PORTAL = b"<!DOCTYPE html><title>Hotspot</title><p>Silakan masuk."
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(
    PORTAL
)


@pytest.fixture
def program() -> Program:
    return Program({"SITUNG_SECRETS_PASSPHRASE": ""})  # a practice folder has its own


# ---- states ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def down(_: Office) -> Iterator[None]:
    """Nobody listens."""
    yield


def silent(office: Office) -> AbstractContextManager[object]:
    """Accepts, and never answers."""
    return Peer(office.port, b"")


def portal(office: Office) -> AbstractContextManager[object]:
    """200 and a page of HTML to everything."""
    return Peer(office.port, HTML + PORTAL)


@contextlib.contextmanager
def stranger(office: Office) -> Iterator[None]:
    """A centre of the same election with keys of its own."""
    office.start_centre("lain")
    yield
    office.stop_centres()


@contextlib.contextmanager
def paused(office: Office) -> Iterator[None]:
    """The centre, paused for the nation from its console."""
    centre = office.start_centre()
    press_console(centre, "pause", for_s=str(PAUSE_S), reason="Rekap nasional.")
    yield
    press_console(centre, "lift")
    office.stop_centres()


def press_console(centre: RunningCentre, button: str, **fields: str) -> None:
    """A button of KPU RI's console, as a browser presses it."""
    with httpx.Client(base_url=centre.url, follow_redirects=True) as browser:
        page = browser.get(centre.console_url).raise_for_status().text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found
        browser.post(f"/console/{button}", data={"csrf": found[1], **fields}).raise_for_status()


@dataclass(frozen=True)
class State:
    """One state of the line: how it is made, and what is said of it."""

    name: str
    made: Callable[[Office], AbstractContextManager[object]]
    line: LineState
    codes: frozenset[str]
    reason: str  # of what waits
    sentence: str  # of the top bar

    def __str__(self) -> str:
        return self.name


NOT_KPU = "Yang menjawab bukan server KPU RI (captive portal atau proxy)."
OTHER = "Server yang menjawab bukan server KPU RI pada pengaturan PC ini."
PAUSED = "KPU RI menghentikan penerimaan sementara"
STATES = (
    State(
        "down",
        down,
        LineState.DOWN,
        frozenset({"refused"}),
        "Server KPU RI tidak dapat dihubungi.",
        "KPU RI tidak menjawab sejak",
    ),
    State(
        "silent",
        silent,
        LineState.DOWN,
        frozenset({"deadline", "silence"}),
        "KPU RI tidak menjawab",
        "KPU RI tidak menjawab sejak",
    ),
    State("portal", portal, LineState.PORTAL, frozenset({"portal"}), NOT_KPU, NOT_KPU),
    State("wrong_key", stranger, LineState.WRONG_KEY, frozenset({"wrong_centre"}), OTHER, OTHER),
    State("paused", paused, LineState.PAUSED_THERE, frozenset({"paused_there"}), PAUSED, PAUSED),
)
each_state = pytest.mark.parametrize("state", STATES, ids=str)


# ---- the command line --------------------------------------------------------------------------------------------


def run_quickly(office: Office, seconds: float) -> None:
    """`sync --for`, with the waits of a test: a silent centre is known for silent only after the deadline of a call."""
    with bootstrap.opened(office.folder) as wp, contextlib.closing(quick_engine(wp)) as engine:
        engine.start()
        engine.wait_idle(seconds)


@each_state
def test_the_command_line_says_why_and_goes_on_by_itself(
    state: State, office: Office, program: Program
) -> None:
    with state.made(office):
        if state.name == "silent":
            run_quickly(office, 1.5)
        else:
            ended = program.run("sync", "--data", office.folder, "--until-idle", "--for", 1.5, ok=(3,))
            assert ended.err.count(state.reason) == FORMS
        told = program.run("status", "--data", office.folder, "--waiting").out
        facts = program.run("status", "--data", office.folder, "--json").json

    lines = [line for line in told.splitlines() if " sent: " in line]
    assert len(lines) == FORMS
    for line in lines:
        assert state.reason in line
        assert re.search(r"Coba lagi: \d{4}-\d\d-\d\dT", line), line
    waiting = [one for one in facts["waiting"] if one["step"] == "sent"]
    assert len(waiting) == FORMS
    assert {one["reason_code"] for one in waiting} <= state.codes
    assert all(one["next_try"] and one["since"] for one in waiting)
    records = next(one for one in facts["channels"] if one["class"] == "records")
    assert records["state"] == "closed"
    assert state.reason in records["reason"]
    assert records["gate_until"]
    assert facts["funnel"]["second_read"] == FORMS
    assert facts["funnel"]["at_centre"] == 0

    centre = office.start_centre()
    program.run("sync", "--data", office.folder, "--until-idle", "--for", 60)
    with bootstrap.opened(office.folder, read_only=True) as wp:
        assert status.funnel(wp).at_centre == FORMS
        assert [one for one in status.waiting(wp) if one.step == "sent"] == []
        assert [one.state for one in status.channels(wp) if one.lane is Lane.RECORDS] == ["open"]
    assert versions_at(centre) == [1] * FORMS


# ---- the window --------------------------------------------------------------------------------------------------


def queue_says(page: QueuePage, state: State) -> bool:
    """Lane and items name the reason and the next attempt."""
    page.on_store_changed()
    lane = next((row for row in page.lanes.rows if row.lane.value == "records"), None)
    if lane is None or state.reason not in lane.state or not re.search(r"Coba lagi \d\d\.\d\d", lane.state):
        return False
    cells = [
        [str(page.items.data(page.items.index(row, column))) for column in range(page.items.columnCount())]
        for row in range(page.items.rowCount())
    ]
    return len(cells) == FORMS and all(
        state.reason in why and again not in ("", "perlu tindakan") for *_, why, _, again in cells
    )


@each_state
def test_the_window_says_why_stays_usable_and_goes_on_by_itself(
    state: State, office: Office, room: Room
) -> None:
    room.window.enter(people.sign_in(room.wp, "rina", PIN), "queue")
    with state.made(office):
        room.line.start()
        room.wait_for(state.line)
        words = everything_readable(room.window.top)
        assert state.sentence in words
        assert "Pekerjaan dapat dilanjutkan." in words
        assert re.search(r"Dicoba lagi \d\d\.\d\d\.", words)
        queue = room.go("queue")
        assert isinstance(queue, QueuePage)
        room.qtbot.waitUntil(lambda: queue_says(queue, state), timeout=PATIENCE_MS)

        entry = room.go("keying")
        assert isinstance(entry, KeyingPage)
        entry.open_target(key_of(3))
        room.settle()
        type_text("003\n97\n10")
        assert entry.view.walk is not None
        assert entry.view.walk.cells == {"A1.L": 97}
        assert entry.view.grid.edit("A1.P").typed_text == "10"

    office.start_centre()
    room.qtbot.waitUntil(lambda: status.funnel(room.wp).at_centre == FORMS, timeout=PATIENCE_MS)
    room.wait_for(LineState.OK)
    type_text("1\n")
    assert entry.view.walk.cells == {"A1.L": 97, "A1.P": 101}
    assert "Terhubung ke KPU RI." in everything_readable(room.window.top)
    room.go("queue")
    room.qtbot.waitUntil(lambda: queue.faces.currentWidget() is queue.nothing, timeout=PATIENCE_MS)
