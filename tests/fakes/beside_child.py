"""Lives of the engine's process for the tests of `sync.beside`: an engine that tells what it was asked, and bad ones.

Functions of a module, because a spawned process imports them by name.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from app.ports import Lane, LineState, SyncControl, SyncStatus
from sync.beside import NotHere, PipeSecrets, Up, obey, settle_in, speaking

TOKEN = "kunci"


class Told(SyncControl):
    """Its sentence is what it was asked, word by word."""

    def __init__(self) -> None:
        self._words: list[str] = [f"pid={os.getpid()}"]
        self._listeners: list[Callable[[SyncStatus], None]] = []

    def start(self) -> None:
        self._hear("start")

    def close(self) -> None:
        self._hear("close")

    def wake(self) -> None:
        self._hear("wake")

    def retry_now(self) -> None:
        self._hear("retry_now")

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._hear("pause:" + ",".join(lanes))

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None:
        self._hear("resume:" + ",".join(lanes))

    def status(self) -> SyncStatus:
        return SyncStatus(LineState.OK, " ".join(self._words))

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _hear(self, word: str) -> None:
        self._words.append(word)
        for listener in self._listeners:
            listener(self.status())


def honest(pipe: Connection) -> None:
    """Does what it is asked until it is closed."""
    settle_in()
    engine, up = Told(), Up(pipe)
    speaking(engine, up)
    engine.start()
    obey(pipe, engine)
    engine.close()


def with_secret(pipe: Connection) -> None:
    """Says the token it was given, then gets a new one."""
    up = Up(pipe)
    secrets = PipeSecrets({TOKEN: "lama"}, up.send)
    was, none = secrets.get(TOKEN), secrets.get("lain")
    secrets.put(TOKEN, "baru")
    up.send(SyncStatus(LineState.OK, f"{was} {none} {secrets.get(TOKEN)}"))
    obey(pipe, Told())


def deaf(pipe: Connection) -> None:
    """Hangs: reads nothing, ends by nothing but SIGKILL."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Up(pipe).send(SyncStatus(LineState.OK, f"pid={os.getpid()}"))
    threading.Event().wait()


def kept_from_work(pipe: Connection) -> None:
    """The disk of this PC is full."""
    Up(pipe).send(NotHere("sqlite_full"))


def stillborn(_: Connection) -> None:
    """Dies before a word."""
    os._exit(3)
