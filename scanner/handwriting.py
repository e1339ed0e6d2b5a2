"""Handwriting for practice pages: digits and block capitals as jittered pen strokes, in several hands.

Drawn here rather than taken from a font or a data set, so that nothing with a licence of its own is shipped.
Invariant: the same hand and the same random state give the same strokes. Pure, any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

Point: TypeAlias = tuple[float, float]
Stroke: TypeAlias = tuple[Point, ...]
Glyph: TypeAlias = tuple[Stroke, ...]

SUPERSAMPLE = 3  # strokes are drawn three times larger and scaled down: Pillow's lines have no anti-aliasing
STEPS = 5  # straight pieces per curve segment
BLANK_STROKES = ("-", "X")

# Unit box, y down. A repeated point makes a corner (the curve runs through every point).
DIGITS: dict[str, tuple[Glyph, ...]] = {
    "0": (
        (((0.55, 0.02), (0.15, 0.3), (0.12, 0.7), (0.5, 0.98), (0.88, 0.68), (0.85, 0.28), (0.5, 0.03)),),
        (((0.6, 0.05), (0.25, 0.12), (0.08, 0.55), (0.4, 0.97), (0.85, 0.75), (0.9, 0.3), (0.62, 0.04), (0.45, 0.14)),),
    ),
    "1": (
        (((0.52, 0.0), (0.5, 0.5), (0.48, 1.0)),),
        (((0.28, 0.24), (0.55, 0.02), (0.55, 0.02), (0.53, 0.5), (0.52, 1.0)),),
        (
            ((0.25, 0.25), (0.55, 0.0), (0.55, 0.0), (0.54, 0.98)),
            ((0.25, 0.99), (0.82, 0.97)),
        ),
    ),
    "2": (
        (((0.12, 0.25), (0.45, 0.02), (0.85, 0.25), (0.6, 0.6), (0.1, 0.97), (0.1, 0.97), (0.92, 0.95)),),
        (
            (
                (0.15, 0.2), (0.5, 0.0), (0.82, 0.28), (0.5, 0.7), (0.15, 0.95),
                (0.22, 0.78), (0.45, 0.9), (0.95, 0.92),
            ),
        ),
    ),
    "3": (
        (((0.15, 0.12), (0.55, 0.0), (0.82, 0.22), (0.4, 0.46), (0.4, 0.46), (0.88, 0.7), (0.5, 1.0), (0.1, 0.86)),),
        (((0.12, 0.03), (0.82, 0.03), (0.82, 0.03), (0.42, 0.42), (0.42, 0.42), (0.9, 0.68), (0.5, 1.0), (0.1, 0.88)),),
    ),
    "4": (
        (((0.6, 0.0), (0.08, 0.65), (0.08, 0.65), (0.95, 0.62)), ((0.68, 0.3), (0.66, 1.0))),
        (((0.2, 0.02), (0.14, 0.5), (0.14, 0.5), (0.85, 0.48)), ((0.74, 0.0), (0.7, 1.0))),
    ),
    "5": (
        (((0.22, 0.03), (0.18, 0.44), (0.18, 0.44), (0.6, 0.36), (0.88, 0.68), (0.5, 1.0), (0.08, 0.88)),
         ((0.22, 0.03), (0.85, 0.01))),
        (((0.85, 0.02), (0.25, 0.04), (0.25, 0.04), (0.18, 0.4), (0.18, 0.4), (0.7, 0.42), (0.8, 0.8), (0.1, 0.95)),),
    ),
    "6": (
        (((0.72, 0.0), (0.28, 0.35), (0.14, 0.75), (0.5, 1.0), (0.86, 0.76), (0.55, 0.5), (0.18, 0.7)),),
        (((0.6, 0.0), (0.15, 0.5), (0.25, 0.95), (0.75, 0.95), (0.8, 0.6), (0.4, 0.55), (0.2, 0.75)),),
    ),
    "7": (
        (((0.1, 0.05), (0.88, 0.03), (0.88, 0.03), (0.4, 1.0)),),
        (((0.1, 0.08), (0.86, 0.04), (0.86, 0.04), (0.42, 1.0)), ((0.28, 0.5), (0.82, 0.48))),
        (((0.1, 0.2), (0.14, 0.04), (0.14, 0.04), (0.9, 0.06), (0.9, 0.06), (0.5, 0.55), (0.38, 1.0)),),
    ),
    "8": (
        (
            (
                (0.75, 0.14), (0.42, 0.0), (0.2, 0.2), (0.5, 0.46), (0.85, 0.75),
                (0.5, 1.0), (0.15, 0.76), (0.5, 0.46), (0.78, 0.2), (0.68, 0.06),
            ),
        ),
        (
            ((0.5, 0.0), (0.2, 0.22), (0.5, 0.45), (0.8, 0.22), (0.5, 0.0)),
            ((0.5, 0.45), (0.12, 0.74), (0.5, 1.0), (0.88, 0.74), (0.5, 0.45)),
        ),
    ),
    "9": (
        (((0.82, 0.22), (0.5, 0.0), (0.15, 0.25), (0.45, 0.5), (0.82, 0.26), (0.82, 0.26), (0.8, 0.62), (0.68, 1.0)),),
        (((0.8, 0.12), (0.35, 0.05), (0.2, 0.38), (0.6, 0.5), (0.85, 0.15), (0.78, 0.7), (0.4, 1.0), (0.15, 0.88)),),
    ),
    "X": ((((0.1, 0.05), (0.9, 0.95)), ((0.88, 0.04), (0.12, 0.96))),),
    "-": ((((0.1, 0.52), (0.5, 0.48), (0.92, 0.5)),),),
}  # fmt: skip

CAPITALS: dict[str, Glyph] = {
    "A": (((0.05, 1), (0.5, 0), (0.5, 0), (0.95, 1)), ((0.22, 0.62), (0.8, 0.6))),
    "B": (((0.1, 0), (0.1, 1)), ((0.1, 0), (0.75, 0.2), (0.1, 0.48), (0.1, 0.48), (0.85, 0.74), (0.1, 1))),
    "C": (((0.88, 0.15), (0.45, 0), (0.1, 0.5), (0.45, 1), (0.9, 0.86)),),
    "D": (((0.12, 0), (0.12, 1)), ((0.05, 0), (0.7, 0.15), (0.85, 0.6), (0.05, 1))),
    "E": (((0.85, 0), (0.1, 0), (0.1, 0), (0.1, 1), (0.1, 1), (0.9, 1)), ((0.1, 0.48), (0.7, 0.47))),
    "F": (((0.9, 0), (0.12, 0), (0.12, 0), (0.1, 1)), ((0.12, 0.48), (0.7, 0.46))),
    "G": (
        ((0.85, 0.14), (0.4, 0), (0.1, 0.5), (0.45, 1), (0.86, 0.8), (0.86, 0.55), (0.86, 0.55), (0.5, 0.55)),
    ),
    "H": (((0.1, 0), (0.1, 1)), ((0.88, 0), (0.86, 1)), ((0.1, 0.5), (0.88, 0.48))),
    "I": (((0.5, 0), (0.48, 1)),),
    "J": (((0.75, 0), (0.74, 0.75), (0.4, 1), (0.1, 0.75)),),
    "K": (((0.1, 0), (0.1, 1)), ((0.85, 0), (0.12, 0.52), (0.12, 0.52), (0.9, 1))),
    "L": (((0.15, 0), (0.12, 1), (0.12, 1), (0.9, 0.97)),),
    "M": (((0.05, 1), (0.15, 0), (0.15, 0), (0.5, 0.6), (0.5, 0.6), (0.85, 0), (0.85, 0), (0.95, 1)),),
    "N": (((0.1, 1), (0.12, 0), (0.12, 0), (0.86, 1), (0.86, 1), (0.88, 0)),),
    "O": (((0.5, 0), (0.1, 0.45), (0.5, 1), (0.92, 0.5), (0.48, 0.02)),),
    "P": (((0.12, 1), (0.12, 0), (0.12, 0), (0.85, 0.22), (0.12, 0.52)),),
    "Q": (((0.5, 0), (0.1, 0.45), (0.5, 1), (0.92, 0.5), (0.48, 0.02)), ((0.6, 0.7), (0.98, 1.05))),
    "R": (((0.12, 1), (0.12, 0), (0.12, 0), (0.8, 0.22), (0.12, 0.5), (0.12, 0.5), (0.9, 1)),),
    "S": (((0.85, 0.12), (0.4, 0), (0.15, 0.25), (0.8, 0.7), (0.5, 1), (0.08, 0.86)),),
    "T": (((0.05, 0.02), (0.95, 0)), ((0.5, 0), (0.48, 1))),
    "U": (((0.1, 0), (0.12, 0.75), (0.5, 1), (0.86, 0.72), (0.88, 0)),),
    "V": (((0.05, 0), (0.5, 1), (0.5, 1), (0.95, 0)),),
    "W": (((0.02, 0), (0.25, 1), (0.25, 1), (0.5, 0.35), (0.5, 0.35), (0.75, 1), (0.75, 1), (0.98, 0)),),
    "Y": (((0.05, 0), (0.5, 0.5), (0.5, 0.5)), ((0.95, 0), (0.4, 1))),
    "Z": (((0.1, 0.02), (0.9, 0), (0.9, 0), (0.08, 1), (0.08, 1), (0.92, 0.98)),),
    ".": (((0.45, 0.92), (0.5, 0.98)),),
    "/": (((0.9, 0), (0.1, 1)),),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's writing: which variants, how slanted, how heavy, how shaky."""

    variants: tuple[int, ...]  # one draw per digit 0..9
    slant: float  # horizontal shift at the top, in glyph widths
    size: float  # share of the box height
    narrow: float  # width against height
    pen_mm: float
    ink: int  # grey value of the pen, 0 black
    shake: float
    filler: str  # what unused boxes are filled with


def new_hand(random: Random) -> Hand:
    """A hand drawn by `random`: one hand fills a whole form, as one KPPS member does."""
    return Hand(
        variants=tuple(random.randrange(6) for _ in range(10)),
        slant=random.uniform(-0.08, 0.3),
        size=random.uniform(0.6, 0.78),
        narrow=random.uniform(0.48, 0.68),
        pen_mm=random.uniform(0.42, 0.7),
        ink=random.randint(25, 85),
        shake=random.uniform(0.012, 0.035),
        filler=random.choice(BLANK_STROKES),
    )


def glyph_of(hand: Hand, character: str) -> Glyph:
    """The hand's own form of a digit, `X`, `-` or a capital; unknown characters are written as a dot."""
    if character in DIGITS and (character.isdigit() or character == "-"):
        variants = DIGITS[character]
        return variants[hand.variants[int(character)] % len(variants)] if character.isdigit() else variants[0]
    return DIGITS["X"][0] if character == "X" else CAPITALS.get(character, CAPITALS["."])


class Pen:
    """Writes on a grey page. Sizes in pixels of that page; one pen belongs to one page and one thread."""

    def __init__(self, page: Image.Image, hand: Hand, random: Random, px_per_mm: float) -> None:
        self._page = page
        self._hand = hand
        self._random = random
        self._width = max(1.2, hand.pen_mm * px_per_mm)

    def write(self, character: str, x: float, y: float, width: float, height: float) -> None:
        """One character centred in the given rectangle, its size and place jittered."""
        tall = height * self._hand.size * self._random.uniform(0.93, 1.07)
        wide = min(tall * self._hand.narrow * self._random.uniform(0.92, 1.1), width * 0.8)
        left = x + (width - wide) / 2 + width * self._random.uniform(-0.07, 0.07)
        top = y + (height - tall) / 2 + height * self._random.uniform(-0.06, 0.06)
        strokes = glyph_of(self._hand, character)
        self.draw([self._placed(stroke, left, top, wide, tall) for stroke in strokes])

    def text(self, words: str, x: float, y: float, height: float, limit: float) -> None:
        """Block capitals and digits from `x` rightwards, squeezed to `limit` pixels; top at `y`."""
        step = min(height * 0.72, limit / max(1, len(words)))
        for n, character in enumerate(words.upper()):
            if character != " ":
                lift = height * self._random.uniform(-0.05, 0.05)
                self.write(character, x + n * step, y + lift, step * 1.1, height * 1.25)

    def draw(self, strokes: list[list[Point]]) -> None:
        """Ink through the points (page pixels), anti-aliased, with a little pressure change per stroke."""
        reach = self._width + 2
        left = int(min(p[0] for s in strokes for p in s) - reach)
        top = int(min(p[1] for s in strokes for p in s) - reach)
        right = int(max(p[0] for s in strokes for p in s) + reach) + 1
        bottom = int(max(p[1] for s in strokes for p in s) + reach) + 1
        size = (max(1, right - left), max(1, bottom - top))
        mask = Image.new("L", (size[0] * SUPERSAMPLE, size[1] * SUPERSAMPLE), 0)
        canvas = ImageDraw.Draw(mask)
        for stroke in strokes:
            width = max(2, round(self._width * SUPERSAMPLE * self._random.uniform(0.85, 1.15)))
            path = [((px - left) * SUPERSAMPLE, (py - top) * SUPERSAMPLE) for px, py in smooth(stroke)]
            canvas.line(path, fill=self._random.randint(205, 255), width=width, joint="curve")
            for end in (path[0], path[-1]):
                radius = width / 2
                canvas.ellipse((end[0] - radius, end[1] - radius, end[0] + radius, end[1] + radius), fill=235)
        self._page.paste(self._hand.ink, (left, top), mask.reduce(SUPERSAMPLE))

    def scribble(self, x: float, y: float, width: float, height: float) -> None:
        """A number struck out beyond reading, or an erasure: zigzags over the rectangle."""
        turns = 7
        points: list[Point] = []
        for n in range(turns * 2):
            across = x + width * (0.08 + 0.84 * n / (turns * 2)) + self._random.uniform(-0.06, 0.06) * width
            points.append((across, y + height * (0.15 if n % 2 else 0.85) + self._random.uniform(-2, 2)))
        back = [(px, y + height * self._random.uniform(0.2, 0.8)) for px, _ in reversed(points[::2])]
        self.draw([points, back])

    def signature(self, x: float, y: float, width: float, height: float) -> None:
        """A running scrawl inside the rectangle: loops that shrink to the right, and an underline."""
        random = self._random
        turns, phase = random.uniform(2.5, 5.5), random.uniform(0, 6)
        loop, lean = width * random.uniform(0.04, 0.13), random.uniform(-0.25, 0.1)
        points: list[Point] = []
        for n in range(36):
            along = n / 35
            angle = phase + along * turns * 2 * math.pi
            tall = height * 0.5 * (1 - 0.7 * along) * (0.6 + 0.4 * math.sin(angle * 0.37 + phase))
            points.append(
                (
                    x + along * width * 0.85 + loop * math.cos(angle),
                    y + height * (0.5 + lean * along) + tall * math.sin(angle),
                )
            )
        strokes = [points]
        if random.random() < 0.6:
            strokes.append(
                [
                    (x - width * 0.05, y + height * 0.85),
                    (x + width * random.uniform(0.7, 1.05), y + height * 0.7),
                ]
            )
        self.draw(strokes)

    def _placed(self, stroke: Stroke, left: float, top: float, wide: float, tall: float) -> list[Point]:
        shake, slant, random = self._hand.shake, self._hand.slant, self._random
        return [
            (
                left + wide * (px + slant * (0.5 - py) + random.gauss(0, shake)),
                top + tall * (py + random.gauss(0, shake)),
            )
            for px, py in stroke
        ]


def smooth(stroke: list[Point]) -> list[Point]:
    """A Catmull-Rom curve through the points; a repeated point stays a corner."""
    if len(stroke) <= 2:
        return stroke
    ends = [stroke[0], *stroke, stroke[-1]]
    path: list[Point] = [stroke[0]]
    for before, start, stop, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        if start == stop:
            continue
        for n in range(1, STEPS + 1):
            t = n / STEPS
            path.append(
                (
                    _curve(before[0], start[0], stop[0], after[0], t),
                    _curve(before[1], start[1], stop[1], after[1], t),
                )
            )
    return path


def _curve(before: float, start: float, stop: float, after: float, t: float) -> float:
    square, cube = t * t, t * t * t
    return 0.5 * (
        2 * start
        + (stop - before) * t
        + (2 * before - 5 * start + 4 * stop - after) * square
        + (3 * start - before - 3 * stop + after) * cube
    )
