"""A small practice office on disk, a real centre at the port its account names, and the window with a real engine.

For stories of the line as the window tells them. Import the fixtures by name (`office` needs `template`); everything is
real but the page intake, and the waits are those of a test.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.ports import LineState
from app.services import engine_store, keying, people, workplace
from app.services.workplace import PinCost, Workplace
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from sync.engine import Engine
from sync.policy import Policy
from sync.switch import Switch
from sync.wire import SetupFile
from tests.fakes.desk import FakeIntake
from tests.fakes.room import CELLS, CREW, PIN, key_of, region_of
from ui import theme
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.tasks import Tasks

REALM = "latihan-3204"
QUICKLY = replace(Policy.practice(), call_s=0.5, person_wait_s=1.0, pause_spread_s=0.5)
FORMS = 2
PATIENCE_MS = 30_000


@dataclass
class Office:
    """A practice workplace with two forms read twice, its centre's folder, and the port the account names."""

    folder: Path
    home: Path
    port: int
    running: list[RunningCentre] = field(default_factory=list)

    def start_centre(self, folder: str = "pusat", *, was_restored: bool = False) -> RunningCentre:
        centre = centre_in(self.home / folder, self.port, was_restored=was_restored)
        centre.start()
        self.running.append(centre)
        return centre

    def stop_centres(self) -> None:
        while self.running:
            self.running.pop().stop()


def centre_in(folder: Path, port: int = 0, *, was_restored: bool = False) -> RunningCentre:
    """A centre that knows three stations: its public tree of a whole district would take seconds to write."""
    register = (region_of(3, same_dpt=True),)
    settings = CentralSettings(folder, realm=REALM, register=register, was_restored=was_restored)
    return RunningCentre(settings, port=port)


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


def quick_engine(wp: Workplace) -> Engine:
    account = bootstrap.account_of(wp)
    assert account is not None
    return Engine(engine_store.engine_store(wp), account, wp.clock, policy=QUICKLY, secrets=wp.secrets)


def versions_at(centre: RunningCentre) -> list[int]:
    """How many versions the centre holds of each form it holds."""
    with centre.parts.centre.db.read() as con:
        return [row[0] for row in con.execute("SELECT count(*) FROM version GROUP BY key")]


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


@contextlib.contextmanager
def opened_room(office: Office, qtbot: QtBot) -> Iterator[Room]:
    """The program, from its start to its end."""
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


@pytest.fixture
def room(office: Office, qtbot: QtBot) -> Iterator[Room]:
    with opened_room(office, qtbot) as made:
        yield made
