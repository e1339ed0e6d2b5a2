"""A counting room for tests of the entry pages: a real workplace, five people, a real window, keys as pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.people import Role
from app.domain.wilayah import TpsId
from app.forms import load
from app.forms.wilayah import Region, load_region
from app.services import people, workplace
from app.services.people import Session
from app.services.workplace import PinCost, Workplace
from tests.fakes.desk import FakeClock, FakeIntake, FakeSync, MemorySecrets
from ui import theme
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.page import Context, Page, PageSpec
from ui.tasks import Tasks

FORM = load("c1-ppwp-2019")
PIN = "123456"
DESA = "3204052001"
CREW = {
    "wulan": ("Ibu Wulan", Role.COORDINATE),
    "rina": ("Rina S.", Role.KEY),
    "dedi": ("Dedi K.", Role.KEY),
    "asep": ("Asep M.", Role.KEY),
    "sari": ("Sari W.", Role.VERIFY),
}
NUMBERS = (
    *(97, 101, 198, 1, 0, 1, 2, 1, 3, 100, 102, 202),
    *(88, 92, 180, 1, 0, 1, 2, 1, 3, 91, 93, 184),
    *(1, 0, 1, 1, 0, 1),
    *(203, 1, 18, 184),
    *(71, 110, 181, 3, 184),
)
CELLS: Mapping[str, Cell] = {field.id: number for field, number in zip(FORM.fields, NUMBERS, strict=True)}


def key_of(number: int, form: str = FORM.id) -> C1Key:
    return C1Key(TpsId.parse(f"{DESA}{number:03d}"), form)


def region_of(count: int, *, same_dpt: bool = False) -> Region:
    """The first stations of Cileunyi Kulon, with the areas above them; `same_dpt`: `CELLS` fits every one of them."""
    whole = load_region("3204")
    stations = tuple(one for one in whole.stations if one.tps.startswith(DESA))[:count]
    if same_dpt:
        stations = tuple(replace(one, dpt_l=97, dpt_p=101) for one in stations)
    areas = tuple(one for one in whole.areas if DESA.startswith(one.code))
    return Region(areas, stations)


class Room:
    """One workplace and its window; `leave` closes both."""

    def __init__(
        self,
        folder: Path,
        qtbot: QtBot,
        stations: int = 3,
        *,
        same_dpt: bool = False,
        forms: Sequence[str] = (FORM.id,),
        clock: FakeClock | None = None,
    ) -> None:
        self.folder, self.qtbot = folder, qtbot
        self.clock, self.secrets = clock or FakeClock(), MemorySecrets()
        self.wp: Workplace = workplace.create(
            folder,
            realm="latihan-3204",
            district="3204",
            region=region_of(stations, same_dpt=same_dpt),
            clock=self.clock,
            secrets=self.secrets,
            profile="lengkap",
            form_ids=forms,
            pin_cost=PinCost(1, 64),
        )
        for name, (words, role) in CREW.items():
            people.add_person(self.wp, id=name, name=words, roles=[role], pin=PIN)
        self.window: MainWindow | None = None
        self.tasks: Tasks | None = None

    @classmethod
    def at(cls, wp: Workplace, qtbot: QtBot) -> Room:
        """The window of a workplace that was made otherwise; its people have the same names and PIN."""
        room = cls.__new__(cls)
        room.folder, room.qtbot, room.wp = wp.folder, qtbot, wp
        room.clock, room.secrets = FakeClock(), MemorySecrets()
        room.window, room.tasks = None, None
        return room

    def session(self, name: str) -> Session:
        return people.sign_in(self.wp, name, PIN)

    # ---- the window ----------------------------------------------------------------------------------------------

    def sit_down(self, name: str, page: str = "keying") -> Page:
        """Sign in at the window and go to a page."""
        if self.window is None:
            app = QApplication.instance()
            assert isinstance(app, QApplication)
            theme.apply(app)
            self.tasks = Tasks()
            desk = Desk(self.wp, FakeSync(), FakeIntake(), practice=True)
            self.window = MainWindow(desk, self.tasks, specs())
            self.window.resize(1366, 768)
            self.window.show()
            self.qtbot.waitActive(self.window)
        self.window.enter(self.session(name), page)
        shown = self.window.stack.currentWidget()
        assert isinstance(shown, Page)
        self.settle()
        return shown

    def settle(self) -> None:
        """Until no task runs any more and what they brought is shown."""
        assert self.tasks is not None
        tasks = self.tasks
        for _ in range(3):
            self.qtbot.waitUntil(lambda: tasks.is_idle)
            QApplication.processEvents()

    def get_up(self) -> None:
        """The window goes, as after a crash of the person's patience; the workplace stays."""
        if self.window is not None and self.tasks is not None:
            self.tasks.close()
            self.window.close()
            self.window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.window, self.tasks = None, None

    def restart(self) -> None:
        """The whole program ends and starts again on the same folder."""
        self.get_up()
        self.wp.close()
        self.wp = workplace.open_workplace(self.folder, clock=self.clock, secrets=self.secrets)

    def leave(self) -> None:
        self.get_up()
        self.wp.close()


def specs() -> list[PageSpec]:
    """The pages that are tested here; imported when shown, as in the program."""
    return [
        PageSpec("keying", lambda: "Entri", _keying),
        PageSpec("second", lambda: "Entri kedua", _second),
        PageSpec("verify", lambda: "Verifikasi", _verify),
        PageSpec("pages", lambda: "Pindai", _scan),
        PageSpec("home", lambda: "Beranda", _home),
        PageSpec("forms", lambda: "Formulir", _forms),
    ]


def _keying(context: Context) -> Page:
    from ui.pages.keying import KeyingPage

    return KeyingPage(context)


def _second(context: Context) -> Page:
    from ui.pages.second_reading import SecondReadingPage

    return SecondReadingPage(context)


def _verify(context: Context) -> Page:
    from ui.pages.verification import VerificationPage

    return VerificationPage(context)


def _scan(context: Context) -> Page:
    from ui.pages.pages_in import PagesInPage

    return PagesInPage(context)


def _home(context: Context) -> Page:
    from ui.pages.home import HomePage

    return HomePage(context)


def _forms(context: Context) -> Page:
    from ui.pages.forms_list import FormsPage

    return FormsPage(context)


# ---- keys ------------------------------------------------------------------------------------------------------------


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "the focus is nowhere: a person could not go on"
    return widget


def press(key: Qt.Key | str) -> None:
    if isinstance(key, str):
        QTest.keyClicks(focused(), key)
    else:
        QTest.keyClick(focused(), key)


def type_text(text: str) -> None:
    """Characters; a line feed is Enter."""
    for character in text:
        press(Qt.Key.Key_Return if character == "\n" else character)


def key_all(cells: Mapping[str, Cell], fields: Sequence[str]) -> int:
    """Type boxes in paper order; returns how often Enter was pressed."""
    marks = {Mark.BLANK: "-", Mark.UNREADABLE: "*"}
    for field in fields:
        cell = cells[field]
        type_text(f"{marks[cell] if isinstance(cell, Mark) else cell}\n")
    return len(fields)


def hold_enter() -> None:
    """What the keyboard sends while Enter is held down: repeats, not presses."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True, 1)
        QApplication.sendEvent(focused(), event)


# ---- what can be seen or read out ----------------------------------------------------------------------------


def everything_readable(root: QWidget) -> str:
    """Every text of the widget tree: properties of all widgets, and what a screen reader gets."""
    found: list[str] = []
    for widget in [root, *root.findChildren(QWidget)]:
        meta = widget.metaObject()
        properties = [meta.property(place) for place in range(meta.propertyCount())]
        found += [
            str(widget.property(str(one.name()))) for one in properties if str(one.typeName()) == "QString"
        ]
    _read_out(QAccessible.queryAccessibleInterface(root), found.append)
    return " ".join(found)


def _read_out(node: QAccessibleInterface | None, tell: Callable[[str], object]) -> None:
    if node is None:
        return
    for kind in (
        QAccessible.Text.Name,
        QAccessible.Text.Value,
        QAccessible.Text.Description,
        QAccessible.Text.Help,
    ):
        tell(node.text(kind))
    for place in range(node.childCount()):
        _read_out(node.child(place), tell)
