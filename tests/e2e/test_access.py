"""What holds on every page, in every dialog and state: names and roles, the keyboard alone, no words cut.

One walk (`tests/fakes/tour.py`) for all of it, since opening things is what takes the time. Inside the process Qt's own
accessibility is asked; that it leaves the program so is `test_accessibility_tree.py`'s business.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

import ui
from tests.fakes import looks, scaled_tour
from tests.fakes.tour import Tour
from ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

SIZES = {"100 %": (1366, 768), "200 %": (683, 384)}  # an office screen, as Qt counts its pixels at a scale


@dataclass
class Seen:
    """What was found on the walk, by stop."""

    dialogs: set[type[QDialog]] = field(default_factory=set)
    nameless: dict[str, list[str]] = field(default_factory=dict)
    unreachable: dict[str, list[str]] = field(default_factory=dict)
    unmarked: dict[str, list[str]] = field(default_factory=dict)
    cut: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    found, kinds = Seen(), set[tuple[str, ...]]()
    tour = Tour(tmp_path_factory.mktemp("tour"))
    for stop in tour.stops():
        if isinstance(stop.root, QDialog):
            found.dialogs.add(type(stop.root))
        found.nameless[stop.name] = looks.nameless(stop.root)
        found.unreachable[stop.name] = looks.unreachable(stop.root)
        found.unmarked[stop.name] = looks.unmarked(stop.root, kinds)
        for scale, size in SIZES.items() if isinstance(stop.root, MainWindow) else [("100 %", None)]:
            if size is not None:
                stop.root.resize(*size)
                tour.settle()
                large = looks.outgrown(stop.root, *size)
                found.cut[f"{stop.name} at {scale} is"] = [large] if large else []
            found.cut[f"{stop.name} at {scale}"] = looks.cut(stop.root)
        if isinstance(stop.root, MainWindow):
            stop.root.resize(*SIZES["100 %"])
    tour.close()
    return found


def faults(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {stop: what for stop, what in found.items() if what}


def test_the_tour_passes_every_dialog(seen: Seen) -> None:
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        importlib.import_module(module.name)
    ours = {
        kind
        for kind in _heirs(QDialog)
        if kind.__module__.startswith("ui.") and not kind.__name__.startswith("_")
    }
    assert ours - seen.dialogs == set(), "give it a stop in tests/fakes/tour.py"


def _heirs(kind: type[QDialog]) -> Iterator[type[QDialog]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from _heirs(heir)


def test_every_control_has_a_name_and_a_role(seen: Seen) -> None:
    assert faults(seen.nameless) == {}


def test_every_control_is_reached_by_the_keyboard(seen: Seen) -> None:
    assert faults(seen.unreachable) == {}


def test_the_focus_can_be_seen_wherever_it_is(seen: Seen) -> None:
    assert faults(seen.unmarked) == {}


def test_no_words_are_cut_and_the_window_fits_an_office_screen(seen: Seen) -> None:
    assert faults(seen.cut) == {}


@pytest.mark.whole
@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
def test_nothing_is_cut_at_the_scale_of_the_desktop(tmp_path: Path, factor: float) -> None:
    """The same in a process of its own, as the desktop scales it: dialogs ask the screen how large they may be."""
    assert scaled_tour.start(tmp_path, factor) == {}


@pytest.mark.whole
def test_nothing_is_cut_with_the_largest_letters(tmp_path: Path) -> None:
    assert scaled_tour.start(tmp_path, 1.0, text_size="sangat-besar") == {}
