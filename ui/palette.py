"""The colours and type of the whole window, in one place; no Qt, so that anything may read them.

Invariant: a colour that means something is a `Tone`, and a `Tone` always comes with an icon and a word: nobody has to
tell colours apart. Thread: any.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NAVY = "#17324d"
BLUE = "#1f6fb2"
BLUE_WASH = "#e8f0f8"
YELLOW = "#ffd34d"
GROUND = "#f4f6f8"
CARD = "#ffffff"
LINE = "#d7dde4"
LINE_SOFT = "#eef1f4"
STATUS_GROUND = "#e9edf1"
PILL = "#e3e8ee"
EDGE = "#7b8793"  # around what is typed into or pressed: 3 : 1 on every ground
EDGE_SOFT = "#b9c3cd"  # a line that only divides
AMBER = "#ad7300"  # the edge of what is warned about
BLUE_DARK = "#195d96"
CHOSEN = "#cfe3f5"  # under digits the next key replaces
INK = "#16202b"
INK_SOFT = (
    "#56626f"  # 5.9 : 1 on the ground colour; also what cannot be used now, which must still be readable
)
INK_ON_NAVY = "#ffffff"
INK_SOFT_ON_NAVY = "#c9d6e3"
PAPER = "#fffdf7"  # a form without a scan, drawn from its definition
PAPER_HEADING = "#e6e9ec"
WATERMARK = "#e9e9e9"  # across a page; what stands on it is read all the same
DESK = "#d9dee4"  # what a scan lies on
SHADE = (20, 28, 36, 105)  # red, green, blue, opacity: over the rows that are not keyed now

FUNNEL = ("#17324d", "#1d4e79", "#1f6fb2", "#2a7cbd", "#3a88c4", "#258f7e", "#298c51", "#1c7a3e")

BASE_POINT_SIZE = 10.5  # 14 px at 96 dpi, as in the drawn screens
TEXT_SIZES = {"biasa": 1.0, "besar": 1.15, "sangat-besar": 1.3}
FAMILIES = ("Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans")
FIXED_FAMILIES = ("Cascadia Mono", "Consolas", "DejaVu Sans Mono", "Liberation Mono")


class Tone(StrEnum):
    """What a state means to the person; each has its own icon besides its colour."""

    PLAIN = "plain"
    GOOD = "good"
    BUSY = "busy"
    WAIT = "wait"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ToneLook:
    ink: str  # readable on white and on the ground colour
    on_navy: str  # readable on the top bar
    wash: str  # a background for boxes
    icon: str  # file name in resources/icons, without .svg


TONES: dict[Tone, ToneLook] = {
    Tone.PLAIN: ToneLook(INK, INK_ON_NAVY, CARD, "dot"),
    Tone.GOOD: ToneLook("#1c6b38", "#5fd38a", "#e3f3e8", "check"),
    Tone.BUSY: ToneLook("#1a5f99", "#7fc0f5", "#e8f0f8", "arrow-up"),
    Tone.WAIT: ToneLook("#875400", "#f0a500", "#fff4dc", "clock"),
    Tone.BAD: ToneLook("#a31621", "#ff8d85", "#fde7e6", "stop"),
    Tone.OFF: ToneLook(INK_SOFT, INK_SOFT_ON_NAVY, LINE_SOFT, "pause"),
}
