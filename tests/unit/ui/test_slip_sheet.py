"""The slip on paper: where its blocks stand, how many pages it takes, what the PDF says."""

from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.c1form import C1Key
from app.domain.wilayah import TpsId
from app.errors import Unavailable
from app.services.register import Station
from app.services.slip import Slip, SlipFinding, SlipReader
from app.training.scenario import papers
from tests.fakes.sitting import Sitting, sitting
from ui import paper
from ui.page import Page
from ui.pages.form_card import FormCard
from ui.pages.keying import KeyingPage
from ui.pages.print_dialog import PrintDialog
from ui.paper import Size
from ui.paper_flow import Flowing, flow
from ui.slip_sheet import SlipSheet

__all__ = ["sitting"]  # a fixture of this module
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
TPS = TpsId("3204052001001")


def a_slip(
    form: str, *, is_settled: bool = True, is_practice: bool = False, readings_needed: int = 2
) -> Slip:
    key = C1Key(TPS, form)
    (sheet,) = papers([(key, 97, 101)])
    finding = SlipFinding(
        "SUM.V1", "V1", "Jumlah 01+02 = 181; tertulis 191.", "Tertulis demikian", "dicoret", "Rina"
    )
    return Slip(
        key=key,
        station=Station(TPS, "CILEUNYI KULON", "CILEUNYI", 97, 101),
        profile="lengkap",
        cells=sheet.cells,
        readers=(SlipReader(1, "Rina S.", "2019-04-19T07:00:00Z"),),
        findings=(finding,),
        is_settled=is_settled,
        readings_needed=readings_needed,
        is_practice=is_practice,
        printed_by="Ibu Wulan",
        printed_at=1_555_657_200.0,
    )


def words_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


@given(st.lists(st.tuples(st.floats(10, 90), st.booleans()), min_size=1, max_size=30), st.integers(1, 3))
def test_blocks_keep_their_order_fit_their_page_and_never_overlap(
    given_blocks: list[tuple[float, bool]], columns: int
) -> None:
    blocks = [Flowing(high, is_wide) for high, is_wide in given_blocks]
    standing = flow(blocks, 100.0, columns)
    assert len(standing) == len(blocks)
    pages = [one.page for one in standing]
    assert pages == sorted(pages)
    spots = []
    for block, at in zip(blocks, standing, strict=True):
        assert at.y >= 0
        assert at.y + block.height <= 100.0 + 1e-6
        assert at.column < columns
        across = range(columns) if block.is_wide else (at.column,)
        spots += [(at.page, column, at.y, at.y + block.height) for column in across]
    for place, (page, column, top, foot) in enumerate(spots):
        for other_page, other_column, other_top, other_foot in spots[place + 1 :]:
            if (page, column) == (other_page, other_column):
                assert foot <= other_top + 1e-6 or other_foot <= top + 1e-6


def test_a_ppwp_slip_is_one_page_with_codes_readers_and_reasons(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "slip.pdf"
    sheet = SlipSheet(a_slip("c1-ppwp-2019", readings_needed=1))
    paper.save_pdf(sheet, Size.A4, path)
    (words,) = words_of(path)
    for said in ("TPS 001", "Cileunyi Kulon", "IV.01", "Rina S.", "satu orang", "Tertulis demikian", "dicoret",
                 "yang berlaku adalah kertas C1", "Ibu Wulan"):  # fmt: skip
        assert said in words
    assert "LATIHAN" not in words
    assert "terpisah" not in words
    assert sheet.page_count(Size.A5) <= 2


def test_a_dpr_slip_breaks_between_parties_and_practice_is_on_every_page(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "slip.pdf"
    paper.save_pdf(
        SlipSheet(a_slip("c1-dpr-2019-jabar-2", is_settled=False, is_practice=True)), Size.A5, path
    )
    pages = words_of(path)
    assert len(pages) > 2
    assert all("LATIHAN" in words and "terpisah" in words for words in pages)
    golkar = next(words for words in pages if "IV.4. Golkar" in words)
    assert "Golkar, calon 10" in golkar


def test_the_dialog_turns_pages_and_saves_or_says_why_not(qtbot: QtBot, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    dialog = PrintDialog(host, SlipSheet(a_slip("c1-dpr-2019-jabar-2")), Size.A5)
    assert not dialog.back.isEnabled()
    dialog.next.click()
    assert dialog.place.text().startswith("2 dari ")
    dialog.save_to(tmp_path / "a.pdf")
    assert dialog.message.text() == "Tersimpan: a.pdf."
    assert words_of(tmp_path / "a.pdf")
    dialog.save_to(tmp_path / "tidak" / "ada.pdf")
    assert "tidak dapat dicetak atau disimpan" in dialog.message.text()
    with pytest.raises(Unavailable):
        paper.save_pdf(SlipSheet(a_slip("c1-ppwp-2019")), Size.A4, tmp_path / "x" / "y.pdf")


def test_the_card_prints_a_slip_for_who_may_see_it_and_says_why_not_to_others(sitting: Sitting) -> None:
    done, unread = sitting.demo.papers[0].key, sitting.demo.papers[-1].key
    sitting.go("agus", "home", Page)
    for key, is_shown in ((unread, False), (done, True)):
        sitting.window.open_form(key)
        sitting.settle()
        card = next(one for one in sitting.window.findChildren(FormCard) if one.isVisible())
        card.slip.click()
        sitting.settle()
        shown = [one for one in sitting.window.findChildren(PrintDialog) if one.isVisible()]
        assert bool(shown) is is_shown
        if not is_shown:
            assert "belum tuntas dibaca" in card.lead.text()
            card.reject()
    sitting.window.sign_out()
    assert not [one for one in sitting.window.findChildren(PrintDialog) if one.isVisible()], "nobody is there"


def test_ctrl_p_prints_what_was_finished_last(sitting: Sitting) -> None:
    page = sitting.go("budi", "keying", KeyingPage)
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    sitting.settle()
    (dialog,) = [one for one in sitting.window.findChildren(PrintDialog) if one.isVisible()]
    assert dialog.windowTitle().startswith("Slip entri C1-PPWP TPS ")
