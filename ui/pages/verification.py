"""Verifikasi: what KPU RI sent back, beside what stands here, beside the scan; a verdict for each form, and the forms
that wait for a decision of another kind.

Invariants: identical forms are confirmed in one batch, exactly those that are shown, and what may not go with it says
why; a form that differs is looked at alone; whoever keyed a form never verifies it (the store refuses). A later verdict
replaces an earlier one. Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.domain.people import Role
from app.errors import ExpectedError
from app.services import public_watch, verify
from app.services.attention import Matter
from app.services.people import Session
from app.services.verify import BatchResult, Shown
from app.services.workplace import preference
from ui import format as fmt
from ui import theme
from ui.models.rows import RowsModel
from ui.page import Context, KeyHelp, Page
from ui.pages import verification_jobs as jobs
from ui.pages.mending import Mending
from ui.pages.public_differs import PublicNote
from ui.pages.verification_detail import VerdictView
from ui.pages.verification_jobs import Compared, Listing, ReturnedRow
from ui.pages.verification_lists import NEED_OF, MatterLists
from ui.widgets.card import PageTitle
from ui.widgets.key_hint import key_cap
from ui.widgets.page_images import PageImages

REASONS_SHOWN = 3


class VerificationPage(Page):
    """The lists, and one form at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._shown: tuple[Shown, ...] = ()
        self._is_confirming = False
        self.images = PageImages(context.tasks, self)
        self._language = preference(context.desk.wp, "language", "id")
        self.title = PageTitle(self.tr("Verifikasi"))
        self.batch = QPushButton()
        theme.set_role(self.batch, "primary")
        self.batch.clicked.connect(self._on_batch)
        self.batch_key = key_cap("F6")
        self.refused, self.outside = QLabel(), QLabel()
        for label in (self.refused, self.outside):
            label.setWordWrap(True)
            label.hide()
            theme.set_role(label, "wait")
        self.public = PublicNote(context, self.images)
        self.public.dispute_wanted.connect(self._open_comparison)
        self.lists = MatterLists(context)
        self.lists.chosen.connect(self.refresh)
        self.lists.opened.connect(self._on_opened)
        self.detail = VerdictView(self.images, self._language, context.desk.wp.clock.monotonic)
        self.detail.verdict_given.connect(self._on_verdict)
        self.detail.finding_accepted.connect(self._on_accept)
        self.detail.mend_wanted.connect(self._on_mend)
        self.detail.left.connect(self._on_left)
        self.stack = QStackedWidget()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the keys work also while the list is empty
        self.setAccessibleName(self.tr("Verifikasi"))
        self._build()

    @property
    def rows(self) -> RowsModel[ReturnedRow]:
        return self.lists.returned

    def _build(self) -> None:
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.title.side.addWidget(self.batch)
        self.title.side.addWidget(self.batch_key)
        column.addWidget(self.title)
        column.addWidget(self.outside)
        column.addWidget(self.refused)
        column.addWidget(self.public)
        column.addWidget(self.lists, 1)
        self.stack.addWidget(listing)
        self.stack.addWidget(self.detail)
        around = QHBoxLayout(self)
        around.setContentsMargins(18, 14, 18, 14)
        around.addWidget(self.stack)
        self._show_batch()

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.refresh()
        self._focus_work()

    def on_person_changed(self, session: Session | None) -> None:
        self._session = session
        self._is_confirming, self._shown = False, ()
        self._show_batch()
        if session is None:
            self.lists.clear()
            self._say_refused("")
            self._on_left()
            self.public.forget()
            self.images.forget()
            return
        is_verifier = session.person.has(Role.VERIFY)
        self.lists.set_matters([one for one in Matter if is_verifier or one is not Matter.RETURNED])
        self.detail.may_change(is_keyer=session.person.has(Role.KEY))

    def on_store_changed(self) -> None:
        if not self.detail.is_open:
            self.refresh()

    def open_target(self, key: C1Key) -> None:
        """What the form waits for: of what the public site shows otherwise that comparison, else ours."""
        session, wp = self._session, self.context.desk.wp
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: public_watch.asks(wp, key, session.person),
                lambda is_asked: self._on_asked(session, key, is_asked=is_asked),
            )

    def _on_asked(self, session: Session, key: C1Key, *, is_asked: bool) -> None:
        if self._session is not session:
            return
        if is_asked:
            self.public.compare(key)
        else:
            self._open_comparison(key)

    def _open_comparison(self, key: C1Key) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: jobs.compare(wp, session, key, self._language),
                lambda compared: self._on_compared(session, compared),
            )

    def open_part(self, part: str) -> None:
        """A need of Beranda leads to the list that holds it."""
        matter = NEED_OF.get(part) or next((one for one in Matter if one.value == part), None)
        if matter is not None:
            self._on_left()
            self.lists.choose(matter)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(
                "F6", self.tr("mengonfirmasi yang identik dan ditampilkan; di dalam formulir: pindahkan")
            ),
            KeyHelp("F3", self.tr("daftar berikutnya; di dalam formulir: semua kotak")),
            KeyHelp("Enter", self.tr("membuka perbandingan; di dalamnya: beda berikutnya")),
            KeyHelp("F2", self.tr("ke temuan; 1-4 memberi alasan")),
            KeyHelp("F5", self.tr("koreksi: hanya kotak yang salah")),
            KeyHelp("F7", self.tr("sesuai dengan C1")),
            KeyHelp("F8", self.tr("tidak sesuai dengan C1, dengan alasan")),
            KeyHelp("F4", self.tr("seluruh halaman dan kembali")),
            KeyHelp("Esc", self.tr("kembali ke daftar")),
        )

    def help_topic(self) -> str:
        return "verifikasi"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.detail.is_open or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_F6:
            self._on_batch()
        elif key == Qt.Key.Key_F3:
            self.lists.next_list()
        else:
            super().keyPressEvent(event)

    # ---- lists ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        session, wp, matter = self._session, self.context.desk.wp, self.lists.matter
        self.public.refresh()
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: jobs.listing(wp, session, matter),
                lambda found: self._on_listing(session, found),
                slot="returned",
            )

    def _on_listing(self, session: Session, found: Listing) -> None:
        if self._session is not session or found.matter is not self.lists.matter:
            return
        self.lists.show_listing(found)
        whole = found.identical + found.differing
        words = self.tr("%1 dikembalikan KPU RI · %2 identik · %3 tidak cocok")
        if found.matter is Matter.RETURNED and len(found.returned) < whole:
            words += self.tr(" · %4 pertama ditampilkan")
        for mark, count in (
            ("%1", whole),
            ("%2", found.identical),
            ("%3", found.differing),
            ("%4", len(found.returned)),
        ):
            words = words.replace(mark, fmt.number(count))
        self.title.lead.setText(words if session.person.has(Role.VERIFY) else "")
        self._shown = jobs.batch_of(found.returned)
        self._show_batch()
        self._say_outside(found)
        self._focus_work()

    def _say_outside(self, found: Listing) -> None:
        """How many identical ones do not go with the batch, and why."""
        reasons = jobs.left_out(found.returned)
        whole = sum(count for _text, count in reasons)
        shown = [f"{text.rstrip('.')} ({fmt.number(count)})" for text, count in reasons[:REASONS_SHOWN]]
        rest = whole - sum(count for _text, count in reasons[:REASONS_SHOWN])
        shown += [self.tr("Sebab lain (%1)").replace("%1", fmt.number(rest))] if rest else []
        words = self.tr("%1 identik tidak ikut sekaligus: %2")
        words = words.replace("%1", fmt.number(whole)).replace("%2", " · ".join(shown))
        self.outside.setText(f"▲ {words}" if shown else "")
        self.outside.setVisible(bool(shown))

    def _show_batch(self) -> None:
        count = len(self._shown)
        self.batch.setText(self.tr("%1 identik - Konfirmasi semua").replace("%1", fmt.number(count)))
        self.batch.setEnabled(not self._is_confirming)
        self.batch.setVisible(count > 0)
        self.batch_key.setVisible(count > 0)

    def _focus_work(self) -> None:
        if self.isVisible() and not self.detail.is_open and self.stack.currentIndex() == 0:
            self.lists.focus_work()

    def _on_batch(self) -> None:
        """What is confirmed is what stood on the screen: forms and values, by name."""
        session, wp, shown = self._session, self.context.desk.wp, self._shown
        if session is None or not shown or self._is_confirming:
            return
        self._is_confirming = True
        self._show_batch()

        def failed(error: ExpectedError) -> None:
            self._is_confirming = False
            self._show_batch()
            self._say_refused(error.sentence())

        self.context.tasks.run(
            self,
            lambda: verify.confirm_identical(wp, session, shown=shown),
            lambda done: self._on_confirmed(session, done),
            failed,
        )

    def _on_confirmed(self, session: Session, done: BatchResult) -> None:
        if self._session is not session:
            return
        self._is_confirming = False
        self.context.shell.toast(self.tr("%1 formulir dikonfirmasi.").replace("%1", fmt.number(done.done)))
        sentences = sorted({sentence for _key, sentence in done.refused})
        self._say_refused(
            ""
            if not sentences
            else self.tr("%1 tidak ikut: %2")
            .replace("%1", str(len(done.refused)))
            .replace("%2", " ".join(sentences))
        )
        self.context.desk.sync.wake()
        self.refresh()

    def _say_refused(self, text: str) -> None:
        self.refused.setText(f"▲ {text}" if text else "")
        self.refused.setVisible(bool(text))

    # ---- one form --------------------------------------------------------------------------------------------------

    def _on_opened(self, key: C1Key) -> None:
        if self.lists.matter is Matter.UNSEEN:
            self.context.shell.open_form(key)  # nothing to decide: its facts say where it is
        else:
            self._open_comparison(key)

    def _on_accept(self, code: str, reason: str, note: str) -> None:
        session, wp, compared = self._session, self.context.desk.wp, self.detail.compared
        if session is None or compared is None:
            return
        key = compared.key
        self.context.tasks.run(
            self,
            lambda: jobs.accept(wp, session, key, (code, reason, note), self._language),
            lambda now: self._on_accepted(session, now),
            lambda error: self.detail.say_problem(error.sentence()),
        )

    def _on_accepted(self, session: Session, compared: Compared) -> None:
        now = self.detail.compared
        if self._session is session and now is not None and now.key == compared.key:
            self.detail.show_accepted(compared)
            self.context.desk.sync.wake()

    def _on_mend(self, way: Mending) -> None:
        if self.detail.compared is not None:
            dialog = way(self.window(), self.context, self.detail.compared.key)
            dialog.done_with = self._on_changed
            dialog.open()

    def _on_changed(self) -> None:
        """The form is another one now: back to the list."""
        self._on_left()
        self.refresh()

    def _on_compared(self, session: Session, compared: Compared) -> None:
        if self._session is not session:
            return
        self.stack.setCurrentWidget(self.detail)
        self.detail.open_form(compared)

    def _on_verdict(self, verdict: str, reason: str) -> None:
        session, wp, compared = self._session, self.context.desk.wp, self.detail.compared
        if session is None or compared is None:
            return
        self.context.tasks.run(
            self,
            lambda: jobs.judge(wp, session, compared, verdict, reason),
            lambda following: self._on_judged(session, verdict, following),
            lambda error: self.detail.say_problem(error.sentence()),
        )

    def _on_judged(self, session: Session, verdict: str, following: C1Key | None) -> None:
        if self._session is not session:
            return
        words = (
            self.tr("Sesuai: dicatat.") if verdict == "ok" else self.tr("Tidak sesuai: dicatat dan dikirim.")
        )
        self.context.shell.toast(words)
        self.context.desk.sync.wake()
        if following is not None:
            self._open_comparison(following)
        else:
            self._on_left()
        self.refresh()

    def _on_left(self) -> None:
        self.detail.close_form()
        self.stack.setCurrentIndex(0)
        self._focus_work()
