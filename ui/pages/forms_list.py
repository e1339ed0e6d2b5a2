"""Formulir: the list of all forms. It opens with what this person may act on now, the longest wait first.

Invariants: filter, order and pages are SQL's; no value of a form is here; a key goes on with a form only where the
person may. The filter a person left is the one found again. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget

from app.domain.c1form import C1Key
from app.services import forms_list, saved_filters
from app.services.forms_list import MINE, Row, Wanted
from app.services.people import Session
from app.services.saved_filters import Saved
from app.services.workplace import preference, set_preference
from ui import format as fmt
from ui import theme
from ui.models.columns import Column
from ui.models.paged import PagedModel, Query
from ui.page import Context, KeyHelp, Page
from ui.pages.form_column import form_column
from ui.pages.forms_filter import FormsFilter
from ui.pages.forms_saved import SavedFilters
from ui.pages.steps import page_title
from ui.places import proper
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.elided import ElidedLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import scrolling_column
from ui.widgets.table import Table

_WIDTHS = "forms_columns"  # a preference of the PC, not of the person: it is the screen's width that counts
_TICK_MS = 60_000  # ages are told in minutes
_LEAST_LIST_PX = 170  # four rows


class FormsPage(Page):
    """All forms of the district."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._wanted = MINE
        self._asked_part = ""
        self._chosen: C1Key | None = None
        wp = context.desk.wp
        self.title = PageTitle(self.tr("Formulir"))
        self.saved = SavedFilters(context, lambda: self._wanted)
        self.mine = self._chip(self.tr("perlu saya  F6"))
        self.by_age = self._chip(self.tr("terlama dulu  F7"))
        self.filter = FormsFilter(wp)
        self.items = PagedModel(self._columns(), context.tasks)
        self.table = Table(self.items, self.tr("Daftar formulir"))
        self.nothing = EmptyState("search")
        self.faces = QStackedWidget()
        self.place = QLabel()
        self.why = ElidedLabel()  # the chosen form's whole sentence, where the column cuts it
        self.go_on = QPushButton(self.tr("Lanjutkan  Ctrl+Enter"))
        self._tick = QTimer(self, interval=_TICK_MS)
        self._keeping = QTimer(self, singleShot=True, interval=500)
        self._build()
        self._connect()
        self.table.use_widths(json.loads(preference(wp, _WIDTHS, "{}")))

    # ---- building ------------------------------------------------------------------------------------------------

    def _columns(self) -> list[Column[Row]]:
        return [
            Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
            *form_column(self.context.desk.wp, lambda row: row.key),
            Column(self.tr("Desa/kel."), lambda row: proper(row.desa_name), "Cileunyi Wetan", gives_way=True),
            # what does not fit on a small screen is better a name than the age, the state and the reason
            Column(self.tr("Umur"), self._age, "12 hari 21 jam", is_number=True),
            Column(self.tr("Keadaan"), lambda row: row.state, "Dikembalikan untuk diverifikasi", tone=_tone),
            Column(self.tr("Mengapa"), lambda row: row.reason, is_stretched=True),
            Column(self.tr("Kecamatan"), lambda row: proper(row.kecamatan_name), "Dayeuhkolot"),
            Column(self.tr("Dibuka oleh"), lambda row: row.draft_by, "Budi Hartono"),
            Column(self.tr("Hal."), lambda row: f"{row.pages_in}/{row.page_count}", "10/10", is_number=True),
        ]

    def _chip(self, words: str) -> QPushButton:
        chip = QPushButton(words)
        chip.setCheckable(True)
        theme.set_role(chip, "filter")
        return chip

    def _build(self) -> None:
        column = scrolling_column(self)  # at 150 % the filters take three lines
        column.setSpacing(10)
        self.faces.setMinimumHeight(_LEAST_LIST_PX)
        self.title.side.addWidget(self.saved)
        column.addWidget(self.title)
        column.addWidget(self.saved.strip)
        card = Card()
        chips = QHBoxLayout()
        chips.addWidget(self.mine)
        chips.addWidget(self.by_age)
        chips.addStretch(1)
        theme.set_role(self.place, "small")
        chips.addWidget(self.place)
        card.body.addLayout(chips)
        card.body.addWidget(self.filter)
        self.faces.addWidget(self.table)
        self.faces.addWidget(self.nothing)
        card.body.addWidget(self.faces, 1)
        theme.set_role(self.why, "small")
        card.body.addWidget(self.why)
        foot = QHBoxLayout()
        hints = KeyHints(
            ("Enter", self.tr("buka")), ("/", self.tr("cari")), ("Esc", self.tr("hapus saringan"))
        )
        foot.addWidget(hints, 1)
        foot.addWidget(self.go_on)
        card.body.addLayout(foot)
        column.addWidget(card, 1)

    def _connect(self) -> None:
        self.filter.changed.connect(self._on_filter)
        self.filter.entered.connect(self._focus_list)
        self.mine.clicked.connect(self.toggle_mine)
        self.by_age.clicked.connect(self.toggle_order)
        self.saved.chosen.connect(self.show_wanted)
        self.saved.done.connect(self._focus_list)
        self.go_on.clicked.connect(self.on_go_on)
        self.nothing.button.clicked.connect(self._on_nothing)
        self.table.row_opened.connect(self._on_opened)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.widths_changed.connect(self._keeping.start)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._on_header)
        self.items.counted.connect(self._on_counted)
        self._tick.timeout.connect(self.table.viewport().update)
        self._keeping.timeout.connect(self._keep_widths)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("/", self.filter.focus_search),
            ("Ctrl+F", self.filter.focus_search),
            ("F3", self.saved.show_menu),
            ("F6", self.toggle_mine),
            ("F7", self.toggle_order),
            ("Ctrl+S", self.saved.ask_name),
            ("Ctrl+Z", self.saved.undo),
            ("Ctrl+Return", self.on_go_on),
            ("Ctrl+Enter", self.on_go_on),  # of the number pad
            ("Esc", self.on_escape),
        )
        for sequence, slot in keys:
            QShortcut(QKeySequence(sequence), self).activated.connect(slot)

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self._tick.start()
        if self._session is not None:
            self.items.reload()
        self._focus_list()

    def on_hidden(self) -> None:
        self._tick.stop()

    def on_person_changed(self, session: Session | None) -> None:
        if session is self._session:
            return
        self._session = session
        self._asked_part, self._chosen = "", None
        self.items.clear()
        self.saved.use(session)
        self._wanted = MINE
        self.filter.offer_people(session.person if session is not None else None)
        if session is None:
            self.filter.show_wanted(Wanted())
            self.why.setText("")
            self.place.clear()
            return
        wp, person = self.context.desk.wp, session.person
        self.context.tasks.run(
            self,
            lambda: (saved_filters.last(wp, person), saved_filters.saved(wp, person)),
            lambda left: self._on_left(session, *left),
        )

    def _on_left(self, session: Session, last: Wanted, kept: tuple[Saved, ...]) -> None:
        """As this person left the list, unless a number of Beranda was chosen meanwhile."""
        if self._session is session:
            self.saved.use(session, kept)
            self.show_wanted(Wanted.parse(json.loads(self._asked_part)) if self._asked_part else last)

    def on_store_changed(self) -> None:
        self.items.reload()

    def open_part(self, part: str) -> None:
        """A filter as JSON (`Wanted.as_json`): how Beranda leads here."""
        self._asked_part = part
        self.show_wanted(Wanted.parse(json.loads(part)))
        self._focus_list()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Enter", self.tr("buka formulir yang dipilih: delapan fakta, mengapa menunggu, riwayat")),
            KeyHelp("Ctrl+Enter", self.tr("lanjutkan formulir itu di Entri, Entri kedua, Verifikasi, …")),
            KeyHelp("/  Ctrl+F", self.tr("cari TPS atau desa; Enter atau ↓ kembali ke daftar")),
            KeyHelp("F6", self.tr("perlu saya, atau semua formulir")),
            KeyHelp("F7", self.tr("yang terlama dulu, atau menurut TPS")),
            KeyHelp("F3", self.tr("saringan yang disimpan: 0 perlu saya, 1–9 saringan sendiri")),
            KeyHelp("Ctrl+S", self.tr("simpan saringan ini; Ctrl+Z mengurungkan penghapusan")),
            KeyHelp("Esc", self.tr("hapus saringan")),
        )

    def help_topic(self) -> str:
        return "formulir"

    # ---- asking --------------------------------------------------------------------------------------------------

    def show_wanted(self, wanted: Wanted) -> None:
        """Ask for these forms."""
        self.filter.show_wanted(wanted)
        self._ask(wanted)

    def toggle_mine(self) -> None:
        self._ask(replace(self._wanted, is_mine=not self._wanted.is_mine))
        self._focus_list()

    def toggle_order(self) -> None:
        self._ask(replace(self._wanted, is_by_age=not self._wanted.is_by_age))
        self._focus_list()

    def _on_header(self, place: int) -> None:
        """The two orders a district's list has; by a state or a name one filters."""
        title = self.items.columns[place].title
        if title in (self.tr("TPS"), self.tr("Umur")):
            self._ask(replace(self._wanted, is_by_age=title != self.tr("TPS")))

    def on_escape(self) -> None:
        """First the line above, then the filter; perlu saya and the order stay."""
        if self.saved.strip.isVisible():
            self.saved.close_strip()
        else:
            self.show_wanted(Wanted(is_mine=self._wanted.is_mine, is_by_age=self._wanted.is_by_age))
            self._focus_list()

    def _on_filter(self) -> None:
        self._ask(self.filter.wanted(self._wanted))

    def _ask(self, wanted: Wanted) -> None:
        session, wp = self._session, self.context.desk.wp
        self._wanted = wanted
        self.mine.setChecked(wanted.is_mine)
        self.by_age.setChecked(wanted.is_by_age)
        self.saved.mark()
        if session is None:
            return
        person, self._chosen = session.person, None
        self.items.show(
            Query(
                lambda: forms_list.count(wp, person, wanted),
                lambda limit, offset: forms_list.rows(wp, person, wanted, limit, offset),
            )
        )
        self.context.tasks.run(self, lambda: saved_filters.keep_last(wp, person, wanted), slot="last")

    # ---- what is shown -------------------------------------------------------------------------------------------

    def _age(self, row: Row) -> str:
        return "" if row.since is None else fmt.duration(self.context.desk.wp.now() - row.since)

    def _on_counted(self, count: int) -> None:
        self._say_count(count)
        had_focus = self.table.hasFocus() or self.nothing.button.hasFocus()
        if count:
            self.faces.setCurrentWidget(self.table)
            self._find_chosen()
            self._on_chosen(self.table.currentIndex().row())
            if had_focus:
                self.table.setFocus()
            return
        is_only_mine = replace(self._wanted, is_by_age=False) == Wanted(is_mine=True)
        if is_only_mine:
            self.nothing.say(
                self.tr("Tidak ada yang perlu Anda kerjakan sekarang"),
                self.tr("Pekerjaan baru muncul di sini begitu ada. Formulir lain ada di daftar lengkap."),
                self.tr("Tampilkan semua formulir  F6"),
            )
        else:
            self.nothing.say(
                self.tr("Tidak ada formulir yang cocok dengan saringan ini"),
                self.tr("Periksa ejaan nama desa, atau hapus saringan dengan Esc."),
                self.tr("Hapus saringan  Esc"),
            )
        self.faces.setCurrentWidget(self.nothing)
        self.place.clear()
        self.why.setText("")
        self.go_on.setEnabled(False)
        if had_focus:
            self.nothing.button.setFocus()

    def _say_count(self, count: int) -> None:
        words = (
            self.tr("%1 formulir dapat Anda kerjakan sekarang.")
            if self._wanted.is_mine
            else self.tr("%1 formulir.")
        )
        self.title.lead.setText(words.replace("%1", fmt.number(count)))

    def _find_chosen(self) -> None:
        """The form stays chosen where it moved to, while it is on a page that was read."""
        chosen = self._chosen
        if chosen is not None:
            place = self.items.place_of(lambda row: row.key == chosen)
            if place is not None and place != self.table.currentIndex().row():
                self.table.selectRow(place)

    def _on_chosen(self, place: int) -> None:
        row = self.items.row_at(place) if 0 <= place < self.items.rowCount() else None
        if row is not None:
            self._chosen = row.key
        told = self.tr("%1 dari %2").replace("%1", fmt.number(place + 1))
        self.place.setText(told.replace("%2", fmt.number(self.items.rowCount())))
        self.why.setText(row.reason if row is not None else "")
        self.go_on.setEnabled(row is not None and bool(row.page))
        self.go_on.setText(
            self.tr("Lanjutkan di %1  Ctrl+Enter").replace("%1", page_title(row.page))
            if row is not None and row.page
            else self.tr("Lanjutkan  Ctrl+Enter")
        )

    # ---- doing ---------------------------------------------------------------------------------------------------

    def on_go_on(self) -> None:
        """There, where the work of this form goes on for this person."""
        row = self._row()
        if row is None:
            return
        if row.page:
            self.context.shell.navigate(row.page, row.key)
        else:
            self.context.shell.toast(
                self.tr("Formulir ini menunggu orang lain atau KPU RI, bukan Anda."), Tone.WAIT
            )

    def _row(self) -> Row | None:
        place = self.table.currentIndex().row()
        return self.items.row_at(place) if 0 <= place < self.items.rowCount() else None

    def _on_opened(self, place: int) -> None:
        row = self.items.row_at(place)
        if row is not None:
            self.context.shell.open_form(row.key)

    def _on_nothing(self) -> None:
        if replace(self._wanted, is_by_age=False) == Wanted(is_mine=True):
            self.toggle_mine()
        else:
            self.on_escape()

    def _focus_list(self) -> None:
        (self.table if self.items.rowCount() else self.nothing.button).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def _keep_widths(self) -> None:
        wp, text = self.context.desk.wp, json.dumps(self.table.own_widths)
        self.context.tasks.run(self, lambda: set_preference(wp, _WIDTHS, text), slot="widths")


def _tone(row: Row) -> Tone:
    if row.needs_action:
        return Tone.BAD
    if row.draft_by:
        return Tone.BUSY
    return Tone.GOOD if not row.stop else Tone.OFF if row.stop == "not_received" else Tone.WAIT
