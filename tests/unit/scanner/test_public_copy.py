import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.errors import BadInput
from scanner.pipeline import thrifty_copy
from scanner.public_copy import PublicCopies
from tests.unit.scanner.sheets import encoded, opened, page_jpeg


@pytest.fixture(scope="module")
def copies() -> Iterator[PublicCopies]:
    made = PublicCopies()
    yield made
    made.close()


def test_only_pixels_travel_on(tmp_path: Path, copies: PublicCopies) -> None:
    image = Image.new("L", (60, 40), 200)
    exif = image.getexif()
    exif[0x010E] = "rahasia"
    source, target = tmp_path / "a", tmp_path / "b.jpg"
    source.write_bytes(encoded(image, "JPEG", exif=exif, comment=b"rahasia") + b"rahasia after the end")
    copies(source, target)
    assert b"rahasia" not in target.read_bytes()
    assert opened(target.read_bytes()).size == (60, 40)


def test_a_thrifty_copy_becomes_a_jpeg_like_every_other(tmp_path: Path, copies: PublicCopies) -> None:
    source, target = tmp_path / "a", tmp_path / "b.jpg"
    image = opened(page_jpeg())
    source.write_bytes(thrifty_copy(image, 10**6))
    copies(source, target)
    with Image.open(target) as made:
        assert (made.format, made.size) == ("JPEG", image.size)


def test_what_is_no_image_is_refused_and_nothing_is_written(tmp_path: Path, copies: PublicCopies) -> None:
    (tmp_path / "a").write_bytes(page_jpeg()[:5000])
    with pytest.raises(BadInput):
        copies(tmp_path / "a", tmp_path / "b.jpg")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="a named pipe that never answers is a POSIX thing")
def test_a_decoder_that_hangs_is_ended_and_the_next_image_is_copied(tmp_path: Path) -> None:
    stuck, good, target = tmp_path / "stuck.jpg", tmp_path / "a.jpg", tmp_path / "b.jpg"
    os.mkfifo(stuck)
    Image.new("L", (40, 60), 200).save(good, "JPEG")
    impatient = PublicCopies(limit_s=3.0)
    try:
        with pytest.raises(BadInput, match="menghentikan"):
            impatient(stuck, target)
        assert not target.exists()
        impatient(good, target)
        assert target.exists()
    finally:
        impatient.close()
