"""Every keystroke on its way to the disk, without waiting for it; and what did not get there.

Invariants: `save` returns at once; a value that could not be written stays known here, is said loudly, and is tried
again until it is on the disk; newer values of the same box replace older ones. Thread: UI; the store's futures come
back over one queued signal.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from app.domain.cell import Cell
from app.errors import ExpectedError, Unavailable
from app.services import keying
from app.services.workplace import Workplace

RETRY_MS = 2_000  # a full disk is emptied by a person: trying faster only wears it
FLUSH_S = 30.0


@dataclass(frozen=True, slots=True)
class _Save:
    reading_id: int
    field: str
    cell: Cell | None
    current: str
    text: str


class Saves(QObject):
    """`problem` carries the sentence to show, empty once everything is on the disk again."""

    problem = Signal(str)
    _settled = Signal(object, object)

    def __init__(self, wp: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wp = wp
        self._flying: set[Future[None]] = set()
        self._newest: dict[tuple[int, str], _Save] = {}
        self._failed: dict[tuple[int, str], _Save] = {}
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(RETRY_MS)
        self._timer.timeout.connect(self.retry)

    @property
    def failed_count(self) -> int:
        return len(self._failed)

    def save(self, reading_id: int, field: str, cell: Cell | None, current: str, text: str) -> None:
        """Hand one box over to the writer."""
        self._start(_Save(reading_id, field, cell, current, text))

    @Slot()
    def retry(self) -> None:
        """Try again what failed."""
        for save in list(self._failed.values()):
            self._start(save)

    def flush(self) -> Callable[[], None]:
        """A function for a worker: waits until what was handed over so far is on the disk, raises what went wrong."""
        for save in list(self._failed.values()):
            self._start(save)
        flying = tuple(self._flying)
        return partial(_wait, flying)

    def _start(self, save: _Save) -> None:
        place = (save.reading_id, save.field)
        self._newest[place] = save
        future = keying.save_cell(self._wp, save.reading_id, save.field, save.cell, save.current, save.text)
        self._flying.add(future)
        future.add_done_callback(partial(self._tell, save))

    def _tell(self, save: _Save, future: Future[None]) -> None:
        """On the writer's thread. The window may be gone by now: the value is on the disk, nobody is left to tell."""
        with suppress(RuntimeError):
            self._settled.emit(save, future)

    @Slot(object, object)
    def _on_settled(self, save: _Save, future: Future[None]) -> None:
        self._flying.discard(future)
        place = (save.reading_id, save.field)
        if self._newest.get(place) is not save:
            return  # a newer value of this box is on its way: that one counts
        error = future.exception()
        if isinstance(error, ExpectedError) and not isinstance(error, Unavailable):
            del self._newest[place]  # the draft is closed or in other hands: trying again would never help
            self.problem.emit(error.sentence())
            return
        if error is not None:
            self._failed[place] = save
            self._timer.start()
            self.problem.emit(self._sentence(error))
            return
        del self._newest[place]
        if self._failed.pop(place, None) is not None and not self._failed:
            self._timer.stop()
            self.problem.emit("")

    def _sentence(self, error: BaseException) -> str:
        why = error.sentence() if isinstance(error, ExpectedError) else str(error)
        return self.tr(
            "Isian terakhir BELUM tersimpan di disk. %1 Angka tetap di layar dan dicoba lagi; jangan tutup program."
        ).replace("%1", why)


def _wait(flying: tuple[Future[None], ...]) -> None:
    done, waiting = wait_for(flying, timeout=FLUSH_S)
    for future in done:
        future.result()
    if waiting:
        raise Unavailable(
            QCoreApplication.translate("Saves", "Disk belum selesai menyimpan isian ini."),
            hint=QCoreApplication.translate("Saves", "Tunggu sebentar, lalu tekan Enter lagi."),
        )
