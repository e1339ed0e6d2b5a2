"""Beranda: what is to be told, how far the district is (the funnel), what needs the person, where each kecamatan is
stuck.

Invariant: everything is read off the UI thread, after the first paint; the numbers are the store's own, never counted
here. Thread: UI.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton

from app.ports import SyncStatus
from app.services import notices, status
from app.services.forms_list import Wanted
from app.services.notices import Board
from app.services.people import Session
from app.services.status import Funnel, Need
from app.services.workplace import Workplace
from ui import format as fmt
from ui import theme
from ui.bars import NOTICES
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context, KeyHelp, Page
from ui.pages.areas import AreaBrowser
from ui.pages.form_column import ballot_title
from ui.pages.line_note import ACCOUNT, LineNote
from ui.pages.notices import SHOWN, SHOWN_ALL, NoticesCard
from ui.pages.steps import STEP_CODES, need_words, step_label
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.empty_state import EmptyState
from ui.widgets.funnel_chart import FunnelChart, Step
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import bring_up, scrolling_column
from ui.widgets.table import Table

AREAS_MIN_PX = 250  # heading, filter and four rows; below that the page scrolls
_URGENT = ("public_differs", "disputed", "rejected", "rival", "mismatch", "stopped", "differs_returned")


@dataclass(frozen=True, slots=True)
class _State:
    funnel: Funnel
    sentence: str
    needs: tuple[Need, ...]
    board: Board


class HomePage(Page):
    """The first page."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._goes_to_notices = False  # somebody came for them while they are still being read
        self.title = PageTitle(self.tr("Beranda"))
        self.ballot = QComboBox()  # shown where the office counts more than one
        self.chart = FunnelChart()
        self.needs = RowsModel(self._need_columns(), lambda need: need.code)
        self.needs_table = Table(self.needs, self.tr("Perlu saya"), least_letters=14)
        self.needs_table.horizontalHeader().hide()
        self.needs_table.show_whole()
        self.nothing = EmptyState("check")
        self.line_note = LineNote()
        self.notices = NoticesCard()
        self.show_read = QPushButton(self.tr("Tampilkan yang sudah dibaca"))
        self.areas = AreaBrowser(context)
        self._build()
        self.chart.step_opened.connect(self._on_step)
        self.ballot.currentIndexChanged.connect(lambda _place: self._on_ballot())
        self.needs_table.row_opened.connect(self._on_need)
        self.line_note.account_asked.connect(lambda: self.context.shell.navigate("settings", part=ACCOUNT))
        self.notices.set_read_asked.connect(self._on_set_read)
        self.notices.left.connect(self.needs_table.setFocus)
        self.show_read.toggled.connect(lambda _is_on: self._read_all())
        QShortcut(QKeySequence("F4"), self).activated.connect(self.notices.focus_first)

    def _need_columns(self) -> list[Column[Need]]:
        return [
            Column(
                self.tr("Apa"), need_words, is_stretched=True,
                tone=lambda need: Tone.BAD if need.code in _URGENT else Tone.PLAIN,
            ),
            Column(self.tr("Jumlah"), lambda need: fmt.number(need.count), "10.338", is_number=True, is_bold=True),
        ]  # fmt: skip

    def _build(self) -> None:
        column = scrolling_column(self)
        column.addWidget(self.title)
        self.show_read.setCheckable(True)
        self.show_read.setAutoDefault(True)
        theme.set_role(self.show_read, "filter")
        self.show_read.hide()
        self.title.side.addWidget(self.show_read)
        self._offer_ballots()
        self.title.side.addWidget(self.ballot)
        column.addWidget(self.line_note)
        column.addWidget(self.notices)
        upper = QHBoxLayout()
        upper.setSpacing(14)
        funnel = Card()
        funnel.body.addWidget(self.chart)
        funnel.body.addStretch(1)
        upper.addWidget(funnel, 4)
        mine = Card(self.tr("Perlu saya"))
        mine.body.addWidget(self.needs_table)
        mine.body.addWidget(self.nothing, 1)
        mine.body.addStretch(1)
        mine.body.addWidget(KeyHints(("Enter", self.tr("kerjakan yang teratas"))))
        self.nothing.hide()
        upper.addWidget(mine, 3)
        column.addLayout(upper)
        self.areas.setMinimumHeight(AREAS_MIN_PX)
        column.addWidget(self.areas, 1)

    def _offer_ballots(self) -> None:
        forms = self.context.desk.wp.form_ids
        self.ballot.setAccessibleName(self.tr("Surat suara"))
        self.ballot.addItem(self.tr("Semua surat suara"), "")
        for form in forms:
            self.ballot.addItem(ballot_title(form), form)
        if (
            len(forms) < 2
        ):  # never "visible" before it has a parent: it would flash as a window and take the focus
            self.ballot.hide()

    @property
    def form(self) -> str:
        """The ballot that is counted; empty = all of them."""
        return str(self.ballot.currentData())

    def _on_ballot(self) -> None:
        self.areas.show_ballot(self.form)
        self._read_all()

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.needs_table.setFocus()
        self.on_store_changed()

    def on_person_changed(self, session: Session | None) -> None:
        self._session = session
        self.needs.set_rows([])
        self.show_read.setChecked(False)
        self.show_read.hide()
        self.notices.show_board(Board(), 0.0)
        if session is None:
            self.areas.hide_values()

    def on_store_changed(self) -> None:
        if self._session is None:
            return
        self._read_all()
        self.areas.refresh()

    def on_line_changed(self, status: SyncStatus) -> None:
        self.line_note.show_line(status)

    def open_part(self, part: str) -> None:
        self._goes_to_notices = part == NOTICES
        self._go_to_notices()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Enter", self.tr("kerjakan yang dipilih di “Perlu saya”, atau buka baris tabel")),
            KeyHelp(
                self.tr("Enter, Shift+Enter"),
                self.tr("di gambar: daftar formulir yang belum, yang sudah sampai di langkah itu"),
            ),
            KeyHelp("F4", self.tr("ke pemberitahuan; Enter: sudah dibaca")),
            KeyHelp("Backspace", self.tr("naik satu tingkat: desa → kecamatan → kabupaten")),
            KeyHelp("Ctrl+F", self.tr("saring daftar TPS")),
        )

    def help_topic(self) -> str:
        return "beranda"

    # ---- results -------------------------------------------------------------------------------------------------

    def _read_all(self) -> None:
        session, wp, with_read = self._session, self.context.desk.wp, self.show_read.isChecked()
        form = self.form
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: _read(wp, session, form, with_read=with_read),
                lambda state: self._on_read(form, state),
                slot="home",
            )

    def _on_read(self, form: str, state: _State) -> None:
        if self._session is None or form != self.form:
            return
        funnel, forms = state.funnel, self.context.desk.wp.form_ids
        # All ballots together are called by no ballot's name.
        counted = self.tr("%1 formulir").replace("%1", fmt.number(funnel.expected))
        one = form or (forms[0] if len(forms) == 1 else "")
        self.title.title.setText(f"{ballot_title(one)} · {counted}" if one else counted)
        self.title.lead.setText(state.sentence)
        steps = [Step(step_label(code), getattr(funnel, code)) for code in STEP_CODES]
        self.chart.show_steps(steps, funnel.expected)
        self.needs.set_rows(state.needs)
        self.needs_table.fit_rows()
        self.needs_table.setVisible(bool(state.needs))
        self.nothing.setVisible(not state.needs)
        if not state.needs:
            self.nothing.say(
                self.tr("Tidak ada yang menunggu Anda"),
                self.tr(
                    "Pekerjaan baru muncul di sini begitu ada: lembar baru, entri kedua, kembalian KPU RI."
                ),
            )
        elif not self.needs_table.currentIndex().isValid():
            self.needs_table.selectRow(0)
        self._show_board(state.board)

    def _show_board(self, board: Board) -> None:
        self.show_read.setVisible(board.read > 0 or self.show_read.isChecked())
        self.notices.show_board(board, self.context.desk.wp.now())
        self._go_to_notices()

    def _go_to_notices(self) -> None:
        if self._goes_to_notices and self.notices.rows:
            self._goes_to_notices = False
            bring_up(self.notices)
            self.notices.focus_first()

    def _on_set_read(self, ids: list[int], is_read: bool) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: notices.set_read(wp, session, ids, is_read=is_read),
                lambda _done: self.context.shell.refresh(),
            )

    def _on_need(self, row: int) -> None:
        need = self.needs.row_at(row)
        if need is not None:
            self.context.shell.navigate(need.page, part=need.code)

    def _on_step(self, place: int, is_reached: bool) -> None:
        """The forms behind a number, or those that have not come so far, in the list of all forms."""
        code = STEP_CODES[place]
        wanted = Wanted(form=self.form, has=code if is_reached else "", lacks="" if is_reached else code)
        self.context.shell.navigate("forms", part=json.dumps(wanted.as_json()))


def _read(wp: Workplace, session: Session, form: str, *, with_read: bool) -> _State:
    person = session.person
    return _State(
        status.funnel(wp, form),
        status.sentence(wp, form),
        tuple(status.needs_me(wp, person)),
        notices.board(wp, person, SHOWN_ALL if with_read else SHOWN, with_read=with_read),
    )
