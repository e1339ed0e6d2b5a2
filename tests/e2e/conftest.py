"""The whole program as a user or technician starts it; see tests/fakes/program.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.program import Centre, Program, make_office, start_centre


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def centre(program: Program, tmp_path: Path) -> Iterator[Centre]:
    running = start_centre(program, tmp_path / "pusat")
    yield running
    running.stop()


@pytest.fixture
def office(program: Program, centre: Centre, tmp_path: Path) -> Path:
    """A workplace of the quick profile with an account at the centre and a crew of five."""
    return make_office(program, centre, tmp_path)
