"""Regions: areas and polling stations with their DPT, from `resources/wilayah/` or from a district's own list.

Invariants: nothing is half read - a region comes back whole or `RegionFault` names file, line and fault; codes are
Kemendagri's, KPU's ids of 2019 are aliases. Thread: any.

A district's list is one CSV file (UTF-8; comma, semicolon or tab; the first line names the columns, in any order):

    kode_desa,desa,kode_kecamatan,kecamatan,nomor_tps,dpt_l,dpt_p[,kpu_id][,kabupaten][,provinsi]
    3204052001,Cileunyi Kulon,320405,Cileunyi,1,97,101

`kpu_id` is the TPS's own id at KPU; without it the 13-digit code stands in. Areas of such a list have no KPU ids, so
their codes stand in; without `kabupaten` and `provinsi` those two are named by their codes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from app.domain.wilayah import TpsId, is_area_code, parent_of
from app.errors import BadInput, NotFound, Unavailable

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "wilayah"

MAX_FILE_BYTES = 32_000_000  # the largest district (15,000 TPS) is under 2 MB
MAX_HEADER = 1_000
MAX_NAME = 80
MAX_DPT = 9_999  # the law's limit is 300 per TPS; a mistyped list is a fault, an odd one is not
MAX_TPS = 999
MAX_FAULTS = 50  # enough to see what is wrong with a list; a wrong column would give ten thousand
_DESA_DIGITS = 10
_TPS_DIGITS = 13
_SHOWN = 30
_LINE_END = re.compile(r"\r\n|\n|\r")

_COLUMNS = ("kode_desa", "desa", "kode_kecamatan", "kecamatan", "nomor_tps", "dpt_l", "dpt_p")
_OPTIONAL = ("kpu_id", "kabupaten", "provinsi")
_AREA_COLUMNS = ("kode", "tingkat", "nama", "induk", "kpu_id")
_STATION_COLUMNS = ("kode_desa", "nomor_tps", "dpt_l", "dpt_p")
_TITLES = {"kabupaten": "Kab. ", "kecamatan": "Kec. "}


class Level(StrEnum):
    """What kind of area a code names."""

    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KECAMATAN = "kecamatan"
    DESA = "desa"


_LEVEL_OF = {2: Level.PROVINSI, 4: Level.KABUPATEN, 6: Level.KECAMATAN, _DESA_DIGITS: Level.DESA}


@dataclass(frozen=True, slots=True)
class Area:
    """One area. `name` is written as KPU writes it (capitals); `parent` is "" for a provinsi."""

    code: str
    level: Level
    name: str
    parent: str
    kpu_id: str

    @property
    def label(self) -> str:
        """For the screen: `Kab. Bandung`, `Kec. Cileunyi`, `Cileunyi Kulon`."""
        return _TITLES.get(self.level, "") + self.name.title()


@dataclass(frozen=True, slots=True)
class Station:
    """One TPS with the registered men and women of its list; `kpu_id` is its name in the public tree."""

    tps: TpsId
    dpt_l: int
    dpt_p: int
    kpu_id: str


@dataclass(frozen=True)
class Region:
    """A district: areas from the provinsi down, by code; stations by code."""

    areas: tuple[Area, ...]
    stations: tuple[Station, ...]

    @cached_property
    def area_by_code(self) -> Mapping[str, Area]:
        return {area.code: area for area in self.areas}

    @cached_property
    def station_by_tps(self) -> Mapping[str, Station]:
        return {station.tps: station for station in self.stations}


class RegionFault(BadInput):
    """A list that cannot be used; `faults` are the first of them, each with file and line."""

    def __init__(self, faults: list[str]) -> None:
        more = f" (dan {len(faults) - 1} kesalahan lain)" if len(faults) > 1 else ""
        super().__init__(
            f"{faults[0]}{more}",
            hint="Tidak ada yang diambil. Perbaiki daftar itu; simpan sebagai CSV UTF-8, kolom kode sebagai teks.",
        )
        self.faults = tuple(faults)


@cache
def load_region(code: str = "3204") -> Region:
    """The shipped region of a kabupaten/kota. Raises NotFound, RegionFault, Unavailable."""
    areas, stations = FOLDER / f"{code}-areas.csv", FOLDER / f"{code}-tps.csv"
    if not is_area_code(code) or not areas.exists():
        raise NotFound(
            f"Daftar TPS {code!r} tidak ada di program ini.", hint="Ambil daftar TPS dari berkas CSV."
        )
    return read_region(areas, stations)


def read_region(areas_path: Path, stations_path: Path) -> Region:
    """A region in the shipped form: one file of areas, one of stations. Raises RegionFault, Unavailable."""
    sheet = _Sheet(areas_path, _AREA_COLUMNS)
    areas: dict[str, Area] = {}
    for row in sheet.rows():
        area = Area(
            code=row.area_code("kode"),
            level=row.level("tingkat"),
            name=row.name("nama"),
            parent=row.text("induk"),
            kpu_id=row.digits("kpu_id"),
        )
        if area.code in areas:
            row.fault(f"kode {area.code} sudah ada.")
        if area.parent != (parent_of(area.code) or "") or (area.parent and area.parent not in areas):
            row.fault(f"induk {area.parent!r} dari {area.code} tidak cocok atau belum ada.")
        areas[area.code] = area
    sheet.raise_faults()
    return Region(tuple(areas.values()), _read_stations(stations_path, areas))


def read_tps_csv(path: Path) -> Region:
    """A district's own list in the documented format. Raises RegionFault, Unavailable."""
    sheet = _Sheet(path, _COLUMNS, _OPTIONAL)
    areas: dict[str, Area] = {}
    lines: dict[str, int] = {}  # TPS code or kpu_id -> the line it stands on
    stations: dict[TpsId, Station] = {}
    for row in sheet.rows():
        desa = row.digits("kode_desa", _DESA_DIGITS)
        above = tuple(row.areas_of(desa))
        tps = TpsId(f"{desa}{row.whole('nomor_tps', 1, MAX_TPS):03d}")
        kpu_id = row.digits("kpu_id") if row.text("kpu_id") else str(tps)
        station = Station(tps, row.whole("dpt_l", 0, MAX_DPT), row.whole("dpt_p", 0, MAX_DPT), kpu_id)
        if row.is_faulty:
            continue  # its stand-in values would only look like duplicates
        for area in above:
            if areas.setdefault(area.code, area) != area:
                row.fault(f"{area.code} bernama {area.name!r}, tetapi di atas {areas[area.code].name!r}.")
        for name in dict.fromkeys((str(tps), kpu_id)):
            if name in lines:
                row.fault(f"TPS {name} sudah ada di baris {lines[name]}.")
            lines.setdefault(name, row.line)
        stations[tps] = station
    sheet.raise_faults()
    if not stations:
        sheet.fault(1, "tidak ada satu TPS pun.")
    kabupaten = sorted({tps.kabupaten for tps in stations})
    if len(kabupaten) > 1:
        sheet.fault(1, f"lebih dari satu kabupaten/kota: {', '.join(kabupaten)}.")
    sheet.raise_faults()
    return Region(
        tuple(sorted(areas.values(), key=lambda area: (len(area.code), area.code))),
        tuple(stations[tps] for tps in sorted(stations)),
    )


def public_tps_id(kel_kpu_id: str, number: int) -> str:
    """Our own id for a TPS in the public tree: the real ids of 2019 (nine digits, 9...) are not at hand."""
    return f"9{kel_kpu_id:0>5}{number:03d}"


def _read_stations(path: Path, areas: Mapping[str, Area]) -> tuple[Station, ...]:
    sheet = _Sheet(path, _STATION_COLUMNS)
    stations: dict[str, Station] = {}
    for row in sheet.rows():
        desa, number = row.text("kode_desa"), row.whole("nomor_tps", 1, MAX_TPS)
        area = areas.get(desa)
        if area is None or area.level is not Level.DESA:
            row.fault(f"desa {desa!r} tidak dikenal.")
            continue
        tps = TpsId(f"{desa}{number:03d}")
        if tps in stations:
            row.fault(f"TPS {tps} sudah ada.")
        dpt_l, dpt_p = row.whole("dpt_l", 0, MAX_DPT), row.whole("dpt_p", 0, MAX_DPT)
        stations[tps] = Station(tps, dpt_l, dpt_p, public_tps_id(area.kpu_id, number))
    sheet.raise_faults()
    return tuple(stations.values())


class _Sheet:
    """One CSV file: its rows by column name, and the faults found in it."""

    def __init__(self, path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        self._path = path
        self._faults: list[str] = []
        self._source = self._text()
        head = _LINE_END.split(self._source, maxsplit=1)[0]
        if len(head) > MAX_HEADER:
            self.fault(1, f"baris pertama lebih dari {MAX_HEADER} huruf; bukan daftar TPS.")
            self.raise_faults()
        self._delimiter = max(",;\t", key=head.count)  # Excel in Indonesian writes semicolons
        names = [name.strip().lower() for name in head.split(self._delimiter)]
        self._header = [name.strip('"') for name in names]
        for name in columns:
            if self._header.count(name) != 1:
                self.fault(1, f"kolom `{name}` harus ada satu kali.")
        for name in self._header:
            if name not in columns + optional:
                self.fault(1, f"kolom {_short(name)} tidak dikenal.")
        self.raise_faults()

    def rows(self) -> Iterator[_Row]:
        """Every line with something in it, after the header. Stops when there are too many faults to go on."""
        reader = csv.reader(io.StringIO(self._source, newline=""), delimiter=self._delimiter, strict=True)
        try:
            next(reader)
            for cells in reader:
                if len(self._faults) >= MAX_FAULTS:
                    return
                if not any(cells):
                    continue
                if len(cells) != len(self._header):
                    self.fault(reader.line_num, f"{len(cells)} kolom, seharusnya {len(self._header)}.")
                    continue
                yield _Row(dict(zip(self._header, cells, strict=True)), reader.line_num, self)
        except csv.Error as error:
            self.fault(reader.line_num, f"bukan CSV yang benar ({error}).")

    def fault(self, line: int, sentence: str) -> None:
        self._faults.append(f"{self._path.name}, baris {line}: {sentence}")

    def raise_faults(self) -> None:
        if self._faults:
            raise RegionFault(self._faults)

    def _text(self) -> str:
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise Unavailable(f"{self._path.name} tidak dapat dibaca ({error.strerror}).") from None
        if len(data) > MAX_FILE_BYTES:
            self.fault(1, f"berkas lebih besar dari {MAX_FILE_BYTES // 1_000_000} MB; bukan daftar TPS.")
            self.raise_faults()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.fault(data.count(b"\n", 0, error.start) + 1, "bukan teks UTF-8.")
            raise RegionFault(self._faults) from None


@dataclass(slots=True)
class _Row:
    """One line. A value that cannot be used is a fault and comes back as the nearest harmless one."""

    cells: dict[str, str]
    line: int
    sheet: _Sheet
    is_faulty: bool = False

    def fault(self, sentence: str) -> None:
        self.is_faulty = True
        self.sheet.fault(self.line, sentence)

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def name(self, column: str) -> str:
        text = " ".join(self.text(column).split())
        if not text or len(text) > MAX_NAME or not text.isprintable():
            self.fault(f"`{column}` harus berupa nama (1-{MAX_NAME} huruf), bukan {_short(text)}.")
        return text

    def whole(self, column: str, low: int, high: int) -> int:
        text = self.text(column)
        if text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high:
            return int(text)
        self.fault(f"`{column}` harus bilangan {low}-{high}, bukan {_short(text)}.")
        return low

    def digits(self, column: str, length: int = 0) -> str:
        """A code of digits; of any length up to 13 when `length` is 0."""
        text = self.text(column)
        if (
            text.isascii()
            and text.isdigit()
            and (len(text) == length if length else len(text) <= _TPS_DIGITS)
        ):
            return text
        self.fault(f"`{column}` harus {length or f'1-{_TPS_DIGITS}'} angka, bukan {_short(text)}.")
        return "0" * (length or 1)

    def area_code(self, column: str) -> str:
        code = self.digits(column)
        if is_area_code(code):
            return code
        self.fault(f"`{column}` harus 2, 4, 6 atau 10 angka, bukan {_short(code)}.")
        return "00"

    def level(self, column: str) -> Level:
        expected = _LEVEL_OF[len(self.area_code("kode"))]
        if self.text(column) != expected.value:
            self.fault(
                f"`{column}` harus {expected.value} menurut kodenya, bukan {_short(self.text(column))}."
            )
        return expected

    def areas_of(self, desa: str) -> Iterator[Area]:
        """Provinsi, kabupaten, kecamatan and desa of this line; codes stand in for KPU ids and missing names."""
        kecamatan = self.digits("kode_kecamatan", len("320405"))
        if kecamatan != desa[:6] and not self.is_faulty:
            self.fault(f"kode_kecamatan {kecamatan} bukan awal dari kode_desa {desa}.")
        for code, column in ((desa[:2], "provinsi"), (desa[:4], "kabupaten")):
            name = self.name(column) if self.text(column) else code
            yield Area(code, Level(column), name, parent_of(code) or "", code)
        yield Area(kecamatan, Level.KECAMATAN, self.name("kecamatan"), kecamatan[:4], kecamatan)
        yield Area(desa, Level.DESA, self.name("desa"), desa[:6], desa)


def _short(text: str) -> str:
    """What stands in the file, quoted, cut: a huge field must not fill the screen."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
