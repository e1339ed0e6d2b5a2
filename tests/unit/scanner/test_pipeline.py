import io
from random import Random

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from app.domain.form import FormDefinition
from app.domain.geometry import box_rect
from app.forms import load
from scanner.affine import turn_about_centre
from scanner.blank_forms import draw_blank, sheet_of
from scanner.cover_sheets import CoverStation, draw_cover
from scanner.crops import field_crop
from scanner.layout import layouts_of
from scanner.pipeline import UPLOAD_CAP_BYTES, Processed, encode, process, thrifty_copy
from scanner.quality import SharpnessMemory, ink_share, sharpness
from scanner.skew import skew_degrees
from tests.unit.scanner.sheets import encoded, key_of, layouts, opened, page_jpeg, ppwp


def darkness(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    return 255 - float(ImageStat.Stat(image.crop(box)).mean[0])


def misplaced_px(done: Processed, form: FormDefinition, page: int) -> int:
    """How far (pixels of the upload copy) the digit boxes' printed rules lie from where the definition says."""
    image = opened(done.upload)
    blank = draw_blank(sheet_of(form, page), 200)
    worst = 0
    for field in (one for one in form.fields if one.page == page and one.column in {"", "J"}):
        x, y, w, h = box_rect(form, field, *image.size)
        wanted = blank.crop((x - 3, y - 3, x + w + 3, y + h + 3))
        scores = {}
        for across in range(-12, 13, 2):
            for down in range(-12, 13, 2):
                found = image.crop((x - 3 + across, y - 3 + down, x + w + 3 + across, y + h + 3 + down))
                scores[across, down] = ImageStat.Stat(ImageChops.difference(wanted, found)).mean[0]
        best = min(scores, key=scores.__getitem__)
        worst = max(worst, abs(best[0]), abs(best[1]))
    return worst


@pytest.mark.parametrize(
    ("number", "page", "dpi"), [(1, 1, 150), (2, 2, 200), (3, 1, 300), (4, 2, 150), (5, 1, 200)]
)
def test_a_practice_page_is_recognised_and_its_boxes_lie_where_the_form_says(
    number: int, page: int, dpi: int
) -> None:
    done = process(page_jpeg(number, page, dpi), layouts())
    assert (done.form, done.page, done.warnings) == (ppwp().id, page, ())
    assert (done.width_px, done.height_px) == (1654, 2339)
    assert misplaced_px(done, ppwp(), page) <= 6, "within 0.8 mm"


@pytest.mark.parametrize(
    "turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]
)
def test_a_sheet_fed_the_wrong_way_round_is_set_upright(turn: Image.Transpose) -> None:
    sheet = opened(page_jpeg(2, 2, 200)).transpose(turn)
    done = process(encoded(sheet, "JPEG", dpi=(200, 200), quality=90), layouts())
    assert (done.form, done.page) == (ppwp().id, 2)
    assert misplaced_px(done, ppwp(), 2) <= 6


def test_a_sheet_on_a_dark_ground_is_cut_out() -> None:
    sheet = opened(page_jpeg(3, 2, 150, rough=False))
    ground = Image.new("L", (sheet.width + 400, sheet.height + 300), 30)
    ground.paste(sheet, (260, 90))
    turned = ground.transform(
        ground.size,
        Image.Transform.AFFINE,
        turn_about_centre(ground.size, 2.5),
        Image.Resampling.BICUBIC,
        fillcolor=30,
    )
    done = process(encoded(turned, "JPEG", quality=90), layouts())
    assert (done.form, done.page) == (ppwp().id, 2)
    assert misplaced_px(done, ppwp(), 2) <= 8


def test_a_page_of_no_known_layout_keeps_its_whole_frame() -> None:
    page = Image.new("L", (1240, 1754), 250)
    draw = ImageDraw.Draw(page)
    for n in range(30):
        draw.text((100, 80 + n * 53), "Berita acara lain dengan banyak tulisan " * 2, fill=20, font_size=26)
    draw.rectangle((0, 0, 30, 30), fill=0)
    done = process(encoded(page, dpi=(150, 150)), layouts())
    assert (done.form, done.page) == ("", 0)
    assert done.warnings == ("layout_unknown",)
    assert abs(done.width_px - 1654) <= 2
    assert abs(done.height_px - 2339) <= 2
    assert darkness(opened(done.upload), (5, 5, 30, 30)) > 150, "nothing at the edges is cut off"


def test_a_cover_sheet_is_a_cover_sheet_and_no_unknown_page() -> None:
    sheet = draw_cover(CoverStation(key_of(7).tps, "Cileunyi Kulon", "Cileunyi"), ppwp())
    done = process(encoded(sheet.transpose(Image.Transpose.ROTATE_180), dpi=(200, 200)), layouts())
    assert done.code is not None
    assert done.code.tps == key_of(7).tps
    assert (done.form, done.warnings, done.is_blank) == ("", (), False)


@pytest.mark.parametrize("tone", [255, 235])
def test_an_empty_page_is_called_blank_and_one_with_a_signature_too(tone: int) -> None:
    page = Image.new("L", (1240, 1754), tone)
    assert process(encoded(page), layouts()).is_blank
    ImageDraw.Draw(page).line((800, 1500, 860, 1480, 900, 1510, 960, 1490), fill=40, width=4)
    done = process(encoded(page), layouts())
    assert done.is_blank, "set aside for a person to look at"
    assert "blank_page" in done.warnings
    assert darkness(opened(done.upload), (1050, 1960, 1290, 2020)) > 1, "the signature is still on it"


def test_a_page_with_values_is_never_blank() -> None:
    assert ink_share(opened(page_jpeg(1, 2, 150))) > 0.01


def test_quality_facts_are_numbers_a_person_can_check() -> None:
    facts = process(page_jpeg(1, 1, 150), layouts()).quality
    assert facts["source_dpi"] == pytest.approx(150, rel=0.02)
    assert abs(float(facts["skew_degrees"])) <= 2.1
    assert float(facts["layout_score"]) > 0.7
    assert facts["jpeg_quality"] == 65


def test_a_low_resolution_and_a_dark_page_are_said() -> None:
    small = opened(page_jpeg(1, 1, 150)).resize((827, 1169))
    assert "low_resolution" in process(encoded(small, dpi=(100, 100)), layouts()).warnings
    dark = opened(page_jpeg(1, 1, 150)).point([value // 3 for value in range(256)])
    assert "dark_page" in process(encoded(dark, dpi=(150, 150)), layouts()).warnings


def test_the_upload_copy_is_a_progressive_grey_jpeg_under_the_cap() -> None:
    done = process(page_jpeg(1, 1, 200), layouts())
    image = Image.open(io.BytesIO(done.upload))
    assert (image.format, image.mode, bool(image.info.get("progressive"))) == ("JPEG", "L", True)
    assert 100 * 1024 <= len(done.upload) <= 320 * 1024
    assert opened(done.thumbnail).size == (240, 339)


def test_the_thrifty_copy_is_the_same_page_at_half_the_bytes() -> None:
    done = process(page_jpeg(1, 1, 200), layouts())
    image = Image.open(io.BytesIO(done.thrifty))
    assert (image.format, image.size) == ("WEBP", (done.width_px, done.height_px))
    assert 60 * 1024 <= len(done.thrifty) <= 140 * 1024
    apart = ImageChops.difference(image.convert("L"), opened(done.upload))
    assert ImageStat.Stat(apart).mean[0] < 6


def test_where_it_would_save_too_little_there_is_no_thrifty_copy() -> None:
    page = opened(page_jpeg(1, 1, 150))
    assert thrifty_copy(page, 10**6)
    assert thrifty_copy(page, 50_000) == b""


def test_the_cap_holds_for_the_worst_of_pages() -> None:
    noise = Image.frombytes("L", (2400, 2400), Random(1).randbytes(2400 * 2400))
    data, quality = encode(noise)
    assert len(data) <= UPLOAD_CAP_BYTES
    assert quality < 65


def test_without_forms_a_page_is_still_taken() -> None:
    done = process(page_jpeg(1, 1, 150), ())
    assert (done.form, done.warnings) == ("", ())


def test_pages_that_look_the_same_are_one_layout_that_names_them_all() -> None:
    page_1, page_2, parties, totals = layouts_of([ppwp(), load("c1-dpr-2019-jabar-2")])
    assert page_1.alike == ((ppwp().id, 1), ("c1-dpr-2019-jabar-2", 1))
    assert page_2.alike == ((ppwp().id, 2),)
    assert parties.alike == tuple(("c1-dpr-2019-jabar-2", n) for n in (2, 3, 4, 5))
    assert totals.alike == (("c1-dpr-2019-jabar-2", 6),)


def test_layouts_tell_the_two_pages_apart() -> None:
    first, second = layouts_of([ppwp()])
    assert (first.page, second.page) == (1, 2)
    assert len(first.rows) != len(second.rows)


@pytest.mark.parametrize("degrees", [-1.8, -0.6, 0.25, 1.1, 3.7])
def test_skew_is_found_within_a_tenth_of_a_degree(degrees: float) -> None:
    page = draw_blank(sheet_of(ppwp(), 1), 200)
    turned = page.transform(
        page.size,
        Image.Transform.AFFINE,
        turn_about_centre(page.size, degrees),
        Image.Resampling.BICUBIC,
        fillcolor=240,
    )
    assert skew_degrees(turned) == pytest.approx(degrees, abs=0.1)


def test_an_empty_page_has_no_skew() -> None:
    assert skew_degrees(Image.new("L", (1240, 1754), 255)) == 0


def test_softness_is_judged_by_what_this_source_delivers() -> None:
    memory = SharpnessMemory()
    assert not any(memory.is_soft(600 + n) for n in range(6))
    assert memory.is_soft(200)
    assert SharpnessMemory().is_soft(200) is False
    assert SharpnessMemory().is_soft(20)


def test_blur_lowers_sharpness() -> None:
    from PIL import ImageFilter

    page = opened(page_jpeg(1, 1, 150))
    assert sharpness(page.filter(ImageFilter.GaussianBlur(3))) < sharpness(page) * 0.4


def test_a_crop_is_a_picture_of_the_row() -> None:
    done = process(page_jpeg(1, 1, 150), layouts())
    crop = opened(field_crop(done.upload, ppwp(), "A1.L"))
    assert crop.width > crop.height * 5
    with pytest.raises(KeyError):
        field_crop(done.upload, ppwp(), "Z9")
