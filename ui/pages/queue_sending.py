"""How images are sent, as one row of controls: at any time or at night, and how fast. What is chosen holds at once.

Invariant: what is shown is what is kept; a choice is written off the UI thread, then the engine is woken. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.domain.sending import NIGHT, Sending, hours_of
from app.errors import BadInput
from app.services import sending
from ui import format as fmt
from ui.page import Context
from ui.theme import Tone, text_width

_FRAME_PX = 24  # border and padding, and room for the cursor
LIMITS_KBIT_S = (256, 512, 1024, 2048, 4096)


class SendingRow(QWidget):
    """Night hours and bandwidth of images."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._kept = Sending()
        self.when = QComboBox()
        self.when.addItems([self.tr("kapan saja"), self.tr("hanya pukul")])
        self.hours = QLineEdit()
        self.hours.setAccessibleName(self.tr("Gambar dikirim antara pukul"))
        self.hours.setFixedWidth(text_width("00.00-00.00") + _FRAME_PX)
        self.limit = QComboBox()
        self.limit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._build()
        self._connect()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for words, field in (
            (self.tr("Kirim &gambar"), self.when),
            (self.tr("&Batas kecepatan"), self.limit),
        ):
            label = QLabel(words)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
            if field is self.when:
                row.addWidget(self.hours)
                row.addSpacing(18)
        row.addStretch(1)

    def _connect(self) -> None:
        self.when.activated.connect(self._on_chosen)
        self.limit.activated.connect(self._on_chosen)
        self.hours.editingFinished.connect(self._on_chosen)

    def read(self) -> None:
        """Show what is kept."""
        wp = self._context.desk.wp
        self._context.tasks.run(self, lambda: sending.chosen(wp), self._show, slot="sending")

    def _show(self, kept: Sending) -> None:
        self._kept = kept
        self.when.setCurrentIndex(0 if kept.hours is None else 1)
        self.hours.setText(str(kept.hours or NIGHT))
        self.hours.setVisible(kept.hours is not None)
        self._show_limits(kept.limit_kbit_s)

    def _show_limits(self, chosen: int | None) -> None:
        """The usual ones, and the one that was chosen on the command line."""
        self.limit.clear()
        self.limit.addItem(self.tr("tanpa batas"), None)
        for one in sorted({*LIMITS_KBIT_S, *([chosen] if chosen else [])}):
            self.limit.addItem(self.tr("%1 kbit/s").replace("%1", fmt.number(one)), one)
        self.limit.setCurrentIndex(self.limit.findData(chosen))

    def _chosen(self) -> Sending:
        """What stands in the controls. Raises BadInput."""
        limit = self.limit.currentData()
        if self.when.currentIndex() == 0:
            return Sending(None, limit)
        return Sending(hours_of(self.hours.text()), limit)

    def _on_chosen(self) -> None:
        try:
            wanted = self._chosen()
        except BadInput as error:
            self._context.shell.toast(error.sentence(), Tone.BAD)
            self._show(self._kept)
            return
        if wanted == self._kept:
            return
        wp, sync = self._context.desk.wp, self._context.desk.sync

        def success(_result: object) -> None:
            sync.wake()
            self._show(wanted)
            self._context.shell.toast(self._words(wanted))

        self._context.tasks.run(self, lambda: sending.choose(wp, wanted), success)

    def _words(self, chosen: Sending) -> str:
        if chosen.hours is None:
            return self.tr("Gambar dikirim kapan saja, sesudah angka.")
        return self.tr("Gambar hanya dikirim pukul %1; angka tetap dikirim.").replace("%1", str(chosen.hours))
