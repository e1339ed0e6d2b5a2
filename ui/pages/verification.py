"""Verifikasi: what KPU RI sent back, beside what stands here, beside the scan; a verdict for each form.

Invariants: identical forms are confirmed in one batch, and what may not go with it says why; a form that differs is
looked at alone; whoever keyed a form never verifies it (the store refuses). A later verdict replaces an earlier one.
Thread: UI; the store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.errors import ExpectedError
from app.services import verify
from app.services.people import Session
from app.services.verify import BatchResult
from app.services.workplace import preference
from ui import format as fmt
from ui import theme
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context, KeyHelp, Page
from ui.pages import verification_jobs as jobs
from ui.pages.form_column import form_column
from ui.pages.verification_detail import VerdictView
from ui.pages.verification_jobs import Compared, ReturnedRow
from ui.theme import Tone
from ui.widgets.card import Card, PageTitle
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_hint import KeyHints, key_cap
from ui.widgets.page_images import PageImages
from ui.widgets.table import Table


class VerificationPage(Page):
    """The list, and one form at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._identical = 0
        self._is_confirming = False
        self.images = PageImages(context.tasks, self)
        self._language = preference(context.desk.wp, "language", "id")
        self.title = PageTitle(self.tr("Verifikasi"))
        self.batch = QPushButton()
        theme.set_role(self.batch, "primary")
        self.batch.clicked.connect(self._on_batch)
        self.batch_key = key_cap("F6")
        self.refused = QLabel()
        self.refused.setWordWrap(True)
        theme.set_role(self.refused, "wait")
        self.rows: RowsModel[ReturnedRow] = RowsModel(self._columns(), lambda row: row.key)
        self.table = Table(self.rows, self.tr("Dikembalikan untuk diverifikasi"))
        self.table.row_opened.connect(self._on_row)
        self.nothing = EmptyState("check")
        self.detail = VerdictView(self.images, self._language)
        self.detail.verdict_given.connect(self._on_verdict)
        self.detail.left.connect(self._on_left)
        self.stack = QStackedWidget()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the keys work also while the list is empty
        self.setAccessibleName(self.tr("Verifikasi"))
        self._build()

    def _columns(self) -> list[Column[ReturnedRow]]:
        return [
            Column(self.tr("TPS"), lambda row: f"{row.key.tps.number:03d}", "0000", is_bold=True),
            *form_column(self.context.desk.wp, lambda row: row.key),
            Column(self.tr("Desa/kelurahan"), lambda row: row.desa, "Margahayu Selatan"),
            Column(
                self.tr("Perbandingan"),
                self._result_words,
                "39 kotak berbeda",
                tone=lambda row: Tone.GOOD if row.is_identical else Tone.BAD,
            ),
            Column(
                self.tr("Kembali"),
                lambda row: fmt.moment(row.returned_at, self.context.desk.wp.now()),
                "18/4 14.03",
            ),
            Column(
                self.tr("Tidak dapat sekaligus karena"),
                lambda row: " ".join(row.why_not),
                is_stretched=True,
                tone=lambda row: Tone.WAIT if row.why_not else Tone.PLAIN,
            ),
        ]

    def _build(self) -> None:
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.title.side.addWidget(self.batch)
        self.title.side.addWidget(self.batch_key)
        column.addWidget(self.title)
        column.addWidget(self.refused)
        self.refused.hide()
        card = Card()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.nothing, 1)
        self.nothing.hide()
        card.body.addWidget(
            KeyHints(("Enter", self.tr("bandingkan")), ("F6", self.tr("konfirmasi semua yang identik")))
        )
        column.addWidget(card, 1)
        self.stack.addWidget(listing)
        self.stack.addWidget(self.detail)
        around = QHBoxLayout(self)
        around.setContentsMargins(18, 14, 18, 14)
        around.addWidget(self.stack)
        self._show_batch(0)

    def _result_words(self, row: ReturnedRow) -> str:
        if row.is_identical:
            return self.tr("identik")
        return self.tr("%1 kotak berbeda").replace("%1", str(row.difference_count))

    def _when(self, row: ReturnedRow) -> str:
        return fmt.moment(row.returned_at, self.context.desk.wp.now())

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.refresh()
        self._focus_work()

    def on_person_changed(self, session: Session | None) -> None:
        self._session = session
        self._is_confirming = False
        if session is None:
            self.rows.set_rows([])
            self._say_refused("")
            self._on_left()
            self.images.forget()

    def on_store_changed(self) -> None:
        if not self.detail.is_open:
            self.refresh()

    def open_target(self, key: C1Key) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: jobs.compare(wp, session, key, self._language),
                lambda compared: self._on_compared(session, compared),
            )

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("F6", self.tr("mengonfirmasi semua yang identik")),
            KeyHelp("Enter", self.tr("membuka perbandingan; di dalamnya: beda berikutnya")),
            KeyHelp("F7", self.tr("sesuai dengan C1")),
            KeyHelp("F8", self.tr("tidak sesuai dengan C1, dengan alasan")),
            KeyHelp("F4", self.tr("seluruh halaman dan kembali")),
            KeyHelp("Esc", self.tr("kembali ke daftar")),
        )

    def help_topic(self) -> str:
        return "verifikasi"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F6 and not self.detail.is_open and not event.isAutoRepeat():
            self._on_batch()
        else:
            super().keyPressEvent(event)

    # ---- list ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: jobs.returned_rows(wp, session),
                lambda rows: self._on_rows(session, rows),
                slot="returned",
            )

    def _on_rows(self, session: Session, rows: Sequence[ReturnedRow]) -> None:
        if self._session is not session:
            return
        self.rows.set_rows(rows)
        identical = sum(1 for row in rows if row.is_identical and not row.why_not)
        differing = sum(1 for row in rows if not row.is_identical)
        self.title.lead.setText(
            self.tr("%1 dikembalikan KPU RI · %2 identik · %3 tidak cocok")
            .replace("%1", fmt.number(len(rows)))
            .replace("%2", fmt.number(sum(1 for row in rows if row.is_identical)))
            .replace("%3", fmt.number(differing))
        )
        self._show_batch(identical)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.say(
            self.tr("Tidak ada yang menunggu verifikasi"),
            self.tr(
                "Formulir muncul di sini setelah KPU RI mengembalikannya. Pekerjaan lain dapat diteruskan."
            ),
        )
        self._focus_work()

    def _show_batch(self, count: int) -> None:
        self._identical = count
        self.batch.setText(self.tr("%1 identik - Konfirmasi semua").replace("%1", fmt.number(count)))
        self.batch.setEnabled(not self._is_confirming)
        self.batch.setVisible(count > 0)
        self.batch_key.setVisible(count > 0)

    def _focus_work(self) -> None:
        if self.isVisible() and not self.detail.is_open and self.stack.currentIndex() == 0:
            (self.table if self.rows.rows else self).setFocus()

    def _on_batch(self) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is None or self._identical == 0 or self._is_confirming:
            return
        self._is_confirming = True
        self._show_batch(self._identical)

        def failed(error: ExpectedError) -> None:
            self._is_confirming = False
            self._say_refused(error.sentence())

        self.context.tasks.run(
            self,
            lambda: verify.confirm_identical(wp, session),
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

    def _on_row(self, place: int) -> None:
        row = self.rows.row_at(place)
        if row is not None:
            self.open_target(row.key)

    def _on_compared(self, session: Session, compared: Compared) -> None:
        if self._session is not session:
            return
        self.stack.setCurrentWidget(self.detail)
        self.detail.open_form(compared)

    def _on_verdict(self, verdict: str, reason: str) -> None:
        session, wp, compared = self._session, self.context.desk.wp, self.detail.compared
        if session is None or compared is None:
            return
        key = compared.key
        self.context.tasks.run(
            self,
            lambda: jobs.judge(wp, session, key, verdict, reason),
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
            self.open_target(following)
        else:
            self._on_left()
        self.refresh()

    def _on_left(self) -> None:
        self.detail.close_form()
        self.stack.setCurrentIndex(0)
        self._focus_work()
