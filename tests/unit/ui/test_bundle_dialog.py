from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bundle_ports import BundleChoice
from tests.fakes.sitting import Sitting, sitting
from tests.fakes.stick import Stick
from ui.pages.bundle_dialog import BundleDialog
from ui.pages.queue import QueuePage

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def opened(sitting: Sitting, stick: Stick, tmp_path: Path) -> BundleDialog:
    page = sitting.go("rina", "queue", QueuePage)
    dialog = BundleDialog(page, sitting.window.tasks, stick)
    dialog.folder.setText(str(tmp_path))
    dialog.open()
    sitting.settle()
    return dialog


def test_says_how_much_waits_and_what_fits(sitting: Sitting, tmp_path: Path) -> None:
    dialog = opened(sitting, Stick(), tmp_path)
    assert dialog.room.text().startswith("12 kiriman, ± 4")
    dialog.images.setChecked(False)
    sitting.settle()
    assert dialog.room.text().startswith("2 kiriman, ± 4 kB")
    dialog.folder.setText(str(tmp_path / "tidak-ada"))
    assert not dialog.write.isEnabled()
    assert "tidak dapat dibuka" in dialog.room.text()


def test_writes_what_was_chosen_by_keyboard_alone(sitting: Sitting, tmp_path: Path) -> None:
    stick = Stick()
    dialog = opened(sitting, stick, tmp_path)
    dialog.write.setFocus()
    QTest.keyClick(dialog.write, Qt.Key.Key_Space)
    sitting.settle()
    assert stick.written == [BundleChoice()]
    assert dialog.message.text() == "Selesai: situng.zip. USB boleh dicabut."
    assert dialog.bar.value() == 500


def test_a_full_stick_is_said_in_the_dialog(sitting: Sitting, tmp_path: Path) -> None:
    dialog = opened(sitting, Stick(is_full=True), tmp_path)
    dialog.write.click()
    assert not dialog.close_button.isEnabled(), "a stick being written must not be left"
    sitting.settle()
    assert dialog.message.text() == "Tempat tidak cukup. Ganti USB."
    assert dialog.close_button.isEnabled()


def test_an_answer_is_shown_before_it_is_taken_in(sitting: Sitting, tmp_path: Path) -> None:
    stick = Stick()
    dialog = opened(sitting, stick, tmp_path)
    assert not dialog.take.isEnabled()
    dialog.show_file(tmp_path / "jawaban.zip")
    sitting.settle()
    assert "2 angka, 2 kabar; 4 baru di sini." in dialog.content.text()
    assert stick.taken == []
    with sitting.qtbot.waitSignal(dialog.taken_in):
        dialog.take.click()
    assert stick.taken == [tmp_path / "jawaban.zip"]
    assert dialog.message.text() == "2 diterima KPU RI."


def test_another_pcs_bundle_is_forwarded(sitting: Sitting, tmp_path: Path) -> None:
    stick = Stick(kind="bundle", signature="claimed")
    dialog = opened(sitting, stick, tmp_path)
    dialog.show_file(tmp_path / "situng.zip")
    sitting.settle()
    assert "Ditandatangani PC pc-1, belum diperiksa KPU RI." in dialog.content.text()
    assert "cocok" not in dialog.content.text(), "its key may be anybody's"
    assert dialog.take.text() == "Teruskan ke KPU RI"
    dialog.take.click()
    sitting.settle()
    assert (stick.forwarded, stick.taken) == ([tmp_path / "situng.zip"], [])
    assert "situng-jawaban.zip" in dialog.message.text()


def test_a_bad_answer_cannot_be_taken_in(sitting: Sitting, tmp_path: Path) -> None:
    dialog = opened(sitting, Stick(problems=("Jawaban ini untuk PC lain.",)), tmp_path)
    dialog.show_file(tmp_path / "jawaban.zip")
    sitting.settle()
    assert "Jawaban ini untuk PC lain." in dialog.content.text()
    assert not dialog.take.isEnabled()
