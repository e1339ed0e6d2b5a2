"""Start of the window with 75,000 forms: `python -m tests.benchmarks.bench_window [STATIONS]`.

A process is started as a user starts it; measured is the time from its start to the painted, usable window (the sign-in
panel takes a PIN) and the memory it then holds. Warm: the first start only fills the file cache and is not counted.
Design section 8: < 1.0 s, RSS < 180 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET_S, TARGET_MB, STARTS = 1.0, 180.0, 5


def main(stations: int) -> None:
    """Make the store once, start the window several times, print the figures beside their targets."""
    from tests.fakes import big_district

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        big_district.make(folder, stations).close()
        runs = [start(folder) for _ in range(STARTS + 1)][1:]
    seconds, megabytes = zip(*runs, strict=True)
    print(f"forms {stations * big_district.FORMS:,}, starts {STARTS}")
    print(f"window usable   worst {max(seconds):.2f} s   best {min(seconds):.2f} s   target < {TARGET_S} s")
    print(f"memory          worst {max(megabytes):.0f} MB                 target < {TARGET_MB:.0f} MB")


def start(folder: Path) -> tuple[float, float]:
    """Seconds from spawn to the painted window, and MB held then."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_window", "child", str(folder), repr(time.time())]
    done = subprocess.run(
        command,
        env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def child(folder: Path, started: float) -> None:
    """The program itself; it reports when the event loop has painted everything, and closes."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.bootstrap import window
    from ui.app import make_application

    app = make_application()

    def report() -> None:
        app.processEvents()
        print(f"{time.time() - started:.3f} {_held_mb():.1f}", flush=True)
        QApplication.closeAllWindows()

    QTimer.singleShot(0, lambda: QTimer.singleShot(0, report))
    window.run(folder)


def _held_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0  # only Linux tells it so plainly
    line = next(one for one in status.read_text(encoding="ascii").splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(Path(sys.argv[2]), float(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15_000)
