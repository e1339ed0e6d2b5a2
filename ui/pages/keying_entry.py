"""One form being keyed: the scan's row on the left, the boxes on the right, the findings below them.

Invariants: it holds the values of one draft and nobody else's, and `close_form` leaves none behind; every change goes
out by `cell_changed` and is never waited for; Enter alone moves on and never accepts a finding. It reads no database
and decodes no picture on the way from key to next box. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QLabel, QVBoxLayout, QWidget

from app.domain.cell import Cell
from app.domain.checks import Dpt
from app.domain.readings import Order
from ui import theme
from ui.entry.absent import Absent, absent, pages_of
from ui.entry.box_text import Hint
from ui.entry.remarks import dpt_boxes, remarks
from ui.entry.walk import Stage, Step, Walk, station_number
from ui.pages.keying_absent import AbsentRow
from ui.pages.keying_form import EntryForm
from ui.pages.keying_head import EntryHead, StationRow
from ui.pages.keying_lists import ListWork
from ui.pages.keying_pictures import Pictures
from ui.pages.keying_rest import Rest
from ui.pages.keying_words import absent_words, finding_row, hint_words, note_of
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.crop_view import CropView
from ui.widgets.findings_panel import FindingRow, FindingsPanel
from ui.widgets.form_grid import FormGrid
from ui.widgets.page_images import PageImages
from ui.widgets.scrolled import FollowingArea

STACK_BELOW_PX = 880  # narrower than this, the scan stands above the boxes
WIDE, NARROW = (54, 46), (34, 66)  # how the scan and the boxes share the page
LIVE_CARDS = 2
REVIEW_CARDS = 4
LEAST_BODY_PX, CARD_PX = 340, 84  # what head, scan and boxes need; what one finding needs


class EntryView(QWidget):
    """Shows one `EntryForm`; the page saves, finishes and fetches."""

    cell_changed = Signal(
        str, object, str, str
    )  # field, cell or None; text begun in, and name of, the box with the focus
    review_wanted = Signal()
    finish_wanted = Signal()
    accept_wanted = Signal(str, str, str)
    pause_wanted = Signal()
    reopen_wanted = Signal()
    absent_wanted = Signal()  # the pages that are here are all there is for now
    dpt_keyed = Signal(int, int)  # the paper's DPT is not this station's

    def __init__(self, images: PageImages, clock: Callable[[], float], language: str = "id") -> None:
        super().__init__()
        self._language = language
        self._entry: EntryForm | None = None
        self._walk: Walk | None = None
        self._dpt_boxes: tuple[str, str] | None = None
        self._is_busy = False
        self._keys_ahead: list[QKeyEvent] = []
        self.head = EntryHead()
        self.crop = CropView()
        self.pictures = Pictures(images, self.crop, language)
        self.rest = Rest(self)
        self.lists = ListWork(self, clock)
        self.grid = FormGrid()
        self.findings = FindingsPanel(clock=clock)
        self.station = StationRow()
        self.absent = AbsentRow()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Formulir"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.head)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(14)
        self._body.addWidget(self.crop, WIDE[0])
        self._card = Card()
        self._card.body.setSpacing(6)
        self.problem = Banner("note-bad", "■")
        self.warning = Banner("note-wait", "▲")
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        theme.set_role(self.hint, "small")
        self.scroll_area = FollowingArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(self.grid)
        self.scroll_area.setMinimumHeight(64)
        self.footer = QLabel()
        theme.set_role(self.footer, "small")
        for widget, stretch in (
            (self.problem, 0),
            (self.station, 0),
            (self.warning, 0),
            (self.absent, 0),
            (self.scroll_area, 1),
            (self.findings, 0),
            (self.hint, 0),
            (self.footer, 0),
        ):
            self._card.body.addWidget(widget, stretch)
        self._body.addWidget(self._card, WIDE[1])
        column.addLayout(self._body, 1)

    def _connect(self) -> None:
        self.station.edit.entered.connect(self._on_station)
        self.station.edit.hinted.connect(lambda hint: self.say_hint("", hint))
        self.absent.chosen.connect(self._on_absent)
        self.grid.entered.connect(self._on_entered)
        self.grid.typed.connect(self._on_typed)
        self.grid.went_up.connect(lambda _field: self.stroll(self._walk.up() if self._walk else Step.STAY))
        self.grid.went_down.connect(self._on_down)
        self.grid.rest_wanted.connect(self._on_rest)
        self.grid.leap_wanted.connect(self._on_leap)
        self.grid.hinted.connect(self.say_hint)
        self.grid.focused.connect(self._on_focused)
        self.findings.jump_wanted.connect(self._on_jump)
        self.findings.went_back.connect(self._on_back)
        self.findings.chosen.connect(self._on_chosen)
        self.findings.accept_wanted.connect(self.accept_wanted)
        self.findings.finish_wanted.connect(self.finish_wanted)
        self.findings.hint.connect(self.hint.setText)

    # ---- opening and closing -------------------------------------------------------------------------------------

    @property
    def entry(self) -> EntryForm | None:
        return self._entry

    @property
    def walk(self) -> Walk | None:
        return self._walk

    def open_form(self, entry: EntryForm) -> None:
        """Show a draft as it was left: same box, same values, same unfinished text."""
        self._entry = entry
        self._walk = Walk(entry.fields, dict(entry.cells), entry.current)
        self._dpt_boxes = dpt_boxes(entry.form)
        self.lists.open(entry, self._walk)
        self.grid.set_form(entry.form, entry.fields, self._language)
        self.grid.set_cells(entry.cells)
        for name, text in entry.texts.items():
            if name in entry.fields and name not in entry.cells:
                self.grid.edit(name).set_typed_text(text)
        self.findings.clear()
        self.say_problem("")
        self.warning.say("")
        self.hint.clear()
        self.station.edit.set_cell(None)
        self.pictures.open(entry.form, entry.pages, entry.form.page_of[entry.fields[0]])
        is_started = bool(entry.cells or entry.texts) or entry.order > Order.SECOND
        self._walk.stage = Stage.BOXES if is_started else Stage.STATION
        self.set_busy(is_busy=False)
        self._refresh()
        self.scroll_area.forget()  # the last form ended at the bottom
        self.focus_work()
        self.rest.begin()

    def close_form(self) -> None:
        """Everything of the form leaves the widget tree at once (F9, pause, finished)."""
        self._entry = self._walk = None
        self._keys_ahead.clear()
        self._is_busy = False
        self.lists.close()
        self.rest.stop()
        self.grid.clear_values()
        self.findings.clear()
        self.pictures.clear()
        self.station.edit.set_cell(None)
        self.head.clear()
        for label in (self.hint, self.footer):
            label.clear()
        self.say_problem("")
        self.warning.say("")
        self.absent.hide()

    def focus_work(self) -> None:
        """The focus goes where the work goes on; never from behind another page."""
        if self._walk is None or self._is_busy or not self.isVisible():
            return
        if self._walk.stage is Stage.STATION:
            self.station.edit.setFocus()
        elif self._walk.stage is Stage.REVIEW:
            self.findings.setFocus()
        else:
            self._focus_box(self._walk.current)

    # ---- what the page tells ---------------------------------------------------------------------------------------

    def say_problem(self, text: str) -> None:
        """Loud and lasting: something typed is not on the disk."""
        self.problem.say(text)

    def say_next(self, text: str) -> None:
        self.footer.setText(text)

    def show_review(self, rows: Sequence[FindingRow]) -> None:
        """Every finding at once; the keys 1-4 are for them until Enter jumps into a box."""
        if self._walk is None:
            return
        self._walk.review()
        self._keys_ahead.clear()  # they were typed for a box or the next form, not for this list
        self.set_busy(is_busy=False)
        self.grid.set_current("")
        self.findings.set_findings(rows, is_review=True, limit=self._cards_that_fit())
        self._say_review()
        self._refresh_head()
        self.findings.setFocus()

    def _say_review(self) -> None:
        words = (
            self.tr("Semua temuan diterima. Enter: selesai. Backspace: ke kotaknya.")
            if self.findings.open_count == 0
            else self.tr("1-4 menerima. Enter: ke kotaknya. ↑↓: temuan lain. ?: aturannya.")
        )
        self.hint.setText(f"{self.findings.place_words()} {words}".strip())

    def _cards_that_fit(self) -> int:
        """On a small screen one finding at a time: the boxes must stay in sight."""
        return max(1, min(REVIEW_CARDS, (self.height() - LEAST_BODY_PX) // CARD_PX))

    def set_busy(self, *, is_busy: bool) -> None:
        """While the form is being finished, keys typed ahead are kept for the next form."""
        self._is_busy = is_busy
        if is_busy:
            self.setFocus()
            return
        ahead, self._keys_ahead = self._keys_ahead, []
        if ahead:
            QTimer.singleShot(0, self, lambda: self._replay(ahead))

    def _replay(self, events: list[QKeyEvent]) -> None:
        for event in events:
            target = QApplication.focusWidget()
            if target is not None and self.isAncestorOf(target):
                QApplication.sendEvent(target, event)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_F4:
            self.crop.set_whole(is_whole=not self.crop.is_whole)
        elif key == Qt.Key.Key_F2:
            self.reopen_wanted.emit()
        elif key == Qt.Key.Key_F7:
            self._on_absent()
        elif key == Qt.Key.Key_Escape:
            self.pause_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            if not self._is_busy:
                self.lists.undo()
        elif self._is_busy and not event.isAutoRepeat():
            self._keys_ahead.append(QKeyEvent(QEvent.Type.KeyPress, key, event.modifiers(), event.text()))
        else:
            event.ignore()

    def _on_station(self, is_repeat: bool) -> None:
        entry, walk = self._entry, self._walk
        number = station_number(self.station.edit.typed_text)
        if is_repeat or entry is None or walk is None:
            return
        if number is None:
            self.hint.setText(self.tr("Ketik nomor TPS yang tertulis di kertas, misalnya 001, lalu Enter."))
            return
        if number != entry.key.tps.number:
            self.warning.say(
                self.tr(
                    "Di sini terbuka %1 %2, bukan TPS %3. Salah berkas? Periksa kertas; ketik ulang atau Esc (jeda)."
                )
                .replace("%1", entry.key.tps.label)
                .replace("%2", entry.place)
                .replace("%3", f"{number:03d}")
            )
            self.station.edit.set_cell(None)
            return
        self.warning.say("")
        self.hint.clear()
        walk.stage = Stage.BOXES
        self._refresh()
        self.focus_work()

    def _on_entered(self, field_id: str, is_repeat: bool) -> None:
        walk = self._walk
        if walk is None or field_id != walk.current or self._is_busy:
            return
        edit = self.grid.edit(field_id)
        step = walk.enter(edit.cell, is_repeat=is_repeat)
        if step is Step.STAY:
            if not is_repeat:
                self.say_hint(field_id, Hint.EMPTY_ENTER)
            return
        # The text kept is the unfinished one of the box the focus goes to: it must never show the value just finished.
        begun = "" if walk.current in walk.cells else self.grid.edit(walk.current).typed_text
        self.cell_changed.emit(field_id, walk.cells[field_id], begun, walk.current)
        self.lists.pace.done()
        self._ask_about_dpt(field_id)
        self.hint.clear()
        if step is Step.REVIEW:
            self._refresh()
            self.review_wanted.emit()
        else:
            self.go(step)

    def _on_rest(self, field_id: str) -> None:
        walk = self._walk
        if walk is None or field_id != walk.current or self._is_busy:
            return
        if self.lists.call_rest_blank(field_id):
            self._refresh()
            self.review_wanted.emit()

    def _on_leap(self, step: int) -> None:
        if not self._is_busy:
            self.lists.leap(step)

    def keep(self, field: str, cell: Cell | None) -> None:
        """A box got a value, or lost it, without having been typed."""
        if self._walk is not None:
            self.cell_changed.emit(field, cell, "", self._walk.current)

    def _on_absent(self) -> None:
        """The pages that were not begun have not come: what is here ends as a reading of its own."""
        entry, walk = self._entry, self._walk
        if entry is None or walk is None or self._is_busy or walk.stage is Stage.STATION:
            return
        pages, page_of = entry.cut(walk.cells), entry.form.page_of
        is_typing = any(self.grid.edit(one).typed_text for one in entry.fields if one not in walk.cells)
        said = absent(pages, page_of, entry.pages, is_whole=entry.is_whole, is_typing=is_typing)
        self.hint.setText(absent_words(said, pages_of(pages.untouched, page_of)))
        if said is Absent.ENDS:
            self.absent_wanted.emit()

    def _on_typed(self, field_id: str) -> None:
        walk = self._walk
        if walk is None:
            return
        self.rest.key(walk.filled, len(walk.fields))
        if field_id == walk.current:
            walk.edited()
        self.cell_changed.emit(field_id, None, self.grid.edit(field_id).typed_text, field_id)
        self._refresh_notes()
        self._refresh_head()

    def _on_down(self, field_id: str) -> None:
        if self._walk is None:
            return
        step = self._walk.down()
        if step is Step.STAY and field_id not in self._walk.cells:
            self.say_hint(field_id, Hint.EMPTY_ENTER)
        self.stroll(step)

    def _on_focused(self, field_id: str) -> None:
        """A click: any filled box or the first open one; anything else sends the focus back."""
        walk = self._walk
        if walk is None or self._is_busy or (field_id == walk.current and walk.stage is Stage.BOXES):
            return
        if walk.stage is not Stage.STATION and walk.jump(field_id) is Step.MOVE:
            self._refresh()
            self.scroll_area.follow(self.grid.edit(field_id), 60)
        else:
            QTimer.singleShot(0, self, self.focus_work)

    def _on_jump(self, code: str) -> None:
        row = next((one for one in self.findings.rows if one.code == code), None)
        if row is not None and self._walk is not None:
            self.stroll(self._walk.jump(row.field))
            self.hint.setText(self.tr("Perbaiki angkanya bila salah ketik, lalu Enter."))

    def _on_back(self) -> None:
        if self._walk is not None:
            self.stroll(self._walk.jump(self._walk.last_filled or self._walk.fields[-1]))

    def _on_chosen(self, code: str) -> None:
        """The panel walks over the findings: the scan and the row follow, the focus stays in the panel."""
        row = next((one for one in self.findings.rows if one.code == code), None)
        if row is None or self._entry is None or row.field not in self.grid.fields:
            return
        self._say_review()
        self.grid.set_current(row.field)
        self._bring_up(row.field)
        self.pictures.show_field(self._entry.form.by_id[row.field])

    def _bring_up(self, field_id: str) -> None:
        if field_id in self.grid.fields:
            self.scroll_area.follow(self.grid.edit(field_id), 60)

    def stroll(self, step: Step) -> None:
        """A move that changes no value: the place is kept too, so that a restart leads back to this very box."""
        if step is Step.MOVE and self._walk is not None:
            box = self._walk.current
            cell = self._walk.cells.get(box)
            self.cell_changed.emit(box, cell, "" if cell is not None else self.grid.edit(box).typed_text, box)
        self.go(step)

    def go(self, step: Step) -> None:
        """Act on a step: the focus follows the walk."""
        if step is Step.MOVE and self._walk is not None:
            self._refresh()
            self._focus_box(self._walk.current)

    def _focus_box(self, field_id: str) -> None:
        edit = self.grid.edit(field_id)
        edit.setFocus()
        self.scroll_area.follow(edit, 76)

    # ---- showing where the work stands -----------------------------------------------------------------------------

    def _refresh(self) -> None:
        entry, walk = self._entry, self._walk
        if entry is None or walk is None:
            return
        is_keying = walk.stage is Stage.BOXES
        self.station.show_stage(is_asking=walk.stage is Stage.STATION, number=entry.key.tps.number)
        self.grid.setEnabled(walk.stage is not Stage.STATION)
        self.grid.set_current(walk.current if is_keying else "")
        self.pictures.show_field(entry.form.by_id[walk.current] if walk.stage is not Stage.STATION else None)
        self._refresh_notes()
        self._refresh_head()
        if is_keying:
            found, here = entry.findings(walk.cells), entry.fields
            rows = [finding_row(entry.form, one, self._language, keyed_here=here) for one in found]
            asked = [row for row in rows if row.needs_reason]
            self.findings.set_findings(asked[-LIVE_CARDS:], is_review=False, limit=LIVE_CARDS)

    def _refresh_notes(self) -> None:
        entry, walk = self._entry, self._walk
        if entry is None or walk is None:
            return
        unfinished = [one for one in entry.fields if one not in walk.cells and self.grid.edit(one).typed_text]
        typing = (
            walk.current if self.grid.edit(walk.current).typed_text and walk.current not in walk.cells else ""
        )
        found = remarks(entry.form, entry.fields, walk.cells, typing=typing, unfinished=unfinished)
        self.grid.set_notes({name: note_of(one) for name, one in found.items()})

    def _refresh_head(self) -> None:
        if self._entry is not None and self._walk is not None:
            places = (self.lists.place_words(), self.lists.left_words())
            self.head.show_progress(
                self._entry, self._walk, places, has_problem=self.problem.isVisibleTo(self)
            )
            self.lists.show()
            self.absent.show_place(self._entry, self._walk)

    def _ask_about_dpt(self, field_id: str) -> None:
        entry, walk = self._entry, self._walk
        if entry is None or walk is None or self._dpt_boxes is None or field_id not in self._dpt_boxes:
            return
        left, right = (walk.cells.get(one) for one in self._dpt_boxes)
        dpt = entry.beside.dpt
        if isinstance(left, int) and isinstance(right, int) and dpt not in (None, Dpt(left, right)):
            self.dpt_keyed.emit(left, right)
        else:
            self.warning.say("")

    def say_hint(self, _field_id: str, hint: Hint) -> None:
        """What the last key was, in words."""
        self.hint.setText(hint_words(hint))

    def say(self, words: str) -> None:
        self.hint.setText(words)

    # ---- size ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < STACK_BELOW_PX
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._body.direction() != way:
            self._body.setDirection(way)
            for place, stretch in enumerate(NARROW if narrow else WIDE):
                self._body.setStretch(place, stretch)
        self.head.set_narrow(is_narrow=narrow)
        if self._walk is not None and self._walk.stage is Stage.REVIEW:
            self.findings.set_limit(self._cards_that_fit())
