"""2024's C.Hasil-PPWP: another election is only data. No line of the program knows the form this story is told with."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.wilayah import TpsId
from app.forms import load
from scanner.practice_forms import practice_page
from tests.fakes.program import Program, make_office, start_centre

FORM = load("c-hasil-ppwp-2024")
REALM = "pemilu-2024"
TPS = "3204052001001"
AREA = "26141/27407/27408/27409"  # the published tree of this district keeps its ids
CELLS: dict[str, Cell] = {
    "A1.L": 97, "A1.P": 101, "A1.J": 198,
    "B1.L": 88, "B1.P": 91, "B1.J": 179, "B2.L": 1, "B2.P": 1, "B2.J": 2, "B3.L": 2, "B3.P": 1, "B3.J": 3,
    "B4.L": 91, "B4.P": 93, "B4.J": 184,
    "S1": 202, "S2": 184, "S3": 0, "S4": 18,
    "D1.L": 1, "D1.P": 0, "D1.J": 1,
    "P1": 40, "P2": 110, "P3": 31, "V1": 181, "V2": 3, "V3": 184,
}  # fmt: skip


def keyed(cells: dict[str, Cell]) -> str:
    return json.dumps({"tps": TPS, "form": FORM.id, "round": 1, "cells": cells, "accept": []})


@pytest.mark.whole
def test_from_three_sheets_to_the_public_tree(program: Program, tmp_path: Path) -> None:
    options = ("--realm", REALM, "--form", FORM.id)
    centre = start_centre(program, tmp_path / "pusat", *options)
    office = make_office(program, centre, tmp_path, "lengkap", realm=REALM, forms=(FORM.id,))
    port = int(centre.url.rpartition(":")[2])
    centre.stop()
    centre = start_centre(program, centre.folder, "--realm", REALM, port=port)  # it remembers its forms
    try:
        pages = []
        for page in FORM.pages:
            pages.append(tmp_path / f"lembar-{page.n}.jpg")
            key = C1Key(TpsId(TPS), FORM.id)
            pages[-1].write_bytes(practice_page(FORM, page.n, key, {"tps": "1"}, CELLS, page.n))
        for page, path in zip(FORM.pages, pages, strict=True):
            scan = ("scan", "--data", office, "--tps", TPS, "--form", FORM.id, "--page", page.n, path)
            program.run(*scan)
        wrong = program.run(
            "key",
            "--data",
            office,
            "--as",
            "rina",
            "--json",
            "-",
            stdin=keyed({**CELLS, "P3": 13}),
            ok=(0, 1),
        )
        assert "SUM.V1" in wrong.out
        for who in ("rina", "dedi"):
            program.run("key", "--data", office, "--as", who, "-", stdin=keyed(CELLS))
        program.run("sync", "--data", office, "--until-idle", "--for", 120)
        program.run("verify", "--data", office, "--as", "sari", "--ok-identical")
        program.run("sync", "--data", office, "--until-idle", "--for", 120)

        funnel = program.run("status", "--data", office, "--json").json["funnel"]
        assert [funnel[name] for name in ("scanned", "keyed", "second_read", "verified", "public")] == [1] * 5
        desa = httpx.get(f"{centre.url}/static/json/hhcw/ppwp/{AREA}.json").raise_for_status().json()
        assert desa["chart"] == {"100025": 40, "100026": 110, "100027": 31}
    finally:
        centre.stop()


def test_a_form_that_is_none_leaves_no_trace_and_one_named_twice_is_meant_once(
    program: Program, tmp_path: Path
) -> None:
    office, centre = tmp_path / "kerja", tmp_path / "pusat"
    init = ("init", "--data", office, "--district", "3204", "--realm", "latihan-x")
    for command in (init, ("central", "--data", centre, "--port", 0)):
        refused = program.run(*command, "--form", "c9", ok=(1,))
        assert FORM.id in refused.err
    assert not office.exists()
    assert not centre.exists()
    assert "siap" in program.run(*init, "--form", FORM.id, "--form", FORM.id).out
