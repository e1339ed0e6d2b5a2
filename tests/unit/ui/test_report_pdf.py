"""The PDF as another program reads it (PDFium, the reader in Chrome)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import reports as pdf_reports
from app.domain.people import Role
from app.errors import Unavailable
from app.services import keying, people, reporting, status
from app.services.report_tables import Report, Table
from tests.fakes.district import BROKEN, PIN, Desk, key, make, own, settled
from ui.report_pdf import pdf_bytes

NUMBER = re.compile(r"[\d.]+")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def read(data: bytes) -> list[str]:
    """The text of each page, one line."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    finally:
        pdf.close()


def after(words: str, text: str) -> int:
    """The number behind some words."""
    found = NUMBER.search(text, text.index(words) + len(words))
    assert found is not None
    return int(found.group().replace(".", ""))


def test_a_reader_finds_the_funnel_of_status(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    settled(desk, 1)
    for person in ("ani", "budi"):
        keying.key_whole(desk.wp, desk[person], key(2), BROKEN, accept=[keying.ACCEPT_ALL])
    name = "=SUM(A1) \u202edabig " + "Panjang" * 60
    people.add_person(desk.wp, id="x", name=name, roles=[Role.KEY], pin=PIN, by=desk["koor"])
    keying.key_whole(desk.wp, people.sign_in(desk.wp, "x", PIN), key(3), own(3))
    said = pdf_reports.save_pdf(reporting.daily(desk.wp), tmp_path / "harian.pdf")
    assert said == f"Laporan tersimpan di {tmp_path / 'harian.pdf'}."
    pages = read((tmp_path / "harian.pdf").read_bytes())
    counts = status.facts_json(desk.wp)["funnel"]
    funnel = pages[0][: pages[0].index("Corong per kecamatan")]
    labels = ("Diterima", "Dipindai", "Dientri", "Entri kedua", "Diunggah", "Diterima KPU RI", "Diverifikasi")
    facts = ("received", "scanned", "keyed", "second_read", "sent", "at_centre", "verified")
    table = funnel[funnel.index("Dalam masa laporan") :]
    assert [after(label + " ", table) for label in labels] == [counts[fact] for fact in facts]
    for number, page in enumerate(pages, start=1):
        assert f"hal. {number} dari {len(pages)}" in page
        assert "LATIHAN" in page
        assert "Bukan hasil resmi" in page
        assert "Kab. Bandung" in page
    whole = " ".join(pages)
    assert "Kecamatan Cileunyi" in whole
    assert "tertulis 191" in whole
    assert "PanjangPanjang" in whole


def test_an_empty_report_opens(qtbot: QtBot, desk: Desk) -> None:
    (page,) = read(pdf_bytes(reporting.shift(desk.wp)))
    assert "Belum ada yang dientri dari 4 formulir." in page
    assert "hal. 1 dari 1" in page


def test_heads_stand_again_on_the_next_page(qtbot: QtBot) -> None:
    rows = tuple((f"Kecamatan {n}", n * 1_000) for n in range(1, 120))
    report = Report(
        "daily",
        "Laporan",
        "Kab.",
        "hari",
        False,
        0.0,
        "kini",
        (Table("t", "T", ("Wilayah", "Formulir"), rows),),
    )
    pages = read(pdf_bytes(report))
    assert len(pages) == 3
    assert all("Wilayah Formulir" in page for page in pages)
    assert "LATIHAN" not in pages[0]
    assert after("Kecamatan 119 ", pages[-1]) == 119_000


def test_what_cannot_be_written_leaves_no_half_file(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    (
        tmp_path / "terbuka.pdf"
    ).mkdir()  # as good as a file that a reader on Windows holds: it cannot be replaced
    with pytest.raises(Unavailable, match="tidak dapat ditulis"):
        pdf_reports.save_pdf(reporting.daily(desk.wp), tmp_path / "terbuka.pdf")
    assert [one.name for one in tmp_path.glob("terbuka*")] == ["terbuka.pdf"]
