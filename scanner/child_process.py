"""What every image worker does first: end with its parent, leave Ctrl+C to it, keep its memory within bounds.

Runs in the worker process, before its first page.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing import connection

MEMORY_LIMIT_BYTES = 3 * 1024**3  # address space, where the system can limit it; a page needs 100-150 MiB


def settle_in() -> None:
    """Pool initializer; also called by larger ones."""
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C ends the main program, which ends the workers in order
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - does not exist on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _end_with_parent() -> None:
    """A worker holds both ends of its queue, so it would wait for ever when the program is killed outright."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
