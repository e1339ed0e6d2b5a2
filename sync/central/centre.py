"""What every part of the centre works with: settings, store, key, register, forms, clock. Made once in `server.build`.

Thread: any; everything here is immutable or has its own lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.form import FormDefinition
from app.forms.wilayah import Area, Region, Station
from sync.central.database import Database
from sync.central.keys import SigningKey
from sync.central.settings import CentralSettings


class Register:
    """Areas and stations of every region this centre publishes."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.areas: dict[str, Area] = {}
        self.stations: dict[str, Station] = {}
        self.children: dict[str, list[Area]] = {"": []}
        self.stations_of: dict[str, list[Station]] = {}
        for region in regions:
            for area in region.areas:
                if area.code not in self.areas:
                    self.areas[area.code] = area
                    self.children.setdefault(area.parent, []).append(area)
            for station in region.stations:
                self.stations[station.tps] = station
                self.stations_of.setdefault(station.tps.desa, []).append(station)

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """Stations below each area code, "" = all."""
        totals: dict[str, int] = {"": len(self.stations)}
        for station in self.stations.values():
            tps = station.tps
            for code in (tps.provinsi, tps.kabupaten, tps.kecamatan, tps.desa):
                totals[code] = totals.get(code, 0) + 1
        return totals

    def count(self, code: str, areas: Sequence[str] = ("",)) -> int:
        """Stations below `code` that lie in one of `areas` (a dapil's beginnings of codes; none within another)."""
        if code.startswith(tuple(areas)):
            return self.totals.get(code, 0)
        return sum(self.totals.get(one, 0) for one in areas if one.startswith(code))

    @property
    def districts(self) -> list[Area]:
        """The kabupaten/kota served here."""
        return [area for area in self.areas.values() if len(area.code) == 4]

    def path(self, code: str) -> list[Area]:
        """Areas from the provinsi down to `code` (an area or a TPS), as far as they are known."""
        lengths = (length for length in (2, 4, 6, 10) if length <= len(code))
        return [self.areas[code[:length]] for length in lengths if code[:length] in self.areas]


@dataclass(slots=True)
class Switches:
    """What the console turns while the centre runs; one word each, so that threads need no lock."""

    auto_return: bool


@dataclass(frozen=True)
class Centre:
    """The parts of one centre."""

    settings: CentralSettings
    db: Database
    key: SigningKey
    register: Register
    forms: Mapping[str, FormDefinition]
    clock: Callable[[], float]
    switches: Switches

    @property
    def realm(self) -> str:
        return self.settings.realm
