from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.people import Role
from app.domain.wilayah import TpsId
from app.forms import wilayah
from app.forms.choice import FormChoice, usual
from app.forms.wilayah import Region
from app.services import form_choice, people, workplace
from app.services.workplace import Workplace
from tests.fakes.desk import QUICK_PIN, FakeClock, MemorySecrets
from ui.pages.first_run import COORDINATOR, FORMS, OPERATORS, FirstRun, forms_for, shipped_districts
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
    def make(*, realm: str, district: str, region: Region, choices: Sequence[FormChoice]) -> Workplace:
        return workplace.create(
            tmp_path / "kerja", realm=realm, district=district, region=region, choices=choices, clock=FakeClock(),
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
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == FORMS)
    assert "2 TPS" in steps.message.text()
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)  # PPWP, as it stands there
    assert steps.steps.currentIndex() == COORDINATOR
    steps.coordinator.name.setText("Rina Sari")
    fill(steps.coordinator.pins)
    QTest.keyClick(steps.coordinator.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == OPERATORS)
    steps.operator.name.setText("Budi Hartono")
    fill(steps.operator.pins)
    QTest.keyClick(
        steps.operator.pins.second, Qt.Key.Key_Return
    )  # a person half written is added, not dropped
    qtbot.waitUntil(lambda: steps.added.count() == 2)
    assert steps.place.text() == "Situng Luring · langkah 4 dari 4"
    steps.next.click()
    wp = steps.workplace
    assert wp is not None
    assert {one.id: one.roles for one in people.people(wp)} == {
        "rina": frozenset({Role.COORDINATE}),
        "budi": frozenset({Role.KEY}),
    }
    assert people.sign_in(wp, "budi", "246810").person.name == "Budi Hartono"


def test_no_field_is_pressed_flat_on_a_small_screen(qtbot: QtBot, steps: FirstRun) -> None:
    steps.setMinimumSize(0, 0)
    steps.resize(680, 452)  # 1366 x 768 at 150 %
    steps.steps.setCurrentIndex(OPERATORS)
    QApplication.processEvents()
    for field in (steps.operator.name, steps.operator.pins.first, steps.operator.pins.second):
        assert field.height() >= field.sizeHint().height()


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
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == FORMS)
    steps.next.click()
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


def test_forms_are_chosen_with_profile_and_readers_and_one_reader_is_said(
    qtbot: QtBot, steps: FirstRun, tmp_path: Path
) -> None:
    steps.next.click()  # Kabupaten Bandung
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == FORMS, timeout=20_000)
    shown = steps.forms
    assert [box.text() for box in shown.boxes.values()] == [
        "C1-PPWP", "C1-DPR", "C1-DPD", "C1-DPRD Prov", "C1-DPRD Kab"
    ]  # fmt: skip
    assert shown.choices() == [usual("c1-ppwp-2019")]
    assert not shown.warning.isVisible()
    shown.boxes["c1-ppwp-2019"].click()
    steps.next.click()
    assert steps.steps.currentIndex() == FORMS
    assert steps.message.text() == "Pilih paling sedikit satu formulir."
    shown.boxes["c1-ppwp-2019"].click()
    shown.boxes["c1-dpr-2019-jabar-2"].click()
    fields = shown.fields["c1-dpr-2019-jabar-2"]
    fields.profile.setCurrentIndex(fields.profile.findData("ringkas"))
    fields.readings.setCurrentIndex(fields.readings.findData(1))
    fields.readings.activated.emit(fields.readings.currentIndex())
    dpr = FormChoice("c1-dpr-2019-jabar-2", "ringkas", 1)
    assert shown.choices() == [usual("c1-ppwp-2019"), dpr]
    assert f"{39 + dpr.boxes} angka sekali baca, {78 + dpr.boxes} angka oleh semua" in shown.sum.text()
    assert "C1-DPR dibaca satu orang" in shown.warning.text()
    assert "setelah dibaca dua orang" in shown.warning.text(), "the definition, and so the centre, wants two"
    steps.next.click()
    steps.coordinator.name.setText("Rina")
    fill(steps.coordinator.pins)
    steps.next.click()
    qtbot.waitUntil(lambda: steps.steps.currentIndex() == OPERATORS, timeout=20_000)
    assert steps.workplace is not None
    assert [one.choice for one in form_choice.chosen(steps.workplace)] == shown.choices()


def test_another_district_is_offered_its_own_forms_only() -> None:
    region = wilayah.load_region("3204")
    other = replace(region.stations[0], tps=TpsId("9204052001001"))
    assert forms_for(Region(region.areas, (other,))) == ["c1-ppwp-2019"]
