"""What the window's process is to its engine, without the window: `python -m tests.fakes.beside_parent DIR`.

Opens the folder, starts the engine beside, prints the engine's process number whenever it is another one, and the word
`sent` once nothing waits. Ends when its standard input does.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path

from app import bootstrap
from app.bootstrap.beside import engine_beside
from app.ports import SyncStatus
from app.services import queue
from sync.beside import Beside


def main(folder: Path) -> None:
    with bootstrap.opened(folder) as wp, contextlib.closing(engine_beside(wp)) as line:
        assert isinstance(line, Beside)
        said: list[str] = []

        def tell(_: SyncStatus) -> None:
            left = queue.left(wp)
            is_sent = not (left.numbers or left.images)
            for word in [str(line.pid), *(["sent"] if is_sent else [])]:
                if word not in said:
                    said.append(word)
                    print(word, flush=True)

        line.subscribe(tell)
        line.start()
        threading.Thread(target=_hurry, args=(line,), daemon=True).start()
        sys.stdin.read()


def _hurry(line: Beside) -> None:
    """The person presses *Coba sekarang* as often as a test needs."""
    never = threading.Event()
    while not never.wait(0.2):
        line.retry_now()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
