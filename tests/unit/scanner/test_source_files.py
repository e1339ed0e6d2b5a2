import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from app.errors import BadInput, NotFound
from scanner.decode import Kind, decode_grey, kind_of
from scanner.sources.files import MAX_PAGES, expand, page_bytes, page_count, read
from tests.unit.scanner.sheets import encoded, opened, page_jpeg

# The least a reader needs to ask for a password: keys that the empty password does not open.
LOCK = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + b"1f" * 32 + b">/U<" + b"2e" * 32 + b">>>"


def scanned_pdf(*pages: bytes) -> bytes:
    """A PDF as multifunction printers write it: one JPEG filling each page."""
    document = pypdfium2.PdfDocument.new()
    for data in pages:
        picture = pypdfium2.PdfImage.new(document)
        picture.load_jpeg(io.BytesIO(data), inline=True)
        page = document.new_page(595, 842)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
        page.insert_obj(picture)
        page.gen_content()
        page.close()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def locked_pdf() -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        LOCK,
    ]
    body, places = b"%PDF-1.4\n", []
    for n, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF\n" % len(
        body
    )
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def all_pages(data: bytes) -> list[Image.Image]:
    return [decode_grey(page_bytes(data, index))[0] for index in range(max(1, page_count(data)))]


def tiff(*pages: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200))
    return buffer.getvalue()


def test_a_scanned_pdf_gives_back_the_scanners_own_jpeg() -> None:
    first, second = page_jpeg(1, 1), page_jpeg(1, 2)
    data = scanned_pdf(first, second)
    assert page_count(data) == 2
    assert page_bytes(data, 0) == first
    assert page_bytes(data, 1) == second


def test_any_other_pdf_page_is_drawn_at_300_dpi() -> None:
    buffer = io.BytesIO()
    Image.new("1", (1654, 2339), 1).save(buffer, "PDF", resolution=200)
    drawn = page_bytes(buffer.getvalue(), 0)
    assert kind_of(drawn[:16]) is Kind.PNG
    image, dpi = decode_grey(drawn)
    assert dpi == pytest.approx(300, abs=1)
    assert image.width == pytest.approx(2481, abs=2)
    assert page_bytes(buffer.getvalue(), 0) == drawn, "the same page has the same hash the next time"


def test_tiff_frames_come_out_whole_and_a_single_frame_is_its_file() -> None:
    one, two = Image.linear_gradient("L"), Image.radial_gradient("L")
    assert page_count(tiff(one)) == 0
    data = tiff(one, two)
    assert page_count(data) == 2
    assert opened(page_bytes(data, 1)).tobytes() == two.tobytes()


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_a_truncated_pdf_or_tiff_is_refused(share: float) -> None:
    for data in (
        scanned_pdf(page_jpeg(1, 1)),
        tiff(Image.effect_noise((400, 400), 50), Image.effect_noise((400, 400), 50)),
    ):
        cut = data[: int(len(data) * share)]
        with pytest.raises(BadInput):
            all_pages(cut)


def test_a_locked_pdf_says_what_to_do() -> None:
    with pytest.raises(BadInput) as caught:
        page_count(locked_pdf())
    assert caught.value.code == "encrypted_pdf"
    assert "kata sandi" in str(caught.value)


def test_what_only_begins_like_a_pdf_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        page_count(b"%PDF-1.7\n" + b"nothing of the kind\n" * 20)
    assert caught.value.code == "broken_pdf"


def test_too_many_pages_are_refused() -> None:
    frames = [Image.new("1", (8, 8))] * (MAX_PAGES + 1)
    with pytest.raises(BadInput) as caught:
        page_count(tiff(*frames))
    assert caught.value.code == "too_many_pages"


def test_a_plain_image_is_its_own_page() -> None:
    assert page_count(encoded(Image.new("L", (8, 8)))) == 0
    assert page_count(b"") == 0


def test_folders_stand_for_their_visible_files_by_name(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.jpg", ".hidden.jpg"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "done").mkdir()
    assert [one.name for one in expand([tmp_path, Path("other.pdf")])] == ["a.jpg", "b.jpg", "other.pdf"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"hilang\.jpg"):
        read(tmp_path / "hilang.jpg")
    with pytest.raises(BadInput):
        read(tmp_path)
