import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.domain.wilayah import TpsId
from scanner.affine import turn_about_centre
from scanner.cover_sheets import CoverStation, draw_cover, qr_image
from scanner.identify import Code, check_digit, code_text, parse_code, read_code
from tests.unit.scanner.sheets import opened, page_jpeg, ppwp

codes = st.from_regex(r"[0-9]{12}[1-9]", fullmatch=True)
STATION = CoverStation(TpsId("3204052001017"), "Cileunyi Kulon", "Cileunyi")


@given(codes)
def test_a_code_is_read_back(tps: str) -> None:
    assert parse_code(code_text(TpsId(tps), "c1-ppwp-2019")) == Code(TpsId(tps), "c1-ppwp-2019")


@given(codes, st.integers(0, 12), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(tps: str, place: int, by: int) -> None:
    wrong = tps[:place] + str((int(tps[place]) + by) % 10) + tps[place + 1 :]
    assert check_digit(wrong, "c1-ppwp-2019") != check_digit(tps, "c1-ppwp-2019")


@given(codes, st.integers(0, 11))
def test_every_swap_of_neighbours_is_noticed(tps: str, place: int) -> None:
    swapped = tps[:place] + tps[place + 1] + tps[place] + tps[place + 2 :]
    if swapped != tps:
        assert check_digit(swapped, "c1-ppwp-2019") != check_digit(tps, "c1-ppwp-2019")


@given(st.text(max_size=60))
def test_foreign_codes_are_not_ours(text: str) -> None:
    assert parse_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "SL2|3204052001017|c1-ppwp-2019|1",
        "SL1|3204052001000|c1-ppwp-2019|1",
        "SL1|3204 052001017|c1-ppwp-2019|1",
        "SL1|3204052001017||0",
    ],
)
def test_almost_right_is_not_right(text: str) -> None:
    assert parse_code(text) is None


@pytest.mark.parametrize("degrees", [0, 3, 90, -4])
@pytest.mark.parametrize("dpi", [150, 200])
def test_a_cover_sheet_is_read_as_it_lies(degrees: int, dpi: int) -> None:
    sheet = draw_cover(STATION, ppwp(), dpi)
    turned = sheet.transform(
        sheet.size, Image.Transform.AFFINE, turn_about_centre(sheet.size, degrees), fillcolor=255
    )
    code = read_code(turned)
    assert code is not None
    assert (code.tps, code.form, code.is_upside_down) == (STATION.tps, "c1-ppwp-2019", False)


def test_an_upside_down_cover_sheet_says_so() -> None:
    code = read_code(draw_cover(STATION, ppwp()).transpose(Image.Transpose.ROTATE_180))
    assert code is not None
    assert code.is_upside_down


def test_a_page_without_a_code_has_none() -> None:
    assert read_code(opened(page_jpeg())) is None


def test_somebody_elses_code_is_passed_over() -> None:
    page = Image.new("L", (800, 1100), 255)
    page.paste(qr_image("https://infopemilu.kpu.go.id/tps/17", 300), (100, 100))
    assert read_code(page) is None
