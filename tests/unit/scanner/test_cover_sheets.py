from pathlib import Path

import pytest
from PIL import Image

from app.errors import BadInput, Unavailable
from scanner.cover_sheets import QR_MM, CoverStation, draw_cover, write_cover_sheets
from scanner.identify import read_code
from scanner.sources.files import page_bytes, page_count
from tests.unit.scanner.sheets import key_of, opened, ppwp

STATIONS = [CoverStation(key_of(n).tps, "Cileunyi Kulon", "Cileunyi") for n in (1, 2, 3)]


def test_a_desas_sheets_are_one_pdf_whose_codes_read_back(tmp_path: Path) -> None:
    out = tmp_path / "cileunyi-kulon.pdf"
    assert write_cover_sheets(STATIONS, [ppwp()], out) == 3
    data = out.read_bytes()
    assert page_count(data) == 3
    codes = [read_code(opened(page_bytes(data, n))) for n in range(3)]
    assert [code.tps if code else None for code in codes] == [one.tps for one in STATIONS]
    assert list(tmp_path.iterdir()) == [out]


def test_the_code_is_as_large_as_promised() -> None:
    dark = draw_cover(STATIONS[0], ppwp(), 200).crop((0, 1080, 1654, 1400)).point(lambda value: 255 - value)
    box = dark.getbbox()
    assert box is not None
    assert (box[2] - box[0]) / 200 * 25.4 > 25
    assert QR_MM > 25


def test_a_long_name_stays_on_the_page() -> None:
    long = CoverStation(key_of(1).tps, "Desa Dengan Nama Yang Sungguh Sangat Panjang Sekali", "Kecamatan")
    page = draw_cover(long, ppwp(), 100)
    assert page.crop((0, 300, 20, 500)).getextrema() == (255, 255)


def test_nothing_to_print_and_nowhere_to_print_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write_cover_sheets([], [ppwp()], tmp_path / "x.pdf")
    with pytest.raises(Unavailable):
        write_cover_sheets(STATIONS, [ppwp()], tmp_path / "no-such-folder" / "x.pdf")


def test_a_cover_sheet_is_a4() -> None:
    assert isinstance(draw_cover(STATIONS[0], ppwp(), 150), Image.Image)
    assert draw_cover(STATIONS[0], ppwp(), 150).size == (1240, 1754)
