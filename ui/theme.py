"""How the window looks: the colours of `ui.palette`, fonts, and the style sheet put on the application.

Invariant: sizes follow one base font, so that *ukuran teks* and 100-200 % scaling cut nothing. Thread: UI.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.palette import (
    AMBER,
    BASE_POINT_SIZE,
    BLUE,
    BLUE_WASH,
    CARD,
    CHOSEN,
    DESK,
    EDGE,
    EDGE_SOFT,
    FAMILIES,
    FIXED_FAMILIES,
    FUNNEL,
    GROUND,
    INK,
    INK_ON_NAVY,
    INK_SOFT,
    INK_SOFT_ON_NAVY,
    LINE,
    LINE_SOFT,
    NAVY,
    PAPER,
    PAPER_HEADING,
    PILL,
    SHADE,
    STATUS_GROUND,
    TEXT_SIZES,
    TONES,
    YELLOW,
    Tone,
    ToneLook,
)
from ui.style import style_sheet

__all__ = [
    "AMBER",
    "BASE_POINT_SIZE",
    "BLUE",
    "BLUE_WASH",
    "CARD",
    "CHOSEN",
    "DESK",
    "EDGE",
    "EDGE_SOFT",
    "FAMILIES",
    "FIXED_FAMILIES",
    "FUNNEL",
    "GROUND",
    "INK",
    "INK_ON_NAVY",
    "INK_SOFT",
    "INK_SOFT_ON_NAVY",
    "LINE",
    "LINE_SOFT",
    "NAVY",
    "PAPER",
    "PAPER_HEADING",
    "PILL",
    "RESOURCES",
    "SHADE",
    "STATUS_GROUND",
    "TEXT_SIZES",
    "TONES",
    "YELLOW",
    "Tone",
    "ToneLook",
    "apply",
    "font",
    "point_size",
    "set_role",
    "style_sheet",
    "text_width",
]

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def point_size(ratio: float = 1.0) -> float:
    """A font size relative to the window's base, for painted widgets."""
    base = QApplication.font().pointSizeF()
    return (base if base > 0 else BASE_POINT_SIZE) * ratio


def font(ratio: float = 1.0, *, bold: bool = False, fixed: bool = False) -> QFont:
    """The window's font at `ratio` of its base size."""
    made = QFont(QApplication.font())
    if fixed:
        made.setFamilies(list(FIXED_FAMILIES))
    made.setPointSizeF(point_size(ratio))
    made.setBold(bold)
    return made


def text_width(words: str) -> int:
    """Pixels a field needs to show these words, frame and margins included."""
    return QFontMetrics(font()).horizontalAdvance(words) + 30


def set_role(widget: QWidget, role: str) -> None:
    """Name what a widget is for the style sheet (`[role="..."]`), and restyle it when that changes."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def apply(app: QApplication, text_size: str = "biasa") -> None:
    """Fusion, our palette and style sheet, whatever the desktop's theme is: a dark one must not give dark on dark."""
    app.setStyle("Fusion")
    scale = TEXT_SIZES.get(text_size, 1.0)
    base = QFont()
    base.setFamilies(list(FAMILIES))
    base.setPointSizeF(BASE_POINT_SIZE * scale)
    app.setFont(base)
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet(BASE_POINT_SIZE * scale, RESOURCES / "icons"))


def _palette() -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: GROUND,
        QPalette.ColorRole.WindowText: INK,
        QPalette.ColorRole.Base: CARD,
        QPalette.ColorRole.AlternateBase: GROUND,
        QPalette.ColorRole.Text: INK,
        QPalette.ColorRole.Button: CARD,
        QPalette.ColorRole.ButtonText: INK,
        QPalette.ColorRole.BrightText: CARD,
        QPalette.ColorRole.Highlight: BLUE_WASH,
        QPalette.ColorRole.HighlightedText: INK,
        QPalette.ColorRole.ToolTipBase: CARD,
        QPalette.ColorRole.ToolTipText: INK,
        QPalette.ColorRole.PlaceholderText: INK_SOFT,
        QPalette.ColorRole.Link: BLUE,
        QPalette.ColorRole.Mid: LINE,
        QPalette.ColorRole.Dark: LINE,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(INK_SOFT))
    return palette
