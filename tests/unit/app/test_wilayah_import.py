"""A district's own TPS list: what offices really save is read, what cannot be is told by line, nothing half read."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.wilayah import TpsId
from app.errors import Unavailable
from app.forms import wilayah
from app.forms.wilayah import Area, Level, RegionFault, load_region, read_tps_csv

HEADER = "kode_desa,desa,kode_kecamatan,kecamatan,nomor_tps,dpt_l,dpt_p"
LIST = f"""{HEADER}
3204052001,Cileunyi Kulon,320405,Cileunyi,1,97,101
3204052001,Cileunyi Kulon,320405,Cileunyi,2,96,94
3204052002,Cileunyi Wetan,320405,Cileunyi,1,120,118
"""


def write(folder: Path, data: bytes | str) -> Path:
    path = folder / "daftar.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def faults(path: Path) -> tuple[str, ...]:
    with pytest.raises(RegionFault) as caught:
        read_tps_csv(path)
    assert "Tidak ada yang diambil" in caught.value.hint
    return caught.value.faults


def test_a_list_becomes_a_region(tmp_path: Path) -> None:
    region = read_tps_csv(write(tmp_path, LIST))

    assert [(area.code, area.level, area.name, area.parent) for area in region.areas] == [
        ("32", Level.PROVINSI, "32", ""),
        ("3204", Level.KABUPATEN, "3204", "32"),
        ("320405", Level.KECAMATAN, "Cileunyi", "3204"),
        ("3204052001", Level.DESA, "Cileunyi Kulon", "320405"),
        ("3204052002", Level.DESA, "Cileunyi Wetan", "320405"),
    ]
    assert [(one.tps, one.dpt_l, one.dpt_p, one.kpu_id) for one in region.stations] == [
        ("3204052001001", 97, 101, "3204052001001"),
        ("3204052001002", 96, 94, "3204052001002"),
        ("3204052002001", 120, 118, "3204052002001"),
    ]
    assert all(isinstance(one.tps, TpsId) for one in region.stations)


def test_optional_columns_name_the_district_and_the_tps(tmp_path: Path) -> None:
    row = "3204052001,Kulon,320405,Cileunyi,1,97,101,900003213,Bandung,Jawa Barat"
    region = read_tps_csv(write(tmp_path, f"{HEADER},kpu_id,kabupaten,provinsi\n{row}\n"))

    assert region.stations[0].kpu_id == "900003213"
    assert region.area_by_code["3204"] == Area("3204", Level.KABUPATEN, "Bandung", "32", "3204")
    assert region.area_by_code["32"].label == "Jawa Barat"


@pytest.mark.parametrize(
    "saved",
    [
        LIST.encode("utf-8-sig"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode(),
        LIST.upper()
        .replace("CILEUNYI KULON", "Cileunyi Kulon")
        .replace("CILEUNYI", "Cileunyi")
        .replace(" WETAN", " Wetan")
        .encode(),
        LIST.replace("Cileunyi Kulon", '" Cileunyi  Kulon "').encode(),
        LIST.replace(",1,", ",001,").encode(),
        f"{LIST}\n,,,,,,\n".encode(),
        LIST.rstrip("\n").encode(),
    ],
    ids=[
        "bom",
        "crlf",
        "cr",
        "semicolons",
        "tabs",
        "capitals",
        "quotes",
        "leading zeros",
        "empty lines",
        "no last newline",
    ],
)
def test_what_office_programs_save_reads_the_same(tmp_path: Path, saved: bytes) -> None:
    expected = read_tps_csv(write(tmp_path, LIST))

    assert read_tps_csv(write(tmp_path, saved)) == expected


ROW2 = "3204052001,Cileunyi Kulon,320405,Cileunyi,2,96,94"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("320405201,Kulon,320405,Cileunyi,2,96,94", "`kode_desa` harus 10 angka, bukan '320405201'."),
        ("3.20405E+09,Kulon,320405,Cileunyi,2,96,94", "`kode_desa` harus 10 angka, bukan '3.20405E+09'."),
        ("٣٢٠٤٠٥٢٠٠١,Kulon,320405,Cileunyi,2,96,94", "`kode_desa` harus 10 angka, bukan '٣٢٠٤٠٥٢٠٠١'."),
        (ROW2.replace(",320405,", ",320406,"), "kode_kecamatan 320406 bukan awal dari kode_desa 3204052001."),
        (ROW2.replace(",2,", ",0,"), "`nomor_tps` harus bilangan 1-999, bukan '0'."),
        (ROW2.replace(",2,", ",1000,"), "`nomor_tps` harus bilangan 1-999, bukan '1000'."),
        (ROW2.replace(",2,", ",TPS 2,"), "`nomor_tps` harus bilangan 1-999, bukan 'TPS 2'."),
        (ROW2.replace(",96,", ",-96,"), "`dpt_l` harus bilangan 0-9999, bukan '-96'."),
        (ROW2.replace(",96,", ",96.5,"), "`dpt_l` harus bilangan 0-9999, bukan '96.5'."),
        (ROW2.replace(",94", ",²"), "`dpt_p` harus bilangan 0-9999, bukan '²'."),
        (ROW2.replace("Cileunyi Kulon", ""), "`desa` harus berupa nama (1-80 huruf), bukan ''."),
        (ROW2.replace("Kulon", "\x00"), "`desa` harus berupa nama (1-80 huruf), bukan 'Cileunyi \\x00'."),
        (ROW2.replace("Cileunyi Kulon", "x" * 81), f"`desa` harus berupa nama (1-80 huruf), bukan '{'x' * 30}...'."),
        (ROW2.replace("Kulon", "Kulan"), "3204052001 bernama 'Cileunyi Kulan', tetapi di atas 'Cileunyi Kulon'."),
        (ROW2.replace(",2,", ",1,"), "TPS 3204052001001 sudah ada di baris 2."),
        (f"{ROW2},9", "8 kolom, seharusnya 7."),
        ("3204052001", "1 kolom, seharusnya 7."),
        (f'"{ROW2}', "bukan CSV yang benar (unexpected end of data)."),
        (ROW2.replace("Kulon", "x" * 140_000), "bukan CSV yang benar (field larger than field limit (131072))."),
    ],
)  # fmt: skip
def test_a_faulty_line_is_told(tmp_path: Path, row: str, says: str) -> None:
    line = 4 if row.startswith('"') else 3  # an unclosed quote swallows the rest: noticed on the last line

    assert faults(write(tmp_path, LIST.replace(ROW2, row))) == (f"daftar.csv, baris {line}: {says}",)


def test_a_kpu_id_stands_for_one_tps(tmp_path: Path) -> None:
    text = f"{HEADER},kpu_id\n3204052001,Kulon,320405,Cileunyi,1,9,9,77\n3204052001,Kulon,320405,Cileunyi,2,9,9,77\n"

    assert faults(write(tmp_path, text)) == ("daftar.csv, baris 3: TPS 77 sudah ada di baris 2.",)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (
            HEADER.replace("dpt_p", "dpt_x"),
            ("kolom `dpt_p` harus ada satu kali.", "kolom 'dpt_x' tidak dikenal."),
        ),
        (f"{HEADER},dpt_p", ("kolom `dpt_p` harus ada satu kali.",)),
        (HEADER + "," * 1_000, (f"baris pertama lebih dari {wilayah.MAX_HEADER} huruf; bukan daftar TPS.",)),
    ],
)
def test_a_faulty_header_is_told(tmp_path: Path, header: str, says: tuple[str, ...]) -> None:
    found = faults(write(tmp_path, LIST.replace(HEADER, header)))

    assert found == tuple(f"daftar.csv, baris 1: {one}" for one in says)


@pytest.mark.parametrize("data", [b"", b"\n", b"PK\x03\x04\x14\x00", b"%PDF-1.4\n"])
def test_a_file_of_another_kind_is_no_list(tmp_path: Path, data: bytes) -> None:
    assert "daftar.csv, baris 1: kolom `kode_desa` harus ada satu kali." in faults(write(tmp_path, data))


def test_a_header_alone_is_no_list(tmp_path: Path) -> None:
    assert faults(write(tmp_path, f"{HEADER}\n")) == ("daftar.csv, baris 1: tidak ada satu TPS pun.",)


def test_latin_1_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, LIST.replace("Cileunyi Wetan", "Cileunyi Wétan").encode("latin-1"))

    assert faults(path) == ("daftar.csv, baris 4: bukan teks UTF-8.",)


def test_two_districts_in_one_list_are_told(tmp_path: Path) -> None:
    path = write(tmp_path, f"{LIST}3273012001,Sukajadi,327301,Sukajadi,1,90,91\n")

    assert faults(path) == ("daftar.csv, baris 1: lebih dari satu kabupaten/kota: 3204, 3273.",)


def test_a_wrong_column_does_not_give_ten_thousand_faults(tmp_path: Path) -> None:
    rows = "".join(f"3204052001,Kulon,320405,Cileunyi,{n},x,9\n" for n in range(1, 1_000))

    assert len(faults(write(tmp_path, f"{HEADER}\n{rows}"))) == wilayah.MAX_FAULTS


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    with path.open("wb") as file:
        file.truncate(wilayah.MAX_FILE_BYTES + 1)

    assert faults(path) == ("daftar.csv, baris 1: berkas lebih besar dari 32 MB; bukan daftar TPS.",)


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"daftar\.csv tidak dapat dibaca"):
        read_tps_csv(tmp_path / "daftar.csv")


def test_the_whole_district_survives_its_own_format(tmp_path: Path) -> None:
    region = load_region("3204")
    names = {area.code: area.name for area in region.areas}
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow([*HEADER.split(","), "kpu_id", "kabupaten", "provinsi"])
    for one in region.stations:
        place = (one.tps.desa, names[one.tps.desa], one.tps.kecamatan, names[one.tps.kecamatan])
        out.writerow([*place, one.tps.number, one.dpt_l, one.dpt_p, one.kpu_id, "BANDUNG", "JAWA BARAT"])

    again = read_tps_csv(write(tmp_path, text.getvalue()))

    assert again.stations == region.stations
    assert {(area.code, area.name, area.parent) for area in again.areas} == {
        (area.code, area.name, area.parent) for area in region.areas
    }


@given(st.binary(max_size=300), st.integers(0, len(LIST)))
def test_garbage_is_a_told_fault_or_a_whole_list(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, where: int
) -> None:
    source = LIST.encode()
    path = write(tmp_path_factory.mktemp("garbage"), source[:where] + garbage + source[where:])

    told: tuple[str, ...] = ()
    desas: set[str] = set()
    try:
        region = read_tps_csv(path)
        desas = {one.tps.desa for one in region.stations}
        assert desas <= {area.code for area in region.areas}
    except RegionFault as fault:
        told = fault.faults
    assert bool(told) is not bool(desas)
    assert all(one.startswith("daftar.csv, baris ") for one in told)
