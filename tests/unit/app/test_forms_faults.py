"""A form definition with one fault in it: the fault is told with file, line and what is wrong, and nothing is loaded.

Each case changes one passage of the shipped file. The line expected is the line of the passage marked by `at`.
"""
# ruff: noqa: E501 - one case is one line of the table

from pathlib import Path

import pytest

from app import forms
from app.forms.gather import gather

NAME = "c1-ppwp-2019"
SOURCE = gather(forms.FOLDER / f"{NAME}.toml", forms.FOLDER).text  # with its parts, as one file
LIM_A1 = 'left = ["A1.J"]\nlimit = 300'
SUM_V1 = 'pass = [{ P1 = 71, P2 = 110, V1 = 181 }, { P1 = "blank", P2 = 0, V1 = "blank" }]'


def write(tmp_path: Path, source: str) -> Path:
    path = tmp_path / f"{NAME}.toml"
    path.write_text(source, encoding="utf-8", newline="\n")
    return path


def line_of(source: str, passage: str) -> int:
    return source[: source.index(passage)].count("\n") + 1


CASES = {
    # id: (old, new, where the fault stands in the changed file, what it says)
    "syntax": ("version = 1\n", "version = = 1\n", "version = = 1", "bukan TOML yang benar"),
    "unknown key at the root": ("readings = 2", "readings = 2\nreader = 2", "reader = 2", "`reader` tidak dikenal"),
    "unknown key in a row": ('code = "I.A.2"', 'code = "I.A.2"\nnote = "x"', 'note = "x"', "`note` tidak dikenal"),
    "unknown key in a check": ("limit = 300", "limit = 300\nmax = 1", "max = 1", "`max` tidak dikenal"),
    "missing key": ('id = "A2"\n', "", '[[section.row]]\ncode = "I.A.2"', "`id` belum ada"),
    "missing table": ("[layout]", "[layouts]", "# Model", "`layout` belum ada"),
    "missing array": ("[[page]]", "[[leaf]]", "# Model", "`page` belum ada"),
    "no text": ('title = { id = "laki-laki", en = "men" }', 'title = "men"', 'title = "men"', "`title` harus berupa tabel"),
    "empty text": ('en = "men"', 'en = " "', 'en = " "', "`en` harus berupa teks yang tidak kosong"),
    "one language": (', en = "men" }', " }", 'title = { id = "laki-laki" }', "`en` belum ada"),
    "no number": ("x = 120.0", 'x = "120"', 'x = "120"', "`x` harus berupa angka"),
    "true is no number": ("x = 120.0", "x = true", "x = true", "`x` harus berupa angka"),
    "no whole number": ("version = 1", "version = 1.5", "version = 1.5", "`version` harus berupa bilangan bulat"),
    "missing whole number": ("readings = 2", "", "# Model", "`readings` belum ada"),
    "missing number": ("x = 120.0\n", "", '[[column]]\nid = "L"', "`x` belum ada"),
    "no flag": ("words = true", 'words = "ya"', 'words = "ya"', "`words` harus true atau false"),
    "no list": ('left = ["P1", "P2"]', 'left = "P1"', 'left = "P1"', "`left` harus berupa daftar teks"),
    "missing list": ('left = ["P1", "P2"]\n', "", '[[check]]\ncode = "SUM.V1"', "`left` belum ada"),
    "no mapping": ('fields = { pemilih_j = "A1.J",', 'fields = { pemilih_j = 1,', "fields = { pemilih_j = 1", "tabel teks"),
    "missing mapping": ("fields = { pemilih_j", "felder = { pemilih_j", "[publication]", "`fields` belum ada"),
    "no tables": (SUM_V1, "pass = [1]", "pass = [1]", "`pass` harus berupa daftar tabel"),
    "no example value": (SUM_V1, "pass = [{ P1 = true }]", "pass = [{ P1 = true", "nilai `P1` harus angka"),
    "column twice": ('id = "P"\n', 'id = "L"\n', 'id = "L"\ntitle = { id = "perempuan"', "kolom `L` sudah ada"),
    "section twice": ('id = "I.B"', 'id = "I.A"', 'id = "I.A"\npage = 1\ntitle = { id = "I.B', "bagian `I.A` sudah ada"),
    "row twice": ('id = "A2"', 'id = "A1"', 'id = "A1"\ncode = "I.A.2"', "kotak `A1.L` sudah ada"),
    "check twice": ('code = "SUM.V1"', 'code = "SUM.V3"', 'code = "SUM.V3"\nkind = "sum"\nseverity = "paper"\nleft = ["P1"', "aturan `SUM.V3` sudah ada"),
    "profile twice": ('name = "ringkas"', 'name = "lengkap"', 'name = "lengkap"\ntitle = { id = "Ringkas', "profil `lengkap` sudah ada"),
    "candidate twice": ('id = "22"', 'id = "21"', 'id = "21"\nnumber = 2', "calon `21` sudah ada"),
    "unknown column": ('columns = ["L", "P", "J"]', 'columns = ["L", "X", "J"]', 'columns = ["L", "X"', "kolom `X` tidak dikenal"),
    "unknown severity": ('severity = "note"', 'severity = "fatal"', 'severity = "fatal"', "`fatal` tidak dikenal"),
    "unfilled template": ('for_columns = ["L", "P", "J"]\nleft = ["D1', 'left = ["D1', '[[check]]\ncode = "MAX.D1', "`<column>` tidak terisi"),
    "bad id": ('id = "c1-ppwp-2019"', 'id = "C1 PPWP"', 'id = "C1 PPWP"', "hanya boleh huruf kecil"),
    "id is not the file's": ('id = "c1-ppwp-2019"', 'id = "c1-ppwp-2024"', 'id = "c1-ppwp-2024"', "sama dengan nama berkas"),
    "version 0": ("version = 1", "version = 0", "version = 0", "version mulai dari 1"),
    "three readings": ("readings = 2", "readings = 3", "readings = 3", "readings harus 1 atau 2"),
    "page numbers": ("[[page]]\nn = 1", "[[page]]\nn = 3", "n = 3\ntitle", "halaman harus bernomor"),
    "section on no page": ('id = "V"\npage = 2', 'id = "V"\npage = 9', "page = 9", "halaman 9 tidak ada"),
    "section before its page": ('id = "V"\npage = 2', 'id = "V"\npage = 1', 'page = 1\ntitle = { id = "V.', "urutan kertas"),
    "heading off the page": ("y = 52.0\nh = 10.0", "y = 52.0\nh = 300.0", "y = 52.0\nh = 300.0", "judul bagian I.A di luar"),
    "box off the page": ("y = 264.0", "y = 292.0", "y = 292.0", "kotak S4 di luar halaman 1"),
    "box without size": ("digit_w = 7.0", "digit_w = 0.0", 'y = 66.0', "kotak A1.L di luar halaman 1, atau tanpa luas"),
    "box outside its crop": ("above = 2.5, h = 12.0", "above = -1.0, h = 12.0", "y = 66.0", "kotak A1.L di luar potongan"),
    "box on a heading": ("y = 66.0", "y = 60.0", "y = 60.0", "kotak A1.L menimpa judul bagian I.A"),
    "box on a box": ("y = 78.0", "y = 70.0", "y = 70.0", "kotak A2.L menimpa kotak A1.L"),
    "box on words": ("y = 94.0", "y = 80.0", "y = 80.0", "kotak P2 menimpa kotak P1"),
    "default profile": ('default_profile = "lengkap"', 'default_profile = "x"', 'default_profile = "x"', "profil `x` tidak ada"),
    "empty profile": ('boxes" }\nfields = ["*"]\n', 'boxes" }\nfields = []\n', "fields = []", "profil lengkap tidak berisi kotak"),
    "profile's field": ('fields = ["A1.J",', 'fields = ["A9.J",', 'fields = ["A9.J"', "kotak `A9.J` tidak dikenal"),
    "published field": ('suara_sah = "V1"', 'suara_sah = "V9"', 'fields = { pemilih_j', "suara_sah: kotak `V9` tidak dikenal"),
    "candidate's field": ('field = "P2"', 'field = "P9"', 'field = "P9"', "calon 22: kotak `P9` tidak dikenal"),
    "check's left": ('left = ["P1", "P2"]', 'left = ["P1", "P9"]', 'left = ["P1", "P9"]', "kotak `P9` tidak dikenal"),
    "check's right": ('right = ["S4"]', 'right = ["S9"]', 'right = ["S9"]', "kotak `S9` tidak dikenal"),
    "check's mark": ('mark = ["V1"]', 'mark = ["V9"]', 'mark = ["V9"]', "kotak `V9` tidak dikenal"),
    "silenced by nobody": ('silenced_by = ["SUM.V1"]', 'silenced_by = ["SUM.V9"]', 'silenced_by = ["SUM.V9"]', "`SUM.V9` tidak ada"),
    "placeholder": ("Jumlah 01+02 = {left}", "Jumlah 01+02 = {sum}", "{sum}", "isian `{sum}` tidak dikenal"),
    "placeholder's format": ("Jumlah 01+02 = {left}", "Jumlah 01+02 = {left:09}", "{left:09}", "isian `{left}` tidak dikenal"),
    "brace": ("Jumlah 01+02 = {left}", "Jumlah 01+02 = {left", "= {left;", "kurung kurawal"),
    "check version": ('code = "SUM.V1"\n', 'code = "SUM.V1"\nversion = 0\n', "version = 0", "version mulai dari 1"),
    "one box for two": ('kind = "all_to_one"\nseverity = "note"\nleft = ["P1", "P2"]', 'kind = "all_to_one"\nseverity = "note"\nleft = ["P1"]', 'left = ["P1"]\nfloor', "`left` memerlukan 2 kotak"),
    "floor of another kind": (LIM_A1, LIM_A1 + "\nfloor = 3", "floor = 3", "tidak memakai `floor`"),
    "asks about another form": ('kind = "at_most"\nseverity = "note"\nfor_ballots = { dprri', 'kind = "at_most"\nseverity = "warning"\nfor_ballots = { dprri', 'severity = "warning"\nfor_ballots = { dprri', "formulir atau TPS lain hanya boleh `note`"),
    "asks about the area": ('kind = "outlier"\nseverity = "note"\nleft = ["V2"]', 'kind = "outlier"\nseverity = "warning"\nleft = ["V2"]', 'severity = "warning"\nleft = ["V2"]\nright = ["B4.J"]\nlimit = 5', "formulir atau TPS lain hanya boleh `note`"),
    "question with a value": ('en = "Wrong sheet?" }', 'en = "Wrong {left}?" }', 'en = "Wrong {left}?"', "isian `{left}` tidak dikenal; yang ada: tidak ada"),
    "example without its area": ('fail = [{ V2 = 15, "B4.J" = 200, "area.n" = 12, ', 'fail = [{ V2 = 15, "B4.J" = 200, ', 'fail = [{ V2 = 15, "B4.J" = 200, ', "hasilnya UNKNOWN, seharusnya BROKEN"),
    "kind": ('kind = "all_zero"', 'kind = "zero"', 'kind = "zero"', "jenis `zero` tidak dikenal"),
    "nothing on the left": ('left = ["V1", "V2"]', "left = []", "left = []", "`left` tidak boleh kosong"),
    "right missing": ('right = ["S4"]\n', "", '[[check]]\ncode = "EQ.B4-S4"', "`sum` memerlukan `right`"),
    "right unused": (LIM_A1, f'{LIM_A1}\nright = ["S1"]', 'right = ["S1"]\nsilenced_by', "`bound` tidak memakai `right`"),
    "pairs of unequal length": ('right = ["dpt.L", "dpt.P"]', 'right = ["dpt.L"]', 'right = ["dpt.L"]', "sama panjang"),
    "limit missing": ("limit = 300\n", "", '[[check]]\ncode = "LIM.A1"', "`bound` memerlukan `limit`"),
    "limit unused": ('right = ["S4"]', 'right = ["S4"]\nlimit = 3', "limit = 3\n", "`sum` tidak memakai `limit`"),
    "floor unused": ("limit = 300", "limit = 300\nfloor = 3", "floor = 3\n", "`bound` tidak memakai `floor`"),
    "nothing to mark": (LIM_A1, 'left = ["dpt.J"]\nlimit = 300', '[[check]]\ncode = "LIM.A1"', "tidak ada kotak yang dapat ditunjuk"),
    "no pass": (SUM_V1, "", '[[check]]\ncode = "SUM.V1"', "contoh `pass` belum ada"),
    "no fail": ('fail = [{ "A1.J" = 301 }]', "", '[[check]]\ncode = "LIM.A1"', "contoh `fail` belum ada"),
    "example does not pass": ("P2 = 110, V1 = 181 }", "P2 = 110, V1 = 180 }", SUM_V1[:25], "ke-1: hasilnya BROKEN, seharusnya HOLDS"),
    "example does not fail": ('"A1.J" = 301', '"A1.J" = 300', 'fail = [{ "A1.J" = 300', "ke-1: hasilnya HOLDS, seharusnya BROKEN"),
    "example is unknown": ('"A1.J" = 301', '"A1.L" = 301', 'fail = [{ "A1.L" = 301', "ke-1: hasilnya UNKNOWN"),
    "example's field": ('"A1.J" = 301', '"A9.J" = 301', 'fail = [{ "A9.J"', "kotak `A9.J` tidak dikenal"),
    "example's value": ('"A1.J" = 301', '"A1.J" = "empty"', 'fail = [{ "A1.J" = "empty"', "'empty'"),
    "silent ring": ('right = ["V1"]\n', 'right = ["V1"]\nsilenced_by = ["SUM.V1"]\n', 'silenced_by = ["SUM.V1"]', "saling membungkam: SUM.V1"),
    "a question that depends on the area": ('silenced_by = ["SUM.V1"]', 'silenced_by = ["AREA.V2"]', 'silenced_by = ["AREA.V2"]', "tidak boleh dibungkam oleh AREA.V2, yang melihat formulir atau TPS lain"),
    "paper hidden by a warning": ('right = ["V1"]\n', 'right = ["V1"]\nsilenced_by = ["LIM.A1"]\n', 'silenced_by = ["LIM.A1"]', "tidak boleh dibungkam oleh LIM.A1"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "says"), CASES.values(), ids=CASES)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    assert old in SOURCE
    changed = SOURCE.replace(old, new) if old == "[[page]]" else SOURCE.replace(old, new, 1)

    faults = forms.check_file(write(tmp_path, changed))

    expected = f"{NAME}.toml, baris {line_of(changed, at)}: "
    assert [one for one in faults if one.startswith(expected) and says in one], "\n".join(faults)


def test_a_faulty_form_is_not_loaded_and_the_error_counts_its_faults(tmp_path: Path) -> None:
    path = write(
        tmp_path, SOURCE.replace("readings = 2", "readings = 7").replace("version = 1", "version = 0")
    )

    with pytest.raises(forms.FormFault) as caught:
        forms.load_file(path)

    assert str(caught.value).startswith(f"{NAME}.toml, baris {line_of(SOURCE, 'version = 1')}: version")
    assert str(caught.value).endswith("(dan 1 kesalahan lain)")
    assert len(caught.value.faults) == len(("version", "readings"))
    assert "forms check" in caught.value.hint


def test_a_single_fault_is_not_counted(tmp_path: Path) -> None:
    with pytest.raises(forms.FormFault, match=r"readings harus 1 atau 2\.$"):
        forms.load_file(write(tmp_path, SOURCE.replace("readings = 2", "readings = 7")))


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'# satu\n# dua\ntitle = "caf\xe9"\n')

    (missing,) = forms.check_file(tmp_path / "tidak-ada.toml")
    assert missing.startswith("tidak-ada.toml: tidak dapat dibaca")
    assert forms.check_file(latin) == ["latin.toml, baris 3: bukan teks UTF-8."]


def test_a_file_that_breaks_off(tmp_path: Path) -> None:
    (fault,) = forms.check_file(write(tmp_path, 'id = "x"\ntitle = """'))

    assert fault.startswith(f"{NAME}.toml, baris ")
    assert "bukan TOML yang benar" in fault


def test_an_empty_file_tells_all_that_is_missing(tmp_path: Path) -> None:
    faults = forms.check_file(write(tmp_path, ""))

    for key in (
        "id",
        "version",
        "title",
        "page",
        "section",
        "column",
        "layout",
        "check",
        "profile",
        "publication",
    ):
        assert f"{NAME}.toml, baris 1: `{key}` belum ada." in faults


def test_an_array_without_entries(tmp_path: Path) -> None:
    faults = forms.check_file(write(tmp_path, "version = 1\npage = []\n"))

    assert f"{NAME}.toml, baris 2: `page` harus berupa daftar tabel yang tidak kosong." in faults


def test_brackets_inside_a_list_are_not_taken_for_tables(tmp_path: Path) -> None:
    nested = '[extra]\nsizes = """\n[page]\n"""\n'
    changed = SOURCE.replace("readings = 2", "readings = 3").replace("[extra]\n", nested)

    assert forms.check_file(write(tmp_path, changed)) == [
        f"{NAME}.toml, baris {line_of(changed, 'readings = 3')}: readings harus 1 atau 2."
    ]
