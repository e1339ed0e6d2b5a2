from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.people import Role
from app.errors import Unavailable
from app.forms.choice import FormChoice
from app.services import people, public_watch, register, workplace
from app.services.people import Session
from tests.fakes.demo_desk import PIN
from tests.fakes.sitting import Sitting, sitting
from ui.pages.form_card import FormCard
from ui.pages.people_dialog import PersonDialog, PinDialog
from ui.pages.settings import SettingsPage
from ui.pages.settings_forms import ChoiceDialog, FormsSection
from ui.pages.settings_people import PeopleSection
from ui.pages.settings_sections import (
    JournalSection,
    LookSection,
    PagesSection,
    Section,
    ServerSection,
    WorkplaceSection,
    WorkSection,
)
from ui.pages.settings_stations import StationsSection

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
S = TypeVar("S", bound=Section)


def part(sitting: Sitting, who: str, kind: type[S]) -> S:
    """Sign in, go to the settings, show one section."""
    page = sitting.go(who, "settings", SettingsPage)
    section = next(one for one in page.sections if isinstance(one, kind))
    page.names.setCurrentRow(page.sections.index(section))
    sitting.settle()
    return section


def test_a_coordinator_adds_somebody_who_types_the_pin(sitting: Sitting) -> None:
    section = part(sitting, "rina", PeopleSection)
    section.add.click()
    dialog = sitting.window.findChild(PersonDialog)
    assert dialog is not None
    dialog.fields.name.setText("Rina Putri")
    dialog.fields.pins.first.setText("975310")
    dialog.buttons.do_it.click()
    assert dialog.buttons.message.text() == "Kedua PIN tidak sama. Ketik ulang."
    dialog.fields.pins.second.setText("975310")
    QTest.keyClick(dialog.fields.pins.second, Qt.Key.Key_Return)
    sitting.settle()
    assert not dialog.isVisible()
    assert people.sign_in(sitting.demo.wp, "rina2", "975310").person.roles == {Role.KEY}


def test_others_see_people_but_cannot_change_them(sitting: Sitting) -> None:
    section = part(sitting, "budi", PeopleSection)
    section.table.selectRow(0)
    assert not section.add.isEnabled()
    assert not section.active.isEnabled()
    assert section.own_pin.isEnabled()


def test_a_person_changes_only_their_own_pin_and_must_know_the_old(sitting: Sitting) -> None:
    section = part(sitting, "budi", PeopleSection)
    section.own_pin.click()
    dialog = sitting.window.findChild(PinDialog)
    assert dialog is not None
    for old, ends in (("111111", False), (PIN, True)):
        dialog.old.setText(old)
        dialog.pins.first.setText("864209")
        dialog.pins.second.setText("864209")
        dialog.buttons.do_it.click()
        sitting.settle()
        assert dialog.isVisible() is not ends
    assert people.sign_in(sitting.demo.wp, "budi", "864209").person.id == "budi"


def test_deactivating_is_not_deleting(sitting: Sitting) -> None:
    section = part(sitting, "rina", PeopleSection)
    section.table.selectRow([one.id for one in section.model.rows].index("dewi"))
    section.active.click()
    sitting.settle()
    assert not people.person(sitting.demo.wp, "dewi").active
    assert section.active.text() == "&Aktifkan lagi"


def test_the_account_is_connected_by_file_and_code(sitting: Sitting) -> None:
    asked: list[tuple[Path | None, str, str]] = []

    def enrol(path: Path | None, code: str, session: Session) -> str:
        asked.append((path, code, session.person.id))
        if code == "salah":
            raise Unavailable("Kode ditolak KPU RI.", hint="Minta kode baru.")
        return "Terhubung. Antrean mulai dikirim."

    context = sitting.window.context
    section = ServerSection(replace(context, desk=replace(context.desk, enrol=enrol)))
    sitting.qtbot.addWidget(section)
    section.set_session(sitting.demo.sessions["rina"])
    section.read()
    sitting.settle()
    section.on_connect()
    assert section.message.text() == "Isi berkas penyiapan dan kode sekali pakai."
    section.setup.setText("setup.json")
    for code, words in (
        ("salah", "Kode ditolak KPU RI. Minta kode baru."),
        ("k0d3", "Terhubung. Antrean mulai dikirim."),
    ):
        section.code.setText(code)
        section.connect_button.click()
        assert not section.connect_button.isEnabled()
        sitting.settle()
        assert section.message.text() == words
    assert asked[-1] == (Path("setup.json"), "k0d3", "rina")
    section.set_session(sitting.demo.sessions["budi"])
    section.read()
    assert not section.connect_button.isEnabled()


def test_the_public_site_is_chosen_and_a_wrong_address_is_a_sentence(sitting: Sitting) -> None:
    site = part(sitting, "rina", ServerSection).site
    section = site.parentWidget()
    assert isinstance(section, ServerSection)
    assert not site.address.isVisible()
    site.which.setCurrentIndex(1)
    site.which.activated.emit(1)
    for text in (
        "",
        "situng.kpu.go.id",
        "javascript:alert(1)",
        "https://[::1",
        "https://kpu.example:x",
        "h" * 3000,
    ):
        site.address.setText(text)
        site.address.textEdited.emit(text)
        section.read()  # as every second while something changes: what is typed stays
        sitting.settle()
        assert site.address.text() == text
        QTest.keyClick(site.address, Qt.Key.Key_Return)
        sitting.settle()
        assert section.message.text().startswith(("Ketik alamat", "Alamat situs publik tidak dapat dipakai"))
        assert public_watch.site_choice(sitting.demo.wp) == ""
    site.address.setText("https://situng.example/")
    site.keep.click()
    sitting.settle()
    assert public_watch.site_choice(sitting.demo.wp) == "https://situng.example"
    assert "https://situng.example/static/json" in site.now.text()
    assert section.message.text() == "Tersimpan."
    site.which.setCurrentIndex(2)
    site.which.activated.emit(2)
    site.keep.click()
    sitting.settle()
    assert public_watch.tree_address(sitting.demo.wp) == ""
    assert not site.address.isVisible()
    sitting.window.sign_out()
    assert not part(sitting, "budi", ServerSection).site.keep.isEnabled()


def test_choices_are_kept_with_the_folder(sitting: Sitting) -> None:
    wp = sitting.demo.wp
    work = part(sitting, "rina", WorkSection)
    work.send_when.setCurrentIndex(1)
    work.send_when.activated.emit(1)
    sitting.settle()
    assert workplace.preference(wp, "send_when") == "settled"


def test_a_folder_is_watched_from_now_on(sitting: Sitting, tmp_path: Path) -> None:
    assert not part(sitting, "rina", PagesSection).pick.isEnabled()  # this program was started without
    told: list[Path | None] = []

    def watch(folder: Path | None) -> str:
        told.append(folder)
        return "Folder diawasi." if folder else "Folder tidak diawasi lagi."

    context = sitting.window.context
    section = PagesSection(replace(context, desk=replace(context.desk, watch=watch)))
    sitting.qtbot.addWidget(section)
    section.set_folder(tmp_path)
    sitting.settle()
    assert section.folder.text() == str(tmp_path)
    assert section.message.text() == "Folder diawasi."
    section.stop.click()
    sitting.settle()
    assert told == [tmp_path, None]
    assert workplace.preference(sitting.demo.wp, "watched_folder") == ""


def test_a_forgotten_pin_is_typed_anew_before_the_coordinator(sitting: Sitting) -> None:
    section = part(sitting, "rina", PeopleSection)
    section.table.selectRow([one.id for one in section.model.rows].index("budi"))
    section.reset.click()
    dialog = sitting.window.findChild(PinDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "PIN baru untuk Budi Hartono"
    dialog.pins.first.setText("112233")
    dialog.pins.second.setText("112233")
    dialog.buttons.do_it.click()
    sitting.settle()
    assert people.sign_in(sitting.demo.wp, "budi", "112233").person.id == "budi"


def test_another_language_builds_the_window_anew(sitting: Sitting) -> None:
    look = part(sitting, "rina", LookSection)
    with sitting.qtbot.waitSignal(sitting.window.rebuild_requested):
        look.language.setCurrentIndex(1)
        look.language.activated.emit(1)
    assert workplace.preference(sitting.demo.wp, "language") == "en"


def test_the_journal_is_checked_while_work_goes_on(sitting: Sitting) -> None:
    section = part(sitting, "agus", JournalSection)
    section.check.click()
    assert section.busy.isVisible()
    assert not section.check.isEnabled()
    sitting.settle()
    assert section.message.text().startswith("Jurnal utuh")
    assert section.check.isEnabled()


def test_all_numbers_as_csv(sitting: Sitting, tmp_path: Path) -> None:
    section = part(sitting, "rina", WorkplaceSection)
    section.save_csv(tmp_path / "semua.csv")
    sitting.settle()
    assert (tmp_path / "semua.csv").read_text("utf-8").count("\n") == len(sitting.demo.papers) + 1


def test_a_tps_of_the_day_and_a_repeated_vote(sitting: Sitting) -> None:
    section, wp = part(sitting, "rina", StationsSection), sitting.demo.wp
    section.code.setText("3204052001 099")
    section.men.setText("sembilan")
    section.add.click()
    assert section.message.text().startswith("DPT harus berupa angka")
    section.men.setText("97")
    section.add.click()
    sitting.settle()
    assert section.message.text() == "TPS 099 Cileunyi Kulon ditambahkan."
    assert register.station(wp, "3204052001099").dpt_l == 97
    section.again.setText("3204052001099")
    section.open_round.click()
    sitting.settle()
    assert section.message.text() == "Pemungutan ke-2 untuk TPS 099 dibuka."
    assert [key.round for key in register.keys_of(wp, "3204052001099")] == [1, 2]
    section.again.setText("bukan kode")
    section.open_round.click()
    sitting.settle()
    assert "tidak dikenal" in section.message.text()
    assert not part(sitting, "budi", StationsSection).add.isEnabled()


def test_a_form_is_read_otherwise_from_now_on_and_another_is_added(sitting: Sitting) -> None:
    section = part(sitting, "rina", FormsSection)
    (row,) = section.model.rows
    assert 0 < row.begun < row.expected
    section.edit.click()
    dialog = sitting.window.findChild(ChoiceDialog)
    assert dialog is not None
    unread = row.expected - row.begun
    assert dialog.what.text().startswith(f"{unread} formulir yang belum dibaca")
    dialog.fields.profile.setCurrentIndex(dialog.fields.profile.findData("ringkas"))
    dialog.fields.readings.setCurrentIndex(dialog.fields.readings.findData(1))
    dialog.fields.readings.activated.emit(1)
    assert "satu orang" in dialog.warning.text()
    dialog.buttons.do_it.click()
    sitting.settle()
    (row,) = section.model.rows
    assert row.choice == FormChoice("c1-ppwp-2019", "ringkas", 1)
    section.add.click()
    dialog = next(one for one in sitting.window.findChildren(ChoiceDialog) if one.isVisible())
    assert str(dialog.form.itemData(0)) == "c1-dpr-2019-jabar-2"
    dialog.buttons.do_it.click()
    sitting.settle()
    assert [one.choice.form for one in section.model.rows] == ["c1-ppwp-2019", "c1-dpr-2019-jabar-2"]
    key = sitting.demo.papers[-1].key
    sitting.window.open_form(key)
    sitting.settle()
    card = sitting.window.findChild(FormCard)
    assert card is not None
    assert "satu orang" in card.lead.text()
    assert not part(sitting, "budi", FormsSection).edit.isEnabled()
