"""A running centre and an office enrolled at it: what most tests of the centre begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.central.server import RunningCentre
from tests.unit.sync.central.office import Office
from tests.unit.sync.central.running import joined, running


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with running(tmp_path / "pusat") as one:
        yield one


@pytest.fixture
def office(centre: RunningCentre) -> Iterator[Office]:
    with joined(centre) as one:
        yield one
