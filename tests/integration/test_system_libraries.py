"""The Debian packages in installer/debian.toml are enough: a real X window opens, and the offscreen one does."""

import os
import subprocess
import sys

import pytest

WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("LATIHAN")
label.show()
app.processEvents()
print(app.platformName(), label.isVisible(), label.grab().width() > 10)
"""


def window_on(**env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WINDOW],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip() or done.stderr


def test_an_offscreen_window() -> None:
    assert window_on(QT_QPA_PLATFORM="offscreen", DISPLAY="") == "offscreen True True"


@pytest.mark.peer("xvfb")
@pytest.mark.skipif(sys.platform != "linux", reason="X is the screen of Linux")
def test_a_window_on_a_real_screen(virtual_screen: str) -> None:
    assert window_on(QT_QPA_PLATFORM="xcb", DISPLAY=virtual_screen) == "xcb True True"
