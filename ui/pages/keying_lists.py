"""The lists of the form on screen: the rest of one is blank, the next and the previous one, how far each is.

Invariants: what is called blank can be opened again as long as nothing else was keyed into it; a leap leaves what it
passes open and says so. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from app.domain.cell import Cell, Mark
from ui.entry.blocks import Block, BlockNote, BlockState, blocks_of, leap, note_of
from ui.entry.box_text import Hint
from ui.entry.lists import rest_of_list
from ui.entry.pace import Pace
from ui.entry.walk import Stage, Step, Walk
from ui.pages.keying_form import EntryForm
from ui.theme import Tone
from ui.widgets.form_grid import FormGrid, Note


class Host(Protocol):
    """The entry view, as far as the lists need it."""

    grid: FormGrid

    def keep(self, field: str, cell: Cell | None) -> None:
        """A box changed: tell whoever saves."""
        ...

    def go(self, step: Step) -> None: ...

    def stroll(self, step: Step) -> None: ...

    def say(self, words: str) -> None: ...

    def say_hint(self, field: str, hint: Hint) -> None: ...


class ListWork:
    """`open` for every form, `close` at its end."""

    def __init__(self, host: Host, clock: Callable[[], float]) -> None:
        self._host = host
        self._entry: EntryForm | None = None
        self._walk: Walk | None = None
        self._called_blank: tuple[str, ...] = ()  # by the last `+`: Ctrl+Z opens them again
        self.blocks: tuple[Block, ...] = ()
        self._block_of: dict[str, Block] = {}
        self._shown: dict[int, Note] = {}  # a block's place -> its note
        self._shown_here: Block | None = None
        self.pace = Pace(clock)

    def open(self, entry: EntryForm, walk: Walk) -> None:
        """Of a later reader's single boxes there are no lists: each is looked at."""
        self._entry, self._walk, self._called_blank = entry, walk, ()
        self.blocks = blocks_of(entry.form, walk.fields) if entry.is_whole else ()
        self._block_of = {one: block for block in self.blocks for one in block.fields}
        self._shown = {}
        self.pace.begin()

    def close(self) -> None:
        self._entry = self._walk = None
        self._called_blank, self.blocks, self._block_of, self._shown = (), (), {}, {}

    # ---- keys ----------------------------------------------------------------------------------------------------

    def call_rest_blank(self, field: str) -> bool:
        """`+`: what is left of this list is blank on the paper. True when every box of the form is filled now."""
        entry, walk, host = self._entry, self._walk, self._host
        if entry is None or walk is None:
            return False
        boxes = rest_of_list(entry.form, walk.fields, field, walk.cells) if entry.is_whole else ()
        if not boxes:
            host.say_hint(field, Hint.NO_LIST)
            return False
        step = walk.call_blank(boxes)
        for box in boxes:
            host.grid.edit(box).set_cell(Mark.BLANK)
            host.keep(box, Mark.BLANK)
        self._called_blank = boxes
        self.pace.done(len(boxes))
        host.go(step)
        host.say(_tr("%1 kotak kosong. Ctrl+Z membatalkan.").replace("%1", str(len(boxes))))
        return step is Step.REVIEW

    def undo(self) -> None:
        """The boxes of the last `+` are open again, unless something else was keyed into them since."""
        walk, host, boxes = self._walk, self._host, self._called_blank
        if walk is None or walk.stage is not Stage.BOXES or not boxes:
            return
        self._called_blank = ()
        opened = walk.open_again(boxes)
        for box in opened:
            host.grid.edit(box).set_cell(None)
            host.keep(box, None)
        host.say(_tr("%1 kotak dibuka lagi.").replace("%1", str(len(opened))))
        host.go(Step.MOVE)

    def leap(self, step: int) -> None:
        """Page Down, Page Up: to the next or the previous list; what is passed stays open."""
        walk, host = self._walk, self._host
        if walk is None or walk.stage is not Stage.BOXES or not self.blocks:
            return
        box = leap(self.blocks, walk.current, step, walk.fields, walk.cells)
        if box is None:
            host.say(_tr("Tidak ada daftar lagi ke arah itu."))
            return
        left = self._block_of.get(walk.current)
        host.stroll(walk.leap(box))
        open_boxes = 0 if left is None else len(left.fields) - left.filled(walk.cells)
        if step > 0 and left is not None and open_boxes:
            host.say(
                _tr("%1: %2 kotak belum diisi. Enter di kotak terakhir kembali ke sana.")
                .replace("%1", left.name)
                .replace("%2", str(open_boxes))
            )

    # ---- showing -------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """The notes beside the titles in the grid."""
        entry, walk = self._entry, self._walk
        if entry is None or walk is None or not self.blocks:
            return
        here = self._block_of.get(walk.current) if walk.stage is Stage.BOXES else None
        is_same = here is self._shown_here and self._shown
        if is_same and here is None:
            return  # page 1: nothing here changes a list
        # A key changes the list it is typed in; where the focus went to another one, any of them may look otherwise.
        for block in (here,) if is_same and here is not None else self.blocks:
            self._shown[block.place] = title_note(note_of(entry.form, block, walk.cells, here))
        self._shown_here = here
        titles = {section: self._shown[block.place] for block in self.blocks for section in block.sections}
        self._host.grid.set_titles(titles)

    def place_words(self) -> str:
        """`Partai 7 dari 16 · 3/11` for the line above; empty outside the lists."""
        walk = self._walk
        block = self._block_of.get(walk.current) if walk is not None else None
        if walk is None or block is None or walk.stage is not Stage.BOXES:
            return ""
        progress = f"{block.filled(walk.cells)}/{len(block.fields)}"
        if len(self.blocks) == 1:
            return f"{block.name} · {progress}"
        words = _tr("Partai %1 dari %2").replace("%1", str(block.place)).replace("%2", str(len(self.blocks)))
        return f"{words} · {progress}"

    def left_words(self) -> str:
        """`sisa ± 4 mnt`, where it can be said and is worth saying."""
        walk = self._walk
        seconds = self.pace.left_s(len(walk.fields) - walk.filled) if walk is not None else None
        return "" if seconds is None else _tr("sisa ± %1 mnt").replace("%1", str(round(seconds / 60)))


def title_note(note: BlockNote) -> Note:
    """What stands at the right of a block's title."""
    progress = f"{note.filled}/{note.count}"
    return {
        BlockState.UNTOUCHED: Note(""),
        BlockState.HERE: Note(f"{progress} · {_tr('+ sisa kosong')}", Tone.BUSY),
        BlockState.PASSED: Note(f"… {progress}", Tone.WAIT),
        BlockState.DONE: Note(f"✓ {progress}", Tone.OFF),
        BlockState.HOLDS: Note(f"✓ {progress} = {note.total}", Tone.GOOD),
        BlockState.DIFFERS: Note(f"▲ {progress} {_tr('hitung')} {note.total}", Tone.WAIT),
    }[note.state]


def _tr(text: str) -> str:
    return QCoreApplication.translate("keying", text)
