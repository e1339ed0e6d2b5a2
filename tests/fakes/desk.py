"""A desk for tests and pictures of the window: a real workplace in a temporary folder, a line that does as it is told.

Everything is filled through services, as people would; only the engine (`FakeSync`) and the page intake are stand-ins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from app.domain.c1form import C1Key
from app.ports import ChannelState, IntakeProgress, IntakeResult, IntakeState, Lane, LineState, SyncStatus
from app.services.workplace import PinCost

QUICK_PIN = PinCost(1, 1024)  # a test signs in a hundred times

WORDS = {
    LineState.OK: "KPU RI menjawab. Tidak ada yang tertahan.",
    LineState.PAUSED_HERE: "Pengiriman dijeda di sini. Pekerjaan dapat dilanjutkan.",
}


class FakeClock:
    """Wall time that stands still until it is moved."""

    def __init__(self, now: float = 1_555_657_200.0) -> None:  # 19 April 2019, 14.00 WIB
        self.at = now

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


class MemorySecrets:
    """Kept until the test ends."""

    is_lasting = False

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class ChannelStore(Protocol):
    """The part of the engine's store a pause needs."""

    def channel(self, lane: Lane) -> ChannelState: ...

    def save_channel(self, state: ChannelState) -> None: ...


class FakeSync:
    """An engine as the window sees it; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.paused: set[Lane] = set()
        self.store: ChannelStore | None = None  # where a pause is kept, as the engine keeps it
        self.listeners: list[Callable[[SyncStatus], None]] = []
        self._status = SyncStatus(LineState.OK, WORDS[LineState.OK])

    def start(self) -> None:
        self.asked.append("start")

    def close(self) -> None:
        self.asked.append("close")

    def wake(self) -> None:
        self.asked.append("wake")

    def retry_now(self) -> None:
        self.asked.append("retry_now")

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self.paused |= set(lanes)
        self._keep(lanes)
        if self.paused == set(Lane):
            self.become(LineState.PAUSED_HERE, WORDS[LineState.PAUSED_HERE])

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self.paused -= set(lanes)
        self._keep(lanes)
        self.become(LineState.OK, WORDS[LineState.OK])

    def _keep(self, lanes: Sequence[Lane]) -> None:
        if self.store is not None:
            for lane in lanes:
                self.store.save_channel(replace(self.store.channel(lane), is_paused=lane in self.paused))

    def status(self) -> SyncStatus:
        return self._status

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def become(self, line: LineState, sentence: str, **facts: float) -> None:
        """Change, and tell everybody who listens."""
        self._status = replace(SyncStatus(line, sentence), **facts)
        for listener in list(self.listeners):
            listener(self._status)


class FakeIntake:
    """Takes nothing in, but says what it was given."""

    def __init__(self) -> None:
        self.given: list[Path] = []

    def take_in(
        self,
        paths: Sequence[Path],
        *,
        key: C1Key | None = None,
        page: int | None = None,
        by: str = "",
        progress: Callable[[IntakeProgress], None] | None = None,
    ) -> Sequence[IntakeResult]:
        self.given += list(paths)
        return [IntakeResult(str(path), IntakeState.INBOX, key=key, page=page) for path in paths]
