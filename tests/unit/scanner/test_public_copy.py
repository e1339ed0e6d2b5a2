"""Public copies: only pixels travel on, a bad file is refused, nothing half-written stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.errors import BadInput
from scanner.public_copy import PublicCopies


@pytest.fixture(scope="module")
def copies() -> Iterator[PublicCopies]:
    made = PublicCopies()
    yield made
    made.close()


def test_only_pixels_travel_on(copies: PublicCopies, tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    Image.new("L", (400, 600), 200).save(source, "JPEG", comment=b"RAHASIA")
    source.write_bytes(source.read_bytes() + b"<script>RAHASIA</script>")
    copies(source, target)
    with Image.open(target) as image:
        assert image.size == (400, 600)
    assert b"RAHASIA" in source.read_bytes()
    assert b"RAHASIA" not in target.read_bytes()


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xd8\xff\xe0 too short", b"%PDF-1.7"])
def test_what_is_no_image_is_refused(copies: PublicCopies, tmp_path: Path, data: bytes) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(data)
    with pytest.raises(BadInput):
        copies(source, target)
    assert list(tmp_path.iterdir()) == [source]
