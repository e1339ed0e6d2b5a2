"""A centre that is down, silent, paused, HTML or another one: what is said, and that all goes on by itself.

The same five states for the command line (`sync`, `status --waiting`) and for the window (top bar, Antrean, Entri).
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.ports import Lane, LineState
from app.services import engine_store, keying, people, status, workplace
from app.services.workplace import PinCost, Workplace
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from sync.engine import Engine
from sync.policy import Policy
from sync.switch import Switch
from sync.wire import SetupFile
from tests.fakes.desk import FakeIntake
from tests.fakes.program import Program
from tests.fakes.room import CELLS, CREW, PIN, everything_readable, key_of, region_of, type_text
from ui import theme
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.keying import KeyingPage
from ui.pages.queue import QueuePage
from ui.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

REALM = "latihan-3204"
QUICKLY = replace(Policy.practice(), call_s=0.5, person_wait_s=1.0, pause_spread_s=0.5)
PAUSE_S = 4  # long enough for a command to start in it; the client keeps to the end it was told
FORMS = 2
PATIENCE_MS = 30_000


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


@dataclass
class Office:
    """A practice workplace with two forms read twice, its centre's folder, and the port the account names."""

    folder: Path
    home: Path
    port: int
    running: list[RunningCentre] = field(default_factory=list)

    def start_centre(self, folder: str = "pusat") -> RunningCentre:
        centre = centre_in(self.home / folder, self.port)
        centre.start()
        self.running.append(centre)
        return centre

    def stop_centres(self) -> None:
        while self.running:
            self.running.pop().stop()


def centre_in(folder: Path, port: int = 0) -> RunningCentre:
    """A centre that knows three stations: its public tree of a whole district would take seconds to write."""
    settings = CentralSettings(folder, realm=REALM, register=(region_of(3, same_dpt=True),))
    return RunningCentre(settings, port=port)


@pytest.fixture
def program() -> Program:
    return Program({"SITUNG_SECRETS_PASSPHRASE": ""})  # a practice folder has its own


@dataclass(frozen=True)
class Template:
    """A home with a centre that ran once and a workplace with an account there; every test gets a copy."""

    home: Path
    setup: Mapping[str, object]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    home = tmp_path_factory.mktemp("contoh")
    centre = centre_in(home / "pusat")
    centre.start()
    setup, code = centre.setup_for("3204")
    fill(home / "kerja", setup, code)
    centre.stop()
    return Template(home, msgspec.to_builtins(setup))


def fill(folder: Path, setup: SetupFile, code: str) -> None:
    """Five people, two forms read by two of them each; a third form lies on the table."""
    wp = workplace.create(
        folder,
        realm=REALM,
        district="3204",
        region=region_of(3, same_dpt=True),
        clock=bootstrap.SystemClock(),
        secrets=bootstrap.secrets_of(folder, REALM),
        profile="lengkap",
        pin_cost=PinCost(1, 64),
    )
    with contextlib.closing(wp):
        boss = None
        for name, (words, role) in CREW.items():
            people.add_person(wp, id=name, name=words, roles=[role], pin=PIN, by=boss)
            boss = boss or people.sign_in(wp, name, PIN)
        for name in ("rina", "dedi"):
            session = people.sign_in(wp, name, PIN)
            for number in range(1, FORMS + 1):
                assert keying.key_whole(wp, session, key_of(number), CELLS).is_finished
        bootstrap.connect(wp, setup, code)


@pytest.fixture
def office(template: Template, tmp_path: Path) -> Iterator[Office]:
    home = Path(shutil.copytree(template.home, tmp_path / "rumah"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    made = Office(home / "kerja", home, port)
    with bootstrap.opened(made.folder) as wp:
        workplace.connect_server(wp, server_url=f"http://127.0.0.1:{port}", setup=template.setup)
    yield made
    made.stop_centres()


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


def quick_engine(wp: Workplace) -> Engine:
    account = bootstrap.account_of(wp)
    assert account is not None
    return Engine(engine_store.engine_store(wp), account, wp.clock, policy=QUICKLY, secrets=wp.secrets)


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


def versions_at(centre: RunningCentre) -> list[int]:
    """How many versions the centre holds of each form it holds."""
    with centre.parts.centre.db.read() as con:
        return [row[0] for row in con.execute("SELECT count(*) FROM version GROUP BY key")]


# ---- the window --------------------------------------------------------------------------------------------------


@dataclass
class Room:
    """The window over that workplace, with a real engine."""

    wp: Workplace
    line: Switch
    tasks: Tasks
    window: MainWindow
    qtbot: QtBot

    def go(self, page_id: str) -> object:
        self.window.navigate(page_id)
        self.settle()
        return self.window.stack.currentWidget()

    def settle(self) -> None:
        for _ in range(3):
            self.qtbot.waitUntil(lambda: self.tasks.is_idle)
            QApplication.processEvents()

    def wait_for(self, line: LineState) -> None:
        self.qtbot.waitUntil(lambda: self.window.bridge.status.line is line, timeout=PATIENCE_MS)


@pytest.fixture
def room(office: Office, qtbot: QtBot) -> Iterator[Room]:
    with bootstrap.opened(office.folder) as wp:
        line, tasks = Switch(lambda: quick_engine(wp)), Tasks()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app)
        window = MainWindow(Desk(wp, line, FakeIntake(), practice=True), tasks)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitActive(window)
        yield Room(wp, line, tasks, window, qtbot)
        line.close()
        tasks.close()
        window.close()


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
