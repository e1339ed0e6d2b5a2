"""A centre over real sockets with a small register, and its district office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from tests.unit.sync.central.office import REALM, Office, small_region


def settings(folder: Path, **changes: Any) -> CentralSettings:
    return CentralSettings(folder, realm=changes.pop("realm", REALM), register=(small_region(),), **changes)


@contextmanager
def running(folder: Path, **changes: Any) -> Iterator[RunningCentre]:
    centre = RunningCentre(settings(folder, **changes))
    centre.start()
    try:
        yield centre
    finally:
        centre.stop()


@contextmanager
def joined(centre: RunningCentre, *, beside: Office | None = None, **who: Any) -> Iterator[Office]:
    """An office with a token, its people registered; `beside`: another PC of that office, with the same people."""
    office = Office(centre.url, **who)
    if beside is not None:
        office.keys, office.roles = beside.keys, beside.roles
    _, code = centre.setup_for(office.district)
    try:
        office.join(code)
        yield office
    finally:
        office.close()
