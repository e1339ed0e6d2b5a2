"""Antrean: three lanes and how they stand, then every waiting item with what, why, since when and the next attempt.

Invariant: pausing and trying go through the engine's control and never block; a stopped item is only ever started again
by a person. Times count down on screen without reading the store. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget

from app.domain.c1form import C1Key
from app.ports import ItemKind, Lane, LineState, SyncStatus
from app.services import queue, status
from app.services.people import Session
from app.services.status import QueueRow
from app.services.workplace import Workplace
from ui import format as fmt
from ui import theme
from ui.models.columns import Column
from ui.models.paged import PagedModel, Query
from ui.models.rows import RowsModel
from ui.page import Context, KeyHelp, Page
from ui.pages.bundle_dialog import BundleDialog
from ui.pages.form_column import form_column
from ui.pages.lanes import HOW, LaneRow, lane_columns, lane_rows
from ui.pages.line_note import ACCOUNT, LineNote
from ui.pages.queue_sending import SendingRow
from ui.places import proper
from ui.theme import Tone, text_width
from ui.widgets.card import Card, PageTitle
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import Flow
from ui.widgets.scrolled import scrolling_column
from ui.widgets.table import Table

_TICK_MS = 1_000
_TYPING_PAUSE_MS = 60
_HOW_FROM_PX = 800  # below, how a lane sends gives its room to how it stands


@dataclass(frozen=True, slots=True)
class _Filter:
    """What of the queue is listed."""

    kinds: tuple[ItemKind, ...] = ()
    only_action: bool = False


class QueuePage(Page):
    """What has not reached KPU RI yet."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self._is_errand = False  # the search is of who came from elsewhere for one form
        self._to_choose: C1Key | None = None  # and its line is still to be chosen
        self._filter = _Filter()
        self._paused: frozenset[Lane] = frozenset()
        self.title = PageTitle(self.tr("Antrean"))
        self.title.lead.setText(self._usual_lead())
        self.line_note = LineNote()
        self.lanes = RowsModel(lane_columns(), lambda row: row.lane)
        self.lanes_table = Table(self.lanes, self.tr("Jalur"))
        self.items = PagedModel(self._columns(), context.tasks)
        self.items_table = Table(self.items, self.tr("Yang menunggu"))
        self.nothing = EmptyState("check")
        self.sending = SendingRow(context)
        self.faces = QStackedWidget()
        self.search = QLineEdit()
        self.chips: dict[str, QPushButton] = {}
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._make_buttons()
        self._build()
        self._connect()

    # ---- building ------------------------------------------------------------------------------------------------

    def _columns(self) -> list[Column[QueueRow]]:
        return [
            Column(self.tr("Formulir"), _form_words, "TPS 014 · Cileunyi Kulon"),
            *form_column(self.context.desk.wp, lambda row: row.key),
            Column(self.tr("Apa"), lambda row: row.what, "Angka versi 2"),
            Column(
                self.tr("Mengapa"), lambda row: row.reason, is_stretched=True,
                tone=lambda row: Tone.BAD if row.needs_action else Tone.PLAIN,
            ),
            Column(self.tr("Sejak"), lambda row: fmt.age(row.since, self._now()), "2 jam 11 mnt", is_number=True),
            Column(
                self.tr("Coba lagi"), self._next_words, "perlu tindakan",
                tone=lambda row: Tone.BAD if row.needs_action else Tone.PLAIN,
            ),
        ]  # fmt: skip

    def _usual_lead(self) -> str:
        return self.tr(
            "Pekerjaan dapat dilanjutkan. Semua tersimpan di sini dan dikirim begitu KPU RI menjawab."
        )

    def _make_buttons(self) -> None:
        self.try_now = QPushButton(self.tr("Coba sekarang  F5"))
        self.pause_all = QPushButton(self.tr("Jeda semua  F6"))
        self.pause_images = QPushButton(self.tr("Jeda gambar  F7"))
        self.send_first = QPushButton(self.tr("Kirim TPS ini sekarang  F8"))
        self.bundle = QPushButton(self.tr("Bundel USB…  Ctrl+B"))
        if (
            self.context.desk.bundles is None
        ):  # never "visible" before it has a parent: it would flash as a window
            self.bundle.hide()
        self.retry = QPushButton(self.tr("Coba lagi yang berhenti"))
        self.send_first.setEnabled(False)
        self.retry.hide()

    def _build(self) -> None:
        column = scrolling_column(self)
        column.addWidget(self.title)
        column.addWidget(self.line_note)
        upper = Card()
        self.lanes_table.show_whole()
        upper.body.addWidget(self.lanes_table)
        column.addWidget(upper)
        buttons = Flow()
        self.title.side.addWidget(self.retry)
        for button in (self.try_now, self.pause_all, self.pause_images, self.send_first, self.bundle):
            buttons.addWidget(button)
        column.addLayout(buttons)
        column.addWidget(self.sending)
        lower = Card()
        lower.body.addLayout(self._filter_row())
        self.faces.addWidget(self.items_table)
        self.faces.addWidget(self.nothing)
        lower.body.addWidget(self.faces, 1)
        column.addWidget(lower, 1)

    def _filter_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        group = QButtonGroup(self)
        group.setExclusive(True)
        for code, words in (
            ("all", self.tr("semua")),
            ("action", self.tr("perlu tindakan")),
            ("numbers", self.tr("angka")),
            ("verdicts", self.tr("putusan")),
            ("images", self.tr("gambar")),
        ):
            chip = QPushButton(words)
            chip.setCheckable(True)
            theme.set_role(chip, "filter")
            chip.clicked.connect(lambda _checked=False, code=code: self._on_chip(code))
            group.addButton(chip)
            row.addWidget(chip)
            self.chips[code] = chip
        self.chips["all"].setChecked(True)
        row.addStretch(1)
        self.search.setPlaceholderText(self.tr("cari TPS atau desa  (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Cari di antrean"))
        self.search.setMinimumWidth(text_width(self.search.placeholderText()))
        row.addWidget(self.search)
        return row

    def _connect(self) -> None:
        self.line_note.account_asked.connect(lambda: self.context.shell.navigate("settings", part=ACCOUNT))
        self.try_now.clicked.connect(self.on_try_now)
        self.pause_all.clicked.connect(self.on_pause_all)
        self.pause_images.clicked.connect(self.on_pause_images)
        self.send_first.clicked.connect(self.on_send_first)
        self.bundle.clicked.connect(self.on_bundle)
        self.retry.clicked.connect(self.on_retry_stopped)
        for keys, slot in (
            ("F5", self.on_try_now),
            ("F6", self.on_pause_all),
            ("F7", self.on_pause_images),
            ("F8", self.on_send_first),
            ("Ctrl+B", self.on_bundle),
            ("Ctrl+F", self.search.setFocus),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.items_table.setFocus)
        self._typing.timeout.connect(self._ask)
        self._tick.timeout.connect(self.items_table.viewport().update)
        self.items_table.row_opened.connect(self._on_opened)
        self.items_table.row_chosen.connect(
            lambda row: self.send_first.setEnabled(self.items.row_at(row) is not None)
        )
        self.items.counted.connect(self._on_counted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lanes_table.setColumnHidden(HOW, event.size().width() < _HOW_FROM_PX)
        self.lanes_table.size_columns()

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self._tick.start()
        self._ask()
        self._read_lanes()
        self.sending.read()
        self.items_table.setFocus()

    def on_hidden(self) -> None:
        self._tick.stop()
        self._end_errand()

    def _end_errand(self) -> None:
        """What was looked for on the way from another page is not the next look's filter, nor the next person's."""
        if self._is_errand:
            self.search.clear()
        self._is_errand, self._to_choose = False, None

    def on_person_changed(self, session: Session | None) -> None:
        self._session = session
        self._end_errand()

    def open_target(self, key: C1Key) -> None:
        """What of this form waits: its TPS searched for, its first line chosen."""
        self._is_errand, self._to_choose, self._filter = True, key, _Filter()
        self.chips["all"].setChecked(True)
        self.search.setText(str(key.tps))
        self._typing.stop()
        self._ask()

    def on_store_changed(self) -> None:
        self.items.reload()
        self._read_lanes()

    def on_line_changed(self, status: SyncStatus) -> None:
        self.line_note.show_line(status)
        # "Sent as soon as KPU RI answers" is not so while somebody must act first.
        self.title.lead.setText(
            self.tr(
                "Pekerjaan dapat dilanjutkan. Semua tersimpan di sini dan dikirim setelah Anda lanjutkan (F6)."
            )
            if status.line is LineState.PAUSED_HERE
            else self._usual_lead()
        )
        self.title.lead.setVisible(self.line_note.isHidden())
        if self.isVisible():
            self._read_lanes()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("F5", self.tr("coba kirim sekarang, tanpa menunggu giliran")),
            KeyHelp("F6", self.tr("jeda atau lanjutkan semua pengiriman")),
            KeyHelp("F7", self.tr("jeda atau lanjutkan gambar saja")),
            KeyHelp(
                "F8",
                self.tr("kirim TPS yang dipilih sekarang, mendahului yang lain dan di luar jadwal malam"),
            ),
            KeyHelp("Ctrl+B", self.tr("bundel USB: bawa ke KPU RI, ambil jawabannya")),
            KeyHelp("Enter", self.tr("riwayat formulir yang dipilih")),
            KeyHelp("Ctrl+F", self.tr("cari di antrean")),
        )

    def help_topic(self) -> str:
        return "antrean"

    # ---- reading -------------------------------------------------------------------------------------------------

    def _now(self) -> float:
        return self.context.desk.wp.clock.now()

    def _ask(self) -> None:
        wp, text, chosen = self.context.desk.wp, self.search.text().strip(), self._filter
        kinds, only_action = chosen.kinds, chosen.only_action
        self.items.show(
            Query(
                lambda: status.queue_count(wp, text, kinds, only_action),
                lambda limit, offset: status.queue_rows(wp, text, kinds, only_action, limit, offset),
            )
        )

    def _read_lanes(self) -> None:
        wp, line = self.context.desk.wp, self.context.bridge.status
        self.context.tasks.run(self, lambda: _read(wp, line), self._on_lanes, slot="lanes")

    def _on_lanes(self, result: tuple[Sequence[LaneRow], int]) -> None:
        rows, stopped = result
        self.lanes.set_rows(rows)
        self.lanes_table.fit_rows()
        self._paused = frozenset(row.lane for row in rows if row.is_paused)
        is_all = self._paused >= frozenset(Lane)
        self.pause_all.setText(self.tr("Lanjutkan semua  F6") if is_all else self.tr("Jeda semua  F6"))
        images = Lane.SCANS in self._paused
        self.pause_images.setText(self.tr("Lanjutkan gambar  F7") if images else self.tr("Jeda gambar  F7"))
        self.retry.setVisible(stopped > 0)
        self.retry.setText(self.tr("Coba lagi yang berhenti (%1)").replace("%1", fmt.number(stopped)))
        self.chips["action"].setText(
            self.tr("perlu tindakan (%1)").replace("%1", fmt.number(stopped))
            if stopped
            else self.tr("perlu tindakan")
        )

    def _on_counted(self, count: int) -> None:
        if count:
            self.faces.setCurrentWidget(self.items_table)
            place = self.items.place_of(lambda row: row.key == self._to_choose) if self._to_choose else None
            if place is not None:
                self._to_choose = None
                self.items_table.selectRow(place)
            return
        if self.search.text().strip() or self._filter != _Filter():
            self.nothing.say(
                self.tr("Tidak ada yang cocok dengan saringan ini"),
                self.tr("Pilih “semua” atau hapus kata yang dicari."),
            )
        else:
            self.nothing.say(
                self.tr("Tidak ada yang menunggu"),
                self.tr(
                    "Semua yang selesai dientri sudah diterima KPU RI. Lanjutkan di Entri atau Verifikasi."
                ),
            )
        self.faces.setCurrentWidget(self.nothing)

    # ---- doing ---------------------------------------------------------------------------------------------------

    def on_try_now(self) -> None:
        self.context.desk.sync.retry_now()
        self.context.shell.toast(self.tr("Dicoba sekarang. Pekerjaan dapat dilanjutkan."), Tone.BUSY)

    def on_pause_all(self) -> None:
        self._toggle(tuple(Lane), is_paused=self._paused >= frozenset(Lane))

    def on_pause_images(self) -> None:
        self._toggle((Lane.SCANS,), is_paused=Lane.SCANS in self._paused)

    def _toggle(self, lanes: tuple[Lane, ...], *, is_paused: bool) -> None:
        if is_paused:
            self.context.desk.sync.resume(lanes)
            self.context.shell.toast(self.tr("Pengiriman dilanjutkan."))
        else:
            self.context.desk.sync.pause(lanes)
            self.context.shell.toast(
                self.tr("Pengiriman dijeda. Entri dan pindai dapat dilanjutkan."), Tone.OFF
            )
        self._read_lanes()

    def on_send_first(self) -> None:
        row = self.items.row_at(self.items_table.currentIndex().row()) if self.items.rowCount() else None
        if row is None or row.key is None:
            return
        wp, key, sync = self.context.desk.wp, row.key, self.context.desk.sync

        def success(_result: object) -> None:
            sync.wake()
            self.context.shell.toast(
                self.tr("%1 dikirim sekarang, mendahului yang lain.").replace("%1", key.tps.label)
            )
            self.on_store_changed()

        self.context.tasks.run(self, lambda: queue.send_first(wp, key.tps), success)

    def on_bundle(self) -> None:
        if self.context.desk.bundles is None:
            return
        dialog = BundleDialog(self, self.context.tasks, self.context.desk.bundles)
        dialog.taken_in.connect(self.context.desk.sync.wake)
        dialog.taken_in.connect(self.on_store_changed)
        dialog.open()

    def on_retry_stopped(self) -> None:
        wp, sync = self.context.desk.wp, self.context.desk.sync

        def success(_result: object) -> None:
            sync.wake()
            self.context.shell.toast(self.tr("Yang berhenti dimasukkan kembali ke antrean."))
            self.on_store_changed()

        self.context.tasks.run(self, lambda: queue.retry(wp, None), success)

    def _on_chip(self, code: str) -> None:
        self._filter = {
            "all": _Filter(),
            "action": _Filter(only_action=True),
            "numbers": _Filter((ItemKind.RECORD, ItemKind.WITHDRAWAL)),
            "verdicts": _Filter((ItemKind.VERDICT,)),
            "images": _Filter((ItemKind.SCAN,)),
        }[code]
        self._ask()

    def _on_opened(self, place: int) -> None:
        row = self.items.row_at(place)
        if row is not None and row.key is not None:
            self.context.shell.open_form(row.key)

    def _next_words(self, row: QueueRow) -> str:
        if row.needs_action:
            return self.tr("perlu tindakan")
        return fmt.countdown(row.next_try, self._now())


def _form_words(row: QueueRow) -> str:
    """`TPS 014 · Soreang`."""
    return f"{row.key.tps.label} · {proper(row.desa_name)}"


def _read(wp: Workplace, line: SyncStatus) -> tuple[Sequence[LaneRow], int]:
    stopped = status.queue_count(wp, only_action=True)
    return lane_rows(status.lanes(wp), status.channels(wp), line), stopped
