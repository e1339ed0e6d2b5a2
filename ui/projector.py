"""Proyektor: the district on the wall of the room. Nobody touches it.

Kecamatan (and ballots, where there are several) take turns by themselves; it reads anew by itself, and says how old it
is when it cannot. Esc or F11 leaves. Invariant: no votes and no names (`app.services.projector`). Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QScreen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.errors import ExpectedError
from app.services import projector
from app.services.projector import Area, Board
from app.services.workplace import Workplace
from ui import format as fmt
from ui import projector_face as face
from ui import theme
from ui.pages.steps import STEP_CODES, step_label
from ui.tasks import Tasks
from ui.widgets.icons import icon

LOOK_MS = 2_000  # is there anything new, and is it getting old?
ANEW_S = 20.0  # read again even when nothing changed: the rate moves on
TURN_MS = 12_000  # the next kecamatan, the next ballot; long enough to find one's own


class Projector(QWidget):
    """A window of its own; nobody need be signed in."""

    closed = Signal()

    def __init__(self, wp: Workplace, tasks: Tasks) -> None:
        super().__init__()
        self._wp, self._tasks = wp, tasks
        self.board: Board | None = None
        self.problem = ""
        self.turn = 0
        self._version: int | None = None
        self.setWindowTitle(self.tr("Proyektor"))
        self.setAccessibleName(self.tr("Proyektor"))
        self.setWindowIcon(icon("situng"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)
        self._turns = QTimer(self, interval=TURN_MS)
        self._turns.timeout.connect(self.next_turn)

    def show_on(self, screen: QScreen) -> None:
        """Full screen there."""
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    # ---- keeping up to date --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look.start()
        self._turns.start()
        self.look()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._look.stop()
        self._turns.stop()
        super().closeEvent(event)
        self.closed.emit()

    def look(self) -> None:
        """Read when something changed, and now and then in any case; the clock and the ages go on every time."""
        version, board = self._wp.db.version, self.board
        is_due = board is None or version != self._version or self._wp.now() - board.at >= ANEW_S
        if is_due and not self._tasks.is_busy(self, "board"):
            self._version = version
            wp = self._wp
            self._tasks.run(self, lambda: projector.board(wp), self._on_board, self.on_problem, slot="board")
        self.update()

    def _on_board(self, board: Board) -> None:
        self.board, self.problem = board, ""
        counts = "; ".join(
            f"{step_label(one)}: {fmt.number(getattr(board.whole, one))}" for one in STEP_CODES
        )
        self.setAccessibleDescription(f"{counts}. {board.line.words}.")
        self.update()

    def on_problem(self, error: ExpectedError) -> None:
        """What is on the wall stays there, with its age."""
        self.problem = str(error)
        self._version = None
        self.update()

    def next_turn(self) -> None:
        self.turn += 1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_F11}:
            self.close()
        elif event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Right}:
            self._turns.start()  # whoever wants the next one gets it for its whole time
            self.next_turn()
        else:
            super().keyPressEvent(event)

    # ---- what is painted -----------------------------------------------------------------------------------------

    def face(self, board: Board) -> face.Face:
        """Whose turn it is: all ballots together, then each; the kecamatan by the page."""
        whole = Area(
            self.tr("Semua surat suara") if board.ballots else self.tr("Semua formulir"), board.whole
        )
        funnels = (whole, *board.ballots)
        pages = max(1, -(-len(board.areas) // face.AREA_ROWS))
        page = self.turn % pages
        areas = board.areas[page * face.AREA_ROWS : (page + 1) * face.AREA_ROWS]
        now = self._wp.now()
        return face.Face(board, funnels[self.turn % len(funnels)], areas, page + 1, pages, now, self.problem)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.rect(), QColor(theme.GROUND))
        scale = min(self.width() / face.WIDTH, self.height() / face.HEIGHT)
        painter.translate((self.width() - face.WIDTH * scale) / 2, (self.height() - face.HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        if self.board is not None:
            face.paint(painter, self.face(self.board))
            return
        words = self.problem or self.tr("Membaca data")
        whole = QRectF(0, 0, face.WIDTH, face.HEIGHT)
        face.Canvas(painter).words(whole, words, 38, side=Qt.AlignmentFlag.AlignHCenter)


def other_screen(window: QWidget) -> QScreen:
    """Where the projector is: the first screen the window is not on, else the window's own."""
    here = window.screen()
    return next((one for one in QGuiApplication.screens() if one is not here), here)
