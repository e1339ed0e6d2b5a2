from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.services import status
from app.services.forms_list import Wanted
from tests.fakes.demo_desk import tamper
from tests.fakes.sitting import Sitting, sitting
from ui.pages.forms_list import FormsPage
from ui.pages.public_differs import PublicDialog
from ui.pages.verification import VerificationPage

__all__ = ["sitting"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def dialog_of(page: VerificationPage, sitting: Sitting) -> PublicDialog:
    page.public.button.click()
    sitting.settle()
    dialog = page.public.findChild(PublicDialog)
    assert isinstance(dialog, PublicDialog)
    return dialog


def press(widget: QWidget, key: Qt.Key, sitting: Sitting) -> None:
    QTest.keyClick(widget, key)
    sitting.settle()


def test_from_the_list_of_forms_one_key_leads_to_the_comparison_of_that_form(sitting: Sitting) -> None:
    """Not to the oldest; and whoever finds ours wrong is led to the ordinary verdict, not round in a circle."""
    _first, second = tamper(sitting.demo, 2)
    page = sitting.go("agus", "forms", FormsPage)
    page.show_wanted(Wanted(is_mine=True, stop="public_differs"))
    sitting.settle()
    assert page.items.rowCount() == 2
    place = page.items.place_of(lambda row: row.key == second)
    assert place is not None
    page.table.selectRow(place)
    assert "angka di situs publik" in page.why.text().lower()
    page.on_go_on()
    sitting.settle()
    verifying = sitting.window.stack.currentWidget()
    assert isinstance(verifying, VerificationPage)
    dialog = verifying.public.findChild(PublicDialog)
    assert isinstance(dialog, PublicDialog)
    assert dialog.shown is not None
    assert dialog.shown.key == second
    press(dialog, Qt.Key.Key_F8, sitting)
    assert verifying.detail.compared is not None
    assert verifying.detail.compared.key == second


def test_a_difference_on_the_public_site_is_answered_one_form_after_the_other(sitting: Sitting) -> None:
    """And whoever leaves takes the dialog along."""
    page = sitting.go("agus", "verify", VerificationPage)
    assert not page.public.isVisible()
    first, second = tamper(sitting.demo, 2)
    page.refresh()
    sitting.settle()
    assert page.public.isVisible()
    assert page.public.words.text().startswith("■ 2 formulir")
    dialog = dialog_of(page, sitting)
    assert dialog.shown is not None
    assert dialog.shown.key == first
    (row,) = dialog.sides.rows.rows
    assert row.there == 9
    press(dialog, Qt.Key.Key_F3, sitting)
    assert len(dialog.sides.rows.rows) == 7
    press(dialog, Qt.Key.Key_F7, sitting)
    assert dialog.shown.key == second
    last = status.history(sitting.demo.wp, first)[-1]
    assert (last.kind, last.who) == ("public_checked", "Agus Salim")
    press(dialog, Qt.Key.Key_F8, sitting)
    assert page.detail.compared is not None
    assert page.detail.compared.key == second, "the ordinary verdict, with its reason"
    assert page.public.findChild(PublicDialog) is None
    page.on_person_changed(None)
    assert not page.public.isVisible()
    page.on_person_changed(sitting.session)
    sitting.settle()
    dialog = dialog_of(page, sitting)
    page.on_person_changed(None)
    assert not dialog.isVisible()
