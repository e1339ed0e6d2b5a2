"""Icons from resources/icons in any ink, drawn sharp at the screen's scale.

The files use one ink colour, which is replaced here; so an icon never depends on the desktop's theme. Thread: UI.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import INK, RESOURCES, TONES, Tone

SIDE_PX = 16


@lru_cache(maxsize=256)
def pixmap(name: str, ink: str = INK, side: int = SIDE_PX, ratio: float = 2.0) -> QPixmap:
    """One icon; drawn at `ratio` device pixels per pixel (2 is sharp up to 200 %)."""
    made = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_source(name).replace(INK, ink).encode("utf-8"))).render(
        painter, QRectF(0, 0, made.width(), made.height())
    )
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, ink: str = INK) -> QIcon:
    """The same for buttons and tables."""
    return QIcon(pixmap(name, ink))


def tone_icon(tone: Tone) -> QIcon:
    """The icon that stands beside a tone's colour."""
    return icon(TONES[tone].icon, TONES[tone].ink)


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (Path(RESOURCES) / "icons" / f"{name}.svg").read_text(encoding="utf-8")
