"""Cover sheets printed by the program are read again by the program: the sheets sort the stack."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.program import Program


def test_a_printed_stack_sorts_itself(program: Program, tmp_path: Path) -> None:
    folder, pdf = tmp_path / "kerja", tmp_path / "sampul.pdf"
    program.run("init", "--data", folder, "--district", "3204")
    said = program.run("cover-sheets", "--data", folder, "--desa", "3204072002", "--out", pdf).out
    assert said.startswith("10 lembar sampul")
    rows = program.run("scan", "--data", folder, "--json", pdf).json
    assert [row["state"] for row in rows] == ["cover"] * 10
    assert [row["tps"] for row in rows] == [f"3204072002{n:03d}" for n in range(1, 11)]


def test_an_unknown_desa_is_named(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "kerja"
    program.run("init", "--data", folder, "--district", "3204")
    done = program.run(
        "cover-sheets", "--data", folder, "--desa", "3204059999", "--out", tmp_path / "a.pdf", ok=(1,)
    )
    assert "3204059999 tidak dikenal" in done.err
    assert not (tmp_path / "a.pdf").exists()
