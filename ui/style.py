"""The window's style sheet, computed from one base font size. Roles are set with `ui.theme.set_role`.

Thread: any; pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.palette import (
    AMBER,
    BLUE,
    BLUE_DARK,
    BLUE_WASH,
    CARD,
    EDGE,
    EDGE_SOFT,
    FIXED_FAMILIES,
    GROUND,
    INK,
    INK_ON_NAVY,
    INK_SOFT,
    INK_SOFT_ON_NAVY,
    LINE,
    LINE_SOFT,
    NAVY,
    PILL,
    STATUS_GROUND,
    TONES,
    YELLOW,
    Tone,
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Font sizes in points, and where the icons lie."""

    small: float
    title: float
    tiny: float
    icons: str


def style_sheet(base_pt: float, icons: Path) -> str:
    """The whole, for a base font of `base_pt` points."""
    sizes = Sizes(base_pt * 0.88, base_pt * 1.34, base_pt * 0.8, icons.as_posix())
    return "".join(part(sizes) for part in (_bars, _cards, _buttons, _fields, _tables))


def _bars(sizes: Sizes) -> str:
    """Window, top bar, status bar."""
    return f"""
    QMainWindow, QDialog {{ background: {GROUND}; }}
    QToolTip {{ background: {CARD}; color: {INK}; border: 1px solid {LINE}; padding: 4px; }}

    QFrame[role="topbar"] {{ background: {NAVY}; }}
    QFrame[role="topbar"] QLabel {{ color: {INK_ON_NAVY}; background: transparent; }}
    QLabel[role="appname"] {{ font-weight: 700; }}
    QLabel[role="practice"], QFrame[role="topbar"] QLabel[role="practice"] {{
        background: {YELLOW}; color: {NAVY}; font-weight: 700; font-size: {sizes.small}pt;
        border-radius: 4px; padding: 2px 8px;
    }}
    QPushButton[role="topbutton"] {{
        background: transparent; color: {INK_ON_NAVY}; border: 1px solid transparent; border-radius: 4px;
        padding: 4px 6px; text-align: right;
    }}
    QPushButton[role="topbutton"]:hover {{ border-color: {INK_SOFT_ON_NAVY}; }}
    QPushButton[role="topbutton"]:focus {{ border: 2px solid {YELLOW}; padding: 3px 5px; }}

    QFrame[role="statusbar"] {{ background: {STATUS_GROUND}; border-top: 1px solid {LINE}; }}
    QFrame[role="statusbar"] QLabel {{ color: {INK_SOFT}; font-size: {sizes.small}pt; background: transparent; }}
    QPushButton[role="statusbutton"] {{
        background: transparent; border: 1px solid transparent; color: {INK_SOFT}; font-size: {sizes.small}pt;
        padding: 1px 4px;
        border-radius: 3px;
    }}
    QPushButton[role="statusbutton"]:hover {{ color: {INK}; border-color: {LINE}; }}
    QPushButton[role="statusbutton"]:focus {{ border: 1px solid {BLUE}; }}
    """


def _cards(sizes: Sizes) -> str:
    """Boxes, labels by role, notes, toast."""
    return f"""
    QFrame[role="card"] {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; }}
    QFrame[role="card"] QLabel {{ background: transparent; }}
    QFrame[role="notice"] {{ background: transparent; border: none; border-top: 1px solid {LINE_SOFT}; }}
    QLabel[role="title"] {{ font-size: {sizes.title}pt; font-weight: 700; }}
    QLabel[role="lead"] {{ color: {INK_SOFT}; }}
    QLabel[role="heading"] {{ font-weight: 700; }}
    QLabel[role="small"] {{ color: {INK_SOFT}; font-size: {sizes.small}pt; }}
    QLabel[role="key"], QFrame[role="topbar"] QLabel[role="key"], QFrame[role="statusbar"] QLabel[role="key"],
    QFrame[role="card"] QLabel[role="key"] {{
        background: {CARD}; color: {INK}; border: 1px solid {EDGE_SOFT}; border-bottom: 2px solid {EDGE_SOFT};
        border-radius: 3px; padding: 0px 4px; font-size: {sizes.tiny}pt; font-family: "{'", "'.join(FIXED_FAMILIES)}";
    }}
    QLabel[role="bad"] {{ color: {TONES[Tone.BAD].ink}; }}
    QLabel[role="wait"] {{ color: {TONES[Tone.WAIT].ink}; }}
    QLabel[role="good"] {{ color: {TONES[Tone.GOOD].ink}; }}
    QFrame[role="toast"] {{ background: {NAVY}; border-radius: 6px; }}
    QFrame[role="toast"] QLabel {{ color: {INK_ON_NAVY}; }}
    QFrame[role="note-wait"] {{
        background: {TONES[Tone.WAIT].wash}; border: none; border-left: 4px solid {AMBER}; border-radius: 4px;
    }}
    QFrame[role="note-bad"] {{
        background: {TONES[Tone.BAD].wash}; border: none; border-left: 4px solid {TONES[Tone.BAD].ink};
        border-radius: 4px;
    }}
    QFrame[role="note-good"] {{
        background: {TONES[Tone.GOOD].wash}; border: none; border-left: 4px solid {TONES[Tone.GOOD].ink};
        border-radius: 4px;
    }}
    """


def _buttons(_sizes: Sizes) -> str:
    """Buttons by role."""
    return f"""
    QPushButton {{
        background: {CARD}; color: {INK}; border: 1px solid {EDGE}; border-radius: 5px; padding: 6px 14px;
    }}
    QPushButton:hover {{ background: {LINE_SOFT}; }}
    QPushButton:pressed {{ background: {PILL}; }}
    QPushButton:focus {{ border: 2px solid {BLUE}; padding: 5px 13px; }}
    QPushButton:disabled {{ color: {INK_SOFT}; background: {GROUND}; border-color: {LINE}; }}
    QPushButton[role="primary"] {{ background: {BLUE}; color: {INK_ON_NAVY}; border-color: {BLUE}; font-weight: 600; }}
    QPushButton[role="primary"]:hover {{ background: {BLUE_DARK}; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {NAVY}; }}
    QPushButton[role="primary"]:disabled {{ background: {PILL}; color: {INK_SOFT}; border-color: {LINE}; }}
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
    """


def _fields(sizes: Sizes) -> str:
    """What is typed into or chosen from."""
    return f"""
    QLineEdit, QComboBox, QSpinBox, QTextEdit, QPlainTextEdit {{
        background: {CARD}; color: {INK}; border: 1px solid {EDGE}; border-radius: 4px; padding: 5px 8px;
        selection-background-color: {BLUE}; selection-color: {INK_ON_NAVY}; placeholder-text-color: {INK_SOFT};
    }}
    QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QTextEdit:focus, QPlainTextEdit:focus {{
        border: 2px solid {BLUE}; padding: 4px 7px;
    }}
    QLineEdit:disabled, QComboBox:disabled {{ background: {GROUND}; color: {INK_SOFT}; }}
    QComboBox[role="chosen"] {{ background: {BLUE_WASH}; border-color: {BLUE}; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url({sizes.icons}/chevron-down.svg); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{ background: {CARD}; border: 1px solid {EDGE}; outline: none; }}
    QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px; }}
    QCheckBox::indicator {{
        width: 14px; height: 14px; background: {CARD}; border: 1px solid {EDGE}; border-radius: 3px;
    }}
    QCheckBox::indicator:checked {{ image: url({sizes.icons}/check.svg); }}
    QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {BLUE}; border-radius: 3px; padding: 1px; }}
    """


def _tables(sizes: Sizes) -> str:
    """Tables, lists, scroll bars, menus."""
    return f"""
    QTableView, QListView, QTreeView {{
        background: {CARD}; border: none; outline: none; gridline-color: {LINE_SOFT};
        selection-background-color: transparent; selection-color: {INK};
    }}
    QTableView::item {{ border-bottom: 1px solid {LINE_SOFT}; padding: 0px 5px; }}
    QListView[role="boxed"] {{ border: 1px solid {LINE}; border-radius: 4px; }}
    QListView[role="boxed"]:focus {{ border: 2px solid {BLUE}; }}
    QListView::item:selected {{ background: {BLUE_WASH}; color: {INK}; }}
    QTreeView {{ border: 1px solid transparent; border-radius: 4px; }}
    QTreeView:focus {{ border-color: {BLUE}; }}
    QTreeView::item {{ padding: 4px 3px; border-bottom: 1px solid {LINE_SOFT}; }}
    QTreeView::item:selected, QTreeView::branch:selected {{ background: {BLUE_WASH}; color: {INK}; border: none; }}
    QListView {{ border: 1px solid transparent; border-radius: 4px; }}
    QListView:focus {{ border-color: {BLUE}; }}
    FunnelChart:focus {{ border-color: transparent; }}
    QListView::item {{ padding: 7px 8px; border-bottom: 1px solid {LINE_SOFT}; }}
    QHeaderView {{ background: {CARD}; border: none; }}
    QHeaderView::section {{
        background: {CARD}; color: {INK_SOFT}; border: none; border-bottom: 1px solid {EDGE_SOFT}; padding: 6px 5px;
        font-weight: 700; font-size: {sizes.small}pt;
    }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QTableCornerButton::section {{ background: {CARD}; border: none; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollArea {{ border: 1px solid transparent; }}
    QScrollArea:focus {{ border: 1px solid {BLUE}; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {EDGE}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::handle:hover {{ background: {INK_SOFT}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {LINE_SOFT}; border: none; border-radius: 4px; text-align: center; min-height: 18px; }}
    QProgressBar::chunk {{ background: {BLUE}; border-radius: 4px; }}
    QGroupBox {{ font-weight: 700; }}
    QGroupBox[role="region"] {{ border: none; margin: 0; padding: 0; font-weight: 400; }}
    QMenu {{ background: {CARD}; border: 1px solid {LINE}; padding: 4px; }}
    QMenu::item {{ padding: 6px 22px; }}
    QMenu::item:selected {{ background: {BLUE_WASH}; color: {INK}; }}
    QTextBrowser {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; padding: 8px; }}
    """
