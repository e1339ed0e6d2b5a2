"""All ballots of one election day: a TPS with several forms, of two pages or six, from paper to the public pages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import httpx
import pytest

from app.domain.c1form import C1Key
from app.domain.cell import cells_to_json
from app.domain.wilayah import TpsId
from app.forms import load
from app.services.keying import EVERY_CHECK
from app.training.scenario import Paper, papers
from scanner.practice_forms import practice_page
from tests.fakes.program import Program, make_office, start_centre

TPS = "3204052001001"
AREA = "26141/27407/27408/27409"  # as the published tree names its desa
PPWP, DPR = "c1-ppwp-2019", "c1-dpr-2019-jabar-2"
FIVE = (PPWP, DPR, "c1-dpd-2019-jabar", "c1-dprd-prov-2019-jabar-2", "c1-dprd-kab-2019-3204")
# 25 pages take their time: all five under `--all`
FORMS = FIVE if os.environ.get("SITUNG_TEST_ALL") else (PPWP, DPR)


def written(paper: Paper) -> str:
    return json.dumps(
        {
            "tps": TPS,
            "form": paper.key.form,
            "round": 1,
            "cells": cells_to_json(paper.cells),
            "accept": [{"check": EVERY_CHECK, "reason": "tertulis_demikian"}],
        }
    )


def scanned(program: Program, office: Path, folder: Path, paper: Paper) -> None:
    form = load(paper.key.form)
    for page in form.pages:
        image = folder / f"{form.id}-{page.n}.jpg"
        image.write_bytes(practice_page(form, page.n, paper.key, {"tps": "1"}, paper.cells, page.n))
        program.run("scan", "--data", office, "--tps", TPS, "--form", form.id, "--page", page.n, image)


def test_every_ballot_of_a_tps_reaches_its_own_public_pages(program: Program, tmp_path: Path) -> None:
    sheets = papers([(C1Key(TpsId(TPS), form), 97, 101) for form in FORMS])
    centre = start_centre(program, tmp_path / "pusat", *(word for form in FORMS for word in ("--form", form)))
    try:
        office = make_office(program, centre, tmp_path, "lengkap", forms=FORMS)
        for paper in sheets:
            scanned(program, office, tmp_path, paper)
        for who in ("rina", "dedi"):
            lines = "\n".join(map(written, sheets))
            program.run("key", "--data", office, "--as", who, "-", stdin=lines)
        program.run("sync", "--data", office, "--until-idle", "--for", 120)
        program.run("verify", "--data", office, "--as", "sari", "--ok-identical")
        program.run("sync", "--data", office, "--until-idle", "--for", 120)

        funnel = program.run("status", "--data", office, "--json").json["funnel"]
        assert [funnel[name] for name in ("scanned", "second_read", "public")] == [len(FORMS)] * 3
        for paper in sheets:
            publication = load(paper.key.form).publication
            tree = f"{centre.url}/static/json/hhcw/{publication.ballot}/{AREA}.json"
            desa = httpx.get(tree).raise_for_status().json()
            wanted = {one.id: paper.cells[one.field] for one in publication.candidates}
            assert desa["chart"] == {
                one: votes if isinstance(votes, int) else 0 for one, votes in wanted.items()
            }
            assert desa["progress"]["proses"] == 1
        first = httpx.get(f"{centre.url}/tps/{TPS}").raise_for_status().text
        assert f'href="/dprri/tps/{TPS}"' in first
        party = httpx.get(f"{centre.url}/dprri/tps/{TPS}").raise_for_status().text
        assert "Demokrat" in party
        assert f'href="/tps/{TPS}"' in party
        assert "WIDODO" in first
        assert "WIDODO" not in party
        table = httpx.get(f"{centre.url}/dprri/csv/3204052001.csv").raise_for_status()
        assert "situng-dprri-3204052001.csv" in table.headers["content-disposition"]
        rows = [row.split(",") for row in table.text.splitlines()]
        assert rows[0][-4:-2] == ["suara_19", "suara_20"]
        assert sum("terverifikasi" in row for row in rows) == 1
    finally:
        centre.stop()


@pytest.mark.parametrize("form", ["c-hasil-ppwp-2024", "c9"])
def test_practice_says_which_forms_it_does_not_know(program: Program, tmp_path: Path, form: str) -> None:
    refused = program.run("train", "--headless", "--form", form, "--data", tmp_path / "latihan", ok=(1,))

    assert form in refused.err
    assert not (tmp_path / "latihan").exists()
