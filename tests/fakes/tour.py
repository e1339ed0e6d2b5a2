"""A walk past every page, dialog and state of the window, for tests that hold everywhere.

Pages come from `page_specs` by themselves; `STATES` says what else a page can look like, `DIALOGS` how each dialog is
opened. A new dialog class without a stop here fails `test_the_tour_passes_every_dialog`. Thread: UI.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import forms
from app.domain.readings import Order
from app.errors import Unavailable
from app.forms.choice import FormChoice
from app.forms.wilayah import Region
from app.services import keying, workplace
from app.services.attention import Matter
from app.services.workplace import Workplace
from app.training.guide import guide_for
from tests.fakes.demo_desk import FORM, PIN, Demo, fill, open_desk, small_region, tamper
from tests.fakes.desk import QUICK_PIN, FakeClock, MemorySecrets
from tests.fakes.stick import Stick
from ui import theme
from ui.app import Language, problem_box
from ui.entry.walk import Stage
from ui.help_sheet import HelpSheet
from ui.main_window import MainWindow
from ui.page import Page
from ui.pages import page_specs
from ui.pages.bundle_dialog import BundleDialog
from ui.pages.correction_dialog import CorrectionDialog
from ui.pages.first_run import OPERATORS, FirstRun
from ui.pages.form_card import FormCard
from ui.pages.form_viewer import FormViewer
from ui.pages.guide_slips import SlipsDialog
from ui.pages.help import HelpDialog, help_text
from ui.pages.keying import KeyingPage
from ui.pages.mending import Mending
from ui.pages.moving_dialog import MoveDialog, WithdrawDialog
from ui.pages.pages_in import PagesInPage
from ui.pages.pages_in_covers import CoverDialog
from ui.pages.people_dialog import PersonDialog, PinDialog
from ui.pages.print_dialog import PrintDialog
from ui.pages.public_differs import PublicDialog
from ui.pages.queue import QueuePage
from ui.pages.rule_help import RuleHelpDialog
from ui.pages.search import SearchDialog
from ui.pages.second_reading import SecondReadingPage
from ui.pages.settings import SettingsPage
from ui.pages.settings_forms import ChoiceDialog
from ui.pages.verification import VerificationPage
from ui.tasks import Tasks
from ui.theme import Tone

PATIENCE_S = 20.0
DPR = "c1-dpr-2019-jabar-2"
WHO = {"keying": "budi", "second": "dewi", "verify": "agus"}  # the others are shown to the coordinator
LONG = "Di sini terbuka TPS 014 Cileunyi Kulon, bukan TPS 041. Salah berkas? Periksa kertas; ketik ulang atau Esc."


@dataclass(frozen=True)
class Stop:
    """What is looked at: a window, in a state."""

    name: str
    root: QWidget


class Tour:
    """The window of a district in the middle of the night, and a hand that leads through it."""

    def __init__(
        self, folder: Path, *, text_size: str = "biasa", size: tuple[int, int] = (1366, 768)
    ) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app, self.folder = app, folder
        theme.apply(app, text_size)
        self._language = Language(app)
        self._language.use("id")
        self.demo: Demo = fill(open_desk(folder / "kerja", small_region(kecamatan=("320405", "320407"))))
        desk = replace(
            self.demo.desk,
            bundles=Stick(),
            enrol=lambda _file, _code, _session: "",
            watch=lambda _folder: "",
            guide=guide_for(self.demo.papers[:12]),
            cover_sheets=lambda _desa, _file: "",
            sign_in_hint="PIN latihan untuk semua: 246810",
        )
        self.tasks = Tasks()
        self.window = MainWindow(desk, self.tasks)
        self.window.showNormal()  # the offscreen platform's own screen is small, so it would be maximised there
        self.window.resize(*size)
        self.until(self.window.isActiveWindow)

    def close(self) -> None:
        self.tasks.close()
        self.window.close()
        self.window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.demo.wp.close()
        self._language.forget()

    # ---- hands ---------------------------------------------------------------------------------------------------

    def until(self, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_done():
            assert time.monotonic() < deadline
            self.app.processEvents()

    def settle(self) -> None:
        """Until nothing is being read and everything is laid out."""
        for _ in range(3):
            self.until(lambda: self.tasks.is_idle)
            self.app.processEvents()
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as Qt's own loop does

    def press(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            widget = self.app.focusWidget()
            assert widget is not None
            if isinstance(key, str):
                QTest.keyClicks(widget, key)
            else:
                QTest.keyClick(widget, key)

    def go(self, page_id: str, who: str = "") -> Page:
        """The page with whoever works there."""
        self.window.sign_out()
        self.window.enter(self.demo.sessions[who or WHO.get(page_id, "rina")], page_id)
        self.settle()
        page = self.window.stack.currentWidget()
        assert isinstance(page, Page)
        self._at(page_id, self.window)
        return page

    def _at(self, name: str, root: QWidget) -> Stop:
        """In front, with the focus somewhere in it, as when a person got there."""
        root.activateWindow()
        self.until(root.isActiveWindow)
        self.settle()
        return Stop(name, root)

    # ---- the walk ------------------------------------------------------------------------------------------------

    def stops(self) -> Iterator[Stop]:
        """Everything, one after the other; a dialog is closed when the next stop is asked for."""
        self.settle()
        yield self._at("sign-in", self.window)
        for spec in page_specs():
            page = self.go(spec.id)
            yield self._at(spec.id, self.window)
            for name in STATES.get(spec.id, _nothing_more)(self, page):
                yield self._at(f"{spec.id}: {name}", self.window)
        self.window.toast(LONG, Tone.BAD)
        yield self._at("toast", self.window)
        self.window.toaster.hide()
        for kind, opened in DIALOGS.items():
            dialog = opened(self)
            dialog.open()
            yield self._at(kind.__name__, dialog)
            dialog.close()
        box = problem_box(Unavailable(LONG, hint="Periksa folder dan hak aksesnya."))
        box.open()
        yield self._at("problem", box)
        box.close()
        yield from self._first_run()

    def _first_run(self) -> Iterator[Stop]:
        made: list[Workplace] = []

        def make(*, realm: str, district: str, region: Region, choices: Sequence[FormChoice]) -> Workplace:
            made.append(
                workplace.create(
                    self.folder / "baru", realm=realm, district=district, region=small_region(), choices=choices,
                    clock=FakeClock(), secrets=MemorySecrets(), pin_cost=QUICK_PIN,
                )
            )  # fmt: skip
            return made[-1]

        stopped = FirstRun(make, self.tasks, obstacle=LONG)
        stopped.show()
        yield self._at("FirstRun: obstacle", stopped)
        stopped.close()
        steps = FirstRun(make, self.tasks)
        steps.show()
        yield self._at("FirstRun: district", steps)
        steps.next.click()
        self.settle()
        yield self._at("FirstRun: forms", steps)
        steps.next.click()
        self.settle()
        yield self._at("FirstRun: coordinator", steps)
        steps.coordinator.name.setText("Rina S.")
        steps.coordinator.pins.first.setText(PIN)
        steps.coordinator.pins.second.setText(PIN)
        steps.next.click()
        self.settle()
        assert steps.steps.currentIndex() == OPERATORS
        yield self._at("FirstRun: people", steps)
        steps.close()
        steps.deleteLater()
        for wp in made:
            wp.close()


# ---- what a page can look like besides -------------------------------------------------------------------------------


def _nothing_more(_tour: Tour, _page: Page) -> Iterator[str]:
    return iter(())


def _home(tour: Tour, page: Page) -> Iterator[str]:
    for words in ("Cileunyi", "tidak ada yang seperti ini"):
        tour.press(Qt.Key.Key_Escape)
        QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        tour.press(words)
        yield f"filter {words}"


def _keying(tour: Tour, page: Page) -> Iterator[str]:
    assert isinstance(page, KeyingPage)
    tour.press(Qt.Key.Key_Return)
    tour.until(lambda: page.view.entry is not None)
    yield "station"
    entry = page.view.entry
    assert entry is not None
    assert page.view.walk is not None
    tour.press("999", Qt.Key.Key_Return)
    yield "wrong station"
    tour.press(f"{entry.key.tps.number:03d}", Qt.Key.Key_Return)
    yield "boxes"
    for place, _field in enumerate(page.view.walk.fields):
        tour.press(str(7 * place + 1), Qt.Key.Key_Return)
    tour.until(lambda: page.view.walk is not None and page.view.walk.stage is not Stage.BOXES)
    yield "findings"
    tour.press(Qt.Key.Key_Escape)


def _second(tour: Tour, page: Page) -> Iterator[str]:
    assert isinstance(page, KeyingPage)
    tour.press(Qt.Key.Key_Return)
    tour.until(lambda: page.view.entry is not None)
    yield "station"
    tour.press(Qt.Key.Key_Escape)

    wp, sessions = tour.demo.wp, tour.demo.sessions
    paper = next(one for one in tour.demo.papers if keying.next_order(wp, one.key) is Order.SECOND)
    keying.key_whole(wp, sessions["dewi"], paper.key, {**paper.cells, "P1": 999}, accept=[keying.ACCEPT_ALL])
    stream = tour.go("second", "agus")
    assert isinstance(stream, SecondReadingPage)
    yield "boxes that differ"
    tour.press(Qt.Key.Key_F5)
    tour.until(lambda: stream.stream.on_screen is not None)
    yield "one box"
    tour.press(Qt.Key.Key_Escape)


def _verify(tour: Tour, page: Page) -> Iterator[str]:
    assert isinstance(page, VerificationPage)
    tamper(tour.demo, 1)
    for matter in page.lists.shown_matters[1:]:
        page.lists.choose(matter)
        tour.settle()
        yield matter.value
    page.lists.choose(Matter.RETURNED)
    tour.settle()
    page.lists.returned_table.setFocus()
    tour.press(Qt.Key.Key_Return)
    yield "form"
    tour.press(Qt.Key.Key_F8)
    yield "wrong"


def _settings(_tour: Tour, page: Page) -> Iterator[str]:
    assert isinstance(page, SettingsPage)
    for row in range(1, page.names.count()):
        page.names.setCurrentRow(row)
        yield page.names.item(row).text()


STATES: dict[str, Callable[[Tour, Page], Iterator[str]]] = {
    "home": _home,
    "keying": _keying,
    "second": _second,
    "verify": _verify,
    "settings": _settings,
}


# ---- dialogs ---------------------------------------------------------------------------------------------------------


def _bundle(tour: Tour) -> QDialog:
    page = tour.go("queue")
    assert isinstance(page, QueuePage)
    dialog = BundleDialog(page, tour.tasks, Stick())
    dialog.show_file(tour.folder / "jawaban.zip")
    return dialog


def _covers(tour: Tour) -> QDialog:
    page = tour.go("pages")
    assert isinstance(page, PagesInPage)
    dialog = CoverDialog(page, page.context, lambda _desa, _file: "")
    dialog.search.setText("cileunyi")
    return dialog


def _card(tour: Tour) -> QDialog:
    tour.go("home")
    return FormCard(tour.window, tour.window.context, tour.demo.papers[0].key)


def _help(tour: Tour) -> QDialog:
    return HelpDialog(tour.window, tour.go("keying"))


def _search(tour: Tour) -> QDialog:
    tour.go("home")
    dialog = SearchDialog(tour.window, tour.demo.wp, tour.tasks)
    dialog.field.setText("1 cileunyi")
    return dialog


def _person(tour: Tour) -> QDialog:
    dialog = PersonDialog(tour.go("settings"), tour.tasks, lambda _name, _roles, _pin: None)
    dialog.buttons.say("PIN harus angka, paling sedikit empat. Ketik dua kali yang sama.")
    return dialog


def _pin(tour: Tour) -> QDialog:
    return PinDialog(tour.go("settings"), tour.tasks, lambda _old, _new: None)


def _public(tour: Tour) -> QDialog:
    page = tour.go("verify")
    assert isinstance(page, VerificationPage)
    assert page.context.shell.session is not None
    dialog = PublicDialog(page, page.context, page.context.shell.session, page.images)
    dialog.next_form()
    return dialog


def _mending(way: Mending) -> Callable[[Tour], QDialog]:
    def opened(tour: Tour) -> QDialog:
        page = tour.go("home", "budi")
        dialog = way(tour.window, page.context, tour.demo.papers[0].key)
        if isinstance(dialog, MoveDialog):
            dialog.search.setText("2 cileunyi")
        return dialog

    return opened


def _rule(tour: Tour) -> QDialog:
    return RuleHelpDialog(tour.go("keying"), forms.load(FORM), "SUM.V1", "id")


def _viewer(tour: Tour) -> QDialog:
    return FormViewer(tour.go("settings"), tour.tasks, "id", (FORM,))


def _choice(tour: Tour) -> QDialog:
    dialog = ChoiceDialog(tour.go("settings"), tour.tasks, "id", (FORM, DPR), lambda _choice: 0)
    dialog.say_what(LONG)
    return dialog


def _slips(tour: Tour) -> QDialog:
    page = tour.go("home", "budi")
    assert tour.window.desk.guide is not None
    return SlipsDialog(page, page.context, tour.window.desk.guide)


def _print(tour: Tour) -> QDialog:
    page = tour.go("home")
    return PrintDialog(page, HelpSheet([help_text("umum", "id")]))


DIALOGS: dict[type[QDialog], Callable[[Tour], QDialog]] = {
    BundleDialog: _bundle,
    CoverDialog: _covers,
    FormCard: _card,
    HelpDialog: _help,
    SearchDialog: _search,
    PersonDialog: _person,
    PinDialog: _pin,
    PublicDialog: _public,
    CorrectionDialog: _mending(CorrectionDialog),
    MoveDialog: _mending(MoveDialog),
    WithdrawDialog: _mending(WithdrawDialog),
    RuleHelpDialog: _rule,
    FormViewer: _viewer,
    ChoiceDialog: _choice,
    SlipsDialog: _slips,
    PrintDialog: _print,
}
