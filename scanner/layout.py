"""Which page of which form is this, and where exactly does it lie? Answered by projections against the blank form.

A layout is the ink of the blank page summed along its rows and its columns. A scanned page's sums are slid and
stretched along it; the correlation recognises form and page, the best place gives the registration. Works on the
deskewed page, needs no marks on the paper. Invariant: below `ACCEPT` nothing is registered and nothing is cropped.
Pure; layouts are small and picklable, so workers get them at start.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from operator import mul

from PIL import Image

from app.domain.form import FormDefinition
from app.domain.geometry import MM_PER_INCH, around
from scanner.blank_forms import draw_blank, sheet_of

GRID = 2.0  # samples per millimetre
ACCEPT = 0.55  # tests/benchmarks/bench_scanner: the right page scores >= 0.65, another page <= 0.42
DRAWN_DPI = 152  # three times the grid: drawn large, then averaged, so that thin rules keep their weight
REACH_MM = 18.0  # how far a sheet may lie from its place on the glass
STRETCHES = (0.97, 0.98, 0.99, 1.0, 1.01, 1.02, 1.03)
FINE_STRETCH = 0.0025
TWINS = 0.99  # blank pages that correlate better look the same on paper: no scan tells them apart
KEPT_PATTERNS = 256  # stretched profiles, 10 MiB at most: two layouts, two axes, some thirty lengths each


@dataclass(frozen=True, slots=True)
class Layout:
    """The ink profile of one blank page. `top`..`bottom` is the part that the definition's rows cover (grid units)."""

    form: str
    page: int
    width_mm: float
    height_mm: float
    top: int
    bottom: int
    rows: tuple[float, ...]  # from `top` to `bottom`, mean 0, length 1
    columns: tuple[float, ...]
    alike: tuple[tuple[str, int], ...]  # form and page of every page that looks like this, its own among them


@dataclass(frozen=True, slots=True)
class Axis:
    """Grid position on the page -> position on the deskewed image: `stretch * t + shift`."""

    stretch: float
    shift: float
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The best layout for a page. `score` 0..1; `turned` when the page lies upside down."""

    form: str
    page: int
    width_mm: float
    height_mm: float
    score: float
    across: Axis
    down: Axis
    turned: bool
    alike: tuple[tuple[str, int], ...]

    @property
    def is_certain(self) -> bool:
        """Good enough to crop by and to name the page."""
        return self.score >= ACCEPT


def layouts_of(forms: Iterable[FormDefinition]) -> tuple[Layout, ...]:
    """One layout per kind of page: the five ballots of 2019 share their page 1, the party pages of one are alike.

    Which of them a sheet is, its set or the person says (`scanner.sets`); the layout alone would be a guess.
    """
    kinds: list[Layout] = []
    for form in forms:
        for page in form.pages:
            if not _has_fields(form, page.n):
                continue
            made = _layout(form, page.n)
            twin = next((n for n, one in enumerate(kinds) if _are_twins(one, made)), None)
            if twin is None:
                kinds.append(made)
            else:
                kinds[twin] = replace(kinds[twin], alike=(*kinds[twin].alike, *made.alike))
    return tuple(kinds)


def _are_twins(one: Layout, other: Layout) -> bool:
    if (one.top, len(one.rows), len(one.columns)) != (other.top, len(other.rows), len(other.columns)):
        return False
    pairs = ((one.rows, other.rows), (one.columns, other.columns))
    return all(sum(map(mul, a, b)) > TWINS for a, b in pairs)


def best_match(grid: Image.Image, layouts: Sequence[Layout]) -> Match | None:
    """The layout that fits the deskewed page best, either way up; None without layouts.

    `grid` is grey, two samples per millimetre, the sheet anywhere within `REACH_MM` of its place.
    """
    found: Match | None = None
    upright, turned = _profile(grid), _profile(grid)[::-1]
    rough = [
        (_slide(layout.rows, rows, layout.top, (1.0,)).score, layout, is_turned)
        for layout in layouts
        for is_turned, rows in ((False, upright), (True, turned))
    ]
    for _, layout, is_turned in sorted(rough, key=lambda one: -one[0])[:3]:
        image = grid.transpose(Image.Transpose.ROTATE_180) if is_turned else grid
        match = _registered(image, layout, is_turned)
        if found is None or match.score > found.score:
            found = match
    return found


def _registered(image: Image.Image, layout: Layout, is_turned: bool) -> Match:
    down = _best_axis(layout.rows, _profile(image), layout.top)
    top = max(0, round(down.stretch * layout.top + down.shift))
    bottom = min(image.height, round(down.stretch * layout.bottom + down.shift))
    band = image.crop((0, top, image.width, max(bottom, top + 1))).transpose(Image.Transpose.TRANSPOSE)
    # A scanner stretches both ways alike; the rows, being many, say by how much.
    alike = tuple(down.stretch + n * FINE_STRETCH for n in range(-2, 3))
    across = _slide(layout.columns, _profile(band), 0, alike)
    score = math.sqrt(max(0.0, down.score) * max(0.0, across.score))
    return Match(
        layout.form,
        layout.page,
        layout.width_mm,
        layout.height_mm,
        score,
        across,
        down,
        is_turned,
        layout.alike,
    )


def _best_axis(wanted: Sequence[float], profile: Sequence[float], start: int) -> Axis:
    coarse = _slide(wanted, profile, start, STRETCHES)
    near = tuple(coarse.stretch + n * FINE_STRETCH for n in range(-3, 4))
    return _slide(wanted, profile, start, near, around=coarse)


def _slide(
    wanted: Sequence[float],
    profile: Sequence[float],
    start: int,
    stretches: Sequence[float],
    around: Axis | None = None,
) -> Axis:
    """Best stretch and shift of `wanted` (whose first sample lies at `start`) along `profile`."""
    best = Axis(1.0, 0.0, -1.0)
    for stretch in stretches:
        length = max(2, round(len(wanted) * stretch))
        pattern = _pattern(tuple(wanted), length)
        home = round(start * stretch)
        reach = round(REACH_MM * GRID) if around is None else 4
        # The middle of the pattern stays where it was found; only its ends move with the stretch.
        middle = (
            0
            if around is None
            else round(around.shift + (around.stretch - stretch) * (start + len(wanted) / 2))
        )
        padded = [0.0] * length + list(profile) + [0.0] * length
        # Sums up to each place: a window's own is a difference. Adding each window up took a tenth of the whole page.
        sums, squares = [0.0, *accumulate(padded)], [0.0, *accumulate(map(mul, padded, padded))]
        scores = []
        shifts = range(middle - reach, middle + reach + 1)
        for shift in shifts:
            begin = max(0, min(len(padded) - length, home + shift + length))
            end = begin + length
            total, square = sums[end] - sums[begin], squares[end] - squares[begin]
            scores.append(_correlation(pattern, padded[begin:end], total, square))
        top = max(range(len(scores)), key=scores.__getitem__)
        if scores[top] > best.score:
            offset = _vertex(scores, top)
            exact = home - start * stretch + shifts[top] + offset
            best = Axis(stretch, exact, scores[top])
    return best


@lru_cache(KEPT_PATTERNS)
def _pattern(wanted: tuple[float, ...], length: int) -> list[float]:
    """A layout's profile at another length: the same few of them page after page."""
    return _unit(_resampled(wanted, length))


def _correlation(pattern: Sequence[float], window: Sequence[float], total: float, square: float) -> float:
    """Normalised correlation; `pattern` already has mean 0 and length 1, `total` and `square` are the window's sums."""
    spread = square - total * total / len(window)
    return sum(map(mul, pattern, window)) / math.sqrt(spread) if spread > 1e-9 else 0.0


def _vertex(scores: Sequence[float], top: int) -> float:
    if top in {0, len(scores) - 1}:
        return 0.0
    left, middle, right = scores[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return 0.5 * (left - right) / bend if bend else 0.0


def _profile(image: Image.Image) -> list[float]:
    """Ink per row, 0..1, each row against its own surroundings (uneven light and dark lids cancel out)."""
    rows = image.resize((1, image.height), Image.Resampling.BOX).tobytes()
    sharp = [255.0 - value for value in rows]
    # Rules are thinner than a sample: softened, their correlation does not hang on where between samples they fall.
    ink = [
        (a + 2 * b + c) / 4
        for a, b, c in zip([sharp[0], *sharp], sharp, [*sharp[1:], sharp[-1]], strict=False)
    ]
    running, sums = 0.0, [0.0]
    for value in ink:
        running += value
        sums.append(running)
    half = 12
    level = []
    for n, value in enumerate(ink):
        low, high = max(0, n - half), min(len(ink), n + half + 1)
        level.append((value - (sums[high] - sums[low]) / (high - low)) / 255.0)
    return level


def _layout(form: FormDefinition, number: int) -> Layout:
    sheet = sheet_of(form, number)
    page = sheet.page
    size = (round(page.width_mm * GRID), round(page.height_mm * GRID))
    image = draw_blank(sheet, DRAWN_DPI).resize(size, Image.Resampling.BOX)
    body = around(one.row_box for one in sheet.fields)
    top = max(0, round((body.y - 4) * GRID))
    bottom = min(size[1], round((body.y + body.h + 2) * GRID))
    band = image.crop((0, top, size[0], bottom)).transpose(Image.Transpose.TRANSPOSE)
    return Layout(
        form.id,
        number,
        page.width_mm,
        page.height_mm,
        top,
        bottom,
        tuple(_unit(_profile(image)[top:bottom])),
        tuple(_unit(_profile(band))),
        ((form.id, number),),
    )


def _has_fields(form: FormDefinition, number: int) -> bool:
    return any(one.page == number for one in form.fields)


def _unit(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    centred = [value - mean for value in values]
    size = math.sqrt(sum(map(mul, centred, centred)))
    return [value / size for value in centred] if size > 1e-12 else centred


def _resampled(values: Sequence[float], length: int) -> list[float]:
    if length == len(values):
        return list(values)
    scale, last = len(values) / length, len(values) - 1
    stretched = []
    for n in range(length):
        place = min(float(last), max(0.0, (n + 0.5) * scale - 0.5))
        low = int(place)
        share = place - low
        stretched.append(values[low] * (1 - share) + values[min(last, low + 1)] * share)
    return stretched


def grid_size(width_px: int, height_px: int, mm_per_px: float) -> tuple[int, int]:
    """Pixels of the grid image for a scan of that size."""
    return max(1, round(width_px * mm_per_px * GRID)), max(1, round(height_px * mm_per_px * GRID))


def dpi_from_page(width_px: int, width_mm: float) -> float:
    """The resolution when the image is exactly as wide as the page."""
    return width_px / width_mm * MM_PER_INCH
