"""Practice only: one quiet line that says the next step of the first ten minutes, and how far one is.

Invariants: it never takes the focus and never covers anything; a step is ticked off by the workplace's facts
(`app.training.guide`), whoever did it and however; hidden, it can be called back from the status bar. Thread: UI; the
store is asked on workers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.domain.c1form import C1Key
from app.services import register
from app.training import guide as path
from app.training.guide import Guide, Progress, Seen, Step
from ui import theme
from ui.page import Context
from ui.pages.form_column import ballot_title
from ui.pages.guide_slips import SlipsDialog
from ui.places import proper

KEY = "Ctrl+L"  # the whole path by keyboard: what the button does
LOOK_MS = 1_000  # what the screen shows is no fact of the store: looked at once a second
PAGES = {
    Step.CHANGE: "",
    Step.SECOND: "second",
    Step.HOLD: "queue",
    Step.GO_ON: "queue",
}


@dataclass(frozen=True, slots=True)
class _Stand:
    """What came of one look."""

    progress: Progress
    step: Step | None
    key: C1Key | None
    place: str


class GuideStrip(QFrame):
    """Between the page and the status bar."""

    def __init__(self, context: Context, guide: Guide, seen: Callable[[], tuple[str, C1Key | None]]) -> None:
        super().__init__()
        theme.set_role(self, "card")
        self._context, self._guide = context, guide
        self._on_screen = seen
        self._stand: _Stand | None = None
        self._last_seen: Seen | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 12, 6)
        row.setSpacing(10)
        self.count, self.words = QLabel(), QLabel()
        theme.set_role(self.count, "heading")
        self.words.setWordWrap(True)
        self.go = QPushButton(self.tr("B&uka"))
        self.hide_it = QPushButton(self.tr("Sembun&yikan"))
        self.call_back = QPushButton(self.tr("Panduan latihan"))  # the window puts it into its status bar
        theme.set_role(self.call_back, "statusbutton")
        for button in (self.go, self.hide_it):
            theme.set_role(button, "filter")
        row.addWidget(self.count)
        row.addWidget(self.words, 1)
        row.addWidget(self.go)
        row.addWidget(self.hide_it)
        self.go.clicked.connect(lambda _checked=False: self._on_go())
        self.hide_it.clicked.connect(lambda _checked=False: self._hide(is_hidden=True))
        self.call_back.clicked.connect(lambda _checked=False: self._hide(is_hidden=False))
        self.hide()
        self.call_back.hide()
        QShortcut(QKeySequence(KEY), self).activated.connect(self._on_key)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _seen(self) -> Seen:
        return Seen(*self._on_screen())

    def _look(self) -> None:
        if self._seen() != self._last_seen:
            self.read()

    def read(self) -> None:
        """Something may have happened."""
        wp, guide, seen = self._context.desk.wp, self._guide, self._seen()
        self._last_seen = seen

        def operation() -> _Stand:
            before = path.load(wp)
            progress = path.advance(guide, before, path.facts(wp, guide, seen))
            if progress != before:
                path.save(wp, progress)
            step = path.next_step(guide, progress)
            key = guide.forms.get(step) if step is not None else None
            place = ""
            if key is not None:
                place = f"{key.tps.label} {proper(register.station(wp, key.tps).desa_name)}"
                if len(wp.form_ids) > 1:
                    place = f"{place} ({ballot_title(key.form)})"
            return _Stand(progress, step, key, place)

        self._context.tasks.run(self, operation, self._on_read, slot="guide")

    def _on_read(self, stand: _Stand) -> None:
        self._stand = stand
        steps = self._guide.steps
        done = len([one for one in steps if stand.progress.has(one)])
        self.count.setText(
            _tr("Latihan %1/%2").replace("%1", str(min(done + 1, len(steps)))).replace("%2", str(len(steps)))
        )
        self.words.setText(self._sentence(stand))
        words = _tr("Lihat salah ketik…") if stand.step is None else _tr("Buka")
        self.go.setText(f"{words}  {KEY}")
        has_way = stand.step is None or PAGES.get(stand.step, "keying") != ""
        self.go.setVisible(has_way and self._seen().person != "")
        self.setAccessibleName(f"{self.count.text()}. {self.words.text()}")
        self.setVisible(not stand.progress.is_hidden)
        self.call_back.setVisible(stand.progress.is_hidden)

    def _sentence(self, stand: _Stand) -> str:
        if stand.step is None:
            return _tr("Jalan latihan selesai. Lihat di mana ketikan Anda berbeda dari kertas.")
        if not self._seen().person and stand.step not in (Step.CHANGE, Step.SECOND):
            return _tr("Masuk sebagai Rina S. dengan PIN latihan yang tertulis di layar ini.")
        return step_words(stand.step).replace("%1", stand.place)

    def _on_key(self) -> None:
        if self.go.isVisible():
            self._on_go()

    def _on_go(self) -> None:
        stand = self._stand
        if stand is None:
            return
        if stand.step is None:
            SlipsDialog(self.window(), self._context, self._guide).open()
            return
        page = PAGES.get(stand.step, "keying")
        if page:
            self._context.shell.navigate(page, stand.key)

    def _hide(self, *, is_hidden: bool) -> None:
        wp = self._context.desk.wp

        def operation() -> None:
            before = path.load(wp)
            path.save(wp, Progress(before.done, is_hidden))

        self._context.tasks.run(self, operation, lambda _done: self.read())


def step_words(step: Step) -> str:
    """One sentence: what to do next. `%1` stands for the form's place."""
    return {
        Step.CLEAN: _tr(
            "Buka Entri (Ctrl+3), pilih %1, ketik angkanya dari pindaian; Enter setelah setiap kotak."
        ),
        Step.BLANK_ROWS: _tr("Entri %1: yang kosong di kertas diketik dengan tanda -, bukan 0."),
        Step.WRONG_SUM: _tr("Entri %1: jumlahnya salah di kertas. Ketik yang tertulis; pada temuan tekan 1."),
        Step.UNREADABLE: _tr("Entri %1: satu kotak tidak terbaca; ketik * di kotak itu."),
        Step.PAUSE: _tr("Mulai formulir berikutnya, isi beberapa kotak, lalu Esc: semua isian tersimpan."),
        Step.CHANGE: _tr(
            "Tekan F9 dan masuk sebagai Dedi K.: angka tersembunyi seketika, isian Rina tetap tersimpan."
        ),
        Step.SECOND: _tr(
            "Buka Entri kedua (Ctrl+4) dan baca salah satu formulir tadi; entri pertama tidak terlihat."
        ),
        Step.HOLD: _tr(
            "Buka Antrean (Ctrl+6), tekan F6: pengiriman dijeda. Bacalah apa yang menunggu, dan mengapa."
        ),
        Step.GO_ON: _tr("Tekan F6 sekali lagi: pengiriman dilanjutkan."),
    }[step]


def _tr(text: str) -> str:
    return QCoreApplication.translate("guide", text)
