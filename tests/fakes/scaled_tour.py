"""The tour at a scale factor, on an office screen of 1366 x 768:
`python -m tests.fakes.scaled_tour FOLDER TEXT_SIZE [PICTURES]`.

Qt takes its scale factor once per process, so this is one (`start` runs it). Prints what is cut or does not fit,
as JSON by stop; with PICTURES it saves a picture of every stop there. Thread: main.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.fakes import looks
from tests.fakes.tour import Stop, Tour
from ui.app import make_application

ROOT = Path(__file__).resolve().parents[2]
SCREEN = (1366, 768)
TITLE_BAR_PX = 30
PATIENCE_S = 120.0


def start(
    folder: Path, factor: float, pictures: Path | None = None, *, text_size: str = "biasa"
) -> dict[str, list[str]]:
    """The faults by stop."""
    screen = {
        "name": "office",
        "x": 0,
        "y": 0,
        "width": SCREEN[0],
        "height": SCREEN[1],
        "logicalDpi": 96,
        "dpr": 1,
    }
    config = folder / "screen.json"
    config.write_text(json.dumps({"screens": [screen]}), "utf-8")
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.fakes.scaled_tour",
            folder,
            text_size,
            *([pictures] if pictures else []),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_SCALE_FACTOR": str(factor),
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    found: dict[str, list[str]] = json.loads(told.stdout)
    return found


def main() -> int:
    app = make_application()
    folder, pictures = Path(sys.argv[1]), Path(sys.argv[3]) if len(sys.argv) > 3 else None
    room = app.primaryScreen().availableGeometry().size()
    tour = Tour(folder, text_size=sys.argv[2], size=(room.width(), room.height() - TITLE_BAR_PX))
    faults: dict[str, list[str]] = {}
    for stop in tour.stops():
        found = faults_of(stop, room.width(), room.height() - TITLE_BAR_PX)
        if found:
            faults[stop.name] = found
        if pictures is not None:
            name = stop.name.replace(":", "").replace(" ", "-").replace("/", "-")
            stop.root.grab().save(str(pictures / f"{name}.png"))
    tour.close()
    sys.stdout.write(json.dumps(faults) + "\n")
    return 0


def faults_of(stop: Stop, width: int, height: int) -> list[str]:
    """What is cut at this stop, and what is larger than the screen."""
    large = looks.outgrown(stop.root, width, height)
    return [*looks.cut(stop.root), *([large] if large else [])]


if __name__ == "__main__":
    sys.exit(main())
