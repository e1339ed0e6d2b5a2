"""`train --screenshot`: the practice window by itself, from an empty folder to a picture; and starts that fail."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from tests.fakes.program import Program


def test_an_empty_folder_becomes_a_picture_of_somebodys_page(program: Program, tmp_path: Path) -> None:
    picture = tmp_path / "entri.png"
    program.run(
        "train", "--forms", 5, "--page", "keying", "--screenshot", picture, "--data", tmp_path / "latihan"
    )
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1366, 768)


def test_somebody_unknown_is_a_sentence(program: Program, tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    done = program.run(
        "train", "--forms", 1, "--as", "hantu", "--screenshot", picture, "--data", tmp_path / "l", ok=[1]
    )
    assert "hantu" in done.err
    assert not picture.exists()


def test_a_session_without_a_screen_is_a_sentence(program: Program, tmp_path: Path) -> None:
    blind = Program(env={"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""})
    assert "layar" in blind.run("gui", "--data", tmp_path, ok=[1]).err
