from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.people import Role
from app.forms.wilayah import Region
from app.services import people, workplace
from app.services.workplace import Workplace
from tests.fakes.desk import QUICK_PIN, FakeClock, MemorySecrets
from ui.pages.first_run import FirstRun, shipped_districts
from ui.pages.people_dialog import PinFields, suggest_id
from ui.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

OWN_LIST = """kode_desa,desa,kode_kecamatan,kecamatan,nomor_tps,dpt_l,dpt_p
3204052001,Cileunyi Kulon,320405,Cileunyi,1,97,101
3204052001,Cileunyi Kulon,320405,Cileunyi,2,110,120
"""


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def steps(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> Iterator[FirstRun]:
    def make(*, realm: str, district: str, region: Region, profile: str) -> Workplace:
        return workplace.create(
            tmp_path / "kerja", realm=realm, district=district, region=region, profile=profile, clock=FakeClock(),
            secrets=MemorySecrets(), pin_cost=QUICK_PIN,
        )  # fmt: skip

    made = FirstRun(make, tasks)
    qtbot.addWidget(made)
    made.show()
    yield made
    if made.workplace is not None:
        made.workplace.close()


def fill(pins: PinFields, pin: str = "246810") -> None:
    pins.first.setText(pin)
    pins.second.setText(pin)


def test_from_nothing_to_two_people_with_the_keyboard_and_no_server(
    qtbot: QtBot, steps: FirstRun, tmp_path: Path
) -> None:
    listed = tmp_path / "tps.csv"
    listed.write_text(OWN_LIST, encoding="utf-8")
    steps.use_list(listed)
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == 1)
    assert "2 TPS" in steps.message.text()
    steps.coordinator.name.setText("Rina Sari")
    fill(steps.coordinator.pins)
    QTest.keyClick(steps.coordinator.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == 2)
    steps.operator.name.setText("Budi Hartono")
    fill(steps.operator.pins)
    QTest.keyClick(
        steps.operator.pins.second, Qt.Key.Key_Return
    )  # a person half written is added, not dropped
    qtbot.waitUntil(lambda: steps.added.count() == 2)
    assert steps.place.text() == "Situng Luring · langkah 3 dari 3"
    steps.next.click()
    wp = steps.workplace
    assert wp is not None
    assert {one.id: one.roles for one in people.people(wp)} == {
        "rina": frozenset({Role.COORDINATE}),
        "budi": frozenset({Role.KEY}),
    }
    assert people.sign_in(wp, "budi", "246810").person.name == "Budi Hartono"


def test_a_bad_list_is_named_and_nothing_is_made(qtbot: QtBot, steps: FirstRun, tmp_path: Path) -> None:
    listed = tmp_path / "tps.csv"
    listed.write_text(OWN_LIST.replace("97", "banyak"), encoding="utf-8")
    steps.use_list(listed)
    qtbot.waitUntil(lambda: "tps.csv" in steps.message.text())
    assert steps.steps.currentIndex() == 0
    assert not (tmp_path / "kerja").exists()


def test_an_incomplete_coordinator_is_refused_before_anything_is_on_disk(
    qtbot: QtBot, steps: FirstRun, tmp_path: Path
) -> None:
    listed = tmp_path / "tps.csv"
    listed.write_text(OWN_LIST, encoding="utf-8")
    steps.use_list(listed)
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == 1)
    steps.coordinator.name.setText("Rina")
    steps.coordinator.pins.first.setText("246810")
    steps.coordinator.pins.second.setText("246811")
    steps.next.click()
    assert steps.message.text() == "Kedua PIN tidak sama. Ketik ulang."
    assert not (tmp_path / "kerja").exists()


def test_where_keys_would_be_lost_only_practice_is_left(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    def make(**_asked: object) -> Workplace:
        raise AssertionError("nothing may be made")

    steps = FirstRun(make, tasks, obstacle="Komputer ini tidak punya gantungan kunci (keyring).")
    qtbot.addWidget(steps)
    listed = tmp_path / "tps.csv"
    listed.write_text(OWN_LIST, encoding="utf-8")
    steps.use_list(listed)
    qtbot.waitUntil(lambda: tasks.is_idle)
    steps.next.click()
    assert steps.steps.currentIndex() == 0
    assert "gantungan kunci" in steps.message.text()
    steps.on_practice()
    assert steps.practice_chosen


def test_practice_is_one_button_away(qtbot: QtBot, steps: FirstRun) -> None:
    steps.on_practice()
    assert steps.practice_chosen
    assert steps.workplace is None


def test_kabupaten_bandung_comes_with_the_program() -> None:
    assert "3204" in shipped_districts()


def test_ids_are_short_and_never_taken_twice() -> None:
    assert suggest_id("Rina Sari", set()) == "rina"
    assert suggest_id("Rina Putri", {"rina", "rina2"}) == "rina3"
    assert suggest_id("***", set()) == "orang"
