"""Entri kedua: the same page, blind. Only this reader's own draft is fetched, never what anybody keyed before.

Third readers and the coordinator get the differing boxes alone, blanked, as a stream across forms: F5, or from the form
they open on. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from app.domain.c1form import C1Key
from app.domain.readings import Order
from app.services import boxes
from app.services.people import Session
from ui import theme
from ui.format import number
from ui.page import Context, KeyHelp
from ui.pages.box_stream import BoxStream
from ui.pages.keying import KeyingPage
from ui.pages.keying_jobs import Opened


class SecondReadingPage(KeyingPage):
    """Second, third and deciding readings."""

    ORDERS = (Order.SECOND, Order.THIRD, Order.COORDINATOR)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.stream = BoxStream(context, self.images)
        self.stream.ended.connect(self._on_stream_ended)
        self.stack.addWidget(self.stream)
        self.one_by_one = QPushButton()
        theme.set_role(self.one_by_one, "primary")
        self.one_by_one.setAutoDefault(True)
        self.one_by_one.clicked.connect(self._on_one_by_one)
        self.one_by_one.hide()
        column = self.list.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101 - what the list is made of
        column.insertWidget(1, self.one_by_one, 0, Qt.AlignmentFlag.AlignLeft)

    def heading(self) -> str:
        return self.tr("Entri kedua")

    def nothing_left(self) -> str:
        return self.tr("Selesai. Tidak ada lagi formulir yang menunggu Anda sebagai pembaca kedua.")

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("F5", self.tr("kotak yang berbeda, kotak demi kotak dari formulir mana pun")),
            *super().key_help(),
        )

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        if self.stream.is_open:
            self.stream.focus_work()
            return
        super().on_shown()
        self._count()

    def on_person_changed(self, session: Session | None) -> None:
        self.stream.stop()
        self.one_by_one.hide()
        super().on_person_changed(session)

    def on_store_changed(self) -> None:
        super().on_store_changed()
        if self.view.entry is None and not self.stream.is_open:
            self._count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5 and self.view.entry is None and not event.isAutoRepeat():
            self.begin_stream()
        else:
            super().keyPressEvent(event)

    # ---- box by box ----------------------------------------------------------------------------------------------

    def begin_stream(self, first: C1Key | None = None) -> None:
        """No form to open: the next differing box of any form this person may read, those of `first` before others."""
        if self._session is not None and not self.stream.is_open and not self._is_opening:
            self._close()
            self.stack.setCurrentWidget(self.stream)
            self.stream.begin(self._session, first)

    def _show(self, found: Opened) -> None:
        """Wherever it was opened: boxes still to be read come one by one, by the rules of the stream.

        A reading that F2 opened again has all its values, and is looked at as a whole.
        """
        entry = found.entry
        if entry.order in boxes.STREAMS and not set(entry.fields) <= set(entry.cells):
            self.begin_stream(entry.key)
        else:
            super()._show(found)

    def _on_one_by_one(self) -> None:
        self.begin_stream()

    def _count(self) -> None:
        session, wp = self._session, self.context.desk.wp
        if session is not None:
            self.context.tasks.run(
                self,
                lambda: boxes.count(wp, session),
                lambda count: self._on_count(session, count),
                slot="boxes",
            )

    def _on_count(self, session: Session, count: int) -> None:
        self.one_by_one.setVisible(count > 0 and self._session is session)
        words = self.tr("%1 formulir berbeda: kotak demi kotak (F5)")
        self.one_by_one.setText(words.replace("%1", number(count)))

    def _on_stream_ended(self, text: str) -> None:
        self.stack.setCurrentWidget(self.list)
        self.list.refresh()
        self.list.say(text)
        self.list.focus_work()
        self._count()
