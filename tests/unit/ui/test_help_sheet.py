"""F1 on paper: one A4 page with the keys and rules of all the pages somebody works with."""

from pathlib import Path

import pypdfium2
import pytest

from tests.fakes.sitting import Sitting, sitting
from ui import paper
from ui.help_sheet import HelpSheet
from ui.page import Page
from ui.pages import page_specs
from ui.pages.help import HelpDialog, help_text
from ui.pages.print_dialog import PrintDialog
from ui.paper import Size

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window


def test_the_sheet_is_one_page_with_the_keys_of_every_page(sitting: Sitting, tmp_path: Path) -> None:
    sitting.go("rina", "home", Page)
    sitting.window.show_help()
    dialog = sitting.window.findChild(HelpDialog)
    assert dialog is not None
    sheet = HelpSheet(dialog.sections())
    assert sheet.page_count(Size.A4) == 1
    paper.save_pdf(sheet, Size.A4, tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    for said in ("Entri", "Verifikasi", "Antrean", "Pindai", "tertulis demikian", "Ctrl+K", "F9"):
        assert said in words
    dialog.sheet.click()
    assert dialog.findChild(PrintDialog) is not None


def test_every_page_has_its_own_help_and_keys(sitting: Sitting) -> None:
    sitting.go("rina", "home", Page)
    general = help_text("umum", "id")
    for spec in page_specs():
        page = sitting.go("rina", spec.id, Page)
        assert help_text(page.help_topic(), "id") not in ("", general), spec.id
        assert page.key_help(), spec.id
