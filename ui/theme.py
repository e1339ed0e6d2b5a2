"""Colours, type and spacing of the whole window, in one place.

Invariant: a colour that means something is a `Tone`, and a `Tone` always comes with an icon and a word: nobody has to
tell colours apart. Sizes follow one base font, so that *ukuran teks* and 100-200 % scaling cut nothing. Thread: UI.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QWidget

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

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
INK = "#16202b"
INK_SOFT = "#56626f"  # 5.9 : 1 on the ground colour
INK_ON_NAVY = "#ffffff"
INK_SOFT_ON_NAVY = "#c9d6e3"

FUNNEL = ("#17324d", "#1d4e79", "#1f6fb2", "#2f86c9", "#4a9bd6", "#2c9c8a", "#2e9d5b", "#1c7a3e")

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
    app.setStyleSheet(style_sheet(BASE_POINT_SIZE * scale))


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
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#8a95a1"))
    return palette


def style_sheet(base_pt: float) -> str:
    """The style sheet for a base font of `base_pt` points. Roles are set with `set_role`."""
    small, title, tiny = base_pt * 0.88, base_pt * 1.34, base_pt * 0.8
    icons = (RESOURCES / "icons").as_posix()
    return f"""
    QMainWindow, QDialog {{ background: {GROUND}; }}
    QToolTip {{ background: {CARD}; color: {INK}; border: 1px solid {LINE}; padding: 4px; }}

    QFrame[role="topbar"] {{ background: {NAVY}; }}
    QFrame[role="topbar"] QLabel {{ color: {INK_ON_NAVY}; background: transparent; }}
    QLabel[role="appname"] {{ font-weight: 700; }}
    QLabel[role="practice"], QFrame[role="topbar"] QLabel[role="practice"] {{
        background: {YELLOW}; color: {NAVY}; font-weight: 700; font-size: {small}pt;
        border-radius: 4px; padding: 2px 8px;
    }}
    QPushButton[role="topbutton"] {{
        background: transparent; color: {INK_ON_NAVY}; border: 1px solid transparent; border-radius: 4px;
        padding: 4px 6px; text-align: right;
    }}
    QPushButton[role="topbutton"]:hover {{ border-color: {INK_SOFT_ON_NAVY}; }}
    QPushButton[role="topbutton"]:focus {{ border: 2px solid {YELLOW}; padding: 3px 5px; }}

    QFrame[role="statusbar"] {{ background: {STATUS_GROUND}; border-top: 1px solid {LINE}; }}
    QFrame[role="statusbar"] QLabel {{ color: {INK_SOFT}; font-size: {small}pt; background: transparent; }}
    QPushButton[role="statusbutton"] {{
        background: transparent; border: 1px solid transparent; color: {INK_SOFT}; font-size: {small}pt;
        padding: 1px 4px;
        border-radius: 3px;
    }}
    QPushButton[role="statusbutton"]:hover {{ color: {INK}; border-color: {LINE}; }}
    QPushButton[role="statusbutton"]:focus {{ border: 1px solid {BLUE}; }}

    QFrame[role="card"] {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; }}
    QFrame[role="card"] QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: {title}pt; font-weight: 700; }}
    QLabel[role="lead"] {{ color: {INK_SOFT}; }}
    QLabel[role="heading"] {{ font-weight: 700; }}
    QLabel[role="small"] {{ color: {INK_SOFT}; font-size: {small}pt; }}
    QLabel[role="key"], QFrame[role="topbar"] QLabel[role="key"], QFrame[role="statusbar"] QLabel[role="key"],
    QFrame[role="card"] QLabel[role="key"] {{
        background: {CARD}; color: {INK}; border: 1px solid #b9c3cd; border-bottom: 2px solid #b9c3cd;
        border-radius: 3px; padding: 0px 4px; font-size: {tiny}pt; font-family: "{'", "'.join(FIXED_FAMILIES)}";
    }}
    QLabel[role="bad"] {{ color: {TONES[Tone.BAD].ink}; }}
    QLabel[role="wait"] {{ color: {TONES[Tone.WAIT].ink}; }}
    QLabel[role="good"] {{ color: {TONES[Tone.GOOD].ink}; }}
    QFrame[role="toast"] {{ background: {NAVY}; border-radius: 6px; }}
    QFrame[role="toast"] QLabel {{ color: {INK_ON_NAVY}; }}
    QFrame[role="note-wait"] {{
        background: {TONES[Tone.WAIT].wash}; border: none; border-left: 4px solid #f0a500; border-radius: 4px;
    }}
    QFrame[role="note-bad"] {{
        background: {TONES[Tone.BAD].wash}; border: none; border-left: 4px solid {TONES[Tone.BAD].ink};
        border-radius: 4px;
    }}
    QFrame[role="note-good"] {{
        background: {TONES[Tone.GOOD].wash}; border: none; border-left: 4px solid {TONES[Tone.GOOD].ink};
        border-radius: 4px;
    }}

    QPushButton {{
        background: {CARD}; color: {INK}; border: 1px solid #b9c3cd; border-radius: 5px; padding: 6px 14px;
    }}
    QPushButton:hover {{ background: {LINE_SOFT}; }}
    QPushButton:pressed {{ background: {PILL}; }}
    QPushButton:focus {{ border: 2px solid {BLUE}; padding: 5px 13px; }}
    QPushButton:disabled {{ color: #8a95a1; background: {GROUND}; border-color: {LINE}; }}
    QPushButton[role="primary"] {{ background: {BLUE}; color: white; border-color: {BLUE}; font-weight: 600; }}
    QPushButton[role="primary"]:hover {{ background: #195d96; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {NAVY}; }}
    QPushButton[role="primary"]:disabled {{ background: {PILL}; color: #7b8793; border-color: {LINE}; }}
    QPushButton[role="crumb"] {{
        background: transparent; border: 1px solid transparent; color: {BLUE}; padding: 2px 4px; font-weight: 600;
    }}
    QPushButton[role="crumb"]:hover {{ text-decoration: underline; }}
    QPushButton[role="crumb"]:focus {{ border: 1px solid {BLUE}; }}
    QPushButton[role="crumb"]:disabled {{ color: {INK}; background: transparent; }}
    QPushButton[role="filter"] {{
        background: transparent; border: 1px solid transparent; color: {INK_SOFT}; padding: 3px 8px;
        border-radius: 11px;
    }}
    QPushButton[role="filter"]:hover {{ background: {PILL}; }}
    QPushButton[role="filter"]:checked {{
        background: {BLUE_WASH}; color: {INK}; border-color: {BLUE};
    }}
    QPushButton[role="filter"]:focus {{ border: 2px solid {BLUE}; padding: 2px 7px; }}

    QLineEdit, QComboBox, QSpinBox, QTextEdit, QPlainTextEdit {{
        background: {CARD}; color: {INK}; border: 1px solid #b9c3cd; border-radius: 4px; padding: 5px 8px;
        selection-background-color: {BLUE}; selection-color: white;
    }}
    QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QTextEdit:focus, QPlainTextEdit:focus {{
        border: 2px solid {BLUE}; padding: 4px 7px;
    }}
    QLineEdit:disabled, QComboBox:disabled {{ background: {GROUND}; color: {INK_SOFT}; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url({icons}/chevron-down.svg); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{ background: {CARD}; border: 1px solid {LINE}; outline: none; }}
    QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px; }}
    QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {BLUE}; border-radius: 3px; padding: 1px; }}

    QTableView, QListView, QTreeView {{
        background: {CARD}; border: none; outline: none; gridline-color: {LINE_SOFT};
        selection-background-color: transparent; selection-color: {INK};
    }}
    QTableView::item {{ border-bottom: 1px solid {LINE_SOFT}; padding: 0px 5px; }}
    QListView[role="boxed"] {{ border: 1px solid {LINE}; border-radius: 4px; }}
    QListView[role="boxed"]:focus {{ border: 2px solid {BLUE}; }}
    QListView::item:selected {{ background: {BLUE_WASH}; color: {INK}; }}
    QTableView:focus, QListView:focus {{ border: none; }}
    QListView::item {{ padding: 7px 8px; border-bottom: 1px solid {LINE_SOFT}; }}
    QHeaderView {{ background: {CARD}; border: none; }}
    QHeaderView::section {{
        background: {CARD}; color: {INK_SOFT}; border: none; border-bottom: 1px solid #b9c3cd; padding: 6px 8px;
        font-weight: 700; font-size: {small}pt;
    }}
    QTableCornerButton::section {{ background: {CARD}; border: none; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: #c3ccd5; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::handle:hover {{ background: #9fabb7; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {LINE_SOFT}; border: none; border-radius: 4px; text-align: center; min-height: 18px; }}
    QProgressBar::chunk {{ background: {BLUE}; border-radius: 4px; }}
    QGroupBox {{ font-weight: 700; }}
    QMenu {{ background: {CARD}; border: 1px solid {LINE}; padding: 4px; }}
    QMenu::item {{ padding: 6px 22px; }}
    QMenu::item:selected {{ background: {BLUE_WASH}; color: {INK}; }}
    QTextBrowser {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; padding: 8px; }}
    """
