"""One scanned page to its upload copy (and a thrifty one): decode, orient, blank test, code, sharpness, skew, place,
rotate, scale, encode.

Invariant: the upload copy of a recognised page shows exactly the paper of its form, upright and level, so that the
definition's millimetres map linearly on it; a page that is not recognised keeps its whole frame. Pure functions from
bytes to a frozen result; run in worker processes (`scanner.workers`), because hostile images can crash a decoder.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from app.domain.geometry import MM_PER_INCH
from scanner.affine import Affine, chain, half_turn, stretch, turn_about_centre
from scanner.decode import decode_grey
from scanner.identify import Code, read_code
from scanner.layout import GRID, Layout, Match, best_match, grid_size
from scanner.paper import paper_on_dark
from scanner.quality import BLANK_INK, ink_share, paper_level, sharpness, whitened
from scanner.skew import skew_degrees

UPLOAD_DPI = 200
UPLOAD_QUALITY = 65
UPLOAD_CAP_BYTES = 500 * 1024
THRIFTY_QUALITY = 50
THRIFTY_EFFORT = 2  # of WebP's 0-6: 7 % larger than 4 and twice as quick; 1 is 40 % larger
THRIFTY_WORTH = 0.75  # of the upload copy's size: a larger one saves too little to send a page twice
THUMBNAIL_WIDTH = 240
THUMBNAIL_QUALITY = 70
A4_WIDTH_MM = 210.0
SKEW_WARNING_DEGREES = 4.0
FAIR_DPI = 140
DARK_PAPER = 130


@dataclass(frozen=True, slots=True)
class Processed:
    """What came out of one page. Sizes in pixels; `warnings` are codes of `scanner.quality.WARNINGS`."""

    upload: bytes
    thumbnail: bytes
    width_px: int
    height_px: int
    quality: Mapping[str, float | str]
    thrifty: bytes = field(default=b"", repr=False)  # for a poor line; empty where it would save too little
    warnings: tuple[str, ...] = ()
    is_blank: bool = False
    code: Code | None = None
    form: str = ""  # recognised layout, "" when none is certain
    page: int = 0
    alike: tuple[tuple[str, int], ...] = ()  # every form and page with that layout
    extracted: bytes = field(
        default=b"", repr=False
    )  # the page's own bytes when it was taken out of a PDF or TIFF


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where the paper lies: `to_source` takes upload pixels to source pixels."""

    size: tuple[int, int]
    to_source: Affine
    match: Match | None


def process(data: bytes, layouts: Sequence[Layout]) -> Processed:
    """The whole pipeline for one page's bytes. Raises BadInput with a sentence for what cannot be decoded."""
    source, stated_dpi = decode_grey(data)
    if source.width > source.height * 1.15 and layouts:
        source = source.transpose(
            Image.Transpose.ROTATE_90
        )  # forms are portrait; which way round, the layout tells
    ink = ink_share(source)
    code = read_code(source)
    sharp = sharpness(source)
    skew = skew_degrees(source)
    placed = _place(source, stated_dpi, skew, layouts, code)
    paper = paper_level(source)
    image = _drawn(source, placed)
    image = whitened(image, paper)
    upload, quality_used = encode(image)
    match = placed.match if placed.match is not None and placed.match.is_certain else None
    dpi = placed.size[0] / UPLOAD_DPI * _source_dpi(placed)
    facts: dict[str, float | str] = {
        "skew_degrees": round(skew, 3),
        "ink_share": round(ink, 5),
        "sharpness": round(sharp, 1),
        "paper_level": paper,
        "source_dpi": round(dpi, 1),
        "jpeg_quality": quality_used,
        "layout_score": round(placed.match.score, 3) if placed.match else 0.0,
        "is_registered": 1.0 if match else 0.0,
    }
    is_blank = ink < BLANK_INK and match is None and code is None
    warnings = _warnings(
        facts, is_blank, is_cover=code is not None and match is None, has_layouts=bool(layouts)
    )
    return Processed(
        upload,
        thumbnail(image),
        image.width,
        image.height,
        facts,
        thrifty_copy(image, len(upload)),
        warnings,
        is_blank,
        code,
        match.form if match else "",
        match.page if match else 0,
        match.alike if match else (),
    )


def _source_dpi(placed: _Placed) -> float:
    """Source pixels per upload inch, from the map itself: what the scan really resolves on this paper."""
    return UPLOAD_DPI * abs(complex(placed.to_source[0], placed.to_source[3])) * UPLOAD_DPI / placed.size[0]


def _place(
    source: Image.Image, stated_dpi: float | None, skew: float, layouts: Sequence[Layout], code: Code | None
) -> _Placed:
    """Find the paper in the deskewed frame, first by its edges on a dark lid, then by the form's own rules."""
    level = turn_about_centre(source.size, -skew)
    page_width_mm = layouts[0].width_mm if layouts else A4_WIDTH_MM
    paper = paper_on_dark(source, level)
    mm_per_px = _mm_per_px(paper.w if paper else source.width, stated_dpi, page_width_mm)
    start = stretch(1.0, 1.0, paper.x, paper.y) if paper else stretch(1.0, 1.0)
    frame = (paper.w, paper.h) if paper else source.size
    match = None
    if layouts:
        size = grid_size(frame[0], frame[1], mm_per_px)
        per_grid = 1 / (mm_per_px * GRID)
        grid = _sampled(source, size, chain(stretch(per_grid, per_grid), start, level))
        match = best_match(grid, layouts)
        if match is not None and match.is_certain:
            return _on_page(match, grid.size, per_grid, start, level)
    out = (
        max(1, round(frame[0] * mm_per_px / MM_PER_INCH * UPLOAD_DPI)),
        max(1, round(frame[1] * mm_per_px / MM_PER_INCH * UPLOAD_DPI)),
    )
    upright = half_turn(*out) if code is not None and code.is_upside_down else stretch(1.0, 1.0)
    return _Placed(out, chain(upright, stretch(frame[0] / out[0], frame[1] / out[1]), start, level), match)


def _on_page(match: Match, grid: tuple[int, int], per_grid: float, start: Affine, level: Affine) -> _Placed:
    size = (
        round(match.width_mm / MM_PER_INCH * UPLOAD_DPI),
        round(match.height_mm / MM_PER_INCH * UPLOAD_DPI),
    )
    to_grid = stretch(
        match.width_mm * GRID / size[0] * match.across.stretch,
        match.height_mm * GRID / size[1] * match.down.stretch,
        match.across.shift,
        match.down.shift,
    )
    turned = half_turn(*grid) if match.turned else stretch(1.0, 1.0)
    return _Placed(size, chain(to_grid, turned, stretch(per_grid, per_grid), start, level), match)


def _mm_per_px(width_px: int, stated_dpi: float | None, page_width_mm: float) -> float:
    """By the file's own dpi when that gives about the page's width, else the image is taken to be the page."""
    by_width = page_width_mm / width_px
    if stated_dpi is None:
        return by_width
    by_dpi = MM_PER_INCH / stated_dpi
    return by_dpi if 0.8 <= by_dpi / by_width <= 1.25 else by_width


def _sampled(source: Image.Image, size: tuple[int, int], to_source: Affine) -> Image.Image:
    """`source` through the map, averaged first when the output is much coarser."""
    factor = abs(complex(to_source[0], to_source[3]))
    whole = int(factor / 1.4)
    if whole >= 2:
        source = source.reduce(whole)
        to_source = chain(to_source, stretch(1 / whole, 1 / whole))
    return source.transform(size, Image.Transform.AFFINE, to_source, Image.Resampling.BILINEAR, fillcolor=255)


def _drawn(source: Image.Image, placed: _Placed) -> Image.Image:
    """The upload copy's pixels: scaled down with averaging, then turned and placed in one bicubic step."""
    factor = abs(complex(placed.to_source[0], placed.to_source[3]))
    to_source = placed.to_source
    if factor > 1.2:
        size = (max(1, round(source.width / factor)), max(1, round(source.height / factor)))
        to_source = chain(to_source, stretch(size[0] / source.width, size[1] / source.height))
        source = source.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
    return source.transform(
        placed.size,
        Image.Transform.AFFINE,
        to_source,
        Image.Resampling.BICUBIC,
        fillcolor=paper_level(source),
    )


def encode(image: Image.Image) -> tuple[bytes, int]:
    """Grey progressive JPEG under the cap, and the quality it took (65, lower only when the cap demands it)."""
    quality, data = UPLOAD_QUALITY, b""
    for quality in (UPLOAD_QUALITY, 50, 38, 28, 20):
        data = jpeg(image, quality)
        if len(data) <= UPLOAD_CAP_BYTES:
            return data, quality
    while len(data) > UPLOAD_CAP_BYTES:  # a frame far larger than A4: fewer pixels, still the whole frame
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.HAMMING)
        data = jpeg(image, quality)
    return data, quality


def jpeg(image: Image.Image, quality: int) -> bytes:
    """Grey progressive JPEG at the upload resolution."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True, dpi=(UPLOAD_DPI, UPLOAD_DPI))
    return buffer.getvalue()


def thrifty_copy(image: Image.Image, upload_bytes: int) -> bytes:
    """The same pixels as WebP, about 0.4 of the upload copy; nothing where that saves too little."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=THRIFTY_QUALITY, method=THRIFTY_EFFORT)
    data = buffer.getvalue()
    return data if len(data) <= THRIFTY_WORTH * upload_bytes else b""


def thumbnail(image: Image.Image) -> bytes:
    """Grey JPEG, 240 pixels wide."""
    height = max(1, round(image.height * THUMBNAIL_WIDTH / image.width))
    small = image.resize((THUMBNAIL_WIDTH, height), Image.Resampling.HAMMING, reducing_gap=2.0)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=THUMBNAIL_QUALITY)
    return buffer.getvalue()


def _warnings(
    facts: Mapping[str, float | str], is_blank: bool, *, is_cover: bool, has_layouts: bool
) -> tuple[str, ...]:
    found = []
    if is_blank:
        found.append("blank_page")
    if abs(float(facts["skew_degrees"])) > SKEW_WARNING_DEGREES:
        found.append("skewed")
    if 0 < float(facts["source_dpi"]) < FAIR_DPI:
        found.append("low_resolution")
    if float(facts["paper_level"]) < DARK_PAPER:
        found.append("dark_page")
    if has_layouts and not is_cover and not is_blank and not facts["is_registered"]:
        found.append("layout_unknown")
    return tuple(found)
