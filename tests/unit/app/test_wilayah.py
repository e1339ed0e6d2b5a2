"""The shipped region of Kabupaten Bandung, its files' faults, and what a name on the screen looks like."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.domain.wilayah import TpsId, is_area_code, parent_of
from app.errors import NotFound, Unavailable
from app.forms.wilayah import FOLDER, Area, Level, RegionFault, load_region, public_tps_id, read_region

REGION = load_region("3204")
KULON = Path(__file__).parents[2] / "data" / "cileunyi_kulon_ppwp_2019.csv"

AREAS = """kode,tingkat,nama,induk,kpu_id
32,provinsi,JAWA BARAT,,26141
3204,kabupaten,BANDUNG,32,27407
320405,kecamatan,CILEUNYI,3204,27408
3204052001,desa,CILEUNYI KULON,320405,27409
"""
STATIONS = """kode_desa,nomor_tps,dpt_l,dpt_p
3204052001,1,97,101
3204052001,2,96,94
"""


def write(tmp_path: Path, areas: str = AREAS, stations: str = STATIONS) -> tuple[Path, Path]:
    paths = tmp_path / "areas.csv", tmp_path / "tps.csv"
    for path, text in zip(paths, (areas, stations), strict=True):
        path.write_text(text, encoding="utf-8", newline="")
    return paths


def test_the_district_is_whole() -> None:
    assert Counter(area.level for area in REGION.areas) == {
        Level.PROVINSI: 1,
        Level.KABUPATEN: 1,
        Level.KECAMATAN: 31,
        Level.DESA: 280,
    }
    assert len(REGION.stations) == len(REGION.station_by_tps) == 10_338
    assert sum(one.dpt_l + one.dpt_p for one in REGION.stations) == 2_360_659


def test_every_area_and_every_tps_hangs_on_the_one_above() -> None:
    codes = set(REGION.area_by_code)

    assert {area.parent for area in REGION.areas} <= codes | {""}
    assert all(area.parent == (parent_of(area.code) or "") for area in REGION.areas)
    assert {one.tps.desa for one in REGION.stations} == {
        area.code for area in REGION.areas if area.level is Level.DESA
    }


def test_public_ids_are_unique_and_in_the_shape_of_2019() -> None:
    ids = {one.kpu_id for one in REGION.stations}

    assert len(ids) == len(REGION.stations)
    assert all(len(one) == len("900003213") and one.startswith("9") for one in ids)
    assert len({area.kpu_id for area in REGION.areas}) == len(REGION.areas)
    assert public_tps_id("27409", 19) == "927409019"


def test_numbers_above_99_are_kept_and_names_are_those_of_2019() -> None:
    assert max(one.tps.number for one in REGION.stations) == 180
    names = {area.name for area in REGION.areas}
    assert {"BANJARAN KULON", "MANGUNHARJA"} <= names


def test_cileunyi_kulon_agrees_with_the_published_table() -> None:
    with KULON.open(encoding="utf-8", newline="") as file:
        table = {row["tps"]: (int(row["dpt_l"]), int(row["dpt_p"])) for row in csv.DictReader(file)}
    ours = {one.tps: (one.dpt_l, one.dpt_p) for one in REGION.stations if one.tps.desa == "3204052001"}

    assert ours == table


def test_names_for_the_screen() -> None:
    labels = [REGION.area_by_code[code].label for code in ("32", "3204", "320405", "3204052001")]

    assert labels == ["Jawa Barat", "Kab. Bandung", "Kec. Cileunyi", "Cileunyi Kulon"]


def test_a_region_is_read_once() -> None:
    assert load_region("3204") is REGION


@pytest.mark.parametrize("code", ["3273", "../3204", ""])
def test_an_unknown_region_is_told(code: str) -> None:
    with pytest.raises(NotFound, match="tidak ada di program ini") as caught:
        load_region(code)
    assert "CSV" in caught.value.hint


def test_a_small_region_reads(tmp_path: Path) -> None:
    region = read_region(*write(tmp_path))

    assert region.areas[-1] == Area("3204052001", Level.DESA, "CILEUNYI KULON", "320405", "27409")
    assert [(one.tps, one.dpt_l, one.dpt_p, one.kpu_id) for one in region.stations] == [
        ("3204052001001", 97, 101, "927409001"),
        ("3204052001002", 96, 94, "927409002"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("320405,kec", "32040,kec", "baris 4: `kode` harus 2, 4, 6 atau 10 angka, bukan '32040'."),
        ("320405,kec", "32O405,kec", "baris 4: `kode` harus 1-13 angka, bukan '32O405'."),
        ("kecamatan,CIL", "desa,CIL", "baris 4: `tingkat` harus kecamatan menurut kodenya, bukan 'desa'."),
        ("CILEUNYI,3204", ",3204", "baris 4: `nama` harus berupa nama (1-80 huruf), bukan ''."),
        ("CILEUNYI,3204", "CILEUNYI,3205", "baris 4: induk '3205' dari 320405 tidak cocok atau belum ada."),
        ("3204,kabupaten", "3209,kabupaten", "baris 4: induk '3204' dari 320405 tidak cocok atau belum ada."),
        ("27408\n", "\n", "baris 4: `kpu_id` harus 1-13 angka, bukan ''."),
        ("27409\n", "27409\n3204052001,desa,X,320405,1\n", "baris 6: kode 3204052001 sudah ada."),
    ],
)
def test_a_fault_in_the_areas(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(RegionFault) as caught:
        read_region(*write(tmp_path, areas=AREAS.replace(old, new, 1)))
    assert f"areas.csv, {says}" in caught.value.faults


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("3204052001,2", "3204052001,1", "baris 3: TPS 3204052001001 sudah ada."),
        ("3204052001,2", "3204052009,2", "baris 3: desa '3204052009' tidak dikenal."),
        ("3204052001,2", "320405,2", "baris 3: desa '320405' tidak dikenal."),
        (",2,96", ",0,96", "baris 3: `nomor_tps` harus bilangan 1-999, bukan '0'."),
        ("96,94", "96,", "baris 3: `dpt_p` harus bilangan 0-9999, bukan ''."),
    ],
)
def test_a_fault_in_the_stations(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(RegionFault) as caught:
        read_region(*write(tmp_path, stations=STATIONS.replace(old, new, 1)))
    assert f"tps.csv, {says}" in caught.value.faults


def test_a_region_without_its_stations_is_not_there(tmp_path: Path) -> None:
    areas, stations = write(tmp_path)
    stations.unlink()

    with pytest.raises(Unavailable, match=r"tps\.csv tidak dapat dibaca"):
        read_region(areas, stations)


@pytest.mark.parametrize("text", ["3204052001001", "3204052001 001", "32.04.05.2001/001", "3204052001-001"])
def test_a_tps_code_is_read_as_people_write_it(text: str) -> None:
    tps = TpsId.parse(text)

    assert tps == "3204052001001"
    assert (tps.provinsi, tps.kabupaten, tps.kecamatan, tps.desa) == ("32", "3204", "320405", "3204052001")
    assert (tps.number, tps.label) == (1, "TPS 001")


@pytest.mark.parametrize(
    "text", ["", "3204052001", "3204052001000", "32040520010011", "3204O52001001", "٣204052001001"]
)
def test_what_is_no_tps_code_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="13 angka"):
        TpsId.parse(text)


def test_the_areas_above_a_tps() -> None:
    chain = ["3204052001001"]
    while above := parent_of(chain[-1]):
        chain.append(above)

    assert chain == ["3204052001001", "3204052001", "320405", "3204", "32"]
    assert [is_area_code(code) for code in chain] == [False, True, True, True, True]
    assert not is_area_code("32o4")


def test_the_shipped_files_are_plain() -> None:
    for path in sorted(FOLDER.glob("3204-*.csv")):
        data = path.read_bytes()
        assert data.isascii(), path.name
        assert b"\r" not in data, path.name
