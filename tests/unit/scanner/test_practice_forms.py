import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from app.domain.cell import Cell, Mark
from app.domain.geometry import box_rect
from scanner.practice_forms import practice_page, spelled, written_page
from tests.unit.scanner.sheets import HEADER, key_of, numbers, opened, ppwp

WORDS = {
    0: "NOL", 11: "SEBELAS", 12: "DUA BELAS", 20: "DUA PULUH", 72: "TUJUH PULUH DUA", 100: "SERATUS",
    172: "SERATUS TUJUH PULUH DUA", 215: "DUA RATUS LIMA BELAS", 1001: "SERIBU SATU",
    2345: "DUA RIBU TIGA RATUS EMPAT PULUH LIMA",
}  # fmt: skip


def written(cells: dict[str, Cell], page: int = 1, seed: int = 1) -> Image.Image:
    return written_page(ppwp(), page, key_of(1), HEADER, cells, seed, dpi=150)


def ink(page: Image.Image, field: str) -> float:
    """Mean darkness inside the field's boxes, their printed rules included."""
    form = ppwp()
    x, y, w, h = box_rect(form, form.by_id[field], *page.size)
    return 255 - ImageStat.Stat(page.crop((x, y, x + w, y + h))).mean[0]


def test_the_same_arguments_give_the_same_bytes() -> None:
    arguments = (ppwp(), 2, key_of(3), HEADER, numbers(3), 9)
    assert practice_page(*arguments) == practice_page(*arguments)


def test_seed_station_and_page_each_change_the_picture() -> None:
    base = practice_page(ppwp(), 1, key_of(3), HEADER, numbers(3), 9)
    assert base != practice_page(ppwp(), 1, key_of(3), HEADER, numbers(3), 10)
    assert base != practice_page(ppwp(), 1, key_of(4), HEADER, numbers(3), 9)
    assert base != practice_page(ppwp(), 2, key_of(3), HEADER, numbers(3), 9)


@pytest.mark.parametrize("dpi", [150, 200])
def test_a_page_is_a_grey_a4_jpeg(dpi: int) -> None:
    image = opened(practice_page(ppwp(), 1, key_of(1), HEADER, numbers(1), 1, dpi=dpi))
    assert image.format == "JPEG"
    assert image.mode == "L"
    assert image.size == (round(210 / 25.4 * dpi), round(297 / 25.4 * dpi))


def test_values_marks_and_absent_cells_leave_their_traces() -> None:
    empty = written({})
    full = written({"A1.L": 188, "A1.P": Mark.UNREADABLE})
    assert ink(full, "A1.L") > ink(empty, "A1.L") + 4
    assert ink(full, "A1.P") > ink(full, "A1.L") + 10, "an unreadable number is scribbled over"
    assert ink(full, "A1.J") == ink(empty, "A1.J"), "a field that was not given stays empty"


def test_a_blank_box_is_empty_or_dashed_but_never_a_digit() -> None:
    empty = ink(written({}), "A2.L")
    digits = ink(written({"A2.L": 188}), "A2.L")
    for seed in range(8):
        assert ink(written({"A2.L": Mark.BLANK}, seed=seed), "A2.L") - empty < (digits - empty) * 0.6


def test_forms_are_filled_in_by_different_hands() -> None:
    pages = [written(numbers(1), seed=seed) for seed in range(4)]
    for one in pages[1:]:
        assert ImageChops.difference(pages[0], one).getbbox() is not None


def test_a_page_the_form_does_not_have_is_said() -> None:
    with pytest.raises(KeyError):
        practice_page(ppwp(), 7, key_of(1), HEADER, {}, 1)


@pytest.mark.parametrize(("number", "words"), WORDS.items())
def test_numbers_are_spelled_as_kpps_writes_them(number: int, words: str) -> None:
    assert spelled(number) == words


@given(st.integers(0, 999_999))
def test_every_number_can_be_spelled(number: int) -> None:
    assert spelled(number).replace(" ", "").isalpha()


def test_a_smooth_page_is_straight() -> None:
    data = practice_page(ppwp(), 1, key_of(1), HEADER, {}, 1, rough=False)
    assert min(opened(data).crop((0, 0, 8, 8)).tobytes()) >= 250
