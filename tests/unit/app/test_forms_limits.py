"""Anybody's file may be opened as a form definition: read or refused soon, with a sentence, never with a raise."""

import os
import sys
import time
from pathlib import Path

import pytest

from app import forms
from app.forms import limits
from app.forms.gather import gather

PPWP, DPR = "c1-ppwp-2019", "c1-dpr-2019-jabar-2"
LONG = "y" * (limits.TEXT_LETTERS + 1)
MANY = "".join(
    f'\n[[group]]\nid = "{n}"\nnumber = {n}\nname = "x{n}"\nmembers = 10\n' for n in range(100, 200)
)
ROWS = ", ".join(f'"R{n}"' for n in range(80))
CHECK = f"""
[[check]]
code = "X.<row>.<field>"
kind = "bound"
severity = "note"
for_rows = [{ROWS}]
for_fields = ["*"]
left = ["<field>"]
limit = 9
message = {{ id = "a", en = "b" }}
pass = []
fail = []
"""
BLOCK = "\n".join(
    f'[[section.row]]\nid = "Z{n}"\ncode = "Z"\ny = 60.0\nlabel = {{ id = "a", en = "b" }}\nprinted = "c"\n'
    for n in range(limits.BOXES)
)


def source(form: str) -> str:
    return gather(forms.FOLDER / f"{form}.toml", forms.FOLDER).text


CASES = {
    "brackets": (PPWP, "version = 1", "version = " + "[\n" * 5_000 + "]" * 900, "terlalu dalam"),
    "digits": (PPWP, "version = 1", "version = " + "9" * 5_000, "baris lebih dari 1000 huruf"),
    "large": (PPWP, "version = 1", "version = 9999999999", "`version` harus berupa bilangan bulat"),
    "no number": (PPWP, "width_mm = 210.0", "width_mm = nan", "`width_mm` harus berupa angka"),
    "no end": (PPWP, "height_mm = 297.0", "height_mm = inf", "`height_mm` harus berupa angka"),
    "page": (PPWP, "height_mm = 297.0", "height_mm = 90000.0", "harus 50-1000 mm"),
    "long text": (PPWP, '"Pasangan 01"', f'"{LONG}"', "`id` harus paling panjang"),
    "bell": (PPWP, '"Pasangan 01"', '"\\u0007"', "dalam satu baris"),
    "long name": (PPWP, 'left = ["P1", "P2"]', f'left = ["{LONG}"]', "`left` harus paling panjang"),
    "boxes wide": (PPWP, "digits = 3", "digits = 1000000", "`digits` harus 1-9"),
    "boxes high": (PPWP, "maximum = 9999", "maximum = 1000000000", "`maximum` harus 1 sampai 9 angka"),
    "candidates": (DPR, "members = 10", "members = 1000000", "`members` paling banyak"),
    "lists": (DPR, "[[group]]", f"{MANY}\n[[group]]", "lebih dari 1000 kotak"),
    "boxes": (PPWP, '[[section.row]]\nid = "P1"', f'{BLOCK}\n[[section.row]]\nid = "P1"', "lebih dari 1000 kotak"),
    "rules": (DPR, "[[check]]", f"{CHECK}\n[[check]]", "lebih dari 5000 aturan"),
    "example": (PPWP, "P1 = 71", "P1 = 99999999999", "nilai `P1` terlalu besar"),
    "stars": (PPWP, 'left = ["P1", "P2"]', f'left = ["{"*a" * 200}"]', "tidak dikenal"),
}  # fmt: skip


@pytest.mark.parametrize(("form", "old", "new", "says"), CASES.values(), ids=CASES)
def test_what_would_never_end_is_refused_with_a_sentence(
    tmp_path: Path, form: str, old: str, new: str, says: str
) -> None:
    path, text = tmp_path / f"{form}.toml", source(form)
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    made, faults = forms.read_file(path)
    assert made is None
    assert [one for one in faults if says in one and "baris" in one], "\n".join(faults[:5])


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("[a" + " " * (limits.FILE_BYTES - 1_000), id="header of spaces"),
        pytest.param(".".join("a" * 100_000) + " = 1", id="key of many names"),
        pytest.param("[" + ".".join("a" * 100_000) + "]", id="header of many names"),
        pytest.param("x = {" + ".".join("a" * 100_000) + " = 1}", id="inner key of many names"),
    ],
)
def test_a_line_no_person_would_write_is_refused_at_once(tmp_path: Path, line: str) -> None:
    """Each took minutes, and a window stands still meanwhile: the time grew with the square of the line."""
    path = tmp_path / f"{PPWP}.toml"
    path.write_text(f"version = 1\n{line}\n")
    began = time.process_time()
    (fault,) = forms.check_file(path)
    assert time.process_time() - began < 1.0
    assert fault.startswith(f"{PPWP}.toml, baris 2: baris lebih dari")


def test_a_large_file_and_a_large_part_are_not_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / f"{PPWP}.toml"
    path.write_text("#" * (limits.FILE_BYTES + 1))
    assert forms.check_file(path) == [
        f"{PPWP}.toml: lebih besar dari 256 kB; bukan definisi formulir.",
    ]
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.toml").write_text("#" * (limits.FILE_BYTES - 10))
    path.write_text('include = ["parts/a.toml"]\n')
    assert "baris 1: bersama bagiannya lebih besar" in forms.check_file(path)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes lie elsewhere on Windows")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "pipa.toml"
    os.mkfifo(path)
    assert forms.check_file(path) == ["pipa.toml: bukan berkas."]


def test_a_good_file_comes_back_whole() -> None:
    form, faults = forms.read_file(forms.path_of(PPWP))
    assert (form, faults) == (forms.load(PPWP), [])
