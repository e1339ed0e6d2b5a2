"""Entri: the list of forms to key, and one form at a time beside its scan.

Invariants: one draft is open at a time, every key of it is on its way to the disk at once (`ui.pages.keying_saves`),
and nothing of it stays in the window when the person leaves (F9) or pauses (Esc). The second reading is the same page
with another order: what the first reader keyed is never fetched. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app.domain.c1form import C1Key
from app.domain.readings import Order, Outcome
from app.errors import ExpectedError
from app.services.keying import DraftTaken, last_finished, put_back
from app.services.people import Session
from app.services.workplace import preference
from ui.page import Context, KeyHelp, Page
from ui.pages import keying_jobs as jobs
from ui.pages.keying_entry import EntryView
from ui.pages.keying_jobs import Ahead, Ended, Open, Opened
from ui.pages.keying_list import WorkList
from ui.pages.keying_saves import Saves
from ui.pages.keying_words import partly_words
from ui.pages.slip_opening import open_slip
from ui.theme import Tone
from ui.widgets.findings_panel import FindingRow
from ui.widgets.page_images import PageImages


class KeyingPage(Page):
    """First readings. `SecondReadingPage` keys the later ones."""

    ORDERS: tuple[Order, ...] = (Order.FIRST,)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._reading_id = 0
        self._reopened: int | None = (
            None  # the reading F2 opened: a second F2 must not walk on to an older form
        )
        self._take_over_key: C1Key | None = None
        self._belongs_to: C1Key | None = None  # whose paper it is by the DPT that was keyed
        self._is_opening = False
        self._afterwards: C1Key | None = None  # asked for while one's own draft is still looked for
        wp = context.desk.wp
        self._language = preference(wp, "language", "id")
        self.images = PageImages(context.tasks, self)
        self.saves = Saves(wp, self)
        self.list = WorkList(context, self.ORDERS, self.heading())
        self.view = EntryView(self.images, wp.clock.monotonic, self._language)
        self.stack = QStackedWidget()
        for part in (self.list, self.view):
            self.stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.addWidget(self.stack)
        self._connect()

    def heading(self) -> str:
        return self.tr("Entri")

    def _connect(self) -> None:
        self.list.opened.connect(self.open_target)
        self.list.take_over_confirmed.connect(self._on_take_over)
        self.list.reopen_wanted.connect(self._on_reopen)
        self.view.cell_changed.connect(self._on_cell_changed)
        self.view.review_wanted.connect(self._on_finish)
        self.view.finish_wanted.connect(self._on_finish)
        self.view.absent_wanted.connect(self._on_finish)
        self.view.accept_wanted.connect(self._on_accept)
        self.view.findings.help_wanted.connect(self._on_rule_help)
        self.view.pause_wanted.connect(self._on_pause)
        self.view.reopen_wanted.connect(self._on_reopen)
        self.view.dpt_keyed.connect(self._on_dpt)
        self.view.rest.came.connect(self._look_ahead)
        self.saves.problem.connect(self.view.say_problem)
        QShortcut(QKeySequence.StandardKey.Print, self).activated.connect(self._on_slip)

    def _on_rule_help(self, code: str) -> None:
        from ui.pages.rule_help import RuleHelpDialog  # noqa: PLC0415 - imported when first opened

        if self.view.entry is not None:
            RuleHelpDialog(self, self.view.entry.form, code, self._language).open()

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        if self.view.entry is not None:
            self.view.focus_work()
            return
        self.list.refresh()
        self.list.focus_work()
        session, wp = self._session, self.context.desk.wp
        if session is not None and not self._is_opening:
            self._take_over_key = None
            self._fetch(lambda: jobs.own_draft(wp, session, self.ORDERS))

    def on_person_changed(self, session: Session | None) -> None:
        self._close()
        self._session = session
        self._take_over_key = self._reopened = self._afterwards = None
        self._is_opening = False
        self.list.clear()
        self.images.forget()
        if session is not None and self.isVisible():
            self.on_shown()

    def on_store_changed(self) -> None:
        if self.view.entry is None:
            self.list.refresh()

    def open_target(self, key: C1Key) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is None or (self.view.entry is not None and self.view.entry.key == key):
            return
        if self._is_opening:  # `navigate` shows the page first, which looks for one's own draft
            if self._take_over_key is None:
                self._afterwards = key
            return
        self._take_over_key = key
        self._fetch(lambda: jobs.open_form(wp, session, key))

    def form_on_screen(self) -> C1Key | None:
        return self.view.entry.key if self.view.entry is not None else None

    def may_close(self) -> bool:
        """Not while a typed value is on the screen alone."""
        if self.saves.failed_count == 0:
            return True
        self.context.shell.toast(
            self.tr("Isian terakhir belum tersimpan di disk; jangan tutup program."), Tone.BAD
        )
        return False

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Enter", self.tr("kotak berikutnya; di kotak terakhir: selesai dan TPS berikutnya")),
            KeyHelp("↑ ↓", self.tr("kembali; maju melewati kotak yang sudah terisi")),
            KeyHelp("0  -  *", self.tr("nol; kosong di kertas; tidak terbaca (juga /)")),
            KeyHelp("+", self.tr("sisa daftar partai atau calon ini kosong; Ctrl+Z membatalkan")),
            KeyHelp(
                "PgDn PgUp", self.tr("daftar partai berikutnya, sebelumnya; yang dilewati tetap terbuka")
            ),
            KeyHelp(
                "1 2 3 4",
                self.tr("menerima temuan: tertulis demikian, tidak terbaca, pindaian buruk, lainnya"),
            ),
            KeyHelp("?", self.tr("menjelaskan aturan temuan yang dipilih")),
            KeyHelp("F8", self.tr("memindahkan berkas ke TPS yang benar, bila DPT-nya milik TPS lain")),
            KeyHelp("F4", self.tr("seluruh halaman dan kembali")),
            KeyHelp("F7", self.tr("halaman yang lain belum ada: selesai dengan halaman yang sudah diisi")),
            KeyHelp("F2", self.tr("membuka lagi formulir yang baru diselesaikan")),
            KeyHelp("Ctrl+P", self.tr("slip formulir yang terakhir Anda selesaikan")),
            KeyHelp("Esc", self.tr("jeda: semua isian tersimpan")),
        )

    def help_topic(self) -> str:
        return "entri"

    # ---- opening -------------------------------------------------------------------------------------------------

    def _fetch(self, operation: Callable[[], Opened | None]) -> None:
        """Open a form off the UI thread; a person who left meanwhile never sees it."""
        session = self._session
        self._is_opening = True

        def arrived(found: Opened | None) -> None:
            if self._session is session:
                self._is_opening = False
                if not self._opens_another() and found is not None:
                    self._show(found)

        def refused(error: ExpectedError) -> None:
            if self._session is session:
                self._is_opening = False
                if not self._opens_another():
                    self._on_refused(error)

        self.context.tasks.run(self, operation, arrived, refused)

    def _opens_another(self) -> bool:
        """True when another form was asked for meanwhile."""
        key, self._afterwards = self._afterwards, None
        if key is not None:
            self.open_target(key)
        return key is not None

    def _show(self, found: Opened) -> None:
        self._reading_id, self._belongs_to = found.reading_id, None
        self.list.say("")
        self.stack.setCurrentWidget(self.view)
        self.view.open_form(found.entry)

    def _look_ahead(self) -> None:
        session, wp, entry = self._session, self.context.desk.wp, self.view.entry
        if session is not None and entry is not None:
            order = entry.order
            self.context.tasks.run(
                self,
                lambda: jobs.ahead(wp, session, order),
                self._on_ahead,
                lambda _error: None,
                slot="ahead",
            )

    def _on_ahead(self, found: Ahead | None) -> None:
        if found is None or self.view.entry is None:
            self.view.say_next("")
            return
        self.view.say_next(self.tr("Berikutnya: %1").replace("%1", found.text))
        self.view.pictures.ahead(found.form, found.pages)

    def _on_refused(self, error: ExpectedError) -> None:
        self._close()
        self.list.refresh()
        if isinstance(error, DraftTaken):
            self.list.ask_take_over(error)
        else:
            self.list.say(error.sentence())
            self.list.focus_work()

    def _on_take_over(self) -> None:
        session, wp, key = self._session, self.context.desk.wp, self._take_over_key
        if session is not None and key is not None:
            self._fetch(lambda: jobs.take_over(wp, session, key))

    def _on_reopen(self) -> None:
        session, wp, orders = self._session, self.context.desk.wp, self.ORDERS
        if session is None or self._is_opening:
            return
        if self._reopened is not None and self._reopened == self._reading_id:
            self.context.shell.toast(self.tr("Formulir ini baru saja Anda buka lagi."), Tone.WAIT)
            return
        flush = self.saves.flush()

        def operation() -> Opened:
            flush()
            return jobs.reopen_last(wp, session, orders)

        self._fetch_keeping(operation)

    def _fetch_keeping(self, operation: Callable[[], Opened]) -> None:
        """As `_fetch`, but what is open stays open when it is refused."""
        session = self._session

        def arrived(found: Opened) -> None:
            if self._session is session:
                self._reopened = found.reading_id
                self._show(found)

        def refused(error: ExpectedError) -> None:
            if self._session is session:
                self.context.shell.toast(error.sentence(), Tone.WAIT)

        self.context.tasks.run(self, operation, arrived, refused, slot="reopen")

    def _on_slip(self) -> None:
        """Of the form this person finished last, also before a restart."""
        wp, orders = self.context.desk.wp, self.ORDERS
        open_slip(
            self.context,
            self,
            lambda session: last_finished(wp, session, orders),
            lambda error: self.context.shell.toast(error.sentence(), Tone.WAIT),
        )

    # ---- keying --------------------------------------------------------------------------------------------------

    def _on_cell_changed(self, field: str, cell: object, text: str, current: str) -> None:
        self.saves.save(self._reading_id, field, cell, current, text)  # type: ignore[arg-type]  # a signal's object is untyped

    def _open_now(self) -> Open | None:
        session, entry, walk = self._session, self.view.entry, self.view.walk
        if session is None or entry is None or walk is None:
            return None
        wp, by_page = self.context.desk.wp, not walk.is_complete
        return Open(wp, session, self._reading_id, entry, self._language, self.saves.flush(), by_page)

    def _on_finish(self) -> None:
        now = self._open_now()
        if now is None:
            return
        self.view.set_busy(is_busy=True)
        self.context.tasks.run(
            self,
            lambda: jobs.finish(now),
            lambda ended: self._on_ended(now.session, ended),
            self._on_not_finished,
        )

    def _on_ended(self, session: Session, ended: Ended) -> None:
        if self._session is not session:
            return
        if ended.findings:
            self.view.show_review(ended.findings)
            return
        self._reopened = None
        self._tell_outcome(ended)
        if ended.following is not None:
            self._show(ended.following)
            return
        self._close()
        self.list.refresh()
        self.list.say(ended.stopped.sentence() if ended.stopped is not None else self.nothing_left())
        self.list.focus_work()

    def nothing_left(self) -> str:
        return self.tr("Selesai. Tidak ada lagi formulir yang menunggu entri pertama.")

    def _tell_outcome(self, ended: Ended) -> None:
        """What the reading came to, in words without any value."""
        if ended.lacking:
            self.context.shell.toast(partly_words(ended.lacking), Tone.WAIT)
            return
        words = {
            Outcome.NEEDS_THIRD: (
                self.tr("Ada kotak yang berbeda: hanya kotak itu yang dibaca orang ketiga."),
                Tone.WAIT,
            ),
            Outcome.NEEDS_COORDINATOR: (
                self.tr("Masih ada kotak yang berbeda: koordinator yang menentukan."),
                Tone.WAIT,
            ),
            Outcome.SETTLED: (self.tr("Cocok. Tuntas dibaca."), Tone.GOOD),
        }
        if ended.outcome in words:
            self.context.shell.toast(*words[ended.outcome])

    def _on_not_finished(self, error: ExpectedError) -> None:
        self.view.set_busy(is_busy=False)
        self.view.say_problem(error.sentence())
        self.view.focus_work()

    def _on_accept(self, code: str, reason: str, note: str) -> None:
        now = self._open_now()
        if now is not None:
            self.context.tasks.run(
                self,
                lambda: jobs.accept(now, code, reason, note),
                lambda rows: self._on_accepted(now.session, rows),
                self._on_not_finished,
            )

    def _on_accepted(self, session: Session, rows: tuple[FindingRow, ...]) -> None:
        if self._session is session and self.view.entry is not None:
            self.view.show_review(rows)

    def _on_dpt(self, men: int, women: int) -> None:
        entry, wp = self.view.entry, self.context.desk.wp
        if entry is None:
            return
        key = entry.key
        self.context.tasks.run(
            self,
            lambda: jobs.whose_dpt(wp, key, men, women),
            lambda other: self._on_dpt_known(key, men, women, other),
        )

    def _on_dpt_known(self, key: C1Key, men: int, women: int, other: tuple[str, C1Key] | None) -> None:
        entry = self.view.entry
        if entry is None or entry.key != key or other is None:
            return
        words = self.tr("DPT %1 milik %2. Salah berkas?")
        if entry.order is Order.FIRST:
            words += self.tr(" F8: pindahkan berkas dan isian ke sana.")
            self._belongs_to = other[1]
        dpt = jobs.dpt_words(men, women)
        self.view.warning.say(words.replace("%1", dpt).replace("%2", other[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry, target = self.view.entry, self._belongs_to
        now = self._open_now() if event.key() == Qt.Key.Key_F8 and target is not None else None
        if now is None or entry is None or target is None:
            super().keyPressEvent(event)
            return
        source, self._belongs_to = entry.key, None
        self.context.tasks.run(
            self,
            lambda: jobs.move_draft(now, source, target),
            lambda found: self._on_moved(now.session, found),
            lambda error: self.view.say_problem(error.sentence()),
        )

    def _on_moved(self, session: Session, found: Opened) -> None:
        if self._session is session:
            words = self.tr("Dipindahkan ke %1 dengan isiannya. Lanjutkan di sini.")
            self.context.shell.toast(words.replace("%1", found.entry.key.tps.label))
            self._show(found)

    def _on_pause(self) -> None:
        if self.view.entry is None or not self.may_close():
            return
        self._close()
        self.context.shell.toast(self.tr("Dijeda. Semua isian tersimpan; buka lagi kapan saja."))
        self.list.refresh()
        self.list.focus_work()

    def _close(self) -> None:
        """Values leave the widget tree; the draft stays in the store, unless nobody typed a key in it."""
        if self._session is not None and self._reading_id:
            put_back(self.context.desk.wp, self._session, self._reading_id)
        self.view.close_form()
        self._reading_id = 0
        self.stack.setCurrentWidget(self.list)
