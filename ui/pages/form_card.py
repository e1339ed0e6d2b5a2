"""One form's card: its eight facts with their times, why it waits, and its history. Opened by Ctrl+K and from lists.

Invariant: votes are in its history alone, and only of what this person may see; it closes when the person changes.
Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import forms
from app.domain.c1form import C1Key
from app.domain.people import Person, Role
from app.errors import ExpectedError
from app.services import form_choice, forms_list, queue, register, status
from app.services.forms_list import Row, Wanted
from app.services.register import Station
from app.services.status import FormRow, HistoryLine, QueueRow
from app.services.workplace import Workplace
from ui import format as fmt
from ui import theme
from ui.pages.form_history import FormHistory
from ui.pages.mending import Mending, mending_menu
from ui.pages.slip_opening import open_slip
from ui.pages.steps import STEP_CODES, fact_of, page_title, step_label
from ui.places import proper
from ui.theme import TONES, Tone
from ui.widgets.card import Card
from ui.widgets.flow import Flow
from ui.widgets.form_choices import readers_words
from ui.widgets.icons import pixmap
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import Held, fitted

if TYPE_CHECKING:
    from ui.page import Context


@dataclass(frozen=True, slots=True)
class _Facts:
    station: Station
    form: FormRow | None
    row: Row | None  # the form as the list of all forms has it for this person
    queued: Sequence[QueueRow]
    history: Sequence[HistoryLine]
    readers: int


class FormCard(QDialog):
    """Reads once when opened and again after each thing done here."""

    def __init__(self, parent: QWidget, context: Context, key: C1Key) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._key = context, key
        self._page = ""
        self.setWindowTitle(key.tps.label)
        self.setMinimumSize(fitted(self, 860, 600))
        self.title, self.lead, self.why = QLabel(" "), QLabel(" "), QLabel()
        theme.set_role(self.title, "title")
        theme.set_role(self.lead, "lead")
        self.why.setTextFormat(Qt.TextFormat.RichText)
        self.why.setWordWrap(True)
        self.facts = QGridLayout()
        self.history = FormHistory()
        self._build()
        self.read()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        for label in (self.title, self.lead, self.why):
            column.addWidget(label)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        left, right = Card(self.tr("Delapan fakta")), Card(self.tr("Riwayat"))
        self.facts.setHorizontalSpacing(14)
        self.facts.setVerticalSpacing(8)
        self.facts.setColumnStretch(1, 1)
        left.body.addLayout(self.facts)
        left.body.addStretch(1)
        right.body.addWidget(self.history)
        right.body.addWidget(KeyHints(("→", self.tr("angka pada baris itu")), ("*", self.tr("semua"))))
        row.addWidget(left, 2)
        row.addWidget(right, 5)
        column.addWidget(Held(both), 1)
        buttons = Flow()
        self.first = self._button(self.tr("&Kirim TPS ini sekarang"), self._on_first)
        self.arrived = self._button(self.tr("Kertas sudah &diterima"), self._on_arrived)
        self.go_on = self._button(self.tr("&Lanjutkan"), self._on_go_on)
        self.slip = self._button(self.tr("&Slip…"), self._on_slip)
        self.mend = QPushButton(self.tr("Per&baiki"))
        self.mend.setMenu(mending_menu(self, self._on_mend))
        close = self._button(self.tr("Tutup"), self.accept)
        for button in (self.first, self.arrived, self.go_on, self.slip, self.mend):
            buttons.addWidget(button)
        buttons.addWidget(close)
        column.addLayout(buttons)

    @staticmethod
    def _button(words: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def read(self) -> None:
        wp, key = self._context.desk.wp, self._key
        session = self._context.shell.session
        if session is not None:
            person = session.person
            self._context.tasks.run(
                self, lambda: _read(wp, key, person), self._on_read, self._on_failed, slot="card"
            )

    def _on_read(self, facts: _Facts) -> None:
        station, form = facts.station, facts.form
        again = (
            self.tr(" · pemungutan ke-%1").replace("%1", str(self._key.round)) if self._key.round > 1 else ""
        )
        name = forms.load(self._key.form).title.id
        self.title.setText(f"{station.tps.label} · {proper(station.desa_name)} · {name}{again}")
        dpt = "" if station.dpt_l is None else f" · DPT {station.dpt_l} L / {station.dpt_p} P"
        alone = f" · {readers_words(1)}" if facts.readers == 1 else ""
        self.lead.setText(f"{self.tr('Kec.')} {proper(station.kecamatan_name)} · {station.tps}{dpt}{alone}")
        self._show_why(facts)
        if form is not None:
            self._show_facts(form)
            self.arrived.setEnabled(fact_of(form, "received") is None)
        session = self._context.shell.session
        may_mend = session is not None and session.person.has(Role.KEY)
        self.mend.setEnabled(may_mend and _has_entry(facts))
        now = self._context.desk.wp.clock.now()
        self._page = facts.row.page if facts.row is not None else ""
        self.go_on.setVisible(bool(self._page))
        self.go_on.setText(self.tr("&Lanjutkan di %1").replace("%1", page_title(self._page)))
        self.history.show_lines(facts.history, now)

    def _show_why(self, facts: _Facts) -> None:
        now = self._context.desk.wp.now()
        lines = [f"<b>{escape(facts.form.state)}</b>"] if facts.form is not None else []
        row_of_list = facts.row
        if row_of_list is not None and row_of_list.reason and not facts.queued:
            lines.append(escape(row_of_list.reason))
        for row in facts.queued:
            again = fmt.countdown(row.next_try, now)
            tried = self.tr("Coba lagi: %1.").replace("%1", again) if again else self.tr("Perlu tindakan.")
            since = self.tr("sejak %1").replace("%1", fmt.age(row.since, now))
            ink = TONES[Tone.BAD if row.needs_action else Tone.WAIT].ink
            words = escape(f"{row.what}: {row.reason.removesuffix('.')}, {since}. {tried}")
            lines.append(f'<span style="color: {ink}">{words}</span>')
        self.why.setText("<br>".join(lines))
        self.why.setVisible(bool(lines))
        self.first.setEnabled(bool(facts.queued))

    def _show_facts(self, form: FormRow) -> None:
        while (item := self.facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        now = self._context.desk.wp.clock.now()
        for row, code in enumerate(STEP_CODES):
            at = fact_of(form, code)
            look = TONES[Tone.GOOD if at is not None else Tone.OFF]
            mark = QLabel()
            mark.setPixmap(
                pixmap("check" if at is not None else "dot", look.ink if at is not None else theme.PILL)
            )
            when = QLabel(self.tr("belum") if at is None else fmt.moment(at, now))
            theme.set_role(when, "small" if at is None else "good")
            name = QLabel(step_label(code))
            name.setAccessibleName(f"{name.text()}: {when.text()}")
            for place, widget in enumerate((mark, name, when)):
                self.facts.addWidget(widget, row, place)

    def _on_failed(self, error: ExpectedError) -> None:
        self.lead.setText(error.sentence())

    # ---- doing ---------------------------------------------------------------------------------------------------

    def _on_first(self) -> None:
        wp, key, sync = self._context.desk.wp, self._key, self._context.desk.sync

        def success(_result: object) -> None:
            sync.wake()
            self._context.shell.toast(
                self.tr("%1 dikirim sekarang, mendahului yang lain.").replace("%1", key.tps.label)
            )
            self.read()

        self._context.tasks.run(self, lambda: queue.send_first(wp, key.tps), success, self._on_failed)

    def _on_arrived(self) -> None:
        wp, key, session = self._context.desk.wp, self._key, self._context.shell.session
        if session is not None:
            self._context.tasks.run(
                self,
                lambda: register.receive(wp, session, [key]),
                lambda _count: self.read(),
                self._on_failed,
            )

    def _on_mend(self, way: Mending) -> None:
        dialog = way(self, self._context, self._key)
        dialog.done_with = self.read
        dialog.open()

    def _on_slip(self) -> None:
        key = self._key
        open_slip(self._context, self, lambda _session: key, self._on_failed)

    def _on_go_on(self) -> None:
        self.accept()
        self._context.shell.navigate(self._page, self._key)


def _has_entry(facts: _Facts) -> bool:
    """Whether there is something to put right: also what was read in part, which counts as keyed nowhere."""
    is_begun = facts.row is not None and facts.row.stop in ("partly_read", "rejected", "rival", "disputed")
    return is_begun or (facts.form is not None and fact_of(facts.form, "keyed") is not None)


def _read(wp: Workplace, key: C1Key, person: Person) -> _Facts:
    text = str(key.tps)
    form = next((row for row in status.form_rows(wp, text=text, limit=20) if row.key == key), None)
    listed = forms_list.rows(wp, person, Wanted(text=text), 20, 0)
    queued = [row for row in status.queue_rows(wp, text=text, limit=20) if row.key == key]
    return _Facts(
        register.station(wp, key.tps),
        form,
        next((row for row in listed if row.key == key), None),
        queued,
        status.history(wp, key, person),
        form_choice.readers_of(wp, key),
    )
