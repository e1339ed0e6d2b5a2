import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.form import Box, Page, Text
from app.domain.geometry import around, box_rect, crop_rect, digit_boxes, page_of, to_pixels
from tests.unit.scanner.sheets import ppwp

A4 = Page(1, Text("", ""), 210.0, 297.0)
lengths = st.floats(-50, 400)
sizes = st.integers(1, 5000)


@given(x=lengths, y=lengths, w=st.floats(0, 400), h=st.floats(0, 400), width=sizes, height=sizes)
def test_every_rectangle_lies_inside_the_image_and_is_never_empty(
    x: float, y: float, w: float, h: float, width: int, height: int
) -> None:
    rect = to_pixels(Box(x, y, w, h), A4, width, height)
    assert rect.x >= 0
    assert rect.y >= 0
    assert rect.w >= 1
    assert rect.h >= 1
    assert rect.x + rect.w <= width
    assert rect.y + rect.h <= height


@given(factor=st.integers(1, 12))
def test_rectangles_scale_with_the_image(factor: int) -> None:
    one = to_pixels(Box(21, 29.7, 42, 59.4), A4, 210, 297)
    many = to_pixels(Box(21, 29.7, 42, 59.4), A4, 210 * factor, 297 * factor)
    assert all(abs(many[n] - one[n] * factor) <= factor for n in range(4))


@pytest.mark.parametrize("field", ppwp().fields, ids=lambda one: one.id)
def test_a_crop_holds_its_digit_boxes(field: object) -> None:
    form = ppwp()
    one = next(known for known in form.fields if known is field)
    crop, box = crop_rect(form, one, 1654, 2339), box_rect(form, one, 1654, 2339)
    assert crop.x <= box.x
    assert crop.y <= box.y
    assert crop.x + crop.w >= box.x + box.w
    assert crop.y + crop.h >= box.y + box.h


def test_digit_boxes_share_the_field_evenly() -> None:
    field = ppwp().by_id["P1"]
    boxes = digit_boxes(field)
    assert len(boxes) == field.digits
    assert around(boxes) == pytest.approx(field.box) or around(boxes).w == pytest.approx(field.box.w)


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(KeyError):
        page_of(ppwp(), 9)
    with pytest.raises(ValueError, match="no boxes"):
        around([])
