"""What is written can be read: 4.5 : 1 for words, 3 : 1 for large letters, icons and the edges of controls (WCAG 2.2).

The style sheet is read as Qt gets it; what widgets paint themselves stands in a table here.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui import palette
from ui.palette import TONES, Tone
from ui.style import style_sheet

WORDS, SHAPES = 4.5, 3.0
SHEET = style_sheet(palette.BASE_POINT_SIZE, Path("icons"))
GROUNDS = {"topbar": palette.NAVY, "toast": palette.NAVY, "topbutton": palette.NAVY}
GROUNDS |= {"statusbar": palette.STATUS_GROUND, "statusbutton": palette.STATUS_GROUND}
NOTES = tuple(TONES[tone].wash for tone in (Tone.WAIT, Tone.BAD, Tone.GOOD))
PLAIN = (palette.CARD, palette.GROUND)  # what stands on no ground of its own stands on one of these
EDGED = re.compile(
    r"QPushButton(?:$|:hover|:pressed|\[role=\"primary\"\])|QLineEdit|QComboBox|QSpinBox|QTextEdit"
    r"|QCheckBox::indicator$"
)
RULE = re.compile(r"([^{}]+)\{([^{}]+)\}")


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rules() -> list[tuple[str, dict[str, str]]]:
    """Selector and properties of every rule; a later rule for the same selector adds to the earlier one."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in RULE.findall(SHEET):
        properties = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+);", body))
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(properties)
    return list(found.items())


def grounds_of(selector: str, properties: dict[str, str]) -> tuple[str, ...]:
    """What the words of a rule stand on: its own ground, that of the state below it, or what it lies on."""
    base = selector.split(":", maxsplit=1)[0]
    own = properties.get("background") or dict(rules()).get(base, {}).get("background", "transparent")
    if own.startswith("#"):
        return (own,)
    roles = re.findall(r'role="([\w-]+)"', selector)
    for role in roles:
        if role in GROUNDS:
            return (GROUNDS[role],)
    return PLAIN


def test_a_hint_in_an_empty_field_is_no_paler_than_we_say() -> None:
    """Without a word in the style sheet Qt takes half of the text's colour: 3.2 : 1."""
    assert dict(rules())["QLineEdit"]["placeholder-text-color"] == palette.INK_SOFT


@pytest.mark.parametrize("selector", [selector for selector, properties in rules() if "color" in properties])
def test_words_can_be_read(selector: str) -> None:
    properties = dict(rules())[selector]
    for ground in grounds_of(selector, properties):
        assert contrast(properties["color"], ground) >= WORDS, (selector, properties["color"], ground)


def test_the_edges_of_controls_can_be_seen() -> None:
    edges = {
        selector: match[0]
        for selector, properties in rules()
        if EDGED.match(selector) and ":disabled" not in selector
        if (match := re.findall(r"#\w{6}", properties.get("border-color") or properties.get("border", "")))
    }
    assert len(edges) >= 8
    for selector, edge in edges.items():
        for ground in PLAIN:
            assert contrast(edge, ground) >= SHAPES, (selector, edge, ground)


INK, SOFT = palette.INK, palette.INK_SOFT
PAINTED = {
    "the number in a box": (INK, (palette.CARD, palette.CHOSEN)),
    "a row's label": (INK, (palette.CARD, palette.BLUE_WASH, TONES[Tone.WAIT].wash)),
    "a row's code, a heading": (SOFT, (palette.CARD, palette.BLUE_WASH, TONES[Tone.WAIT].wash)),
    "a remark beside a box": (TONES[Tone.WAIT].ink, (palette.CARD, palette.BLUE_WASH, TONES[Tone.WAIT].wash)),
    "a page in the list": (INK, (palette.CARD, palette.BLUE_WASH, palette.LINE_SOFT)),
    "its digit": (SOFT, (palette.CARD, palette.BLUE_WASH, palette.LINE_SOFT)),
    "how many wait": (INK, (palette.PILL,)),
    "a share of the funnel": (SOFT, (palette.CARD, palette.BLUE_WASH)),
    "the drawn form": (INK, (palette.PAPER, palette.PAPER_HEADING)),
    "no scan": (SOFT, (palette.DESK,)),
    "the badge of a scan": (INK, (palette.CARD,)),
    "a hint in an empty field": (SOFT, (palette.CARD, palette.GROUND)),
    "practice": (palette.NAVY, (palette.YELLOW,)),
    "a chosen row": (INK, (palette.BLUE_WASH,)),
}
SHOWN = {
    "the box with the focus": (palette.BLUE, (palette.CARD, palette.BLUE_WASH, TONES[Tone.WAIT].wash)),
    "any other box": (palette.EDGE, (palette.CARD, palette.BLUE_WASH, TONES[Tone.WAIT].wash)),
    "a box that is warned about": (palette.AMBER, (palette.CARD, TONES[Tone.WAIT].wash, palette.BLUE_WASH)),
    "the ring on the scan": (palette.AMBER, (palette.PAPER,)),
    "the row in the light": (palette.BLUE, (palette.PAPER,)),
    "the page in front, the chosen row": (palette.BLUE, (palette.BLUE_WASH, palette.CARD)),
    "where the focus is": (palette.BLUE, (palette.CARD, palette.GROUND, palette.STATUS_GROUND)),
    "where the focus is, above": (palette.YELLOW, (palette.NAVY,)),
    "how far a list is scrolled": (palette.EDGE, PLAIN),
}


@pytest.mark.parametrize("what", PAINTED)
def test_what_is_painted_can_be_read(what: str) -> None:
    ink, grounds = PAINTED[what]
    assert {ground: contrast(ink, ground) for ground in grounds if contrast(ink, ground) < WORDS} == {}


@pytest.mark.parametrize("what", SHOWN)
def test_what_is_drawn_can_be_seen(what: str) -> None:
    ink, grounds = SHOWN[what]
    assert {ground: contrast(ink, ground) for ground in grounds if contrast(ink, ground) < SHAPES} == {}


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_can_be_read_wherever_it_is_used(tone: Tone) -> None:
    look = TONES[tone]
    for ground in (*PLAIN, palette.BLUE_WASH, look.wash):
        assert contrast(look.ink, ground) >= WORDS, ground
    assert contrast(look.on_navy, palette.NAVY) >= WORDS
    for ground in NOTES:
        assert contrast(INK, ground) >= WORDS


def test_the_bars_of_the_funnel_stand_out_from_their_channel() -> None:
    assert [bar for bar in palette.FUNNEL if contrast(bar, palette.LINE_SOFT) < SHAPES] == []


def test_colours_stand_in_the_palette_alone() -> None:
    """A colour anywhere else is one that no test here knows."""
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|QColor\(\s*\d|GlobalColor\.(?!transparent)|: (?:white|black)\b")
    ui = Path(palette.__file__).parent
    assert [
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted(ui.rglob("*.py"))
        if path != Path(palette.__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if colour.search(line)
    ] == []
