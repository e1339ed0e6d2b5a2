import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.errors import BadInput
from scanner.decode import Kind, decode_grey, kind_of
from tests.unit.scanner.sheets import encoded, page_jpeg

SMALL = Image.linear_gradient("L")
KINDS = {"JPEG": Kind.JPEG, "PNG": Kind.PNG, "TIFF": Kind.TIFF, "BMP": Kind.BMP, "WEBP": Kind.WEBP}


def refusal(data: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        decode_grey(data)
    assert caught.value.hint
    assert str(caught.value).endswith("Berkas aslinya tidak diubah.")
    return caught.value


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_judged_by_the_bytes(kind: str) -> None:
    data = encoded(SMALL, kind)
    assert kind_of(data[:16]) is KINDS[kind]
    assert decode_grey(data)[0].size == SMALL.size


def test_what_is_no_image_is_named_so() -> None:
    assert refusal(b"").code == "empty_file"
    assert refusal(b"hello, this is a text").code == "not_an_image"
    assert refusal(b"MZ\x90\x00 a program").code == "not_an_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_truncated_image_is_refused_not_half_shown(kind: str, share: float) -> None:
    data = encoded(Image.effect_noise((300, 300), 60), kind)
    assert refusal(data[: int(len(data) * share)]).code == "broken_image"


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (64_001, 1_000), (200_000, 200_000)])
def test_a_decompression_bomb_is_refused_before_a_pixel_is_decoded(width: int, height: int) -> None:
    assert refusal(png_of(width, height)).code == "too_large"


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"BM", b"RIFF\0\0\0\0WEBP"]),
)
def test_hostile_bytes_end_in_a_sentence(body: bytes, magic: bytes) -> None:
    with pytest.raises(BadInput):
        decode_grey(magic + body)


@given(st.integers(0, 5000), st.integers(0, 255))
def test_a_damaged_byte_never_ends_in_anything_but_pixels_or_a_sentence(place: int, value: int) -> None:
    data = bytearray(encoded(SMALL, "JPEG"))
    data[place % len(data)] = value
    try:
        image, _ = decode_grey(bytes(data))
    except BadInput:
        return
    assert image.mode == "L"


def test_a_phones_photo_is_set_upright_by_exif() -> None:
    photo = Image.new("RGB", (80, 40), "white")
    exif = photo.getexif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    assert decode_grey(encoded(photo, "JPEG", exif=exif))[0].size == (40, 80)


def test_transparency_becomes_white_paper() -> None:
    assert decode_grey(encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0))))[0].getpixel((5, 5)) == 255


def test_sixteen_bits_are_scaled() -> None:
    deep = Image.new("I;16", (20, 20), 32_768)
    assert decode_grey(encoded(deep))[0].getpixel((5, 5)) == pytest.approx(128, abs=1)


def test_the_stated_resolution_comes_along_and_nonsense_does_not() -> None:
    assert decode_grey(page_jpeg(dpi=150))[1] == pytest.approx(150, abs=1)
    assert decode_grey(encoded(SMALL, "JPEG", dpi=(1, 1)))[1] is None
    buffer = io.BytesIO()
    Image.new("L", (5000, 7000), 255).save(buffer, "JPEG", dpi=(600, 600))
    image, dpi = decode_grey(buffer.getvalue())
    assert dpi is not None
    assert image.width / dpi == pytest.approx(5000 / 600, rel=0.01), (
        "decoded in draft, the resolution goes with it"
    )
