"""What the projector paints: a canvas of 1920 x 1080, whatever the screen is, in letters one reads from eight metres.

28 of 1080 lines is the least size of type: 3.5 cm on a wall 1.35 m high. Thread: UI.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.services.projector import STOPS, Area, Board, Line, Stop
from app.services.report_tables import NOT_RESULT, PRACTICE
from ui import format as fmt
from ui import theme
from ui.pages.steps import STEP_CODES, step_label
from ui.theme import TONES, Tone
from ui.widgets.icons import tone_icon

WIDTH, HEIGHT = 1920.0, 1080.0
AREA_ROWS = 11
OLD_S = 60.0  # from then on the age of the data is said loudly
_MARGIN, _GAP, _PAD = 48.0, 16.0, 26.0
_TOP, _STRIP, _UPPER, _FOOT = 92.0, 66.0, 554.0, 58.0
_SMALL, _TEXT, _LARGE, _HUGE = 28, 32, 38, 46
_LEFT, _RIGHT, _CENTRE = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignRight,
    Qt.AlignmentFlag.AlignHCenter,
)
_AREA_STEPS = ("received", "second_read", "at_centre", "public")


@dataclass(frozen=True, slots=True)
class Face:
    """What is shown now: the board, whose turn it is, how old it is (seconds), and why it cannot be read, if so."""

    board: Board
    funnel: Area
    areas: tuple[Area, ...]
    page: int
    pages: int
    now: float
    problem: str = ""

    @property
    def age_s(self) -> float:
        return max(0.0, self.now - self.board.at)


class Canvas:
    """Words and boxes at places of the canvas."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter

    def card(self, area: QRectF) -> QRectF:
        """A white box; what is left inside it."""
        self.box(area, theme.CARD, 10)
        return area.adjusted(_PAD, 14, -_PAD, -12)

    def box(self, area: QRectF, colour: str, radius: float = 0.0) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(colour))
        self.painter.drawRoundedRect(area, radius, radius)

    def words(
        self,
        area: QRectF,
        text: str,
        size: int,
        *,
        side: Qt.AlignmentFlag = _LEFT,
        bold: bool = False,
        ink: str = theme.INK,
    ) -> float:
        """One line in the middle of `area`, shortened where it does not fit; how wide it became."""
        font = _font(size, bold=bold)
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self.painter.setFont(font)
        self.painter.setPen(QColor(ink))
        self.painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        return metrics.horizontalAdvance(shown)

    def mark(self, tone: Tone, area: QRectF) -> None:
        """The tone's icon: nobody has to tell colours apart."""
        tone_icon(tone).paint(self.painter, area.toRect())


def paint(painter: QPainter, face: Face) -> None:
    """The whole canvas."""
    canvas = Canvas(painter)
    wide, half = WIDTH - 2 * _MARGIN, (WIDTH - 2 * _MARGIN - _GAP) / 2
    upper = _TOP + _GAP + _STRIP + _GAP
    lower = upper + _UPPER + _GAP
    _paint_top(canvas, face)
    _paint_line(canvas, QRectF(_MARGIN, _TOP + _GAP, wide, _STRIP), face)
    _paint_funnel(canvas, canvas.card(QRectF(_MARGIN, upper, half, _UPPER)), face.funnel)
    _paint_areas(canvas, canvas.card(QRectF(_MARGIN + half + _GAP, upper, half, _UPPER)), face)
    _paint_stops(canvas, canvas.card(QRectF(_MARGIN, lower, wide, HEIGHT - _FOOT - lower)), face)
    _paint_foot(canvas, face)


def _paint_top(canvas: Canvas, face: Face) -> None:
    canvas.box(QRectF(0, 0, WIDTH, _TOP), theme.NAVY)
    row = QRectF(_MARGIN, 0, WIDTH - 2 * _MARGIN, _TOP)
    wide = canvas.words(
        row.adjusted(0, 0, -520, 0), face.board.place, _HUGE, bold=True, ink=theme.INK_ON_NAVY
    )
    if face.board.is_practice:
        badge = QRectF(row.left() + wide + 36, 20, 230, 52)
        canvas.box(badge, theme.YELLOW, 8)
        canvas.words(badge, PRACTICE, 34, side=_CENTRE, bold=True, ink=theme.NAVY)
    canvas.words(row, fmt.clock(face.now), _HUGE, side=_RIGHT, bold=True, ink=theme.INK_ON_NAVY)


def _paint_funnel(canvas: Canvas, area: QRectF, shown: Area) -> None:
    counts = shown.counts
    title = QRectF(area.left(), area.top(), area.width(), 52)
    total = _tr("%1 formulir").replace("%1", fmt.number(counts.expected))
    canvas.words(title.adjusted(0, 0, -300, 0), shown.name, _LARGE, bold=True)
    canvas.words(title, total, _TEXT, side=_RIGHT, ink=theme.INK_SOFT)
    height = (area.height() - 62) / len(STEP_CODES)
    for place, code in enumerate(STEP_CODES):
        row = QRectF(area.left(), area.top() + 62 + place * height, area.width(), height)
        count: int = getattr(counts, code)
        canvas.words(row.adjusted(0, 0, -(row.width() - 282), 0), step_label(code), _TEXT)
        bar = QRectF(row.left() + 292, row.top() + height / 2 - 15, row.width() - 292 - 290, 30)
        canvas.box(bar, theme.LINE_SOFT, 5)
        if count and counts.expected:
            filled = max(6.0, bar.width() * min(1.0, count / counts.expected))
            canvas.box(QRectF(bar.left(), bar.top(), filled, bar.height()), theme.FUNNEL[place], 5)
        canvas.words(row.adjusted(0, 0, -132, 0), fmt.number(count), _LARGE, side=_RIGHT, bold=True)
        share = fmt.percent(count, counts.expected)
        canvas.words(row, share, _SMALL, side=_RIGHT, ink=theme.INK_SOFT)


def _paint_areas(canvas: Canvas, area: QRectF, face: Face) -> None:
    title = QRectF(area.left(), area.top(), area.width(), 52)
    canvas.words(title, _tr("Kecamatan"), _LARGE, bold=True)
    if face.pages > 1:
        page = _tr("%1 dari %2").replace("%1", str(face.page)).replace("%2", str(face.pages))
        canvas.words(title, page, _SMALL, side=_RIGHT, ink=theme.INK_SOFT)
    column = 152.0
    first = area.width() - column * len(_AREA_STEPS)
    heads = (_tr("Diterima"), _tr("Tuntas"), _tr("Di KPU RI"), _tr("Publik"))
    for place, head in enumerate(heads):
        cell = QRectF(area.left() + first + place * column, area.top() + 54, column, 36)
        canvas.words(cell, head, _SMALL, side=_RIGHT, ink=theme.INK_SOFT)
    height = (area.height() - 94) / AREA_ROWS
    for number, one in enumerate(face.areas):
        row = QRectF(area.left(), area.top() + 94 + number * height, area.width(), height)
        if number % 2 == 0:
            canvas.box(row.adjusted(-10, 1, 10, -1), theme.GROUND, 4)
        canvas.words(row.adjusted(0, 0, -(row.width() - first), 0), one.name, _TEXT)
        for place, code in enumerate(_AREA_STEPS):
            cell = QRectF(row.left() + first + place * column, row.top(), column, height)
            count: int = getattr(one.counts, code)
            ink = theme.INK if count else theme.INK_SOFT
            canvas.words(cell, fmt.number(count), _TEXT, side=_RIGHT, bold=code == "public", ink=ink)


def _paint_stops(canvas: Canvas, area: QRectF, face: Face) -> None:
    title = QRectF(area.left(), area.top(), area.width(), 40)
    canvas.words(title, _tr("Paling lama terhenti"), _TEXT, bold=True)
    if not face.board.stops:
        canvas.words(title.translated(0, 46), _tr("Tidak ada yang terhenti."), _SMALL, ink=theme.INK_SOFT)
    height = (area.height() - 42) / STOPS
    for place, stop in enumerate(face.board.stops):
        row = QRectF(area.left(), area.top() + 42 + place * height, area.width(), height)
        _paint_stop(canvas, row, stop, face)


def _paint_stop(canvas: Canvas, row: QRectF, stop: Stop, face: Face) -> None:
    """Where, which ballot, why, how long: the reason has what the others leave, and is the one to be shortened."""
    age = canvas.words(row, fmt.duration(face.now - stop.since), _SMALL, side=_RIGHT, bold=True)
    left = row.left()
    for text, width in ((stop.place, 560.0), (stop.form, 190.0 if face.board.ballots else 0.0)):
        if width:
            canvas.words(QRectF(left, row.top(), width - 20, row.height()), text, _SMALL)
        left += width
    why = QRectF(left, row.top(), row.right() - age - 30 - left, row.height())
    canvas.words(why, stop.reason, _SMALL, ink=TONES[Tone.WAIT].ink)


def _paint_line(canvas: Canvas, area: QRectF, face: Face) -> None:
    """One strip: how the line is and since when; how fast we are; the last proof from the centre."""
    board, tone = face.board, _tone_of(face.board.line)
    canvas.box(area, TONES[tone].wash, 10)
    canvas.mark(tone, QRectF(area.left() + _PAD, area.top() + 16, 34, 34))
    said = board.line.words
    if board.line.since is not None and not board.line.is_well:
        said = _tr("%1 sejak %2").replace("%1", said).replace("%2", fmt.moment(board.line.since, face.now))
    receipt = board.receipt_at
    last = fmt.moment(receipt, face.now) if receipt is not None else _tr("belum ada")
    facts = (
        (_tr("bukti terakhir"), last),
        (_tr("di KPU RI per jam"), fmt.number(board.held_per_hour)),
        (_tr("dientri per jam"), fmt.number(board.keyed_per_hour)),
    )
    right = area.adjusted(0, 0, -_PAD, 0)
    for label, value in facts:
        right.setRight(right.right() - canvas.words(right, value, _TEXT, side=_RIGHT, bold=True) - 12)
        soft = canvas.words(right, label, _SMALL, side=_RIGHT, ink=theme.INK_SOFT)
        right.setRight(right.right() - soft - 36)
    canvas.words(right.adjusted(_PAD + 46, 0, 0, 0), said, _TEXT, bold=True, ink=TONES[tone].ink)


def _paint_foot(canvas: Canvas, face: Face) -> None:
    row = QRectF(_MARGIN, HEIGHT - _FOOT, WIDTH - 2 * _MARGIN, _FOOT)
    canvas.words(row, NOT_RESULT, _TEXT, bold=True)
    at = _tr("Data pukul %1").replace("%1", fmt.clock(face.board.at, with_seconds=True))
    if face.age_s < OLD_S:
        canvas.words(row, f"{at} · {_tr('Esc: keluar')}", _SMALL, side=_RIGHT, ink=theme.INK_SOFT)
        return
    old = _tr("%1, sudah %2. %3").replace("%1", at).replace("%2", fmt.duration(face.age_s))
    loud = row.adjusted(420, 6, 0, -6)
    canvas.box(loud, TONES[Tone.BAD].wash, 8)
    canvas.mark(Tone.BAD, QRectF(loud.left() + 12, loud.top() + 9, 32, 32))
    words = old.replace("%3", face.problem).strip()
    canvas.words(loud.adjusted(58, 0, -16, 0), words, _SMALL, bold=True, ink=TONES[Tone.BAD].ink)


def _tone_of(line: Line) -> Tone:
    if line.is_well:
        return Tone.GOOD
    if line.is_out:
        return Tone.BAD
    return Tone.WAIT if line.state == "slow" else Tone.OFF


def _font(size: int, *, bold: bool) -> QFont:
    made = QFont()
    made.setFamilies(list(theme.FAMILIES))
    made.setPixelSize(size)
    made.setBold(bold)
    return made


def _tr(text: str) -> str:
    return QCoreApplication.translate("projector", text)
