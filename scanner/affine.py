"""Plane maps for Pillow's AFFINE transform: six numbers that take a point of the *output* to a point of the *input*.

Coordinates are continuous: pixel n covers n..n+1, so millimetres and pixels differ by a factor and nothing else.
"""

from __future__ import annotations

import math
from typing import TypeAlias

Affine: TypeAlias = tuple[float, float, float, float, float, float]


def turn_about_centre(
    size: tuple[int, int], degrees: float, across: float = 0.0, down: float = 0.0
) -> Affine:
    """The output is the input turned clockwise by `degrees` about its centre, then moved right and down by pixels."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    mid_x, mid_y = size[0] / 2, size[1] / 2
    return (
        cos,
        sin,
        mid_x - cos * (mid_x + across) - sin * (mid_y + down),
        -sin,
        cos,
        mid_y + sin * (mid_x + across) - cos * (mid_y + down),
    )


def stretch(x_factor: float, y_factor: float, x_start: float = 0.0, y_start: float = 0.0) -> Affine:
    """Output (x, y) comes from input (x_factor * x + x_start, y_factor * y + y_start)."""
    return (x_factor, 0.0, x_start, 0.0, y_factor, y_start)


def half_turn(width: float, height: float) -> Affine:
    """Upside down, for an input of that size."""
    return (-1.0, 0.0, width, 0.0, -1.0, height)


def chain(first: Affine, *rest: Affine) -> Affine:
    """One map for several: output -> `first` -> ... -> last -> input."""
    result = first
    for following in rest:
        a, b, c, d, e, f = result
        g, h, i, j, k, m = following
        result = (
            g * a + h * d,
            g * b + h * e,
            g * c + h * f + i,
            j * a + k * d,
            j * b + k * e,
            j * c + k * f + m,
        )
    return result
