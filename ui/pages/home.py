"""Beranda: how far the district is (the funnel), what needs the person at work, and where each kecamatan is stuck.

Invariant: everything is read off the UI thread, after the first paint; the numbers are the store's own, never counted
here. Thread: UI.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout

from app.services import status
from app.services.people import Session
from app.services.status import Funnel, Need
from app.services.workplace import Workplace
from ui import format as fmt
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context, KeyHelp, Page
from ui.pages.areas import AreaBrowser
from ui.pages.steps import STEP_CODES, need_words, step_label
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.empty_state import EmptyState
from ui.widgets.funnel_chart import FunnelChart, Step
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import scrolling_column
from ui.widgets.table import Table

AREAS_MIN_PX = 250  # heading, filter and four rows; below that the page scrolls
_URGENT = ("disputed", "rejected", "rival", "mismatch", "stopped", "differs_returned")


@dataclass(frozen=True, slots=True)
class _State:
    funnel: Funnel
    sentence: str
    needs: tuple[Need, ...]


class HomePage(Page):
    """The first page."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self.title = PageTitle(self.tr("Beranda"))
        self.chart = FunnelChart()
        self.needs = RowsModel(self._need_columns(), lambda need: need.code)
        self.needs_table = Table(self.needs, self.tr("Perlu saya"), least_letters=14)
        self.needs_table.horizontalHeader().hide()
        self.needs_table.show_whole()
        self.nothing = EmptyState("check")
        self.areas = AreaBrowser(context)
        self._build()
        self.chart.step_opened.connect(self._on_step)
        self.needs_table.row_opened.connect(self._on_need)

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

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.needs_table.setFocus()
        self.on_store_changed()

    def on_person_changed(self, session: Session | None) -> None:
        self._session = session
        self.needs.set_rows([])
        if session is None:
            self.areas.hide_values()

    def on_store_changed(self) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is None:
            return
        self.context.tasks.run(self, lambda: _read(wp, session), self._on_read, slot="home")
        self.areas.refresh()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Enter", self.tr("kerjakan yang dipilih di “Perlu saya”, atau buka baris tabel")),
            KeyHelp("Backspace", self.tr("naik satu tingkat: desa → kecamatan → kabupaten")),
            KeyHelp("Ctrl+F", self.tr("saring daftar TPS")),
        )

    def help_topic(self) -> str:
        return "beranda"

    # ---- results -------------------------------------------------------------------------------------------------

    def _on_read(self, state: _State) -> None:
        if self._session is None:
            return
        funnel = state.funnel
        self.title.title.setText(self.tr("PPWP · %1 formulir").replace("%1", fmt.number(funnel.expected)))
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

    def _on_need(self, row: int) -> None:
        need = self.needs.row_at(row)
        if need is not None:
            self.context.shell.navigate(need.page)

    def _on_step(self, place: int) -> None:
        self.areas.show_missing(STEP_CODES[place])


def _read(wp: Workplace, session: Session) -> _State:
    return _State(status.funnel(wp), status.sentence(wp), tuple(status.needs_me(wp, session.person)))
