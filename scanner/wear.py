"""What paper and scanner do to a page: skew, shift, blur, uneven tone, bleed-through, noise.

Seeded: the same page, seed and resolution give the same pixels. Pure functions on grey images, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageFilter

from app.domain.geometry import MM_PER_INCH
from scanner.affine import turn_about_centre

LID = 232  # the scanner's white lid around a shifted sheet, a little darker than paper
NOISE_TILE_PX = 768
TONE_GRID = (4, 5)


@dataclass(frozen=True, slots=True)
class Wear:
    """How worn a practice page comes out; angles in degrees, lengths in millimetres, shares 0..1."""

    skew_degrees: float = 2.0
    shift_mm: float = 2.0
    blur_px: float = 0.7
    bleed: float = 0.05
    tone: int = 14  # grey levels between the lightest and the darkest corner
    noise: float = 4.0  # sigma in grey levels


def worn(page: Image.Image, behind: Image.Image | None, random: Random, dpi: int, wear: Wear) -> Image.Image:
    """`page` as an office scanner delivers it; `behind` is the other side, shining through mirrored."""
    if behind is not None and wear.bleed > 0:
        ghost = behind.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.BoxBlur(2))
        ghost = ghost.point([round(255 - (255 - value) * wear.bleed) for value in range(256)])
        page = ImageChops.multiply(page, ghost)
    page = ImageChops.subtract(page, _tone(page.size, random, wear.tone))
    page = _moved(page, random, dpi, wear)
    if wear.blur_px > 0:
        page = page.filter(ImageFilter.GaussianBlur(wear.blur_px))
    if wear.noise > 0:
        page = ImageChops.add(page, _noise(page.size, random, wear.noise), 1, -128)
    return page


def _tone(size: tuple[int, int], random: Random, depth: int) -> Image.Image:
    small = Image.new("L", TONE_GRID)
    small.putdata([random.randint(2, 2 + depth) for _ in range(TONE_GRID[0] * TONE_GRID[1])])
    return small.resize(size, Image.Resampling.BILINEAR)


def _moved(page: Image.Image, random: Random, dpi: int, wear: Wear) -> Image.Image:
    angle = random.uniform(-wear.skew_degrees, wear.skew_degrees)
    reach = wear.shift_mm * dpi / MM_PER_INCH
    across, down = random.uniform(-reach, reach), random.uniform(-reach, reach)
    return page.transform(
        page.size,
        Image.Transform.AFFINE,
        turn_about_centre(page.size, angle, across, down),
        Image.Resampling.BICUBIC,
        fillcolor=LID,
    )


@lru_cache(maxsize=4)
def _noise_tile(sigma: float) -> Image.Image:
    """Grey noise around 128. Built from seeded bytes: Pillow's effect_noise takes no seed."""
    random = Random(20190417)
    side = NOISE_TILE_PX
    levels = bytes(max(0, min(255, round(128 + random.gauss(0, sigma)))) for _ in range(4096))
    offsets = random.choices(range(4096 - 64), k=side * side // 64)
    return Image.frombytes("L", (side, side), b"".join(levels[start : start + 64] for start in offsets))


def _noise(size: tuple[int, int], random: Random, sigma: float) -> Image.Image:
    tile, page = _noise_tile(sigma), Image.new("L", size)
    start_x, start_y = random.randrange(NOISE_TILE_PX), random.randrange(NOISE_TILE_PX)
    for y in range(-start_y, size[1], NOISE_TILE_PX):
        for x in range(-start_x, size[0], NOISE_TILE_PX):
            page.paste(tile, (x, y))
    return page
