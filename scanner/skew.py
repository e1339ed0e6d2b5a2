"""How far a page is turned, by projection: printed rules give the sharpest row sums when they lie level.

Pillow alone, at about a quarter of 300 dpi: mean error 0.01 degree on practice pages (tests/benchmarks/bench_scanner).
Pure functions on grey images.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from PIL import Image, ImageFilter

WORK_WIDTH = 640  # pixels across; a rule one pixel thick turns by 0.09 degree per pixel of rise
SOFTEN_PX = 0.7
COARSE_WIDTH = 200
LIMIT_DEGREES = 6.0
COARSE_STEP = 0.25
FINE_STEP = 0.08


def skew_degrees(page: Image.Image) -> float:
    """Degrees the content is turned clockwise (turn by the opposite to level it); 0 when nothing tells."""
    # Without the blur an angle of exactly 0 wins too often: it alone needs no interpolation and stays crisp.
    work = _narrowed(page, WORK_WIDTH).filter(ImageFilter.GaussianBlur(SOFTEN_PX))
    coarse = _narrowed(work, COARSE_WIDTH)
    steps = round(LIMIT_DEGREES / COARSE_STEP)
    best = _peak(lambda angle: levelness(coarse, angle), 0.0, COARSE_STEP, steps)
    best = _peak(lambda angle: levelness(work, angle), best, FINE_STEP, 2, climbs=6)
    return best if abs(best) <= LIMIT_DEGREES else 0.0


def levelness(page: Image.Image, degrees: float) -> float:
    """How unequal neighbouring rows are when `page` is sheared back by `degrees`: largest when rules lie level."""
    slope = math.tan(math.radians(degrees))
    across = page.width / 2
    level = page.transform(
        page.size,
        Image.Transform.AFFINE,
        (1, 0, 0, slope, 1, -slope * across),
        Image.Resampling.BILINEAR,
        fillcolor=255,
    )
    rows = level.resize((1, page.height), Image.Resampling.BOX).tobytes()
    return float(sum((lower - upper) * (lower - upper) for upper, lower in pairwise(rows)))


def _peak(score: Callable[[float], float], centre: float, step: float, reach: int, climbs: int = 0) -> float:
    """The best angle around `centre`, between steps by a parabola; goes on climbing when the best lies at an end."""
    angles = [centre + n * step for n in range(-reach, reach + 1)]
    scores = [score(angle) for angle in angles]
    top = max(range(len(scores)), key=scores.__getitem__)
    if scores[top] <= 0:
        return centre
    if top in {0, len(scores) - 1}:
        return angles[top] if climbs == 0 else _peak(score, angles[top], step, reach, climbs - 1)
    left, middle, right = scores[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return angles[top] + (0.5 * step * (left - right) / bend if bend else 0.0)


def _narrowed(page: Image.Image, width: int) -> Image.Image:
    if page.width <= width:
        return page
    return page.resize(
        (width, max(1, round(page.height * width / page.width))), Image.Resampling.BOX, reducing_gap=2.0
    )
